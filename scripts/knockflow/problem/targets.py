"""Which reactions may be knocked out: every group of coupled reactions that removing genes can switch off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from knockflow.base.errors import ConfigError, suggestion
from knockflow.base.tolerances import FEASIBILITY
from knockflow.language.ids import is_protein, table_rows, translated_targets
from knockflow.language.kinds import KNOCK_OUT
from knockflow.model.gpr import GeneCutSet
from knockflow.model.network import Network, subsystems_of
from knockflow.problem.leader import BLOCKED, CANDIDATE, ESSENTIAL, EXCLUDED

PROTEIN = "it only supplies enzymes, whose pool is in the model's stoichiometry"
LOST = "its gene rule cannot be read (curation.tsv): it is not known which genes switch it off"
KEPT = "a pseudo-gene keeps it running: removing genes cannot switch it off"


@dataclass(frozen=True)
class TargetOptions:
    """What a case says of its targets; ids are reactions, or genes at level `genes`.

    `interventions` has costs by notation (`knockflow.language.notation`), `forced` and `exclusive` name some of them,
    and `table` has the rows of the case's own table.
    """

    level: str = "reactions"
    realizable: bool = False
    with_side_effects: bool = False
    interventions: Mapping[str, float] = field(default_factory=dict)
    pathways: Mapping[str, Sequence[str]] = field(default_factory=dict)
    forced: Sequence[str] = ()
    exclusive: Sequence[Sequence[str]] = ()
    table: Sequence[Mapping[str, str]] = ()
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    subsystems: Sequence[str] = ()
    costs: Mapping[str, float] = field(default_factory=dict)
    maintenance: Sequence[str] = ("ATPM",)

    @classmethod
    def of(cls, options: Mapping, network: Network | None = None) -> "TargetOptions":
        """Those of a case in the configuration, whose table is read, by the ids that the network has."""
        if network is not None:
            options = translated_targets(options, network.known(options.get("level") == "genes"))
        rows = table_rows(options)
        # What is a pseudo-gene is settled by `curate`, which marks it in the model.
        options = {key: value for key, value in options.items() if key not in ("spontaneous", "known")}
        return cls(**{**options, "table": rows})


@dataclass(frozen=True)
class Target:
    """A row of targets.tsv: a group of reactions that go together, or what else may be changed.

    `group` is the column of coupled reactions that it closes; `beside` are columns that fall with it.
    """

    name: str
    cost: float
    reactions: tuple[str, ...]
    status: str
    why: str
    group: int | None = None
    kind: str = KNOCK_OUT
    costs: tuple[float, ...] = ()
    beside: tuple[int, ...] = ()

    def row(self) -> dict:
        """The table row."""
        return {
            "target": self.name,
            "kind": self.kind,
            "cost": self.cost,
            "reactions": self.reactions,
            "status": self.status,
            "why": self.why,
        }


def refusals(network: Network, cuts: Mapping[str, list[GeneCutSet]], options: TargetOptions) -> dict[str, str]:
    """Why a reaction cannot be a target by itself, for each that cannot.

    Raises
    ------
    ConfigError
        If a named reaction is unknown, or included although 0 lies outside its bounds.
    """
    if options.level == "reactions":
        _check_known(options, network)
    out = {}
    for number, reaction in enumerate(network.reactions):
        why = _never(network, number, options)
        if why and reaction in options.include:
            raise ConfigError(f"targets.include: {reaction} cannot be a target: {why}")
        if not why and reaction not in options.include:
            by_genes = options.level == "genes"
            why = (
                "genes are the targets"
                if by_genes
                else _not_by_default(network, number, cuts.get(reaction, []), options)
            )
        if why:
            out[reaction] = why
    return out


def _never(network: Network, number: int, options: TargetOptions) -> str | None:
    """Why a reaction cannot be a target whatever the case includes."""
    reaction = network.reactions[number]
    if not network.lower[number] <= 0 <= network.upper[number]:
        return "0 lies outside its bounds: removing it would enlarge the follower"
    if reaction == network.biomass:
        return "biomass"
    if reaction in network.added:
        return "it is there only if it is added"
    return "excluded by the case" if reaction in options.exclude else None


def _not_by_default(network: Network, number: int, cuts: list[GeneCutSet], options: TargetOptions) -> str | None:
    """Why a reaction is no target unless the case includes it."""
    if network.stoichiometry[number] and all(
        is_protein(network.metabolites[row]) for row, _ in network.stoichiometry[number]
    ):
        return PROTEIN
    if network.boundary(number):
        return "exchange"
    if network.reactions[number] in options.maintenance:
        return "ATP maintenance"
    if options.subsystems and subsystems_of(network.subsystems[number]).isdisjoint(options.subsystems):
        return f"not in the subsystems asked for: {network.subsystems[number] or 'none'}"
    if network.reactions[number] in network.lost_rules:
        return LOST
    if not cuts and not network.rules[number]:
        return "no gene is known for it" if not _written(network, number) else KEPT
    return None


def _written(network: Network, number: int) -> str:
    return network.written_rules[number] if network.written_rules else ""


def _check_known(options: TargetOptions, network: Network) -> None:
    index = network.index()
    for key in ("include", "exclude", "costs"):
        for reaction in getattr(options, key):
            if reaction not in index:
                raise ConfigError(f"targets.{key}: no reaction `{reaction}` in the model{suggestion(reaction, index)}")
    known = set().union(*map(subsystems_of, network.subsystems))
    for subsystem in options.subsystems:
        if subsystem not in known:
            near = suggestion(subsystem, sorted(known))
            raise ConfigError(f"targets.subsystems: no reaction of the model is in `{subsystem}`{near}")


def list_targets(
    network: Network,
    groups: Sequence[Sequence[int]],
    refused: Mapping[str, str],
    options: TargetOptions,
    viable: Sequence[tuple[np.ndarray, np.ndarray]],
    only_growing: bool = True,
) -> list[Target]:
    """Every group of coupled reactions as a target with its status, and every reaction that is none.

    `viable` are the flux ranges of the groups at min_growth of each follower, none where the wild type cannot reach it;
    `only_growing` says that no other states count. Reactions in no group carry no flux in any steady state.
    """
    targets = []
    for number, group in enumerate(groups):
        reactions = [network.reactions[member] for member in group]
        qualifying = sorted(reaction for reaction in reactions if reaction not in refused)
        if qualifying:
            costs = tuple(float(options.costs.get(reaction, 1)) for reaction in qualifying)
            found = [status_of(lower[number], upper[number], only_growing) for lower, upper in viable]
            status, why = agreed_status(found)
            name, own = "|".join(qualifying), tuple(sorted(reactions))
            targets.append(Target(name, min(costs), own, status, why, number, costs=costs))
        else:
            targets.extend(Target(r, 1.0, (r,), EXCLUDED, refused[r]) for r in reactions)
    grouped = {member for group in groups for member in group}
    for number, reaction in enumerate(network.reactions):
        if number not in grouped:
            why = refused.get(reaction)
            status = EXCLUDED if why else BLOCKED
            cost = 1.0 if why else float(options.costs.get(reaction, 1))
            why = why or "no steady state carries flux through it"
            targets.append(Target(reaction, cost, (reaction,), status, why, costs=(cost,)))
    return sorted(targets, key=lambda target: target.name)


def agreed_status(found: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Of several statuses, each with its reason, the one for all: essential if any is, blocked only if all are."""
    order = (ESSENTIAL, CANDIDATE, BLOCKED)
    return min(found, key=lambda one: order.index(one[0]), default=(CANDIDATE, ""))


def status_of(least: float, largest: float, only_growing: bool) -> tuple[str, str]:
    """The status of a column by its flux range at min_growth, and why."""
    if only_growing and least == largest == 0:
        return BLOCKED, "no state that grows at min_growth carries flux through it"
    if least > FEASIBILITY or largest < -FEASIBILITY:
        return ESSENTIAL, f"every state that grows at min_growth carries {least:.6g} to {largest:.6g} mmol/gDW/h"
    return CANDIDATE, ""
