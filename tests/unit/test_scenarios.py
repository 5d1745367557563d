"""Scenarios of the core model: the worst one counts, COBRApy agrees, and wrong input is refused by name."""

from dataclasses import replace

import pytest

from knockflow import Case
from knockflow.base.errors import ConfigError
from knockflow.base.tables import DESIGNS, VALIDATION
from knockflow.follower.respond import respond
from knockflow.problem.judge import Judge

CORE = {
    "model": "cobra:textbook",
    "product": "EX_succ_e",
    "medium": {"EX_glc__D_e": 10, "EX_o2_e": 0},
    "min_growth": 0.05,
}
SIX = {
    "nominal": {},
    "maintenance": {"times": {"ATPM": 1.5}},
    "leak_1": {"uptake": {"EX_o2_e": 1}},
    "leak_2": {"uptake": {"EX_o2_e": 2}},
    "more_atp": {"growth_atp": 1.2},
    "less_atp": {"growth_atp": 0.8},
}


def of(named: dict, scenarios: dict | None = None, **more) -> Case:
    return Case(**(CORE | more), layers={"scenarios": {"named": named} | (scenarios or {})})


def numbers(case: Case, *reactions: str) -> frozenset[int]:
    """A design by the reactions that it removes."""
    ids = case.problem.targets.ids
    return frozenset(next(t for t, name in enumerate(ids) if one in name.split("|")) for one in reactions)


@pytest.fixture(scope="module")
def six() -> Case:
    return of(SIX)


def test_the_best_design_of_the_model_dies_where_maintenance_costs_more(six):
    design = numbers(six, "ACALD", "LDH_D", "THD2")
    alone = [respond(one, design) for one in six.problem.each]
    assert alone[0].product_min == pytest.approx(9.9108, abs=1e-4)
    assert alone[1] is None and respond(six.problem, design) is None


def test_the_robust_design_is_found_proven_and_verified(six):
    designs = six.design("robustknock", max_interventions=3, max_designs=1)
    (row,) = designs.table
    assert row["interventions"] == ("-ACALD", "-CYTBD", "-PYK") and designs.record["proven"]
    assert row["value_mmol_per_gdw_h"] == pytest.approx(8.9494, abs=1e-4)
    assert designs.validate()["verified"].all()


def test_what_is_validated_is_the_least_that_cobrapy_finds_in_any_scenario(six):
    """Each scenario by hand, on the model of COBRApy."""
    from cobra.io import load_model

    found = []
    for name in SIX:
        model = load_model("textbook")
        model.reactions.EX_o2_e.lower_bound = {"leak_1": -1, "leak_2": -2}.get(name, 0)
        model.reactions.ATPM.lower_bound *= 1.5 if name == "maintenance" else 1
        share = {"more_atp": 0.2, "less_atp": -0.2}.get(name, 0.0)
        parts = {"atp_c": -1, "h2o_c": -1, "adp_c": 1, "h_c": 1, "pi_c": 1}
        model.reactions.Biomass_Ecoli_core.add_metabolites({m: 59.81 * share * sign for m, sign in parts.items()})
        for reaction in ("ACALD", "CYTBD", "PYK"):
            model.reactions.get_by_id(reaction).knock_out()
        growth = model.slim_optimize()
        model.reactions.Biomass_Ecoli_core.lower_bound = growth * (1 - 1e-8)
        model.objective = "EX_succ_e"
        found.append((growth, model.slim_optimize()))
    told = six.respond(["ACALD", "CYTBD", "PYK"])
    assert told["growth_per_h"] == pytest.approx(min(growth for growth, _ in found), abs=1e-6)
    assert told["product_max_mmol_per_gdw_h"] == pytest.approx(min(product for _, product in found), abs=1e-4)


