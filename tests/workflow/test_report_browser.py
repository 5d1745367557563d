"""The report in a browser: on a desk and on a phone, light and dark, for a screen reader, and on paper."""

import json

import pytest
from browser import UNFOLD, installed, open_browser, serious_faults
from browser import show as show_page
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from workspace import Workspace, case

from knockflow.base.tables import DESIGNS
from knockflow.language.notation import interventions

pytestmark = pytest.mark.workflow

A4 = 703
"""Width in pixels of a page of A4 without its margins."""

UNSEEN = """
return [...document.querySelectorAll('main details *')].filter(
  one => !['COLGROUP', 'COL', 'WBR', 'title', 'desc'].includes(one.tagName) && one.getClientRects().length === 0
).map(one => one.outerHTML.slice(0, 80));
"""
TOO_WIDE = """
return [...document.querySelectorAll('table')].filter(
  one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
).map(one => one.closest('section').id);
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The results of two cases, one with genes as targets and a table of essential ones."""
    cases = {
        "succinate": case(targets={"level": "genes"}, essential_genes={"table": "screen.tsv", "named_by": "name"}),
        "lactate": case(product="EX_lac__D_e", formulations=["robustknock"]),
    }
    kinds = {name: {"kind": name, "max_interventions": 2} for name in ("optknock", "robustknock")}
    space = Workspace.make(tmp_path_factory.mktemp("run"), {"cases": cases, "formulations": kinds})
    (space.work / "screen.tsv").write_text("gene\tsource\npykF\ta made-up screen\n", encoding="utf-8")
    done = space.run()
    assert done.returncode == 0, done.stdout
    return space.results


@pytest.fixture(scope="module")
def page(results, tmp_path_factory):
    """A browser with the report open."""
    if not installed():
        pytest.skip("chromium and chromedriver are not installed")
    opened = open_browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.quit()


def show(page, results, width: int, **how) -> None:
    """Open the report anew on a screen or a sheet of some width."""
    show_page(page, (results / "report.html").as_uri(), width, **how)


@pytest.mark.parametrize("width", [1280, 390])
def test_no_error_and_no_wider_than_the_screen(page, results, width):
    show(page, results, width)
    assert page.get_log("browser") == []
    for _ in range(2):
        assert page.execute_script("return document.documentElement.scrollWidth") <= width
        page.execute_script(UNFOLD)
    assert "pykF (b1676)" in page.find_element("tag name", "body").text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious_for_people_who_cannot_see_or_use_a_mouse(page, results, width, scheme):
    show(page, results, width, scheme=scheme)
    page.execute_script(UNFOLD)
    assert serious_faults(page) == []


def test_a_link_opens_the_card_that_it_leads_to_by_the_keyboard_alone(page, results):
    show(page, results, 1280)
    closed = "return [...document.querySelectorAll('.card:not([open]) .told')].map(one => one.id)"
    key = page.execute_script(closed)[-1]
    page.execute_script("document.querySelector(`td a[href='#${arguments[0]}']`).focus()", key)
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert page.find_element("id", key).is_displayed()
    summary = page.execute_script("return document.getElementById(arguments[0]).parentNode.firstElementChild", key)
    summary.send_keys(Keys.ENTER)
    assert not page.find_element("id", key).is_displayed()


def test_designs_without_an_essential_gene_are_told_from_the_others(page, results):
    show(page, results, 1280)
    page.execute_script(UNFOLD)
    for card in page.find_elements("css selector", ".card"):
        deletes = "pykF" in card.find_element("tag name", "summary").text
        assert ("pykF (b1676) is essential in a screen: a made-up screen" in card.text) == deletes


def test_on_paper_every_fold_is_open_and_every_table_fits(page, results):
    show(page, results, A4, media="print")
    assert page.execute_script("return document.querySelectorAll('details').length") > 3
    assert page.execute_script(UNSEEN) == []
    assert page.execute_script(TOO_WIDE) == []


