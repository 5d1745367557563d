"""Ids that mean something elsewhere: named by their own id, quoted where they must be, read back from every output."""

import gzip
import json
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import cobra
import pytest
from cobra.io import read_sbml_model
from hypothesis import given
from hypothesis import strategies as st

from knockflow import Case
from knockflow.base.errors import ConfigError, ModelError
from knockflow.base.files import cell
from knockflow.base.tables import CURATION
from knockflow.language.ids import Known, gene_id, gene_name, own_gene, own_reaction, quoted, unquoted
from knockflow.language.inequalities import inequality
from knockflow.language.notation import Intervention, intervention
from knockflow.layers.regulation.follower import RulesInFollower
from knockflow.layers.regulation.rules import read_rules
from knockflow.layers.regulation.strain import add_regulators, regulate
from knockflow.model.constrained_model import read_curated
from knockflow.model.curation import curate
from knockflow.model.formats.sbml_writing import write_sbml
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.gpr import genes, parse
from knockflow.model.network import read_network
from knockflow.model.question import Question
from knockflow.model.read import read_model, write_model
from knockflow.problem.targets import TargetOptions
from knockflow.report.case_settings import lost_rules
from knockflow.report.tables import findings
from knockflow.stages.export.bench import lab_rows
from knockflow.stages.export.strains import cobra_form, strain_model, straindesign_form
from knockflow.stages.problem import build
from knockflow.validation.strain import changed

ODD = ["R|1", "R;1", "A<=B", "a=b", "x>y", "-R", "+R", "3e5", "50%", "R 1", 'say "so"', "R&S", "EX_g(e)"]
ODD_GENES = [
    "g~1",
    "g%1",
    "g(1)",
    "g[c]",
    "g:1",
    "g\\1",
    "g@x",
    "g'1",
    "3e5",
    "g|1",
    "g&1",
    "g=1",
    "µg",
    "g$",
    "if",
    "g;2",
]


# The forms of an id -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("own", ODD)
def test_a_quoted_id_means_nothing_else_and_reads_back(own):
    name = quoted(own)
    assert own_reaction(name) == own and quoted(name) == name
    for text, action in ((f"-{name}", "-"), (f"+{name}", "+"), (f"{name}>=2", ">="), (f"{name}<=0.5", "<=")):
        found = intervention(text)
        assert (found.action, found.names) == (action, (name,))
        assert str(found) == text
    assert intervention(f"-A|{name}").names == ("A", name)


def a_name(text: str) -> bool:
    return text.isprintable() and text.casefold() not in ("and", "or")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1).filter(a_name))
def test_any_gene_has_an_id_that_cobrapy_reads_in_a_rule(own):
    inside = gene_id(own)
    assert own_gene(inside) == own.strip() or own_gene(own) != own
    rule = cobra.core.gene.GPR.from_string(f"({inside} and b1) or b2")
    assert rule.genes == {inside, "b1", "b2"}
    assert unquoted(gene_name(inside)) == own_gene(inside) or "%" in own


@pytest.mark.parametrize("own", ["foo__45__bar", "b__1__x", "b0001", "YAL001C-A", "g.1"])
def test_what_cobrapy_can_read_stays(own):
    assert gene_id(own) == own_gene(own) == gene_name(own) == own


@pytest.mark.parametrize("own", ODD)
def test_inequalities_take_ids_in_quotation_marks(own):
    if '"' in own:
        own = quoted(own)
    found = inequality(f'2 "{own}" - A >= 1')
    assert (found.coefficients, found.sense, found.bound) == ({own: 2.0, "A": -1.0}, ">=", 1.0)


def test_an_inequality_with_an_unknown_end_says_what_was_written():
    with pytest.raises(ConfigError, match="cannot be read"):
        inequality('"a|b" "c" <= 2')


