"""What a case adds to a model: heterologous reactions, and knock-ins, which are closed until a design adds them."""

import json
from pathlib import Path

import cobra
import pytest

from knockflow.base.errors import ConfigError, FileError
from knockflow.base.files import write_table
from knockflow.model.curation import curate
from knockflow.model.curation.heterologous import COLUMNS, RowError, add_heterologous, read_equation
from knockflow.model.network import read_network
from knockflow.model.read import read_model, write_model

ROOT = Path(__file__).parents[2]
FORMULAS = {"glc": "C6H12O6", "pyr": "C3H6O3", "bio": "C6H12O6"}
TOY = [
    ("EX_glc_e", "glc_e <=>", -10, 1000, ""),
    ("GLCt", "glc_e <=> glc_c", -1000, 1000, "g1 or g2"),
    ("SPLIT", "glc_c --> 2 pyr_c", 0, 1000, "g3"),
    ("PYRt", "pyr_c <=> pyr_e", -1000, 1000, "g3 and g4"),
    ("EX_pyr_e", "pyr_e <=>", 0, 1000, ""),
    ("ATPM", "glc_c --> 2 pyr_c", 1, 1000, ""),
    ("BIOMASS", "glc_c --> bio_c", 0, 1000, ""),
    ("DM_bio_c", "bio_c -->", 0, 1000, ""),
]


def toy(*more: tuple) -> cobra.Model:
    """Glucose goes to biomass or to two pyruvate, which is secreted."""
    model = cobra.Model("toy")
    for name, equation, lower, upper, rule in [*TOY, *more]:
        reaction = cobra.Reaction(name)
        model.add_reactions([reaction])
        reaction.build_reaction_from_string(equation, verbose=False)
        reaction.bounds = (lower, upper)
        reaction.gene_reaction_rule = rule
    for metabolite in model.metabolites:
        metabolite.compartment = metabolite.id[-1]
        metabolite.formula = FORMULAS.get(metabolite.id[:-2])
        metabolite.charge = 0
    model.objective = "BIOMASS"
    return model


def case(**keys: object) -> dict:
    return {"name": "pyr", "product": "EX_pyr_e", "medium": {}, "min_growth": 0.05} | keys


def targets(**keys: object) -> dict:
    return case(targets=keys)


def table(path: Path, *rows: dict, more: tuple[str, ...] = ()) -> str:
    """Write heterologous reactions; what a row leaves out is a reaction that makes x from pyruvate."""
    usual = {"reaction": "X", "name": "", "equation": "pyr_c -> x_c", "rule": ""}
    usual |= {"lower_mmol_per_gdw_h": "0", "upper_mmol_per_gdw_h": "1000"}
    write_table(path / "more.tsv", (*COLUMNS, *more), [usual | row for row in rows])
    return str(path / "more.tsv")


def wishes(path: Path, *rows: tuple[str, str, str, str]) -> str:
    """Write a table of interventions."""
    columns = ("intervention", "cost", "use", "group")
    write_table(path / "wishes.tsv", columns, [dict(zip(columns, row, strict=True)) for row in rows])
    return str(path / "wishes.tsv")


def of(findings, check: str) -> dict[str, tuple[str, str, str]]:
    return {f.item: (f.severity, f.before, f.after) for f in findings if f.check == check}


def why(findings, check: str, item: str) -> str:
    return "\n".join(f.why for f in findings if f.check == check and f.item == item)


def complaints(model: cobra.Model, asked: dict) -> list[str]:
    with pytest.raises(ConfigError) as refusal:
        curate(model, asked)
    return [line.removeprefix("cases.pyr.") for line in str(refusal.value).splitlines()]


# Heterologous reactions


