"""The configuration: every wrong key or value has its own line, every default comes from the schema."""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from configurations import SCHEMA, config, finding, findings

from knockflow.base.errors import ConfigError
from knockflow.formulations.registry import asked_for
from knockflow.settings.config import checked

ROOT = Path(__file__).parents[2]


def properties(part, path="") -> dict[str, dict]:
    out = {}
    if isinstance(part, dict):
        for key, below in part.get("properties", {}).items():
            out[f"{path}.{key}"] = below
        for key, below in part.items():
            out |= properties(below, f"{path}.{key}")
    return out


def test_every_key_of_the_schema_is_described():
    found = properties(SCHEMA)
    assert len(found) > 40
    described = {
        key: below.get("description")
        or SCHEMA["$defs"].get(below.get("$ref", "").split("/")[-1], {}).get("description")
        for key, below in found.items()
    }
    assert [key for key, description in described.items() if not description] == []


def required(part, path="") -> set[str]:
    """Keys that the object they stand in requires, wherever it is in the schema."""
    if not isinstance(part, dict):
        return set()
    own = {f"{path}.{key}" for key in part.get("required", ())}
    return own.union(*(required(below, f"{path}.{key}") for key, below in part.items()))


def test_every_key_is_required_or_has_a_default():
    needed = required(SCHEMA) | {".cases", ".formulations"}
    for key, below in properties(SCHEMA).items():
        part = SCHEMA["$defs"].get(below.get("$ref", "").split("/")[-1], {}) | below
        assert "default" in part or key in needed, key


def test_every_object_of_the_schema_refuses_unknown_keys():
    def walk(part, path):
        if isinstance(part, dict):
            if "properties" in part and path != ".":
                assert part.get("additionalProperties") is False, path
            for key, below in part.items():
                walk(below, f"{path}.{key}")

    walk(SCHEMA, "")


def test_the_example_is_valid():
    checked(yaml.safe_load((ROOT / "config" / "config.yaml").read_text()), SCHEMA)


def test_defaults_are_filled_at_every_level():
    filled = checked(config(), SCHEMA)
    assert filled["results"] == "results"
    case = filled["cases"]["core"]
    assert case["min_growth"] == 0.05
    assert case["medium"] == {}
    assert case["formulations"] is None
    assert case["targets"]["spontaneous"] == {"add": [], "except": []}
    assert case["targets"]["include"] == []
    assert case["layers"]["thermodynamics"] is None
    assert case["conditions"]["ph"] == 7.5
    formulation = filled["formulations"]["best"]
    assert (formulation["method"], formulation["solver"], formulation["confirm"]) == ("tree", None, "tree")
    assert (formulation["max_interventions"], formulation["max_cost"]) == (3, None)


def test_a_section_given_in_part_keeps_what_is_given_and_gains_the_rest():
    case = checked(config({"targets": {"exclude": ["PFK"]}, "conditions": {"ph": 6}}), SCHEMA)["cases"]["core"]
    assert case["targets"]["exclude"] == ["PFK"]
    assert case["targets"]["maintenance"] == ["ATPM"]
    assert (case["conditions"]["ph"], case["conditions"]["ph_outside"]) == (6, 7.0)


def test_an_explicit_null_is_not_replaced():
    assert checked(config(formulation={"time_limit_s": None}), SCHEMA)["formulations"]["best"]["time_limit_s"] is None


def test_the_order_of_keys_and_amounts_is_nothing_that_a_run_can_see():
    given = config()
    given["cases"]["core"]["medium"] = {"EX_o2_e": 0, "EX_glc__D_e": 10}
    turned = {
        section: {name: dict(reversed(part.items())) for name, part in given[section].items()}
        for section in ("formulations", "cases")
    }
    turned["cases"]["core"]["medium"] = {"EX_glc__D_e": 10, "EX_o2_e": 0}
    assert str(checked(given, SCHEMA)) == str(checked(turned, SCHEMA))


def test_products_keep_the_order_in_which_they_are_shown():
    given = config()
    del given["cases"]["core"]["product"]
    given["cases"]["core"]["products"] = {"EX_succ_e": 1, "EX_ac_e": 2}
    assert list(checked(given, SCHEMA)["cases"]["core"]["products"]) == ["EX_succ_e", "EX_ac_e"]