KNOWN = Known({"R%7C1", "A", "B", "reaction:pgi", "3e5", "%2DR"}, {"pgi": "pgi", "g~1": "g__126__1"}, by_genes=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-R|1", "-R%7C1"),
        ('-"R|1"', "-R%7C1"),
        ("-R%7C1", "-R%7C1"),
        ("R|1<=5", "R%7C1<=5"),
        ('"R|1" >= 2', "R%7C1>=2"),
        ("-A|B", "-A|B"),
        ('-A|"R|1"', "-A|R%7C1"),
        ("3e5>=1", "3e5>=1"),
        ("--R", "-%2DR"),
        ("A<=30%", "A<=30%"),
        ("pgi", "pgi"),
        ("-pgi", "-pgi"),
        ("-reaction:pgi", "-reaction:pgi"),
        ("-g~1", "-g__126__1"),
        ("-nothing", "-nothing"),
    ],
)
def test_interventions_by_the_own_id(text, found):
    assert KNOWN.change(text) == found


# A model in which everything has an odd id --------------------------------------------------------------------------


def odd_model(fast: str, waste: str, product: str, met: str = "p_c", fast_rule: str = "b1", waste_rule: str = "b2"):
    """Substrate becomes biomass by FAST, or by SLOW with a product that WASTE can destroy."""
    table = {
        "EX_s": ({"s_c": -1}, -10, 0, ""),
        fast: ({"s_c": -1, "x_c": 1}, 0, 1000, fast_rule),
        "SLOW": ({"s_c": -1, "x_c": 0.5, met: 0.5}, 0, 1000, ""),
        waste: ({met: -1, "w_c": 1}, 0, 1000, waste_rule),
        "EX_w": ({"w_c": -1}, 0, 1000, ""),
        product: ({met: -1}, 0, 1000, ""),
        "BIOMASS": ({"x_c": -1}, 0, 1000, ""),
    }
    found = sorted({name for row in table.values() for name in row[0]})
    return {
        "id": "odd",
        "metabolites": [{"id": name, "name": name, "compartment": "c"} for name in found],
        "reactions": [
            {
                "id": name,
                "name": f"reaction {name}",
                "metabolites": row[0],
                "lower_bound": row[1],
                "upper_bound": row[2],
                "gene_reaction_rule": row[3],
                "objective_coefficient": float(name == "BIOMASS"),
            }
            for name, row in table.items()
        ],
        "genes": [],
    }


def written(folder: Path, content: dict, genes=()) -> str:
    path = folder / "odd.json"
    content["genes"] = [{"id": gene, "name": ""} for gene in genes]
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def checked(case: Case, found, names: tuple[str, ...]) -> list[dict]:
    """Rows of validation: as designed, by COBRApy, and the bench list and exports of the same design."""
    assert found.table[0]["interventions"] == names
    rows = found.validate().to_dict("records")
    assert {row["verified"] for row in rows} == {True}
    row = rows[0]
    assert row["product_min_mmol_per_gdw_h"] == pytest.approx(5, abs=1e-6)
    assert row["growth_by_genes_per_h"] == pytest.approx(5, abs=1e-6)
    return rows


def as_cells(rows: list[dict]) -> list[dict]:
    return [{key: cell(value) for key, value in row.items()} for row in rows]


