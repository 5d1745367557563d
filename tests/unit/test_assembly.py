"""From offers on reactions to targets of columns: coupled reactions, interchangeable genes, statuses."""

from dataclasses import replace

import pytest
from networks import network

from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.question import Question
from knockflow.numerics.program import listed
from knockflow.problem.leader import BLOCKED, CANDIDATE, ESSENTIAL, FORCED
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

TABLE = {
    # Two ways from s to x; UP and DOWN are coupled, with UP carrying half of DOWN.
    "EX_s": ({"s": -1}, -10, 0),
    "UP": ({"s": -1, "m": 2}, 0, 1000),
    "DOWN": ({"m": -1, "x": 0.5}, 0, 1000),
    "SIDE": ({"s": -1, "x": 0.5, "p": 0.5}, 0, 1000),
    "EX_p": ({"p": -1}, 0, 1000),
    "DEAD": ({"x": -1, "z": 1}, 0, 1000),
    "BIO": ({"x": -1}, 0, 1000),
}


def made(rules=None, level="genes", absent=(), added=(), **options):
    """Problem and table of targets."""
    rules = rules or {}
    found = network(TABLE, rules=rules)
    lower, upper, index = found.lower.copy(), found.upper.copy(), found.index()
    closed = {}
    for name in added:
        closed[name] = float(lower[index[name]]), float(upper[index[name]])
        lower[index[name]] = upper[index[name]] = 0
    found = replace(found, lower=lower, upper=upper, added=closed, absent_genes=frozenset(absent))
    cuts = listed_cut_sets(rules)
    return build(found, cuts, Question("EX_p", "EX_s", 0.1), TargetOptions(level=level, maintenance=(), **options))


def effects(problem) -> dict[str, dict[str, tuple[float, float]]]:
    """Bounds of columns by restrictions, written `g1 g2`; every effect once."""
    targets, out = problem.targets, {}
    for number in range(targets.n_effects):
        effect = targets.effect(number)
        name = " ".join(sorted(targets.ids[t] for t in effect.needs))
        assert name not in out
        out[name] = {problem.columns[column]: (lower, upper) for column, lower, upper in effect.bounds}
    return out


CLOSED = (0.0, 0.0)
WAY, SIDE = "DOWN|UP", "EX_p|SIDE"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"UP": "g1 or g2"}, {"g1 g2": {WAY: CLOSED}}),
        ({"UP": "g1 and g2"}, {"g1|g2": {WAY: CLOSED}}),
        ({"UP": "g1", "DOWN": "g2"}, {"g1|g2": {WAY: CLOSED}}),
        ({"UP": "g1 and g2", "SIDE": "g2"}, {"g1": {WAY: CLOSED}, "g2": {WAY: CLOSED, SIDE: CLOSED}}),
        ({"UP": "g1 and g2", "SIDE": "g1 and g2"}, {"g1|g2": {WAY: CLOSED, SIDE: CLOSED}}),
        ({"UP": "(g1 and g2) or g3"}, {"g1|g2 g3": {WAY: CLOSED}}),
        ({"UP": "(g1 and g2) or (g3 and g4)"}, {"g1|g2 g3|g4": {WAY: CLOSED}}),
        ({"UP": "(g1 and g2) or g3", "DOWN": "g1"}, {"g1": {WAY: CLOSED}, "g2 g3": {WAY: CLOSED}}),
        ({"UP": "g1 or g2", "SIDE": "g1"}, {"g1": {SIDE: CLOSED}, "g1 g2": {WAY: CLOSED}}),
    ],
)
def test_genes_are_named_together_only_where_their_effects_are_equal(rules, expected):
    assert effects(made(rules)[0]) == expected


def test_isozymes_are_not_interchangeable():
    problem, _ = made({"UP": "g1 or g2"})
    assert problem.targets.ids == ("g1", "g2")
    assert not problem.targets.effects({0}) and problem.targets.effects({0, 1})


def test_interchangeable_genes_cost_the_least_of_them_and_each_its_own():
    problem, _ = made({"UP": "g1 and g2"}, costs={"g1": 3, "g2": 2})
    assert problem.targets.cost.tolist() == [2.0]
    assert problem.targets.choices(0) == [("-g1", 3.0), ("-g2", 2.0)]