@pytest.mark.parametrize(
    ("text", "coefficients", "way"),
    [
        ("1 h_c + 1 nadph_c -> 1 coa_c", {"h_c": -1, "nadph_c": -1, "coa_c": 1}, "forwards"),
        ("2 a_c <=> b_c + 0.5 4hb_c", {"a_c": -2, "b_c": 1, "4hb_c": 0.5}, "both ways"),
        ("a_c <-- 3 b_c", {"a_c": -1, "b_c": 3}, "backwards"),
        ("14bdo_e ->", {"14bdo_e": -1}, "forwards"),
        ("--> x_e", {"x_e": 1}, "forwards"),
        ("h_c + a_c -> h_c + b_c", {"a_c": -1, "b_c": 1}, "forwards"),
        ("a_c + a_c -> b_c", {"a_c": -2, "b_c": 1}, "forwards"),
    ],
)
def test_equations_are_read(text, coefficients, way):
    assert read_equation(text) == (coefficients, way)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a_c b_c", "one arrow between spaces"),
        ("a_c->b_c", "one arrow between spaces"),
        ("a_c -> b_c -> c_c", "one arrow between spaces"),
        ("a_c = b_c", "one arrow"),
        ("a_c + -> b_c", "no metabolite"),
        ("a_c c_c -> b_c", "`a_c c_c` is no metabolite"),
        ("2 -> b_c", "`2` is no metabolite"),
        ("-2 a_c -> b_c", "no metabolite"),
        ("a_c -> a_c", "nothing is made"),
        ("->", "nothing is made"),
    ],
)
def test_equations_that_cannot_be_read_say_why(text, says):
    with pytest.raises(RowError, match=says):
        read_equation(text)


def test_a_table_is_added_with_its_metabolites_and_genes(tmp_path):
    rows = [
        {"equation": "pyr_c <=> 2 x_c", "lower_mmol_per_gdw_h": "-5", "rule": "h1 AND h2", "subsystem": "New"},
        {"reaction": "Xt", "equation": "x_c -> x_p", "source": "A paper, doi:10.1/1"},
        {"reaction": "EX_x_p", "equation": "x_p ->"},
    ]
    rows[0] |= {"formulas": "x_c = C3H6O3", "charges": "x_c=-1"}
    model = toy()
    path = table(tmp_path, *rows, more=("subsystem", "formulas", "charges", "source"))
    findings = curate(model, case(product="EX_x_p", heterologous={"file": path}))
    assert of(findings, "heterologous") == {
        "model": ("info", "more.tsv", ""),
        "x_c": ("change", "", "formula C3H6O3 charge -1"),
        "X": ("change", "", "pyr_c <=> 2.0 x_c [-5, 1000]"),
        "x_p": ("change", "", "formula unknown charge unknown"),
        "Xt": ("change", "", "x_c --> x_p [0, 1000]"),
        "EX_x_p": ("change", "", "x_p --> [0, 1000]"),
    }
    assert why(findings, "heterologous", "Xt").endswith("(A paper, doi:10.1/1)")
    assert model.reactions.X.gene_reaction_rule == "h1 and h2"
    assert model.reactions.X.subsystem == "New"
    assert (model.metabolites.x_c.compartment, model.metabolites.x_p.compartment) == ("c", "p")
    assert of(findings, "product")["EX_x_p"] == ("info", "40.000000", "")
    assert of(findings, "balance")["X"] == ("warning", "C +3, H +6, O +3, charge -2", "")


def test_only_the_reactions_asked_for_are_added(tmp_path):
    path = table(tmp_path, {}, {"reaction": "Y", "equation": "x_c -> y_c"}, {"reaction": "Z", "equation": "y_c ->"})
    model = toy()
    curate(model, case(heterologous={"file": path, "reactions": ["X", "Z"]}))
    assert "X" in model.reactions and "Z" in model.reactions and "Y" not in model.reactions
    said = complaints(toy(), case(heterologous={"file": path, "reactions": ["X", "YY"]}))
    assert said == ["heterologous: more.tsv: reactions: no reaction 'YY' there; did you mean Y?"]


def test_a_reaction_that_is_there_already_is_left(tmp_path):
    path = table(tmp_path, {"reaction": "SPLIT", "equation": "glc_c -> 2 pyr_c", "upper_mmol_per_gdw_h": "5"})
    model = toy()
    findings = curate(model, case(heterologous={"file": path}))
    assert of(findings, "heterologous")["SPLIT"] == ("info", "[0, 1000]", "")
    assert "more.tsv has bounds [0, 5]" in why(findings, "heterologous", "SPLIT")
    assert model.reactions.SPLIT.gene_reaction_rule == "g3"