def test_neither_the_given_configuration_nor_the_schema_is_changed():
    given, schema = config({"targets": {}}), deepcopy(SCHEMA)
    before = deepcopy(given)
    filled = checked(given, schema)
    filled["cases"]["core"]["targets"]["include"].append("PFK")
    filled["cases"]["core"]["medium"]["EX_o2_e"] = 0
    assert given == before
    assert schema == SCHEMA


def test_two_cases_do_not_share_their_defaults():
    content = config()
    content["cases"]["other"] = deepcopy(content["cases"]["core"])
    filled = checked(content, SCHEMA)
    filled["cases"]["core"]["targets"]["include"].append("PFK")
    assert filled["cases"]["other"]["targets"]["include"] == []


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            config(case={"min_grwth": 0.1}),
            "cases.core: unknown key `min_grwth`; did you mean min_growth?; allowed: model,",
        ),
        (
            config(formulation={"max_interventons": 2}),
            "formulations.best: unknown key `max_interventons`; did you mean max_i",
        ),
        (config(case={"targets": {"exlude": []}}), "cases.core.targets: unknown key `exlude`; did you mean exclude"),
        (config(case={"layers": {"enzymse": {}}}), "cases.core.layers: unknown key `enzymse`; did you mean enzymes"),
        (config(case={"conditions": {"pH": 7}}), "cases.core.conditions: unknown key `pH`; did you mean ph"),
        (config(caces={}), "my.yaml: unknown key `caces`; did you mean cases?"),
        (config(case={"min_growth": -0.1}), "cases.core.min_growth: -0.1 is less than the minimum of 0"),
        (config(case={"min_growth": "fast"}), "cases.core.min_growth: `fast` is not of type number"),
        (config(case={"min_growth": True}), "cases.core.min_growth: `True` is not of type number"),
        (config(case={"medium": {"EX_o2_e": -5}}), "cases.core.medium.EX_o2_e: -5 is less than the minimum of 0"),
        (config(case={"medium": ["EX_o2_e"]}), "cases.core.medium: `['EX_o2_e']` is not of type object"),
        (config(case={"product": 3}), "cases.core.product: `3` is not of type string"),
        (config(case={"biomass": 3}), "cases.core.biomass: `3` is not of type string or null"),
        (config(case={"targets": None}), "cases.core.targets: `None` is not of type object"),
        (config(case={"targets": {"level": "genez"}}), "cases.core.targets.level: `genez` is not allowed"),
        (config(case={"targets": {"costs": {"PFK": 0}}}), "cases.core.targets.costs.PFK: 0 is less than or equal to"),
        (config(case={"targets": {"include": "PFK"}}), "cases.core.targets.include: `PFK` is not of type array"),
        (config(case={"repair": "yes"}), "cases.core.repair: `yes` is not of type boolean"),
        (
            config(formulation={"kind": "optnock"}),
            "formulations.best.kind: `optnock` is not allowed; did you mean optknock",
        ),
        (config(formulation={"method": "tre"}), "formulations.best.method: `tre` is not allowed; did you mean tree?"),
        (
            config(formulation={"solver": "glpk", "method": "strong_duality"}),
            "formulations.best.solver: `glpk` is not allowed; allowed: cbc, highs, scip, gurobi, cplex, null",
        ),
        (config(formulation={"max_interventions": -1}), "formulations.best.max_interventions: -1 is less than"),
        (
            config(formulation={"max_interventions": 1.5}),
            "formulations.best.max_interventions: `1.5` is not of type integer",
        ),
        (
            config(formulation={"max_cost": -1}),
            "formulations.best.max_cost: -1 is not of type 'null'; or -1 is less than",
        ),
        (
            config(formulation={"max_designs": 0}),
            "formulations.best.max_designs: 0 is less than the minimum of 1; or 'all'",
        ),
        (
            config(formulation={"time_limit_s": 0}),
            "formulations.best.time_limit_s: 0 is not of type 'null'; or 0 is less",
        ),
        (config(formulation={"threads": 0}), "formulations.best.threads: 0 is less than the minimum of 1"),
        (config(formulation={"seed": -1}), "formulations.best.seed: -1 is less than the minimum of 0"),
        (config(formulation={"mip_gap": 2}), "formulations.best.mip_gap: 2 is greater than the maximum of 1"),
        (config(formulation={"feasibility": 0}), "formulations.best.feasibility: 0 is less than the minimum"),
        (
            config(formulation={"confirm": "cbc"}),
            "formulations.best.confirm: `cbc` is not allowed; allowed: tree, exhaustive",
        ),
        (config(cases={}), "my.yaml: cases: nothing stands under it; add "),
        (config(formulations={"best": None}), "formulations.best: `None` is not of type object"),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_one_wrong_value_gives_one_line_that_says_where(content, line):
    found = finding(content)
    assert found.startswith("my.yaml: ")
    assert line in found


