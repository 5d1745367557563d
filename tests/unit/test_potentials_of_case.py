"""From the table of energies to the potentials of a case: constraints, exemptions, ranges, ratios, uncertainty."""

from math import log
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

import knockflow.layers.thermodynamics as layer
from knockflow.base.errors import ConfigError
from knockflow.base.files import write_table
from knockflow.layers.thermodynamics.assemble import PotentialOptions, potentials_of, summary
from knockflow.layers.thermodynamics.conditions import Conditions
from knockflow.layers.thermodynamics.directions import TABLE, Term
from knockflow.layers.thermodynamics.ranges import ranges_of

RT = 8.314462618e-3 * 298.15
CERTAIN = Conditions(confidence_z=0)
OPEN = (-1000.0, 1000.0)


def row(name, dgp0=0.0, terms="a_c:-1:1e-6:1e-2;b_c:1:1e-6:1e-2", sd=0.0, factors="", electric=0.0, **more):
    told = {
        "reaction": name,
        "dgp0_kj_per_mol": str(dgp0),
        "dgp0_sd_kj_per_mol": str(sd),
        "electric_kj_per_mol_per_v": str(electric),
        "concentrations": terms,
        "factors_kj_per_mol": factors,
        "source": "equilibrator",
        "status": "ok",
    }
    return dict.fromkeys(TABLE.names, "") | told | more


def potentials(rows, conditions=CERTAIN, bounds=None, **limits):
    bounds = dict.fromkeys((one["reaction"] for one in rows), OPEN) | (bounds or {})
    return potentials_of(rows, conditions, PotentialOptions(**limits), bounds)


def least_energy(found, reaction, sign=1.0):
    """The least value of sign * dG' of a reaction over all points of the variables."""
    rows = found.row_coefficients.toarray()
    upper, lower = np.isfinite(found.row_upper), np.isfinite(found.row_lower)
    goal = sign * found.coefficients.toarray()[found.number[reaction]]
    done = linprog(
        goal,
        A_ub=np.vstack([rows[upper], -rows[lower]]) if len(rows) else None,
        b_ub=np.concatenate([found.row_upper[upper], -found.row_lower[lower]]) if len(rows) else None,
        bounds=np.column_stack([found.lower, found.upper]),
    )
    assert done.status == 0
    return done.fun + sign * found.mean[found.number[reaction]]


def why(found):
    return dict(zip(found.free, found.free_why, strict=True))


def test_an_energy_is_its_standard_energy_and_rt_times_the_logarithms():
    found = potentials([row("R", 5.0)])
    assert found.variables == ("a_c", "b_c") and found.kinds == ("ln_concentration",) * 2
    assert found.lower.tolist() == [log(1e-6)] * 2 and found.upper.tolist() == [log(1e-2)] * 2
    assert found.energies(np.array([-3.0, -7.0]))[0] == pytest.approx(5.0 + RT * (3.0 - 7.0))
    assert least_energy(found, "R") == pytest.approx(5.0 + RT * log(1e-4))
    assert found.min_driving_force == 1e-3


def test_terms_are_read_as_they_are_written():
    term = Term("odd:id_c", -0.5, 1e-6, 0.0123456789)
    assert Term.of(str(term)) == term


def test_the_middle_of_a_potential_range_is_what_the_table_has():
    rows = [row("H", dgp0=-14.47, terms="", electric=96.485)]
    fixed, equal, wide = (
        potentials(rows, Conditions(confidence_z=0, membrane_potential_v=value))
        for value in (-0.15, (-0.15, -0.15), (-0.2, -0.1))
    )
    assert fixed.digest == equal.digest and fixed.variables == ()
    assert wide.variables == ("membrane potential",) and wide.kinds == ("membrane_potential",)
    assert wide.energies(np.array([-0.15]))[0] == pytest.approx(fixed.mean[0])
    assert least_energy(wide, "H") == pytest.approx(-14.47 - 96.485 * 0.05)


def test_without_z_there_is_no_uncertainty():
    rows = [row("R", sd=3.0, factors="R:3")]
    assert potentials(rows).kinds == ("ln_concentration",) * 2
    assert "uncertainty" in potentials(rows, Conditions(confidence_z=1)).kinds