@pytest.mark.parametrize("odd", ODD)
def test_every_output_of_odd_reactions_reads_back(tmp_path, odd):
    fast, waste, product = odd, f"{odd}w", f"{odd}p"
    source = written(tmp_path, odd_model(fast, waste, product), ["b1", "b2"])
    case = Case(source, product, min_growth=0.1, medium={"EX_s": 10}, targets={"costs": {fast: 2}})
    lines = {line.before: line.after for line in case.findings if line.check == "id"}
    changed = {own for own in (fast, waste, product) if quoted(own) != own}
    assert set(lines) == changed and all(lines[own] == quoted(own) for own in changed)
    names = tuple(sorted([f"-{quoted(fast)}", f"-{quoted(waste)}"]))
    found = case.design("robustknock")
    checked(case, found, names)
    assert found.table[0]["cost"] == 3
    assert {quoted(fast), quoted(waste)} <= {row["target"] for row in case.targets}
    cells = as_cells(found.table)
    text = cells[0]["interventions"]
    assert {one for change in text.split(";") for one in intervention(change).names} == {quoted(fast), quoted(waste)}
    model = case.model
    lab = lab_rows(model, cells, as_cells(found.validate().to_dict("records")))
    assert {row["locus"] for row in lab} == {"b1", "b2"}
    assert {row["intervention"] for row in lab} == set(names)
    [form] = cobra_form(model, cells)
    with model:
        for name, ends in form["bounds"].items():
            model.reactions.get_by_id(name).bounds = ends
        assert model.slim_optimize() == pytest.approx(5)
    assert straindesign_form(model, cells) == [{quoted(fast): -1.0, quoted(waste): -1.0}]
    assert case.respond([fast, waste])["product_min_mmol_per_gdw_h"] == pytest.approx(5)
    assert case.respond(text)["growth_per_h"] == pytest.approx(5)


@pytest.mark.parametrize("odd", ["R|1", "3e5", "R 1", "-R", "A<=B", "R;1"])
def test_the_configuration_names_a_reaction_by_its_own_id(tmp_path, odd):
    source = written(tmp_path, odd_model("FAST", "WASTE", odd), ["b1", "b2"])
    model = json.loads(Path(source).read_text())
    for reaction in model["reactions"]:
        if reaction["id"] == "EX_s":
            reaction["id"] = f"{odd}s"
    Path(source).write_text(json.dumps(model))
    case = Case(
        source,
        odd,
        medium={f"{odd}s": 8},
        substrate=f"{odd}s",
        cell_objective={"BIOMASS": 1, odd: 0.001},
        targets={"include": [odd], "interventions": {f'"{odd}"<=4': 1}, "forced": ["FAST"], "maintenance": [odd]},
    )
    quoted_id = quoted(odd)
    rows = {row["target"]: row for row in case.targets}
    assert f"{quoted_id}<=4" in rows and rows["FAST"]["status"] == "forced"
    found = case.design("optknock", max_interventions=3)
    assert found.table[0]["value_mmol_per_gdw_h"] == pytest.approx(4)
    assert set(found.validate()["verified"]) == {True}
    sets = case.design("mcs", suppress=[f'"{odd}" - 0.5 BIOMASS <= 0', "BIOMASS >= 0.1"], max_designs="all")
    assert ("-FAST", "-WASTE") in [row["interventions"] for row in sets.table]
    assert set(sets.validate()["verified"]) == {True}


def test_a_table_of_interventions_names_them_likewise(tmp_path):
    source = written(tmp_path, odd_model("R|1", "3e5", "EX_p"), ["b1", "b2"])
    table = tmp_path / "changes.tsv"
    table.write_text('intervention\tcost\tuse\n-R|1\t3\t\n3e5<=2\t4\t\n"""3e5""<=1"\t5\t\nSLOW\t\texcluded\n')
    case = Case(source, "EX_p", targets={"table": str(table)})
    costs = {row["target"]: row["cost"] for row in case.targets}
    assert (costs["R%7C1"], costs["3e5<=2"], costs["3e5<=1"]) == (3, 4, 5)


def test_the_own_ids_stand_beside_those_of_the_curated_model(tmp_path):
    source = written(tmp_path, odd_model("R|1", "W", "EX_p", waste_rule="g~1"), ["b1", "g~1"])
    case = Case(source, "EX_p")
    [form] = cobra_form(case.model, as_cells(case.design("robustknock").table))
    assert form["ids"] == {"R%7C1": "R|1", "g__126__1": "g~1"}
    plain = Case(written(tmp_path, odd_model("R", "W", "EX_p"), ["b1", "b2"]), "EX_p")
    assert "ids" not in cobra_form(plain.model, as_cells(plain.design("robustknock").table))[0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"medium": {1234: 10}}, "cases.case.medium.1234: YAML reads the key `1234` as a number; put it in quotation"),
        ({"targets": {"costs": {True: 2}}}, "targets.costs.True: YAML reads the key `True` as true or false"),
        (
            {"targets": {"include": [1.5]}},
            "include.0: `1.5` is not of type string; YAML reads it as a number",
        ),
        ({"targets": {"exclude": ["R|1"], "interventions": {'-"R|1"': 2}}}, "`-R%7C1`: `R%7C1` is in `exclude`, too"),
    ],
)
def test_what_yaml_reads_as_a_number_is_told(tmp_path, options, said):
    source = written(tmp_path, odd_model("R|1", "W", "EX_p"), ["b1", "b2"])
    with pytest.raises(ConfigError) as raised:
        Case(source, "EX_p", **options)
    assert said in str(raised.value)