def test_one_scenario_gives_the_tables_of_the_plain_case_byte_for_byte(tmp_path):
    texts = []
    for number, case in enumerate((Case(**CORE), of({"nominal": {}}))):
        designs = case.design("robustknock", max_interventions=2)
        DESIGNS.write(tmp_path / f"{number}.tsv", designs.table)
        VALIDATION.write(tmp_path / f"{number}.validation.tsv", designs.validate().to_dict("records"))
        checked = VALIDATION.read(tmp_path / f"{number}.validation.tsv")
        own = [{k: v for k, v in row.items() if k != "verified_by" and "plain" not in k} for row in checked]
        texts.append(((tmp_path / f"{number}.tsv").read_bytes(), own))
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("judge", "of"),
    [
        ({"judge": "mean"}, lambda values: sum(values) / 6),
        ({"judge": "quantile", "quantile": 0.5}, lambda values: sorted(values)[2]),
    ],
)
def test_a_design_is_judged_by_the_mean_or_a_quantile_and_verified(judge, of):
    case = Case(**CORE, layers={"scenarios": {"named": SIX} | judge})
    lists = [
        case.design("robustknock", max_interventions=2, max_designs=1, method=name) for name in ("tree", "exhaustive")
    ]
    rows = lists[0].table
    assert [row["interventions"] for row in rows] == [row["interventions"] for row in lists[1].table]
    assert lists[0].record["proven"] and lists[0].validate()["verified"].all()
    design = numbers(case, *(name.removeprefix("-").split("|")[0] for name in rows[0]["interventions"]))
    alone = [respond(one, design) for one in case.problem.each]
    assert rows[0]["value_mmol_per_gdw_h"] == pytest.approx(of([one.product_min for one in alone]), abs=1e-6)
    assert rows[0]["growth_per_h"] == pytest.approx(min(one.growth for one in alone), abs=1e-6)


@pytest.mark.parametrize(
    ("judge", "value"),
    [
        (Judge(), 1.0),
        (Judge("mean"), 3.0),
        (Judge("quantile", 0.0), 1.0),
        (Judge("quantile", 0.2), 1.0),
        (Judge("quantile", 0.3), 2.0),
        (Judge("quantile", 0.4), 2.0),
        (Judge("quantile", 0.41), 3.0),
        (Judge("quantile", 1.0), 6.0),
    ],
)
def test_what_is_made_of_five_values(judge, value):
    from knockflow.layers.in_strain import Judged
    from knockflow.validation.several import folded

    values = [3.0, 1.0, 6.0, 2.0, 3.0]
    assert judge.of(values) == value
    found = folded([{"x": one, "growth_per_h": one} for one in values], Judged(judge.by, judge.quantile))
    assert found == {"x": value, "growth_per_h": 1.0}


def test_a_problem_keeps_how_it_is_judged_in_its_file(tmp_path):
    from knockflow.problem.archive import digest, load, save

    problem = Case(**CORE, layers={"scenarios": {"named": SIX, "judge": "quantile", "quantile": 0.25}}).problem
    save(tmp_path / "problem.npz", problem)
    again = load(tmp_path / "problem.npz")
    assert (again.judge.by, again.judge.quantile) == ("quantile", 0.25) and digest(again) == digest(problem)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"judge": "quantile"}, "layers.scenarios.quantile: `judge: quantile` needs it"),
        ({"judge": "mean", "quantile": 0.1}, "layers.scenarios.quantile: `judge: mean` has none"),
        ({"judge": "quantile", "quantile": 1.5}, "quantile: 1.5 is greater than the maximum of 1"),
        ({"judge": "quantile", "quantile": -0.1}, "quantile: -0.1 is less than the minimum of 0"),
        ({"judge": "quantil"}, "did you mean quantile"),
    ],
)
def test_a_wrong_judge_is_refused_by_name(options, message):
    with pytest.raises(ConfigError, match=message):
        Case(**CORE, layers={"scenarios": {"named": SIX} | options})


@pytest.mark.parametrize("judge", [{}, {"judge": "mean"}])
def test_a_front_holds_in_all_scenarios(judge):
    case = of({name: SIX[name] for name in ("nominal", "maintenance")}, judge)
    lists = [
        case.design("robustknock", max_interventions=1, front=["value", "growth"], method=method).table
        for method in ("tree", "exhaustive")
    ]
    assert [row["interventions"] for row in lists[0]] == [row["interventions"] for row in lists[1]]


