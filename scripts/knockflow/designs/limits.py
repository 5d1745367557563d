"""How much a design may change, and what it costs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from knockflow.follower.respond import Design
from knockflow.problem.problem import Problem


@dataclass(frozen=True)
class Limits:
    """How much may be changed, and how many designs are wanted.

    Attributes
    ----------
    max_interventions
        Largest number of interventions, forced ones among them.
    max_designs
        Places of the list; None for all.
    max_cost
        Largest sum of the targets' costs; None sets none.
    max_per_kind
        Largest number of interventions by kind.
    min_value
        Least value of a design, in the formulation's unit; None asks for none.
    least_growth
        Least growth of a design (1/h), a condition on what is listed: which states count for its value stays as it is.
        None asks for none beyond the case's min_growth.
    """

    max_interventions: int
    max_designs: int | None = 1
    max_cost: float | None = None
    max_per_kind: Mapping[str, int] = field(default_factory=dict)
    min_value: float | None = None
    least_growth: float | None = None

    @classmethod
    def of(cls, options: Mapping) -> "Limits":
        """Those of a formulation in the configuration."""
        most = options["max_designs"]
        return cls(
            options["max_interventions"],
            None if most == "all" else most,
            options["max_cost"],
            options.get("max_per_kind") or {},
            options.get("min_value"),
        )

    def affordable(self, problem: Problem, design: Design) -> bool:
        """Whether a design keeps to the limits."""
        targets = problem.targets
        kinds = Counter([*problem.forced_kinds, *(targets.kind[target] for target in design)])
        return (
            kinds.total() <= self.max_interventions
            and (self.max_cost is None or cost(problem, design) <= self.max_cost + 1e-9)
            and all(kinds[kind] <= most for kind, most in self.max_per_kind.items())
            and all(len(group & design) <= 1 for group in targets.exclusive())
        )


def cost(problem: Problem, design: Design) -> float:
    """The sum of the targets' costs, with that of what every design contains."""
    return problem.forced_cost + float(sum(problem.targets.cost[target] for target in sorted(design)))
