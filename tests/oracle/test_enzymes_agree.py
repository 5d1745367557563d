"""Followers with a budget of enzymes and caps of proteins: values are those of networks that are put together by hand.

Methods list what enumeration lists.
"""

from itertools import combinations

import pytest
from enzymes_by_hand import Cell, by_hand, without
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from prepared_searches import PAIRS, listed, prepared, shown
from random_enzymes import enzymatic, problem_of

from knockflow.designs.ranking import Limits
from knockflow.follower.respond import respond
from knockflow.formulations.registry import rated
from knockflow.settings.support import why_not

RELAXED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
QUICK = RELAXED | {"phases": [Phase.explicit, Phase.reuse, Phase.generate]}
LEVELS = st.sampled_from(["reactions", "genes", "genes"])


def made(case, level, separate=False):
    """A problem with targets."""
    problem = problem_of(case, level, separate)
    assume(problem.viable and len(problem.growing().targets))
    return problem


@settings(max_examples=20, **RELAXED)
@given(enzymatic(), LEVELS, st.booleans())
def test_cells_do_what_a_network_by_hand_does(case, level, separate):
    """Of interchangeable genes any one is removed: the answer is the same for each."""
    problem, whole = made(case, level, separate), by_hand(case)
    numbers = range(len(problem.targets))
    for size in range(3):
        for design in list(combinations(numbers, size))[:8]:
            found = respond(problem, frozenset(design))
            names = [problem.targets.ids[t].split("|") for t in design]
            for chosen in {tuple(own[end] for own in names) for end in (0, -1)}:
                removed = {name for own in chosen for name in own.split("&")}
                wanted = Cell(whole, without(whole, removed)).response(problem.min_growth)
                if found is None or wanted is None:
                    assert found is None or found.growth == pytest.approx(problem.min_growth, abs=1e-6)
                    assert wanted is None or wanted[0] == pytest.approx(problem.min_growth, abs=1e-6)
                    continue
                assert (found.growth, found.product_min, found.product_max) == pytest.approx(wanted, abs=2e-6)


@settings(max_examples=30, **RELAXED)
@given(enzymatic(), LEVELS, st.sampled_from(sorted(rated())), st.integers(1, 3))
def test_tree_lists_what_enumeration_lists(case, level, formulation, most):
    problem = prepared(made(case, level), formulation)
    limits = Limits(most, 3)
    assert shown(listed("tree", problem, formulation, limits)) == shown(
        listed("exhaustive", problem, formulation, limits)
    )


METHODS = [
    *((method, formulation, {"solver": "highs"}) for method, formulation in PAIRS),
    *(
        (method, kind, {})
        for method in ("benders", "logic_benders")
        for kind in sorted(rated())
        if not why_not(method, kind)
    ),
]


ONE_EACH = [("strong_duality", "optknock"), *((one, "robustknock") for one in ("kkt", "benders", "logic_benders"))]
"""By default each method once; all are long tests."""


def marked(method, formulation, asked):
    """The parameters of a test."""
    marks = [] if (method, formulation) in ONE_EACH else [pytest.mark.long]
    return pytest.param(method, formulation, asked, marks=marks, id=f"{method}-{formulation}")


@pytest.mark.parametrize(("method", "formulation", "asked"), [marked(*one) for one in METHODS])
@settings(max_examples=6, **QUICK)
@given(case=enzymatic(), level=LEVELS, most=st.integers(1, 2))
def test_other_methods_find_the_best_value(method, formulation, asked, case, level, most):
    problem, limits = prepared(made(case, level), formulation), Limits(most, 1)
    found = listed(method, problem, formulation, limits, **asked)
    wanted = listed("exhaustive", problem, formulation, limits)
    assert [key[0] for key in found] == pytest.approx([key[0] for key in wanted], abs=1e-5)
