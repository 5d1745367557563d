"""Reactions as targets only where genes can close them: against every set of genes, and tree against enumeration."""

from dataclasses import replace
from itertools import chain, combinations

import pytest
from asked_searches import designs, few, limits, listed, plain, problem_of
from examples import examples
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from random_interventions import GENES, Given, Read, as_cobra, givens

from knockflow import Case
from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import BestDesigns, Limits, names
from knockflow.follower.oracle import Follower
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.model.gpr import active, genes, parse
from knockflow.numerics.program import entries
from knockflow.validation.strain import bounds_of, changes_of

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck), "phases": [Phase.explicit, Phase.generate]}
FLUX = 1e-7


@st.composite
def realizables(draw) -> Given:
    """A case whose targets are what genes can close."""
    drawn = draw(givens(level="reactions"))
    options = replace(drawn.options, realizable=True, with_side_effects=draw(st.booleans()))
    if draw(st.integers(0, 3)):
        # What is named must be realizable: most cases would be refused.
        options = replace(options, include=(), forced=(), exclusive=draw(st.sampled_from([(), options.exclusive])))
        options = replace(options, interventions={k: v for k, v in options.interventions.items() if k[0] != "-"})
    return Given(drawn.network, options)


def falling(network, gone) -> set[str]:
    """The reactions whose rules fail without some genes."""
    return {
        name
        for name, rule in zip(network.reactions, network.rules, strict=True)
        if rule and not genes(parse(rule)).isdisjoint(gone) and not active(parse(rule), gone)
    }


def carries(read: Read, name: str) -> bool:
    ends = [read.best(name, maximize) for maximize in (True, False)]
    return any(end is not None and abs(end) > FLUX for end in ends)


def closable(drawn: Given, name: str) -> list[frozenset[str]]:
    """What falls with a reaction, for every set of genes that closes it: what could carry flux without it."""
    network, found, running = drawn.network, set(), {}
    without = Read(drawn, [f"-{name}"])
    for some in chain.from_iterable(combinations(GENES, size) for size in range(1, len(GENES) + 1)):
        fallen = falling(network, set(some))
        if name in fallen:
            running |= {other: carries(without, other) for other in fallen - running.keys()}
            found.add(frozenset(other for other in fallen if running[other]))
    return [one for one in found if not any(less < one for less in found)]


@settings(max_examples=examples(8), **RELAXED)
@given(givens(level="reactions", limits=False))
def test_what_is_offered_is_what_some_set_of_genes_closes_alone(drawn):
    network = drawn.network
    assume(not network.added)
    options = replace(drawn.options, include=(), forced=(), exclusive=(), interventions={}, pathways={})
    alone = Given(network, replace(options, realizable=True))
    joint = Given(network, replace(options, realizable=True, with_side_effects=True))
    problem = problem_of(alone)
    running = {name for name in network.reactions if carries(Read(alone, []), name)}
    own = [name for name in network.reactions if name[0] == "R" and name in running]
    wanted = {name for name in own if frozenset() in closable(alone, name)}
    assert {name for text in problem.targets.ids for name in text.split("|")} & running == wanted
    # With what falls, whatever genes close is closed by some target: nothing here must stay open.
    problem = problem_of(joint)
    closed = {problem.reactions[m] for column in problem.targets.column for m in entries(problem.members, column)[0]}
    assert {name for name in own if closable(alone, name)} <= closed


@settings(max_examples=examples(14), **RELAXED)
@given(realizables(), st.data())
def test_a_design_does_to_the_network_what_it_says(drawn, data):
    problem = problem_of(drawn)
    assume(problem.viable and len(problem.targets))
    design = data.draw(designs(problem.targets))
    written = names(problem, design)
    read, model = Read(drawn, written), as_cobra(drawn)
    ends = bounds_of(model, changes_of(model, ";".join(written)))
    for reaction, lower, upper in zip(drawn.network.reactions, read.lower, read.upper, strict=True):
        assert ends.get(reaction, model.reactions.get_by_id(reaction).bounds) == (lower, upper), reaction
    assume(not read.contradicts)
    follower = Follower(problem)
    states = follower.after(problem.targets.effects(design))
    found, growth = follower.max_growth(states), read.best("BIOMASS")
    assert (found is None) == (growth is None)
    if growth is not None:
        assert found.value == pytest.approx(growth, abs=1e-6)


@settings(max_examples=examples(8), **RELAXED)
@given(realizables(), st.data())
def test_any_one_of_interchangeable_sets_does_it(drawn, data):
    problem = problem_of(drawn)
    several = [t for t, name in enumerate(problem.targets.ids) if "|" in name]
    assume(problem.viable and several)
    design = frozenset([data.draw(st.sampled_from(several))])
    choice = data.draw(st.sampled_from(problem.targets.choices(min(design))))[0]
    one, every = Read(drawn, [*problem.forced, choice]), Read(drawn, names(problem, design))
    assume(not one.contradicts and not every.contradicts)
    for reaction in drawn.network.reactions:
        for maximize in (True, False):
            assert one.best(reaction, maximize) == pytest.approx(every.best(reaction, maximize), abs=1e-6)


@settings(max_examples=examples(18), **RELAXED)
@given(realizables(), st.sampled_from(sorted(rated())), limits())
def test_tree_lists_what_exhaustive_enumeration_lists(drawn, formulation, limits):
    problem = problem_of(drawn)
    few(problem)
    assume(limits.affordable(problem, frozenset()))
    found, wanted = (listed(method, problem, formulation, limits) for method in ("tree", "exhaustive"))
    assert [entry.names for entry in found] == [entry.names for entry in wanted]


@settings(max_examples=examples(8), **RELAXED)
@given(realizables(), st.sampled_from(sorted(rated())), st.booleans())
def test_designs_are_confirmed_and_one_by_one_the_same_by_genes(drawn, formulation, one_only):
    """Two targets together may close a third reaction, one by itself does not."""
    targets = plain(drawn.options) | {"realizable": True, "with_side_effects": drawn.options.with_side_effects}
    try:
        case = Case(as_cobra(drawn, curated=False), "EX_p", substrate="EX_s", min_growth=0.1, targets=targets)
    except ConfigError:
        assume(False)
    few(case.problem, 18)
    assume(case.problem.max_growth < 100)
    rows = case.design(formulation, max_interventions=1 if one_only else 3, max_designs=5).validate().to_dict("records")
    assert all(row["verified"] for row in rows)
    assert all(row["by_genes"] != "impossible" for row in rows)
    if one_only and not case.problem.forced:
        assert {row["by_genes"] for row in rows} <= {"same"}


def test_a_target_with_what_falls_with_it_counts_as_one():
    """A target with what falls with it counts and costs as one."""
    case = Case(
        "cobra:textbook",
        product="EX_succ_e",
        medium={"EX_glc__D_e": 10, "EX_o2_e": 0},
        targets={"realizable": True, "with_side_effects": True, "costs": {"TKT1": 2, "TKT2": 3}},
    )
    targets, rows = case.problem.targets, {row["target"]: row for row in case.targets}
    together = targets.ids.index("TKT1&TKT2")
    assert targets.cost[together] == rows["TKT1&TKT2"]["cost"] == 2
    assert {"TALA", "TKT1", "TKT2"} <= set(rows["TKT1&TKT2"]["reactions"])
    best = BestDesigns(case.problem, FORMULATIONS["robustknock"], Limits(1, 1))
    assert names(case.problem, frozenset([together])) == ("-TKT1&TKT2",)
    assert best.evaluate(frozenset([together])) is None  # it kills
