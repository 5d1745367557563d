"""What every method returns."""

from dataclasses import dataclass, field

from knockflow.designs import Ranked


@dataclass
class Result:
    """The list of best designs and what is known of it.

    `bound`: no design has a higher value (mmol/gDW/h). `complete`: the list is proven to be the best one.
    `claims_exact`: whether `complete` rests on exact branching, not on bounds of dual variables.
    """

    ranked: list[Ranked]
    bound: float
    complete: bool
    claims_exact: bool
    nodes: int = 0
    iterations: int = 0
    seconds: float = 0.0
    stopped: str | None = None
    big_m: dict = field(default_factory=dict)
    solver: str = ""
    solver_version: str = ""