def test_another_reaction_of_the_same_id_is_an_error(tmp_path):
    path = table(tmp_path, {"reaction": "SPLIT", "equation": "glc_c -> 3 pyr_c"})
    (said,) = complaints(toy(), case(heterologous={"file": path}))
    assert "SPLIT: the model has another reaction of that id, glc_c --> 2.0 pyr_c, where this is glc_c --> 3.0" in said


def test_formulas_that_the_model_lacks_are_taken(tmp_path):
    model = toy()
    model.metabolites.pyr_c.formula, model.metabolites.pyr_c.charge = None, float("nan")
    path = table(tmp_path, {"formulas": "pyr_c=C3H6O3", "charges": "pyr_c=0"}, more=("formulas", "charges"))
    findings = [f for f in curate(model, case(heterologous={"file": path})) if f.item == "pyr_c"]
    assert [(f.check, f.severity, f.after) for f in findings] == [
        ("heterologous", "change", "C3H6O3"),
        ("heterologous", "change", "0"),
    ]


def test_everything_wrong_in_a_table_is_told_at_once(tmp_path):
    rows = [
        {"reaction": "A;B"},
        {"reaction": "A", "equation": "pyr_c - x_c"},
        {"reaction": "B", "equation": "pyr -> x_c"},
        {"reaction": "C", "lower_mmol_per_gdw_h": "-1"},
        {"reaction": "D", "equation": "pyr_c <-- x_c"},
        {"reaction": "E", "lower_mmol_per_gdw_h": "few"},
        {"reaction": "F", "upper_mmol_per_gdw_h": "-1"},
        {"reaction": "G", "rule": "b1 b2"},
        {"reaction": "H", "formulas": "y_c=C"},
        {"reaction": "I", "formulas": "pyr_c=C2"},
        {"reaction": "J", "formulas": "x_c=3"},
        {"reaction": "K", "charges": "x_c=-"},
        {"reaction": "L"},
        {"reaction": "L"},
    ]
    said = complaints(toy(), case(heterologous={"file": table(tmp_path, *rows, more=("formulas", "charges"))}))
    expected = {
        "line 2: A;B: the id of a reaction is a word": "",
        "line 3: A: equation `pyr_c - x_c`: one arrow": "",
        "line 4: B: no metabolite 'pyr' in the model": "did you mean pyr_",
        "line 5: C: the equation runs forwards only, its bounds [-1, 1000] do not": "write `<=>`",
        "line 6: D: the equation runs backwards only": "",
        "line 7: E: lower_mmol_per_gdw_h: `few` is no number": "",
        "line 8: F: lower bound 0 is above upper bound -1": "",
        "line 9: G: its rule `b1 b2` cannot be read: after 'b1' comes 'b2'": "",
        "line 10: H: formulas: `y_c=C`: no metabolite of this equation": "",
        "line 11: I: formulas: pyr_c is C3H6O3 in the model, C2 here": "",
        "line 12: J: formulas: `x_c=3` has no formula": "",
        "line 13: K: charges: `x_c=-` has no whole number": "",
        "line 15: L: this reaction has a row already": "",
    }
    assert len(said) == len(expected)
    for line, (start, part) in zip(said, expected.items(), strict=True):
        assert line.startswith(f"heterologous: more.tsv: {start}"), line
        assert part in line


def test_a_second_model_gives_reactions_with_their_metabolites(tmp_path):
    second = toy(("X", "pyr_c --> x_q", 0, 50, "h1"), ("Y", "x_q -->", 0, 1000, ""))
    second.metabolites.x_q.formula, second.metabolites.x_q.charge = "C3H6O3", -2
    second.genes.h1.name = "hexA"
    second.reactions.SPLIT.add_metabolites({"pyr_c": 1})
    write_model(tmp_path / "second.json", second)
    model = toy()
    path = str(tmp_path / "second.json")
    findings = curate(model, case(heterologous={"file": path, "reactions": ["X", "Y", "GLCt"]}))
    assert of(findings, "heterologous")["X"] == ("change", "", "pyr_c --> x_q [0, 50]")
    assert of(findings, "heterologous")["GLCt"][0] == "info"
    assert (model.metabolites.x_q.formula, model.metabolites.x_q.charge) == ("C3H6O3", -2)
    assert (model.metabolites.x_q.compartment, model.genes.h1.name) == ("q", "hexA")
    assert model.reactions.SPLIT.metabolites[model.metabolites.pyr_c] == 2
    assert any("SPLIT: the model has another" in line for line in complaints(toy(), case(heterologous={"file": path})))


