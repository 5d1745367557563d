"""Reading models: every format, the bundled ones, BiGG's cache, and clear words for what cannot be read."""

import gc
import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import cobra
import pytest

from knockflow.base.errors import ModelError
from knockflow.model.formats.sbml import read_sbml_model
from knockflow.model.formats.yaml_text import load_yaml
from knockflow.model.from_mapping import model_from
from knockflow.model.read import read_model, write_model

SCRIPTS = Path(__file__).parents[2] / "scripts"


def small_model() -> cobra.Model:
    """Glucose becomes biomass by two enzymes; one metabolite has no charge."""
    model = cobra.Model("small")
    glc_e, glc_c, bio_c = (
        cobra.Metabolite("glc_e", formula="C6H12O6", charge=0, compartment="e"),
        cobra.Metabolite("glc_c", formula="C6H12O6", charge=0, compartment="c"),
        cobra.Metabolite("bio_c", formula="C6H12O6", compartment="c"),
    )
    for name, terms, bounds, rule in (
        ("EX_glc_e", {glc_e: -1}, (-10, 1000), ""),
        ("GLCt", {glc_e: -1, glc_c: 1}, (-1000, 1000), "b2 or b1"),
        ("BIOMASS", {glc_c: -1, bio_c: 1}, (0, 1000), "(b3 and b1) or b4"),
        ("DM_bio_c", {bio_c: -1}, (0, 1000), ""),
    ):
        reaction = cobra.Reaction(name, lower_bound=bounds[0], upper_bound=bounds[1])
        reaction.add_metabolites({metabolite: float(value) for metabolite, value in terms.items()})
        model.add_reactions([reaction])
        reaction.gene_reaction_rule = rule
    model.objective = "BIOMASS"
    return model


def test_a_model_from_a_mapping_is_that_of_cobrapy():
    content = json.loads(cobra.io.to_json(cobra.io.load_model("textbook")))
    ours, theirs = model_from(content), cobra.io.from_json(json.dumps(content))
    assert cobra.io.to_json(ours) == cobra.io.to_json(theirs)
    assert ours.solver.to_lp() == theirs.solver.to_lp()
    for reaction in ours.reactions:
        assert [one.id for one in reaction.metabolites] == [
            one.id for one in theirs.reactions.get_by_id(reaction.id).metabolites
        ]
        assert all(one is ours.metabolites.get_by_id(one.id) for one in reaction.metabolites)
        assert all(
            reaction in one.reactions and one.model is ours
            for one in {**reaction.metabolites} | dict.fromkeys(reaction.genes)
        )


def test_garbage_is_looked_for_again_after_a_large_file():
    assert load_yaml("a: [1, 2]") == {"a": [1, 2]} and gc.isenabled()
    with pytest.raises(ModelError):
        load_yaml("a: [1, 2")
    assert gc.isenabled()
    gc.disable()
    try:
        load_yaml("a: 1")
        assert not gc.isenabled()
    finally:
        gc.enable()


def plain_model(**changes: dict) -> dict:
    """The small model as COBRApy JSON holds it, with some keys of some reactions changed."""
    content = json.loads(cobra.io.to_json(small_model()))
    for reaction in content["reactions"]:
        reaction.update(changes.get(reaction["id"], {}))
    return content


def stored(folder: Path, name: str, content: object) -> str:
    """Write a JSON file and give its path."""
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


SAVERS = {
    "xml": cobra.io.write_sbml_model,
    "sbml": cobra.io.write_sbml_model,
    "json": cobra.io.save_json_model,
    "yml": cobra.io.save_yaml_model,
    "yaml": cobra.io.save_yaml_model,
    "mat": cobra.io.save_matlab_model,
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ending", SAVERS)
def test_every_format_gives_the_same_model(tmp_path, ending, packed):
    path = tmp_path / f"small.{ending}"
    SAVERS[ending](small_model(), str(path))
    if packed:
        content = path.read_bytes()
        path = tmp_path / f"small.{ending}.gz"
        path.write_bytes(gzip.compress(content))
    model, origin = read_model(str(path), tmp_path / "cache")
    assert origin.source == path.name
    assert origin.format == {"xml": "sbml", "yml": "yaml"}.get(ending, ending)
    assert {r.id: (r.reaction.strip(), r.bounds, r.gene_reaction_rule) for r in model.reactions} == {
        r.id: (r.reaction.strip(), r.bounds, r.gene_reaction_rule) for r in small_model().reactions
    }
    # COBRApy writes no charges to MATLAB files at all once one is missing.
    assert [m.charge for m in model.metabolites] == ([None] * 3 if ending == "mat" else [0, 0, None])
    assert model.slim_optimize() == pytest.approx(10)


def test_bzip2_sbml_is_read(tmp_path):
    path = tmp_path / "small.xml.bz2"
    cobra.io.write_sbml_model(small_model(), str(path))
    assert len(read_model(str(path), tmp_path)[0].reactions) == 4


@pytest.mark.parametrize(("name", "reactions"), [("textbook", 95), ("mini", 18)])
def test_bundled_models_need_no_network(tmp_path, monkeypatch, name, reactions):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("the network was used"))
    model, origin = read_model(f"cobra:{name}", tmp_path)
    assert len(model.reactions) == reactions
    assert origin.source == f"cobra:{name}"
    assert len(origin.sha256) == 64


