"""Designs made by genes: which genes, what falls with them, and what becomes of growth and product."""

import random
from itertools import combinations

import cobra
import numpy as np
import pytest
from cobra.flux_analysis import flux_variability_analysis
from cobra.io import load_model

from knockflow.base.errors import ModelError
from knockflow.formulations.registry import FORMULATIONS
from knockflow.language.notation import interventions
from knockflow.model.constrained_model import add
from knockflow.model.constraints import Constraint
from knockflow.model.notes import PSEUDO_NOTE
from knockflow.validation.by_genes import realize
from knockflow.validation.carrying import carrying
from knockflow.validation.realization import Genome, _best_unions, realizations, same_states
from knockflow.validation.reevaluation import evaluate, prepare, question_of
from knockflow.validation.responses import of_response
from knockflow.validation.strain import changed

RULES = {
    # name: (stoichiometry, bounds, rule)
    "EX_s": ({"s": -1}, (-10, 0), ""),
    "EX_n": ({"n": -1}, (-10, 10), ""),
    "EX_p": ({"p": -1}, (0, 1000), ""),
    "BIO": ({"x": -1}, (0, 1000), ""),
    "GROW": ({"s": -1, "x": 1}, (0, 1000), "grow"),
    "BOTH": ({"s": -1, "x": 0.8, "p": 1}, (0, 1000), "both"),
    "SLOW": ({"s": -1, "x": 0.2}, (0, 1000), "slow and shared"),
    "WASTE": ({"s": -1}, (0, 1000), "waste or more"),
    "MORE": ({"s": -1}, (0, 1000), "more"),
    "NEED": ({"n": -1}, (0, 1000), ""),
    "SPARE": ({"s": -1, "n": 0.1}, (0, 1000), "sp or s0001"),
    "IN": ({"s": -1, "m": 1}, (0, 1000), "in1 and grow"),
    "OUT": ({"m": -1}, (0, 1000), "out and both"),
    "NEVER": ({"q": -1}, (0, 1000), "in1 and both"),
}


@pytest.fixture
def model():
    model = cobra.Model("small")
    for name, (stoichiometry, bounds, rule) in RULES.items():
        reaction = cobra.Reaction(name, lower_bound=bounds[0], upper_bound=bounds[1])
        model.add_reactions([reaction])
        for metabolite in stoichiometry:
            if metabolite not in model.metabolites:
                model.add_metabolites([cobra.Metabolite(metabolite, compartment="c")])
        reaction.add_metabolites({model.metabolites.get_by_id(key): float(v) for key, v in stoichiometry.items()})
        reaction.gene_reaction_rule = rule
    model.genes.s0001.notes[PSEUDO_NOTE] = "a reaction that runs without an enzyme"
    model.objective = "BIO"
    model.notes["substrate"] = "EX_s"
    prepare(model)
    return model


def made(model: cobra.Model, design: str, kind: str = "robustknock", options: dict | None = None, floor: float = 1.0):
    asked = question_of(model, "EX_p", floor)
    wanted = FORMULATIONS[kind]
    with changed(model, design):
        found = evaluate(model, asked) | of_response(model, asked, wanted)
    return realize(Genome(model), asked, wanted, design, found, options or {})


def test_the_genes_that_close_least_else_then_the_fewest(model):
    # `grow` closes IN besides, which could carry flux; the wild type needs neither
    row = made(model, "-SLOW")
    assert (row["genes"], row["also_closed"], row["by_genes"]) == (("shared",), (), "same")
    row = made(model, "-GROW")
    assert (row["genes"], row["also_closed"]) == (("grow",), ("IN",))
    assert row["by_genes"] == "same"
    # NEVER carries nothing, OUT is coupled to what is closed: both are no side effects
    assert made(model, "-BOTH;-IN")["also_closed"] == ()


def test_interchangeable_reactions_are_closed_where_it_costs_least(model):
    row = made(model, "-IN|OUT")
    assert (row["genes"], row["also_closed"], row["by_genes"]) == (("in1",), (), "same")


def test_a_rule_of_isozymes_takes_the_other_reaction_along(model):
    row = made(model, "-WASTE")
    assert (row["genes"], row["also_closed"]) == (("more", "waste"), ("MORE",))
    assert made(model, "-MORE;-WASTE")["also_closed"] == ()


def test_genes_are_chosen_for_all_reactions_together(model):
    model.reactions.SLOW.gene_reaction_rule = "a or b"
    model.reactions.MORE.gene_reaction_rule = "(a and c) or (b and d)"
    model.reactions.WASTE.gene_reaction_rule = "w"
    genome = Genome(model)
    # {a, d} or {b, c} would do for MORE alone
    assert realizations(genome, "-MORE;-SLOW")[0].genes == ("a", "b")


