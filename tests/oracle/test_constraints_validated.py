"""What the search finds under constraints of a model's own is what COBRApy finds, and it survives every file."""

import math
from dataclasses import replace

import cobra
import numpy as np
import pytest
from asked_searches import listed, plain
from cobra.io import load_model
from cobra.io.mat import create_mat_dict
from examples import examples
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from random_constraints import best, constrained, constrained_networks
from random_interventions import as_cobra, givens
from random_regulation import problem_of as regulated_problem_of
from random_regulation import regulated_networks
from scipy.io import savemat
from scipy.sparse import csc_array

from knockflow import Case
from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import Limits
from knockflow.formulations.registry import rated
from knockflow.model.constrained_model import add, constraints_of
from knockflow.model.constraints import Constraint
from knockflow.model.network import Network

RELAXED = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}


def model_of(network: Network) -> cobra.Model:
    model = cobra.Model("random")
    model.add_metabolites([cobra.Metabolite(name, formula="C", compartment="c") for name in network.metabolites])
    for number, name in enumerate(network.reactions):
        reaction = cobra.Reaction(name, lower_bound=network.lower[number], upper_bound=network.upper[number])
        model.add_reactions([reaction])
        entries = {network.metabolites[row]: float(value) for row, value in network.stoichiometry[number]}
        reaction.add_metabolites({model.metabolites.get_by_id(one): value for one, value in entries.items()})
    model.objective = "BIOMASS"
    add(model, network.constraints)
    return model


@settings(max_examples=examples(8), **RELAXED)
@given(
    constrained_networks(),
    st.sampled_from(["optknock", "robustknock", "strong_coupling", "pfba_pessimistic", "optcouple"]),
)
def test_every_design_is_verified(network, kind):
    fastest = best(network, "BIOMASS", True)
    assume(fastest is not None and 0.01 < fastest < 100)  # beyond that from nothing, so that all is noise
    case = Case(model_of(network), "EX_p", min_growth=0.3 * fastest, substrate="EX_s")
    found = case.design(kind, max_interventions=2)
    rows = found.validate().to_dict("records")
    assert all(row["verified"] for row in rows), rows
    for row in rows:
        removed = {name for one in row["interventions"].split(";") if one for name in one[1:].split("|")}
        assert row["growth_per_h"] == pytest.approx(best(network, "BIOMASS", True, removed), abs=1e-5)


@settings(max_examples=examples(8), **RELAXED)
@given(constrained_networks())
def test_cut_sets_and_the_cells_own_objective_are_verified(network):
    fastest = best(network, "BIOMASS", True)
    assume(fastest is not None and 0.01 < fastest < 100)  # beyond that from nothing, so that all is noise
    own = {"BIOMASS": 1.0, "EX_p": -0.05}
    case = Case(model_of(network), "EX_p", min_growth=0.3 * fastest, substrate="EX_s", cell_objective=own)
    assert case.design("robustknock", max_interventions=2).validate()["verified"].all()
    region = {"where": ["EX_p <= 0.5"], "maximize": own}
    found = case.design("mcs", suppress=[region], protect=[f"BIOMASS >= {0.2 * fastest:.4f}"], max_interventions=2)
    assert found.validate()["verified"].all()


@settings(max_examples=examples(9), **RELAXED)
@given(givens(), st.data(), st.sampled_from(sorted(rated())))
def test_with_additions_bounds_and_genes(drawn, data, formulation):
    network = data.draw(constrained(drawn.network))
    try:
        problem = replace(drawn, network=network).problem()
        assume(problem.viable and 0 < len(problem.growing(with_idle=True).targets) <= 12)
        limits = Limits(3, 3)
        assume(limits.affordable(problem, frozenset()))
        found, wanted = (listed(method, problem, formulation, limits) for method in ("tree", "exhaustive"))
        assert [entry.names for entry in found] == [entry.names for entry in wanted]
        model = as_cobra(drawn, curated=False)
        add(model, network.constraints)
        targets = plain(drawn.options)
        case = Case(model, "EX_p", substrate="EX_s", min_growth=problem.min_growth, targets=targets)
    except ConfigError:
        assume(False)
    assume(case.problem.max_growth < 100)  # from nothing, so that all is noise
    rows = case.design(formulation, max_interventions=2, max_designs=3).validate().to_dict("records")
    # A cell that lives without the substrate takes some up within the slack of a response.
    assume(all(row["claimed_yield_min_mol_per_mol"] is not None for row in rows))
    assert all(row["verified"] for row in rows), rows


