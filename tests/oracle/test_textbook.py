"""The E. coli core model that COBRApy bundles: values that two independent enumerations agree on.

Glucose 10 mmol/gDW/h, no oxygen, growth of at least 0.05 per h, 47 targets when coupled and blocked ones are
counted singly.
"""

import cobra
import pytest
from searches import run

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.follower.respond import respond
from knockflow.follower.total_flux import with_total_flux
from knockflow.formulations.formulation import Response
from knockflow.formulations.registry import FORMULATIONS, rated
from knockflow.model.curation.pseudo_genes import mark_pseudo_genes
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.network import read_network
from knockflow.model.question import Question
from knockflow.model.read import write_model
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

BEST = [
    # product, interventions, formulation, value, guaranteed at maximal growth, one of the best designs
    ("EX_succ_e", 1, "optknock", 6.968152, 0.0, {"-PYK"}),
    ("EX_succ_e", 1, "robustknock", 0.678148, 0.678148, {"-FORti"}),
    ("EX_succ_e", 1, "strong_coupling", 0.18839, 0.18839, {"-FORti"}),
    ("EX_succ_e", 2, "optknock", 9.101863, 9.1018, {"-ACALD", "-PYK"}),
    ("EX_succ_e", 2, "robustknock", 9.101863, 9.101863, {"-ACALD", "-PYK"}),
    ("EX_succ_e", 2, "strong_coupling", 6.735175, 6.735175, {"-ACALD", "-D_LACt2|LDH_D"}),
    ("EX_etoh_e", 1, "optknock", 16.5863, 16.5863, {"-FORti"}),
    ("EX_etoh_e", 1, "robustknock", 16.5863, 16.5863, {"-FORti"}),
    ("EX_etoh_e", 1, "strong_coupling", 1.1869, 1.1869, {"-ATPS4r"}),
    ("EX_etoh_e", 2, "optknock", 18.61251, 18.26854, {"-ACKr|PTAr", "-PYK"}),
    ("EX_etoh_e", 2, "robustknock", 18.26854, 18.26854, {"-ACKr|PTAr", "-PYK"}),
    ("EX_etoh_e", 2, "strong_coupling", 5.5204, 5.5204, {"-ACKr|PTAr", "-PYK"}),
    ("EX_lac__D_e", 1, "optknock", 17.75805, 17.75805, {"-ACALD"}),
    ("EX_lac__D_e", 1, "robustknock", 17.75805, 17.75805, {"-ACALD"}),
    ("EX_lac__D_e", 2, "optknock", 18.07384, 18.07384, {"-ACALD", "-THD2"}),
    ("EX_lac__D_e", 2, "robustknock", 18.07384, 18.07384, {"-ACALD", "-THD2"}),
]


@pytest.fixture(scope="module")
def problems(tmp_path_factory):
    """The problem of each product, without and with oxygen."""
    made = {}

    def problem(product, oxygen=0.0):
        if (product, oxygen) not in made:
            model = cobra.io.load_model("textbook")
            model.reactions.EX_o2_e.lower_bound = -oxygen
            mark_pseudo_genes(model, {})
            path = tmp_path_factory.mktemp("model") / "model.json"
            write_model(path, model)
            network = read_network(path)
            cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
            made[product, oxygen] = build(network, cuts, Question(product, "EX_glc__D_e", 0.05), TargetOptions())
        return made[product, oxygen]

    return problem


def search(method, problem, formulation, limits, **asked):
    problem = problem.growing()
    if FORMULATIONS[formulation].response is Response.PFBA:
        problem = with_total_flux(problem)
    best = BestDesigns(problem, FORMULATIONS[formulation], limits)
    with Watch(120) as watch:
        result = run(method, best, watch, **asked)
    assert result.complete and not watch.stopped
    return result.ranked


@pytest.mark.parametrize(("product", "most", "formulation", "value", "guarantee", "design"), BEST)
def test_tree_reproduces_the_best_designs(problems, product, most, formulation, value, guarantee, design):
    ranked = search("tree", problems(product)[0], formulation, Limits(most, 5))
    assert ranked[0].value == pytest.approx(value, abs=1e-4)
    assert ranked[0].guarantee == pytest.approx(guarantee, abs=1e-4)
    best = [set(entry.names) for entry in ranked if entry.value == pytest.approx(value, abs=1e-4)]
    assert design in best


@pytest.mark.parametrize("solver", ["cbc", "highs"])
@pytest.mark.parametrize(("product", "most", "formulation", "value", "guarantee", "design"), BEST)
def test_strong_duality_reproduces_the_best_values(
    problems, product, most, formulation, value, guarantee, design, solver
):
    ranked = search("strong_duality", problems(product)[0], formulation, Limits(most, 1), solver=solver)
    assert ranked[0].value == pytest.approx(value, abs=1e-4)
    assert ranked[0].guarantee == pytest.approx(guarantee, abs=1e-4)


@pytest.mark.parametrize("formulation", sorted(rated()))
@pytest.mark.parametrize("product", ["EX_succ_e", "EX_lac__D_e"])
def test_tree_lists_what_exhaustive_enumeration_lists(problems, product, formulation):
    problem = problems(product)[0]
    lists = [
        [entry.names for entry in search(method, problem, formulation, Limits(2, 8))]
        for method in ("tree", "exhaustive")
    ]
    assert lists[0] == lists[1]


@pytest.mark.parametrize(("oxygen", "growth", "targets"), [(0.0, 0.211663, 47), (1000.0, 0.873922, 52)])
def test_the_wild_type_and_its_targets(problems, oxygen, growth, targets):
    problem, table = problems("EX_succ_e", oxygen)
    assert respond(problem, []).growth == pytest.approx(growth, abs=1e-6)
    single = [name for row in table if row.status in ("candidate", "blocked") for name in row.name.split("|")]
    assert len(single) == targets


def test_maintenance_stays_in_force(problems):
    """Without the 8.39 mmol/gDW/h of ATP the wild type would grow faster."""
    problem = problems("EX_succ_e")[0]
    column = next(j for j, name in enumerate(problem.columns) if name == "ATPM")
    assert problem.lower[column] == pytest.approx(8.39)
    lower = problem.lower.copy()
    lower[column] = 0
    assert respond(problem.with_follower(lower=lower), []).growth > 0.25