@pytest.mark.parametrize(
    ("file", "says"),
    [("none.tsv", "none.tsv: cannot be read"), ("none.json", "no such file"), ("more.csv", "or a table, .tsv")],
)
def test_a_file_that_cannot_be_read_is_named_with_its_key(tmp_path, file, says):
    (tmp_path / "more.csv").write_text("reaction\n")
    (said,) = complaints(toy(), case(heterologous={"file": str(tmp_path / file)}))
    assert said.startswith("heterologous: ") and says in said


def test_a_table_without_its_columns_or_rows_is_refused(tmp_path):
    (tmp_path / "a.tsv").write_text("reaction\tequation\n")
    with pytest.raises(ConfigError, match="no column name, lower_mmol_per_gdw_h"):
        add_heterologous(toy(), case(heterologous={"file": str(tmp_path / "a.tsv")}), tmp_path)
    with pytest.raises(ConfigError, match="has no reactions"):
        add_heterologous(toy(), case(heterologous={"file": table(tmp_path)}), tmp_path)


@pytest.mark.parametrize("oxygen", [True, False])
def test_the_worked_table_makes_butanediol(oxygen):
    model, _ = read_model("cobra:textbook", Path())
    medium = {} if oxygen else {"EX_o2_e": 0}
    asked = {"name": "bdo", "product": "EX_14bdo_e", "medium": medium}
    findings = curate(model, asked | {"heterologous": {"file": str(ROOT / "config/bdo.tsv")}})
    assert of(findings, "product")["EX_14bdo_e"] == ("info", "10.252923" if oxygen else "8.572055", "")
    assert {f.severity for f in findings if f.check in ("balance", "formula", "charge")} == {"info"}
    assert [f for f in findings if f.item == "model" and f.check in ("formula", "charge")] == []


def test_a_second_model_that_was_curated_gives_reactions_as_once_added(tmp_path):
    second = toy(("X", "pyr_c --> x_c", 0, 50, ""), ("Y", "x_c -->", 0, 1000, ""))
    curate(second, targets(interventions={"+X": 1}))
    write_model(tmp_path / "second.json", second)
    model = toy()
    curate(model, case(heterologous={"file": str(tmp_path / "second.json"), "reactions": ["X", "Y"]}))
    assert model.reactions.X.bounds == (0, 50)
    assert "knock_in" not in model.reactions.X.notes


# Knock-ins


def curated(asked: dict, folder: Path, model: cobra.Model | None = None):
    """A curated toy as the next stages read it, with the findings."""
    model = model or toy()
    findings = curate(model, asked)
    write_model(folder / "model.json", model)
    return read_network(folder / "model.json"), findings


def bounds(network, name: str) -> tuple[float, float]:
    place = network.index()[name]
    return network.lower[place], network.upper[place]


def test_without_knock_ins_nothing_is_noted(tmp_path):
    network, findings = curated(targets(interventions={"-SPLIT": 1, "PYRt<=5": 1}), tmp_path)
    assert (dict(network.added), network.absent_genes, dict(network.pathways)) == ({}, frozenset(), {})
    assert of(findings, "knock-in") == {}
    assert why(findings, "growth", "BIOMASS") == "largest growth in this medium (1/h)"


