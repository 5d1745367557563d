"""Several products: weighted sums and strict order, against linear programs of another solver, and by COBRApy."""

from itertools import combinations
from pathlib import Path

import pytest
import yaml
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_interventions import Read, givens
from searches import run

from knockflow import Case
from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.designs.ranking import BestDesigns, Limits, Ranked, names
from knockflow.follower.responses.registry import BEHAVIOURS
from knockflow.formulations.registry import FORMULATIONS, rated

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
READ = ("optknock", "robustknock", "strong_coupling", "potential")
ORDERED = ("robustknock", "strong_coupling", "pfba_pessimistic")
ANAEROBIC = {"EX_glc__D_e": 10, "EX_o2_e": 0}
ROOT = Path(__file__).resolve().parents[2]
DOCUMENT, EXAMPLE = ROOT / "docs/fronts.md", ROOT / "config/examples/products.yaml"
SHOWN = ("product_min_mmol_per_gdw_h", "product_max_mmol_per_gdw_h", "product_min_at_min_growth_mmol_per_gdw_h")
WEIGHTS = {"EX_succ_e": 1, "EX_lac__D_e": 0.5}


def other_in(network):
    """A second product: what is not the first, not growth and not the substrate."""
    return st.sampled_from([name for name in network.reactions if name not in ("EX_p", "BIOMASS", "EX_s")])


def problem_of(drawn, **asked):
    try:
        problem = drawn.problem(**asked)
    except ConfigError:
        assume(False)
    assume(problem.viable and 0 < len(problem.targets) <= 12)
    assume(Limits(1).affordable(problem, frozenset()))
    return problem


def listed(method, problem, kind, limits):
    base, whole = BEHAVIOURS[FORMULATIONS[kind].response].prepare(problem)
    best = BestDesigns(whole, FORMULATIONS[kind], limits, base)
    with Watch(60) as watch:
        result = run(method, best, watch)
    assert result.complete and not watch.stopped
    return result.ranked


@settings(max_examples=examples(8), **RELAXED)
@given(givens(), st.sampled_from(READ), st.sampled_from([0.25, 1.0, 3.0]), st.data())
def test_a_weighted_sum_is_that_of_the_network_as_written(drawn, kind, weight, data):
    made = {"EX_p": 1.0, data.draw(other_in(drawn.network)): weight}
    problem = problem_of(drawn, product=None, weights=made)
    target = data.draw(st.sampled_from(range(len(problem.targets))))
    design = frozenset([target])
    read = Read(drawn, names(problem, design))
    value = None if read.contradicts else read.value(kind, problem.min_growth, made)
    assume(value is not None and read.best("BIOMASS") > problem.min_growth + 1e-6)
    found = BestDesigns(problem, FORMULATIONS[kind], Limits(3)).evaluate(design)
    assert found.value == pytest.approx(value, abs=1e-5)


@settings(max_examples=examples(10), **RELAXED)
@given(givens(), st.sampled_from(sorted(rated())), st.integers(1, 3), st.sampled_from([1, 3, None]), st.data())
def test_tree_finds_the_sums_of_exhaustive_enumeration(drawn, kind, most, max_designs, data):
    made = {"EX_p": 1.0, data.draw(other_in(drawn.network)): 0.5}
    problem = problem_of(drawn, product=None, weights=made)
    tree, every = (listed(method, problem, kind, Limits(most, max_designs)) for method in ("tree", "exhaustive"))
    assert [one.names for one in tree] == [one.names for one in every]


@settings(max_examples=examples(12), **RELAXED)
@given(givens(), st.sampled_from(ORDERED), st.integers(1, 3), st.sampled_from([1, 3, None]), st.data())
def test_tree_finds_the_order_of_exhaustive_enumeration(drawn, kind, most, max_designs, data):
    problem = problem_of(drawn, then=data.draw(other_in(drawn.network)))
    tree, every = (listed(method, problem, kind, Limits(most, max_designs)) for method in ("tree", "exhaustive"))
    assert [one.names for one in tree] == [one.names for one in every]
    for one, other in zip(tree, every, strict=True):
        assert (one.value, one.guarantee) == pytest.approx((other.value, other.guarantee), abs=1e-6)


@settings(max_examples=examples(6), **RELAXED)
@given(givens(), st.sampled_from(ORDERED[:2]), st.integers(1, 2), st.data())
def test_no_design_comes_before_the_first_in_strict_order(drawn, kind, most, data):
    """Of all designs as written: none guarantees more of the first product, nor as much of it and more of the other."""
    second = data.draw(other_in(drawn.network))
    problem = problem_of(drawn, then=second)
    found, everything = listed("exhaustive", problem, kind, Limits(most)), {}
    for size in range(most + 1):
        for design in map(frozenset, combinations(range(len(problem.targets)), size)):
            if Limits(most).affordable(problem, design):
                read = Read(drawn, names(problem, design))
                growth = read.best("BIOMASS")
                assume(growth is None or abs(growth - problem.min_growth) > 1e-7)
                value = None if read.contradicts else read.value(kind, problem.min_growth)
                if value is not None:
                    everything[names(problem, design)] = value, read.value(kind, problem.min_growth, second)
    first = everything[found[0].names] if found else everything.get(names(problem, frozenset()))
    assume(first is not None)
    if found:
        assert (found[0].value, found[0].guarantee) == pytest.approx(first, abs=1e-5)
    for value, other in everything.values():
        assert value < first[0] + 1e-4
        assert not (abs(value - first[0]) < 1e-7 and other > first[1] + 1e-3)