@pytest.mark.parametrize("section", ["cases", "formulations"])
@pytest.mark.parametrize("name", ["", "a b", "a/b", "-a", "_a", "é", "a.b", "a" * 65, "logs", "benchmarks"])
def test_a_name_that_is_no_good_folder_is_refused(section, name):
    content = config()
    content[section][name] = next(iter(content[section].values()))
    assert f"{section}: the name `{name}` is not allowed" in finding(content)


@pytest.mark.parametrize("name", ["a", "A-1_b", "9", "a" * 64, "log"])
def test_a_good_name_is_taken(name):
    content = config()
    content["cases"][name] = content["cases"]["core"]
    assert name in checked(content, SCHEMA)["cases"]


def test_a_name_that_ends_with_a_line_end_is_refused():
    content = config()
    content["cases"]["core\n"] = content["cases"]["core"]
    findings(content)


@pytest.mark.parametrize("section", ["cases", "formulations"])
def test_names_that_differ_only_by_case_are_refused(section):
    content = config()
    name = next(iter(content[section]))
    content[section][name.upper()] = deepcopy(content[section][name])
    assert f"{section}.{name.upper()}: differs from `{name}` only by case" in finding(content)


def test_a_name_that_yaml_reads_as_a_number_is_refused():
    content = config()
    content["cases"][2024] = content["cases"]["core"]
    assert "`2024`" in "".join(findings(content))


def test_an_unknown_key_that_yaml_reads_as_a_number_is_named():
    assert any("unknown key `1`" in line for line in findings(config(formulation={1: 2, "x": 3})))


def test_all_findings_are_told_at_once():
    lines = findings(config({"min_growth": -1, "prodct": "x"}, {"kind": "none", "threads": 0}))
    assert len(lines) == 4


@pytest.mark.parametrize(("section", "name", "key"), [("formulations", "best", "kind")])
def test_a_missing_key_is_named(section, name, key):
    content = config()
    del content[section][name][key]
    assert finding(content) == f"my.yaml: {section}.{name}: the key `{key}` is missing"


def test_a_missing_section_is_named():
    content = config()
    del content["formulations"]
    assert finding(content).startswith("my.yaml: the key `formulations` is missing; add ")


def test_a_missing_key_comes_with_the_unknown_one_that_is_near():
    content = config()
    content["cases"]["core"]["prodct"] = content["cases"]["core"].pop("product")
    assert "cases.core: unknown key `prodct`; did you mean product, products?" in finding(content)


def test_two_missing_keys_give_two_lines():
    assert len(findings({"cases": {"core": {}}, "formulations": {"best": {}}})) == 2


def test_only_minimal_cut_sets_need_no_product():
    content = config()
    del content["cases"]["core"]["product"]
    line = "my.yaml: cases.core.product: the key is missing; only minimal cut sets need none, `best` does"
    assert finding(content) == line
    content["formulations"] = {"lethal": {"kind": "mcs", "suppress": ["BIO >= 0.1"]}}
    assert checked(content, SCHEMA)["cases"]["core"]["product"] is None


def test_a_case_cannot_name_a_formulation_that_is_not_there():
    assert (
        "cases.core.formulations: no formulation `bst`; did you mean best?; under `formulations` there are best"
        in finding(config({"formulations": ["bst"]}))
    )


def test_a_case_can_limit_itself_to_some_formulations():
    assert checked(config({"formulations": ["best"]}), SCHEMA)["cases"]["core"]["formulations"] == ["best"]
    findings(config({"formulations": []}))


@pytest.mark.parametrize("method", ["tree", "exhaustive"])
def test_a_solver_is_refused_where_none_is_used(method):
    line = finding(config(formulation={"method": method, "solver": "cbc"}))
    assert f"formulations.best.solver: `{method}` uses no mixed-integer solver; remove the key `solver`" in line


