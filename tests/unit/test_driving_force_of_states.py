"""The driving force of a state by hand, and which of its reactions are in each other's way."""

from math import exp

import pytest

from knockflow.layers.thermodynamics.driving_force import conflict, largest_force, running, written
from knockflow.layers.thermodynamics.potentials import CONCENTRATION, Potentials

# A -> B -> C with energies +1 and -5 at 1 M, RT taken as 1, each between exp(-3) and 1 M.
CHAIN = {"R1": (1.0, {"a": -1.0, "b": 1.0}), "R2": (-5.0, {"b": -1.0, "c": 1.0})}


def potentials(energies=CHAIN, ranges=(-3.0, 0.0), rows=None, least=0.5):
    names = dict.fromkeys(name for _, entries in energies.values() for name in entries)
    return Potentials.of(energies, {name: (CONCENTRATION, *ranges) for name in names}, least, rows)


def test_a_chain_shares_its_force_and_names_its_bottlenecks():
    # 4 kJ/mol downhill and 10 by concentrations, 7 for each, if b is at exp(-8) M.
    force = largest_force(potentials(ranges=(-10.0, 0.0)), {"R1": 1, "R2": 1})
    assert force.value == pytest.approx(7.0)
    assert {name for name, _ in force.bottlenecks} == {"R1", "R2"}
    assert force.energies == pytest.approx({"R1": -7.0, "R2": -7.0})
    assert force.concentrations == pytest.approx({"a": 1.0, "b": exp(-8), "c": exp(-10)})


def test_where_one_range_is_the_limit_it_is_the_bottleneck_alone():
    # R1 alone: at most -(1 - 3) = 2.
    force = largest_force(potentials(), {"R1": 1, "R2": 1})
    assert (force.value, force.bottlenecks) == (pytest.approx(2.0), (("R1", 1),))


def test_a_ratio_limits_the_force():
    rows = [("b/a >= 1", {"b": 1.0, "a": -1.0}, 0.0, float("inf"))]
    assert largest_force(potentials(rows=rows), {"R1": 1}).value == pytest.approx(-1.0)


def test_nothing_that_runs_has_no_limit():
    assert largest_force(potentials(), {}).value == float("inf")


def test_opposite_copies_are_in_conflict_and_only_they():
    own = CHAIN | {"BACK": (-1.0, {"a": 1.0, "b": -1.0})}
    assert conflict(potentials(own), {"R1": 1, "R2": 1, "BACK": 1}) == {"BACK": 1, "R1": 1}
    assert conflict(potentials(own), {"R1": 1, "R2": 1, "BACK": -1}) == {}
    assert conflict(potentials(own), {"R1": -1, "R2": 1}) == {}


def test_a_conflict_is_as_small_as_it_can_be():
    # Back through both: 4 kJ/mol uphill against 8 by concentrations is 2 for each; R2 alone has 3, R1 alone 9.
    wide = potentials(ranges=(-8.0, 0.0), least=2.5)
    assert conflict(wide, {"R1": -1, "R2": -1}) == {"R1": -1, "R2": -1}
    assert conflict(wide, {"R1": -1}) == conflict(wide, {"R2": -1}) == {}
    # With 3 by concentrations R2 alone cannot.
    assert conflict(potentials(), {"R1": -1, "R2": -1}) == {"R2": -1}


def test_what_runs_has_a_sign_and_an_energy():
    assert running({"R1": 2.0, "R2": -1e-9, "X": 5.0}, potentials(), 1e-6) == {"R1": 1}
    assert written([("R1", 1), ("R2", -1)]) == ["+R1", "-R2"]
