"""Concentrations on the core model: growth with energies of component contribution, and methods that agree.

Energies at pH 7.5 inside and 7.0 outside, -0.15 V, ionic strength 0.25 M and pMg 3; transport of a single metabolite
is free. `NARROW` ranges change what is best: the plain cell's best succinate design of two cannot grow.
"""

from dataclasses import astuple
from math import copysign, log

import pytest

from knockflow import Case
from knockflow.base.files import cell
from knockflow.follower.respond import respond
from knockflow.validation.guarantee import guarantee

WIDE, NARROW = (1e-6, 1e-2), (1e-4, 2e-2)
AEROBIC, ANAEROBIC = 1000, 0
RT = 8.314462618e-3 * 298.15  # kJ/mol


@pytest.fixture(scope="module")
def case():
    """Cases of the core model by what differs between them."""
    known = {}

    def made(product="EX_succ_e", oxygen=ANAEROBIC, span=NARROW, z=1.96, model="cobra:textbook", **options) -> Case:
        key = (product, oxygen, span, z, model, *sorted(options.items()))
        if key not in known:
            known[key] = Case(
                model,
                product,
                medium={"EX_glc__D_e": 10, "EX_o2_e": oxygen},
                min_growth=0.05,
                layers={"thermodynamics": {"mode": "concentrations", "passive_transport": "free"} | options},
                conditions={"concentration_min_m": span[0], "concentration_max_m": span[1], "confidence_z": z},
            )
        return known[key]

    return made


def listed(case, kind, method, most):
    solver = {"solver": "highs"} if method == "logic_benders" else {}
    found = case.design(kind, method=method, max_interventions=most, max_designs=10, **solver)
    return [(row.interventions, row.value) for row in found]


def assert_alike(found, wanted):
    assert [names for names, _ in found] == [names for names, _ in wanted]
    assert [value for _, value in found] == pytest.approx([value for _, value in wanted], abs=1e-5)


@pytest.mark.parametrize(
    ("oxygen", "span", "options", "growth"),
    [
        (AEROBIC, WIDE, {}, 0.87392),
        (ANAEROBIC, WIDE, {}, 0.21166),
        (AEROBIC, NARROW, {}, 0.82582),
        (ANAEROBIC, NARROW, {}, 0.19646),
        (AEROBIC, WIDE, {"concentrations": "e_coli"}, 0.87392),
        (ANAEROBIC, WIDE, {"concentrations": "e_coli"}, 0.19646),
        (AEROBIC, WIDE, {"passive_transport": "limited"}, 0.87392),
    ],
)
def test_growth_of_the_wild_type_without_uncertainty(case, oxygen, span, options, growth):
    wild = case(oxygen=oxygen, span=span, z=0, **options)
    searched = wild.design("optknock", max_interventions=0)[0].growth
    assert searched == pytest.approx(growth, abs=1e-5)
    # the same by COBRApy and HiGHS
    assert wild.respond()["growth_per_h"] == pytest.approx(searched, abs=1e-6)


@pytest.mark.parametrize(("oxygen", "span", "growth"), [(AEROBIC, NARROW, 0.82582), (ANAEROBIC, NARROW, 0.19646)])
def test_growth_of_the_core_model_of_bigg(case, data, oxygen, span, growth):
    wild = case(oxygen=oxygen, span=span, z=0, model=str(data / "models/e_coli_core.json.gz"))
    assert wild.respond()["growth_per_h"] == pytest.approx(growth, abs=1e-5)


def test_the_core_model_of_bigg_guarantees_7_446(case, data):
    bigg = case(model=str(data / "models/e_coli_core.json.gz"))
    assert bigg.respond(["FORt", "PYK"])["product_min_mmol_per_gdw_h"] == pytest.approx(7.446, abs=1e-3)
    assert (bigg.respond(["ACALD", "PYK"])["growth_per_h"] or 0) < 1e-9


def test_what_the_plain_cell_recommends_cannot_grow(case):
    plain = Case(case().options["model"], "EX_succ_e", medium=case().options["medium"], min_growth=0.05)
    assert plain.respond(["ACALD", "PYK"])["product_min_mmol_per_gdw_h"] == pytest.approx(9.10, abs=0.01)
    assert (case().respond(["ACALD", "PYK"])["growth_per_h"] or 0) < 1e-9
    assert (case("EX_lac__D_e").respond("ACALD")["growth_per_h"] or 0) < 1e-9
    assert case().respond(["FORti", "PYK"])["product_min_mmol_per_gdw_h"] == pytest.approx(7.446, abs=1e-3)


@pytest.mark.parametrize("kind", ["robustknock", "optknock"])
@pytest.mark.parametrize("product", ["EX_succ_e", "EX_lac__D_e"])
def test_three_methods_list_the_same(case, product, kind):
    for most in (1, 2):
        wanted = listed(case(product), kind, "exhaustive", most)
        for method in ("tree", "logic_benders"):
            assert_alike(listed(case(product), kind, method, most), wanted)


@pytest.mark.parametrize("kind", ["robustknock", "strong_coupling"])
def test_dives_find_what_tree_proves(case, kind):
    found = case().design(kind, method="dive", max_interventions=3, max_designs=3, dives=8, confirm=None)
    (best,) = case().design(kind, max_interventions=3, max_designs=1)
    assert found[0].value == pytest.approx(best.value, abs=1e-5)
    assert found.record["dives"]["least_interventions"] <= len(best.interventions)
    assert found.record["status"] == "feasible" and set(found.validate()["verified"]) == {True}


