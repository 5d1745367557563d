"""Curation: one test for each check and repair, on models small enough to check by hand."""

import os
import time
from pathlib import Path

import cobra
import pytest
from cobra.flux_analysis import find_blocked_reactions
from curated_toy import build, case, lines, toy, why
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from knockflow.base.errors import ConfigError, ModelError
from knockflow.model.curation import curate, find_substrate
from knockflow.model.curation.network import blocked, dead_ends, is_exchange, open_network
from knockflow.model.entries.genes import RuleError, read_rule, settle_rule
from knockflow.model.read import read_model


def test_sound_model_gets_no_change_and_no_warning():
    model = toy()
    model.reactions[1].gene_reaction_rule = "b1"
    findings = curate(model, case())
    assert [f for f in findings if f.severity != "info"] == []
    assert lines(findings, "growth") == [("BIOMASS", "10.000000", "")]
    assert lines(findings, "product") == [("EX_pyr_e", "20.000000", "")]


def test_all_unknown_names_come_as_one_error():
    model = toy()
    model.reactions.SPLIT.gene_reaction_rule = "b1676"
    model.genes.b1676.name = "pykF"
    model.reactions.SPLIT.subsystem = "Glycolysis"
    wrong = case(
        product="EX_pyr(e)",
        medium={"R_EX_glc_e": 10, "GLCt": 1, "EX_glc_e": -1},
        biomass="BIOMAS",
        substrate="glc_e",
        cell_objective={"SPLITT": 1},
        targets={
            "level": "genes",
            "include": ["pykF"],
            "exclude": ["b1677"],
            "costs": {"b9": 1},
            "subsystems": ["glyc"],
        },
    )
    with pytest.raises(ConfigError) as raised:
        curate(model, wrong)
    expected = {
        "cases.pyr.product: ": "EX_pyr_e?",
        "cases.pyr.medium: no exchange 'R_EX_glc_e'": "did you mean EX_glc_e",
        "cases.pyr.medium: 'GLCt' is an inner reaction": "",
        "cases.pyr.medium: EX_glc_e: -1 is no uptake": "0 or a positive number",
        "cases.pyr.biomass: ": "did you mean BIOMASS",
        "cases.pyr.substrate: ": "did you mean EX_glc_e",
        "cases.pyr.cell_objective: ": "did you mean SPLIT",
        "cases.pyr.targets.include: ": "did you mean b1676",
        "cases.pyr.targets.exclude: ": "did you mean b1676",
        "cases.pyr.targets.costs: no gene or reaction 'b9'": "",
        "cases.pyr.targets.subsystems: ": "did you mean Glycolysis",
    }
    said = str(raised.value).splitlines()
    assert len(said) == len(expected)
    for line, (start, part) in zip(said, expected.items(), strict=True):
        assert line.startswith(start)
        assert part in line


@pytest.mark.parametrize("spelling", ["EX_pyr(e)", "R_EX_pyr_e", "EX_pyr[e]", "ex_pyr_e", "EX_pyr_LPAREN_e_RPAREN_"])
def test_other_spellings_are_suggested_not_accepted(spelling):
    with pytest.raises(ConfigError, match=r"did you mean EX_pyr_e"):
        curate(toy(), case(product=spelling))


def test_unknown_product_says_how_its_metabolite_leaves():
    with pytest.raises(ConfigError, match=r"\(it leaves the model through EX_pyr_e\)"):
        curate(toy(), case(product="pyr"))


def test_unknown_product_says_that_its_metabolite_has_no_exchange():
    with pytest.raises(ConfigError, match=r"metabolite pyr_c has no exchange: product EX_pyr_c would add one"):
        curate(toy(drop=("PYRt", "EX_pyr_e")), case(product="pyr"))


def test_missing_product_exchange_is_added_for_secretion_only():
    model = toy(drop=("PYRt", "EX_pyr_e"))
    findings = curate(model, case(product="EX_pyr_c"))
    assert lines(findings, "product", "change") == [("EX_pyr_c", "", "pyr_c --> [0, 1000]")]
    assert model.reactions.EX_pyr_c.reaction.strip() == "pyr_c -->"
    assert lines(findings, "product", "info") == [("EX_pyr_c", "20.000000", "")]


