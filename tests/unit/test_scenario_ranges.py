"""Scenarios of ranges and tables: what is made of them, other layers that they vary, and wrong input by name."""

from pathlib import Path

import pytest
from cobra import Metabolite, Model, Reaction
from networks import BRANCHED, network

from knockflow import Case
from knockflow.base.errors import ConfigError, FileError
from knockflow.follower.respond import respond
from knockflow.layers.in_strain import as_each
from knockflow.layers.layer import Given
from knockflow.layers.registry import layers
from knockflow.layers.scenarios.collect import read
from knockflow.layers.scenarios.sampling import flat, hypercube, n_corners
from knockflow.model.question import Question
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

CORE = {
    "model": "cobra:textbook",
    "product": "EX_succ_e",
    "medium": {"EX_glc__D_e": 10, "EX_o2_e": 0},
    "min_growth": 0.05,
}
ENZYMES = layers()["enzymes"].example["layers"]["enzymes"]
RANGES = {"times": {"ATPM": [0.8, 1.2]}, "uptake": {"EX_o2_e": [0, 1]}, "growth_atp": [0.9, 1.1]}


def of(scenarios: dict, beside: dict | None = None, **more) -> Case:
    return Case(**CORE | more, layers={"scenarios": scenarios} | (beside or {}))


def changes(case: Case) -> dict[str, set]:
    """The lower bounds that each scenario sets."""
    found: dict[str, set] = {row["scenario"]: set() for row in case.tables["scenarios"]}
    for row in case.tables["scenarios"]:
        if "lower_mmol_per_gdw_h" in row:
            found[row["scenario"]].add((row["reaction"], round(float(row["lower_mmol_per_gdw_h"]), 6)))
    return found


def test_corners_are_all_combinations_of_ends():
    case = of({"ranges": RANGES})
    assert len(case.problem.followers) == 9 and case.problem.each[0].follower.name == "nominal"
    found = changes(case)
    assert len(found) == 9 and found["nominal"] == set()
    ends = {frozenset(own) for name, own in found.items() if name != "nominal"}
    assert ends == {
        frozenset([("ATPM", round(8.39 * share, 6)), ("EX_o2_e", -leak)]) for share in (0.8, 1.2) for leak in (0.0, 1.0)
    }


def test_the_worst_of_all_corners_is_that_of_the_ranges():
    """Growth falls with maintenance and rises with oxygen, and both are linear: the corners hold all between."""
    case, design = of({"ranges": RANGES}), frozenset()
    between = of({"named": {"between": {"times": {"ATPM": 0.93}, "uptake": {"EX_o2_e": 0.4}, "growth_atp": 1.04}}})
    assert respond(case.problem, design).growth <= respond(between.problem, design).growth


def test_a_latin_hypercube_has_one_scenario_in_each_part_of_each_range_and_follows_from_the_seed():
    ranges = flat(
        {"uptake": {"EX_o2_e": [0, 2], "EX_glc__D_e": [8, 12]}, "growth_atp": [0.8, 1.2], "enzyme_budget": None}
    )
    drawn = list(hypercube(ranges, 5, 1))
    assert drawn == list(hypercube(ranges, 5, 1)) != list(hypercube(ranges, 5, 2))
    for values, (least, most) in (
        ([one["uptake"]["EX_o2_e"] for one in drawn], (0, 2)),
        ([one["uptake"]["EX_glc__D_e"] for one in drawn], (8, 12)),
        ([one["growth_atp"] for one in drawn], (0.8, 1.2)),
    ):
        assert sorted(int(5 * (value - least) / (most - least)) for value in values) == list(range(5))


def test_scenarios_of_a_hypercube_are_judged_and_verified_like_others():
    case = of({"ranges": RANGES, "sampling": "latin_hypercube", "count": 3, "judge": "mean"})
    assert [one.follower.name for one in case.problem.each] == ["nominal", "sample 1", "sample 2", "sample 3"]
    lists = [
        case.design("robustknock", max_interventions=2, max_designs=2, method=name) for name in ("tree", "exhaustive")
    ]
    assert [row["interventions"] for row in lists[0].table] == [row["interventions"] for row in lists[1].table]
    assert lists[0].validate()["verified"].all()


def test_a_range_without_width_has_one_corner():
    assert n_corners(flat({"times": {"ATPM": [1.5, 1.5]}, "growth_atp": [0.9, 1.1]})) == 2


