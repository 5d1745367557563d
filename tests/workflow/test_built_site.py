"""The site is built without a warning, and its pages ask for nothing from the network."""

import functools
import http.server
import os
import re
import subprocess
import threading
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser import installed, open_browser, serious_faults
from workspace import ROOT

pytestmark = pytest.mark.long

SITE = ROOT / ".venv-site/bin/mkdocs"
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    if not SITE.exists():
        pytest.skip("`make site` makes the environment")
    folder = tmp_path_factory.mktemp("site") / "site"
    command = [str(SITE), "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    )
    assert done.returncode == 0, done.stderr
    return folder


class Loads(HTMLParser):
    """What a page loads by itself, and the pages that it links to."""

    def __init__(self):
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag in LOADING and found.get(LOADING[tag]):
            self.loaded.append(found[LOADING[tag]])
        if tag == "a" and found.get("href"):
            self.linked.append(found["href"])


def test_pages_load_nothing_from_elsewhere_and_links_have_targets(site):
    pages = [path for path in site.rglob("*.html") if path.name != "404.html"]
    assert len(pages) > 50
    for path in pages:
        found = Loads()
        found.feed(path.read_text(encoding="utf-8"))
        for place in found.loaded + found.linked:
            if place.startswith("data:"):
                continue
            inside = not re.match(r"[a-z]+:|//", place)
            assert inside or place in found.linked, f"{path.name} loads {place}"
            if inside and not place.startswith("#"):
                assert (path.parent / place.partition("#")[0].partition("?")[0]).exists(), f"{path.name}: {place}"
    for path in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import\s)[\"']?(?:https?:)?//", path.read_text(encoding="utf-8")), path


@pytest.fixture(scope="module")
def served(site):
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_every_page_is_accessible_and_makes_no_request_elsewhere(site, served, tmp_path):
    if not installed():
        pytest.skip("needs chromium and chromedriver")
    browser, found = open_browser(tmp_path / "profile"), {}
    try:
        for path in sorted(site.rglob("*.html")):
            name = str(path.relative_to(site))
            browser.get(f"{served}/{name}")
            asked = browser.execute_script("return performance.getEntriesByType('resource').map(one => one.name)")
            assert all(address.startswith((served, "data:", "blob:")) for address in asked), (name, asked)
            found |= {(name, fault): html for fault, _, html in serious_faults(browser)}
    finally:
        browser.quit()
    assert found == {}
