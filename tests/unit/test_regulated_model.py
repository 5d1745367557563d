"""Rules of genes on COBRApy models: each sign rule on tiny ones, and all states by brute force on random ones."""

from itertools import product

import numpy as np
import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from regulated_toy import ASKED, REACTIONS, model_of
from scipy.optimize import linprog

from knockflow.base.errors import FileError
from knockflow.base.tables import VALIDATION
from knockflow.base.tolerances import THRESHOLD
from knockflow.language.boolean_rules import parse
from knockflow.layers.in_strain import decided_of, of_strains
from knockflow.layers.regulation.rules import RuleRow
from knockflow.layers.regulation.strain import add_regulators
from knockflow.model.gpr import active
from knockflow.model.gpr import parse as parse_gpr
from knockflow.model.notes import REGULATOR_NOTE
from knockflow.model.question import Question
from knockflow.stages.export.bench import lab_rows
from knockflow.stages.export.strains import strain_model
from knockflow.validation.optimum import best, least_ratio_of_states, solved
from knockflow.validation.reevaluation import evaluate, least_yield, maximum, product_range, responding
from knockflow.validation.responses import at_least_total_flux, growth_lost
from knockflow.validation.strain import bounds_of, changed, changes_of, silenced, told_of
from knockflow.validation.validation import validate_design

NEAR = 2 * THRESHOLD
"""How far what follows from a flux just beyond a level is from what follows from the level."""


def growth_of(rules, design="", **keywords):
    model = model_of(rules, **keywords)
    with changed(model, design):
        return best(model)


@pytest.mark.parametrize(
    ("rules", "growth"),
    [
        ({}, 10),
        ({"g1": "false"}, 7.5),
        ({"g1": "true"}, 10),
        ({"g1": "s > 9"}, 10),
        ({"g1": "s > 10"}, 7.5),
        ({"g1": "not o > 0"}, 7.5),
        ({"g1": "s < 11 and o >= 5"}, 10),
        ({"g1": "p > 0 or x > 0"}, 7.5),
        ({"g1": "unknown"}, 7.5),
        ({"g1": "not unknown > 3"}, 10),
        ({"g1": "r1", "r1": "not r2", "r2": "s > 0"}, 7.5),
        ({"g1": "not r1", "r1": "s > 0", "g4": "r1"}, 7.5),
        ({"g1": "false", "g4": "false"}, 5),
        ({"g1": "false", "g4": "false", "g2": "false"}, 5),
        ({"g1": "false", "g4": "false", "g2": "false", "g3": "false"}, 0),
        # rules over fluxes: FAST only while SLOW carries more than 2, so 2 + THRESHOLD give half of it
        ({"g1": "SLOW > 2", "g5": "false"}, 10 - 0.5 * (2 + THRESHOLD)),
        ({"g1": "SLOW >= 2", "g5": "false"}, 10 - 0.5 * 2),
        ({"g1": "not SLOW < 2", "g5": "false"}, 10 - 0.5 * 2),
        # with SWAP, q of p brings x back to s: nothing is lost
        ({"g1": "SLOW > 2"}, 10),
        ({"g1": "SLOW <= 2"}, 10),
        ({"g1": "BIO < 9"}, 9 - THRESHOLD),
        ({"g1": "BIO <= 9"}, 9),
        ({"g1": "growth <= 9"}, 9),
        ({"g1": "BACK", "g5": "false"}, 10 - 0.25 * THRESHOLD),
        # nothing makes the q that BACK needs to run in reverse, but SWAP
        ({"g1": "BACK < 0", "g5": "false"}, 7.5),
        ({"g1": "BACK < 0"}, 10),
        # without a flux that its own rule forbids there is no state in which g1 is on
        ({"g1": "not FAST > 0"}, 7.5),
    ],
)
def test_growth_under_rules(rules, growth):
    assert growth_of(rules) == pytest.approx(growth, abs=1e-8)


