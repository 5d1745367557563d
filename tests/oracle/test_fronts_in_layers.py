"""Pareto fronts of random cells with layers: the searches that share states find what enumeration finds."""

import pytest
import random_enzymes
import random_regulation
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_enzymes import enzymatic
from random_forces import driven_problems
from random_networks import networks
from random_regulation import regulated_networks
from random_zones import problem_of_zones, zoned
from searches import run

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError, SolverError
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS
from knockflow.methods.fronts import rising

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
AXES = [["value", "growth", "cost"], ["growth", "value"], ["value", "cost"]]
SLACK = {"rules": 3e-4}
"""Thresholds of rules are worth so little that points may tie by it; of other layers points are the same to 3e-5."""
LAYERS = {
    "zones": zoned(networks()).map(problem_of_zones),
    "enzymes": enzymatic().map(lambda case: random_enzymes.problem_of(case, "reactions")),
    "energies": driven_problems(networks()),
    "rules": regulated_networks().map(random_regulation.problem_of),
}


def front_of(method, problem, kind, limits, axes):
    """The points, more being better on each axis."""
    base, whole = BEHAVIOURS[FORMULATIONS[kind].response].prepare(problem)
    best = BestDesigns(whole, FORMULATIONS[kind], limits, base)
    with Watch(60) as watch:
        result = run(method, best, watch, front=axes)
    assert result.complete and not watch.stopped
    places = {
        "value": lambda one: one.value,
        "growth": lambda one: best.growth(one.design),
        "cost": lambda one: -one.cost,
    }
    return [[places[axis](entry) for axis in axes] for entry in result.ranked]


def covers(one, other, slack):
    return all(mine >= its - slack * max(1, abs(its)) for mine, its in zip(one, other, strict=True))


@pytest.mark.parametrize("layer", list(LAYERS))
def test_tree_finds_the_front_of_enumeration(layer):
    @settings(max_examples=examples(8), **RELAXED)
    @given(st.data(), st.sampled_from(["robustknock", "strong_coupling", "optknock"]), st.sampled_from(AXES))
    def agree(data, kind, axes):
        try:
            problem = data.draw(LAYERS[layer])
        except ConfigError:
            assume(False)
        assume(problem.viable and 0 < len(problem.growing().targets) <= 8)
        assume("growth" not in axes or not rising(problem))
        try:
            tree, every = (front_of(method, problem, kind, Limits(2), axes) for method in ("tree", "exhaustive"))
        except SolverError as error:
            assume("no concentrations keep" not in str(error))
            raise
        slack = SLACK.get(layer, 3e-5)
        assert all(any(covers(one, other, slack) for one in tree) for other in every)
        assert all(any(covers(one, other, slack) for one in every) for other in tree)

    agree()
