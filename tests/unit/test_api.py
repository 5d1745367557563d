"""The calls from Python: the README's own lines, the numbers of the core model, and the messages of the workflow."""

import ast
import inspect
import json
import re
import subprocess
import sys
from base64 import b64decode
from importlib import import_module
from pathlib import Path
from typing import Literal, get_type_hints
from xml.etree import ElementTree

import cobra
import pytest
from pandas import DataFrame

import knockflow
from knockflow import Case, Designs, api
from knockflow.base.errors import ConfigError, KnockflowError, ModelError
from knockflow.base.tables import DESIGNS, VALIDATION
from knockflow.settings import options
from knockflow.settings.config import checked
from knockflow.settings.keys import resolved
from knockflow.settings.options import case_options
from knockflow.settings.schema import read_schema
from knockflow.settings.typed import CaseKeys, FormulationKeys

ROOT = Path(__file__).parents[2]
SCHEMA = read_schema()
MEDIUM = {"EX_glc__D_e": 10, "EX_o2_e": 0}
SVG = "{http://www.w3.org/2000/svg}"
HEAVY = {"cobra", "equilibrator_api", "highspy", "jsonschema", "numpy", "pandas", "pyomo", "scipy", "swiglpk", "yaml"}


@pytest.fixture
def case(core_case):
    return core_case


@pytest.fixture(scope="module")
def readme():
    """What the README's lines leave behind."""
    section = (ROOT / "README.md").read_text().split("## From Python\n")[1].split("\n## ")[0]
    lines = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    assert len(lines.splitlines()) < 10
    left = {}
    exec(lines, left)
    return left


def test_the_lines_of_the_readme_give_the_numbers_of_the_core_model(readme):
    assert readme["best"] == ("-ACALD", "-PYK")
    designs, promise = readme["designs"], readme["promise"]
    assert designs.table[0]["value_mmol_per_gdw_h"] == pytest.approx(9.101863, abs=1e-5)
    assert (designs.record["status"], designs.record["proven"]) == ("optimal", True)
    assert promise["product_max_mmol_per_gdw_h"] == pytest.approx(6.968152, abs=1e-5)
    assert promise["product_min_mmol_per_gdw_h"] == pytest.approx(0, abs=1e-6)
    assert readme["checks"]["verified"].tolist() == [True, True, True]


def test_the_package_alone_loads_nothing_heavy():
    code = "import sys, knockflow; print(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split())
    # The words on a terminal are there from the start, since Ctrl-C may come while a job still imports.
    assert {name for name in loaded if name.startswith("knockflow")} == {
        "knockflow",
        "knockflow.base",
        "knockflow.base.terminal",
    }
    assert not HEAVY & loaded


def test_the_package_names_what_it_offers():
    assert knockflow.Case is api.Case and knockflow.Designs is Designs
    assert set(knockflow.__all__) <= set(dir(knockflow))
    with pytest.raises(AttributeError, match="no attribute 'Cases'"):
        _ = knockflow.Cases


def test_defaults_are_those_of_the_schema(case):
    properties = SCHEMA["$defs"]["case"]["properties"]
    assert set(case.options) == {"name", *properties} - {"screen"}
    assert case.options["min_growth"] == properties["min_growth"]["default"]
    assert SCHEMA["properties"]["model_cache"]["default"] == api.MODEL_CACHE


def test_type_checkers_see_what_the_package_offers():
    folder = Path(knockflow.__file__).parent
    stub = ast.parse((folder / "__init__.pyi").read_text(encoding="utf-8"))
    imports = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    assert {alias.asname for node in imports for alias in node.names} == {*knockflow.__all__} - {"__version__"}
    for node in imports:
        for alias in node.names:
            assert getattr(import_module(node.module), alias.name) is getattr(knockflow, alias.asname)
    assert (folder / "py.typed").is_file()


def workflow_says(case_keys: dict, formulation_keys: dict) -> str:
    """What the workflow's check says of a case and a formulation."""
    whole = {
        "cases": {"case": {"model": "cobra:textbook", "product": "EX_succ_e"} | case_keys},
        "formulations": {"optknock": {"kind": "optknock"} | formulation_keys},
    }
    with pytest.raises(ConfigError) as caught:
        checked(whole, SCHEMA, "Python")
    return str(caught.value)