def test_unknown_bundled_model_lists_what_there_is(tmp_path):
    with pytest.raises(ModelError, match=r"cobra:textbok: .*iJO1366, mini.*did you mean textbook\?"):
        read_model("cobra:textbok", tmp_path)


def test_missing_file_offers_the_nearest_name(tmp_path):
    (tmp_path / "iML1515.json").write_text('{"metabolites": []}')
    with pytest.raises(ModelError, match=r"no such file; did you mean iML1515.json\?"):
        read_model(str(tmp_path / "iML1551.json"), tmp_path)


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(ModelError, match="nor is there a folder .*models"):
        read_model(str(tmp_path / "models" / "x.json"), tmp_path)


def test_unknown_extension_says_what_is_allowed(tmp_path):
    path = tmp_path / "model.xlsx"
    path.write_text("x")
    with pytest.raises(ModelError, match=r"unknown kind of file '.xlsx'; allowed: .*\.yaml \.mat"):
        read_model(str(path), tmp_path)


def test_unknown_scheme_offers_the_nearest(tmp_path):
    with pytest.raises(ModelError, match=r"no source 'bigs'.*did you mean bigg\?"):
        read_model("bigs:iJO1366", tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.json", b'{"reactions": [', "cannot be read as json: .*line 1 column"),
        ("a.json", b"[1, 2]", "holds no model"),
        ("a.json", b'{"reaction": [], "genes": []}', "holds no list of reactions; did you mean reaction"),
        ("a.yml", b"reactions: [1, 2\nmetabolites: {", "not whole YAML in line"),
        ("a.xml", b"<sbml><model>", "not whole XML: no element found: line 1"),
        ("a.xml", b"<html></html>", "holds no SBML: its first element is <html>"),
        ("a.mat", b"nonsense", "cannot be read as mat"),
        ("a.json.gz", b"not packed", "not a whole packed file"),
        ("a.json.gz", gzip.compress(b'{"a": 1}' * 9, mtime=0)[:-6], "not a whole packed file"),
    ],
)
def test_broken_files_give_one_clear_line(tmp_path, name, content, complaint):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ModelError, match=complaint) as raised:
        read_model(str(path), tmp_path)
    assert str(raised.value).startswith(f"{name}: ")
    assert "\n" not in str(raised.value)


def test_cut_sbml_is_not_read_in_part(tmp_path):
    whole = tmp_path / "whole.xml"
    cobra.io.write_sbml_model(small_model(), str(whole))
    path = tmp_path / "cut.xml"
    path.write_bytes(whole.read_bytes()[:-400])
    with pytest.raises(ModelError, match="not whole XML"):
        read_model(str(path), tmp_path)


def test_model_without_reactions_is_refused(tmp_path):
    path = stored(tmp_path, "empty.json", {"reactions": [], "metabolites": [], "genes": []})
    with pytest.raises(ModelError, match="has no reactions"):
        read_model(path, tmp_path)


def test_unknown_metabolite_in_a_reaction_is_named(tmp_path):
    path = stored(tmp_path, "a.json", plain_model(GLCt={"metabolites": {"glc_e": -1, "glcc": 1}}))
    with pytest.raises(ModelError, match=r"reaction GLCt: no metabolite 'glcc' in the model; did you mean glc_c"):
        read_model(path, tmp_path)


def test_every_crossed_or_missing_bound_is_named(tmp_path):
    content = plain_model(
        GLCt={"lower_bound": 5, "upper_bound": 3}, BIOMASS={"upper_bound": float("nan")}, DM_bio_c={"lower_bound": 0}
    )
    with pytest.raises(ModelError) as raised:
        read_model(stored(tmp_path, "a.json", content), tmp_path)
    assert str(raised.value).splitlines() == [
        "a.json: reaction GLCt: lower bound 5 is above upper bound 3",
        "a.json: reaction BIOMASS: bounds [0, nan] are not numbers",
    ]