def test_an_unknown_id_is_still_told_with_the_nearest(tmp_path):
    source = written(tmp_path, odd_model("R|1", "W", "EX_p"), ["b1", "b2"])
    with pytest.raises(ConfigError, match="no reaction 'R|2'"):
        Case(source, "EX_p", targets={"include": ["R|2"]})


def test_a_metabolite_with_a_space(tmp_path):
    source = written(tmp_path, odd_model("FAST", "WASTE", "EX_p", "p c"), ["b1", "b2"])
    case = Case(source, "EX_p")
    assert ("p c", "p%20c") in [(line.before, line.after) for line in case.findings if line.check == "id"]
    checked(case, case.design("robustknock"), ("-FAST", "-WASTE"))
    content = odd_model("FAST", "WASTE", "EX_w2", "p c")
    content["reactions"] = [one for one in content["reactions"] if one["id"] != "EX_w2"]
    added = Case(written(tmp_path, content, ["b1", "b2"]), "EX_p c")
    assert ("EX_p%20c", "product") in [(line.item, line.check) for line in added.findings]


def test_ids_that_would_become_the_same_are_refused(tmp_path):
    with pytest.raises(ModelError, match="stands more than once"):
        Case(written(tmp_path, odd_model("R|1", "R%7C1", "EX_p")), "EX_p")


# Genes --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", ODD_GENES)
@pytest.mark.parametrize("level", ["genes", "reactions"])
def test_rules_of_odd_genes_are_kept_and_every_output_has_the_own_id(tmp_path, odd, level):
    rules = {"fast_rule": f"({odd} and b1)", "waste_rule": odd}
    source = written(tmp_path, odd_model("FAST", "WASTE", "EX_p", **rules), [odd, "b1"])
    case = Case(source, "EX_p", targets={"level": level})
    assert not [line for line in case.findings if line.check == "gene rule"]
    assert genes(parse(case.model.reactions.FAST.gene_reaction_rule)) == {gene_id(odd), "b1"}
    found = case.design("robustknock")
    names = (f"-{quoted(odd)}",) if level == "genes" else ("-FAST", "-WASTE")
    rows = as_cells(checked(case, found, names))
    assert rows[0]["genes"] == quoted(odd) and rows[0]["by_genes"] == "same"
    lab = lab_rows(case.model, as_cells(found.table), rows)
    assert {row["locus"] for row in lab} == {quoted(odd)} and {row["gene"] for row in lab} == {quoted(odd)}
    [form] = cobra_form(case.model, as_cells(found.table))
    if level == "genes":
        assert {row["target"] for row in case.targets if row["status"] == "candidate"} == {quoted(odd), "b1"}
        assert [own_gene(gene) for gene in form["knock_out_genes"]] == [odd]


def test_genes_are_named_by_their_own_id(tmp_path):
    rules = {"fast_rule": "g~1", "waste_rule": "g(2) or g[3]"}
    source = written(tmp_path, odd_model("FAST", "WASTE", "EX_p", **rules), ["g~1", "g(2)", "g[3]"])
    case = Case(
        source,
        "EX_p",
        targets={
            "level": "genes",
            "costs": {"g(2)": 2},
            "exclude": ["g[3]"],
            "interventions": {"WASTE<=1": 3, "g~1<=2": 4},
            "forced": ["-g~1"],
        },
    )
    rows = {row["target"]: row for row in case.targets}
    assert rows["g~1"]["status"] == "forced" and rows["g[3]"]["why"] == "excluded by the case"
    with pytest.raises(ConfigError, match=r"no gene or reaction 'g~2' in the model; did you mean .*g~1"):
        Case(source, "EX_p", targets={"level": "genes", "include": ["g~2"]})