def test_genes_in_an_exclusive_list_are_not_named_together():
    problem, _ = made({"UP": "g1 and g2", "SIDE": "g3"}, exclusive=[["-g1", "-g3"]])
    targets = problem.targets
    assert targets.ids == ("g1", "g2", "g3")
    assert targets.exclusive() == [{0, 2}]


def test_bounds_of_coupled_reactions_are_bounds_of_their_column():
    """UP carries half of DOWN, in whichever unit the column is."""
    problem, _ = made(level="reactions", interventions={"UP<=2": 1, "DOWN<=2": 1, "DOWN>=1": 1})
    column = problem.columns.index(WAY)
    factor = {problem.reactions[m]: f for m, f in listed(problem.members, column)}
    found = effects(problem)
    assert found["UP<=2"][WAY][1] == pytest.approx(2 / factor["UP"])
    assert found["DOWN<=2"][WAY][1] == pytest.approx(2 / factor["DOWN"])
    assert found["DOWN>=1"][WAY][0] == pytest.approx(1 / factor["DOWN"])
    assert factor["DOWN"] == pytest.approx(2 * factor["UP"])


def test_a_gene_that_closes_two_reactions_has_one_effect():
    assert effects(made({"UP": "g1", "SIDE": "g1"})[0]) == {"g1": {WAY: CLOSED, SIDE: CLOSED}}


def test_a_reaction_with_a_target_of_its_own_beside_its_gene():
    found = effects(made({"UP": "g1", "SIDE": "g1"}, include=["SIDE"])[0])
    assert found == {"g1": {WAY: CLOSED, SIDE: CLOSED}, "SIDE": {SIDE: CLOSED}}


def test_gene_limits_beside_removal():
    found = effects(made({"SIDE": "g1 or g2"}, interventions={"g1<=2": 1, "g2<=3": 1})[0])
    assert {name: bounds[SIDE][1] for name, bounds in found.items()} == {
        "g1 g2": 0,
        "g1<=2 g2": 2,
        "g1 g2<=3": 3,
        "g1<=2 g2<=3": 5,
    }


def statuses(rows) -> dict[str, str]:
    assert len({row.name for row in rows}) == len(rows)
    return {row.name: row.status for row in rows}


def test_statuses_of_genes():
    """g1 closes both ways; that the two together are lethal is left to the search."""
    rules = {"UP": "g1", "SIDE": "g1 and g2", "DEAD": "g3", "BIO": "g4"}
    found = statuses(made(rules)[1])
    assert found == {"g1": CANDIDATE, "g2": CANDIDATE, "g3": BLOCKED, "g4": ESSENTIAL}


def test_statuses_of_additions_and_bounds():
    names = ["+SIDE", "+DEAD", "UP<=2", "UP<=10000", "UP>=11", "EX_s>=-20", "EX_p<=2000"]
    problem, rows = made(level="reactions", interventions=dict.fromkeys(names, 1), added=["SIDE", "DEAD"])
    found = {row.name: row.status for row in rows if row.name not in TABLE or row.kind != "knock_out"}
    assert found["SIDE"] == CANDIDATE
    assert found["DEAD"] == BLOCKED
    assert found["UP<=2"] == CANDIDATE
    assert found["EX_s>=-20"] == CANDIDATE
    assert found["EX_p<=2000"] == BLOCKED
    assert found["UP>=11"] == CANDIDATE  # with more substrate there is enough for it
    assert problem.targets.adds[problem.targets.ids.index("SIDE")]


def test_what_every_design_has_is_listed_as_such():
    problem, rows = made({"UP": "g1", "SIDE": "g2"}, forced=["-g2"])
    assert statuses(rows)["g2"] == FORCED
    assert (problem.forced, problem.forced_kinds, problem.forced_cost) == (("-g2",), ("knock_out",), 1.0)
    assert problem.targets.ids == ("g1",)
    assert not any("SIDE" in name for name in problem.columns)
