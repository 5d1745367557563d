"""Reaction energies as functions of bounded variables, and their file."""

import numpy as np
import pytest

from knockflow.base.errors import FileError
from knockflow.layers.thermodynamics.potentials import CONCENTRATION, MEMBRANE, UNCERTAINTY, Potentials, load, save


def small() -> Potentials:
    return Potentials.of(
        {
            "PGI": (2.5, {"f6p_c": 2.479, "g6p_c": -2.479, "factor 1": 0.7}),
            "ATPS4r": (26.0, {"membrane": 385.9}),
        },
        {
            "g6p_c": (CONCENTRATION, np.log(1e-4), np.log(2e-2)),
            "f6p_c": (CONCENTRATION, np.log(1e-4), np.log(2e-2)),
            "factor 1": (UNCERTAINTY, -1.96, 1.96),
            "membrane": (MEMBRANE, -0.15, -0.15),
        },
        1e-3,
        rows=[("g6p_c/f6p_c >= 3", {"g6p_c": 1.0, "f6p_c": -1.0}, np.log(3), np.inf)],
        free={"H2Ot": "only water moves"},
    )


def test_an_energy_is_its_mean_and_what_the_variables_add():
    energies = small().energies(np.array([np.log(1e-2), np.log(1e-3), 1.0, -0.15]))
    assert energies == pytest.approx([2.5 - 2.479 * np.log(10) + 0.7, 26.0 - 385.9 * 0.15])


def test_potentials_come_back_from_their_file_whole(tmp_path):
    written = small()
    save(tmp_path / "a.npz", written)
    read = load(tmp_path / "a.npz")
    assert read.digest == written.digest
    assert read.free == ("H2Ot",) and read.free_why == ("only water moves",)
    assert (read.coefficients.toarray() == written.coefficients.toarray()).all()
    save(tmp_path / "b.npz", read)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_potentials_without_reactions_or_variables_have_a_file_too(tmp_path):
    save(tmp_path / "none.npz", Potentials.of({}, {}, 1e-3))
    assert load(tmp_path / "none.npz").reactions == ()


def test_a_file_that_is_cut_off_or_changed_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    save(path, small())
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(FileError, match="a.npz"):
        load(path)


@pytest.mark.parametrize(
    ("variables", "force", "said"),
    [
        ({"a": (CONCENTRATION, 1.0, 0.0)}, 1e-3, "upside down"),
        ({"a": (CONCENTRATION, -np.inf, 0.0)}, 1e-3, "finite"),
        ({"a": ("pressure", 0.0, 1.0)}, 1e-3, "kinds"),
        ({"a": (CONCENTRATION, 0.0, 1.0)}, 0.0, "min_driving_force"),
    ],
)
def test_what_makes_no_sense_is_refused(variables, force, said):
    with pytest.raises(ValueError, match=said):
        Potentials.of({"R": (1.0, {"a": 1.0})}, variables, force)