def test_a_knock_in_is_closed_with_its_bounds_in_a_note(tmp_path):
    path = table(tmp_path, {"upper_mmol_per_gdw_h": "0.1"}, {"reaction": "EX_x_c", "equation": "x_c ->"})
    asked = targets(interventions={"+X": 1, "+EX_x_c": 2}) | {"product": "EX_x_c", "heterologous": {"file": path}}
    network, findings = curated(asked, tmp_path)
    assert network.added == {"X": (0.0, 0.1), "EX_x_c": (0.0, 1000.0)}
    assert bounds(network, "X") == bounds(network, "EX_x_c") == (0, 0)
    assert of(findings, "knock-in")["X"] == ("change", "[0, 0.1]", "[0, 0]")
    assert why(findings, "knock-in", "X") == "absent until a design adds +X"
    # The product is judged with everything added; nothing of it is blocked.
    assert of(findings, "product") == {"EX_x_c": ("info", "0.100000", "")}
    assert "with everything added" in why(findings, "product", "EX_x_c")
    assert of(findings, "blocked") == of(findings, "dead end") == {}
    assert "largest growth of the wild type" in why(findings, "growth", "BIOMASS")


def test_a_reaction_of_the_model_itself_may_be_a_knock_in(tmp_path):
    network, findings = curated(targets(interventions={"+PYRt": 1}), tmp_path)
    assert network.added == {"PYRt": (-1000.0, 1000.0)}
    assert why(findings, "knock-in", "PYRt") == "a reaction of the model itself, absent until a design adds +PYRt"
    # Without PYRt the maintenance flux has no way out.
    assert of(findings, "product")["EX_pyr_e"][0] == "info"
    assert of(findings, "growth") == {"BIOMASS": ("info", "9.000000", ""), "model": ("warning", "infeasible", "")}


def test_a_pathway_is_closed_as_a_whole(tmp_path):
    rows = [{}, {"reaction": "EX_x_c", "equation": "x_c ->"}, {"reaction": "Z", "equation": "pyr_c -> z_c"}]
    asked = targets(interventions={"+way": 2, "+X": 1}, pathways={"way": ["X", "EX_x_c"], "unused": ["Z"]}) | {
        "heterologous": {"file": table(tmp_path, *rows)}
    }
    network, findings = curated(asked, tmp_path)
    assert network.pathways == {"way": ("X", "EX_x_c")}
    assert set(network.added) == {"X", "EX_x_c"}
    assert why(findings, "knock-in", "X") == "absent until a design adds +way or +X"
    assert of(findings, "pathway") == {"unused": ("warning", "", "")}
    assert bounds(network, "Z") == (0, 1000)


def test_an_absent_gene_closes_what_cannot_do_without(tmp_path):
    path = table(tmp_path, {"rule": "(h1 and g3) or (h1 and h2)"}, {"reaction": "EX_x_c", "equation": "x_c ->"})
    asked = targets(level="genes", interventions={"+h2": 1, "+h1": 1, "+g1": 1}) | {"heterologous": {"file": path}}
    network, findings = curated(asked, tmp_path)
    assert network.absent_genes == {"g1", "h1", "h2"}
    assert network.added == {"X": (0.0, 1000.0)}
    assert bounds(network, "GLCt") == (-1000, 1000)
    assert why(findings, "knock-in", "X") == "closed: its rule is false without h1, h2"
    assert of(findings, "knock-in")["h1"] == ("change", "", "absent")
    assert why(findings, "knock-in", "h1") == "absent until a design adds +h1: for 1 reaction (X)"
    assert why(findings, "knock-in", "g1") == "absent until a design adds +g1: no reaction is closed by its absence"
    assert json.loads((tmp_path / "model.json").read_text())["notes"]["absent_genes"] == "g1;h1;h2"


def test_a_reaction_may_wait_for_itself_and_for_a_gene(tmp_path):
    asked = targets(level="genes", interventions={"+X": 1, "+h1": 1})
    asked |= {"heterologous": {"file": table(tmp_path, {"rule": "h1"}, {"reaction": "Y", "equation": "x_c ->"})}}
    network, findings = curated(asked, tmp_path)
    assert network.added == {"X": (0.0, 1000.0)}
    assert why(findings, "knock-in", "X") == "absent until a design adds +X; its rule is false without h1"


