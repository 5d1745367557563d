"""JSON and YAML as people have them: encodings, RAVEN's form, and values that are not what they should be."""

import codecs
import json
import math
import os
import time

import cobra
import pytest
import yaml
from plain_files import plain, read

from knockflow.base.errors import ModelError
from knockflow.model.formats.encoding import decoded, decoded_xml
from knockflow.model.formats.yaml_text import Loader, load_yaml
from knockflow.model.read import read_model, write_model


def changed(**values: object) -> dict:
    """The model with values set: `GLCt__subsystem`, `glc_c__charge`, `model__notes`."""
    content = plain()
    entries = {e["id"]: e for part in ("metabolites", "reactions", "genes") for e in content[part]} | {"model": content}
    for where, value in values.items():
        item, _, key = where.partition("__")
        entries[item][key] = value
    return content


def told(origin) -> list[tuple[str, str, str, str]]:
    """Item, check, before and after of what the reader says."""
    return [(f.item, f.check, f.before, f.after) for f in origin.findings]


# Values -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["json", "yml"])
@pytest.mark.parametrize(
    ("where", "value", "after", "line"),
    [
        ("glc_c__charge", "unknown", None, ("glc_c", "charge", "unknown", "")),
        ("glc_c__charge", "-2", -2, ("glc_c", "charge", "-2", "-2")),
        ("glc_c__charge", float("nan"), None, ("glc_c", "charge", "nan", "")),
        ("glc_c__charge", float("inf"), None, ("glc_c", "charge", "inf", "")),
        ("glc_c__charge", [1], None, ("glc_c", "charge", "[1]", "")),
        ("glc_c__charge", 2.0, 2, None),
        ("glc_c__formula", 6, "6", ("glc_c", "formula", "6", "6")),
        ("glc_c__formula", ["C"], "", ("glc_c", "formula", "['C']", "")),
        ("glc_c__name", float("nan"), "", ("glc_c", "name", "nan", "")),
        ("glc_c__name", "a\x00b", "a b", ("glc_c", "name", "'a\\x00b'", "a b")),
        ("glc_c__compartment", 1, "1", ("glc_c", "compartment", "1", "1")),
        ("GLCt__subsystem", ["A", "B"], "A; B", ("GLCt", "subsystem", "['A', 'B']", "A; B")),
        ("GLCt__subsystem", {"A": 1}, "", ("GLCt", "subsystem", "{'A': 1}", "")),
        ("GLCt__subsystem", ["A"], "A", ("model", "format", "", "")),
        ("GLCt__notes", "by hand", {"notes": "by hand"}, ("GLCt", "notes", "by hand", "notes: by hand")),
        ("GLCt__notes", ["a", 1], {"notes": "a; 1"}, ("GLCt", "notes", "['a', 1]", "notes: a; 1")),
        ("GLCt__notes", float("nan"), {}, None),
        ("GLCt__notes", None, {}, None),
        ("GLCt__annotation", "x", {}, ("GLCt", "annotation", "x", "")),
        ("GLCt__annotation", {"pubmed": [1, "2"], "ec": 3.0, "no": None}, {"pubmed": ["1", "2"], "ec": "3"}, None),
        (
            "GLCt__annotation",
            [["SBO", "S"], ["KEGG", "http://identifiers.org/k/C1"]],
            {"SBO": ["S"], "k": ["C1"]},
            None,
        ),
        ("GLCt__gene_reaction_rule", float("nan"), "", ("GLCt", "gene rule", "nan", "")),
        ("GLCt__gene_reaction_rule", "NaN", "", ("GLCt", "gene rule", "NaN", "")),
        ("GLCt__gene_reaction_rule", None, "", None),
        ("GLCt__gene_reaction_rule", [], "", None),
        ("GLCt__gene_reaction_rule", ["b2"], "b2", None),
        ("GLCt__deltaG", -3.5, None, None),
    ],
)
def test_harmless_values_are_mended_with_a_line(tmp_path, ending, where, value, after, line):
    if ending == "yml" and where == "glc_c__name" and isinstance(value, str):
        pytest.skip("YAML cannot hold this character as it is")
    model, origin = read(tmp_path, changed(**{where: value}), ending)
    item, _, key = where.partition("__")
    pool = model.metabolites if item in model.metabolites else model.reactions
    if key == "deltaG":
        assert model.reactions.GLCt.notes == {"deltaG": -3.5}
    else:
        assert getattr(pool.get_by_id(item), key) == after
    if ending == "yml" and key == "compartment":
        line = None  # there the text is as it is written
    assert told(origin) == ([line] if line else [])
    assert sorted(gene.id for gene in model.genes) == ["b1", "b2"]
    assert model.slim_optimize() == pytest.approx(10)
    write_model(tmp_path / "out.json", model)
    assert told(read_model(str(tmp_path / "out.json"), tmp_path)[1]) == []


