"""Rules of genes in the follower: what closes a reaction, regulators kept, removed and undecided, media, errors."""

from dataclasses import replace

import numpy as np
import pytest
from networks import network

from knockflow.base.errors import ConfigError
from knockflow.base.tolerances import THRESHOLD
from knockflow.follower.idle_enzymes import Spare
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import respond
from knockflow.language.boolean_rules import parse
from knockflow.layers.regulation.follower import RulesInFollower
from knockflow.layers.regulation.rules import RuleRow
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.question import Question
from knockflow.problem.leader import BLOCKED, CANDIDATE
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

TABLE = {
    # FAST makes x of s one by one, SLOW half an x and half a p; REV changes p and q into each other.
    "EX_s": ({"s": -1}, -10, 0),
    "EX_o": ({"o": -1}, -5, 10),
    "FAST": ({"s": -1, "x": 1}, 0, 1000),
    "SLOW": ({"s": -1, "x": 0.5, "p": 0.5}, 0, 1000),
    "REV": ({"p": -1, "q": 1}, -1000, 1000),
    "EX_q": ({"q": -1}, -3, 1000),
    "EX_p": ({"p": -1}, 0, 1000),
    "BIO": ({"x": -1}, 0, 1000),
}
GENES = {"FAST": "g1", "SLOW": "g3", "REV": "g5"}
OPEN, SHUT = (10, 0, 3), (5, 0, 8)
"""Growth, least and most p: with FAST nothing but p from q; without it 5 p of SLOW, from and to q."""


def built(rules, genes=None, table=None, added=None, absent=(), **options):
    """The problem, and the rows of its targets; `r` and `g` begin the names of genes in rules."""
    made = network(TABLE | (table or {}), rules=GENES | (genes or {}))
    made = replace(made, added=added or {}, absent_genes=frozenset(absent))
    cuts = listed_cut_sets(dict(zip(made.reactions, made.rules, strict=True)))
    rows = {
        name: RuleRow(parse(text), text, "gene" if name[0] in "gr" else "condition") for name, text in rules.items()
    }
    wanted = TargetOptions(**{"level": "genes"} | options)
    return build(made, cuts, Question("EX_p", "EX_s", 0.1), wanted, [RulesInFollower(rows, {}, {})])


def case(rules, **given):
    """The problem, and the rows of its targets by name."""
    problem, listed = built(rules, **given)
    return problem, {row.name: row for row in listed if row.why != "it is there only if it is added"}


def numbers(problem, *names):
    """Growth and product range of a design, rounded; None where there is no response."""
    found = respond(problem, frozenset(problem.targets.ids.index(name) for name in names))
    return found and tuple(round(number, 6) for number in (found.growth, found.product_min, found.product_max))


def response(rules, *names, **keywords):
    return numbers(case(rules, **keywords)[0], *names)


def test_a_gene_that_is_off_closes_what_it_alone_makes():
    rules = {"g1": "not SLOW > 2"}
    assert response(rules) == OPEN
    assert response(rules, "g1") == SHUT
    rules = {"g1": "SLOW > 2"}
    growth = 10 - (2 + THRESHOLD) / 2
    assert response(rules) == pytest.approx((growth, 0, 1 + THRESHOLD / 2 + 3), abs=1e-6)
    assert response(rules, "g3") is None


def test_isozymes_close_a_reaction_together():
    given = {"rules": {"g2": "SLOW > 1"}, "genes": {"FAST": "g1 or g2"}}
    assert response(**given) == OPEN
    assert numbers(case(**given)[0], "g2") == OPEN
    assert numbers(case(**given)[0], "g1")[0] == pytest.approx(10 - (1 + THRESHOLD) / 2)
    assert numbers(case(**given)[0], "g1", "g2") == SHUT
    both = given | {"rules": {"g1": "SLOW > 4", "g2": "SLOW > 1"}}
    assert response(**both)[0] == pytest.approx(10 - (1 + THRESHOLD) / 2)
    assert numbers(case(**both)[0], "g2")[0] == pytest.approx(10 - (4 + THRESHOLD) / 2)


def test_a_complex_needs_each_of_its_genes():
    given = {"rules": {"g1": "SLOW > 1", "g2": "SLOW > 4"}, "genes": {"FAST": "g1 and g2"}}
    assert response(**given)[0] == pytest.approx(10 - (4 + THRESHOLD) / 2)
    assert numbers(case(**given)[0], "g1") == SHUT


