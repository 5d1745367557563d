"""How a bilevel problem is solved: the methods, each with one module whose function `search` finds the designs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """A method by its name, what it is in a few words, and the module of its `search`, imported when it is used."""

    name: str
    title: str
    module: str


METHODS = {
    method.name: method
    for method in (
        Method("tree", "support branching", "knockflow.methods.tree.method"),
        Method(
            "strong_duality",
            "one level by equal primal and dual objectives",
            "knockflow.methods.single_level.by_strong_duality",
        ),
        Method("kkt", "one level by complementary slackness", "knockflow.methods.single_level.by_kkt"),
        Method(
            "benders",
            "a master program, and cuts from the follower's prices and states",
            "knockflow.methods.decomposition.benders",
        ),
        Method(
            "logic_benders",
            "a master program, and cuts from the follower's answers alone",
            "knockflow.methods.decomposition.logic_benders",
        ),
        Method("exhaustive", "every set, one after the other", "knockflow.methods.exhaustive"),
    )
}