@pytest.mark.parametrize("method", ["tree", "kkt"])
def test_cuts_are_refused_where_there_are_none(method):
    line = finding(config(formulation={"method": method, "cuts": "classic"}))
    assert f"formulations.best.cuts: `{method}` has no master program; remove the key `cuts`" in line
    checked(config(formulation={"method": "benders", "cuts": "classic", "solver": "highs"}), SCHEMA)


@pytest.mark.parametrize("method", ["benders", "logic_benders"])
def test_decomposition_is_refused_for_cut_sets(method):
    line = finding(config(formulation={"kind": "mcs", "method": method, "suppress": ["BIO >= 1"]}))
    assert f"`{method}` does not hold for `mcs`: cut sets have no value that cuts could bound" in line


def test_a_solver_is_taken_where_one_is_used():
    checked(config(formulation={"method": "strong_duality", "solver": "highs"}), SCHEMA)
    checked(config(formulation={"method": "tree", "solver": None}), SCHEMA)


def test_strong_duality_is_refused_for_potential():
    line = finding(config(formulation={"kind": "potential", "method": "strong_duality"}))
    assert "`strong_duality` does not hold for `potential`: " in line
    assert line.endswith("these do: tree, benders, logic_benders, exhaustive")


def test_numbers_that_yaml_reads_as_text_become_numbers():
    content = yaml.safe_load(
        """
        cases: {core: {model: m, product: p, min_growth: 1e-3, conditions: {concentrations: {a: [1E-6, .1e-1]}}}}
        formulations: {best: {kind: optknock, feasibility: 1e-7}}
        """
    )
    assert isinstance(content["cases"]["core"]["min_growth"], str)
    filled = checked(content, SCHEMA)
    assert filled["cases"]["core"]["min_growth"] == 1e-3
    assert filled["cases"]["core"]["conditions"]["concentrations"] == {"a": [1e-6, 0.01]}
    assert filled["formulations"]["best"]["feasibility"] == 1e-7


@pytest.mark.parametrize("name", ["12DGR120tipp", "EX_glc__D_e", "-e", "3hpe"])
def test_ids_stay_text(name):
    assert checked(config({"product": name}), SCHEMA)["cases"]["core"]["product"] == name


@pytest.mark.parametrize("value", [3.0, "1e1"])
def test_a_whole_number_written_as_a_decimal_becomes_an_integer(value):
    filled = checked(config(formulation={"max_interventions": value}), SCHEMA)
    assert isinstance(filled["formulations"]["best"]["max_interventions"], int)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_finite_number_is_refused(value):
    findings(config({"min_growth": value}))


INTERVENTIONS = {"+AKGDC": 1, "+bdo": 2, "PFK>=5": "1e-1", "PGI<=50%": 1, "EX_o2_e>=0": 1, "-EX_o2_e": 1, "-A|B": 1}


def targets(**keys) -> dict:
    return config({"targets": keys})


def cut_sets(**keys) -> dict:
    return config(formulation={"kind": "mcs"} | keys)


def test_interventions_are_taken_as_text_with_a_cost():
    content = yaml.safe_load(
        """
        cases: {core: {model: m, product: p, targets: {
          level: genes,
          interventions: {+AKGDC: 1, +bdo: 1e-1, PFK>=5: 1, PGI<=50%: 2, EX_xyl__D_e>=-10: 1},
          pathways: {bdo: [4HBCT, 4HBDH]}, forced: [-pta, +bdo], exclusive: [[+AKGDC, PFK>=5.0], [ldhA, -pta]]}}}
        formulations: {best: {kind: optknock, max_per_kind: {knock_in: 2.0}, min_value: 1e-2}}
        """
    )
    filled = checked(content, SCHEMA)
    wanted = filled["cases"]["core"]["targets"]
    assert wanted["interventions"]["+bdo"] == 0.1
    assert (wanted["level"], wanted["pathways"], wanted["table"]) == ("genes", {"bdo": ["4HBCT", "4HBDH"]}, None)
    assert filled["formulations"]["best"]["max_per_kind"] == {"knock_in": 2}
    assert filled["formulations"]["best"]["min_value"] == 0.01