def crossed(folder: Path, kind: str, gap: float) -> str:
    """A file in which the bounds of BIOMASS cross by `gap`."""
    if kind == "json":
        return stored(folder, "a.json", plain_model(BIOMASS={"lower_bound": 7.5 + gap, "upper_bound": 7.5}))
    model = small_model()
    biomass = model.reactions.BIOMASS
    biomass.bounds = (7.5, 7.5)
    path = folder / f"a.{kind}"
    if kind == "mat":
        biomass._lower_bound = 7.5 + gap
        cobra.io.save_matlab_model(model, str(path))
        return str(path)
    biomass.bounds = (7.4375, 7.5)
    cobra.io.write_sbml_model(model, str(path))
    text = path.read_text()
    assert 'value="7.4375"' in text
    path.write_text(text.replace('value="7.4375"', f'value="{7.5 + gap!r}"'))
    return str(path)


@pytest.mark.parametrize("kind", ["json", "xml", "mat"])
def test_bounds_that_cross_by_a_rounding_error_are_mended(tmp_path, kind):
    model, origin = read_model(crossed(tmp_path, kind, 1e-11), tmp_path)
    assert model.reactions.BIOMASS.lower_bound == model.reactions.BIOMASS.upper_bound == pytest.approx(7.5)
    assert [(f.item, f.check, f.severity) for f in origin.findings if f.check == "bounds"] == [
        ("BIOMASS", "bounds", "change")
    ]


@pytest.mark.parametrize("kind", ["json", "xml", "mat"])
def test_bounds_that_cross_are_an_error_in_every_format(tmp_path, kind):
    with pytest.raises(ModelError, match="reaction BIOMASS: lower bound 8 is above upper bound 7.5"):
        read_model(crossed(tmp_path, kind, 0.5), tmp_path)


@pytest.mark.parametrize("kind", ["json", "mat"])
def test_rules_that_cobra_would_drop_are_recorded(tmp_path, kind):
    rules = {"GLCt": "b1 && (b2 Or b3)", "BIOMASS": "(b1 and b2"}
    path = tmp_path / f"a.{kind}"
    if kind == "json":
        stored(tmp_path, "a.json", plain_model(**{name: {"gene_reaction_rule": rule} for name, rule in rules.items()}))
    else:
        from scipy.io import loadmat, savemat

        cobra.io.save_matlab_model(small_model(), str(path))
        struct = loadmat(str(path))["small"]
        for cell, name in zip(struct["grRules"][0, 0], struct["rxns"][0, 0], strict=True):
            if name[0][0] in rules:
                cell[0] = rules[name[0][0]]
        savemat(str(path), {"small": struct})
    model, origin = read_model(str(path), tmp_path)
    found = [(f.item, f.severity, f.before, f.after) for f in origin.findings if f.check == "gene rule"]
    assert found == [
        ("GLCt", "change", "b1 && (b2 Or b3)", "b1 and (b2 or b3)"),
        ("BIOMASS", "warning", "(b1 and b2", ""),
        ("BIOMASS", "change", "(b1 and b2", ""),
    ]
    assert model.reactions.GLCt.gene_reaction_rule == "b1 and (b2 or b3)"
    assert model.reactions.BIOMASS.gene_reaction_rule == ""


OLD_SBML = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4"><model id="old">
<listOfCompartments><compartment id="c"/></listOfCompartments>
<listOfSpecies><species id="M_a_c" compartment="c"/></listOfSpecies>
<listOfReactions><reaction id="R_EX_a">
<notes><body xmlns="http://www.w3.org/1999/xhtml"><p>GENE_ASSOCIATION: (b1 And b2)</p></body></notes>
<listOfReactants><speciesReference species="M_a_c"/></listOfReactants></reaction></listOfReactions>
</model></sbml>"""


def test_sbml_warnings_become_findings_and_stay_off_the_terminal(tmp_path, capfd):
    path = tmp_path / "old.xml"
    path.write_text(OLD_SBML)
    model, origin = read_model(str(path), tmp_path)
    assert capfd.readouterr() == ("", "")
    said = {f.why: f.before for f in origin.findings if f.check == "format"}
    assert any("no SBML fbc" in why or "fbc package" in why for why in said)
    assert [before for why, before in said.items() if "Missing lower flux bound" in why] == ["EX_a"]
    assert model.reactions.EX_a.gene_reaction_rule == "b1 and b2"
    assert [(f.before, f.after) for f in origin.findings if f.check == "gene rule"] == [("(b1 And b2)", "(b1 and b2)")]


def test_sbml_reader_names_a_bound_that_is_no_number():
    with pytest.raises(ModelError, match="reaction BIOMASS: bounds .*nan.* are not numbers"):
        path_text = sbml_text().replace('value="7.4375"', 'value="NaN"')
        read_sbml_model(path_text.encode())


def sbml_text() -> str:
    """The small model as SBML, with a bound that a test can find and replace."""
    import tempfile

    model = small_model()
    model.reactions.BIOMASS.bounds = (7.4375, 7.5)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xml"
        cobra.io.write_sbml_model(model, str(path))
        return path.read_text()


class Bigg(BaseHTTPRequestHandler):
    """Serves one model as BiGG does, and counts how often it is asked."""

    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        if self.path != "/models/small.json.gz" and self.path != "/models/page.json.gz":
            self.send_error(404)
            return
        content = gzip.compress(json.dumps(plain_model()).encode()) if "small" in self.path else b"<html>log in</html>"
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing on the terminal."""


