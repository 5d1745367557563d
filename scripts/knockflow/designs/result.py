"""What every method returns, and what is said of a search that was stopped."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from knockflow.base.clock import Watch
from knockflow.base.terminal import STOPPED
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.ranking import Ranked
from knockflow.follower.states import Evaluation

logger = logging.getLogger("knockflow.search")


@dataclass
class Result:
    """The list of best designs and what is known of it.

    Attributes
    ----------
    bound
        No design has a higher value (mmol/gDW/h).
    complete
        The method has found nothing better left.
    claims_exact
        `complete` rests on exact branching, or was confirmed by it, not on bounds of dual variables alone.
    doubt
        Why the list is not proven, or not the method's own.
    potential
        Most product of any state that grows at min_growth (mmol/gDW/h): a bound on every formulation.
    history
        Of a decomposition, bound and incumbent after each of its iterations.
    resumed
        How often the search went on from a checkpoint.
    missed
        Designs that an attempt did not find and the confirmation did.
    other_attempts
        How many more attempts, each other than those before, the method can make where this one is not confirmed.
    dives
        Of dives: how many, and what they tell of the number of interventions (docs/files.md).
    list_from
        The exact method that the list comes from, where the method's own was not confirmed.
    """

    ranked: list[Ranked]
    bound: float
    complete: bool
    claims_exact: bool
    wild_type: Evaluation | None = None
    potential: float | None = None
    nodes: int = 0
    iterations: int = 0
    seconds: float = 0.0
    confirm_seconds: float = 0.0
    confirmed_by: str | None = None
    list_from: str | None = None
    attempts: int = 1
    other_attempts: int = 0
    resumed: int = 0
    history: list[dict] = field(default_factory=list)
    dives: dict | None = None
    doubt: str = ""
    missed: list[str] = field(default_factory=list)
    big_m: dict = field(default_factory=dict)
    solver: str = ""
    solver_version: str = ""


def tell_stopped(ranked: Sequence[Ranked], watch: Watch, checkpoint: Checkpoint | None = None) -> None:
    """Say in the log what a search has found before Ctrl-C, and whether the next run goes on from there."""
    if ranked:
        best = ranked[0]
        found = f"best so far {best.value:.6f} ({', '.join(best.names) or 'wild type'})"
    else:
        found = "no design yet"
    tell_stopped_at(found, watch, checkpoint)


def tell_stopped_at(found: str, watch: Watch, checkpoint: Checkpoint | None = None) -> None:
    """As `tell_stopped`, in words of one's own."""
    kept = checkpoint is not None and checkpoint.path.exists()
    then = "goes on from its checkpoint" if kept else "has no checkpoint, begins anew"
    seconds, nodes = watch.seconds, watch.nodes
    if checkpoint is not None:
        seconds, nodes = seconds + checkpoint.seconds, nodes + checkpoint.nodes
    logger.info("%s%s after %.0f s and %d nodes; %s", STOPPED, found, seconds, nodes, then)