def test_on_paper_every_gene_of_a_design_is_named(page, results):
    show(page, results, A4, media="print")
    text = page.find_element("tag name", "body").text
    model = json.loads((results / "succinate/model.json").read_text())
    names = {gene["id"]: gene["name"] for gene in model["genes"]}
    found = set()
    for formulation in ("optknock", "robustknock"):
        for row in DESIGNS.read(results / "succinate" / formulation / "designs.tsv"):
            found |= {name for change in interventions(row["interventions"]) for name in change.names}
    assert len(found) > 2
    assert [gene for gene in found if f"{names[gene]} ({gene})" not in text] == []


SEARCHED = """
const section = document.getElementById("finder"), form = section.querySelector("form");
const lines = () => [...section.querySelectorAll("tbody tr")].map(
  line => [...line.children].map(cell => cell.textContent.trim())
);
const change = (name, value) => { form.elements[name].value = value; form.dispatchEvent(new Event("input")); };
const head = name => [...section.querySelectorAll("th button")].find(one => one.textContent === name);
"""
MANY = """
const data = document.getElementById("all-designs"), all = JSON.parse(data.textContent);
const wanted = 500, copies = name => Array.from({length: wanted}, (_, one) => all[name][one % all[name].length]);
for (const name of ["rows", "named", "at"]) all[name] = copies(name);
data.textContent = JSON.stringify(all);
document.querySelector("#finder thead tr").replaceChildren();
document.querySelector("#finder fieldset").replaceChildren();
new Function(document.querySelector("body > script").textContent)();
"""


def test_designs_are_searched_filtered_and_sorted(page, results):
    show(page, results, 1280)
    everything = page.execute_script(f"{SEARCHED} return lines()")
    of_genes = page.execute_script(f"{SEARCHED} change('search', 'pykF succinate'); return lines()")
    assert of_genes == [line for line in everything if line[0] == "succinate" and "pykF" in line[3]] != everything
    one = page.execute_script(f"{SEARCHED} change('search', ''); change('case', 'lactate'); return lines()")
    assert one == [line for line in everything if line[0] == "lactate"] != []
    few = page.execute_script(f"{SEARCHED} change('case', ''); change('most', 1); return lines()")
    assert few == [line for line in everything if int(line[4]) <= 1]
    page.execute_script(f"{SEARCHED} change('most', ''); head('Growth').click()")
    growth = page.execute_script(f"{SEARCHED} return lines().map(line => Number(line[5]))")
    assert growth == sorted((float(line[5]) for line in everything), reverse=True)
    assert page.execute_script(f"{SEARCHED} return head('Growth').parentNode.ariaSort") == "descending"


def test_what_is_saved_from_a_page_without_a_server_are_the_rows_of_the_summary(page, results, tmp_path):
    show(page, results, 1280)
    page.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    page.find_element("css selector", "#finder .save").click()
    saved = tmp_path / "designs.tsv"
    WebDriverWait(page, 60).until(lambda _: saved.exists() and saved.stat().st_size)
    head, *rows = saved.read_text(encoding="utf-8").splitlines()
    expected_head, *expected = (results / "summary.tsv").read_text(encoding="utf-8").splitlines()
    assert head == expected_head and sorted(rows) == sorted(expected)


def test_five_hundred_designs_are_sorted_and_filtered_at_once(page, results):
    show(page, results, 1280)
    page.execute_script(MANY)
    assert page.execute_script(f"{SEARCHED} return lines().length") == 100
    assert page.execute_script(f"{SEARCHED} section.querySelector('.more').click(); return lines().length") == 500
    spent = page.execute_script(
        f"{SEARCHED} const began = performance.now(); head('Growth').click(); change('search', 'b'); "
        "return performance.now() - began"
    )
    # Some 40 ms on a quiet machine; what is held here is that no step is quadratic.
    assert spent < 2000