def test_knock_ins_of_the_table_count_and_excluded_ones_are_never_there(tmp_path):
    path = table(tmp_path, {}, {"reaction": "Y", "equation": "x_c ->"}, {"reaction": "Z", "equation": "x_c -> 2 z_c"})
    rows = [
        ("+X", "", "", ""),
        ("+Y", "2", "excluded", ""),
        ("+way", "1", "excluded", ""),
        ("SPLIT", "3", "forced", ""),
    ]
    asked = targets(table=wishes(tmp_path, *rows), pathways={"way": ["X", "Z"]})
    network, findings = curated(asked | {"heterologous": {"file": path}}, tmp_path)
    assert dict(network.added) == {"X": (0.0, 1000.0)}
    assert bounds(network, "X") == bounds(network, "Y") == bounds(network, "Z") == (0, 0)
    assert dict(network.pathways) == {}
    assert "absent from every design" in why(findings, "knock-in", "Z")
    assert of(findings, "pathway") == {}
    only = targets(table=wishes(tmp_path, ("+PYRt", "1", "excluded", "")))
    assert of(curate(toy(), only), "growth") == {"model": ("warning", "infeasible", "")}


def test_looser_bounds_count_for_what_can_be_made():
    model = toy()
    model.reactions.EX_glc_e.lower_bound = 0
    model.reactions.ATPM.lower_bound = 0
    findings = curate(model, targets(interventions={"EX_glc_e>=-4": 1, "PYRt<=2000": 1, "SPLIT<=50%": 1}))
    assert of(findings, "product")["EX_pyr_e"] == ("info", "8.000000", "")
    assert [f.before for f in findings if f.check == "growth"] == ["4.000000", "0.000000"]
    assert model.reactions.EX_glc_e.bounds == (0, 1000)


def test_a_knock_in_without_bounds_is_a_warning():
    model = toy(("OFF", "glc_c --> pyr_c", 0, 0, ""))
    findings = curate(model, targets(interventions={"+OFF": 1}))
    assert of(findings, "knock-in")["OFF"][0] == "warning"
    assert "adding it changes nothing" in why(findings, "knock-in", "OFF")


def test_a_curated_model_can_be_curated_again(tmp_path):
    model = toy()
    first, _ = curated(targets(level="genes", interventions={"+PYRt": 1, "+g3": 1}), tmp_path, model)
    assert set(first.added) == {"PYRt", "SPLIT"}
    second, findings = curated(targets(), tmp_path, model)
    assert (dict(second.added), second.absent_genes) == ({}, frozenset())
    assert of(findings, "knock-in") == {
        "SPLIT": ("change", "[0, 0]", "[0, 1000]"),
        "PYRt": ("change", "[0, 0]", "[-1000, 1000]"),
    }
    assert bounds(second, "PYRt") == (-1000, 1000)


# Names