def test_a_reversible_reaction_is_closed_both_ways():
    rules = {"g5": "r1", "r1": "not SLOW > 0"}
    assert response(rules) == OPEN
    assert response(rules, "r1") == (10, 0, 0)
    assert response(rules, "g1") == (5, 5, 5)
    assert response(rules, "g1", "r1") == (5, 5, 5)


@pytest.mark.parametrize("ends", [(-4, 0), (-4, -1), (0, 4), (1, 4)])
def test_only_the_ways_that_there_are_have_rows(ends):
    """SPILL takes s to or from t, which is exchanged freely."""
    table = {"SPILL": ({"s": -1, "t": 1}, *ends), "EX_t": ({"t": -1}, -1000, 1000)}
    problem, _ = case({"g6": "r1", "r1": "true"}, genes={"SPILL": "g6"}, table=table)
    assert len([name for name in problem.rows if "needs g6" in name]) == 1
    assert numbers(problem)[0] == pytest.approx(10 - ends[0])
    forced = ends[0] * ends[1] > 0
    assert (numbers(problem, "r1") is None) == forced
    if not forced:
        assert numbers(problem, "r1")[0] == pytest.approx(10)


def test_a_demanded_flux_that_is_off_leaves_no_state():
    table = {"MUST": ({"s": -1}, 1, 10)}
    problem, _ = case({"g6": "false"}, genes={"MUST": "g6"}, table=table)
    assert not problem.viable
    assert numbers(problem) is None
    assert response({"g6": "SLOW > 2"}, genes={"MUST": "g6"}, table=table)[0] == pytest.approx(8, abs=THRESHOLD)


@pytest.mark.parametrize(
    ("rules", "kept", "removed"),
    [
        ({"g1": "not r1", "r1": "s > 0"}, SHUT, OPEN),
        ({"g1": "r1", "r1": "s > 0"}, OPEN, SHUT),
        ({"g1": "r1", "r1": "true"}, OPEN, SHUT),
        ({"g1": "not r1", "r1": "not r2", "r2": "not r3", "r3": "s > 0"}, SHUT, OPEN),
        ({"g1": "not r1", "r1": "SLOW > 0"}, OPEN, OPEN),
        ({"g1": "not r1", "r1": "FAST > 0"}, SHUT, OPEN),
    ],
)
def test_a_regulator_is_kept_or_removed(rules, kept, removed):
    problem, _ = case(rules)
    assert numbers(problem) == kept
    assert numbers(problem, "r1") == removed
    follower = Follower(problem)
    states = follower.after(())
    assert follower.max_growth(states).value == pytest.approx(max(kept[0], removed[0]))


def test_an_undecided_regulator_allows_what_either_decision_does_and_no_mixture():
    problem, _ = case({"g1": "r1", "g3": "not r1", "g5": "false", "r1": "true"})
    assert (numbers(problem), numbers(problem, "r1")) == ((10, 0, 0), (5, 5, 5))
    follower = Follower(problem)
    states = follower.after(())
    states = follower.growing_among(states)
    assert follower.product(states, maximize=True).value == pytest.approx(5)
    states = follower.after(())
    states = states.making(2)
    assert follower.max_growth(states).value == pytest.approx(5)


@pytest.mark.parametrize("other", [{}, {"g1": "r1", "r1": "true"}])
def test_a_gene_of_the_model_can_regulate(other):
    """Removing g3 closes SLOW, and opens REV, which its rule keeps closed."""
    problem, _ = case({"g5": "not g3"} | other)
    assert numbers(problem) == (10, 0, 0)
    assert numbers(problem, "g3") == (10, 0, 3)
    assert numbers(problem, "g1") == (5, 5, 5)


@pytest.mark.parametrize(
    ("rules", "growths"),
    [
        ({"r1": "not r2", "r2": "not r1", "g1": "r1", "g3": "r2"}, {"": 10, "r1": 5, "r2": 10, "r1 r2": None}),
        ({"r1": "r1", "g1": "r1"}, {"": 10, "r1": 5}),
        ({"r1": "not r1", "g1": "not r1"}, {"": None, "r1": 10}),
        ({"r1": "r2", "r2": "not r1", "g1": "not r1"}, {"": None, "r1": 10, "r2": 10}),
        ({"r1": "not SLOW > 0", "g1": "r1", "g3": "not r1"}, {"": 10, "r1": 5}),
        ({"c1": "not c2", "c2": "not c1", "g1": "c1", "g3": "c2"}, {"": 10, "g1": 5, "g3": 10}),
    ],
)
def test_every_consistent_assignment_of_a_cycle_is_a_state(rules, growths):
    problem, _ = case(rules)
    for design, growth in growths.items():
        found = numbers(problem, *design.split())
        assert found is None if growth is None else found[0] == pytest.approx(growth), design