@pytest.fixture
def bigg(monkeypatch):
    """A local stand-in for BiGG; the value lists what was asked of it."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = HTTPServer(("127.0.0.1", 0), Bigg)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("KNOCKFLOW_BIGG", f"http://127.0.0.1:{server.server_port}/models")
    Bigg.asked.clear()
    yield Bigg.asked
    server.shutdown()
    server.server_close()


def test_bigg_model_is_downloaded_once(tmp_path, bigg):
    first, origin = read_model("bigg:small", tmp_path)
    second, again = read_model("bigg:small", tmp_path)
    assert bigg == ["/models/small.json.gz"]
    assert (tmp_path / "small.json.gz.sha256").read_text() == f"{origin.sha256}  small.json.gz\n"
    assert origin == again
    assert len(first.reactions) == len(second.reactions) == 4


def test_changed_cache_is_refused(tmp_path, bigg):
    read_model("bigg:small", tmp_path)
    (tmp_path / "small.json.gz").write_bytes(gzip.compress(json.dumps(plain_model(BIOMASS={"name": "x"})).encode()))
    with pytest.raises(ModelError, match="checksum differs from small.json.gz.sha256.*delete both"):
        read_model("bigg:small", tmp_path)


def test_unknown_bigg_model_leaves_nothing_in_the_cache(tmp_path, bigg):
    with pytest.raises(ModelError, match="bigg:nowhere: BiGG has no such model"):
        read_model("bigg:nowhere", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_answer_that_is_no_model_is_not_cached(tmp_path, bigg):
    with pytest.raises(ModelError, match="no packed JSON model; without a connection, put the file by hand at"):
        read_model("bigg:page", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_offline_says_where_to_put_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("KNOCKFLOW_BIGG", "http://127.0.0.1:9/models")
    with pytest.raises(ModelError, match="put the file by hand at .*small.json.gz"):
        read_model("bigg:small", tmp_path)
    (tmp_path / "small.json.gz").write_bytes(gzip.compress(json.dumps(plain_model()).encode()))
    assert read_model("bigg:small", tmp_path)[1].source == "bigg:small"


def test_bigg_id_cannot_leave_the_cache_folder(tmp_path):
    with pytest.raises(ModelError, match="a BiGG id has letters"):
        read_model("bigg:../secret", tmp_path)


WRITE = """
import sys
from pathlib import Path
from knockflow.model.read import read_model, write_model
write_model(sys.argv[2], read_model(sys.argv[1], Path("."))[0])
"""


@pytest.mark.full
@pytest.mark.parametrize("ending", ["json", "mat"])
def test_written_model_has_the_same_bytes_whatever_the_hash_seed(tmp_path, ending):
    path = tmp_path / f"small.{ending}"
    if ending == "json":
        stored(tmp_path, path.name, plain_model() | {"genes": []})
    else:
        cobra.io.save_matlab_model(small_model(), str(path))
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(SCRIPTS)}
        command = [sys.executable, "-c", WRITE, str(path), str(tmp_path / f"out{seed}")]
        subprocess.run(command, env=environment, check=True, timeout=100)
    assert (tmp_path / "out1").read_bytes() == (tmp_path / "out2").read_bytes()


def test_written_model_reads_back_unchanged(tmp_path):
    write_model(tmp_path / "a.json", small_model())
    model, _ = read_model(str(tmp_path / "a.json"), tmp_path)
    write_model(tmp_path / "b.json", model)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert [gene["id"] for gene in json.loads((tmp_path / "a.json").read_text())["genes"]] == ["b1", "b2", "b3", "b4"]
