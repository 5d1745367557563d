"""The pictures of the documentation: `make pictures`, after `make run`, on a machine with chromium and chromedriver."""

import shutil
import sys
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from knockflow import Case

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
REPORT = ROOT / "results" / "report.html"
FLAGS = ("headless", "no-sandbox", "disable-gpu", "hide-scrollbars", "disable-background-networking")
OPEN = "document.querySelectorAll('details.fluxes').forEach(fold => fold.open = true)"

VIEWS = {
    "report.png": {"width": 1280, "height": 860},
    "report-dark.png": {"width": 1280, "height": 860, "scheme": "dark"},
    "report-phone.png": {"width": 390, "height": 860},
    "report-designs.png": {"width": 1280, "height": 900, "at": "#finder"},
    "report-fluxes.png": {"width": 1280, "height": 1000, "at": "details.fluxes"},
}


def browser() -> webdriver.Chrome:
    """A browser without a window.

    Raises
    ------
    SystemExit
        If it is not installed.
    """
    driver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    if not driver or not chromium:
        raise SystemExit("pictures: install chromium and chromedriver (Debian: chromium, chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(f"--{flag}")
    options.add_argument(f"--user-data-dir={tempfile.mkdtemp()}")
    return webdriver.Chrome(options=options, service=Service(driver))


def photograph(page: webdriver.Chrome, file: str, width: int, height: int, scheme: str = "light", at: str = "") -> None:
    """Write what a screen of some size shows of the report, from its beginning or from an element on."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    page.get(REPORT.as_uri())
    page.execute_script(OPEN)
    if at:
        page.execute_script("document.querySelector(arguments[0]).scrollIntoView()", at)
    page.save_screenshot(str(IMAGES / file))


def draw_envelope() -> None:
    """Write the production envelopes of succinate, of the wild type and of the best design of two removals."""
    case = Case("cobra:textbook", product="EX_succ_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0}, min_growth=0.05)
    case.design("robustknock", max_interventions=2, max_designs=1).plot("envelopes").save(IMAGES / "envelope.svg")


def main() -> None:
    """Make all of them anew."""
    if not REPORT.exists():
        sys.exit("pictures: there is no results/report.html; make run first")
    IMAGES.mkdir(exist_ok=True)
    draw_envelope()
    page = browser()
    for file, view in VIEWS.items():
        photograph(page, file, **view)
    page.quit()


if __name__ == "__main__":
    main()
