"""The methods by their names. One more is a file with its `search`, and a line here, or a call of `register`."""

from knockflow.base.errors import ConfigError
from knockflow.methods.method import EVERY_FOLLOWER, EVERY_JUDGE, Method

METHODS: dict[str, Method] = {}
"""All that a configuration can ask for, in the order in which tables list them."""


def register(method: Method) -> None:
    """Let a method be asked for by its name, as one of the library's own is.

    Raises
    ------
    ConfigError
        If another one has its name.
    """
    if METHODS.setdefault(method.name, method) is not method:
        raise ConfigError(f"method `{method.name}`: another one has this name; give it a name of its own")


DIVE_KEYS = {
    "dives": {
        "description": "Dives of `dive` at most; each begins with other choices, which `seed` makes.",
        "type": "integer",
        "minimum": 1,
        "default": 30,
    },
    "confirm_up_to": {
        "description": "Largest `max_interventions` up to which `confirm` checks the list of `dive`.",
        "type": "integer",
        "minimum": 0,
        "default": 3,
    },
}
"""What only dives are told. They are for depths that no exact method reaches, so only small ones are confirmed."""

_DECOMPOSITION = "knockflow.methods.decomposition"
_SINGLE_LEVEL = "knockflow.methods.single_level.method"

for _method in (
    Method(
        "tree",
        "support branching",
        "knockflow.methods.tree.method",
        exact=True,
        followers=EVERY_FOLLOWER,
        judges=EVERY_JUDGE,
        cut_sets=True,
        fronts=True,
        in_order=True,
        only_shrinking=True,
        options=["scatter"],
    ),
    Method("strong_duality", "one level by equal primal and dual objectives", _SINGLE_LEVEL, solver=True, models=True),
    Method("kkt", "one level by complementary slackness", _SINGLE_LEVEL, solver=True, models=True),
    Method(
        "benders",
        "a master program, and cuts from the follower's prices and states",
        f"{_DECOMPOSITION}.benders",
        sources=("10.1007/BF01386316",),
        solver=True,
        options=["cuts"],
    ),
    Method(
        "logic_benders",
        "a master program, and cuts from the follower's answers alone",
        f"{_DECOMPOSITION}.logic_benders",
        sources=("10.1007/s10107-003-0375-9",),
        followers=EVERY_FOLLOWER,
        judges=["worst"],
        solver=True,
        options=["cuts"],
    ),
    Method(
        "dive",
        "designs of any depth, not proven, by removing what unwanted states use",
        "knockflow.methods.dive.method",
        followers=EVERY_FOLLOWER,
        judges=["worst"],
        cut_sets=True,
        leads=True,
        schema=DIVE_KEYS,
    ),
    Method(
        "exhaustive",
        "every set, one after the other",
        "knockflow.methods.exhaustive",
        exact=True,
        followers=EVERY_FOLLOWER,
        judges=EVERY_JUDGE,
        cut_sets=True,
        fronts=True,
        in_order=True,
    ),
):
    register(_method)


def exact() -> list[str]:
    """The methods that can confirm the list of another one."""
    return [name for name, method in METHODS.items() if method.exact]


def with_models() -> list[str]:
    """The methods that need a model of each formulation: those that make one level of two."""
    return [name for name, method in METHODS.items() if method.models]