def test_fresh_scenarios_lie_between_those_of_the_case_and_follow_from_the_seed(six):
    from knockflow.layers.scenarios.fresh import fresh

    network = six._whole.network
    named = SIX | {
        "nad": {"coefficients": {"Biomass_Ecoli_core": {"nad_c": 1.1}}, "enzyme_budget": 0.9, "kcat": {"PFK": 2}}
    }
    ranges = {"uptake": {"EX_glc__D_e": [8, 10]}, "dgp0_kj_per_mol": {"PGI": [-4, 6]}, "growth_atp": None}
    drawn = fresh(network, named, ranges, 8, 1)
    assert drawn == fresh(network, named, ranges, 8, 1) != fresh(network, named, ranges, 8, 2)
    values = {
        "leak": [-one["bounds"]["EX_o2_e"][0] for one in drawn.values()],
        "maintenance": [one["bounds"]["ATPM"][0] / 8.39 for one in drawn.values()],
        "atp": [one["growth_atp"] for one in drawn.values()],
        "nad": [one["coefficients"]["Biomass_Ecoli_core"]["nad_c"] for one in drawn.values()],
        "glucose": [-one["bounds"]["EX_glc__D_e"][0] for one in drawn.values()],
        "budget": [one["enzyme_budget"] for one in drawn.values()],
        "kcat": [one["kcat"]["PFK"] for one in drawn.values()],
        "energy": [one["dgp0_kj_per_mol"]["PGI"] for one in drawn.values()],
    }
    ends = {"leak": (0, 2), "maintenance": (1, 1.5), "atp": (0.8, 1.2), "nad": (1, 1.1), "glucose": (8, 10)}
    for name, (least, most) in (ends | {"budget": (0.9, 1), "kcat": (1, 2), "energy": (-4, 6)}).items():
        eighths = sorted(int(8 * (value - least) / (most - least)) for value in values[name])
        assert eighths == list(range(8)), name
    assert fresh(network, {"nominal": {}}, {}, 2, 1) == {"fresh 1": {}, "fresh 2": {}}


def test_each_design_is_told_in_each_scenario_with_the_worst_and_the_share_that_holds(six, tmp_path):
    from knockflow.layers.in_designs import CASE, PLAIN, DesignContext, Listed
    from knockflow.layers.layer import Given
    from knockflow.layers.scenarios.designs import TABLE, rows
    from knockflow.model.read import write_model
    from knockflow.validation.guarantee import guaranteeing
    from knockflow.validation.reevaluation import question_of

    path, model = tmp_path / "model.json", six._whole.plain.copy()
    write_model(path, model)
    listed = [Listed("f", "1", "-ACALD;-CYTBD;-PYK", CASE), Listed("f", "1", "-ACALD;-D_LACt2|LDH_D;-THD2", PLAIN)]
    given = Given({"named": SIX, "fresh": 4, "seed": 1, "quantile": None, "ranges": {}})
    guarantee = guaranteeing(question_of(model, "EX_succ_e", 0.05))
    found = rows(DesignContext(path, given, model, model, six._whole.model, listed, guarantee))
    TABLE.write(tmp_path / TABLE.file, found)
    robust, nominal = found[:10], found[10:]
    assert [row["scenario"] for row in robust] == [*SIX, *(f"fresh {number}" for number in range(1, 5))]
    assert [row["scenario"] for row in found if row["worst"]] == ["less_atp", "maintenance"]
    assert robust[5]["product_min_mmol_per_gdw_h"] == pytest.approx(8.9494, abs=1e-4)
    assert robust[5]["holding_share"] == 1 and all(row["holds"] for row in robust)
    assert "growth_per_h" not in nominal[1] and not nominal[1]["holds"] and "holding_share" not in nominal[1]
    assert model.reactions.ATPM.lower_bound == 8.39
    told_in_the_report(six, tmp_path)


def told_in_the_report(case: Case, folder) -> None:
    """The worst scenario of each design, and the share of fresh ones in which it holds."""
    from knockflow.layers.scenarios.report import section, told
    from knockflow.layers.scenarios.table import TABLE

    TABLE.write(folder / TABLE.file, case.tables["scenarios"])
    found = told(folder, {"judge": "worst", "quantile": None}, {})
    assert str(found.line).startswith("the worst of 6 scenarios counts, number by number: nominal, maintenance")
    page = str(section({"robust": found.content}))
    assert '<td>less_atp</td><td class="num">0.1292</td><td class="num">8.9494</td><td class="num">100 %</td>' in page
    assert '<td>maintenance</td><td class="num">no growth</td><td class="num"></td><td class="num"></td>' in page


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({}, "named: nothing stands under it; it takes at least one entry"),
        ({"a": {"bounds": {"ATPMM": [1, 2]}}}, "named.a.bounds: no reaction `ATPMM` in the model; did you mean ATPM?"),
        ({"a": {"bounds": {"ATPM": [5, 2]}}}, r"named.a.bounds: ATPM: \[5, 2\] is upside down"),
        ({"a": {"bounds": {"ATPM": [5]}}}, r"named.a.bounds.ATPM: `\[5\]` holds 1, at least 2 needed"),
        ({"a": {"uptake": {"PFK": 2}}}, "named.a.uptake: PFK exchanges nothing with the medium"),
        ({"a": {"uptake": {"EX_o2_e": -2}}}, "-2 is less than the minimum of 0"),
        ({"a": {"times": {"ATPM": 2}, "bounds": {"ATPM": [1, 2]}}}, "named.a.times: ATPM: its bounds are set twice"),
        (
            {"a": {"coefficients": {"Biomass_Ecoli_core": {"atp": 2}}}},
            "named.a.coefficients: Biomass_Ecoli_core has no metabolite `atp`; did you mean atp_c?",
        ),
        ({"a": {"bound": {}}}, "unknown key `bound`; did you mean bounds?"),
    ],
)
def test_wrong_scenarios_are_refused_by_name(named, message):
    with pytest.raises(ConfigError, match=message.replace("?", r"\?")):
        of(named)