@pytest.mark.parametrize("nothing", [math.nan, "nan", "NaN"])
def test_a_gene_that_is_nan_is_none(tmp_path, nothing):
    model, origin = read(tmp_path, changed(b1__id=nothing, GLCt__gene_reaction_rule=nothing))
    assert [gene.id for gene in model.genes] == ["b2"]
    assert [line[:2] for line in told(origin)] == [("GLCt", "gene rule"), ("model", "gene")]


@pytest.mark.parametrize("value", [1e-15, -1e-13])
def test_the_rest_of_a_subtraction_is_dropped(tmp_path, value):
    model, origin = read(tmp_path, changed(EX_glc_e__metabolites={"glc_e": -1, "glc_c": value}))
    assert model.reactions.EX_glc_e.boundary
    assert told(origin) == [("EX_glc_e", "coefficient", f"{value:.15g}", "")]


@pytest.mark.parametrize("value", [1e-9, 2.8e-11])
def test_small_coefficients_of_enzymes_are_kept(tmp_path, value):
    model, origin = read(tmp_path, changed(EX_glc_e__metabolites={"glc_e": -1, "glc_c": value}))
    assert model.reactions.EX_glc_e.metabolites[model.metabolites.glc_c] == value
    assert told(origin) == []


@pytest.mark.parametrize("ending", ["json", "yml"])
@pytest.mark.parametrize(
    ("where", "value", "complaint"),
    [
        ("GLCt__metabolites", {"glc_e": math.nan}, "reaction GLCt: coefficient nan of glc_e is not a finite number"),
        ("GLCt__metabolites", {"glc_e": -math.inf}, "reaction GLCt: coefficient -inf of glc_e is not a finite number"),
        ("GLCt__metabolites", {"glc_e": "n"}, "reaction GLCt: coefficient n of glc_e is not a finite number"),
        ("GLCt__metabolites", {"glc_e": None}, "reaction GLCt: coefficient None of glc_e is not a finite number"),
        ("GLCt__metabolites", {"glc_e": 1e15}, r"reaction GLCt: coefficient 1e\+15 of glc_e is above 1e\+09"),
        ("GLCt__metabolites", 3, "reaction GLCt: its metabolites are no mapping"),
        ("GLCt__lower_bound", "low", "reaction GLCt: lower_bound low is not a number"),
        ("GLCt__lower_bound", math.inf, "reaction GLCt: lower_bound inf leaves no flux"),
        ("GLCt__upper_bound", math.nan, r"reaction GLCt: bounds \[-1000, nan\] are not numbers"),
        ("BIOMASS__objective_coefficient", math.nan, "reaction BIOMASS: objective coefficient nan is not a number"),
        ("GLCt__id", "GLC\x00t", r"reaction 2: the id 'GLC\\x00t' holds a control character"),
        ("glc_c__id", "glc\nc", r"metabolite 2: the id 'glc\\nc' holds a control character"),
        ("b1__id", "b\x07", r"gene 1: the id 'b\\x07' holds a control character"),
        ("b1__id", None, r"gene 1: has no id \(None\)"),
        ("GLCt__id", "BIOMASS", "reaction BIOMASS: the id stands more than once"),
        ("b2__id", "b1", "gene b1: the id stands more than once"),
    ],
)
def test_values_that_cannot_be_mended_are_named(tmp_path, ending, where, value, complaint):
    with pytest.raises(ModelError, match=f"a.{ending}: {complaint}"):
        read(tmp_path, changed(**{where: value}), ending)