def test_new_defaults():
    filled = checked(config(), SCHEMA)
    case, formulation = filled["cases"]["core"], filled["formulations"]["best"]
    assert case["heterologous"] is None
    assert [case["targets"][key] for key in ("interventions", "pathways", "forced", "exclusive", "table")] == [
        {},
        {},
        [],
        [],
        None,
    ]
    assert [formulation[key] for key in ("max_per_kind", "min_value", "suppress", "protect")] == [{}, None, [], []]
    heterologous = checked(config({"heterologous": {"file": "bdo.tsv"}}), SCHEMA)["cases"]["core"]["heterologous"]
    assert heterologous == {"file": "bdo.tsv", "reactions": []}


def test_regions_are_read_in_every_form():
    nested = {"where": ["EX_p <= 0.1"], "maximize": {"BIO": "1e0"}}
    filled = checked(cut_sets(suppress=["R3 - 0.5 R1 <= 0.0", "R1 >= 1"], protect=[["BIO >= 0.1"], nested]), SCHEMA)
    assert filled["formulations"]["best"]["protect"][1]["maximize"] == {"BIO": 1.0}
    checked(cut_sets(protect=[{"where": [], "maximize": {"BIO": 1}}]), SCHEMA)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (targets(interventions={"PFK": 1}), "cases.core.targets.interventions: `PFK` is no intervention: `-ID` to kno"),
        (targets(interventions={"PFK>5": 1}), "cases.core.targets.interventions: `PFK>5` is no intervention"),
        (targets(interventions={"PFK>=x": 1}), "targets.interventions: `PFK>=x` is no intervention: `x` is no number"),
        (targets(interventions={"PFK<=130%": 1}), "targets.interventions: `PFK<=130%`: a level within a flux range"),
        (targets(interventions={"+A": 0}), "cases.core.targets.interventions.+A: 0 is less than or equal to"),
        (targets(interventions={5: 1}), "cases.core.targets.interventions: `5` is not of type string"),
        (targets(interventions=["+A"]), "cases.core.targets.interventions: `['+A']` is not of type object"),
        (
            targets(interventions={"PFK>=5": 1, "PFK>=5.0": 2}),
            "targets.interventions: `PFK>=5.0` is the same as `PFK>=5`",
        ),
        (targets(interventions={"-A|B": 1, "-B|A": 1}), "targets.interventions: `-B|A` is the same as `-A|B`"),
        (
            targets(interventions={"-A": 1}, costs={"A": 2}),
            "targets.interventions: `-A` has its cost here and `A` another in `costs`",
        ),
        (targets(interventions={"-A": 1}, exclude=["A"]), "targets.interventions: `-A`: `A` is in `exclude`, too"),
        (targets(pathways={"b=o": ["A"]}), "targets.pathways: `b=o` is no name of a pathway"),
        (
            targets(pathways={"bdo": []}),
            "cases.core.targets.pathways.bdo: nothing stands under it; it takes at least one entry",
        ),
        (targets(pathways={"bdo": "A"}), "cases.core.targets.pathways.bdo: `A` is not of type array"),
        (targets(forced=["+A"]), "targets.forced: `+A` is not among the interventions; name it there"),
        (
            targets(forced=["PFK>=6"], interventions={"PFK>=5": 1}),
            "targets.forced: `PFK>=6` is not among the interventions; did you mean PFK>=5?",
        ),
        (targets(forced=["A", "-A"]), "targets.forced: `-A` is the same as `A`"),
        (targets(forced=["A"], exclude=["A"]), "targets.forced: `-A`: `A` is in `exclude`, too"),
        (targets(forced=["A B"]), "targets.forced: `A B` is no intervention"),
        (targets(exclusive=[["A", "+B"]]), "targets.exclusive: `+B` is not among the interventions"),
        (targets(exclusive=[["A", "-A"]]), "targets.exclusive: `-A` is the same as `A`"),
        (targets(exclusive=[["A"]]), "targets.exclusive.0: `['A']` holds 1, at least 2 needed"),
        (
            targets(forced=["A", "B"], exclusive=[["-A", "B", "C"]]),
            "targets.exclusive: `-A`, `B`, `C`: more than one of them is forced",
        ),
        (config({"heterologous": {}}), "cases.core.heterologous: the key `file` is missing"),
        (config({"heterologous": "bdo.tsv"}), "cases.core.heterologous: `bdo.tsv` is not of type object or null"),
        (config({"heterologous": {"file": "x", "reaction": []}}), "heterologous: unknown key `reaction`; did you mean"),
        (
            config(formulation={"max_per_kind": {"knockin": 1}}),
            "formulations.best.max_per_kind: `knockin` is not allowed; did you mean knock_in",
        ),
        (config(formulation={"max_per_kind": {"medium": -1}}), "formulations.best.max_per_kind.medium: -1 is less"),
        (config(formulation={"suppress": ["A >= 1"]}), "best.suppress: `optknock` has no regions of states; use `mcs`"),
        (config(formulation={"protect": ["A >= 1"]}), "formulations.best.protect: `optknock` has no regions"),
        (cut_sets(), "formulations.best.suppress: `mcs` needs states to suppress or to protect"),
        (cut_sets(suppress=["A >= 1"], min_value=1), "formulations.best.min_value: designs of `mcs` have no value"),
        (cut_sets(suppress=["A > 1"]), "formulations.best.suppress: `A > 1`: a strict `>` has no meaning"),
        (cut_sets(protect=[["A >= 1", "B"]]), "formulations.best.protect: `B` is no linear inequality"),
        (cut_sets(protect=["A >= 1", ["B >= 1"]]), "formulations.best.protect: inequalities beside whole regions"),
        (cut_sets(protect=[[]]), "formulations.best.protect.0: nothing stands under it; it takes at least one entry"),
        (
            cut_sets(protect=[{"where": ["A"], "maximize": {"B": 1}}]),
            "formulations.best.protect: `A` is no linear inequality",
        ),
        (
            cut_sets(protect=[{"where": ["A >= 1"], "maximize": {"B": 0}}]),
            "formulations.best.protect: maximize: all coefficients are 0",
        ),
        (
            cut_sets(protect=[{"were": [], "where": [], "maximize": {"B": 1}}]),
            "formulations.best.protect.0: unknown key `were`; did you mean where",
        ),
        (cut_sets(protect=[{"where": []}]), "formulations.best.protect.0: the key `maximize` is missing"),
        (
            cut_sets(protect=[{"where": [], "maximize": {"B": "x"}}]),
            "formulations.best.protect.0.maximize.B: `x` is not of type number",
        ),
        (cut_sets(protect=[3]), "formulations.best.protect.0: `3` is not of type string or array or object"),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_a_wrong_intervention_or_region_gives_one_line(content, line):
    assert line in finding(content)