@pytest.mark.parametrize(
    ("text", "listed", "found"),
    [
        ("(g(1) and g2)", ["g(1)", "g2"], {"g(1)", "g2"}),
        ("g(1)or g2", [], None),
        ("(b1)and(b2)", ["b1", "b2"], {"b1", "b2"}),
        ("b1|b2", ["b1", "b2", "b1|b2"], {"b1", "b2"}),
        ("b1|x or b2", ["b1|x", "b2"], {"b1|x", "b2"}),
        ("b1+b2", ["b1+b2"], {"b1+b2"}),
        ("b1+b2", ["b1", "b2"], None),
        ("b 1 or b2", ["b 1", "b2"], None),
        ("g~1 or g[2]", [], {"g~1", "g[2]"}),
        ("b1 or b2", ["b1", "or", "b2"], {"b1", "b2"}),
    ],
)
def test_what_is_a_gene_is_known_of_the_list(tmp_path, text, listed, found):
    source = written(tmp_path, odd_model("FAST", "WASTE", "EX_p", fast_rule=text), [*listed, "b2"][: len(listed) or 1])
    model, origin = read_model(source, tmp_path)
    own = {own_gene(gene.id) for gene in model.reactions.FAST.genes}
    assert own == (found or set())
    assert (found is None) == any("cannot be read" in line.why for line in origin.findings)


@pytest.mark.parametrize("level", ["reactions", "genes"])
def test_a_rule_that_is_lost_makes_no_target_and_says_so(tmp_path, level):
    source = written(tmp_path, odd_model("FAST", "WASTE", "EX_p", fast_rule="b1 and and b2"), ["b1", "b2"])
    case = Case(source, "EX_p", targets={"level": level})
    rows = {row["target"]: row for row in case.targets}
    if level == "reactions":
        assert rows["FAST"]["status"] == "excluded" and "cannot be read" in rows["FAST"]["why"]
        found = Case(source, "EX_p", targets={"include": ["FAST"]}).design("robustknock")
        [row] = [row for row in found.validate().to_dict("records") if "-FAST" in row["interventions"]][:1]
        assert row["by_genes"] == "impossible" and "cannot be read (curation.tsv)" in row["by_genes_note"]
    else:
        assert {name for name, row in rows.items() if row["status"] == "candidate"} == {"b2"}
    CURATION.write(tmp_path / "curation.tsv", map(asdict, case.findings))
    told = findings(tmp_path)
    assert told["lost_rules"] == ["FAST"]
    assert lost_rules(SimpleNamespace(findings=told)).startswith("; 1 gene rule of the model could not be read (FAST)")
    assert lost_rules(SimpleNamespace(findings={"lost_rules": []})) == ""


def test_sbml_and_packed_models_with_odd_ids(tmp_path):
    rules = {"fast_rule": "g~1", "waste_rule": "g(2)"}
    content = odd_model("R|1", "W;2", "EX_p", **rules)
    source = written(tmp_path, content, ["g~1", "g(2)"])
    case = Case(source, "EX_p", targets={"level": "genes"})
    write_sbml(tmp_path / "a.xml", strain_model(case.model, "", "wild type"))
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress((tmp_path / "a.xml").read_bytes()))
    plain = read_sbml_model(str(tmp_path / "a.xml"))
    assert {"R|1", "W;2"} <= {reaction.id for reaction in plain.reactions}
    assert {gene.id for gene in plain.genes} == {"g~1", "g(2)"}
    again = Case(tmp_path / "a.xml.gz", "EX_p", targets={"level": "genes"})
    first, second = (one.design("robustknock") for one in (case, again))
    assert first.table == second.table and first.table[0]["interventions"] == ("-g(2)", "-g~1")
    given = Case(plain, "EX_p", targets={"level": "genes"})
    assert given.design("robustknock").table == first.table
    assert given.design("robustknock").validate().iloc[0]["verified"]


