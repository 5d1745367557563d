"""Growth and product of designs with concentrations: search, validation and one mixed-integer program agree.

The search follows conflict sets with GLPK, validation branches with COBRApy, and `by_binaries` has a binary for each
direction, read from the layer's table by code of its own.
"""

import numpy as np
import pytest
from by_binaries import ByBinaries
from cobra.io import load_model
from driven_ijo1366 import DESIGNS, case_of, targets_of
from energies_of_table import energies_of

from knockflow import Case
from knockflow.follower.respond import respond

NARROW = {"concentration_min_m": 1e-4, "concentration_max_m": 2e-2}
CORES = {
    "narrow": ({"passive_transport": "free"}, NARROW | {"confidence_z": 1.96}),
    "passive transport limited": ({"exempt": ["TPI", "ETOHt2r"]}, NARROW | {"confidence_z": 0}),
    "ratios and a range of the potential": (
        {"passive_transport": "free", "ratios": ["atp_c/adp_c >= 3", "nad_c/nadh_c = 10"]},
        {"concentration_max_m": 2e-2, "confidence_z": 1, "membrane_potential_v": [-0.15, -0.12]},
    ),
}


def core(model, options, conditions) -> Case:
    """The core model without oxygen."""
    return Case(
        model,
        "EX_succ_e",
        medium={"EX_glc__D_e": 10, "EX_o2_e": 0},
        min_growth=0.05,
        layers={"thermodynamics": {"mode": "concentrations"} | options},
        conditions=conditions,
    )


class Cells:
    """A case three ways."""

    def __init__(self, case: Case) -> None:
        model = case.model
        self.case, self.problem = case, case.problem.growing()
        (self.biomass,) = (reaction.id for reaction in model.reactions if reaction.objective_coefficient)
        self.energies = energies_of(case.tables["thermodynamics"], case.options, model)
        self.binaries = ByBinaries(model, self.energies, {self.biomass: case.options["min_growth"]})

    def assert_alike(self, removed, error: float) -> bool:
        """Growth, and the product at growth from min_growth up; whether the design grows."""
        searched = respond(self.problem, targets_of(self.problem, removed))
        validated = self.case.respond(list(removed))
        growth = self.binaries.optimum(self.biomass, True, removed)
        if growth is None:
            assert searched is None
            assert (validated["growth_per_h"] or 0) < self.case.options["min_growth"]
            return False
        assert growth == pytest.approx((searched.growth,) * 2, abs=error)
        assert growth == pytest.approx((validated["growth_per_h"],) * 2, abs=error)
        for end, maximize in (("min", False), ("max", True)):
            product = self.binaries.optimum(self.case.options["product"], maximize, removed)
            assert product == pytest.approx((getattr(searched, f"product_{end}_at_min_growth"),) * 2, abs=error)
            told = validated[f"product_{end}_at_min_growth_mmol_per_gdw_h"]
            assert product == pytest.approx((told,) * 2, abs=error)
        return True


@pytest.mark.parametrize("setting", CORES)
def test_twenty_designs_of_the_core(setting):
    cells, draw = Cells(core("cobra:textbook", *CORES[setting])), np.random.default_rng(1)
    drawn = ["|".join(draw.choice(cells.problem.targets.ids, 4, replace=False)).split("|") for _ in range(20)]
    assert 5 <= sum(cells.assert_alike(removed, 1e-7) for removed in drawn) < 20


def test_two_opposite_copies_of_a_reaction_never_run_together_with_uncertainty():
    model = load_model("textbook")
    back = model.reactions.RPE.copy()
    back.id = "RPE_back"
    model.add_reactions([back])
    back *= -1
    cells = Cells(core(model, {"passive_transport": "free"}, NARROW | {"confidence_z": 1.96}))
    forces = cells.problem.driving_forces
    forward = [2 * forces.names.index(name) for name in ("RPE", "RPE_back")]
    assert set(forces.conflict(forward)) == set(forward)
    assert not any(forces.conflict([one]) for one in forward)
    plain, energies = cells.case.model, cells.energies
    for floor, runs in (({"RPE": 0.01}, True), ({"RPE_back": 0.01}, True), ({"RPE": 0.01, "RPE_back": 0.01}, False)):
        assert (ByBinaries(plain, energies, floor).optimum(cells.biomass, True) is not None) == runs


@pytest.mark.long
@pytest.mark.parametrize("setting", ["narrow", "wide"])
def test_nine_designs_of_the_genome_scale_model(setting, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cells = Cells(case_of(setting))
    grown = [cells.assert_alike(removed, 1e-6) for removed in DESIGNS]
    assert sum(grown) > 0 and (setting == "wide" or not all(grown))
