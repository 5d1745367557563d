"""What a method is: one module whose `search` finds the best designs, and a declaration of what it holds for.

A method is one file or folder below this one, or elsewhere, with a function `search(task) -> Result`
(`knockflow.methods.task`), and one line of `knockflow.methods.registry`. All else is derived: the methods that a
configuration may name, the keys that each of them takes, for which formulations and followers it holds, and why not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from knockflow.language.kinds import FollowerKind

EVERY_FOLLOWER = frozenset(FollowerKind)
EVERY_JUDGE = ("worst", "mean", "quantile")


@dataclass(frozen=True)
class Method:
    """A method by its name.

    Attributes
    ----------
    name
        The `method` of a configuration.
    title
        What it is, in a few words.
    module
        Where its `search` is, imported when it is used. A method that holds for minimal cut sets has
        `search_cut_sets(sets, watch, checkpoint)` there, too, one that finds fronts `search_front(task, axes)`.
    sources
        DOIs of the papers that a user of it cites; `knockflow.report.literature` has them in full.
    exact
        Whether its list is complete by nothing but programs without big-M and a solver's word for optimality, so that
        it can confirm the list of another method (`confirm`).
    followers
        The kinds of follower that it holds for.
    judges
        By what designs may be judged where several followers answer one leader: `worst`, `mean`, `quantile`.
    solver
        Whether it needs a mixed-integer solver.
    models
        Whether it needs a model of the formulation, which names it in `Formulation.models`.
    cut_sets
        Whether it holds for minimal cut sets.
    fronts
        Whether it finds Pareto fronts.
    only_shrinking
        Whether it does so only where growth falls with every intervention, so that a floor on growth rules branches
        out.
    in_order
        Whether it ranks designs by a second product where they make as much of the first.
    leads
        Whether the exact method that confirms its list begins with the list, and so with its worst value as a goal.
    options
        Keys of a formulation that this method reads and not every other one does.
    schema
        Such keys that the schema of the configuration does not have, each with its own part of it (JSON Schema, with
        a description and a default).
    """

    name: str
    title: str
    module: str
    sources: tuple[str, ...] = ()
    exact: bool = False
    followers: frozenset[FollowerKind] = frozenset([FollowerKind.LINEAR])
    judges: Iterable[str] = ()
    solver: bool = False
    models: bool = False
    cut_sets: bool = False
    fronts: bool = False
    only_shrinking: bool = False
    leads: bool = False
    in_order: bool = False
    options: Iterable[str] = ()
    schema: Mapping[str, Mapping] = field(default_factory=dict)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of a formulation that it reads and not every other method does."""
        return frozenset([*self.options, *self.schema, *(["solver"] if self.solver else [])])
