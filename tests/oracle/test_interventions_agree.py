"""Genes, additions, bounds, costs and limits: the effects are those of the network as written, the searches agree."""

import json

import pytest
from asked_searches import READ, designs, few, limits, listed, plain, problem_of, regions
from examples import examples
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from random_interventions import Read, as_cobra, givens

from knockflow import Case
from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import BestDesigns, Limits, names
from knockflow.follower.oracle import Follower
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.cut_sets.visit import search as search_cut_sets
from knockflow.methods.registry import with_models
from knockflow.settings.support import why_not
from knockflow.stages.cut_sets import find_cut_sets, part, seeds
from knockflow.validation.strain import bounds_of, changes_of

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=examples(112), **RELAXED)
@given(givens(), st.data())
def test_a_design_does_to_the_network_what_it_says(drawn, data):
    problem = problem_of(drawn)
    assume(problem.viable and len(problem.targets))
    design = data.draw(designs(problem.targets))
    read = Read(drawn, names(problem, design))
    assume(not read.contradicts)
    follower = Follower(problem)
    states = follower.after(problem.targets.effects(design))
    found, growth = follower.max_growth(states), read.best("BIOMASS")
    assert (found is None) == (growth is None)
    assume(growth is not None and abs(growth - problem.min_growth) > 1e-7)
    assert found.value == pytest.approx(growth, abs=1e-6)
    for formulation in READ:
        best = BestDesigns(problem, FORMULATIONS[formulation], Limits(5))
        value, wanted = best.evaluate(design), read.value(formulation, problem.min_growth)
        assert (value is None) == (wanted is None), formulation
        if value is not None:
            assert value.value == pytest.approx(wanted, abs=1e-4, rel=1e-4), formulation


@settings(max_examples=examples(90), **RELAXED)
@given(givens(), st.data())
def test_the_re_evaluation_reads_a_design_alike(drawn, data):
    problem = problem_of(drawn)
    assume(len(problem.targets))
    written = names(problem, data.draw(designs(problem.targets)))
    read, model = Read(drawn, written), as_cobra(drawn)
    ends = bounds_of(model, changes_of(model, ";".join(written)))
    for reaction, lower, upper in zip(drawn.network.reactions, read.lower, read.upper, strict=True):
        assert ends.get(reaction, model.reactions.get_by_id(reaction).bounds) == (lower, upper), reaction


@settings(max_examples=examples(14), **RELAXED)
@given(givens(level="genes"), st.data())
def test_any_one_of_interchangeable_names_does_it(drawn, data):
    problem = problem_of(drawn)
    several = [t for t, name in enumerate(problem.targets.ids) if "|" in name]
    assume(problem.viable and several)
    design = frozenset([data.draw(st.sampled_from(several))]) | data.draw(designs(problem.targets))
    choices = [data.draw(st.sampled_from(problem.targets.choices(target)))[0] for target in sorted(design)]
    one, every = Read(drawn, [*problem.forced, *choices]), Read(drawn, names(problem, design))
    assume(not one.contradicts and not every.contradicts)
    for reaction in drawn.network.reactions:
        for maximize in (True, False):
            assert one.best(reaction, maximize) == pytest.approx(every.best(reaction, maximize), abs=1e-6)


@settings(max_examples=examples(112), **RELAXED)
@given(givens(), st.sampled_from(sorted(rated())), limits())
def test_tree_lists_what_exhaustive_enumeration_lists(drawn, formulation, limits):
    problem = problem_of(drawn)
    few(problem)
    assume(limits.affordable(problem, frozenset()))
    found, wanted = (listed(method, problem, formulation, limits) for method in ("tree", "exhaustive"))
    assert [entry.names for entry in found] == [entry.names for entry in wanted]


PAIRS = [
    (method, formulation)
    for method in with_models()
    for formulation in sorted(rated())
    if why_not(method, formulation) is None
]


@pytest.mark.parametrize(("method", "formulation"), PAIRS)
@settings(max_examples=examples(8), phases=[Phase.explicit, Phase.reuse, Phase.generate], **RELAXED)
@given(drawn=givens(), limits=limits(3, (1,)))
def test_single_level_programs_find_the_best_value(method, formulation, drawn, limits):
    problem = problem_of(drawn)
    few(problem)
    assume(limits.affordable(problem, frozenset()))
    found = listed(method, problem, formulation, limits, solver="highs")
    wanted = listed("exhaustive", problem, formulation, limits)
    assert [entry.value for entry in found] == pytest.approx([entry.value for entry in wanted], abs=3e-4, rel=3e-4)


@settings(max_examples=examples(18), **RELAXED)
@given(givens(), st.sampled_from([*sorted(rated())]), st.sampled_from([0.0, 0.1, 1.0]))
def test_designs_for_a_model_as_it_was_are_confirmed(drawn, formulation, min_growth):
    """Through curation, search and re-evaluation."""
    try:
        case = Case(
            as_cobra(drawn, curated=False),
            "EX_p",
            substrate="EX_s",
            min_growth=min_growth,
            targets=plain(drawn.options),
        )
    except ConfigError:
        assume(False)
    few(case.problem, 18)
    assume(case.problem.max_growth < 100)  # from nothing, so that all is noise
    designs = case.design(formulation, max_interventions=3, max_designs=5)
    assert set(designs.validate()["verified"]) == {True}


@settings(max_examples=examples(70), **RELAXED)
@given(givens(), limits(), st.data())
def test_tree_lists_the_minimal_cut_sets_of_exhaustive_enumeration(drawn, limits, data):
    problem = problem_of(drawn)
    assume(problem.max_growth > -float("inf") and 0 < len(problem.targets) <= 12)
    assume(limits.affordable(problem, frozenset()))
    nested = data.draw(st.booleans())
    asked = {
        "suppress": data.draw(st.lists(regions(problem.reactions, nested), min_size=1, max_size=2)),
        "protect": data.draw(st.lists(regions(problem.reactions, nested and data.draw(st.booleans())), max_size=1)),
        "max_interventions": limits.max_interventions,
        "max_designs": "all",
        "max_cost": limits.max_cost,
        "max_per_kind": limits.max_per_kind,
        "threads": 1,
        "method": "tree",
        "time_limit_s": 30,
    }
    lists = []
    for method in (search_cut_sets, CutSets.exhaustive):
        sets = CutSets(problem, asked)
        with Watch(30) as watch:
            method(sets, watch)
        assert not watch.stopped
        lists.append([one.names for one in sets.listed()])
    assert lists[0] == lists[1] == in_parts(problem, asked, data.draw(st.integers(1, 3)))


def in_parts(problem, asked, count: int) -> list[tuple[str, ...]]:
    """The sets of a scattered search."""
    begin = through_json(seeds(problem, asked))
    parts = [through_json(part(problem, asked, begin, number, count)) for number in range(count)]
    return [row["interventions"] for row in find_cut_sets(problem, asked, [begin, *parts])[1]]


def through_json(content: dict) -> dict:
    return json.loads(json.dumps(content))
