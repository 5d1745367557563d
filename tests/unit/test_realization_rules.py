"""Designs made by genes where genes are regulators, too, and where rules have very many cut sets."""

import time

import cobra
import pytest
from regulated_toy import ASKED, model_of

from knockflow.formulations.registry import FORMULATIONS
from knockflow.stages.export.bench import Made
from knockflow.validation.by_genes import realize
from knockflow.validation.realization import Genome, realizations, same_states
from knockflow.validation.reevaluation import evaluate
from knockflow.validation.responses import of_response
from knockflow.validation.strain import changed


def made(model: cobra.Model, design: str) -> dict:
    with changed(model, design):
        found = evaluate(model, ASKED) | of_response(model, ASKED, FORMULATIONS["robustknock"])
    return realize(Genome(model), ASKED, FORMULATIONS["robustknock"], design, found, {})


def test_a_gene_that_others_depend_on_takes_what_they_do_along():
    # without g1 nothing holds g4 down: BACK runs, which the reaction's knock-out leaves closed
    rules = {"g4": "not g1"}
    model = model_of(rules)
    with changed(model, "-FAST"):
        assert model.reactions.BACK.bounds == (0, 0)
    row = made(model, "-FAST")
    assert row["genes"] == ("g1",)
    assert row["by_genes"] == "changed"
    assert row["growth_by_genes_per_h"] == pytest.approx(7.5)


def test_a_gene_that_no_other_depends_on_is_evaluated_and_the_same():
    model = model_of({"g4": "not r1", "r1": "true"})
    model.reactions.SWAP.gene_reaction_rule = "g5"
    row = made(model, "-FAST")
    assert (row["genes"], row["by_genes"]) == (("g1",), "same")
    assert row["growth_by_genes_per_h"] == pytest.approx(5)


def test_where_rules_depend_on_fluxes_the_states_are_compared_by_their_optima():
    model = model_of({"g4": "not SLOW > 2"})
    model.reactions.SWAP.gene_reaction_rule = "g5"
    (one, *_) = realizations(Genome(model), "-FAST")
    assert not same_states(Genome(model), "-FAST", one)
    assert made(model, "-FAST")["by_genes"] == "same"


def test_a_lethal_regulator_is_lethal():
    row = made(model_of({"g2": "g1", "g3": "g1", "g4": "g1"}), "-FAST")
    assert row["by_genes"] == "lethal"
    assert row["growth_by_genes_per_h"] == pytest.approx(0, abs=1e-6)
    # what rules switch off is not closed by the genes that are deleted
    row |= {"growth_per_h": "5.000000", "also_closed": "", "growth_by_genes_per_h": "0.000000"}
    assert Made(row).warning()["action"] == "do not build"


def test_a_rule_far_from_its_disjunctive_form_is_made_at_once():
    model = model_of()
    complexes = ["(" + " and ".join(f"c{i}n{j}" for j in range(8)) + ")" for i in range(7)]
    model.reactions.FAST.gene_reaction_rule = " or ".join(complexes)
    model.reactions.BACK.gene_reaction_rule = " or ".join(f"c{i}n0" for i in range(7))
    started = time.process_time()
    best = realizations(Genome(model), "-FAST")[0]
    assert time.process_time() - started < 5
    assert len(best.genes) == 7 and best.also_closed == ()
    assert best.note == "the best of a selection: too many sets of genes would do"
    assert made(model, "-FAST")["by_genes"] == "same"