def test_what_kills_is_lethal_and_makes_nothing(model):
    model.reactions.BOTH.gene_reaction_rule = "grow"
    model.reactions.SLOW.gene_reaction_rule = "slow and grow"
    row = made(model, "-GROW")
    assert (row["by_genes"], row["also_closed"]) == ("lethal", ("BOTH", "IN", "SLOW"))
    assert row["growth_by_genes_per_h"] == pytest.approx(0)
    assert "product_min_by_genes_mmol_per_gdw_h" not in row


def test_what_grows_otherwise_is_changed_with_its_numbers(model):
    model.reactions.BOTH.gene_reaction_rule = "grow"
    row = made(model, "-GROW")
    assert row["by_genes"] == "changed"
    assert row["growth_by_genes_per_h"] == pytest.approx(2)
    assert row["product_max_by_genes_mmol_per_gdw_h"] == pytest.approx(0)
    # not if the case asks for more growth than it has
    assert made(model, "-GROW", floor=3.0)["by_genes"] == "lethal"


def test_without_a_floor_a_strain_that_stands_still_is_dead(model):
    model.reactions.BOTH.gene_reaction_rule = "grow"
    model.reactions.SLOW.gene_reaction_rule = "grow"
    assert made(model, "-GROW", floor=0.0)["by_genes"] == "lethal"


def test_another_choice_is_taken_where_the_first_is_not_the_same(model):
    # `h` alone closes one reaction besides, which growth needs; `i` and `j` close two that nothing needs
    model.reactions.WASTE.gene_reaction_rule = "h and i"
    model.reactions.BOTH.gene_reaction_rule = "h"
    model.reactions.GROW.gene_reaction_rule = "g"
    model.reactions.MORE.gene_reaction_rule = "i"
    model.reactions.SPARE.gene_reaction_rule = "i"
    first, second = realizations(Genome(model), "-GROW;-WASTE")
    assert (first.genes, second.genes) == (("g", "h"), ("g", "i"))
    row = made(model, "-GROW;-WASTE")
    assert (row["genes"], row["also_closed"], row["by_genes"]) == (("g", "i"), ("MORE", "SPARE"), "same")


def test_what_has_no_gene_is_impossible_and_says_why(model):
    row = made(model, "-GROW;-NEED")
    assert (row["by_genes"], row["by_genes_note"]) == ("impossible", "no gene is known for NEED")
    row = made(model, "-SPARE")
    assert row["by_genes"] == "impossible"
    assert row["by_genes_note"] == "no deletion closes SPARE: s0001 is no gene that can be deleted"
    assert made(model, "-EX_p")["by_genes"] == "impossible"
    with pytest.raises(ModelError, match="no gene is known for NEED"):
        realizations(Genome(model), "-NEED")


def test_an_exchange_is_closed_by_the_medium_as_far_as_that_goes(model):
    row = made(model, "-EX_n;-GROW")
    assert row["genes"] == ("grow",)
    assert row["by_genes_note"] == "EX_n is no longer offered in the medium"
    assert row["by_genes"] == "same"
    # what it takes out still leaves
    (one,) = realizations(Genome(model), "-EX_n")
    with changed(model, one.changes):
        assert model.reactions.EX_n.bounds == (0, 10)
    assert not same_states(Genome(model), "-EX_n", one)
    model.reactions.EX_n.upper_bound = 0
    assert same_states(Genome(model), "-EX_n", one)


def test_an_exchange_written_inwards_is_closed_the_other_way(model):
    model.reactions.EX_n.subtract_metabolites({model.metabolites.n: -2})
    model.reactions.EX_n.bounds = (-10, 10)
    (one,) = realizations(Genome(model), "-EX_n")
    with changed(model, one.changes):
        assert model.reactions.EX_n.bounds == (-10, 0)


@pytest.mark.parametrize("design", ["", "-grow", "SLOW<=3", "-grow;SLOW<=3", "grow<=3"])
def test_without_a_knocked_out_reaction_a_design_is_what_it_is(model, design):
    row = made(model, design)
    assert (row["by_genes"], row["also_closed"]) == ("same", ())
    assert row["genes"] == (("grow",) if "-grow" in design else ())
    assert row["growth_by_genes_per_h"] is not None


def test_of_genes_of_one_effect_one_is_deleted(model):
    model.reactions.GROW.gene_reaction_rule = "grow and other"
    model.reactions.IN.gene_reaction_rule = ""
    row = made(model, "-grow|other;-MORE")
    assert (row["genes"], row["by_genes"]) == (("grow", "more"), "same")