def test_added_exchange_mentions_the_one_of_another_compartment():
    assert "(the model also has EX_pyr_e)" in why(curate(toy(), case(product="EX_pyr_c")), "product", "change")


def test_without_repair_no_exchange_is_added():
    with pytest.raises(ConfigError, match="a metabolite 'pyr_c' without an exchange; set repair to true"):
        curate(toy(drop=("PYRt", "EX_pyr_e")), case(product="EX_pyr_c", repair=False))


def test_medium_sets_uptakes_and_records_only_what_differs():
    model = toy(
        ("EX_o2_e", "o2_e <=>", -1000, 1000), ("USE", "o2_e --> co2_e", 0, 9), ("EX_co2_e", "co2_e <=>", 0, 1000)
    )
    findings = curate(model, case(medium={"EX_glc_e": 10, "EX_o2_e": 0, "EX_pyr_e": 2.5}))
    assert lines(findings, "medium") == [
        ("EX_o2_e", "[-1000, 1000]", "[0, 1000]"),
        ("EX_pyr_e", "[0, 1000]", "[-2.5, 1000]"),
    ]
    assert model.reactions.EX_o2_e.bounds == (0, 1000)
    assert model.reactions.EX_co2_e.bounds == (0, 1000)


def test_medium_below_a_forced_uptake_is_an_error():
    model = toy()
    model.reactions.EX_glc_e.bounds = (-10, -8)
    with pytest.raises(ConfigError, match="force an uptake of at least 8"):
        curate(model, case(medium={"EX_glc_e": 5}))


def test_exchange_written_as_uptake_is_turned_round():
    model = toy(("EX_glc2_e", "--> glc_e", 0, 7), drop=("EX_glc_e",))
    findings = curate(model, case(medium={"EX_glc2_e": 4}))
    assert lines(findings, "medium") == [
        ("EX_glc2_e", "--> glc_e [0, 7]", "glc_e <-- [-7, 0]"),
        ("EX_glc2_e", "[-7, 0]", "[-4, 0]"),
    ]
    assert lines(findings, "growth") == [("BIOMASS", "4.000000", "")]


def test_substrate_is_the_largest_organic_uptake_of_the_medium():
    model = toy(("EX_co2_e", "co2_e <=>", -1000, 1000))
    chosen = case(medium={"EX_co2_e": 500, "EX_glc_e": 3, "EX_pyr_e": 8})
    assert lines(curate(model, chosen), "substrate", "info") == [("EX_pyr_e", "[-8, 1000]", "")]
    assert find_substrate(model, chosen) == "EX_pyr_e"


def test_substrate_falls_back_to_the_models_own_uptake():
    model = toy(("EX_o2_e", "o2_e <=>", -20, 1000))
    assert lines(curate(model, case(medium={"EX_o2_e": 5})), "substrate") == [("EX_glc_e", "[-10, 1000]", "")]


def test_equal_uptakes_are_mentioned_and_the_first_is_taken():
    findings = curate(toy(), case(medium={"EX_pyr_e": 10, "EX_glc_e": 10}))
    assert lines(findings, "substrate") == [("EX_glc_e", "[-10, 1000]", "")]
    assert "EX_pyr_e as large" in why(findings, "substrate")


def test_named_substrate_that_is_closed_is_a_warning():
    assert lines(curate(toy(), case(substrate="EX_pyr_e")), "substrate", "warning") == [("EX_pyr_e", "[0, 1000]", "")]


def test_endless_bounds_are_clipped_to_the_models_usual_bound():
    model = toy()
    model.reactions.SPLIT.upper_bound = 999999
    model.reactions.GLCt.bounds = (-float("inf"), 1000)
    findings = curate(model, case())
    assert lines(findings, "bounds", "change") == [
        ("GLCt", "[-inf, 1000]", "[-1000, 1000]"),
        ("SPLIT", "[0, 999999]", "[0, 1000]"),
        ("model", "10.000000", "10.000000"),
    ]
    assert model.reactions.SPLIT.upper_bound == 1000


