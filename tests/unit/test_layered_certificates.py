"""Certificates of what layers make of a cell: accepted as they are, rejected once anything in them is another."""

from fractions import Fraction

import pytest
from certified import checker, content_of, rewritten, written
from conftest import ANAEROBIC

from knockflow import Case

GROWTH, LEAST = "growth_per_h", "product_min_mmol_per_gdw_h"
SCENARIOS = {
    "nominal": {},
    "maintenance": {"times": {"ATPM": 1.5}},
    "leak": {"uptake": {"EX_o2_e": 1}},
    "more_atp": {"growth_atp": 1.2},
}
HALVES = {"oxic": {"share": 0.5, "medium": {"EX_o2_e": 20}}, "anoxic": {"share": 0.5}}
ZONES = {
    "named": HALVES,
    "least_growth": 0.01,
    "exchange": {
        "EX_o2_e": {"conductance": 2, "capacity": 40, "largest": 0.25},
        "EX_ac_e": {"conductance": 0.1},
    },
}
NARROW = {"concentration_min_m": 1e-4, "concentration_max_m": 2e-2, "membrane_potential_v": -0.15}
BESIDE = {"driven": {"conditions": NARROW}, "rules": {"targets": {"level": "genes"}}}
LAYERS = {
    "worst": {"scenarios": {"named": SCENARIOS}},
    "mean": {"scenarios": {"named": SCENARIOS, "judge": "mean"}},
    "median": {"scenarios": {"named": SCENARIOS, "judge": "quantile", "quantile": 0.5}},
    "zones": {"zones": ZONES},
    "driven": {"thermodynamics": {"mode": "concentrations", "passive_transport": "free"}},
    "rules": {"regulation": "default"},
    "all": {
        "enzymes": "default",
        "scenarios": {"named": {"nominal": {}, "poor": {"enzyme_budget": 0.8, "kcat": {"PFK": 0.5}}}},
        "zones": {"named": HALVES},
    },
}


def core(layers: dict, **more) -> Case:
    return Case("cobra:textbook", "EX_succ_e", medium=ANAEROBIC, min_growth=0.05, layers=layers, **more)


