"""Screens: cases made from one, what the table says, and what page and terminal show of many products."""

import re

import pytest
from workspace import ROOT

from knockflow.base.errors import ConfigError
from knockflow.base.screen_table import OF_SCREENED, SCREEN
from knockflow.designs.screen import screen_row
from knockflow.model.notes import SUBSTRATE_NOTE
from knockflow.report.content import Content
from knockflow.report.page import render
from knockflow.report.screens import MOST_LINES, Screens, screen_answer
from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema
from knockflow.settings.screens import case_names, expanded, written_back
from knockflow.stages.screen import products_of, with_screens

FORMULATIONS = {"fastest": {"kind": "robustknock"}}
MEDIUM = {"EX_glc__D_e": 10, "EX_o2_e": 0}


def asked(case, **others):
    return {
        "cases": {"air": {"model": "cobra:textbook", "medium": MEDIUM} | case, **others},
        "formulations": FORMULATIONS,
    }


def checked_of(case, **others):
    return checked(asked(case, **others), read_schema())


def test_each_product_is_a_case_of_its_own():
    found = expanded(checked_of({"screen": ["EX_succ_e", "EX_ac_e"], "min_growth": 0.1}), None)
    assert found["screens"] == {"air": {"air-succ": "EX_succ_e", "air-ac": "EX_ac_e"}}
    plain = checked_of({"product": "EX_succ_e", "min_growth": 0.1})["cases"]["air"]
    assert found["cases"]["air-succ"] == {key: value for key, value in plain.items() if key != "screen"}
    assert written_back(found)["cases"]["air"]["screen"] == ["EX_succ_e", "EX_ac_e"]


def test_a_configuration_without_screens_says_nothing_of_them():
    found = expanded(checked_of({"product": "EX_succ_e"}), None)
    assert "screens" not in found and "screen" not in found["cases"]["air"] and written_back(found) == found


@pytest.mark.parametrize("key", ["screen", "products"])
def test_all_is_asked_of_the_model(key):
    found = expanded(checked_of({key: "all"}), lambda name, case: [f"EX_{name}_e", "EX_ac_e"])
    assert found["screens"]["air"] == {"air-air": "EX_air_e", "air-ac": "EX_ac_e"}


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ({"screen": "all", "product": "EX_succ_e"}, "screen: `product` is there, too"),
        ({"screen": []}, "no product is named"),
        ({"screen": "every"}, "'all' was expected"),
        ({"screen": ["EX_ac_e", "EX_ac_e"]}, "`EX_ac_e` stands there twice"),
    ],
)
def test_what_no_screen_is_is_refused(case, told):
    with pytest.raises(ConfigError, match=re.escape(told)):
        checked_of(case)


def test_a_screen_without_products_and_a_name_that_is_taken_are_refused():
    with pytest.raises(ConfigError, match=r"cases\.air\.screen: no organic compound"):
        expanded(checked_of({"screen": "all"}), lambda name, case: [])
    other = {"air-AC": {"model": "cobra:textbook", "product": "EX_ac_e"}}
    with pytest.raises(ConfigError, match="its case `air-ac` has the name of another"):
        expanded(checked_of({"screen": ["EX_ac_e"]}, **other), None)


def test_names_are_fit_for_folders_and_each_there_once():
    products = ["EX_glc(e)", "EX_Ac_e", "EX_ac_e", "EX_" + 80 * "x" + "1", "EX_" + 80 * "x" + "2", "EX_()"]
    names = list(case_names("air", products).values())
    assert names[:3] == ["air-glc_e", "air-Ac", "air-ac-2"] and names[-1] == "air-product"
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name) for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_all_products_of_the_core_model_are_found_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = checked_of({"screen": "all"})
    products = list(with_screens(config, tmp_path)["screens"]["air"].values())
    # Fumarate and malate have exchanges, too, but no way out of the cell; CO2 is not organic, glucose the substrate.
    assert [name.removeprefix("EX_") for name in products] == [
        *("ac_e", "acald_e", "akg_e", "etoh_e", "for_e", "glu__L_e", "lac__D_e", "pyr_e", "succ_e")
    ]
    monkeypatch.setattr("knockflow.stages.screen.products_of", None)
    assert list(with_screens(config, tmp_path)["screens"]["air"].values()) == products