@pytest.mark.parametrize("method", ["strong_duality", "kkt", "benders", "logic_benders", "dive", "exhaustive"])
def test_every_method_finds_the_best_weighted_sum(method):
    case = Case("cobra:textbook", products=WEIGHTS, medium=ANAEROBIC, min_growth=0.05)
    designs = case.design("robustknock", method=method, max_interventions=1, confirm=None)
    assert designs[0].interventions in [("-ACALD",), ("-ALCD2x",)]
    assert designs[0].value == pytest.approx(8.879013, abs=1e-5)


@pytest.mark.parametrize("kind", sorted(rated()))
def test_every_formulation_rates_a_weighted_sum_and_cobrapy_finds_it_again(kind):
    case = Case("cobra:textbook", products=WEIGHTS, medium=ANAEROBIC, min_growth=0.05)
    designs = case.design(kind, max_interventions=1)
    checks = designs.validate()
    assert checks["verified"].all()
    parts = designs.products()
    assert list(parts["product"])[:2] == list(WEIGHTS) and list(map(float, parts["weight"][:2])) == [1, 0.5]
    for rank, own in parts.groupby("rank"):
        whole = designs[int(rank) - 1].product
        for end, total in zip(("min", "max"), whole, strict=True):
            alone = (own["weight"] * own[f"product_{end}_mmol_per_gdw_h"]).sum()
            # The ends of a sum may be less apart than those of its parts.
            assert alone <= total + 1e-4 if end == "min" else alone >= total - 1e-4


def documented(case, row):
    """A line of the table in docs/fronts.md."""
    interventions = ", ".join(f"`{name}`" for name in row["interventions"].split(";")).replace("|", r"\|")
    place = {1: "first", 2: "then"}.get(row["place"]) or f"weight {float(row['weight']):g}"
    numbers = [f"{float(row[name]) + 0.0:.4f}" for name in SHOWN]
    return f"| {' | '.join([case, interventions, row['product'], place, *numbers])} |"


def test_the_documented_products_are_those_of_the_example():
    page, config = DOCUMENT.read_text(), yaml.safe_load(EXAMPLE.read_text())
    table = page.split("<!-- products: start -->\n")[1].split("<!-- products: end -->")[0].splitlines()[2:]
    found = []
    for name, own in config["cases"].items():
        wanted = own.pop("formulations")[0]
        designs = Case(**own).design(**config["formulations"][wanted])
        assert designs.validate()["verified"].all()
        found += [documented(name, row) for _, row in designs.products().iterrows()]
    assert table == found


def test_weights_decide_what_is_best():
    """One removal makes 17.76 of lactate or 0.68 of succinate; two make 9.1 of succinate alone, or 18.07 of lactate."""
    best = {
        weight: Case("cobra:textbook", products={"EX_succ_e": 1, "EX_lac__D_e": weight}, medium=ANAEROBIC).design(
            "robustknock", max_interventions=2, max_designs=1
        )[0]
        for weight in (0.1, 0.5, 1)
    }
    assert best[0.1].interventions == ("-ACALD", "-PYK")
    assert best[0.5].interventions == ("-ACALD", "-FORti")
    assert best[0.5].value == pytest.approx(9.242034, abs=1e-5)
    assert best[1].value > 18


def test_weights_of_one_scale_change_values_alone():
    once, twice = (
        Case("cobra:textbook", products=products, medium=ANAEROBIC, min_growth=0.05).design(
            "robustknock", max_interventions=2, max_designs=5
        )
        for products in (WEIGHTS, {name: 2 * weight for name, weight in WEIGHTS.items()})
    )
    assert [one.interventions for one in once] == [one.interventions for one in twice]
    assert [2 * one.value for one in once] == pytest.approx([one.value for one in twice], abs=1e-5)


