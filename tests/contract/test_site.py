"""The documents as a whole: every page has its place in the site, links lead somewhere, words are spelt right."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from knockflow.formulations.registry import FORMULATIONS
from knockflow.layers.registry import layers
from knockflow.methods.registry import METHODS

ROOT = Path(__file__).resolve().parents[2]
BROUGHT = dict(
    re.findall(r'^ +(?:"([\w/]+\.md)"): "([\w/]+\.md)",$', (ROOT / "workflow/site_pages.py").read_text(), re.MULTILINE)
)
"""Pages of the site that are not in docs, by their place in the repository."""

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in BROUGHT)]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
EQUATION = re.compile(r"^```math\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WORDS = (
    "Delta|Rightarrow|begin|circ|cup|emptyset|end|frac|ge|in|le|left|ln|mathrm|max|min|ne|operatorname|qquad|quad|right"
    "|sigma|sum|text|top"
)
DRAWN = re.compile(rf"\\(?:{WORDS}|[{{}}|,;_\\])")
"""Commands of LaTeX that the site (math-core) and hosts of code (MathJax) draw alike."""

LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
DOI = re.compile(r"(?:doi\.org/|doi:)(10\.[^\s)\]|,;]+)")
OUTSIDE = re.compile(r"https?://[^\s)>`\"|]+")
TOGETHER = {"pfba_optimistic": "pfba", "pfba_pessimistic": "pfba"}
"""Formulations that share a page."""

ELSEWHERE = {"benders": "benders", "logic_benders": "benders", "dive": "dive"}
"""Methods whose page is older than the folder of methods."""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def text_of(path: Path) -> str:
    """A page without what stands in fences."""
    return FENCED.sub("", path.read_text(encoding="utf-8"))


@cache
def anchors(path: Path) -> frozenset[str]:
    """The anchors of a page, where GitHub and the site name them alike."""
    found = set()
    for heading in re.findall(r"^#+ +(.*?)\s*$", text_of(path), re.MULTILINE):
        plain = re.sub(r"[^\w\s-]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)).strip().lower()
        on_github, on_site = re.sub(r"\s", "-", plain), re.sub(r"[-\s]+", "-", plain)
        if on_github == on_site:
            found.add(on_site)
    return frozenset(found)


class Loader(yaml.SafeLoader):
    """Reads mkdocs.yml, whose tags name Python."""


def placed(nav) -> list[str]:
    """The pages of a table of contents."""
    if isinstance(nav, str):
        return [nav]
    return [page for part in (nav if isinstance(nav, list) else nav.values()) for page in placed(part)]


def contents() -> list[str]:
    return placed(yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader)["nav"])


def test_every_page_has_one_place_in_the_site():
    pages = [str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")] + list(BROUGHT.values())
    listed = [page for page in contents() if page != "notebook.md"]
    assert sorted(listed) == sorted(pages)


def test_every_formulation_method_and_layer_has_a_page_that_names_it():
    for name in [*(name for name, one in FORMULATIONS.items() if not one.yield_of), *METHODS, *layers()]:
        folder = "formulations/" if name in FORMULATIONS else "methods/" if name in METHODS else ""
        page = f"{ELSEWHERE[name]}.md" if name in ELSEWHERE else f"{folder}{TOGETHER.get(name, name)}.md"
        assert page in contents(), page
        assert f"`{name}`" in (ROOT / "docs" / page).read_text(encoding="utf-8") or not folder, page


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_to_files_and_headings(path):
    for target in LINK.findall(text_of(path)):
        file, _, anchor = target.partition("#")
        if ":" in file:
            continue
        meant = (path.parent / file).resolve() if file else path
        assert meant.exists(), f"{name_of(path)}: {target}: there is no such file"
        assert meant.is_relative_to(ROOT), f"{name_of(path)}: {target}"
        assert not anchor or anchor in anchors(meant), f"{name_of(path)}: {target}: there is no such heading"


def test_equations_are_whole_and_drawn_everywhere():
    """`make site` fails where one is not LaTeX; this needs no environment of its own."""
    found = [(name_of(path), text) for path in PAGES for text in EQUATION.findall(path.read_text(encoding="utf-8"))]
    assert len(found) > 25
    for page, text in found:
        assert [one for one in re.findall(r"\\(?:[A-Za-z]+|.)", text) if not DRAWN.fullmatch(one)] == [], page
        bare = re.sub(r"\\[{}]", "", text)
        assert bare.count("{") == bare.count("}"), f"{page}: {text}"
        assert re.findall(r"\\begin\{(.*?)\}", text) == re.findall(r"\\end\{(.*?)\}", text), f"{page}: {text}"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_addresses_and_dois_are_well_formed(path):
    text = path.read_text(encoding="utf-8")
    for doi in DOI.findall(text):
        assert re.fullmatch(r"10\.\d{4,9}/[^\s]*\w", doi.rstrip(".")), f"{name_of(path)}: {doi}"
    for address in OUTSIDE.findall(text):
        assert re.match(r"https://[\w-]+(\.[\w-]+)+(/|$)", address.rstrip(".")), f"{name_of(path)}: {address}"
    for linked, shown in re.findall(r"\[doi:([^\]]+)\]\(https://doi\.org/([^)]+)\)", text):
        assert linked == shown, f"{name_of(path)}: {linked}"


def pins(name: str) -> dict[str, set[str]]:
    """The versions that a lock has of each package."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / name).read_text(), re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


def test_the_site_is_built_beside_the_versions_of_the_environment():
    """Its own environment sees the packages of the other one."""
    site, environment = pins("requirements-site.lock"), pins("requirements.lock")
    assert {name: site[name] for name in site.keys() & environment.keys() if site[name] - environment[name]} == {}
    for line in (ROOT / "requirements-site.in").read_text(encoding="utf-8").splitlines():
        assert not line or line.startswith("#") or line in site, line


def test_words_are_spelt_right():
    places = ["README.md", "CHANGELOG.md", "Makefile", "config", "docs", "scripts", "workflow", *BROUGHT]
    command = [sys.executable, "-m", "codespell_lib", "--skip", "*.svg,*.png,*.tsv,*.ipynb,*.pyc", *places]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