def test_an_energy_is_off_by_z_standard_deviations_and_no_more():
    # R's own factors could add up to 3 + 4, its standard deviation is 5.
    rows = [row("A", terms="", sd=3.0, factors="A:3"), row("B", terms="", sd=4.0, factors="B:4")]
    rows.append(row("R", terms="", sd=5.0, factors="A:3;B:4"))
    found = potentials(rows, Conditions(confidence_z=2))
    assert [least_energy(found, name) for name in "ABR"] == pytest.approx([-6.0, -8.0, -10.0])
    assert found.row_names == ("uncertainty of R",)


def test_two_opposite_copies_have_opposite_energies_at_every_point():
    rows = [row("R", 1.0, sd=3.0, factors="R:3"), row("BACK", -1.0, "b_c:-1:1e-6:1e-2;a_c:1:1e-6:1e-2", 3.0, "R:-3")]
    found = potentials(rows, Conditions(confidence_z=1.96))
    for point in np.random.default_rng(1).uniform(found.lower, found.upper, (20, len(found.variables))):
        assert found.energies(point).sum() == pytest.approx(0, abs=1e-9)


def test_what_has_no_energy_or_an_uncertain_one_is_free_and_listed():
    rows = [
        row("R"),
        row("EX", status="boundary"),
        row("GROW", status="biomass"),
        row("X", status="structure: ACP_c"),
        row("U", sd=20.5),
        row("J", sd=19.5),
        row("MINE"),
        row("T", source="membrane"),
    ]
    found = potentials(rows, exempt=("MINE",), exempt_passive=True)
    assert found.reactions == ("R", "J")
    assert why(found) == {
        "EX": "boundary",
        "GROW": "biomass",
        "X": "no energy: structure: ACP_c",
        "U": "standard deviation 20.5 kJ/mol, above the limit of 20",
        "MINE": "exempt by the case",
        "T": "passive transport is exempt by the case",
    }
    assert summary(found)[0] == "energies limit 2 reactions, by 2 variables (2 of ln concentration)"
    assert "1 reactions without a limit: no energy" in summary(found)
    assert potentials(rows).reactions == ("R", "J", "MINE", "T")


def test_an_energy_of_zero_whatever_the_concentrations_limits_nothing():
    found = potentials([row("H2Ot", terms=""), row("R"), row("LEAK", terms="", dgp0=-14.5)])
    assert why(found) == {"H2Ot": "its energy is 0 whatever the concentrations"}
    assert found.reactions == ("R", "LEAK")


@pytest.mark.parametrize(
    ("dgp0", "bounds", "exempt"),
    [
        (60.0, (0, 1000), True),  # forward only, and never downhill
        (60.0, (-1000, 1000), False),
        (60.0, (-1000, 0), False),
        (-60.0, (-1000, 0), True),
        (60.0, (5, 1000), True),
        (0.0, (5, 1000), False),
        (60.0, (0, 0), False),
        (-60.0, (-1000, -2), True),
    ],
)
def test_an_energy_that_contradicts_the_model_is_not_applied(dgp0, bounds, exempt):
    rows = [row("R", dgp0), row("S")]
    found = potentials(rows, bounds={"R": bounds})
    assert ("R" in why(found)) == exempt
    if exempt:
        ends = f"bounds {bounds[0]:g} to {bounds[1]:g}, energy {dgp0 - 22.8:.1f} to {dgp0 + 22.8:.1f} kJ/mol"
        told = f"contradicts the model: {ends}"
        assert why(found)["R"] == told and f"not applied: R {told}" in summary(found)
    assert "R" in potentials(rows, bounds={"R": bounds}, keep_contradictions=True).reactions


def test_a_range_of_potential_or_uncertainty_may_lift_a_contradiction():
    rows = [row("H", dgp0=5.0, terms="", electric=96.485), row("S")]
    assert "H" in why(potentials(rows, bounds={"H": (0, 1000)}))
    wide = Conditions(confidence_z=0, membrane_potential_v=(-0.3, 0.0))
    assert "H" in potentials(rows, wide, bounds={"H": (0, 1000)}).reactions
    unsure = [row("H", dgp0=5.0, terms="", sd=3.0, factors="H:3"), row("S")]
    assert "H" in potentials(unsure, Conditions(confidence_z=1.96), bounds={"H": (0, 1000)}).reactions