def test_a_demanded_flux_of_a_reaction_that_is_off_leaves_no_state():
    reactions = REACTIONS | {"FAST": ({"s": -1, "x": 1}, 1, 100, "g1")}
    assert np.isnan(growth_of({"g1": "false"}, reactions=reactions))
    assert growth_of({"g1": "SLOW > 2", "g5": "false"}, reactions=reactions) == pytest.approx(9, abs=NEAR)


@pytest.mark.parametrize(
    ("rules", "growths"),
    [
        # either r1 or r2: two consistent assignments
        ({"g1": "r1", "g4": "r2", "r1": "not r2", "r2": "not r1"}, {"": 10, "-r1": 7.5, "-r2": 10, "-r1;-r2": 5}),
        # none at all
        ({"g1": "r1", "r1": "not r1"}, {"": None, "-r1": 7.5}),
        # on if it is on
        ({"g1": "r1", "r1": "r1"}, {"": 10, "-r1": 7.5}),
        # a cycle through fluxes
        ({"g1": "r1", "r1": "not SLOW > 0", "g2": "not r1", "g3": "not r1"}, {"": 10, "-r1": 7.5}),
    ],
)
def test_every_consistent_assignment_of_a_cycle_is_a_state(rules, growths):
    for design, growth in growths.items():
        found = growth_of(rules, design)
        assert np.isnan(found) if growth is None else found == pytest.approx(growth, abs=1e-6), design


def test_a_removed_regulator_turns_on_what_it_represses():
    rules = {"g1": "not r1", "r1": "s > 0"}
    assert growth_of(rules) == pytest.approx(7.5)
    assert growth_of(rules, "-r1") == pytest.approx(10)
    assert growth_of(rules, "-r1;-g1") == pytest.approx(7.5)


def test_a_design_that_changes_the_medium_changes_the_rules():
    rules = {"g1": "not o > 0"}
    assert growth_of(rules) == pytest.approx(7.5)
    assert growth_of(rules, "-EX_o") == pytest.approx(10)
    assert growth_of(rules, "EX_o>=0") == pytest.approx(10)
    assert growth_of({"g1": "o > 5"}, "EX_o>=-6") == pytest.approx(10)


def test_a_limited_gene_beside_one_that_rules_switch():
    rules = {"g1": "false", "g4": "false", "g3": "EX_p > 2"}
    # both genes: no limit; g3 off: at most 3 through SLOW, so p is at most 1.5
    assert growth_of(rules, "g2<=3") == pytest.approx(5)
    assert growth_of(rules | {"g3": "EX_p < 1"}, "g2<=3") == pytest.approx(1.5)
    assert growth_of(rules | {"g3": "false"}, "g2<=3") == pytest.approx(1.5)


def test_conditions_and_names():
    assert growth_of({"g1": "pH < 4"}, conditions={"pH": 3}) == pytest.approx(10)
    assert growth_of({"g1": "pH < 4"}, conditions={"pH": 7}) == pytest.approx(7.5)
    assert growth_of({"g1": "r1", "r1": "true"}, conditions={"r1": False}) == pytest.approx(7.5)
    assert growth_of({"g1": "Growth <= 9"}, names={"Growth": "BIO"}) == pytest.approx(9)
    assert growth_of({"GENE": "false"}, names={"GENE": "g1"}) == pytest.approx(7.5)


def test_nothing_of_a_strain_stays_behind():
    model = model_of({"g1": "SLOW > 2"})
    before = {reaction.id: reaction.bounds for reaction in model.reactions}, len(model.constraints)
    with changed(model, "-g4"):
        assert len(decided_of(model)) == 1
        evaluate(model, ASKED)
    assert decided_of(model) == ()
    assert before == ({reaction.id: reaction.bounds for reaction in model.reactions}, len(model.constraints))
    assert best(model) == pytest.approx(10)