def test_usual_bound_is_the_models_own():
    model = toy()
    model.reactions.GLCt.bounds = (-5000, 5000)
    model.reactions.SPLIT.upper_bound = 99999
    curate(model, case())
    assert model.reactions.SPLIT.upper_bound == 5000


def test_without_repair_endless_bounds_are_only_reported():
    model = toy()
    model.reactions.SPLIT.upper_bound = 999999
    assert lines(curate(model, case(repair=False)), "bounds", "warning") == [("SPLIT", "[0, 999999]", "")]
    assert model.reactions.SPLIT.upper_bound == 999999


def test_bounds_that_make_no_sense_are_named_together():
    model = toy()
    model.reactions.SPLIT._lower_bound = 1001
    model.reactions.PYRt._upper_bound = float("nan")
    with pytest.raises(ModelError, match="SPLIT: lower bound 1001 is above upper bound 1000\nreaction PYRt: .*nan"):
        curate(model, case())


def test_rounding_error_in_bounds_is_mended():
    model = toy()
    model.reactions.SPLIT._lower_bound = 1 + 1e-12
    model.reactions.SPLIT._upper_bound = 1.0
    assert [item for item, _, _ in lines(curate(model, case()), "bounds", "change")] == ["SPLIT"]
    assert model.reactions.SPLIT.lower_bound == model.reactions.SPLIT.upper_bound


def test_unbalanced_reaction_is_a_warning_with_what_is_off():
    model = toy(("BAD", "glc_c --> pyr_c", 0, 1000))
    model.metabolites.pyr_c.charge = model.metabolites.pyr_e.charge = -1
    findings = curate(model, case())
    assert lines(findings, "balance", "warning") == [
        ("SPLIT", "charge -2", ""),
        ("BAD", "C -3, H -6, O -3, charge -1", ""),
    ]
    assert lines(findings, "balance", "info") == [("BIOMASS", "", "")]


def test_missing_formulas_and_charges_are_listed_in_one_line_each():
    model = toy()
    model.metabolites.pyr_c.formula = None
    model.metabolites.glc_c.charge = float("nan")
    findings = curate(model, case())
    assert lines(findings, "formula") == [("model", "pyr_c", "")]
    assert lines(findings, "charge") == [("model", "glc_c", "")]
    assert "2 reactions were not checked for mass" in why(findings, "formula")
    assert lines(findings, "balance", "warning") == []


def test_dead_ends_of_every_kind():
    model = toy(
        ("A", "glc_c --> x1_c", 0, 9),
        ("B", "pyr_c --> x2_c", 0, 9),
        ("C", "glc_c --> x2_c", 0, 9),
        ("D", "x3_c --> pyr_c", 0, 9),
        ("E", "x3_c --> glc_c", 0, 9),
        ("F", "x4_c --> glc_c", 0, 0),
        ("G", "x4_c --> pyr_c", 0, 0),
    )
    model.add_metabolites([cobra.Metabolite("x5_c", compartment="c")])
    assert {f.item: f.why for f in curate(model, case()) if f.check == "dead end"} == {
        "x1_c": "in one reaction only: A",
        "x2_c": "produced but never consumed: B, C",
        "x3_c": "consumed but never produced: D, E",
        "x4_c": "all its reactions are closed: F, G",
        "x5_c": "in no reaction",
    }


def test_blocked_reactions_and_why():
    model = toy(
        ("A", "glc_c --> x1_c", 0, 9),
        ("B", "x1_c --> x2_c", 0, 9),
        ("OFF", "glc_c --> pyr_c", 0, 0),
        ("R1", "x3_c --> 2 x4_c", 0, 9),
        ("R2", "x4_c --> x3_c", 0, 9),
        ("ATPM", "glc_c --> pyr_c", 1, 9),
    )
    assert {f.item: f.why for f in curate(model, case()) if f.check == "blocked"} == {
        "A": "a dead end stops it in any medium",
        "B": "a dead end stops it in any medium",
        "OFF": "both bounds are 0",
        "R1": "no steady state of the network uses it in any medium",
        "R2": "no steady state of the network uses it in any medium",
    }
    assert "A" in model.reactions