@pytest.mark.parametrize(
    "keys",
    [
        {"medum": {}},
        {"level": "genes"},
        {"min_growth": -1},
        {"targets": {"excluded": []}},
        {"medium": {"EX_o2_e": "much"}},
    ],
)
def test_wrong_keys_of_a_case_are_refused_as_in_a_configuration(keys):
    with pytest.raises(ConfigError) as caught:
        Case("cobra:textbook", product="EX_succ_e", **keys)
    said = sorted(re.split(", |: ", workflow_says(keys, {})))
    not_here = [word for word in options.NOT_HERE if "medum" in keys or "level" in keys]
    assert sorted([*re.split(", |: ", str(caught.value)), *not_here]) == said


def test_a_key_one_level_too_high_is_told_where_it_belongs():
    with pytest.raises(ConfigError) as caught:
        Case("cobra:textbook", product="EX_succ_e", level="genes")
    assert "unknown key `level`; did you mean `targets: {level: ...}`?; allowed: " in str(caught.value)
    assert not options.NOT_HERE.keys() & set(str(caught.value).split("allowed: ")[1].split(", "))


@pytest.mark.parametrize(
    "keys", [{"solver": "cbc"}, {"max_intervention": 2}, {"method": "tre"}, {"max_designs": 0}, {"max_cost": -3}]
)
def test_wrong_keys_of_a_formulation_are_refused_as_in_a_configuration(case, keys):
    with pytest.raises(ConfigError) as caught:
        case.design("optknock", **keys)
    assert str(caught.value) == workflow_says({}, keys)


def test_an_unknown_formulation_is_refused_with_the_nearest(case):
    with pytest.raises(ConfigError, match="did you mean robustknock"):
        case.design("robustnock")


@pytest.mark.parametrize("key", sorted(options.NOT_HERE))
def test_what_only_the_workflow_has_is_refused(key):
    with pytest.raises(ConfigError, match=f"case.{key}: "):
        Case("cobra:textbook", product="EX_succ_e", **{key: {}})


def test_what_the_model_lacks_is_named_all_at_once():
    with pytest.raises(ConfigError) as caught:
        Case("cobra:textbook", product="EX_suc_e", targets={"exclude": ["PYKK"]})
    assert "did you mean EX_succ_e" in str(caught.value) and "did you mean PYK" in str(caught.value)
    with pytest.raises(ModelError, match="did you mean textbook"):
        Case("cobra:textbok", product="EX_succ_e")
    with pytest.raises(KnockflowError, match="no such file"):
        Case(Path("no-such-model.json"), product="EX_succ_e")


def test_a_model_in_memory_gives_the_same_and_stays_as_it_is(case):
    model = cobra.io.load_model("textbook")
    before = cobra.io.to_json(model, sort=True)
    mine = Case(model, product="EX_succ_e", medium=MEDIUM)
    assert cobra.io.to_json(model, sort=True) == before
    assert mine.design("optknock", max_interventions=1).table == case.design("optknock", max_interventions=1).table
    changes = [(found.item, found.after) for found in mine.findings if found.severity == "change"]
    assert ("EX_o2_e", "[0, 1000]") in changes


def test_a_path_is_read(tmp_path, case):
    path = tmp_path / "core.json"
    cobra.io.save_json_model(cobra.io.load_model("textbook"), str(path))
    for source in (path, str(path)):
        assert Case(source, product="EX_succ_e", medium=MEDIUM).respond() == case.respond()


def test_the_wild_type_and_any_removal(case):
    wild = case.respond()
    assert wild["growth_per_h"] == pytest.approx(0.211663, abs=1e-6)
    assert wild == case.respond([]) == case.respond("")
    best = case.respond("-ACALD;-PYK")
    assert best == case.respond(["PYK", "ACALD"]) == case.respond(("-ACALD", "-PYK"))
    assert best["product_min_mmol_per_gdw_h"] == pytest.approx(9.101863, abs=1e-5)
    # No target: an exchange, which no gene switches off.
    assert case.respond("EX_succ_e")["product_max_mmol_per_gdw_h"] == pytest.approx(0, abs=1e-9)
    assert case.respond("-D_LACt2|LDH_D") == case.respond(["LDH_D"])
    # A reaction without flux in any steady state.
    blocked = next(row["target"] for row in case.targets if row["status"] == "blocked")
    assert case.respond(blocked) == pytest.approx(wild)


