"""The report: self-contained, well-formed, honest about what is not proven, and equal to the tables."""

import ast
import re
import sys
import xml.etree.ElementTree as ElementTree
from html import unescape
from pathlib import Path
from subprocess import run

import pytest
import yaml
from report_pages import (
    FORMULATIONS,
    HOSTILE,
    PROMISING,
    STOPPED,
    SURE,
    TEMPLATE,
    VOID,
    Outline,
    design_row,
    gathered,
    page_of,
    rendered,
    svgs,
)
from workspace import ROOT

from knockflow import __version__
from knockflow.base.errors import FileError
from knockflow.base.files import sha256
from knockflow.base.tables import DESIGNS
from knockflow.formulations.registry import FORMULATIONS as KNOWN
from knockflow.layers.registry import layers
from knockflow.layers.regulation.rules import NO_EXCHANGE, UNKNOWN
from knockflow.layers.regulation.rules import TABLE as RULES
from knockflow.layers.thermodynamics.designs_table import TABLE as OF_DESIGNS
from knockflow.layers.thermodynamics.directions import TABLE as ENERGIES
from knockflow.report.page import render
from knockflow.report.svg import Canvas, ticks, wrapped
from knockflow.report.words import VALUE, column_of, exact, few, percent, regions, short, shortened
from knockflow.report.yaml_text import as_yaml


def test_tags_are_balanced_ids_unique_and_links_lead_somewhere(tmp_path):
    outline = Outline(page_of(tmp_path, warnings=40))
    assert outline.faults == [] and outline.open == []
    assert len(outline.ids()) == len(set(outline.ids()))
    files = [a["href"] for tag, a in outline.tags if tag == "a" and "/" in a["href"] and "://" not in a["href"]]
    assert {"toy/promise/designs.tsv", "toy/strains/guarantee/best.xml", "toy/strains/promise/lab.tsv"} <= set(files)
    inner = [a["href"][1:] for tag, a in outline.tags if tag == "a" and a["href"].startswith("#")]
    assert inner and set(inner) <= set(outline.ids())


def test_nothing_is_loaded_from_elsewhere(tmp_path):
    page = page_of(tmp_path)
    loading = {"link", "img", "iframe", "object", "embed", "image", "use", "base", "video", "audio", "source"}
    outline = Outline(page)
    assert not loading & {tag for tag, _ in outline.tags}
    assert [a for tag, a in outline.tags if tag == "script"] == [{"type": "application/json", "id": "all-designs"}, {}]
    assert not any({"src", "srcset", "style"} & set(a) and "url" in str(a) for _, a in outline.tags)
    assert not re.search(r"@import|url\s*\(|@font-face", page)
    outward = {tag for tag, a in outline.tags if a.get("href", "").startswith("http")}
    assert outward == {"a"}


def test_charts_are_xml_with_title_and_description(tmp_path):
    charts = svgs(page_of(tmp_path))
    assert len(charts) == 2
    for chart in charts:
        title, description = chart[0], chart[1]
        assert chart.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert title.text.startswith("toy: ") and description.text
    assert "promised 9.102, guaranteed 8.123, guaranteed from growth 0.05 up 6.735" in charts[0][1].text
    assert {"9.102", "8.123 (◆ 6.735)"} <= {text.text for text in charts[0].iter("{http://www.w3.org/2000/svg}text")}


def test_an_identical_best_design_is_drawn_once_with_all_its_formulations(tmp_path):
    both = page_of(tmp_path / "same", answers={"guarantee": [SURE], "promise": [SURE]})
    apart = page_of(tmp_path / "apart", answers={"guarantee": [SURE], "promise": [PROMISING]})
    areas = [sum(" area " in f" {e.get('class')} " for e in svgs(page)[1].iter()) for page in (both, apart)]
    assert areas == [2, 3]
    assert "best of guarantee, promise" in both


def test_hostile_text_stays_text(tmp_path):
    page = page_of(tmp_path)
    assert HOSTILE not in page and page.count("<script") == page.count("</script") == 2
    assert Outline(page).text.count(HOSTILE) >= 4
    assert HOSTILE in svgs(page)[0][0].text