def test_nutrient_left_out_of_the_medium_blocks_nothing():
    findings = curate(toy(), case(medium={"EX_glc_e": 0}))
    assert lines(findings, "blocked") == lines(findings, "dead end") == []


@st.composite
def networks(draw) -> cobra.Model:
    """Random networks of six metabolites with closed, one-way, two-way and forced reactions."""
    rows = [("EX_0_c", "m0_c <=>", -1, 5), ("EX_1_c", "m1_c -->", 0, 5)]
    for number in range(draw(st.integers(1, 9))):
        left, right = draw(st.lists(st.integers(0, 5), min_size=2, max_size=2, unique=True))
        extra = draw(st.sampled_from(["", f" + m{(right + 1) % 6}_c"]))
        lower, upper = draw(st.sampled_from([(0, 9), (-9, 9), (-9, 0), (0, 0), (1, 9)]))
        rows.append((f"R{number}", f"m{left}_c <=> {draw(st.integers(1, 2))} m{right}_c{extra}", lower, upper))
    return build(*rows, objective="")


@settings(max_examples=examples(27), deadline=None, derandomize=True)
@given(networks())
def test_blocked_reactions_agree_with_cobra(model):
    found = {finding.item for finding in blocked(model, open_network(model))}
    for reaction in model.reactions:
        lower, upper = reaction.bounds
        reaction.bounds = (-1000, 1000) if is_exchange(reaction) else (1000 * min(lower, 0), 1000 * max(upper, 0))
    assert found == set(find_blocked_reactions(model, processes=1))


def test_dead_end_metabolites_touch_only_blocked_reactions():
    model = toy(("A", "glc_c --> x1_c", 0, 9), ("B", "x1_c --> x2_c", 0, 9))
    network = open_network(model)
    stopped = {finding.item for finding in blocked(model, network)}
    for finding in dead_ends(model, network):
        assert {r.id for r in model.metabolites.get_by_id(finding.item).reactions} <= stopped


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("b1 AND b2", "b1 and b2"),
        ("b1 And (b2 oR b3)", "b1 and (b2 or b3)"),
        ("b1 && b2 || b3", "b1 and b2 or b3"),
        ("b1&b2|b3", "b1 and b2 or b3"),
        (" ( 1234.1 or 5678.2 ) ", "(1234.1 or 5678.2)"),
        ("Y-ABC:2 and and1", "Y-ABC:2 and and1"),
        ("", ""),
        ("()", ""),
    ],
)
def test_rules_are_read(text, rule):
    assert read_rule(text) == rule


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("(b1 and b2", "an opening bracket is not closed"),
        ("b1 and b2)", "a closing bracket has no opening one"),
        ("b1 b2", "after 'b1' comes 'b2'"),
        ("b1 and", "it ends with 'and'"),
        ("and b1", "after the start comes 'and'"),
        ("b1 or ()", "after '\\(' comes '\\)'"),
        ("b1, b2", "comes 'b2'"),
        ("not b1", "after 'not' comes 'b1'"),
        ("b1#x or b2", "'b1#x' holds a sign"),
        ("b1+b2", "holds a sign"),
    ],
)
def test_rules_that_cannot_be_read_say_where(text, complaint):
    with pytest.raises(RuleError, match=complaint):
        read_rule(text)


def test_unreadable_rule_is_a_warning_and_a_change():
    rule, findings = settle_rule("R", "(b1")
    assert rule == ""
    assert [(f.severity, f.before, f.after) for f in findings] == [("warning", "(b1", ""), ("change", "(b1", "")]
    assert settle_rule("R", "( b1 or b2 )")[1] == []


@given(st.recursive(st.sampled_from(["b1", "b2", "s0001"]), lambda rule: st.tuples(rule, rule)))
def test_well_formed_rules_keep_their_genes(tree):
    def spelled(node):
        return node if isinstance(node, str) else f"({spelled(node[0])} AND {spelled(node[1])})"

    rule = read_rule(spelled(tree))
    assert cobra.core.gene.GPR.from_string(rule).genes == {"b1", "b2", "s0001"} & set(
        rule.replace("(", " ").replace(")", " ").split()
    )