def test_all_problems_come_at_once(tmp_path):
    content = changed(
        EX_glc_e__metabolites={"glc_e": math.nan},
        GLCt__upper_bound="wide",
        BIOMASS__upper_bound=-5,
        BIOMASS__objective_coefficient=math.inf,
        GLCt__id="GL\x00Ct",
    )
    with pytest.raises(ModelError) as raised:
        read(tmp_path, content)
    assert len(str(raised.value).splitlines()) == 5


def test_a_thousand_problems_are_counted(tmp_path):
    content = plain()
    content["reactions"] = [{**content["reactions"][0], "id": f"R{n}", "lower_bound": "x"} for n in range(1000)]
    with pytest.raises(ModelError, match="and 960 more problems of these kinds") as raised:
        read(tmp_path, content)
    assert len(str(raised.value).splitlines()) == 41


# YAML ---------------------------------------------------------------------------------------------------------------


def raven(content: dict, tagged: bool = True, size: int = 0) -> str:
    """A model in RAVEN's YAML, with `size` reactions more."""
    omap = " !!omap" if tagged else ""
    lines = [
        "---",
        "!!omap" if tagged else "",
        "- metaData:",
        '    id: "yeastY"',
        '    date: "2024-11-23"',
        "- metabolites:",
    ]
    for entry in content["metabolites"]:
        lines += [f"    -{omap}", f'      - id: "{entry["id"]}"', f'      - name: "{entry["name"]}"']
        lines += [f'      - compartment: "{entry["compartment"]}"', f"      - annotation:{omap}"]
        lines += ['          - chebi: "CHEBI:17634"', "      - deltaG: 10000000"]
    lines.append("- reactions:")
    for entry in [*content["reactions"], *({**content["reactions"][1], "id": f"r_{n:04}"} for n in range(size))]:
        lines += [f"    -{omap}", f'      - id: "{entry["id"]}"', f"      - metabolites:{omap}"]
        lines += [f"          - {name}: {value}" for name, value in entry["metabolites"].items()]
        lines += [f"      - lower_bound: {entry['lower_bound']}", f"      - upper_bound: {entry['upper_bound']}"]
        lines += [f'      - gene_reaction_rule: "{entry.get("gene_reaction_rule", "")}"', "      - subsystem:"]
        lines += ['          - "Glycolysis"', "      - eccodes:", '          - "1.1.1.1"', '          - "1.1.1.2"']
        lines += ['      - rxnNotes: "PR 220"', f"      - confidence_score: {2}"]
        if "objective_coefficient" in entry:
            lines.append(f"      - objective_coefficient: {entry['objective_coefficient']}")
    lines.append("- genes:")
    for entry in content["genes"]:
        lines += [f"    -{omap}", f'      - id: "{entry["id"]}"']
    lines += [f"- compartments:{omap}", '    - c: "cytoplasm"', '    - e: "extracellular"']
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("tagged", [True, False])
def test_yaml_of_raven_is_read(tmp_path, tagged):
    path = tmp_path / "yeast.yml"
    path.write_text(raven(plain(), tagged))
    model, origin = read_model(str(path), tmp_path)
    assert (model.id, model.compartments) == ("yeastY", {"c": "cytoplasm", "e": "extracellular"})
    assert model.slim_optimize() == pytest.approx(10)
    reaction = model.reactions.GLCt
    assert (reaction.subsystem, reaction.gene_reaction_rule) == ("Glycolysis", "b1 or b2")
    assert reaction.annotation == {"ec-code": ["1.1.1.1", "1.1.1.2"]}
    assert reaction.notes == {"rxnNotes": "PR 220", "confidence_score": 2}
    assert model.metabolites.glc_c.annotation == {"chebi": "CHEBI:17634"}
    assert [(f.check, f.severity) for f in origin.findings] == [("format", "info"), ("format", "change")]


def test_yaml_of_200_reactions_takes_a_tenth_of_what_4100_may(tmp_path):
    path = tmp_path / "yeast.yml"
    path.write_text(raven(plain(), size=200))
    start = time.process_time()
    model, _ = read_model(str(path), tmp_path)
    assert time.process_time() - start < 1.5
    assert len(model.reactions) == 203