def test_every_unfit_intervention_is_told_at_once(tmp_path):
    asked = targets(
        include=["SPLIT"],
        interventions={
            "+GLCtt": 1,
            "-SPLITT": 1,
            "PYRtt>=1": 1,
            "g1<=1": 1,
            "BIOMASS<=1": 1,
            "+ATPM": 1,
            "+SPLIT": 1,
            "-PYRt": 1,
            "+wy": 1,
            "+way": 1,
        },
        pathways={"GLCt": ["SPLIT"], "g1": ["SPLIT"], "way": ["PYRt", "Q", "BIOMASS", "ATPM"]},
        table=wishes(
            tmp_path,
            ("+SPLIT", "1", "", ""),
            ("EX_glc_e>=-5", "free", "", ""),
            ("EX_pyr_e<=5", "1", "forbidden", ""),
            ("PFK>5", "1", "", ""),
            ("EX_pyr_e<=7", "1", "excluded", ""),
        ),
        forced=["+GLCt", "EX_pyr_e<=7"],
        exclusive=[["EX_pyr_e<=5", "GLCtt"]],
        costs={"g1": 1},
    )
    expected = {
        "costs: 'g1' is a gene; genes are targets at `level: genes`": "",
        "interventions: `+GLCtt`: no reaction 'GLCtt' in the model": "did you mean GLCt",
        "interventions: `-SPLITT`: no reaction 'SPLITT'": "did you mean SPLIT",
        "interventions: `PYRtt>=1`: no reaction 'PYRtt'": "did you mean PYRt",
        "interventions: `g1<=1`: 'g1' is a gene; genes are targets at": "",
        "interventions: `BIOMASS<=1`: BIOMASS is the biomass reaction": "",
        "interventions: `+ATPM`: ATPM cannot be absent: 0 lies outside its bounds [1, 1000]": "",
        "interventions: `+wy`: no reaction 'wy' in the model": "did you mean way",
        "pathways: GLCt: the model has a reaction of that id": "",
        "pathways: g1: the model has a gene of that id": "",
        "pathways: way: no reaction 'Q'": "",
        "pathways: way: BIOMASS is the biomass reaction": "",
        "pathways: way: ATPM cannot be absent": "",
        "table: line 2: `+SPLIT` is named already": "",
        "table: line 3: cost `free` is not allowed": "",
        "table: line 4: use `forbidden` is not allowed": "candidate, forced, excluded",
        "table: line 5: `PFK>5` is no intervention": "",
        "forced: `+GLCt` is named neither": "",
        "forced: `EX_pyr_e<=7` is excluded by the table": "",
        "exclusive: `GLCtt`: no reaction 'GLCtt'": "",
        "include: SPLIT is absent until `+SPLIT` adds it": "",
        "interventions: PYRt is absent until `+way` adds it": "",
    }
    said = complaints(toy(), asked)
    assert len(said) == len(expected), "\n".join(said)
    for line, (start, part) in zip(said, expected.items(), strict=True):
        assert line.startswith(f"targets.{start}"), line
        assert part in line


def test_genes_at_their_level():
    asked = targets(
        level="genes",
        include=["g3", "EX_pyr_e", "g33"],
        interventions={"g1>=1": 1, "g1<=1": 1, "g2<=50%": 1, "g4<=-1": 1, "-g3|g4": 1, "-EX_pyr_e": 1, "+g3": 1},
        forced=["g4"],
    )
    assert complaints(toy(), asked) == [
        "targets.include: no gene or reaction 'g33' in the model; did you mean g3?",
        "targets.interventions: `g1>=1`: more of a gene's enzyme allows more flux but forces none; use `>=` on a "
        "reaction",
        "targets.interventions: `g2<=50%`: a gene has no flux range; give the largest flux of its enzyme in mmol/gDW/h",
        "targets.interventions: `g4<=-1`: the largest flux of a gene's enzyme is 0 or more",
        "targets.include: g3 is absent until `+g3` adds it, so it cannot be knocked out, too",
        "targets.interventions: g3 is absent until `+g3` adds it, so it cannot be knocked out, too",
    ]


def test_an_absent_gene_may_not_close_what_must_run():
    model = toy()
    model.reactions.ATPM.gene_reaction_rule = "m1"
    model.reactions.BIOMASS.gene_reaction_rule = "m1"
    assert complaints(model, targets(level="genes", interventions={"+m1": 1})) == [
        "targets.interventions: ATPM cannot be absent: 0 lies outside its bounds [1, 1000]",
        "targets.interventions: BIOMASS is the biomass reaction: the wild type must have it",
    ]


def test_a_missing_table_of_interventions_is_named_with_its_key(tmp_path):
    (said,) = complaints(toy(), targets(table=str(tmp_path / "none.tsv")))
    assert said.startswith("targets.table: ") and "cannot be read" in said


@pytest.mark.parametrize(
    ("where", "notes"),
    [
        ("model", {"pathways": "[1]"}),
        ("model", {"pathways": "{"}),
        ("X", {"knock_in": "0"}),
        ("X", {"knock_in": "a b"}),
    ],
)
def test_notes_that_curate_does_not_write_are_refused(tmp_path, where, notes):
    model = toy(("X", "pyr_c -->", 0, 1, ""))
    (model if where == "model" else model.reactions.X).notes = notes
    write_model(tmp_path / "model.json", model)
    with pytest.raises(FileError, match="not as `curate` writes them|has not two bounds"):
        read_network(tmp_path / "model.json")