def test_a_removal_that_stops_growth_has_no_product_range(case):
    slow = Case("cobra:textbook", product="EX_succ_e", medium=MEDIUM, min_growth=0.2).respond(["PYK"])
    assert slow["growth_per_h"] == pytest.approx(case.respond(["PYK"])["growth_per_h"])
    assert slow["product_min_mmol_per_gdw_h"] is slow["product_max_mmol_per_gdw_h"] is None
    assert set(case.respond(["GAPD"]).values()) == {None}


def test_a_reaction_that_cannot_be_removed_is_refused(case):
    with pytest.raises(ConfigError, match="no reaction or gene `PYKK`.*did you mean PYK.*`ID>=5`"):
        case.respond(["PYKK"])
    with pytest.raises(ConfigError, match="ATPM cannot be removed"):
        case.respond(["ATPM"])


@pytest.fixture
def by_genes(core_case_of_genes):
    return core_case_of_genes


def test_genes_and_any_intervention_can_be_asked_for(case, by_genes):
    for one in (case, by_genes):
        assert one.respond(["b0903"]) == one.respond("-b0903")
        both = one.respond(["-b1676", "b1854"])
        assert both == pytest.approx(one.respond(["PYK"]), abs=1e-6)
        limited = one.respond(["-b1241", "PFK<=8"])
        assert 0.05 < limited["growth_per_h"] < one.respond(["b1241"])["growth_per_h"] - 0.01
        # What is no limit changes nothing, though it goes by COBRApy and not by the search.
        assert one.respond("PGI<=999") == pytest.approx(one.respond(), abs=1e-6)
        assert set(one.respond("PFK<=0.001").values()) == {None}


def test_a_share_of_a_flux_range_is_that_of_a_target(case):
    shared = Case("cobra:textbook", product="EX_succ_e", medium=MEDIUM, targets={"interventions": {"PGI<=30%": 1}})
    (level,) = (row["target"] for row in shared.targets if row["target"].startswith("PGI<="))
    for one in (case, shared):
        assert one.respond("PGI<=30%") == pytest.approx(case.respond(level), abs=1e-8)
    assert case.respond(["PGI<=30%", "PYK"]) == pytest.approx(case.respond(["PYK", level]), abs=1e-8)
    assert case.respond("PGI<=30%")["growth_per_h"] < case.respond()["growth_per_h"] - 1e-3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("adhE", "no reaction or gene `adhE` in the model; did you mean b1241"),
        ("b12411", "did you mean b1241.*a change is an id to remove, `-ID` likewise"),
        ("+PYK", "the model has reaction PYK without it"),
        ("b1241<=30%", "a share of a flux range is one of a reaction's range"),
        ("PFK<=x", "`x` is no number"),
    ],
)
def test_changes_that_cannot_be_are_told_with_what_is_allowed(by_genes, change, said):
    with pytest.raises(ConfigError, match=said):
        by_genes.respond([change])


def test_checks_print_what_decides_and_are_a_frame_of_all_columns(by_genes):
    designs = by_genes.design("robustknock", max_interventions=2, max_designs=1)
    assert "-pflA (b0902), -pflD (b3951)|pflC (b3952)" in str(designs)
    checks = designs.validate()
    lines = str(checks).splitlines()
    assert isinstance(checks, DataFrame) and len(lines) == 1 + len(checks) == 2
    assert lines[0].split()[:3] == ["rank", "interventions", "verified"]
    assert "-pflA (b0902)" in lines[1] and " yes " in lines[1] and "same" in lines[1]
    assert list(checks.columns) == list(checks.to_frame().columns) == list(VALIDATION.names)
    assert "<td>yes</td>" in checks._repr_html_()
    # What is selected prints as pandas prints it.
    part = checks[checks["verified"]][["rank", "genes"]]
    assert type(part) is DataFrame and part["genes"][0] == ("b0902", "b3951")


SECTIONS = [(Case, "case", CaseKeys, options.NOT_HERE), (Case.design, "formulation", FormulationKeys, ())]