def test_regulators_are_genes_of_the_model():
    model = model_of({"g1": "not r1", "r1": "s > 0", "Pool": "r1"})
    assert model.genes.r1.notes[REGULATOR_NOTE] == "s > 0"
    assert "Pool" not in model.genes
    assert [layer.on_gene(model, "r1") for layer in of_strains(model)] == ["in the rules of Pool, g1"]
    assert changes_of(model, "-r1").removed == {"r1"}
    with pytest.raises(FileError, match="no reaction, gene or pathway `Pool`"):
        changes_of(model, "-Pool")
    plain = model_of()
    add_regulators(plain, {"g9": RuleRow(parse("true"), "true"), "xx": RuleRow(parse("true"), "true")}, {})
    assert "g9" in plain.genes
    assert "xx" not in plain.genes
    assert of_strains(plain) == ()


def test_what_rules_close_and_what_they_leave_to_fluxes():
    model = model_of({"g1": "not r1", "r1": "s > 0", "g4": "SLOW > 2", "g2": "false"})
    assert bounds_of(model, changes_of(model, "")) == {"FAST": (0, 0), "SWAP": (0, 0)}
    assert bounds_of(model, changes_of(model, "-r1")) == {}
    assert told_of(model, "")["regulation"].endswith("left to fluxes: BACK")
    assert told_of(model, "-g4")["regulation"].endswith("left to fluxes: none")
    # FAST is off in the wild type already
    assert silenced(model, "-g1;-g4;-g3") == ["BACK", "SLOW"]


def test_a_strain_as_sbml_has_what_is_closed_and_says_what_is_left_to_fluxes():
    model = model_of({"g1": "not r1", "r1": "s > 0", "g4": "SLOW > 2"})
    strain = strain_model(model, "-g3", "case robustknock rank 1")
    assert strain.reactions.FAST.bounds == (0, 0)
    assert strain.reactions.BACK.bounds == (-100, 100)
    assert strain.notes["regulation"] == "rules of genes were applied in this medium; left to fluxes: BACK"
    assert "r1" not in strain.genes
    made = dict.fromkeys(VALIDATION.names, "") | {
        "rank": "1",
        "interventions": "-r1",
        "genes": "r1",
        "by_genes": "same",
    }
    assert [row["note"] for row in lab_rows(model, [made], [made])] == ["in the rules of g1"]


def test_the_plain_range_stands_beside_that_with_rules():
    model = model_of({"g1": "not r1", "r1": "s > 0"})
    plain = model_of()
    add_regulators(plain, {"r1": RuleRow(parse("true"), "true", "gene")}, {})
    claim = {"rank": "1", "interventions": "-g4;-r1"} | dict.fromkeys(
        ("value_mmol_per_gdw_h", "growth_per_h", "product_min_mmol_per_gdw_h", "product_max_mmol_per_gdw_h"), ""
    )
    claim |= dict.fromkeys(("product_min_at_min_growth_mmol_per_gdw_h", "yield_min_mol_per_mol"), "")
    row = validate_design(model, ASKED, "robustknock", claim, "cobra+layer", plain=plain)
    assert row["growth_per_h"] == pytest.approx(10)
    row = validate_design(model, ASKED, "robustknock", claim | {"interventions": "-g4"}, "cobra+layer", plain=plain)
    assert row["growth_per_h"] == pytest.approx(5)
    assert row["product_min_mmol_per_gdw_h"] == pytest.approx(5)
    assert row["plain_growth_per_h"] == pytest.approx(10)
    assert row["plain_product_max_mmol_per_gdw_h"] == pytest.approx(0, abs=1e-6)


def test_coupling_over_states_that_are_not_one_polytope():
    # FAST runs only while SLOW carries 2: without it all p comes from SLOW, so every state that grows makes p.
    model = model_of({"g1": "SLOW > 2", "g4": "false", "g5": "false"})
    with changed(model, ""):
        found = evaluate(model, ASKED)
        assert found["coupling"] == "substrate-uptake"
        # the least p by growth: SLOW = 2, FAST = 8, v_b = 9, p = 1; at growth 1 SLOW = 2 by itself
        assert least_ratio_of_states(model, {"EX_p": 1.0}, "BIO", 1.0, 1e-6) == pytest.approx(1 / 9, abs=NEAR)
        assert found["product_min_at_min_growth_mmol_per_gdw_h"] == pytest.approx(1, abs=NEAR)
        assert least_yield(model, ASKED) == pytest.approx(0.1, abs=NEAR)
        assert growth_lost(model, ASKED, maximum(model, "BIO")) == pytest.approx(9, abs=NEAR)
    model = model_of({"g1": "not SLOW > 2", "g4": "false", "g5": "false"})
    with changed(model, ""):
        assert evaluate(model, ASKED)["coupling"] == "none"
        assert least_yield(model, ASKED) == pytest.approx(0, abs=1e-6)