@pytest.mark.parametrize(
    ("text", "least", "most"), [("b_c/a_c >= 3", 3, 1e4), ("b_c / a_c<=3", 1e-4, 3), ("b_c/a_c = 0.5", 0.5, 0.5)]
)
def test_a_ratio_holds_whatever_the_concentrations(text, least, most):
    found = potentials([row("R")], ratios=(text,))
    assert least_energy(found, "R") == pytest.approx(RT * log(least))
    assert -least_energy(found, "R", -1.0) == pytest.approx(RT * log(most))


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"ratios": ("a_c >= 3",)}, "`a_c >= 3` is no ratio such as `atp_c/adp_c >= 3`"),
        ({"ratios": ("a_c/b_c > 3",)}, "is no ratio such as"),
        ({"ratios": ("a_c/b_c >= -3",)}, "needs a positive number"),
        ({"ratios": ("a_c/bb_c >= 3",)}, "bb_c has no concentration in a reaction with an energy; did you mean b_c"),
        ({"ratios": ("a_c/a_c >= 3",)}, "is a metabolite over itself"),
        (
            {"ratios": ("a_c/b_c >= 1e5",)},
            "`a_c/b_c >= 100000` cannot be: the ranges of a_c and b_c leave only 0.0001 to",
        ),
        ({"exempt": ("RR",)}, "exempt: no reaction RR in the model; did you mean R"),
    ],
)
def test_nonsense_is_refused_with_what_is_allowed(limits, message):
    with pytest.raises(ConfigError, match=message):
        potentials([row("R")], **limits)


def test_a_case_in_which_nothing_gets_a_constraint_is_an_error():
    rows = [row("R", status="unmatched: x_c"), row("S", status="unmatched: y_c"), row("EX", status="boundary")]
    with pytest.raises(
        ConfigError, match=r"no reaction of 3 gets a constraint \(2 no energy: unmatched, 1 boundary\).*annotations"
    ):
        potentials(rows)


# Ranges from a table

METABOLITES = [{"id": name, "compartment": name[-1]} for name in ("atp_c", "atp_e", "adp_c", "glc__D_e")]


def ranges(tmp_path, rows, conditions=CERTAIN):
    path = tmp_path / "ranges.tsv"
    write_table(path, ("metabolite", "compartment", "least_m", "largest_m", "source"), rows)
    return ranges_of(METABOLITES, conditions, path)


def given(metabolite, compartment, least="1e-3", largest="2e-3"):
    return {"metabolite": metabolite, "compartment": compartment, "least_m": least, "largest_m": largest, "source": "x"}


def test_the_most_special_range_counts(tmp_path):
    rows = [
        given("atp", "c", "1e-3", "2e-3"),
        given("glc__D_e", "", "3e-3", "4e-3"),
        given("*", "e", "1e-5", "1e-4"),
        given("nadh", "c"),
        given("mine_c", ""),
    ]
    found = ranges(tmp_path, rows, Conditions(concentrations={"atp_e": (0.5, 0.6)}))
    assert found.of == {
        "atp_c": (1e-3, 2e-3),
        "atp_e": (0.5, 0.6),
        "adp_c": (1e-6, 1e-2),
        "glc__D_e": (3e-3, 4e-3),
    }
    assert found.unused == ("nadh c", "mine_c")
    assert ranges(tmp_path, rows[:3]).of["atp_e"] == (1e-5, 1e-4)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([given("atp", "c", "2e-3", "1e-3")], "line 2: atp c is 0.002 to 0.001 M; it must be 0 < least <= most"),
        ([given("atp", "c", "0")], "line 2: atp c is 0 to 0.002 M"),
        ([given("atp", "c"), given("atp", "c")], "line 3: atp c is there twice"),
        ([given("*", "")], r"line 2: `\*` needs a compartment"),
        ([given("", "c")], "line 2: no metabolite"),
        ([given("atp", "c", "much")], "line 2: least_m must be a number of M, not `much`"),
    ],
)
def test_a_wrong_range_is_refused_with_its_line(tmp_path, rows, message):
    with pytest.raises(ConfigError, match=message):
        ranges(tmp_path, rows)


def test_the_projects_own_table_is_of_measured_ranges():
    path = Path(layer.__file__).parent / "e_coli_concentrations.tsv"
    found = ranges_of([*METABOLITES, {"id": "glu__L_c", "compartment": "c"}], CERTAIN, path)
    # Bennett et al. 2009, doi:10.1038/nchembio.186, growth on glucose: 9.63 mM ATP (8.13 to 11.4), 96 mM glutamate.
    assert found.of["atp_c"] == pytest.approx((8.13e-3, 1.14e-2))
    assert found.of["glu__L_c"][0] < 0.096 < found.of["glu__L_c"][1]
    assert found.of["atp_e"] == (1e-6, 1e-1)
    assert len(found.unused) > 90