def test_what_a_table_may_name_is_not_asked_of_the_interventions():
    checked(targets(forced=["+A"], exclusive=[["+A", "PFK>=5"]], table="mine.tsv"), SCHEMA)


def test_all_wrong_interventions_are_told_at_once():
    assert len(findings(targets(interventions={"PFK": 1, "A>=x": 1}, forced=["+A"], pathways={"a|b": ["A"]}))) == 4


@pytest.mark.parametrize("path", sorted((ROOT / "config").rglob("*.yaml")), ids=lambda path: path.name)
def test_every_configuration_that_is_shipped_is_valid(path):
    assert checked(yaml.safe_load(path.read_text()), SCHEMA, path.name)["cases"]


@pytest.mark.parametrize(
    ("formulation", "message"),
    [
        ({"front": ["value"]}, "front: `value` alone is no front; name two or three of value, growth, cost"),
        ({"front": ["value", "speed"]}, "speed"),
        ({"front": ["value", "value"]}, "front"),
        ({"front": ["value", "growth"], "method": "kkt"}, "`kkt` lists designs by value alone and proves no front"),
        ({"front": ["value", "growth"], "max_designs": 5}, "max_designs: a front lists one design for each"),
        ({"front": ["value", "growth"], "scatter": 2}, "scatter: the searches of a front are not split"),
        (
            {"front": ["value", "growth"], "kind": "mcs", "suppress": ["PYK >= 1"]},
            "front: designs of `mcs` have no value",
        ),
    ],
)
def test_a_front_that_cannot_be_has_a_line_of_its_own(formulation, message):
    assert message in finding(config(formulation=formulation))