@settings(max_examples=examples(11), **RELAXED)
@given(regulated_networks(), st.data(), st.sampled_from(["optknock", "robustknock", "strong_coupling", "potential"]))
def test_with_rules_of_genes(drawn, data, formulation):
    problem = regulated_problem_of(replace(drawn, network=data.draw(constrained(drawn.network))))
    assume(problem.viable and problem.integer.any() and 0 < len(problem.growing().targets) <= 10)
    found, wanted = (listed(method, problem, formulation, Limits(2, 3)) for method in ("tree", "exhaustive"))
    assert [entry.value for entry in found] == pytest.approx([entry.value for entry in wanted], abs=2e-4)


# The core model with coupling constraints, as the COBRA toolbox writes them -----------------------------------------

MEDIUM = {"EX_glc__D_e": 10, "EX_o2_e": 0}


def couplings(model: cobra.Model) -> list[Constraint]:
    """Every inner reaction with a gene rule at most 200 times growth, and a ratio of two pathways."""
    growth = "Biomass_Ecoli_core"
    inner = [reaction.id for reaction in model.reactions if reaction.genes and not reaction.boundary]
    rows = [Constraint(f"slack_{name}", -math.inf, 0.01, {name: 1.0, growth: -200.0}) for name in inner]
    return [*rows, Constraint("ratio", -math.inf, 0.0, {"PFL": 1.0, "PDH": -1.0, "LDH_D": -3.0})]


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    """Curated from a MATLAB file, beside the same model with constraints that COBRApy itself has been given."""
    model = load_model("textbook")
    rows = couplings(model)
    struct = create_mat_dict(model)
    c = np.zeros((len(rows), len(model.reactions)))
    for number, one in enumerate(rows):
        for name, value in one.coefficients.items():
            c[number, model.reactions.index(name)] = value
    ids = np.array([one.id for one in rows], dtype=object)
    fields = {"C": csc_array(c), "d": np.array([one.upper for one in rows]), "dsense": "L" * len(rows), "ctrs": ids}
    path = tmp_path_factory.mktemp("core") / "coupled.mat"
    savemat(path, {"coupled": struct | fields}, oned_as="column")
    own = {"medium": MEDIUM, "min_growth": 0.05}
    return Case(str(path), "EX_succ_e", **own), Case(load_model("textbook"), "EX_succ_e", **own)


@pytest.mark.parametrize("kind", ["robustknock", "strong_coupling", "optknock"])
def test_the_core_model_with_coupling_constraints(core, kind):
    coupled, free_case = core
    assert len(constraints_of(coupled.model)) == len(couplings(free_case.model))
    found = coupled.design(kind, max_interventions=2, max_designs=3)
    rows = found.validate().to_dict("records")
    assert found.record["proven"] and all(row["verified"] for row in rows)
    free = free_case.model
    add(free, couplings(free))
    best_row = rows[0]
    for name in (one[1:].split("|")[0] for one in best_row["interventions"].split(";")):
        free.reactions.get_by_id(name).knock_out()
    assert best_row["growth_per_h"] == pytest.approx(free.slim_optimize(), abs=1e-6)


def test_loose_coupling_changes_no_byte(core):
    tight = core[1]
    model = tight.model
    add(model, [replace(one, upper=1e7) for one in couplings(model)])
    loose = Case(model, "EX_succ_e", medium=MEDIUM, min_growth=0.05)
    asked = {"max_interventions": 2, "max_designs": 5}
    assert repr(loose.design("robustknock", **asked).table) == repr(tight.design("robustknock", **asked).table)