def test_a_table_has_the_scenarios_that_it_has(tmp_path):
    path = tmp_path / "scenarios.tsv"
    path.write_text(
        "scenario\tquantity\treaction\tmetabolite\tvalue\n"
        "as it is\t\t\t\t\n"
        "leaky\tuptake\tEX_o2_e\t\t1\n"
        "leaky\tcoefficients\tBiomass_Ecoli_core\tnad_c\t1.1\n"
        "narrow\tlower\tATPM\t\t9\n"
        "narrow\tupper\tATPM\t\t10\n"
        "narrow\tgrowth_atp\t\t\t1.2\n"
    )
    named = {
        "as it is": {},
        "leaky": {"uptake": {"EX_o2_e": 1}, "coefficients": {"Biomass_Ecoli_core": {"nad_c": 1.1}}},
        "narrow": {"bounds": {"ATPM": [9, 10]}, "growth_atp": 1.2},
    }
    assert read(path) == named
    by_table, by_name = of({"table": str(path)}), of({"named": {"nominal": {}, **named}})
    assert by_table.tables["scenarios"] == by_name.tables["scenarios"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a\tuptak\tEX_o2_e\t\t1", "line 2: quantity `uptak` is none; did you mean uptake?"),
        ("a\tuptake\t\t\t1", "line 2: `uptake` needs a reaction"),
        ("a\tcoefficients\tPFK\t\t1", "`coefficients` needs a reaction and a metabolite"),
        ("a\tgrowth_atp\tPFK\t\t1", "`growth_atp` needs neither reaction nor metabolite"),
        ("a\ttimes\tATPM\t\tmuch", "value must be a number, not `much`"),
        ("a\ttimes\tATPM\t\t-1", "`times` is a factor above 0, not -1"),
        ("a\tuptake\tEX_o2_e\t\t-1", "an uptake is a number from 0 up, not -1"),
        ("a\tlower\tATPM\t\t9", "a: ATPM has no row with its `upper` bound"),
        ("a\tuptake\tEX_o2_e\t\t1\na\tuptake\tEX_o2_e\t\t2", "line 3: uptake EX_o2_e of a has a row already"),
        ("\tuptake\tEX_o2_e\t\t1", "line 2: no scenario"),
    ],
)
def test_a_wrong_row_of_a_table_is_refused_by_its_line(tmp_path, row, message):
    path = tmp_path / "scenarios.tsv"
    path.write_text(f"scenario\tquantity\treaction\tmetabolite\tvalue\n{row}\n")
    with pytest.raises(FileError, match=message.replace("?", r"\?")):
        read(path)


def test_what_a_table_names_is_checked_against_the_model(tmp_path):
    path = tmp_path / "scenarios.tsv"
    path.write_text("scenario\tquantity\treaction\tvalue\na\ttimes\tATPMM\t2\n")
    with pytest.raises(
        ConfigError, match=r"scenarios.tsv: a.times: no reaction `ATPMM` in the model; did you mean ATPM\?"
    ):
        of({"table": str(path)})
    path.write_text("scenario\tquantity\treaction\tvalue\nnominal\ttimes\tATPM\t2\n")
    with pytest.raises(ConfigError, match="scenario `nominal` is there twice"):
        of({"table": str(path)})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ranges": {"times": {"ATPM": [2, 1]}}}, r"ranges.times.ATPM: \[2, 1\] is upside down"),
        (
            {"ranges": {"times": {"ATPMM": [1, 2]}}},
            r"ranges.times: no reaction `ATPMM` in the model; did you mean ATPM\?",
        ),
        ({"ranges": {"uptake": {"PFK": [1, 2]}}}, "ranges.uptake: PFK exchanges nothing with the medium"),
        ({"ranges": {"time": {}}}, r"ranges: unknown key `time`; did you mean times\?"),
        ({"ranges": {"growth_atp": [0, 1]}}, "growth_atp"),
        ({"ranges": {"times": {"ATPM": [1]}}}, "holds 1, at least 2 needed"),
        (
            {"ranges": {"times": {name: [0.9, 1.1] for name in "ABCDEFGHI"}}},
            "9 ranges have 512 corners, at most 256 are allowed; set `sampling: latin_hypercube`",
        ),
        ({"named": {"a": {"enzyme_budget": 0.5}}}, "`enzyme_budget` varies, but the case lacks its layer: `enzymes`"),
        (
            {"ranges": {"dgp0_kj_per_mol": {"PGI": [0, 1]}}},
            "`dgp0_kj_per_mol` varies.*lacks its layer: `thermodynamics`",
        ),
    ],
)
def test_wrong_ranges_are_refused_by_name(options, message):
    with pytest.raises(ConfigError, match=message):
        of(options)