def test_a_scenario_without_growth_is_named():
    designs = of({"nominal": {}, "starved": {"times": {"ATPM": 3}}}).design("robustknock", max_interventions=1)
    assert designs.record["status"] == "infeasible"
    assert designs.record["reason"].startswith("starved: the wild type grows at most 0.0")


def test_methods_for_one_follower_are_refused_with_the_reason(six):
    with pytest.raises(
        ConfigError, match="`strong_duality` holds for one follower, and the case's layers make several"
    ):
        six.design("robustknock", method="strong_duality", max_interventions=1)
    judged = of({"nominal": {}, "leak": SIX["leak_1"]}, scenarios={"judge": "mean"})
    for method in ("logic_benders", "dive"):
        with pytest.raises(
            ConfigError, match=f"`{method}` holds for the worst of several followers, not for their mean"
        ):
            judged.design("robustknock", method=method, max_interventions=1)
    with pytest.raises(ConfigError, match="`mcs` has no value to fold"):
        six.design("mcs", suppress=["EX_succ_e <= 1"], max_interventions=1)


def test_what_scenarios_vary_is_no_intervention():
    with pytest.raises(ConfigError, match="interventions change the bounds of EX_o2_e, which are not the same"):
        of(SIX, targets={"interventions": {"EX_o2_e>=-5": 1}})


def test_scenarios_and_enzymes_go_together():
    from knockflow.layers.registry import layers

    enzymes = layers()["enzymes"].example
    named = {name: SIX[name] for name in ("nominal", "leak_1", "more_atp")}
    case = Case(**CORE | enzymes | {"layers": enzymes["layers"] | {"scenarios": {"named": named}}})
    designs = [case.design("robustknock", max_interventions=1, method=method) for method in ("tree", "exhaustive")]
    assert [row["interventions"] for row in designs[0].table] == [row["interventions"] for row in designs[1].table]
    assert designs[0].validate()["verified"].all() and designs[0].table[0]["n_interventions"] == 1


def test_rules_of_genes_are_refused_beside_scenarios():
    with pytest.raises(ConfigError, match="`regulation` asks what the medium offers once for all of them"):
        Case(
            **CORE,
            targets={"level": "genes"},
            layers={
                "regulation": "default",
                "scenarios": {"named": {"nominal": {}, "leak": {"uptake": {"EX_o2_e": 1}}}},
            },
        )


@pytest.mark.parametrize("judge", [Judge(), Judge("mean")])
def test_processes_and_parts_find_the_same_list(six, judge):
    from knockflow.settings.options import formulation_options
    from knockflow.stages.design import find_designs
    from knockflow.stages.design_parts import part, seeds

    problem = replace(six.problem, judge=judge)
    asked = {"kind": "robustknock", "max_interventions": 2}
    whole, shared, scattered = (formulation_options(asked | more) for more in ({}, {"threads": 2}, {"scatter": 2}))
    begin = seeds(problem, scattered)
    parts = [begin, *(part(problem, scattered, begin, number, 2) for number in range(2))]
    found = [find_designs(problem, whole), find_designs(problem, shared)]
    found.append(find_designs(problem, scattered, parts=parts))
    lists = [[(row["interventions"], round(row["value_mmol_per_gdw_h"], 6)) for row in one.rows] for one in found]
    assert lists[0] == lists[1] == lists[2] and len(lists[0]) == 3