# One id twice -------------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(tmp_path) -> str:
    """FAST is also the name of a gene, which closes WASTE; a gene WASTE closes FAST."""
    rules = {"fast_rule": "WASTE", "waste_rule": "FAST and b3"}
    return written(tmp_path, odd_model("FAST", "WASTE", "EX_p", **rules), ["FAST", "WASTE", "b3"])


def test_at_level_genes_the_id_names_the_gene(shared):
    case = Case(shared, "EX_p", targets={"level": "genes", "costs": {"FAST": 2, "reaction:WASTE": 7}})
    told = {line.item: line.before for line in case.findings if line.check == "id"}
    assert told == {"reaction:FAST": "FAST", "reaction:WASTE": "WASTE"}
    found = case.design("robustknock", max_interventions=2, max_designs=3)
    rows = checked(case, found, ("-FAST|b3", "-WASTE"))
    assert found.table[0]["cost"] == 2  # of b3 and WASTE: FAST costs more
    lab = lab_rows(case.model, as_cells(found.table), as_cells(rows))
    first = {row["locus"]: row["reactions_switched_off"] for row in lab if row["rank"] == "1"}
    assert first == {"WASTE": ["reaction:FAST"], "FAST": ["reaction:WASTE"]}


def test_the_reaction_is_reached_by_its_prefix(shared):
    targets = {"level": "genes", "include": ["reaction:FAST"], "exclude": ["WASTE"], "costs": {"reaction:FAST": 5}}
    case = Case(shared, "EX_p", targets=targets)
    rows = {row["target"]: row for row in case.targets}
    assert rows["reaction:FAST"]["cost"] == 5 and rows["WASTE"]["why"] == "excluded by the case"
    found = case.design("robustknock", max_interventions=2, max_designs=3)
    assert found.table[0]["interventions"] == ("-FAST|b3", "-reaction:FAST")
    row = found.validate().iloc[0]
    assert row["verified"] and row["product_min_mmol_per_gdw_h"] == pytest.approx(5)


def test_limits_and_forced_ones_are_of_the_gene(shared):
    case = Case(shared, "EX_p", targets={"level": "genes", "interventions": {"FAST<=1": 1}, "forced": ["WASTE"]})
    rows = {row["target"]: row for row in case.targets}
    assert rows["FAST<=1"]["reactions"] == ("reaction:WASTE",)
    found = case.design("robustknock", max_interventions=2, max_designs=1)
    row = found.validate().iloc[0]
    assert row["verified"] and "-WASTE" in row["interventions"]
    with pytest.raises(ConfigError, match="more of a gene's enzyme allows more flux but forces none"):
        Case(shared, "EX_p", targets={"level": "genes", "interventions": {"FAST>=1": 1}})
    named = {"reaction:FAST>=1": 1, "SLOW>=2": 1, "reaction:SLOW>=3": 1}
    by_reaction = Case(shared, "EX_p", targets={"level": "genes", "interventions": named})
    assert {"reaction:FAST>=1", "SLOW>=2", "SLOW>=3"} <= {row["target"] for row in by_reaction.targets}


def test_elsewhere_the_id_names_the_reaction(shared):
    case = Case(shared, "WASTE", targets={"level": "genes"}, cell_objective={"BIOMASS": 1, "FAST": 0.001})
    assert case.problem.product.any()
    sets = case.design("mcs", suppress=["FAST >= 6"], max_interventions=1, max_designs="all")
    assert [row["interventions"] for row in sets.table] == [("-WASTE",)]
    assert set(sets.validate()["verified"]) == {True}


