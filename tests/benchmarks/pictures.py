"""The pictures of the documentation: `make pictures`, on a machine with chromium and chromedriver.

    python tests/benchmarks/pictures.py                                       # runs what they show, minutes
    python tests/benchmarks/pictures.py --default FOLDER --screen FOLDER      # shows runs that are there

The default configuration and the example of a screen, each in a folder whose `results` has a report.
"""

import argparse
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/shared")]

from browser import installed, open_browser, show  # noqa: E402
from measuring import DOCS  # noqa: E402

from knockflow import Case  # noqa: E402

IMAGES = DOCS / "images"
CONFIGURATIONS = {"default": "config/config.yaml", "screen": "config/examples/screen.yaml"}
OPEN = "for (const one of document.querySelectorAll('details.fluxes, details.predicted')) one.open = true"
QUALITY = 82

VIEWS = {
    "report": {"width": 1280, "height": 860},
    "report-dark": {"width": 1280, "height": 860, "scheme": "dark"},
    "report-phone": {"width": 390, "height": 860},
    "report-print": {"width": 703, "height": 995, "media": "print"},
    "report-card": {"width": 1280, "height": 760, "at": "[id^=cards-]"},
    "report-card-phone": {"width": 390, "height": 860, "at": ".card[open]"},
    "report-fluxes": {"width": 1280, "height": 1000, "at": "details.fluxes"},
    "report-opinion": {"width": 1280, "height": 720, "at": "details.predicted"},
    "report-designs": {"width": 1280, "height": 720, "at": "#finder"},
    "report-risks": {"width": 1280, "height": 560, "at": "#risks"},
    "report-screen": {"width": 1280, "height": 860, "at": "#screens", "of": "screen"},
}
"""Pictures by name: the size of the screen or sheet (pixels), where it begins, and of which run it is."""


def report_of(name: str, folder: Path) -> str:
    """The address of a report in a folder, run first where there is none."""
    report = folder / "results/report.html"
    if not report.exists():
        folder.mkdir(parents=True, exist_ok=True)
        places = ["--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder)]
        asked = ["--configfile", str(ROOT / CONFIGURATIONS[name])]
        subprocess.run([sys.executable, "-m", "snakemake", "--cores", "2", *places, *asked], check=True, cwd=ROOT)
    return report.resolve().as_uri()


def photograph(page, name: str, address: str, height: int, at: str = "body", **how) -> None:
    """Write what a screen shows of a report, from an element on."""
    show(page, address, height=height, **how)
    page.execute_script(OPEN)
    place = "return Math.max(0, document.querySelector(arguments[0]).getBoundingClientRect().top + scrollY - 8)"
    top = 0 if at == "body" else page.execute_script(place, at)
    clip = {"x": 0, "y": top, "width": how["width"], "height": height, "scale": 1}
    asked = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
    taken = page.execute_cdp_cmd("Page.captureScreenshot", asked)["data"]
    (IMAGES / f"{name}.webp").write_bytes(b64decode(taken))


def draw_envelope() -> None:
    """Write the production envelopes of succinate, of the wild type and of the best design of two removals."""
    case = Case("cobra:textbook", product="EX_succ_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0}, min_growth=0.05)
    case.design("robustknock", max_interventions=2, max_designs=1).plot("envelopes").save(IMAGES / "envelope.svg")


def main() -> None:
    """Make all of them anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in CONFIGURATIONS:
        parser.add_argument(f"--{name}", type=Path)
    options = parser.parse_args()
    if not installed():
        sys.exit("pictures: install chromium and chromedriver (Debian: chromium, chromium-driver)")
    IMAGES.mkdir(exist_ok=True)
    draw_envelope()
    with TemporaryDirectory() as scratch:
        folders = {name: getattr(options, name) or Path(scratch) / name for name in CONFIGURATIONS}
        addresses = {name: report_of(name, folder) for name, folder in folders.items()}
        page = open_browser(Path(scratch) / "profile")
        try:
            for name, view in VIEWS.items():
                photograph(
                    page, name, addresses[view.get("of", "default")], **{k: v for k, v in view.items() if k != "of"}
                )
        finally:
            page.quit()


if __name__ == "__main__":
    main()