def test_rules_that_contradict_each_other_leave_no_state_at_all():
    problem, _ = case({"c1": "not c1", "g1": "c1"})
    assert not problem.viable
    assert problem.max_growth == -np.inf


def test_the_largest_growth_is_that_of_the_best_design():
    assert case({"g1": "not r1", "r1": "s > 0"})[0].max_growth == pytest.approx(10)
    assert case({"g1": "SLOW > 2"}, exclude=["g1", "g3"])[0].max_growth == pytest.approx(9, abs=THRESHOLD)


ABSENT = {"EX_o": ({"o": -1}, 0, 0)}


@pytest.mark.parametrize("level", ["genes", "reactions"])
@pytest.mark.parametrize("used", [False, True])
@pytest.mark.parametrize(
    ("rule", "options", "target", "free", "restricted"),
    [
        ("not o > 0", {"include": ["EX_o"]}, "EX_o", SHUT, OPEN),
        ("o > 0", {"include": ["EX_o"]}, "EX_o", OPEN, SHUT),
        ("o < 0.5", {"include": ["EX_o"]}, "EX_o", SHUT, OPEN),
        ("not o > 0", {"interventions": {"EX_o>=0": 1}}, "EX_o>=0", SHUT, OPEN),
        ("o > 3", {"interventions": {"EX_o>=-2": 1}}, "EX_o>=-2", OPEN, SHUT),
        ("o > 3 and o < 8", {"interventions": {"EX_o>=-2": 1}}, "EX_o>=-2", OPEN, SHUT),
        ("o <= 3", {"interventions": {"EX_o>=-2": 1}}, "EX_o>=-2", SHUT, OPEN),
        ("o > 8", {"interventions": {"EX_o>=-20": 1}}, "EX_o>=-20", SHUT, OPEN),
        ("not o > 8", {"interventions": {"EX_o>=-20": 1}}, "EX_o>=-20", OPEN, SHUT),
        (
            "not o > 0",
            {"interventions": {"+EX_o": 1}, "table": ABSENT, "added": {"EX_o": (-5, 10)}},
            "EX_o",
            OPEN,
            SHUT,
        ),
        ("o > 0", {"interventions": {"+EX_o": 1}, "table": ABSENT, "added": {"EX_o": (-5, 10)}}, "EX_o", SHUT, OPEN),
    ],
)
def test_a_design_that_changes_the_medium_changes_what_rules_see(rule, options, target, free, restricted, used, level):
    """Also where nothing takes o up: it is there for the rules all the same."""
    sink = {"SINK": ({"o": -1}, 0, 1)} if used else {}
    options = options | {"table": options.get("table", {}) | sink, "level": level}
    problem, rows = case({"g1": rule}, **options)
    assert rows[target].status == CANDIDATE
    assert numbers(problem) == free
    assert numbers(problem, target) == restricted
    follower = Follower(problem)
    states = follower.after(())
    assert follower.max_growth(states).value == pytest.approx(10)
    grown = problem.growing()
    assert numbers(grown) == free
    assert numbers(grown, target) == restricted


@pytest.mark.parametrize(
    ("options", "target"), [({"include": ["EX_o"]}, "EX_o"), ({"interventions": {"EX_o>=0": 1}}, "EX_o>=0")]
)
def test_the_cell_cannot_use_what_rules_see_as_restricted(options, target):
    """OX makes one and a half x of s and o; together with FAST, which o forbids, it would make 12.5."""
    table = {"OX": ({"s": -1, "o": -1, "x": 1.5}, 0, 1000)}
    problem, _ = case({"g1": "not o > 0"}, table=table, **options)
    assert numbers(problem)[0] == pytest.approx(10)
    assert numbers(problem, target)[0] == pytest.approx(10)
    follower = Follower(problem)
    states = follower.after(())
    assert follower.max_growth(states).value == pytest.approx(10)