@pytest.fixture(scope="module")
def check():
    return checker("check_certificates")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The certificates of the best designs by layers, made once."""
    known = {}

    def of(kind):
        if kind not in known:
            case = core(LAYERS[kind], **BESIDE.get(kind, {}))
            designs = case.design("robustknock", max_interventions=2, max_designs=2)
            known[kind] = written(tmp_path_factory.mktemp(kind) / "case", case, designs)
        return known[kind]

    return of


@pytest.fixture
def opened(made):
    """A certificate that a test may change; it is put back afterwards."""
    before = {}

    def of(kind):
        path = made(kind)
        before[path] = path.read_bytes()
        return path, content_of(path)

    yield of
    for path, content in before.items():
        path.write_bytes(content)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("worst", "2 designs proven, 4 variants of layers"),
        ("mean", "2 designs proven, 4 variants of layers"),
        ("median", "2 designs proven, 4 variants of layers"),
        ("zones", "2 designs proven, 2 copies of layers"),
        ("driven", "2 designs proven, 14 conflicts of layers"),
        ("rules", "1 designs proven, 78 rules of layers"),
        ("all", "rows of layers, 2 variants of layers, 2 copies of layers"),
    ],
)
def test_designs_are_proven_in_all_that_layers_make_of_a_cell(made, check, capsys, kind, said):
    assert check(made(kind).parents[2]) == ""
    assert said in capsys.readouterr().out


def leaves(content, path=()):
    if isinstance(content, dict | list):
        for key, value in content.items() if isinstance(content, dict) else enumerate(content):
            yield from leaves(value, (*path, key))
    elif content is not None:
        yield path


def at(content, place):
    for key in place:
        content = content[key]
    return content


def test_any_field_changed_is_seen(opened, check):
    """Without a new hash: every field, one of each kind."""
    path, content = opened("all")
    names = set(content) | set(content["designs"][0]["variants"][0]) | set(content["variants"][1])
    kinds = {tuple(key for key in place if key in names): place for place in leaves(content)}
    assert len(kinds) >= 20
    for place in kinds.values():
        inside, old = at(content, place[:-1]), at(content, place)
        inside[place[-1]] = old + 1 if isinstance(old, int | float) else f"1{old}"
        rewritten(path, content, signed=False)
        inside[place[-1]] = old
        assert "was changed" in check(path.parents[2]), place


def double(content, *place):
    """Prices, or the ends of a row, twice as large."""
    inside, old = at(content, place[:-1]), at(content, place)
    inside[place[-1]] = {name: 2 * value for name, value in old.items()} if isinstance(old, dict) else 2 * old


@pytest.mark.parametrize(
    ("kind", "place", "said"),
    [
        ("worst", ("designs", 0, "variants", 1, GROWTH), "is proven"),
        ("worst", ("designs", 0, "variants", 1, LEAST), "is proven"),
        ("worst", ("variants", 1, "bounds", "ATPM", 0), "ATPM: 12.585 is not within its bounds"),
        ("worst", ("variants", 3, "coefficients", "Biomass_Ecoli_core", "atp_c"), "atp_c"),
        ("mean", ("designs", 0, "variants", 2, LEAST), "is proven"),
        ("zones", ("designs", 0, GROWTH), "is proven"),
        ("zones", ("designs", 0, LEAST), "is proven"),
        ("zones", ("between", "rows", "pool_EX_o2_e@1"), "pool_EX_o2_e@1"),
        ("driven", ("designs", 0, LEAST, "prices"), "is proven"),
        ("driven", ("designs", 0, "witness", 0), "is not within its range"),
        ("driven", ("decided", 0, 0, "conflicts", 0, "prices"), "may be driven"),
        ("rules", ("designs", 0, "witness", 0, "b4401"), "its rule does not hold"),
        ("rules", ("designs", 0, GROWTH, "prices"), "is proven"),
        ("all", ("variants", 1, "rows", "constraint budget_of_enzymes", 0), "budget_of_enzymes"),
    ],
)
def test_arithmetic_rejects_what_does_not_hold_whatever_the_hash_is(opened, check, kind, place, said):
    path, content = opened(kind)
    if place[1] == "rows":
        place = (*place, 0, "CONCENTRATION_EX_o2_e@1")
    double(content, *place)
    rewritten(path, content)
    assert said in check(path.parents[2])


def test_a_variant_that_is_left_out_is_rejected(opened, check):
    path, content = opened("mean")
    del content["variants"][1]
    for one in content["designs"]:
        del one["variants"][1]
    rewritten(path, content)
    assert "is proven" in check(path.parents[2])


def test_cut_sets_are_proven_in_zones(tmp_path, check, capsys):
    case = core({"zones": {"named": HALVES}})
    options = {"suppress": ["Biomass_Ecoli_core >= 0.001"], "protect": ["EX_succ_e >= 0.1"], "max_designs": 3}
    designs = case.design("mcs", max_interventions=1, **options)
    written(tmp_path / "case", case, designs)
    assert check(tmp_path) == ""
    assert "3 designs proven, 2 copies of layers" in capsys.readouterr().out


GROWS = {"Biomass_Ecoli_core": 1}
NESTED = {
    "suppress": [{"where": ["EX_etoh_e <= 15"], "maximize": GROWS}],
    "protect": [{"where": ["Biomass_Ecoli_core >= 0.05"], "maximize": GROWS}],
}


def test_cut_sets_of_optimal_states_are_proven_and_told_apart(core_case, tmp_path, check, capsys):
    designs = core_case.design("mcs", max_interventions=1, **NESTED)
    path = written(tmp_path / "case", core_case, designs)
    assert check(tmp_path) == "" and "designs proven" in capsys.readouterr().out
    for place, said in (
        (("suppress", 0, "prices"), "is left"),
        (("suppress", 0, "state"), "is not within its bounds"),
        (("protect", 0, "prices"), "a state is not optimal"),
        (("protect", 0, "state"), "is not within its bounds"),
        (("without", designs[0].interventions[0], 1, "prices"), "a state is not optimal"),
    ):
        content = content_of(path)
        inside = at(content, ("designs", 0, *place[:-1]))
        kept = inside[place[-1]]
        inside[place[-1]] = {name: str(Fraction(value) * 2) for name, value in kept.items()}
        if place[0] == "suppress" and place[-1] == "prices":
            inside[place[-1]] = {}
        rewritten(path, content)
        assert said in check(tmp_path), place
        inside[place[-1]] = kept
        rewritten(path, content)