def test_a_front_of_growth_needs_a_cell_that_maximizes_growth():
    case = {"cell_objective": {"ATPM": 1}}
    asked = {"front": ["value", "growth"]}
    assert "maximizes another objective, so that growth may rise" in finding(config(case, asked))
    checked(config(case, asked | {"method": "exhaustive"}), SCHEMA, "my.yaml")
    checked(config(case, {"front": ["value", "cost"]}), SCHEMA, "my.yaml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"conditions": {"concentration_min_m": 1}},
            "cases.core.conditions: concentration_min_m, concentration_max_m is 1 to 0.01 M; it must be",
        ),
        (
            {"conditions": {"membrane_potential_v": [-0.1, -0.15]}},
            "cases.core.conditions: membrane_potential_v is -0.1 to -0.15; it must be least <= largest",
        ),
        (
            {"conditions": {"quinone_potentials_v": {"q9": 0.1}}},
            "quinone_potentials_v.q9: no such quinone",
        ),
        (
            {"layers": {"thermodynamics": {"ratios": ["atp_c/adp_c > 3"]}}},
            "cases.core.layers.thermodynamics.ratios: `atp_c/adp_c > 3` is no ratio such as `atp_c/adp_c >= 3`",
        ),
    ],
)
def test_what_a_layer_finds_wrong_is_said_before_any_job(change, said):
    asked = {"layers": {"thermodynamics": "concentrations"}} | change
    with pytest.raises(ConfigError) as raised:
        checked(config(case=asked), SCHEMA)
    assert said in str(raised.value)


WEIGHED = {"product": None, "products": {"EX_succ_e": 1, "EX_lac__D_e": 0.5}}
IN_ORDER = {"product": None, "products": ["EX_succ_e", "EX_etoh_e"]}


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({"products": WEIGHED["products"]}, "products: `product` is there, too; keep one of the two keys"),
        (
            WEIGHED | {"products": {"EX_succ_e": 1, "EX_lac__D_e": -1}},
            "products.EX_lac__D_e: -1 is no weight; give a nu",
        ),
        (WEIGHED | {"products": {"EX_succ_e": 1, "EX_lac__D_e": 0}}, "products.EX_lac__D_e: 0 is no weight"),
        (WEIGHED | {"products": {"EX_succ_e": 1}}, "products: `EX_succ_e` alone; for one product give `product: EX_s"),
        (
            WEIGHED | {"products": {"EX_succ_e": "much", "EX_ac_e": 1}},
            "products.EX_succ_e: `much` is not of type number",
        ),
        (WEIGHED | {"products": {}}, "products: nothing stands under it; it takes at least one entry"),
        (WEIGHED | {"products": "EX_succ_e"}, "is not of type"),
        (IN_ORDER | {"products": ["EX_succ_e", "EX_succ_e"]}, "products: `EX_succ_e` is there twice"),
        (IN_ORDER | {"products": ["EX_succ_e", "EX_ac_e", "EX_for_e"]}, "products: 3 in strict order; two are ranked"),
        (IN_ORDER, "a strict order does not hold for formulation `best`: `optknock` promises product"),
    ],
)
def test_several_products_are_checked(case, said):
    assert said in findings(config(case=case))[0]


def test_several_products_take_the_place_of_one():
    assert checked(config(case=WEIGHED), SCHEMA)["cases"]["core"]["products"] == WEIGHED["products"]
    asked = config(case=IN_ORDER, formulation={"kind": "robustknock"})
    assert checked(asked, SCHEMA)["cases"]["core"]["products"] == ["EX_succ_e", "EX_etoh_e"]
    for change, said in (
        ({"method": "benders"}, "`benders` seeks the most"),
        ({"front": ["value", "cost"]}, "a front"),
    ):
        assert said in finding(config(case=IN_ORDER, formulation={"kind": "robustknock"} | change))
    assert "product: the key is missing" in finding(config(case={"product": None}))
    cuts = {"kind": "mcs", "suppress": ["EX_succ_e >= 1"]}
    assert checked(config(case=IN_ORDER, formulation=cuts), SCHEMA)


def test_a_yield_is_sought_where_the_value_is_a_rate():
    asked = checked(config(formulation={"kind": "robustknock", "objective": "yield"}), SCHEMA, "my.yaml")
    assert asked_for(asked["formulations"]["best"]).name == "robustknock_yield"
    assert "robustknock_yield" in finding(config(formulation={"kind": "robustknock_yield"}))
    line = finding(config(formulation={"kind": "potential", "objective": "yield"}))
    assert "`potential` has no yields to seek; these do: optknock, robustknock, strong_coupling" in line
    line = finding(config(formulation={"kind": "robustknock", "objective": "yield", "method": "kkt"}))
    assert "its value is a ratio of two fluxes" in line
    assert "yeild" in finding(config(formulation={"kind": "robustknock", "objective": "yeild"}))
