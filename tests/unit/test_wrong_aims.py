"""Scenarios, zones, fronts, products and yields that are written wrongly: one line each, before any model is read."""

from pathlib import Path

import pytest

from knockflow.base.errors import ConfigError, FileError
from knockflow.layers.scenarios.collect import read
from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema

SCHEMA = read_schema()
SCENARIOS, ZONES = "cases.core.layers.scenarios", "cases.core.layers.zones"
HALF = {"share": 0.5}
HEAD = "scenario\tquantity\treaction\tmetabolite\tvalue\n"


def one(**changes):
    return {"scenarios": {"named": {"nominal": {}, "other": changes}}}


def named(**options):
    return {"scenarios": {"named": {"nominal": {}, "other": {}}} | options}


def zones(**options):
    return {"zones": {"named": {"a": HALF, "b": HALF}} | options}


def first(**options):
    return zones(named={"a": HALF | options, "b": HALF})


LAYERS = [
    (one(bound={"PFK": [0, 1]}), f"{SCENARIOS}.named.other: unknown key `bound`; did you mean bounds?"),
    (one(bounds={"PFK": [0, float("nan")]}), "named.other.bounds.PFK: `nan` is not a finite number"),
    (one(bounds={"PFK": [5]}), "named.other.bounds.PFK: `[5]` holds 1, at least 2 needed"),
    (one(uptake={"EX_o2_e": -1}), "named.other.uptake.EX_o2_e: -1 is less than the minimum of 0"),
    (one(times={"ATPM": 0}), "named.other.times.ATPM: 0 is less than or equal to the minimum of 0"),
    (one(growth_atp=-1), "named.other.growth_atp: -1 is less than or equal to the minimum of 0"),
    (one(enzyme_budget=0.5), f"{SCENARIOS}: `enzyme_budget` varies, but the case lacks its layer: `enzymes`"),
    (one(dgp0_kj_per_mol={"PFK": 5}), "`dgp0_kj_per_mol` varies, but the case lacks its layer: `thermodynamics`"),
    ({"scenarios": {"named": {}}}, f"{SCENARIOS}.named: nothing stands under it; it takes at least one entry"),
    ({"scenarios": {"named": {"": {}}}}, f"{SCENARIOS}.named: '' should be non-empty"),
    (named(judge="wors"), f"{SCENARIOS}.judge: `wors` is not allowed; did you mean worst?"),
    (named(judge="quantile"), f"{SCENARIOS}.quantile: `judge: quantile` needs it"),
    (named(quantile=0.5), f"{SCENARIOS}.quantile: `judge: worst` has none"),
    (named(judge="quantile", quantile=2), f"{SCENARIOS}.quantile: 2 is greater than the maximum of 1"),
    (named(ranges={"times": {"ATPM": [2, 1]}}), "ranges.times.ATPM: [2, 1] is upside down: the least comes first"),
    (named(ranges={"times": {"ATPM": [2]}}), "ranges.times.ATPM: `[2]` holds 1, at least 2 needed"),
    (named(ranges={"bounds": {"ATPM": [1, 2]}}), f"{SCENARIOS}.ranges: unknown key `bounds`"),
    (named(sampling="corner"), f"{SCENARIOS}.sampling: `corner` is not allowed; did you mean corners?"),
    (named(count=0), f"{SCENARIOS}.count: 0 is less than the minimum of 1"),
    (named(fresh=-1), f"{SCENARIOS}.fresh: -1 is less than the minimum of 0"),
    (named(seed=1.5), f"{SCENARIOS}.seed: `1.5` is not of type integer"),
    (zones(named={"a": HALF, "b": {"share": 0.4}}), "the shares add up to 0.9, they must add up to 1: a 0.5, b 0.4"),
    (zones(named={"a": {}, "b": HALF}), "the shares add up to 1.5, they must add up to 1: a 1, b 0.5 (1 if not given)"),
    (zones(named={}), f"{ZONES}.named: nothing stands under it"),
    (first(share=0), f"{ZONES}.named.a.share: 0 is less than or equal to the minimum of 0"),
    (first(medium={"EX_o2_e": -1}), f"{ZONES}.named.a.medium.EX_o2_e: -1 is less than the minimum of 0"),
    (first(cell_objective={"ATPM": 1}), "unknown key `cell_objective`; `cell_objective` is a key of a case"),
    (first(objective="yield"), "unknown key `objective`; `objective` is a key of a formulation"),
    (zones(exchange={"EX_o2_e": {"conductance": -1}}), "EX_o2_e.conductance: -1 is less than the minimum of 0"),
    (zones(exchange={"EX_o2_e": {"capacity": 0}}), "EX_o2_e.capacity: 0 is less than or equal to the minimum of 0"),
    (zones(neighbours=[["a", "c"]]), f"{ZONES}.neighbours: no zone `c`; there are a, b"),
    (zones(neighbours=[["a", "b", "a"]]), "`['a', 'b', 'a']` holds 3, at most 2 allowed"),
    (zones(least_growth=-1), f"{ZONES}.least_growth: -1 is less than the minimum of 0"),
    (zones(equal_growth="yes"), f"{ZONES}.equal_growth: `yes` is not of type boolean"),
    (zones(aim="selfish", equal_growth=True), f"{ZONES}.aim: `equal_growth` ties the growth of the zones"),
    (zones() | {"regulation": "default"}, f"{ZONES}: copies of the cell side by side must be one linear program"),
]