def test_strict_order_ranks_by_the_second_where_the_first_is_equal():
    """Without a design that guarantees more succinate, what makes ethanol counts; FORti makes both."""
    case = Case("cobra:textbook", products=["EX_succ_e", "EX_etoh_e"], medium=ANAEROBIC, min_growth=0.05)
    designs = case.design("robustknock", max_interventions=1, max_designs=4)
    second = designs.record["second_product_mmol_per_gdw_h"]
    assert [one.interventions for one in designs] == [("-FORti",), ("-PFL",), ("-ACKr|PTAr",), ("-ATPS4r",)]
    assert [one.value for one in designs] == pytest.approx([0.678148, 0.678148, 0, 0], abs=1e-5)
    assert second == pytest.approx([16.586300, 16.586300, 16.584257, 13.892593], abs=1e-3)
    assert designs.validate()["verified"].all()
    parts = designs.products()
    assert list(parts["place"])[:2] == [1, 2]
    assert list(parts["value_mmol_per_gdw_h"]) == pytest.approx(list(parts["claimed_value_mmol_per_gdw_h"]), abs=1e-4)
    alone = Case("cobra:textbook", "EX_succ_e", medium=ANAEROBIC, min_growth=0.05)
    assert len(alone.design("robustknock", max_interventions=1, max_designs=4)) == 2


@pytest.mark.parametrize(("more", "first"), [(4e-7, "B"), (2e-6, "A")])
def test_the_first_product_ties_to_six_decimals(more, first):
    entries = [Ranked(frozenset([0]), 1 + more, 0.0, 1, ("A",)), Ranked(frozenset([1]), 1.0, 5.0, 2, ("B",))]
    for listed in (entries, entries[::-1]):
        assert min(listed, key=Ranked.key).names == (first,)
    assert entries[0].key()[1] == 0 and entries[1].key()[1] == -5


def test_a_wrong_claim_of_the_second_product_is_not_verified():
    case = Case("cobra:textbook", products=["EX_succ_e", "EX_etoh_e"], medium=ANAEROBIC, min_growth=0.05)
    designs = case.design("robustknock", max_interventions=1, max_designs=2)
    designs.record["second_product_mmol_per_gdw_h"][1] += 0.1
    assert list(designs.validate()["verified"]) == [True, False]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "optknock"}, "`optknock` promises product, and no one state need keep two promises"),
        ({"kind": "optcouple"}, "`optcouple` rates by 1/h"),
        ({"kind": "robustknock", "objective": "yield"}, "`robustknock_yield` rates by mol/mol"),
        ({"kind": "robustknock", "method": "kkt"}, "`kkt` seeks the most of one product.*`tree` and `exhaustive` do"),
        ({"kind": "robustknock", "front": ["value", "cost"]}, "a front compares the values of one product"),
    ],
)
def test_what_does_not_hold_in_strict_order_says_so(asked, said):
    case = Case("cobra:textbook", products=["EX_succ_e", "EX_etoh_e"], medium=ANAEROBIC, min_growth=0.05)
    with pytest.raises(ConfigError, match=f"products: {said}"):
        case.design(**asked, max_interventions=1)


def test_a_front_and_a_yield_may_be_of_a_weighted_sum():
    case = Case("cobra:textbook", products=WEIGHTS, medium=ANAEROBIC, min_growth=0.05)
    tree, every = (case.front("robustknock", max_interventions=1, method=method) for method in ("tree", "exhaustive"))
    assert [one.interventions for one in tree] == [one.interventions for one in every]
    assert len(tree) >= 2 and tree.validate()["verified"].all()
    best = case.design("robustknock", objective="yield", max_interventions=1)
    assert best[0].value == pytest.approx(best[0].product_yield) and best.validate()["verified"].all()


@pytest.mark.parametrize("products", [{"EX_succ_e": 1, "EX_etho_e": 1}, ["EX_succ_e", "EX_etho_e"]])
def test_an_unknown_product_comes_with_the_nearest_ones(products):
    with pytest.raises(ConfigError, match="products: no reaction 'EX_etho_e' in the model; did you mean EX_etoh_e"):
        Case("cobra:textbook", products=products, medium=ANAEROBIC)


LAYERS = {
    "scenarios": {"named": {"nominal": {}, "leak": {"uptake": {"EX_o2_e": 1}}}},
    "zones": {"named": {"anoxic": {"share": 0.5}, "leaky": {"share": 0.5, "medium": {"EX_o2_e": 2}}}},
    "regulation": "default",
}


@pytest.mark.parametrize("layer", list(LAYERS))
def test_several_products_go_with_layers(layer):
    for products in ({"EX_succ_e": 1, "EX_etoh_e": 0.5}, ["EX_etoh_e", "EX_succ_e"]):
        layers = {layer: LAYERS[layer]}
        case = Case("cobra:textbook", products=products, medium=ANAEROBIC, min_growth=0.05, layers=layers)
        tree, every = (case.design("robustknock", max_interventions=1, method=one) for one in ("tree", "exhaustive"))
        assert [one.interventions for one in tree] == [one.interventions for one in every]
        assert tree[0].value > 8 and tree.validate()["verified"].all()
        second = [one.record.get("second_product_mmol_per_gdw_h") for one in (tree, every)]
        assert second[0] == pytest.approx(second[1]) if isinstance(products, list) else second == [None, None]
