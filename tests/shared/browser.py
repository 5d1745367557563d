"""A browser without a window, and pages in it: on screens and sheets of some width, light and dark."""

import shutil
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

FLAGS = (
    *("headless", "no-sandbox", "disable-gpu", "hide-scrollbars"),
    *("disable-background-networking", "disable-component-update"),
)
MOST_SECONDS = 600
UNFOLD = "document.querySelectorAll('details:not(.unprinted)').forEach(fold => fold.open = true)"
"""What opens all folds, but for the cards that are not printed, of which there may be hundreds."""

SERIOUS = ("serious", "critical")
FAULTS = """
const done = arguments[arguments.length - 1];
const told = one => [one.id, one.impact, one.nodes[0].html];
axe.run({resultTypes: ["violations"]}).then(found => done(found.violations.map(told)));
"""


def installed() -> bool:
    """Whether this machine has chromium and its driver."""
    return bool(shutil.which("chromedriver") and shutil.which("chromium"))


def open_browser(profile: Path) -> webdriver.Chrome:
    """A browser that keeps its profile in a folder of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in FLAGS:
        options.add_argument(f"--{flag}")
    options.add_argument(f"--user-data-dir={profile}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    page = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    # Rules on contrast take minutes for a long page on a busy machine.
    page.command_executor.client_config.timeout = MOST_SECONDS
    page.set_script_timeout(MOST_SECONDS)
    return page


def show(
    page: webdriver.Chrome, address: str, width: int, height: int = 900, media: str = "screen", scheme: str = "light"
) -> None:
    """Open an address anew on a screen or a sheet of some size (pixels)."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
    page.get(address)


def faults_of(page: webdriver.Chrome, address: str) -> list[tuple]:
    """What hinders people on a page, with all of it unfolded: on a desk and, dark, on a phone."""
    found: list[tuple] = []
    for width, scheme in ((1280, "light"), (390, "dark")):
        show(page, address, width, scheme=scheme)
        page.execute_script(UNFOLD)
        wide = page.execute_script("return document.documentElement.scrollWidth")
        found += [(width, "is wider than the screen", wide)] if wide > width else []
        found += [(width, "console", line["message"]) for line in page.get_log("browser")]
        found += [(width, *fault) for fault in serious_faults(page)]
    return found


def serious_faults(page: webdriver.Chrome) -> list[list[str]]:
    """What axe-core calls serious or critical of the page as it is now: rule, impact, and the first element."""
    from importlib.resources import files

    page.execute_script((files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8"))
    return [fault for fault in page.execute_async_script(FAULTS) if fault[1] in SERIOUS]
