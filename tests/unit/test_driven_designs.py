"""What the layer tells of designs: whose they are, the state of a guarantee, samples of energies."""

from types import SimpleNamespace

import numpy as np
import pytest

from knockflow.layers.in_designs import BOTH, CASE, PLAIN, Listed, listed_of, with_layer
from knockflow.layers.in_strain import of_strains
from knockflow.layers.thermodynamics.designs import Energetics, driven, sampled
from knockflow.layers.thermodynamics.energies import Energies, Energy
from knockflow.layers.thermodynamics.potentials import CONCENTRATION, Potentials


def row(rank, interventions):
    return {"rank": rank, "interventions": interventions}


def test_designs_of_the_case_come_first_then_what_only_the_plain_case_lists():
    own = {"f": [row("1", "-A"), row("2", "-B")], "g": [row("1", "-C")]}
    plain = {"f": [row("1", "-D"), row("2", "-A")]}
    assert listed_of(own, plain) == [
        Listed("f", "1", "-A", BOTH),
        Listed("f", "2", "-B", CASE),
        Listed("f", "1", "-D", PLAIN),
        Listed("g", "1", "-C", CASE),
    ]


def test_a_model_has_a_layer_only_as_long_as_it_is_asked_for():
    model, layer = SimpleNamespace(notes={"mine": 1}), object()
    with with_layer(model, layer):
        assert of_strains(model) == (layer,) and model.notes["mine"] == 1
    assert model.notes == {"mine": 1}


ENERGIES = {"R1": (1.0, {"a": -1.0, "b": 1.0}), "R2": (-5.0, {"b": -1.0, "c": 1.0})}


def potentials():
    return Potentials.of(ENERGIES, {name: (CONCENTRATION, -3.0, 0.0) for name in "abc"}, 0.5)


def test_the_force_of_a_state_is_that_of_the_reactions_that_run():
    found = driven({"R1": 2.0, "R2": 0.0, "X": 1.0}, Energetics(potentials(), potentials(), ()))
    assert found["driving_force_kj_per_mol"] == pytest.approx(2.0)
    assert found["bottlenecks"] == ["+R1"]
    assert found["concentrations"] == ["a:1", "b:0.04979"]
    assert driven({"X": 1.0}, Energetics(potentials(), potentials(), ()))["driving_force_kj_per_mol"] is None


def test_samples_have_the_covariance_of_the_energies_and_a_seed():
    # R2 = R1 + 2 S with S of the basis too, correlated with R1 by 0.6.
    root = np.array([[1.0, 0.0], [0.6, 0.8]])
    energies = Energies(
        {
            "R1": Energy("ok", 1.0, 3.0, factors=(("R1", 3.0),)),
            "R2": Energy("ok", -5.0, 0.0, factors=(("R1", 3.0), ("S", 2.0))),
        },
        ("R1", "S"),
        root,
    )
    drawn = [one.mean for one in sampled(potentials(), energies, 4000, 7)]
    shares = np.array([[3.0, 0.0], [3.0, 2.0]]) @ root
    assert np.mean(drawn, axis=0) == pytest.approx([1.0, -5.0], abs=0.3)
    assert np.cov(np.transpose(drawn)) == pytest.approx(shares @ shares.T, rel=0.1)
    again = [one.mean for one in sampled(potentials(), energies, 3, 7)]
    assert np.array_equal(drawn[:3], again)
    assert not np.array_equal(drawn[:1], [one.mean for one in sampled(potentials(), energies, 1, 8)])