def test_the_best_of_two_guarantees_7_446(case):
    best = case().design("robustknock", max_interventions=2)
    assert [row.interventions for row in best][:2] == [("-FORti", "-PYK"), ("-PFL", "-PYK")]
    assert best[0].value == pytest.approx(7.445769, abs=1e-6) and best[0].growth < 0.1965


@pytest.mark.long
@pytest.mark.parametrize("kind", ["robustknock", "optknock"])
@pytest.mark.parametrize("product", ["EX_succ_e", "EX_lac__D_e"])
def test_three_methods_list_the_same_of_three(case, product, kind):
    wanted = listed(case(product), kind, "exhaustive", 3)
    for method in ("tree", "logic_benders"):
        assert_alike(listed(case(product), kind, method, 3), wanted)


def test_python_has_the_driving_forces_and_concentrations_of_designs(case):
    designs = case().design("robustknock", max_interventions=2, max_designs=3)
    told = designs.of_layers()["thermodynamics"]
    assert list(told["interventions"]) == [";".join(row.interventions) for row in designs]
    assert (told["driving_force_kj_per_mol"] >= 1e-3).all() and set(told["recommended_by"]) == {"case"}
    assert told["bottlenecks"].map(len).all() and told["concentrations"].map(len).all()


def test_concentrations_of_every_design_drive_all_that_runs_by_arithmetic_alone(case):
    """DG' = dG'0 + V e + RT sum s ln c <= -force in the state of the guarantee; concentrations have four digits."""
    made = case(z=0)
    designs = made.design("optknock", max_interventions=3, max_designs=6)
    told = designs.of_layers()["thermodynamics"].to_dict("records")
    assert len(told) == len(designs) > 3
    energies = {row["reaction"]: row for row in made.tables["thermodynamics"] if not row["without_limit"]}
    model, question = made._to_check()
    for row in told:
        concentrations = dict(one.rsplit(":", 1) for one in row["concentrations"])
        assert all(0.9999e-4 <= float(c) <= 2.0001e-2 for name, c in concentrations.items() if name.endswith("_c"))
        fluxes, checked = guarantee(model, question, row["interventions"]).fluxes, 0
        for name, flux in fluxes.items():
            if abs(flux) > 1e-6 and name in energies:
                own = energies[name]
                logs = [one.coefficient * log(float(concentrations[one.metabolite])) for one in own["concentrations"]]
                energy = own["dgp0_kj_per_mol"] + own["electric_kj_per_mol_per_v"] * -0.15 + RT * sum(logs)
                assert copysign(energy, flux * energy) <= -row["driving_force_kj_per_mol"] + 0.02, name
                checked += 1
        assert checked > 15 and row["driving_force_kj_per_mol"] >= 1e-3


def test_limits_so_wide_that_nothing_is_ruled_out_leave_the_plain_cell(case):
    """Also where the engine's path to an optimum is another one, all that is reported is the same to the last digit."""
    wide = case(span=(1e-100, 1e9), z=0)
    plain = Case(wide.options["model"], "EX_succ_e", medium=wide.options["medium"], min_growth=0.05)
    for kind in ("robustknock", "optknock"):
        rows = [
            [[cell(value) for value in row.columns.values()] for row in one.design(kind, max_interventions=2)]
            for one in (wide, plain)
        ]
        assert rows[0] == rows[1]


def test_answers_recomputed_with_nothing_known_are_the_same_to_the_last_bit(case):
    problem = case().problem
    before = respond(problem, ())
    case().design("optknock", max_interventions=2)
    assert astuple(respond(problem, ())) == astuple(before)


def test_scenarios_move_standard_energies_and_cobrapy_finds_the_same():
    from knockflow.layers.in_strain import as_each
    from knockflow.validation.reevaluation import evaluate, question_of
    from knockflow.validation.strain import changed

    named = {
        "nominal": {},
        "leak": {"uptake": {"EX_o2_e": 1}},
        "fumarase": {"dgp0_kj_per_mol": {"FUM": -25}},
        "ethanol": {"dgp0_kj_per_mol": {"ACALD": -25}},
    }

    def of(*names: str) -> Case:
        layers = {
            "thermodynamics": {"mode": "concentrations", "passive_transport": "free"},
            "scenarios": {"named": {name: named[name] for name in names}},
        }
        conditions = {"concentration_min_m": NARROW[0], "concentration_max_m": NARROW[1]}
        medium = {"EX_glc__D_e": 10, "EX_o2_e": ANAEROBIC}
        return Case("cobra:textbook", "EX_succ_e", medium=medium, min_growth=0.05, layers=layers, conditions=conditions)

    case, most = of("nominal", "leak", "fumarase"), []
    model, plain = case._whole.model, case._whole.plain
    for alone, _ in zip(case.problem.each, as_each(model), strict=True):
        with changed(model, ""):
            found = evaluate(model, question_of(plain, "EX_succ_e", 0.05))
        told = respond(alone, frozenset())
        most.append(told.product_max_at_min_growth)
        assert found["growth_per_h"] == pytest.approx(told.growth, abs=1e-6)
        assert found["product_max_at_min_growth_mmol_per_gdw_h"] == pytest.approx(most[-1], abs=1e-4)
    assert most[0] == pytest.approx(11.5656, abs=1e-4) and most[2] == pytest.approx(1.7865, abs=1e-4)
    assert_alike(listed(case, "robustknock", "tree", 2), listed(case, "robustknock", "exhaustive", 2))
    assert case.design("robustknock", max_interventions=2).validate()["verified"].all()
    assert [one.viable for one in of("nominal", "ethanol").problem.each] == [True, False]