def test_at_level_reactions_nothing_is_renamed(shared):
    case = Case(shared, "EX_p")
    assert not [line for line in case.findings if line.check == "id"]
    checked(case, case.design("robustknock", max_interventions=2), ("-FAST", "-WASTE"))


def test_a_curated_model_of_the_other_level_is_read_again(shared):
    by_genes = Case(shared, "EX_p", targets={"level": "genes"})
    again = Case(by_genes.model, "EX_p")
    assert "FAST" in again.model.reactions and "reaction:FAST" not in again.model.reactions
    once_more = Case(by_genes.model, "EX_p", targets={"level": "genes"})
    assert once_more.design("robustknock", max_interventions=2).table[0]["interventions"] == ("-FAST|b3", "-WASTE")


# Nearly the same ----------------------------------------------------------------------------------------------------


def test_ids_that_differ_in_capitals_only_are_apart(tmp_path):
    rules = {"fast_rule": "Fast", "waste_rule": "fast"}
    source = written(tmp_path, odd_model("FAST", "fAST", "EX_p", **rules), ["Fast", "fast"])
    by_genes = Case(source, "EX_p", targets={"level": "genes", "costs": {"Fast": 2}})
    checked(by_genes, by_genes.design("robustknock"), ("-Fast", "-fast"))
    assert by_genes.design("robustknock").table[0]["cost"] == 3
    by_reactions = Case(source, "EX_p")
    checked(by_reactions, by_reactions.design("robustknock"), ("-FAST", "-fAST"))
    with pytest.raises(ConfigError, match="did you mean FAST, fAST"):
        Case(source, "EX_p", targets={"include": ["faST"]})


@pytest.mark.parametrize(
    ("part", "kind"), [("reactions", "reaction"), ("metabolites", "metabolite"), ("genes", "gene")]
)
def test_ids_that_are_twice_there_or_empty_are_refused(tmp_path, part, kind):
    for change, said in (("twice", f"{kind} .*: the id stands more than once"), ("", f"{kind} 1: has no id")):
        content = odd_model("FAST", "WASTE", "EX_p")
        source = written(tmp_path, content, ["b1", "b2"])
        content = json.loads(Path(source).read_text())
        content[part][0]["id"] = content[part][1]["id"] if change else ""
        Path(source).write_text(json.dumps(content))
        with pytest.raises(ModelError, match=said):
            Case(source, "EX_p")


def test_a_change_is_one_of_an_intervention():
    assert intervention('-"R|1"|B') == Intervention("-", ("R%7C1", "B"))


# Rules of genes -----------------------------------------------------------------------------------------------------


def test_rules_of_genes_name_odd_genes_by_their_own_ids(tmp_path):
    """The gene g[1] is off while r1 is there; without r1 the cell has FAST."""
    source = written(tmp_path, odd_model("FAST", "W|2", "EX_p", fast_rule="g[1]", waste_rule="b2"), ["g[1]", "b2"])
    (tmp_path / "rules.tsv").write_text("gene\trule\tkind\ng[1]\tnot r1\tgene\nr1\ts_c\tgene\n")
    rows = read_rules(tmp_path / "rules.tsv")
    model, _ = read_model(source, tmp_path)
    add_regulators(model, rows, {})
    options = {"name": "t", "product": "EX_p", "min_growth": 0.1, "targets": {"level": "genes"}}
    curate(model, options)
    write_model(tmp_path / "model.json", model)
    network = read_network(tmp_path / "model.json")
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
    question, targets = Question.of(network, "EX_p", 0.1, {}), TargetOptions.of(options["targets"], network)
    problem, _ = build(network, cuts, question, targets, [RulesInFollower(rows, {}, {})])
    assert {"b2", "g[1]", "r1"} >= set(problem.targets.ids) >= {"b2", "r1"}
    curated = read_curated(tmp_path / "model.json")
    regulate(curated, rows, {}, {})
    for design, most in (("", 5.0), ("-r1", 10.0), ("-g[1];-r1", 5.0), ("-b2", 5.0)):
        with changed(curated, design):
            assert curated.slim_optimize() == pytest.approx(most)