def test_nor_can_it_have_half_of_a_medium():
    """6 p need 2 of OX and 8 of SLOW; with half the o, half of FAST would pay for more of OX."""
    table = {"OX": ({"s": -1, "o": -1, "x": 0.2, "p": 1}, 0, 1000)}
    problem, _ = case({"g1": "not o > 0", "g5": "false"}, table=table, include=["EX_o"])
    follower = Follower(problem)
    states = follower.after(())
    states = states.making(6)
    assert follower.max_growth(states).value == pytest.approx(4.4)


def test_a_change_of_the_medium_that_no_rule_sees_changes_nothing():
    problem, rows = case({"g1": "o > 1"}, interventions={"EX_o>=-2": 1.0})
    assert not problem.integer.any()
    assert (rows["EX_o>=-2"].status, numbers(problem)) == (BLOCKED, OPEN)


def test_levels_of_secretion_are_nothing_to_rules_on_uptake():
    wanted = {"EX_p>=1": 1.0, "EX_p>=2": 1.0}
    problem, _ = case({"g1": "not p > 0"}, interventions=wanted)
    assert numbers(problem) == OPEN
    assert numbers(problem, "EX_p>=2") == (10, 2, 3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"interventions": {"EX_o>=0": 1, "EX_o>=-2": 1}}, "`EX_o>=0`, `EX_o>=-2`: rules depend on EX_o"),
        ({"interventions": {"EX_o>=-2": 1}, "include": ["EX_o"]}, "`EX_o`, `EX_o>=-2`: rules depend on EX_o"),
        (
            {"table": {"SINK": ({"o": -1}, 0, 1)}, "include": ["EX_o", "SINK"]},
            "EX_o and SINK go together as one target, but rules depend on EX_o alone",
        ),
        ({"interventions": {"g3<=2": 1}}, "`g3<=2`: with regulation, a gene can be removed or added, not limited"),
        ({"interventions": {"g3<=2": 1}, "forced": ["g3<=2"]}, "`g3<=2`: with regulation, a gene can be removed"),
    ],
)
def test_what_cannot_be_offered_is_refused_by_name(options, message):
    with pytest.raises(ConfigError, match="^targets: ") as refused:
        case({"g1": "not o > 0"}, **options)
    assert message in str(refused.value)


def test_a_limit_of_a_reaction_can_be_offered():
    assert response({"g1": "SLOW > 1"}, "SLOW<=1", interventions={"SLOW<=1": 1}) == (0.5, 0, 3.5)


ON = {"r1": "true", "r2": "true"}


def test_a_regulator_on_which_nothing_depends_is_blocked():
    table = {"DEAD": ({"s": -1, "d": 1}, 0, 1000)}
    problem, rows = case({"g6": "r1 and r2", "g1": "r2"} | ON, genes={"DEAD": "g6"}, table=table)
    assert (rows["r1"].status, rows["r1"].why) == (BLOCKED, "no rule that matters depends on it")
    assert rows["r2"].status == CANDIDATE
    assert dict(zip(problem.targets.ids, problem.targets.status, strict=True))["r1"] == BLOCKED
    assert "r1" not in problem.growing().targets.ids


def test_a_gene_that_rules_alone_know_is_a_target_unless_the_case_says_otherwise():
    rules = {"g1": "not r1", "r1": "s > 0"}
    _, rows = case(rules, costs={"r1": 2.5})
    assert (rows["r1"].status, rows["r1"].cost, rows["r1"].kind) == (CANDIDATE, 2.5, "knock_out")
    problem, rows = case(rules, exclude=["r1"])
    assert (rows["r1"].status, rows["r1"].why, numbers(problem)) == ("excluded", "excluded by the case", SHUT)
    _, rows = case(rules, subsystems=["none"], include=["g1"])
    assert rows["r1"].why == "no reaction of it is in the subsystems asked for"
    problem, rows = case(rules, forced=["-r1"])
    assert (rows["r1"].status, problem.forced, numbers(problem)) == ("forced", ("-r1",), OPEN)
    assert "r1" not in case({"g1": "not r1", "r1": "false"})[1]


def test_a_gene_of_the_model_that_regulates_and_is_excluded_is_listed_once():
    _, listed = built({"g1": "g3"}, exclude=["g3"])
    assert [row.name for row in listed if row.status == "excluded"] == ["g3"]


def test_at_level_reactions_rules_hold_and_no_gene_is_a_target():
    problem, rows = case({"g1": "not r1", "r1": "s > 0", "g3": "r2", "r2": "true"}, level="reactions")
    assert "r1" not in rows and "r2" not in rows
    assert "FAST" not in problem.targets.ids
    assert numbers(problem) == SHUT