def test_responses_of_states_that_are_not_one_polytope():
    # At growth 10, FAST by itself has a flux of 30 in all; with SLOW for r1, what is lost as p comes back by SWAP.
    model = model_of({"g1": "r1 or BACK > 0", "r1": "SLOW > 2", "g5": "false"})
    with changed(model, ""):
        assert best(model) == pytest.approx(10 - 0.25 * THRESHOLD, abs=1e-8)
        found = at_least_total_flux(model, ASKED, maximum(model, "BIO"))
        assert found["product_max_at_least_total_flux_mmol_per_gdw_h"] == pytest.approx(0, abs=NEAR)
    tilted = Question("EX_p", "EX_s", 1.0, {"BIO": 1.0, "EX_p": 0.6}, biomass="BIO")
    with changed(model, ""), responding(model, tilted):
        # SLOW by itself is worth 0.5 + 0.3; beside FAST 2 of it are worth 8 + 1.6
        assert best(model) == pytest.approx(10 - 0.25 * THRESHOLD, abs=NEAR)
    tilted = Question("EX_p", "EX_s", 1.0, {"BIO": 1.0, "EX_p": 1.2}, biomass="BIO")
    with changed(model, ""), responding(model, tilted):
        # 0.5 + 0.6 of SLOW beats 1 of FAST: no FAST at all
        assert product_range(model, tilted) == pytest.approx((5, 5), abs=NEAR)


def test_the_flux_of_an_optimum_is_that_of_its_own_state():
    model = model_of({"g1": "SLOW > 2", "g5": "false"})
    with changed(model, ""):
        value, (slow, fast) = solved(model, [model.reactions.SLOW, model.reactions.FAST])
    assert value == pytest.approx(9, abs=NEAR)
    assert (slow, fast) == pytest.approx((2, 8), abs=NEAR)


# Brute force ------------------------------------------------------------------------------------------------------

GENES = ("g1", "g2", "g3", "g4", "g5")
SYMBOLS = ("r1", "r2")
COMPARED = ("SLOW > 2", "BACK < 0", "BIO > 4", "EX_p > 0", "SWAP <= 1")


@st.composite
def rule_texts(draw):
    words = (*GENES, *SYMBOLS, *COMPARED, "o > 0", "o > 5", "BACK")
    parts = [
        f"not ({part})" if draw(st.booleans()) else part
        for part in draw(st.lists(st.sampled_from(words), min_size=1, max_size=3))
    ]
    return draw(st.sampled_from([" and ", " or "])).join(parts)


@st.composite
def tables(draw):
    names = draw(st.lists(st.sampled_from([*GENES, *SYMBOLS]), min_size=1, max_size=4, unique=True))
    return {name: draw(rule_texts()) for name in names}