def test_yaml_ids_stay_as_they_are_written(tmp_path):
    path = tmp_path / "a.yml"
    text = yaml.safe_dump(plain(), sort_keys=False)
    path.write_text(text.replace("glc_c", "no").replace("b1", "0012").replace("GLCt", "1e3"))
    model, origin = read_model(str(path), tmp_path)
    assert "no" in model.metabolites and "0012" in model.genes and "1e3" in model.reactions
    assert model.reactions.get_by_id("1e3").gene_reaction_rule == "0012 or b2"
    assert told(origin) == []


def test_yaml_of_cobrapy_gives_the_same_values_with_either_parser(tmp_path):
    cobra.io.save_yaml_model(read(tmp_path, plain())[0], str(tmp_path / "b.yml"))
    text = (tmp_path / "b.yml").read_text()

    class Slow(yaml.SafeLoader):
        yaml_implicit_resolvers = Loader.yaml_implicit_resolvers
        yaml_constructors = Loader.yaml_constructors

    assert load_yaml(text) == yaml.load(text, Loader=Slow)
    assert load_yaml("a: [1e-3, .5, -3, 1:30, yes, 2024-01-01, null, true, .inf]") == {
        "a": [0.001, 0.5, -3, "1:30", "yes", "2024-01-01", None, True, math.inf]
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("reactions: [1, 2\nmetabolites: {", "not whole YAML in line 2"),
        ("a: 1\nb: 2\na: 3", "not whole YAML in line 3: the key 'a' stands twice"),
        ("a: &x [*x]", "not whole YAML"),
        ("? [a]\n: 1", "a key is not a text"),
        ("a: !!python/object:os.system 1", "not whole YAML.*could not determine a constructor"),
        ("a: b\x00", "not whole YAML"),
        ("- !!omap\n  - 3", "an ordered mapping has one-key maps"),
    ],
)
def test_broken_yaml_gives_the_line(text, complaint):
    with pytest.raises(ModelError, match=complaint):
        load_yaml(text)


# Encodings ----------------------------------------------------------------------------------------------------------

ENCODINGS = [
    ("utf-8", b"", None),
    ("utf-8", codecs.BOM_UTF8, ("UTF-8", "info")),
    ("utf-16-le", codecs.BOM_UTF16_LE, ("UTF-16", "info")),
    ("utf-16-be", codecs.BOM_UTF16_BE, ("UTF-16", "info")),
    ("utf-16-le", b"", ("UTF-16", "info")),
    ("utf-32-be", codecs.BOM_UTF32_BE, ("UTF-32", "info")),
    ("latin-1", b"", ("ISO-8859-1", "warning")),
]


@pytest.mark.parametrize(("codec", "mark", "line"), ENCODINGS)
@pytest.mark.parametrize("ending", ["json", "yml"])
def test_every_encoding_gives_the_same_model(tmp_path, ending, codec, mark, line):
    content = changed(GLCt__name="Trägertransport")
    text = json.dumps(content, ensure_ascii=False) if ending == "json" else yaml.safe_dump(content, allow_unicode=True)
    (tmp_path / f"a.{ending}").write_bytes(mark + text.encode(codec))
    model, origin = read_model(str(tmp_path / f"a.{ending}"), tmp_path)
    assert model.reactions.GLCt.name == "Trägertransport"
    assert [(f.before, f.severity) for f in origin.findings if f.check == "encoding"] == ([line] if line else [])
    if codec == "latin-1":
        assert "Trägertransport" in origin.findings[0].why


def test_windows_quotation_marks_are_read():
    text, findings = decoded('{"a": "5\u2019-phosphate"}'.encode("cp1252"))
    assert "5\u2019-phosphate" in text
    assert findings[0].before == "Windows-1252"


@pytest.mark.parametrize(
    ("declared", "codec", "line"),
    [
        ("ISO-8859-1", "latin-1", ("ISO-8859-1", "info")),
        ("iso-8859-15", "iso-8859-15", ("ISO8859-15", "info")),
        ("windows-1252", "cp1252", ("Windows-1252", "info")),
        ("UTF-16", "utf-16", ("UTF-16", "info")),
        ("UTF-16", "utf-8", None),
        ("UTF-8", "utf-8-sig", ("UTF-8", "info")),
        ("UTF-8", "latin-1", ("ISO-8859-1", "warning")),
        ("us-ascii", "latin-1", ("ISO-8859-1", "warning")),
        ("utf-8", "utf-8", None),
    ],
)
def test_xml_is_read_in_what_it_declares(declared, codec, line):
    text = f'<?xml version="1.0" encoding="{declared}" standalone="no"?>\n<sbml name="Säure"/>'
    found, findings = decoded_xml(text.encode(codec))
    assert found == '<?xml version="1.0" standalone="no"?>\n<sbml name="Säure"/>'
    assert [(f.before, f.severity) for f in findings] == ([line] if line else [])


