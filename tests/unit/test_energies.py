"""Errors that reactions share, energies that all cases share, and what they depend on."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knockflow.layers.thermodynamics import cache
from knockflow.layers.thermodynamics.conditions import Conditions
from knockflow.layers.thermodynamics.energies import Energies, Energy, shared_factors
from knockflow.layers.thermodynamics.estimates import estimate, thermodynamic_rows

CHEMISTRY = Conditions().chemistry


# Errors that are shared


def factors_of(errors):
    names = [f"R{row}" for row in range(len(errors))]
    factors, basis, root = shared_factors(names, errors, np.linalg.norm(errors, axis=1))
    table = np.array([[dict(factors.get(name, ())).get(one, 0.0) for one in basis] for name in names])
    return table.reshape(len(names), len(basis)), basis, root


def test_two_copies_of_a_reaction_and_its_reverse_have_one_factor():
    table, basis, root = factors_of(np.array([[3.0, 4.0], [3.0, 4.0], [-6.0, -8.0]]))
    assert basis == ("R0",)
    assert table.tolist() == [[5.0], [5.0], [-10.0]]
    assert root.tolist() == [[1.0]]


def test_a_reaction_that_others_add_up_to_has_their_factors():
    table, basis, _ = factors_of(np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [1.0, 2.0, 0.0]]))
    assert basis == ("R0", "R1")
    assert table[2].tolist() == pytest.approx([1.0, 2.0])


def test_what_is_certain_has_no_factor():
    table, basis, _ = factors_of(np.array([[0.0, 1e-6], [2.0, 0.0]]))
    assert basis == ("R1",)
    assert table[0].tolist() == [0.0]


@given(st.lists(st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.0, 1.0, 3.0]), min_size=5, max_size=5), max_size=7))
def test_factors_and_their_root_give_the_covariance_again(rows):
    errors = np.array(rows).reshape(len(rows), 5)
    table, basis, root = factors_of(errors)
    assert len(basis) == np.linalg.matrix_rank(errors) if len(rows) else basis == ()
    spread = table @ root
    assert spread @ spread.T == pytest.approx(errors @ errors.T, abs=1e-6)
    assert np.diag(root @ root.T) == pytest.approx(np.ones(len(basis)))


# The estimator


def model_of(reactions, names):
    metabolites = [
        {"id": name, "compartment": name[-1]} | ({"formula": "H"} if name in ("h_c", "h_p") else {}) for name in names
    ]
    return {"metabolites": metabolites, "reactions": [{"id": k, "metabolites": v} for k, v in reactions.items()]}


NAMES = ["glc__D_c", "g6p_c", "f6p_c", "atp_c", "adp_c", "h_c", "q8_c", "q8h2_c", "fum_c", "succ_c", "h2o_c", "h2o_p"]
HEXOKINASE = {"glc__D_c": -1.0, "atp_c": -1.0, "g6p_c": 1.0, "adp_c": 1.0, "h_c": 1.0}
REACTIONS = {
    "HEX": HEXOKINASE,
    "COPY": HEXOKINASE,
    "BACK": {name: -value for name, value in HEXOKINASE.items()},
    "PGI": {"g6p_c": -1.0, "f6p_c": 1.0},
    "BOTH": {name: value for name, value in (HEXOKINASE | {"f6p_c": 1.0}).items() if name != "g6p_c"},
    "FRD": {"fum_c": -1.0, "q8h2_c": -1.0, "succ_c": 1.0, "q8_c": 1.0},
    "H2Ot": {"h2o_p": -1.0, "h2o_c": 1.0},
}


@pytest.fixture(scope="module")
def toy():
    return model_of(REACTIONS, NAMES)


@pytest.fixture(scope="module")
def found(toy):
    return estimate(toy, CHEMISTRY)


def test_copies_and_sums_of_reactions_share_energies_and_errors(found):
    own = {name: dict(energy.factors) for name, energy in found.of.items()}
    assert own["COPY"] == own["HEX"] and own["HEX"]
    assert own["BACK"] == {name: -value for name, value in own["HEX"].items()}
    assert found.of["BACK"].dgp0 == pytest.approx(-found.of["HEX"].dgp0)
    together = {one: own["HEX"].get(one, 0) + own["PGI"].get(one, 0) for one in {*own["HEX"], *own["PGI"]}}
    assert own["BOTH"] == pytest.approx(together, abs=1e-6)
    assert found.of["BOTH"].dgp0 == pytest.approx(found.of["HEX"].dgp0 + found.of["PGI"].dgp0)


def test_errors_have_the_standard_deviations_and_correlations_of_equilibrator(toy, found):
    from equilibrator_api import ComponentContribution
    from equilibrator_api.phased_reaction import PhasedReaction

    from knockflow.layers.thermodynamics.database import Database

    database = Database(CHEMISTRY)
    compounds = {one["id"]: database.match(one) for one in toy["metabolites"]}
    names = ["HEX", "BACK", "PGI", "BOTH", "FRD"]
    reactions = [PhasedReaction({compounds[m]: s for m, s in REACTIONS[name].items()}) for name in names]
    _, covariance = ComponentContribution(ccache=database.compounds).standard_dg_prime_multi(reactions)
    table = np.array([[dict(found.of[name].factors).get(one, 0.0) for one in found.basis] for name in names])
    spread = table @ found.root
    assert spread @ spread.T == pytest.approx(covariance.m_as("kJ**2/mol**2"), abs=1e-4)


def test_a_case_may_set_a_quinone_to_another_potential(toy, found):
    mine = Conditions(quinone_potentials_v={"q8": -0.074})
    moved = estimate(toy, mine.chemistry).of["FRD"]
    # One quinol less: 2 F (-0.074 - 0.113) lies between ubiquinone and menaquinone.
    assert moved.dgp0 - found.of["FRD"].dgp0 == pytest.approx(2 * 96.48533 * (-0.074 - 0.113), abs=1e-3)
    assert moved.factors == found.of["FRD"].factors


def test_the_range_of_a_potential_widens_what_it_moves():
    cross = {"h_p": -1.0, "h_c": 1.0}
    model = model_of({"H": cross, "R": {"glc__D_c": -1.0, "g6p_c": 1.0}}, ["h_p", "h_c", "glc__D_c", "g6p_c"])
    fixed, equal, wide = (
        {row["reaction"]: row for row in thermodynamic_rows(model, Conditions(membrane_potential_v=value))}
        for value in (-0.15, (-0.15, -0.15), (-0.2, -0.1))
    )
    assert equal == fixed
    assert wide["H"]["dgp0_kj_per_mol"] == pytest.approx(fixed["H"]["dgp0_kj_per_mol"])
    assert wide["H"]["dg_min_kj_per_mol"] == pytest.approx(fixed["H"]["dg_min_kj_per_mol"] - 96.485 * 0.05)
    assert wide["H"]["dg_max_kj_per_mol"] == pytest.approx(fixed["H"]["dg_max_kj_per_mol"] + 96.485 * 0.05)
    assert wide["R"] == fixed["R"]


# The cache


def some_energies():
    return Energies(
        {"A": Energy("ok", -1 / 3, 0.1, 96.5, "membrane", (("A", 0.1),)), "B": Energy("biomass")}
        | {"C": Energy("uncertain", 5.0, float("inf"))},
        ("A",),
        np.eye(1),
    )


def test_a_model_whose_compartments_are_on_no_side_of_the_membrane_has_no_energy():
    model = {
        "metabolites": [{"id": name, "compartment": "m"} for name in "ab"],
        "reactions": [{"id": "R", "metabolites": {"a": -1, "b": 1}}],
    }
    found = estimate(model, Conditions().chemistry, SimpleNamespace(chemistry=Conditions().chemistry))
    assert found.of["R"].status == "compartment: m" and found.basis == () and found.root.shape == (0, 0)


def test_energies_come_back_from_their_file_whole_also_where_nothing_is_known(tmp_path):
    cache.write(tmp_path / "own.json", some_energies())
    assert cache.read(tmp_path / "own.json").of == some_energies().of


@pytest.fixture
def counted(monkeypatch):
    calls = []
    monkeypatch.setattr(cache.estimates, "estimate", lambda *given: calls.append(given) or some_energies())
    return calls


def test_energies_are_estimated_once_for_all_bounds_and_concentrations(toy, counted, tmp_path):
    first = cache.energies_of(toy, CHEMISTRY, tmp_path)
    bounded = toy | {"reactions": [one | {"lower_bound": -5.0} for one in toy["reactions"]]}
    other = replace(Conditions(), membrane_potential_v=-0.1, confidence_z=0, concentration_max_m=0.1)
    again = cache.energies_of(bounded, other.chemistry, tmp_path)
    assert len(counted) == 1
    assert again.of == first.of == some_energies().of
    assert again.basis == first.basis and again.root.tolist() == first.root.tolist()


@pytest.mark.parametrize(
    "change",
    [
        lambda model, chemistry: (model, replace(chemistry, ph=7.0)),
        lambda model, chemistry: (model, replace(chemistry, quinone_potentials_v=(("q8", -0.074),))),
        lambda model, chemistry: (model | {"reactions": model["reactions"][1:]}, chemistry),
        lambda model, chemistry: (
            model | {"metabolites": [one | {"annotation": {"chebi": "1"}} for one in model["metabolites"]]},
            chemistry,
        ),
    ],
)
def test_another_chemistry_is_estimated_for_itself(toy, counted, tmp_path, change):
    cache.energies_of(toy, CHEMISTRY, tmp_path)
    cache.energies_of(*change(toy, CHEMISTRY), tmp_path)
    assert len(counted) == 2


@pytest.mark.parametrize("spoil", [lambda text: text[:-20], lambda text: text.replace("-0.333", "-0.332")])
def test_a_file_that_is_cut_short_or_edited_is_made_anew(toy, counted, tmp_path, spoil):
    cache.energies_of(toy, CHEMISTRY, tmp_path)
    (path,) = tmp_path.glob("*.json")
    whole = path.read_text()
    path.write_text(spoil(whole))
    assert cache.energies_of(toy, CHEMISTRY, tmp_path).of == some_energies().of
    assert len(counted) == 2 and path.read_text() == whole


def test_equal_energies_make_equal_bytes(toy, counted, tmp_path):
    for folder in ("a", "b"):
        cache.energies_of(toy, CHEMISTRY, tmp_path / folder)
    (one,), (other,) = (list((tmp_path / folder).glob("*.json")) for folder in ("a", "b"))
    assert one.name == other.name and one.read_bytes() == other.read_bytes()
    assert json.loads(one.read_text())["energies"]["basis"] == ["A"]