def test_numbers_are_those_of_the_tables(tmp_path):
    page = page_of(tmp_path)
    bodies = re.findall(r'<table class="designs">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    for name, body in zip(("guarantee", "promise"), bodies, strict=True):
        table = DESIGNS.read(tmp_path / "toy" / name / "designs.tsv")
        shown = [
            {label: unescape(re.sub("<[^>]*>", "", cell)).strip() for label, cell in cells}
            for cells in (
                re.findall(r'<td data-label="(.*?)".*?>(.*?)</td>', row, re.DOTALL) for row in body.split("<tr")[1:]
            )
        ]
        assert [row["Rank"] for row in shown] == [row["rank"] for row in table]
        removed = [
            row["Interventions"].partition("also silent:")[0].partition("genes to delete:")[0].split() for row in shown
        ]
        assert removed == [row["interventions"].split(";") for row in table]
        for label, column in (
            ("Growth, 1/h", "growth_per_h"),
            ("Promised, mmol/gDW/h", "product_max_mmol_per_gdw_h"),
            ("Guaranteed, mmol/gDW/h", "product_min_mmol_per_gdw_h"),
            ("Guaranteed from min_growth up, mmol/gDW/h", "product_min_at_min_growth_mmol_per_gdw_h"),
            ("Least yield, mol/mol", "yield_min_mol_per_mol"),
        ):
            assert [row[label] for row in shown] == [row[column] for row in table]


def test_the_answer_names_the_guarantee_and_what_is_proven(tmp_path):
    text = Outline(page_of(tmp_path)).text
    assert "The best design that guarantees its product at maximal growth is -ACALD -PYK|PYK2." in text
    assert "it makes at least 8.123 mmol/gDW/h (0.812 mol/mol). Proven (guarantee)" in text
    assert "no set of at most 2 candidate targets guarantees more" in text
    assert "no formulation of this run searched for this guarantee" in text
    assert "All 3 listed designs are verified" in text and "NOT VERIFIED" not in text


def test_the_best_value_stands_beside_the_most_that_is_possible(tmp_path):
    text = Outline(page_of(tmp_path)).text
    assert "guarantee: 8.123 of at most 13.250 possible; no set of at most 2 candidate targets is worth more" in text
    assert "promise: 6.968 of at most 13.250 possible; no set" in text
    assert text.count("best: ") == text.count("proven optimal best: ") == 2
    assert "it could make up to 13.250 mmol/gDW/h, and removing reactions cannot raise that" in text
    unknown = Outline(page_of(tmp_path / "old", more={"guarantee": {"potential": None}})).text
    assert "guarantee: 8.123 mmol/gDW/h; no set" in unknown and "promise: 6.968 of at most 13.250" in unknown


def test_a_cell_that_maximizes_something_else_has_other_bounds(tmp_path):
    page_of(tmp_path)
    content = gathered(tmp_path, ["guarantee", "promise"])
    content.cases[0].options["cell_objective"] = {"EX_succ_e": 1}
    text = Outline(render(TEMPLATE, content)).text
    assert "guarantee: 8.123 of at most 13.250 possible" in text and "it could make up to" not in text
    assert "In toy the cell maximizes something else than growth, so states that grow more slowly count, too." in text
    assert re.search(r"The cell maximizes\s*1 · EX_succ_e", text)


def test_no_best_value_of_a_list_in_doubt_or_of_none(tmp_path):
    doubted = Outline(page_of(tmp_path / "doubted", refuted=("guarantee", "promise"))).text
    void = Outline(page_of(tmp_path / "void", answers={"guarantee": []}, more={"guarantee": VOID})).text
    for text in (doubted, void):
        assert "best: " not in text and " of at most 13.250 possible" not in text
    assert "it could make up to 13.250" in doubted and "it could make up to" not in void


def test_what_goes_silent_with_a_design_is_named_once_in_its_row(tmp_path):
    page = page_of(tmp_path)
    text = Outline(page).text
    cells = re.findall(r'<td data-label="Interventions" class="wide">(.*?)</td>', page, re.DOTALL)
    assert len(cells) == 3 and all(Outline(cell).text.count("also silent: EX_succ_e, S<1") == 1 for cell in cells)
    assert text.count("also silent: EX_succ_e (Succinate exchange), S<1") == 1
    assert (
        "-A|B stands for coupled reactions, which carry flux only together: removing any one of them is enough" in text
    )


def test_only_groups_have_something_that_goes_silent_with_them(tmp_path):
    alone = ("-ACALD", *SURE[1:])
    page = page_of(tmp_path, answers={"guarantee": [alone]})
    assert 'class="silent"' not in page and "also silent:" not in page


def test_a_feasible_result_is_never_dressed_up(tmp_path):
    text = Outline(
        page_of(tmp_path, answers={"guarantee": [SURE]}, more={"guarantee": STOPPED | {"confirmed_by": None}})
    ).text
    assert "Not proven (guarantee): a better design may exist; none is worth more than 12.500 mmol/gDW/h" in text
    assert "(gap 37.3 %). Reason: time limit of 5 s." in text
    assert "feasible, not proven" in text
    assert not re.search(r"proven optimal|Proven \(|is worth more than 8.123|guarantees more", text)


@pytest.mark.parametrize("flag", [{"proven": False}, {"status": "feasible"}])
def test_optimal_and_proven_must_agree(tmp_path, flag):
    text = Outline(page_of(tmp_path, answers={"promise": [PROMISING]}, more={"promise": flag})).text
    assert "proven optimal" not in text and "feasible, not proven" in text


def test_an_infeasible_case_says_why(tmp_path):
    page = page_of(tmp_path, answers={"guarantee": [], "promise": []}, more={"guarantee": VOID, "promise": VOID})
    outline = Outline(page)
    assert outline.faults == [] and outline.open == []
    assert outline.text.count("No design was found.") == 2 and "alarm-box" not in str(outline.tags)
    assert ("div", {"class": "amber-box"}) in outline.tags
    assert "Reason: it grows at most 0.010000 per h." in outline.text
    assert "verified:" not in outline.text and "proven optimal" not in outline.text
    assert len(svgs(page)) == 1


def test_nothing_grows_at_all(tmp_path):
    page_of(tmp_path, answers={"promise": []}, more={"promise": VOID})
    header = (tmp_path / "toy" / "envelope.tsv").read_text().splitlines()[0]
    (tmp_path / "toy" / "envelope.tsv").write_text(f"{header}\n")
    page = rendered(tmp_path, ["promise"])
    assert svgs(page) == [] and "Without interventions" not in page


def test_an_unverified_design_is_loud_and_left_out_of_the_answer(tmp_path):
    page = page_of(tmp_path, refuted=("guarantee",))
    outline = Outline(page)
    assert "1 of 3 designs NOT VERIFIED." in outline.text
    assert ("div", {"class": "alarm-box", "role": "alert"}) in outline.tags
    assert outline.text.count("NOT VERIFIED") >= 4
    assert "Proven (guarantee)" not in outline.text
    assert "it was found by promise, not by guarantee." in outline.text
    assert "1 of 1 designs are not what was claimed; all are in doubt." in outline.text
    badges = [unescape(word) for word in re.findall(r'class="badge (\w+)"', page)]
    assert badges.count("refuted") == badges.count("proven") == 2
    assert "5.0e-01" in outline.text
    assert "NOT VERIFIED" in svgs(page)[0][1].text


def test_the_wild_type_alone_is_no_design(tmp_path):
    wild = ("", 0.211663, 0.0, 0.0, 0.0)
    stopped = Outline(page_of(tmp_path, answers={"promise": [wild]}, more={"promise": STOPPED})).text
    assert "nothing better than the wild type was found, but a better design may exist" in stopped
    assert "none is worth more than 12.500 mmol/gDW/h. Reason: time limit of 5 s." in stopped
    text = Outline(page_of(tmp_path, answers={"promise": [wild]})).text
    assert "nothing beats the wild type: no set of at most 2 candidate targets is worth more." in text
    assert "wild type, no intervention" in text
    assert "No verified design of this list guarantees its product" in text


def test_a_product_that_no_state_makes_is_no_success(tmp_path):
    wild = ("", 0.211663, 0.0, 0.0, 0.0)
    none = {"cause": "product", "reason": "no state makes the product: no design can", "potential": 0.0}
    outline = Outline(page_of(tmp_path, answers={"promise": [wild]}, more={"promise": none}))
    assert ("div", {"class": "amber-box"}) in outline.tags and ("div", {"class": "calm-box"}) not in outline.tags
    assert "toy, promise: no state makes the product: no design can" in outline.text
    assert "no design, proven" in outline.text and "could make up to" not in outline.text
    assert "makes the product, so no design can." in outline.text
    both = Outline(page_of(tmp_path, answers={"promise": [wild], "guarantee": [SURE]}, more={"promise": none}))
    assert "No design was found for 1 of 2 questions." in both.text
    assert ("div", {"class": "amber-box"}) in both.tags and ("div", {"class": "calm-box"}) in both.tags


def test_many_designs_and_long_names_are_folded_not_cut(tmp_path):
    group = "-" + "|".join(f"A_VERY_LONG_REACTION_NAME_{number}" for number in range(30))
    designs = [(f"-R{rank:02d};{group}", 0.1, 9 - rank / 10, 9.5, 1.0) for rank in range(60)]
    page = page_of(tmp_path, answers={"guarantee": designs})
    outline = Outline(page)
    assert "40 more designs, to rank 50" in outline.text
    assert "There are 60 in all, 50 of them shown: see designs.tsv" in outline.text
    assert outline.text.count(group) >= 50 and "-R49" in outline.text
    lines = [text.text for chart in svgs(page) for text in chart.iter("{http://www.w3.org/2000/svg}text")]
    assert max(map(len, lines)) <= 58
    assert outline.faults == [] and outline.open == []


@pytest.mark.parametrize(("count", "folded"), [(15, False), (16, True)])
def test_warnings_fold_when_there_are_many_and_changes_never(tmp_path, count, folded):
    page = page_of(tmp_path, warnings=count)
    outside = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert all(f"warning number {number}." in page for number in range(count))
    assert ("warning number 0." not in outside) == folded
    assert "[0, 1000]" in outside


def test_thermodynamics_counts_and_contradictions(tmp_path):
    plain = page_of(tmp_path)
    assert 'id="thermodynamics"' not in plain and "Thermodynamics" not in Outline(plain).text
    page = render(TEMPLATE, gathered(tmp_path, ["guarantee", "promise"], {"thermodynamics": "directions"}))
    outline = Outline(page)
    assert outline.faults == [] and outline.open == []
    text = outline.text
    assert "66.7 %" in text
    assert "1 boundary (an exchange, demand or sink: no chemistry); 2 ok" in text
    assert "PYK2 (bounds 0 to 1000, estimated reverse)" in text
    assert sha256(tmp_path / "toy" / "thermodynamics.tsv") in text


def test_concentrations_say_what_they_leave_of_designs_and_why(tmp_path):
    page_of(tmp_path)
    rows = ENERGIES.read(tmp_path / "toy" / "thermodynamics.tsv")
    whys = ("", "contradicts the model: bounds 0 to 1000", "no energy: unmatched: pyr_c", "boundary")
    rows = [row | {"without_limit": why} for row, why in zip(rows, whys, strict=True)]
    ENERGIES.write(tmp_path / "toy" / "thermodynamics.tsv", rows)
    told = {"formulation": "promise", "rank": "1", "recommended_by": "case", "growth_per_h": 0.1}
    told |= {"product_min_mmol_per_gdw_h": 7.4, "driving_force_kj_per_mol": 2.05, "bottlenecks": ["+PYK", "-PYK2"]}
    told |= {"samples": 10, "samples_holding": 4, "interventions": ["-PYK", HOSTILE]}
    dead = {"formulation": "promise", "rank": "1", "recommended_by": "plain", "plain_product_min_mmol_per_gdw_h": 9.1}
    dead |= {"conflict": ["-ATPS4r", "+PYK"], "interventions": ["-ACALD"]}
    OF_DESIGNS.write(tmp_path / "toy" / OF_DESIGNS.file, [dead, told])
    page = render(TEMPLATE, gathered(tmp_path, ["promise"], {"thermodynamics": "concentrations"}))
    outline = Outline(page)
    assert outline.faults == [] and outline.open == []
    text = outline.text
    assert "Energies limit 1 reactions; without a limit: 1 unmatched." in text
    assert "Not applied, since they contradict the model's own directions: PYK2 contradicts the model" in text
    assert "no concentrations drive -ATPS4r, +PYK together; no other state grows at min_growth" in text
    assert "4 of 10" in text and text.index("7.400") < text.index("9.100")


def test_rules_of_genes_and_words_that_are_nothing_are_named(tmp_path):
    assert "none: stoichiometry and bounds only" in Outline(page_of(tmp_path)).text
    rows = [("b1", "depends"), ("b2", "constant off"), ("b3", "unused"), (HOSTILE, UNKNOWN), ("x_e", NO_EXCHANGE)]
    rows = [{"symbol": symbol, "status": status} for symbol, status in rows]
    RULES.write(tmp_path / "toy" / "regulation.tsv", rows)
    page = render(TEMPLATE, gathered(tmp_path, ["promise"], {"regulation": {"table": "my.tsv"}}))
    text = Outline(page).text
    assert (
        f"rules of genes of my.tsv, 2 of them with a say; assumed false, since nothing here is called so: {HOSTILE}"
        in text
    )
    assert "stoichiometry and bounds only" not in text
    assert sha256(tmp_path / "toy" / "regulation.tsv") in text


def test_genes_that_cannot_be_removed_are_not_proposed(tmp_path):
    text = Outline(page_of(tmp_path)).text
    assert "b1 + b2" in text and "b7" in text
    assert "s0001" not in text.partition("Configuration, with all defaults")[0]


def test_provenance_holds_hashes_versions_and_the_configuration(tmp_path):
    page = page_of(tmp_path)
    text = Outline(page).text
    for file in ("toy/model.json", "toy/targets.tsv", "toy/promise/designs.tsv"):
        assert sha256(tmp_path / file) in text
    assert "c674befd7a" in text and "95cd3eab" in text
    assert "knockflow 0.1.0, pulp not installed" in text and f"Knockflow {__version__}" in text
    written = yaml.safe_load(unescape(re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[-1]))
    assert written["formulations"]["guarantee"]["mip_gap"] == 1e-9
    assert written["cases"]["toy"]["layers"] == dict.fromkeys(layers())


def test_the_same_files_give_the_same_bytes(tmp_path):
    first = page_of(tmp_path)
    assert rendered(tmp_path, ["guarantee", "promise"]) == first


def test_designs_that_the_record_does_not_speak_of_are_refused(tmp_path):
    page_of(tmp_path)
    rendered(tmp_path, ["promise"])
    DESIGNS.write(tmp_path / "toy" / "promise" / "designs.tsv", [design_row(1, SURE, "optknock")])
    with pytest.raises(FileError, match="not the file that"):
        rendered(tmp_path, ["promise"])


def test_the_report_imports_no_heavy_package():
    heavy = "{'cobra', 'numpy', 'pandas', 'matplotlib', 'yaml'}"
    code = f"import sys, knockflow.report.page; print({heavy} & set(sys.modules))"
    done = run([sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "value", ["on", "1e-6", "null", "a: b", "- x", "", "it's", "#1", "é", "C:\\x", "cobra:textbook"]
)
def test_yaml_reads_back(value):
    content = {
        "text": value,
        "list": [value, 1, 2.5, None],
        value or "k": {"deep": {"small": 1e-09, "yes": True, "no": {}}},
    }
    assert yaml.safe_load(as_yaml(content)) == content


@pytest.mark.parametrize("largest", [1e-9, 0.0873, 0.211663, 1, 7, 9.91, 20, 999.9, 1000])
def test_ticks_enclose_what_is_drawn(largest):
    marks = ticks(largest)
    assert marks[0] == 0 and marks[-1] >= largest * (1 - 1e-6) and 3 <= len(marks) <= 8
    assert ticks(largest, least=-largest / 2)[0] <= -largest / 2 * (1 - 1e-6)


def test_wrapped_lines_keep_to_their_width():
    lines = wrapped(" ".join(f"-REACTION{number}," for number in range(40)), width=30, most=3)
    assert len(lines) == 3 and max(map(len, lines)) <= 30 and lines[-1].endswith("…")
    assert wrapped("-A, -B") == ["-A, -B"]
    assert wrapped("aaaa bbbb cccc dddd", width=4, most=2) == ["aaaa", "bb …"]


def test_text_in_a_chart_is_escaped_and_free_of_control_characters():
    canvas = Canvas()
    canvas.text(0, 0, f"{HOSTILE}\x00\x1b")
    chart = ElementTree.fromstring(canvas.svg("key", HOSTILE, "&", 10))
    assert chart[2].text == HOSTILE and chart[1].text == "&"


@pytest.mark.parametrize(
    ("intervention", "expected"),
    [
        ("-A|B|C|D", "-A|B|C|D"),
        ("-A|B|C|D|E", "-A|B|C|…\u00a0(2\u00a0more)"),
        (f"-{'A' * 40}|{'B' * 40}", f"-{'A' * 40}|…\u00a0(1\u00a0more)"),
        (f"-{'A' * 60}", f"-{'A' * 60}"),
    ],
)
def test_groups_of_coupled_reactions_are_shortened_with_their_number(intervention, expected):
    assert shortened(intervention) == expected


def test_every_formulation_is_explained():
    for kind, known in KNOWN.items():
        assert known.summary.endswith(".")
        assert column_of(kind) in (None if known.cut_sets else VALUE, *DESIGNS.names), kind


@pytest.mark.parametrize(
    ("count", "expected"), [(1, "R0"), (5, "R0, R1, R2, R3, R4"), (6, "R0, R1, R2, R3 and 2 more")]
)
def test_long_lists_of_reactions_end_with_their_number(count, expected):
    assert few([f"R{number}" for number in range(count)]) == expected


def test_numbers_are_written_whole_or_rounded():
    assert re.sub("<[^>]*>", "", exact("9.910758")) == "9.910758"
    assert exact("3") == "3" and "–" in exact("")
    assert [short(value) for value in ("9.910758", -0.0001, None, "")] == ["9.911", "0.000", "–", "–"]
    assert [percent(value) for value in (None, 0, 0.373345, 1)] == ["–", "0 %", "37.3 %", "100 %"]


def test_modules_are_imported_by_their_full_name():
    """Snakemake copies the modules that it sees named: `from knockflow.report import words` would not be found."""
    for path in [ROOT / "scripts" / "report.py", *(ROOT / "scripts" / "knockflow" / "report").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("knockflow."):
                assert (ROOT / "scripts" / f"{node.module.replace('.', '/')}.py").is_file(), f"{path}: {node.module}"


def test_a_value_of_its_own_has_its_own_column(tmp_path, monkeypatch):
    monkeypatch.setitem(FORMULATIONS, "promise", {"kind": "potential", "max_interventions": 1})
    page = page_of(tmp_path, answers={"promise": [SURE]})
    value = DESIGNS.read(tmp_path / "toy" / "promise" / "designs.tsv")[0]["value_mmol_per_gdw_h"]
    found = re.findall(r'<td data-label="Possible, mmol/gDW/h" class="num goal">(.*?)</td>', page)
    assert [re.sub("<[^>]*>", "", cell) for cell in found] == [value]
    assert "most at any growth from min_growth up" in page


def cut_sets_of(results: Path, monkeypatch, designs: list, **change) -> str:
    """The page of minimal cut sets, which claim no numbers."""
    asked = {"kind": "mcs", "suppress": ["BIO >= 0.001"], "protect": [["EX_succ_e >= 1", "PYK <= 2"]]}
    monkeypatch.setitem(FORMULATIONS, "promise", asked | {"max_interventions": 2, "max_designs": "all"})
    value = {"objective": None, "bound": None, "gap": None, "potential": None}
    return page_of(results, answers={"promise": designs}, more={"promise": value | change})


def test_cut_sets_are_counted_with_their_regions_and_have_no_value(tmp_path, monkeypatch):
    page = cut_sets_of(tmp_path, monkeypatch, [SURE, PROMISING])
    text = Outline(page).text
    assert "promise: 2 minimal cut sets; there are no others with at most 2 interventions." in text
    assert "Suppressed: BIO >= 0.001. Protected: EX_succ_e >= 1, PYK <= 2." in text
    assert "✓ All verified: COBRApy finds that the regions are suppressed and protected" in text
    assert "best: " not in text and "Promised and guaranteed production" not in text
    assert "No verified design of this list" not in text and "Claimed" not in text


def test_cut_sets_in_doubt_or_not_all_say_so(tmp_path, monkeypatch):
    stopped = {"status": "feasible", "proven": False, "reason": "time limit of 5 s"}
    text = Outline(cut_sets_of(tmp_path / "stopped", monkeypatch, [SURE], **stopped)).text
    assert "1 minimal cut set; others may exist. Reason: time limit of 5 s." in text and "no others" not in text
    none = {"status": "infeasible", "reason": "no cut set within the limits"}
    text = Outline(cut_sets_of(tmp_path / "none", monkeypatch, [], **none)).text
    assert "none. Reason: no cut set within the limits." in text


def test_a_coupling_potential_is_growth(tmp_path, monkeypatch):
    monkeypatch.setitem(FORMULATIONS, "promise", {"kind": "optcouple", "max_interventions": 2})
    text = Outline(page_of(tmp_path, answers={"promise": [SURE]}, more={"promise": {"potential": 0.21}})).text
    assert "best: 8.123 1/h" in text and "of at most 0.210 possible" not in text
    assert "Growth lostwithout the product, 1/h" in text and "it could make up to" not in text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([], []),
        (["A >= 1", "B <= 2"], ["A >= 1, B <= 2"]),
        ([["A >= 1"], ["B <= 2", "C = 0"]], ["A >= 1", "B <= 2, C = 0"]),
        ([{"where": ["A <= 1"], "maximize": {"B": 1, "C": 0.5}}], ["A <= 1 among the states of largest B + 0.5 C"]),
    ],
)
def test_regions_are_told_one_by_one(written, expected):
    assert regions(written) == expected