def test_unused_genes_are_listed():
    model = toy()
    model.reactions.SPLIT.gene_reaction_rule = "b1"
    model.genes.append(cobra.Gene("b0"))
    assert lines(curate(model, case()), "unused gene") == [("b0", "", "")]


def test_biomass_named_by_the_case_becomes_the_objective():
    model = toy(("GROW", "glc_c --> bio_c", 0, 5))
    findings = curate(model, case(biomass="GROW"))
    assert lines(findings, "objective", "change") == [("model", "max 1 BIOMASS", "max 1 GROW")]
    assert {r.id for r in model.reactions if r.objective_coefficient} == {"GROW"}


def test_minimized_objective_is_turned_to_maximization():
    model = toy()
    model.objective_direction = "min"
    assert lines(curate(model, case()), "objective") == [("model", "min 1 BIOMASS", "max 1 BIOMASS")]
    assert model.objective_direction == "max"


def test_only_biomass_reaction_is_found_by_name():
    findings = curate(toy(objective=""), case())
    assert "the only reaction that says biomass" in why(findings, "biomass", "info")
    assert lines(findings, "objective") == [("model", "max 0", "max 1 BIOMASS")]


def test_objective_that_does_not_look_like_growth_is_a_warning():
    assert lines(curate(toy(objective="SPLIT"), case()), "biomass", "warning")[0][0] == "SPLIT"


def test_second_open_biomass_reaction_is_a_warning():
    findings = curate(toy(("BIOMASS_2", "glc_c + pyr_c --> bio_c", 0, 1000)), case())
    assert lines(findings, "biomass", "warning") == [("BIOMASS_2", "[0, 1000]", "")]


def test_second_closed_biomass_reaction_is_only_mentioned():
    findings = curate(toy(("BIOMASS_2", "glc_c + pyr_c --> bio_c", 0, 0)), case())
    assert ("BIOMASS_2", "[0, 0]", "") in lines(findings, "biomass", "info")
    assert lines(findings, "biomass", "warning") == []


def test_same_biomass_recipe_twice_is_a_warning_once():
    findings = curate(toy(("BIOMASS_2", "2 glc_c --> 2 bio_c", 0, 0)), case())
    assert "the same recipe as BIOMASS_2" in why(findings, "biomass", "warning")
    assert lines(findings, "duplicate") == []


def test_several_biomass_reactions_without_objective_must_be_chosen():
    with pytest.raises(ModelError, match=r"cases.pyr.biomass: .*choose BIOMASS, BIOMASS_2"):
        curate(toy(("BIOMASS_2", "glc_c --> bio_c", 0, 9), objective=""), case())


def test_no_biomass_reaction_is_an_error():
    with pytest.raises(ModelError, match="cases.pyr.biomass: no biomass reaction found"):
        curate(toy(drop=("BIOMASS",), objective=""), case())


def test_duplicates_are_reported_pair_by_pair():
    model = toy(
        ("SPLIT2", "0.5 glc_c --> pyr_c", 0, 9),
        ("SPLIT3", "glc_c --> 2 pyr_c", 0, 9),
        ("JOIN", "2 pyr_c --> glc_c", 0, 9),
        ("PYRt2", "pyr_e <=> pyr_c", -9, 9),
    )
    findings = curate(model, case())
    pairs = [(f.item, f.why.split(" as ")[1].split(":")[0]) for f in findings if f.check == "duplicate"]
    assert pairs == [
        ("SPLIT", "SPLIT2"),
        ("SPLIT", "SPLIT3"),
        ("SPLIT2", "SPLIT3"),
        ("PYRt", "PYRt2, written the other way round"),
    ]


def test_forced_fluxes_are_mentioned():
    findings = curate(toy(("ATPM", "glc_c --> 2 pyr_c", 3, 1000)), case())
    assert lines(findings, "forced flux") == [("ATPM", "[3, 1000]", "")]
    assert "never a target" in why(findings, "forced flux")


def test_growth_below_min_growth_names_what_would_restore_it():
    findings = curate(toy(("GLN", "pyr_c --> 0.1 glc_c", 0, 1000)), case(medium={"EX_glc_e": 0.01}))
    assert lines(findings, "growth", "warning") == [("BIOMASS", "0.010000", "")]
    text = why(findings, "growth", "warning")
    assert "growth 0.010000 1/h in this medium where min_growth is 0.05" in text
    assert "EX_glc_e (uptake of at least 0.05 instead of 0.01) or EX_pyr_e (uptake of at least 0.4)" in text


