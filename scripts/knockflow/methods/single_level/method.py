"""The methods that make one level of two: a model of the formulation, solved again for each next design.

`strong_duality` has its models from `knockflow.methods.single_level.strong_duality`, `kkt` from
`knockflow.methods.single_level.complementarity`; `Formulation.models` says which of them a formulation has.
"""

from knockflow.designs.result import Result
from knockflow.methods.single_level.big_m import Policy
from knockflow.methods.single_level.complementarity import MODELS as COMPLEMENTARITY
from knockflow.methods.single_level.enumerate import enumerate_designs
from knockflow.methods.single_level.strong_duality import MODELS as STRONG_DUALITY
from knockflow.methods.task import Task

MODELS = {"strong_duality": STRONG_DUALITY, "kkt": COMPLEMENTARITY}
"""Models by method and by the name that a formulation gives."""

MARGINS = (100.0, 1000.0, 10.0)
"""Margins of `instance` bounds, tried until the list is confirmed: too small hides designs, too large drowns them in
the solver's tolerances."""


def search(task: Task) -> Result:
    """Best minimal designs with one margin of the bounds of dual variables, another one at each attempt."""
    name, own = task.method.name, task.options["big_m"]
    policy = Policy(own["policy"], MARGINS[task.attempt], own)
    result = enumerate_designs(task, MODELS[name][task.formulation.models[name]], policy)
    if own["policy"] == "instance":
        result.other_attempts = len(MARGINS) - 1 - task.attempt
    return result