class BruteForce:
    """Every assignment of symbols and comparisons, each a linear program of its own."""

    def __init__(self, rules, removed):
        self.rules = {name: parse(text) for name, text in rules.items()}
        self.removed = removed
        self.index = {name: number for number, name in enumerate(REACTIONS)}
        metabolites = sorted({name for one in REACTIONS.values() for name in one[0]})
        self.matrix = np.array([[one[0].get(name, 0) for one in REACTIONS.values()] for name in metabolites])
        # How a flux lies to the levels that rules compare it with: below or at, above.
        self.levels = {"SLOW": 2, "BIO": 4, "EX_p": 0, "SWAP": 1}

    def pieces(self):
        genes = sorted({*GENES, *self.rules})
        for on in product([False, True], repeat=len(genes)):
            state = dict(zip(genes, on, strict=True))
            for above in product([False, True], repeat=len(self.levels)):
                for back in ("<", "0", ">"):
                    place = dict(zip(self.levels, above, strict=True)) | {"BACK": back}
                    if all(on == self.is_on(name, state, place) for name, on in state.items()):
                        yield self.bounds(state, place)

    def is_on(self, name, state, place):
        return name not in self.removed and (name not in self.rules or self.holds(self.rules[name], state, place))

    def holds(self, rule, state, place):
        kind = rule[0]
        if kind == "not":
            return not self.holds(rule[1], state, place)
        if kind in ("and", "or"):
            return (all if kind == "and" else any)(self.holds(part, state, place) for part in rule[1])
        name = rule[1]
        if name == "BACK":
            return place["BACK"] != "0" if kind == "symbol" else place["BACK"] == "<"
        if name == "o":
            return rule[3] < 5
        if name in self.levels:
            return place[name] == (rule[2] == ">")
        return state.get(name, False)

    def bounds(self, state, place):
        gone = {name for name, on in state.items() if not on}
        lower = np.array([one[1] for one in REACTIONS.values()], float)
        upper = np.array([one[2] for one in REACTIONS.values()], float)
        for number, (_, _, _, rule) in enumerate(REACTIONS.values()):
            if not active(parse_gpr(rule), gone):
                lower[number] = upper[number] = 0
        for name, above in place.items():
            number = self.index[name]
            if name == "BACK":
                least, most = {"<": (-100, -THRESHOLD), "0": (0, 0), ">": (THRESHOLD, 100)}[above]
            else:
                level = self.levels[name]
                least, most = (level + THRESHOLD, 100) if above else (-100, level)
            lower[number], upper[number] = max(lower[number], least), min(upper[number], most)
        return lower, upper

    def optimum(self, reaction, sign, floor=None):
        found = []
        for lower, upper in self.pieces():
            if floor is not None:
                lower = lower.copy()
                lower[self.index["BIO"]] = max(lower[self.index["BIO"]], floor)
            if (lower > upper).any():
                continue
            cost = np.zeros(len(REACTIONS))
            cost[self.index[reaction]] = -sign
            result = linprog(
                cost,
                A_eq=self.matrix,
                b_eq=np.zeros(len(self.matrix)),
                bounds=np.array([lower, upper]).T,
                method="highs",
            )
            if result.status == 0:
                found.append(-sign * result.fun)
        return (max if sign > 0 else min)(found) if found else np.nan


def relevant(rules):
    """Rules without those that no reaction depends on: there a contradiction is none of the cell."""
    used, waiting = set(GENES), list(GENES)
    while waiting:
        name = waiting.pop()
        words = rules.get(name, "").replace("(", " ").replace(")", " ").split()
        for word in set(words) & set(SYMBOLS) - used:
            used.add(word)
            waiting.append(word)
    return {name: text for name, text in rules.items() if name in used}


@pytest.mark.full
@settings(max_examples=examples(27), suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.sets(st.sampled_from([*GENES, *SYMBOLS]), max_size=2))
def test_optima_are_those_of_every_assignment_tried(rules, removed):
    rules = relevant(rules)
    removed = {name for name in removed if name in GENES or name in rules}
    model = model_of(rules)
    brute = BruteForce(rules, removed)
    with changed(model, ";".join(f"-{name}" for name in sorted(removed))):
        growth = best(model)
        wanted = brute.optimum("BIO", 1)
        assert growth == pytest.approx(wanted, abs=1e-6, nan_ok=True)
        for floor in (None if np.isnan(growth) else growth * (1 - 1e-8), 1.0):
            if floor is None:
                continue
            least, most = product_range(model, ASKED, floor)
            assert least == pytest.approx(brute.optimum("EX_p", -1, floor), abs=2e-5, nan_ok=True)
            assert most == pytest.approx(brute.optimum("EX_p", 1, floor), abs=2e-5, nan_ok=True)