def test_cut_sets_are_the_same_where_they_cut_and_keep(model):
    growth = {"suppress": ["BIO >= 0.001"], "protect": []}
    # dead by design, dead by genes, whatever else they close
    row = made(model, "-BOTH;-GROW;-SLOW", "mcs", growth)
    assert (row["by_genes"], row["also_closed"]) == ("same", ("IN", "OUT"))
    kept = {"suppress": ["BIO >= 9"], "protect": ["BIO >= 1"]}
    assert made(model, "-GROW", "mcs", kept)["by_genes"] == "same"
    model.reactions.BOTH.gene_reaction_rule = model.reactions.SLOW.gene_reaction_rule = "grow"
    assert made(model, "-GROW", "mcs", kept)["by_genes"] == "lethal"
    assert made(model, "-GROW", "mcs", {"suppress": ["BIO >= 9"], "protect": []})["by_genes"] == "same"
    model.reactions.SLOW.gene_reaction_rule = "slow"
    assert made(model, "-GROW", "mcs", {"suppress": ["BIO >= 9"], "protect": ["EX_p >= 1"]})["by_genes"] == "changed"


def test_what_carries_flux_is_asked_of_the_strain(model):
    assert carrying(model, "", ["IN", "OUT", "NEVER", "GROW"]) == ["IN", "OUT", "GROW"]
    assert carrying(model, "-IN", ["IN", "OUT", "GROW"]) == ["GROW"]
    assert carrying(model, "", ["IN", "OUT"], first=True) == ["IN"]


@pytest.mark.parametrize("seed", range(20))
def test_the_joint_choice_is_the_best_of_all_combinations(seed):
    rng = random.Random(seed)
    genes = [f"g{n}" for n in range(7)]
    parts = [
        [frozenset(rng.sample(genes, rng.randint(1, 3))) for _ in range(rng.randint(1, 6))]
        for _ in range(rng.randint(1, 4))
    ]
    falls = [frozenset(rng.sample(genes, rng.randint(1, 3))) for _ in range(8)]

    def rank(cut):
        return sum(one <= cut for one in falls), len(cut), sorted(cut)

    found, whole = _best_unions(parts, rank, frozenset())
    unions = [frozenset()]
    for sets in parts:
        unions = [one | more for one in unions for more in sets]
    assert whole and found[0] == min(unions, key=rank)
    assert not any(one < other for one, other in combinations(found, 2))


# The core model ---------------------------------------------------------------------------------------------------


def test_the_second_best_design_for_succinate_kills_by_its_genes(core_case):
    best, second, *_ = core_case.design("robustknock", max_interventions=3).validate().to_dict("records")
    assert (best["by_genes"], best["interventions"]) == ("same", "-ACALD;-D_LACt2|LDH_D;-THD2")
    assert best["genes"] == ("b0351", "b1241", "b1380", "b1602", "b2133")
    assert second["interventions"] == "-ACALD;-D_LACt2|LDH_D;-TKT2" and second["verified"]
    assert (second["by_genes"], second["also_closed"]) == ("lethal", ("TKT1",))
    assert {"b2465", "b2935"} < set(second["genes"])  # tktB and tktA
    assert second["growth_by_genes_per_h"] == pytest.approx(0, abs=1e-9)
    assert second["growth_per_h"] == pytest.approx(0.106996, abs=1e-5)


def test_the_word_is_what_cobrapy_alone_finds_without_the_genes(core_case):
    rows = core_case.design("robustknock", max_interventions=3, max_designs=12).validate().to_dict("records")
    for row in rows:
        with load_model("textbook") as strain:
            strain.tolerance = 1e-9
            strain.reactions.EX_o2_e.lower_bound = 0
            cobra.manipulation.knock_out_model_genes(strain, list(row["genes"]))
            growth = strain.slim_optimize(error_value=np.nan)
        expected = {"same": row["growth_per_h"], "lethal": 0.0}[row["by_genes"]]
        assert growth == pytest.approx(expected, abs=1e-5), row["interventions"]


def test_at_level_genes_all_is_the_same(core_case_of_genes):
    rows = core_case_of_genes.design("robustknock", max_interventions=3, max_designs=5).validate().to_dict("records")
    assert {row["by_genes"] for row in rows} == {"same"}
    for row in rows:
        firsts = sorted(change.names[0] for change in interventions(row["interventions"]))
        assert list(row["genes"]) == firsts
        assert row["growth_by_genes_per_h"] == row["growth_per_h"]


@pytest.mark.parametrize("design", ["", "-PYK;-PFL"])
def test_what_carries_flux_is_what_has_a_flux_range(design):
    """Sums with random weights see what flux variability analysis sees, also where a row lets only little run."""
    model = load_model("textbook")
    shared = {one.id: 1.0 for one in model.reactions if one.lower_bound >= 0 and not one.objective_coefficient}
    add(model, [Constraint("budget", -float("inf"), 200.0, shared)])
    with changed(model, design):
        ranges = flux_variability_analysis(model, fraction_of_optimum=0.0, processes=1)
    wanted = [name for name, row in ranges.iterrows() if max(abs(row.minimum), abs(row.maximum)) > 1e-7]
    assert carrying(model, design, [one.id for one in model.reactions]) == wanted
    assert len(carrying(model, design, [one.id for one in model.reactions], first=True)) == 1