@pytest.mark.parametrize(("called", "section", "typed", "not_here"), SECTIONS)
def test_help_completion_and_types_show_the_keys_of_the_schema(called, section, typed, not_here):
    keys = SCHEMA["$defs"][section]["properties"]
    shown = inspect.signature(called).parameters
    assert {name for name in shown if name != "self"} == keys.keys() - {*not_here}
    assert set(typed.__annotations__) == keys.keys() - {*not_here, "model", "product", "kind"}
    told = inspect.getdoc(called)
    for name in typed.__annotations__:
        below = resolved(keys[name], SCHEMA)
        assert shown[name].kind is inspect.Parameter.KEYWORD_ONLY and shown[name].default == below["default"]
        assert re.search(rf"^{name} : .*, default ", told, re.MULTILINE), name
        assert below["description"][:40] in told
    assert ">>> " in Case.__doc__


def test_a_type_says_what_the_schema_takes():
    hints = get_type_hints(CaseKeys)
    assert hints["medium"] == dict[str, float] and hints["biomass"] == str | None
    assert get_type_hints(hints["targets"])["level"] == Literal["reactions", "genes"]
    assert get_type_hints(FormulationKeys)["max_designs"] == int | Literal["all"]


def test_the_keys_of_one_case_do_not_leak_into_the_next():
    shown = inspect.signature(Case).parameters["medium"].default
    shown["EX_o2_e"] = 5
    try:
        assert case_options({"model": "cobra:textbook"})["medium"] == {}
    finally:
        del shown["EX_o2_e"]


@pytest.fixture(scope="module")
def designs(core_case):
    return core_case.design("robustknock", max_interventions=2)


def test_designs_can_be_indexed_sliced_and_iterated(case, designs):
    best = designs[0]
    assert (best.rank, best.interventions, best.cost) == (1, ("-ACALD", "-PYK"), 2)
    assert best.value == best.product[0] == best["value_mmol_per_gdw_h"] == pytest.approx(9.101863, abs=1e-5)
    assert best.growth == pytest.approx(0.110490, abs=1e-6) and best.guaranteed == pytest.approx(2.391765, abs=1e-5)
    assert best.product_yield == pytest.approx(0.910186, abs=1e-5)
    assert [dict(design) for design in designs] == designs.table
    assert designs[-1].rank == len(designs) == 3
    assert [design.rank for design in designs[1:]] == [2, 3]
    assert designs[1:].validate()["interventions"].tolist() == ["-ALCD2x;-PYK", "-ACALD;-D_LACt2|LDH_D"]
    with pytest.raises(IndexError):
        _ = designs[3]
    assert repr(best).startswith("<Design 1: -ACALD, -PYK; value 9.101863, growth 0.110490")
    assert "<td>-ACALD, -PYK</td>" in best._repr_html_()


def test_a_design_can_be_asked_for_more(case, designs):
    assert designs[0].respond() == case.respond("-ACALD;-PYK")
    assert designs[0].respond(["-ATPS4r"]) == case.respond(["ACALD", "PYK", "ATPS4r"])


def drawn(figure) -> ElementTree.Element:
    """The SVG of a figure, which needs no style from elsewhere."""
    assert "var(" not in figure.svg
    return ElementTree.fromstring(figure.svg)


def test_a_plot_shows_what_is_promised_and_guaranteed(tmp_path, designs):
    figure = designs.plot(most=2)
    svg = drawn(figure)
    texts = [part.text for part in svg.iter(f"{SVG}text")]
    assert {"-ACALD, -PYK", "-ALCD2x, -PYK"} < set(texts) and "-ACALD, -D_LACt2|LDH_D" not in texts
    assert texts.count("9.102 (◆ 2.392)") == 2
    assert len([part for part in svg.iter(f"{SVG}rect") if part.get("class") == "guaranteed"]) == 3  # one of the legend
    figure.save(tmp_path / "designs.svg")
    assert (tmp_path / "designs.svg").read_text() == figure.svg == figure._repr_svg_()
    source = re.search(r'src="data:image/svg\+xml;base64,(.*)"', figure._repr_html_())[1]
    assert b64decode(source).decode() == figure.svg