PRODUCTS = [
    ({"EX_succ_e": 1, "EX_ac_e": -1}, "EX_ac_e: -1 is no weight; give a number above 0, or leave the product out"),
    ({"EX_succ_e": 1, "EX_ac_e": 0}, "EX_ac_e: 0 is no weight"),
    ({"EX_succ_e": 1, "EX_ac_e": float("inf")}, "EX_ac_e: `inf` is not a finite number"),
    ({"EX_succ_e": 1}, "`EX_succ_e` alone; for one product give `product: EX_succ_e`"),
    ({}, "nothing stands under it; it takes at least one entry"),
    (["EX_succ_e", "EX_ac_e", "EX_etoh_e"], "3 in strict order; two are ranked"),
    (["EX_succ_e", "EX_succ_e"], "`EX_succ_e` is there twice"),
    ("EX_succ_e", "`EX_succ_e` is not of type null or object or array"),
]

FORMULATIONS = [
    ({"front": ["value"]}, "front: `value` alone is no front; name two or three of value, growth, cost"),
    ({"front": ["value", "speed"]}, "front.1: `speed` is not allowed; allowed: value, growth, cost"),
    ({"front": ["value", "value"]}, "front: `value` stands there twice; keep one"),
    ({"front": "value"}, "front: `value` is not of type array"),
    ({"front": ["value", "cost"], "max_designs": 7}, "max_designs: a front lists one design for each of its points"),
    ({"front": ["value", "cost"], "scatter": 2}, "scatter: the searches of a front are not split into parts"),
    ({"front": ["value", "cost"], "method": "kkt"}, "front: `kkt` lists designs by value alone and proves no front"),
    ({"objective": "yeild"}, "objective: `yeild` is not allowed; did you mean yield?"),
    ({"objective": "yield", "kind": "potential"}, "objective: `potential` has no yields to seek; these do:"),
    ({"objective": "yield", "method": "kkt"}, "method: `kkt` does not hold for `robustknock_yield`"),
    ({"min_value": "much"}, "min_value: `much` is not of type null or number"),
    ({"product": "EX_succ_e"}, "unknown key `product`; `product` is a key of a case"),
]

TABLES = [
    ("scenario\tquantity\treaction\nleak\tuptake\tEX_o2_e\n", "no column value; its columns are scenario, quantity"),
    (HEAD, "it has no rows"),
    (f"{HEAD}\tuptake\tEX_o2_e\t\t1\n", "line 2: no scenario"),
    (f"{HEAD}leak\tuptakes\tEX_o2_e\t\t1\n", "line 2: quantity `uptakes` is none; did you mean uptake?"),
    (f"{HEAD}leak\tuptake\t\t\t1\n", "line 2: `uptake` needs a reaction"),
    (f"{HEAD}leak\tuptake\tEX_o2_e\t\tmuch\n", "line 2: value must be a number, not `much`"),
    (f"{HEAD}leak\tuptake\tEX_o2_e\t\t-1\n", "line 2: an uptake is a number from 0 up, not -1"),
    (f"{HEAD}leak\ttimes\tATPM\t\t0\n", "line 2: `times` is a factor above 0, not 0"),
    (f"{HEAD}leak\tlower\tEX_o2_e\t\t-1\n", "leak: EX_o2_e has no row with its `upper` bound"),
    (f"{HEAD}leak\tuptake\tEX_o2_e\t\t1\nleak\tuptake\tEX_o2_e\t\t2\n", "line 3: uptake EX_o2_e of leak has a row"),
]


def refused(case: dict, formulation: dict) -> list[str]:
    content = {
        "cases": {"core": {"model": "cobra:textbook"} | case},
        "formulations": {"best": {"kind": "robustknock"} | formulation},
    }
    with pytest.raises(ConfigError) as refusal:
        checked(content, SCHEMA, "my.yaml")
    return str(refusal.value).splitlines()


@pytest.mark.parametrize(("layers", "said"), LAYERS)
def test_wrong_scenarios_and_zones_are_named(layers, said):
    lines = refused({"product": "EX_succ_e", "layers": layers}, {})
    assert len(lines) == 1 and said in lines[0], lines


@pytest.mark.parametrize(("products", "said"), PRODUCTS)
def test_wrong_products_are_named(products, said):
    assert any(
        f"cases.core.products{mark}{said}" in line
        for line in refused({"products": products}, {})
        for mark in (": ", ".")
    )


@pytest.mark.parametrize(("asked", "said"), FORMULATIONS)
def test_wrong_fronts_and_yields_are_named(asked, said):
    lines = refused({"product": "EX_succ_e"}, asked)
    assert len(lines) == 1 and f"formulations.best{'' if said.startswith('unknown') else '.'}" in lines[0], lines
    assert said in lines[0], lines


@pytest.mark.parametrize(("text", "said"), TABLES)
def test_wrong_tables_of_scenarios_are_named_with_the_line(tmp_path: Path, text, said):
    path = tmp_path / "scenarios.tsv"
    path.write_text(text)
    with pytest.raises(FileError) as refusal:
        read(path)
    assert f"{path}: {said}" in str(refusal.value)


def test_products_beside_a_product_are_one_too_many():
    lines = refused({"product": "EX_succ_e", "products": {"EX_succ_e": 1, "EX_ac_e": 1}}, {})
    assert lines == ["my.yaml: cases.core.products: `product` is there, too; keep one of the two keys"]