def test_budgets_and_turnover_numbers_vary_as_in_cases_of_their_own():
    named = {"nominal": {}, "poor": {"enzyme_budget": 0.8}, "slow": {"kcat": {"PFK": 0.5, "ENO": 0.6}}}
    case, design = of({"named": named}, {"enzymes": ENZYMES}, min_growth=0.02), frozenset()
    alone = [respond(one, design).growth for one in case.problem.each]
    plain = Case(**CORE | {"min_growth": 0.02}, layers={"enzymes": ENZYMES})
    poor = Case(**CORE | {"min_growth": 0.02}, layers={"enzymes": ENZYMES | {"budget": 0.8 * ENZYMES["budget"]}})
    assert alone[:2] == pytest.approx([respond(one.problem, design).growth for one in (plain, poor)], abs=1e-9)
    assert alone[1] < alone[2] < alone[0]
    found = [case.design("robustknock", max_interventions=1, method=name) for name in ("tree", "exhaustive")]
    assert [row["interventions"] for row in found[0].table] == [row["interventions"] for row in found[1].table]
    assert found[0].table[0]["n_interventions"] == 1 and found[0].validate()["verified"].all()


def test_a_turnover_number_that_no_enzyme_has_is_refused():
    with pytest.raises(ConfigError, match="kcat: enzymes of EX_o2_e have no cost"):
        of({"named": {"nominal": {}, "slow": {"kcat": {"EX_o2_e": 0.5}}}}, {"enzymes": ENZYMES})


def test_where_the_budget_of_a_scenario_does_not_suffice_it_is_named_with_what_would():
    named = {"nominal": {}, "poor": {"enzyme_budget": 0.05}}
    case = of({"named": named}, {"enzymes": ENZYMES}, min_growth=0.1)
    reason = case.design("robustknock", max_interventions=1).record["reason"]
    assert reason.startswith("poor: ") and "g/gDW of enzymes, and the budget is 0.00075" in reason


ENERGIES = ("reaction", "dgp0_kj_per_mol", "dg_min_kj_per_mol", "dg_max_kj_per_mol", "direction", "source", "status")
REVERSIBLE = BRANCHED | {"FAST": ({"s": -1, "x": 1}, -1000, 1000)}


def energies(folder: Path) -> Given:
    """What a case of REVERSIBLE gives the layer: FAST can run either way, by a little."""
    from knockflow.layers.thermodynamics.directions import TABLE

    row = dict(zip(ENERGIES, ("FAST", 0.0, -5.0, 5.0, "both", "by hand", "ok"), strict=True))
    TABLE.write(folder / "thermodynamics.tsv", [row])
    return Given({"mode": "directions"}, table=folder / "thermodynamics.tsv")


def shifts(folder: Path, **by: float) -> Given:
    """Scenarios that move the energy of a reaction, and one that does not."""
    from knockflow.layers.scenarios.table import TABLE

    rows = [{"scenario": "nominal"}]
    rows += [
        {"scenario": f"{name} {value}", "quantity": "dgp0_kj_per_mol", "reaction": name, "value": repr(value)}
        for name, value in by.items()
    ]
    TABLE.write(folder / "scenarios.tsv", rows)
    return Given({"judge": "worst", "quantile": None}, table=folder / "scenarios.tsv")


def test_a_scenario_moves_the_energy_of_a_reaction_and_with_it_its_direction(tmp_path):
    from knockflow.layers.scenarios import follower as scenarios
    from knockflow.layers.thermodynamics import follower as directions

    def growths(by: float) -> list[float]:
        both = [directions.of(energies(tmp_path)), scenarios.of(shifts(tmp_path, FAST=by))]
        problem, _ = build(network(REVERSIBLE), {}, Question("EX_p", "EX_s", 0.1), TargetOptions(), both)
        return [one.max_growth for one in problem.each]

    assert growths(10.0) == pytest.approx([10.0, 5.0])
    assert growths(-10.0) == growths(4.0) == pytest.approx([10.0, 10.0])
    other = [directions.of(energies(tmp_path)), scenarios.of(shifts(tmp_path, SLOW=1.0))]
    with pytest.raises(ConfigError, match="dgp0_kj_per_mol: SLOW has no energy in thermodynamics.tsv"):
        build(network(REVERSIBLE), {}, Question("EX_p", "EX_s", 0.1), TargetOptions(), other)


def test_it_does_so_on_the_model_of_cobrapy_and_only_there(tmp_path):
    from knockflow.layers.scenarios import strain as scenarios
    from knockflow.layers.thermodynamics import strain as directions

    model = Model("toy")
    for name, (stoichiometry, lower, upper) in REVERSIBLE.items():
        reaction = Reaction(name, lower_bound=lower, upper_bound=upper)
        model.add_reactions([reaction])
        reaction.add_metabolites({Metabolite(one, compartment="c"): value for one, value in stoichiometry.items()})
    model.objective = "BIO"
    directions.rebuild(model, energies(tmp_path))
    scenarios.rebuild(model, shifts(tmp_path, FAST=10.0))
    assert [(name, model.slim_optimize()) for name in as_each(model)] == [
        ("nominal", pytest.approx(10.0)),
        ("FAST 10.0", pytest.approx(5.0)),
    ]
    assert model.reactions.FAST.bounds == (-1000, 1000)