def test_a_plot_of_envelopes_begins_with_the_wild_type(case, designs):
    told = drawn(designs.plot("envelopes", most=1)).find(f"{SVG}desc").text
    assert told.startswith("wild type: growth up to 0.212 1/h")
    assert "-ACALD, -PYK: growth up to 0.110 1/h, where the product is 9.102 to 9.102" in told
    points = case.envelope("-ACALD;-PYK")
    assert points[-1]["growth_per_h"] == pytest.approx(0.110490, abs=1e-5)
    assert points[-1]["product_min_mmol_per_gdw_h"] == pytest.approx(9.101863, abs=1e-3)


def test_a_plot_of_fluxes_is_of_the_state_that_the_guarantee_is_about(case, designs):
    figure = designs.plot("fluxes")
    table = figure.data.set_index("reaction")
    assert table.loc["EX_succ_e", "design_mmol_per_gdw_h"] == pytest.approx(9.101863, abs=1e-4)
    assert table.loc["EX_succ_e", "wild_type_mmol_per_gdw_h"] == pytest.approx(0, abs=1e-6)
    assert set(table.index[table["closed"]]) == {"ACALD", "PYK"}
    assert "ACALD" in "".join(drawn(figure).itertext())
    assert case.fluxes("-ACALD;-PYK")["Biomass_Ecoli_core"] == pytest.approx(0.110490, abs=1e-5)
    assert case.fluxes("-ENO") == {}


def test_what_cannot_be_drawn_is_said(designs):
    with pytest.raises(ConfigError, match="no kind `bars`; allowed: guarantees, envelopes"):
        designs.plot("bars")
    with pytest.raises(ConfigError, match="no design with a product to draw"):
        designs[:0].plot()
    with pytest.raises(ConfigError, match="there is no design"):
        designs[:0].plot("fluxes")
    cut = Case("cobra:textbook", medium=MEDIUM).design("mcs", suppress=["ATPM >= 1"], max_interventions=1)
    with pytest.raises(ConfigError, match="the case has no product to draw"):
        cut.plot()


def test_designs_can_be_read_in_every_form(case):
    designs = case.design("optknock", max_interventions=1, max_designs=1)
    assert len(designs) == 1
    assert tuple(designs.table[0]) == DESIGNS.names
    lines = str(designs).splitlines()
    assert lines[0] == "optknock for EX_succ_e, optimal"
    assert lines[2].split() == ["1", "-PYK", "6.968152", "0.122821", "0.000000", "to", "6.968152"]
    page = designs._repr_html_()
    assert "<td>-PYK</td>" in page and page.count("<tr>") == 2
    frame = designs.to_frame()
    assert list(frame.columns) == list(DESIGNS.names) and frame["growth_per_h"][0] == designs.table[0]["growth_per_h"]
    json.dumps(designs.record, allow_nan=False)
    assert "33 candidate targets" in repr(case)


def test_designs_are_checked_with_cobrapy(case):
    row = case.design("optknock", max_interventions=1, max_designs=1).validate().iloc[0]
    assert tuple(row.index) == VALIDATION.names
    assert (row["verified"], row["verified_by"], row["coupling"]) == (True, "cobra", "potential")
    assert row["product_max_mmol_per_gdw_h"] == pytest.approx(6.968152, abs=1e-4)


def test_what_a_person_does_with_the_model_changes_no_check(case):
    case.model.reactions.EX_succ_e.upper_bound = 0
    assert case.design("optknock", max_interventions=1, max_designs=1).validate().iloc[0]["verified"]


def test_no_design_is_an_answer_with_its_reason():
    hungry = Case("cobra:textbook", product="EX_succ_e", medium=MEDIUM, min_growth=0.5).design("optknock")
    assert (len(hungry), hungry.table, len(hungry.validate())) == (0, [], 0)
    lower = "; lower min_growth to 0.2116 or less"
    assert hungry.record["reason"] == f"the wild type grows at most 0.211663 per h, min_growth is 0.5{lower}"
    assert hungry.reason.startswith(
        f"growth 0.211663 1/h in this medium where min_growth is 0.5{lower}; or opening one exchange"
    )
    assert f"infeasible: {hungry.reason}" in str(hungry)
    assert "<table>" in hungry._repr_html_() and hungry.to_frame().empty
