"""What pages and the notebook show of Python is what it prints: `make outputs` writes it, this runs it again."""

import json
import re
import runpy
import subprocess
import sys

import pytest
from workspace import ROOT

CODE = runpy.run_path(str(ROOT / "workflow/page_code.py"), run_name="page_code")
PAGES = [str(path.relative_to(ROOT)) for path in CODE["pages"]()]
NOTEBOOK = "docs/tutorial.ipynb"

QUICK = (
    "docs/formulations/index.md",
    "docs/formulations/mcs.md",
    "docs/practice/designs.md",
    NOTEBOOK,
)
"""What the default tests run; all of it takes a minute more."""

SITE = ROOT / ".venv-site/bin/python"


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in [*PAGES, NOTEBOOK]]
)
def test_a_page_shows_what_its_python_prints(name):
    old, new = CODE["again"](ROOT / name)
    assert CODE["fits"](new, old), f"{name}: run `make outputs`"


def test_what_is_quick_is_there_and_what_others_run_is_run_by_them():
    assert set(QUICK) <= {*PAGES, NOTEBOOK}
    for page, test in CODE["ELSEWHERE"].items():
        assert page not in PAGES and page.rsplit("/", 1)[-1] in (ROOT / test).read_text(encoding="utf-8"), page


def test_a_block_that_prints_something_else_does_not_fit():
    page = "# P\n\n```python\nprint(1.5, 'a')\n```\n\n```text\n{}\n```\n"
    for shown, fits in (("1.5 a", True), ("1.500001 a", True), ("1.6 a", False), ("1.5 b", False), ("1.5", False)):
        old = page.format(shown)
        assert CODE["fits"](CODE["page_again"](old, "p"), old) == fits


def test_python_without_output_says_nothing():
    silent = "```python\nx = 1\n```\n"
    assert CODE["page_again"](silent, "p") == silent
    assert "```text\n1\n```" in CODE["page_again"]("```python\nprint(1)\n```\n", "p")


def test_the_notebook_holds_no_traces_of_a_machine():
    notebook = json.loads((ROOT / NOTEBOOK).read_text(encoding="utf-8"))
    assert {cell["execution_count"] for cell in notebook["cells"] if cell["cell_type"] == "code"} == {None}
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert not re.search(r"0x[0-9a-f]{6,}", json.dumps(notebook))


@pytest.mark.long
def test_jupyter_runs_the_notebook_to_the_same_outputs(tmp_path):
    """By nbclient with a kernel of its own, as a person's Jupyter does."""
    if not SITE.exists():
        pytest.skip("`make notebook` makes the environment")
    command = [str(SITE.parent / "jupyter"), "execute", f"--output={tmp_path / 'run.ipynb'}", NOTEBOOK]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    mine, theirs = (json.loads(path.read_text()) for path in (ROOT / NOTEBOOK, tmp_path / "run.ipynb"))
    for one, other in zip(mine["cells"], theirs["cells"], strict=True):
        for shown, found in zip(one.get("outputs", ()), other.get("outputs", ()), strict=True):
            if "data" in shown:
                text, again = ("".join(part["data"]["text/plain"]) for part in (shown, found))
                assert CODE["fits"](again, text)


@pytest.mark.long
def test_figures_are_drawn_with_matplotlib_and_styled(tmp_path):
    if not SITE.exists():
        pytest.skip("`make notebook` makes the environment")
    script = """
from knockflow import Case
case = Case("cobra:textbook", product="EX_succ_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0})
designs = case.design("robustknock", max_interventions=2)
axes = designs.plot("envelopes", most=1).draw()
axes.set_title("mine")
axes.lines[0].set_color("black")
least = axes.lines[3].get_ydata()
print(axes.get_title(), len(axes.lines), axes.get_xlabel(), round(float(list(least)[-1]), 3))
for kind in ("guarantees", "fluxes"):
    designs.plot(kind).draw().figure.savefig(kind + ".pdf")
case.front("robustknock", max_interventions=1).plot("front").draw().figure.savefig("front.pdf")
"""
    done = subprocess.run([str(SITE), "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "mine 4 growth (1/h) 9.102\n", done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"guarantees.pdf", "fluxes.pdf", "front.pdf"}


def test_without_matplotlib_a_figure_says_what_to_do(core_case, monkeypatch):
    from knockflow.base.errors import ConfigError

    figure = core_case.design("robustknock", max_interventions=1).plot()
    assert figure.data["product_min_mmol_per_gdw_h"].iloc[0] == pytest.approx(0.678148, abs=1e-5)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ConfigError, match="matplotlib is not installed"):
        figure.draw()