def test_without_a_substrate_nothing_can_be_made():
    case = {key: value for key, value in checked_of({"screen": "all"})["cases"]["air"].items() if key != "screen"}
    assert products_of(case | {"medium": MEDIUM | {"EX_glc__D_e": 0}}, ".") == []


def row(number, **changes):
    """A row of screen.tsv of a product that guarantees a share of its largest yield."""
    share = (number % 10) / 10
    told = {"screen": "air", "product": f"EX_p{number}_e", "name": f"Compound <{number}>", "formulation": "fastest"}
    told |= {"case": f"air-p{number}", "largest_yield_mol_per_mol": "2.0", "yield_min_mol_per_mol": f"{2 * share}"}
    told |= {"n_interventions": "3", "growth_per_h": "0.1", "coupling": "weak" if share else "none"}
    told |= {"verified": "true", "by_genes": "same", "found_by": "dive", "proven": "false", "reason": "nothing found"}
    return dict.fromkeys(SCREEN.names, "") | told | changes


def test_a_page_of_three_hundred_products_stays_small_and_links_to_their_cases():
    screens = Screens.of([row(number) for number in range(300)])
    page = render(ROOT / "workflow/report/report.html.j2", Content([], {"formulations": {}}, "1", {}, screens))
    assert len(page) < 600_000 and page.count('class="heat ') == 300 and "Compound &lt;7&gt;" in page
    assert 'href="air-p7/fastest/designs.tsv"' in page and "270 of 300 products coupled" in page
    assert "nothing found" in page and page.count("<svg") == 6


def test_the_terminal_has_a_screen_of_lines_with_the_best_first():
    lines = list(screen_answer(Screens.of([row(number) for number in range(300)])))
    assert lines[0] == "air, fastest: 270 of 300 products coupled to growth" and len(lines) <= MOST_LINES + 4
    assert "1.800 of 2.000 mol/mol" in lines[1] and "dived" in lines[1]


def test_what_is_not_verified_does_not_count():
    screens = Screens.of([row(9), row(19, verified="false"), row(29, coupling="potential")])
    assert screens.counted(0) == (1, 3) and screens.unverified == 1


def test_media_stand_side_by_side():
    screens = Screens.of([row(9), row(9, screen="water", proven="true"), row(8, screen="water")])
    assert [one.screen for one in screens.questions] == ["air", "water"]
    assert [[cell and cell.found for cell in cells] for _, _, cells in screens.products] == [
        ["dived", "proven"],
        [None, "dived"],
    ]


@pytest.mark.parametrize(("coefficient", "bounds"), [(-1, (-8, 1000)), (1, (-1000, 8))])
def test_a_yield_is_one_of_what_is_taken_up_however_the_exchange_is_written(coefficient, bounds):
    exchange = {"id": "EX_s", "metabolites": {"s": coefficient}, "lower_bound": bounds[0], "upper_bound": bounds[1]}
    product = {"id": "EX_p", "metabolites": {"p": -1}, "lower_bound": 0, "upper_bound": 1000}
    named = [{"id": "s", "name": "sugar"}, {"id": "p", "name": "acid"}]
    model = {"reactions": [exchange, product], "metabolites": named, "notes": {SUBSTRATE_NOTE: "EX_s"}}
    record = {"potential": 4.0, "list_from": "tree", "proven": True}
    row = dict.fromkeys([*OF_SCREENED, "formulation", "case", "reason"], "")
    found = screen_row("EX_p", model, record, row)
    assert (found["name"], found["largest_yield_mol_per_mol"]) == ("acid", 0.5)