def test_xml_with_an_unknown_encoding_is_refused():
    with pytest.raises(ModelError, match="declares the encoding 'klingon', which is not known"):
        decoded_xml(b'<?xml version="1.0" encoding="klingon"?><sbml/>')


def test_broken_utf16_is_refused():
    with pytest.raises(ModelError, match="not whole UTF-16"):
        decoded(codecs.BOM_UTF16_LE + b"{\x00}")


def test_each_of_several_subsystems_can_be_named(tmp_path):
    from knockflow.model.curation import curate
    from knockflow.model.network import read_network, subsystems_of

    model, _ = read(tmp_path, changed(GLCt__subsystem=["Transport", "Sugars"], BIOMASS__subsystem="Growth; all"))
    case = {"name": "a", "product": None, "targets": {"subsystems": ["Sugars", "Growth; all"]}}
    curate(model, case)
    write_model(tmp_path / "out.json", model)
    assert [subsystems_of(text) for text in read_network(tmp_path / "out.json").subsystems] == [
        set(),
        {"Transport; Sugars", "Transport", "Sugars"},
        {"Growth; all", "Growth", "all"},
    ]


def test_a_message_of_curation_names_the_file(tmp_path):
    from knockflow import Case

    path = tmp_path / "wide.json"
    path.write_text(json.dumps(changed(GLCt__upper_bound="inf", GLCt__lower_bound=-math.inf)))
    with pytest.raises(ModelError, match=r"wide.json: .*GLCt \[-inf, inf\]"):
        Case(path, repair=False)


def test_notes_that_are_no_numbers_are_written(tmp_path):
    notes = {"list": [math.inf, 1], "map": {"a": math.nan}}
    model, _ = read(tmp_path, changed(GLCt__deltaG=math.nan, GLCt__notes=notes))
    write_model(tmp_path / "out.json", model)
    again, _ = read_model(str(tmp_path / "out.json"), tmp_path)
    assert again.reactions.GLCt.notes == {"deltaG": "nan", "list": ["inf", 1], "map": {"a": "nan"}}


def test_spaces_in_ids_are_quoted(tmp_path):
    content = changed(GLCt__id="GLC t", GLCt__metabolites={"glc_e": -1, "glc c": 1}, glc_c__id=" glc c")
    content["reactions"][2]["metabolites"] = {"glc c": -1}
    model, origin = read(tmp_path, content)
    assert told(origin) == []
    assert [m.id for m in model.metabolites] == ["glc_e", "glc%20c"]
    assert [r.id for r in model.reactions] == ["EX_glc_e", "GLC%20t", "BIOMASS"]
    assert model.slim_optimize() == pytest.approx(10)


@pytest.mark.full
@pytest.mark.skipif("KNOCKFLOW_DATA" not in os.environ, reason="KNOCKFLOW_DATA names no folder of models")
def test_the_consensus_model_of_yeast_is_read_in_seconds(tmp_path):
    start = time.process_time()
    model, _ = read_model(f"{os.environ['KNOCKFLOW_DATA']}/models/yeast-GEM.yml.gz", tmp_path)
    assert time.process_time() - start < 15
    assert (len(model.reactions), len(model.metabolites), len(model.genes)) == (4131, 2806, 1161)
    assert model.slim_optimize() == pytest.approx(0.0858439, abs=1e-6)


@pytest.mark.parametrize("ending", ["json", "yml"])
@pytest.mark.parametrize(("given", "name"), [("None", ""), ("nan", ""), ("adhE", "adhE")])
def test_a_gene_is_not_called_none(ending, given, name, tmp_path):
    """898 of the 905 genes of BiGG's iMM904 have the name `None`."""
    model, _ = read(tmp_path, changed(b1__name=given), ending)
    assert model.genes.get_by_id("b1").name == name