@pytest.mark.parametrize(
    ("rules", "together"),
    [
        ({"g9": "SLOW > 0"}, True),
        ({"g1": "SLOW > 0", "g2": "SLOW > 0"}, True),
        ({"g1": "SLOW > 0"}, False),
        ({"g1": "SLOW > 0", "g2": "SLOW > 1"}, False),
        ({"g5": "g1"}, False),
    ],
)
def test_genes_with_the_same_rule_stand_for_one_another(rules, together):
    problem, _ = case(rules | {"g3": "not r1", "r1": "false"}, genes={"FAST": "g1 and g2", "REV": "g5 or g9"})
    assert ("g1|g2" in problem.targets.ids) == together
    assert ("g1" in problem.targets.ids) != together


def test_joined_genes_share_the_enzyme_that_closes_an_isozyme():
    """The complex of g1 and g2, or g4, which only SLOW beyond 1 turns on."""
    problem, _ = case({"g4": "SLOW > 1"}, genes={"FAST": "(g1 and g2) or g4"})
    assert set(problem.targets.ids) >= {"g1|g2", "g4"}
    assert numbers(problem, "g1|g2")[0] == pytest.approx(10 - (1 + THRESHOLD) / 2)
    assert numbers(problem, "g1|g2", "g4") == SHUT


@pytest.mark.parametrize("rule", ["not o > 0", "SLOW > 6"])
def test_a_gene_beside_one_that_is_off_and_stays_in_every_design_is_a_target(rule):
    """g2 is no target; g4 does the same as g1 to REV, but not to FAST."""
    genes = {"FAST": "g1 or g2", "REV": "g1 and g4"}
    problem, rows = case({"g2": rule}, genes=genes, exclude=["g2"])
    assert (rows["g1"].status, rows["g4"].status) == (CANDIDATE, CANDIDATE)
    assert numbers(problem, "g4") == (10, 0, 0)
    assert numbers(problem, "g1")[0] == pytest.approx(5 if rule[0] == "n" else 7, abs=THRESHOLD)


def test_what_rules_close_for_certain_is_closed_before_compression():
    problem, _ = case({"g1": "not s > 0"})
    assert "FAST" not in problem.columns
    assert not problem.integer.any()
    assert numbers(problem) == SHUT
    # g2 may still be there
    assert "FAST" in case({"g1": "not s > 0"}, genes={"FAST": "g1 or g2"})[0].columns


def test_enzymes_that_nothing_needs_are_absent_from_states():
    """Either of two isozymes will do, so that a state needs one of them at most."""
    problem, _ = case({"g2": "not SLOW > 1"}, genes={"FAST": "g1 or g2"})
    follower = Follower(problem)
    states = follower.after(())
    for closed, needed in ((False, 1), (True, 0)):
        if closed:
            states = states.fixing({problem.columns.index("FAST"): 0.0})
        state = follower.max_growth(states).fluxes
        enzymes = [problem.columns.index(f"enzyme of {gene}") for gene in ("g1", "g2")]
        state[enzymes] = 1.0
        left = Spare(problem).without(state)
        assert sorted(left[enzymes]) == [0, needed]
        np.testing.assert_array_equal(np.delete(left, enzymes), np.delete(state, enzymes))
        rows = problem.matrix @ left
        assert (rows >= problem.row_lower - 1e-8).all() and (rows <= problem.row_upper + 1e-8).all()
        assert follower.max_growth(states).fluxes[enzymes].sum() <= needed


def test_a_regulator_is_not_absent_where_its_rule_says_otherwise():
    problem, _ = case({"g5": "r1", "r1": "true"})
    follower = Follower(problem)
    states = follower.after(problem.targets.effects(()))
    state = follower.max_growth(states).fluxes
    assert state[problem.columns.index("r1 on")] == 1
    np.testing.assert_array_equal(Spare(problem).without(state), state)


def test_a_gene_that_is_added_can_regulate():
    problem, _ = case(
        {"g1": "not g4"}, genes={"SLOW": "g3 or g4", "REV": ""}, absent=["g4"], interventions={"+g4": 1.0}
    )
    assert numbers(problem) == OPEN
    assert numbers(problem, "g4") == SHUT
    assert numbers(problem, "g3", "g4") == SHUT
    assert numbers(problem, "g3", "g1") is None
    follower = Follower(problem)
    states = follower.after(())
    assert follower.max_growth(states).value == pytest.approx(10)