def test_no_growth_for_a_reason_other_than_the_medium():
    model = toy()
    model.reactions.BIOMASS.upper_bound = 0
    assert "the medium is not the reason" in why(curate(model, case()), "growth", "warning")


def test_infeasible_model_names_the_forced_flux_at_fault():
    model = toy(("ATPM", "glc_c --> 2 pyr_c", 3, 1000), ("DRAIN", "pyr_e --> pyr_c", 1, 9))
    findings = curate(model, case(medium={"EX_glc_e": 1}))
    assert lines(findings, "growth") == [("model", "infeasible", "")]
    text = why(findings, "growth")
    assert text.startswith("in this medium no flux fits the bounds; opening one exchange brings it back")
    assert text.endswith("; ATPM must run and cannot")


def test_a_forced_flux_that_no_medium_feeds_is_named_first():
    model = toy(("ATPM", "x_c --> ", 3, 1000))
    assert why(curate(model, case()), "growth").startswith(
        "no flux fits the bounds: infeasible unless the forced flux of ATPM is relaxed"
    )


def test_a_medium_without_organic_carbon_is_told_first():
    model = toy(("ATPM", "glc_c --> 2 pyr_c", 3, 1000))
    for metabolite in model.metabolites:
        metabolite.formula = "C6H12O6" if metabolite.id.startswith("glc") else "C3H3O3"
    text = why(curate(model, case(medium={"EX_glc_e": 0})), "growth")
    assert text.startswith("no source of organic carbon in this medium: no flux fits the bounds; opening one exchange")


def test_lowering_min_growth_is_the_first_advice_and_what_it_says_suffices():
    model = toy(("GLN", "pyr_c --> 0.1 glc_c", 0, 1000))
    text = why(curate(model, case(medium={"EX_glc_e": 0.01234567})), "growth", "warning")
    assert "where min_growth is 0.05; lower min_growth to 0.0123 or less; or opening one exchange" in text
    again = curate(toy(), case(medium={"EX_glc_e": 0.01234567}, min_growth=0.0123))
    assert not lines(again, "growth", "warning")


def test_product_that_cannot_be_made_is_a_warning():
    model = toy()
    model.reactions.EX_pyr_e.upper_bound = 0
    findings = curate(model, case())
    assert "the upper bound lets no product out" in why(findings, "product", "warning")
    assert "cannot be made in this medium" in why(findings, "product", "warning")


def test_inner_reaction_as_product_is_a_warning():
    assert "no exchange" in why(curate(toy(), case(product="SPLIT")), "product", "warning")


def test_curation_does_not_depend_on_order_of_calls_and_changes_nothing_twice():
    first = curate(toy(), case(medium={"EX_glc_e": 5}))
    model = toy()
    assert curate(model, case(medium={"EX_glc_e": 5})) == first
    assert [f for f in curate(model, case(medium={"EX_glc_e": 5})) if f.severity == "change"] == []


DATA = Path(os.environ.get("KNOCKFLOW_DATA", "")) / "models"


@pytest.mark.full
@pytest.mark.skipif("KNOCKFLOW_DATA" not in os.environ, reason="KNOCKFLOW_DATA names no folder of models")
@pytest.mark.parametrize(
    ("name", "growth", "seconds"),
    [("ECC2", 0.982094, 5), ("iJR904", 0.921948, 5), ("iMM904", 0.287866, 15), ("iML1515", 0.876997, 20)],
)
def test_published_models_are_curated_quickly(name, growth, seconds, tmp_path):
    model, _ = read_model(str(DATA / f"{name}.json.gz"), tmp_path)
    began = time.perf_counter()
    findings = curate(model, case(product="EX_succ_e", medium={"EX_glc__D_e": 10}))
    assert time.perf_counter() - began < seconds
    assert float(lines(findings, "growth", "info")[0][1]) == pytest.approx(growth, abs=2e-6)
