"""The toy models of StrainDesign: every method finds what enumerating all sets finds, and a known answer comes out.

The models are not part of the project; the tests are skipped where the folder KNOCKFLOW_DATA does not hold them.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest

from knockflow import Case
from knockflow.formulations.registry import rated
from knockflow.methods.registry import with_models
from knockflow.model.read import read_model
from knockflow.settings.support import why_not

FOLDER = Path(os.environ.get("KNOCKFLOW_DATA") or "no such folder", "models/toy")
SOLVERS = ("cbc", "highs")

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="KNOCKFLOW_DATA holds no toy models")


@dataclass(frozen=True)
class Toy:
    """A case of a toy model; without genes the targets are named."""

    model: str
    product: str
    min_growth: float
    most: int
    include: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    costs: Mapping[str, float] = field(default_factory=dict)
    biomass: str | None = None
    oxygen: bool = True


# r2 must run, so it is no target; r3 and r6 could be added to the cell by genetic engineering.
WEAK = ("r1", "r4", "r5", "r7", "r8", "r9")
CELL_A = tuple(f"A_R{part}" for part in ("3", "4", "5", "6", "7", "9", "_C", "_D"))
CELL_B = tuple(f"B_R{part}" for part in ("3", "4", "5", "6", "7", "9", "_C", "_D", "_S"))
TOYS = {
    "genes": Toy("model_gpr", "rp_ex", 1, 3),
    "small": Toy("model_small_example", "R4", 1, 3, ("R5", "R6", "R7", "R8", "R9", "R10")),
    "weak coupling": Toy("model_weak_coupling", "r_P", 1, 3, WEAK, closed=("r3",)),
    "both knock-ins": Toy("model_weak_coupling", "r_P", 1, 3, WEAK),
    "two cells, exchange": Toy("model_doubleopt", "shared_R_D", 0.1, 3, (*CELL_A, *CELL_B), biomass="A_BM"),
    "two cells, partner": Toy("model_doubleopt", "B_BM", 0.1, 2, (*CELL_A, *CELL_B), biomass="A_BM"),
}
CORE = {
    "core": Toy("iMLcore", "EX_succ_e", 0.05, 1),
    "core without oxygen": Toy("iMLcore", "EX_succ_e", 0.05, 1, oxygen=False),
}
CORE_PAIRS = {f"{name}, two": replace(toy, most=2) for name, toy in CORE.items()}
PRICED = {"weak coupling, costs": replace(TOYS["weak coupling"], costs={"r4": 1.1, "r5": 0.75, "r7": 0.8})}
ALL = TOYS | CORE | CORE_PAIRS | PRICED
PROGRAMS = [
    (method, kind, solver)
    for method in with_models()
    for kind in sorted(rated())
    if why_not(method, kind) is None
    for solver in SOLVERS
]


@cache
def case_of(name: str) -> Case:
    toy = ALL[name]
    model, _ = read_model(str(FOLDER / f"{toy.model}.xml.gz"), FOLDER)
    for reaction in toy.closed:
        model.reactions.get_by_id(reaction).bounds = (0, 0)
    targets = {"include": list(toy.include), "costs": dict(toy.costs)}
    medium = {} if toy.oxygen else {"EX_o2_e": 0}
    return Case(model, toy.product, min_growth=toy.min_growth, biomass=toy.biomass, medium=medium, targets=targets)


@cache
def enumerated(name: str, kind: str):
    return case_of(name).design(kind, method="exhaustive", max_interventions=ALL[name].most, max_designs="all")


def names(table: list[dict]) -> list[tuple[str, ...]]:
    return [row["interventions"] for row in table]


def numbers(table: list[dict]) -> list[float]:
    return [row[name] for row in table for name in ("value_mmol_per_gdw_h", "product_min_mmol_per_gdw_h")]


def check_tree(name: str, kind: str) -> None:
    found = case_of(name).design(kind, method="tree", max_interventions=ALL[name].most, max_designs="all")
    wanted = enumerated(name, kind)
    assert found.record["proven"] and wanted.record["proven"]
    assert names(found.table) == names(wanted.table)
    assert numbers(found.table) == pytest.approx(numbers(wanted.table), abs=1e-6)


def check_program(name: str, method: str, kind: str, solver: str) -> None:
    """The first solution without the help of an exact method."""
    options = {"method": method, "solver": solver, "max_designs": 1, "confirm": None}
    found = case_of(name).design(kind, max_interventions=ALL[name].most, **options)
    best, wanted = found.table[0], enumerated(name, kind).table[0]
    assert best["value_mmol_per_gdw_h"] == pytest.approx(wanted["value_mmol_per_gdw_h"], abs=1e-4)


@pytest.mark.parametrize("kind", sorted(rated()))
@pytest.mark.parametrize("name", [*TOYS, *CORE])
def test_tree_lists_every_minimal_design(name, kind):
    check_tree(name, kind)


@pytest.mark.long
@pytest.mark.parametrize("kind", sorted(rated()))
@pytest.mark.parametrize("name", CORE_PAIRS)
def test_tree_lists_every_minimal_design_of_a_core_model(name, kind):
    check_tree(name, kind)


@pytest.mark.parametrize(("method", "kind", "solver"), PROGRAMS)
@pytest.mark.parametrize("name", TOYS)
def test_single_level_programs_find_the_best_value(name, method, kind, solver):
    check_program(name, method, kind, solver)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "solver"), [pair[1:] for pair in PROGRAMS if pair[0] == "strong_duality"])
@pytest.mark.parametrize("name", CORE)
def test_strong_duality_never_claims_too_much_of_a_core_model(name, kind, solver):
    """Bounds of dual variables hide designs here, and solvers run out of time: then nothing may be called proven."""
    options = {"method": "strong_duality", "solver": solver, "max_designs": 1, "time_limit_s": 30}
    found = case_of(name).design(kind, max_interventions=ALL[name].most, **options)
    best, wanted = (one.table[0]["value_mmol_per_gdw_h"] for one in (found, enumerated(name, kind)))
    assert best == pytest.approx(wanted, abs=1e-4) if found.record["proven"] else best <= wanted + 1e-4
    assert found.record["bound"] >= wanted - 1e-4


UNCOUPLED, COUPLED = ("-r4|r5", "-r7"), ("-r4|r5", "-r7", "-r9")
"""The published {-r5, -r7} and {-r5, -r7, -r9}: without r3 all that r4 carries comes from r5."""


@pytest.mark.parametrize("method", ["tree", "exhaustive"])
def test_an_uncoupled_optimum_does_not_hide_its_coupled_superset(method):
    designs = case_of("weak coupling").design("optknock", method=method, max_interventions=3, max_designs="all")
    assert names(designs.table) == [COUPLED, UNCOUPLED]
    assert numbers(designs.table) == pytest.approx([5, 5, 5, 0], abs=1e-9)
    assert designs.record["proven"]


def test_the_uncoupled_optimum_stands_alone_where_the_superset_is_too_large():
    case = case_of("weak coupling")
    promised = case.design("optknock", max_interventions=2, max_designs="all")
    assert names(promised.table) == [UNCOUPLED]
    assert numbers(promised.table) == pytest.approx([5, 0], abs=1e-9)
    assert names(case.design("robustknock", max_interventions=2, max_designs="all").table) == [()]


def test_robustknock_finds_the_coupled_design_alone():
    designs = case_of("weak coupling").design("robustknock", max_interventions=3, max_designs="all")
    assert names(designs.table) == [COUPLED]
    assert numbers(designs.table) == pytest.approx([5, 5], abs=1e-9)
    assert designs.table[0]["growth_per_h"] == pytest.approx(5)
    assert set(designs.validate()["verified"]) == {True}


@pytest.mark.parametrize(
    ("kind", "budget", "listed"),
    [
        ("optknock", 4, [COUPLED, UNCOUPLED]),
        ("optknock", 2.5, [UNCOUPLED]),
        ("optknock", 1.5, [()]),
        ("robustknock", 4, [COUPLED]),
        ("robustknock", 2.5, [()]),
    ],
)
def test_the_published_costs_limit_the_list(kind, budget, listed):
    """-r5 costs 0.75, -r7 0.8, -r9 1: a coupled group costs what its cheapest reaction does."""
    case = case_of("weak coupling, costs")
    designs = case.design(kind, max_interventions=4, max_designs="all", max_cost=budget)
    assert names(designs.table) == listed


def published(model: str, product: str, biomass: str | None = None, min_growth: float = 0.0, **targets) -> Case:
    """A toy model, as it is, with interventions beyond knock-outs of reactions."""
    path = str(FOLDER / f"{model}.xml.gz")
    return Case(path, product, biomass=biomass, min_growth=min_growth, targets=targets)


def confirmed(designs) -> set[tuple[str, ...]]:
    """The sets of a list, which validation confirms."""
    assert designs.record["proven"]
    assert set(designs.validate()["verified"]) == {True}
    assert len(set(names(designs.table))) == len(designs)
    return set(names(designs.table))


def cut(*texts: str) -> set[tuple[str, ...]]:
    """Sets written as `R2 R5 R6`: knock-outs, where no sign is given."""
    return {tuple(sorted(n if n[0] in "+-" else f"-{n}" for n in text.split())) for text in texts}


ALL_METHODS = pytest.mark.parametrize("method", ["tree", "exhaustive"])
EVERY = {"max_interventions": 3, "max_designs": "all"}


@ALL_METHODS
def test_the_minimal_cut_sets_of_the_small_example(method):
    """R10 grows here and is no target; it goes with R4 and R7."""
    case = published("model_small_example", "R4", "R10", include=[f"R{n}" for n in range(1, 10)])
    whole = case.design("mcs", method=method, suppress=["R4 >= 1"], **EVERY)
    assert confirmed(whole) == cut("R1", "R3", "R4", "R7", "R6 R8", "R2 R5 R6")
    kept = case.design("mcs", method=method, suppress=["R4 >= 1"], protect=["R3 >= 1"], **EVERY)
    assert confirmed(kept) == cut("R1", "R4", "R7", "R6 R8")


@ALL_METHODS
def test_the_minimal_cut_sets_of_the_small_example_with_all_that_goes_with_its_product(method):
    case = published("model_small_example", "R4", "R9", include=[f"R{n}" for n in (*range(1, 9), 10)])
    whole = case.design("mcs", method=method, suppress=["R4 >= 1"], **EVERY)
    assert confirmed(whole) == cut("R1", "R3", "R4", "R7", "R10", "R6 R8", "R2 R5 R6")
    kept = case.design("mcs", method=method, suppress=["R4 >= 1"], protect=["R3 >= 1"], **EVERY)
    assert confirmed(kept) == cut("R1", "R4", "R7", "R10", "R6 R8")


@ALL_METHODS
def test_the_minimal_cut_sets_with_a_knock_in(method):
    include = [f"R{n}" for n in range(1, 11) if n not in (2, 9)]
    case = published("model_small_example", "R3", "R9", include=include, interventions={"+R2": 1})
    regions = [
        ["R3 - 0.5 R1 <= 0.0", "R2 <= 0", "R1 >= 0.1"],
        ["R3 - 0.5 R1 - 0.5 R2 <= 0", "R2 >= 0", "R1 >= 0.1"],
    ]
    found = confirmed(case.design("mcs", method=method, suppress=regions, protect=[["R3 >= 1"]], **EVERY))
    assert found >= cut("R1 +R2", "R6 R8", "R4", "R7", "R10")


COSTS = {"r1": 1, "r4": 1.1, "r5": 0.75, "r7": 0.8, "r8": 1, "r9": 1, "r_S": 1, "r_P": 1, "r_Q": 1.5}


@cache
def weakly_coupled(min_growth: float = 1.0) -> Case:
    """With what can be added and regulated; `r_BM` is biomass."""
    added = {"+r3": 0.6, "+r6": 1, "r6>=4.5": 1.2}
    options = {"include": list(COSTS), "costs": COSTS, "interventions": added}
    return published("model_weak_coupling", "r_P", "r_BM", min_growth, **options)


@ALL_METHODS
@pytest.mark.parametrize(
    ("kind", "most", "best"),
    [
        ("optknock", 4, {2.55: (5, 0), 2.9: (5, 0)}),
        ("robustknock", 4, {3.55: (5, 5), 3.9: (5, 5)}),
        ("optcouple", 6, {4.15: (5, 5), 4.5: (5 / 3, 5)}),
    ],
)
def test_the_published_designs_with_what_is_added(method, kind, most, best):
    """By cost: the value, and the least product at maximal growth."""
    limits = {"max_cost": most, "max_interventions": 12, "max_designs": 20}
    designs = weakly_coupled().design(kind, method=method, **limits)
    assert confirmed(designs)
    found = {round(row["cost"], 6): numbers([row]) for row in designs.table}
    assert {cost: found[cost] for cost in best} == {cost: pytest.approx(pair) for cost, pair in best.items()}
    assert designs.table[0]["value_mmol_per_gdw_h"] == pytest.approx(5)


@ALL_METHODS
def test_the_published_cut_sets_of_optimal_states(method):
    region = {"where": ["r_P - 0.4 r_S <= 0", "r_S >= 0.1"], "maximize": {"r_BM": 1}}
    regions = {"suppress": [region], "protect": ["r_BM >= 0.2"]}
    designs = weakly_coupled(0.0).design(
        "mcs", method=method, max_cost=4, max_interventions=12, max_designs="all", **regions
    )
    assert confirmed(designs)
    assert sorted(row["cost"] for row in designs.table) == pytest.approx([3.0, 3.55, 3.9])


@ALL_METHODS
def test_the_published_gene_level_designs(method):
    knock_outs = {"g1": 1, "g2": 1, "g4": 3, "g5": 2, "g6": 1, "g7": 1, "g8": 1, "g9": 1}
    offered = {f"-{gene}": cost for gene, cost in knock_outs.items()}
    offered |= {"+g3": 1, "g4<=0.4": 1.2, "-rs_up": 1, "-rd_ex": 1, "-rp_ex": 1.1}
    case = published("model_gpr", "rp_ex", "r_bm", level="genes", interventions=offered)
    limits = {"max_cost": 2, "max_interventions": 8, "max_designs": "all"}
    designs = case.design("mcs", method=method, suppress=["rd_ex >= 1"], protect=["r_bm >= 1"], **limits)
    assert confirmed(designs) == cut("rd_ex", "+g3 g8", "g7 g9") | {("g4<=0.4",)}
