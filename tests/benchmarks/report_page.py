"""How large a report of 500 designs is, and how soon its table follows what a reader does, in the browser itself.

    python tests/benchmarks/report_page.py                     # runs the case, measures, prints the table
    python tests/benchmarks/report_page.py --results FOLDER    # keeps the run there, or measures one that is there
    python tests/benchmarks/report_page.py --results FOLDER --write     # and puts the table into docs/report.md

The E. coli core model with and without oxygen, succinate, all designs of `optknock` with up to four removals. Each step
is measured with the first hundred rows shown, as the page opens, and with all: by `performance.now()` until the page is
laid out anew, and in time of the processor, which others who use the machine do not lengthen. Medians of eleven.
"""

import argparse
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests/shared")]

from browser import installed, open_browser, show  # noqa: E402
from measuring import DOCS, write_part  # noqa: E402

CONFIG = """\
cases:
  anaerobic: {model: cobra:textbook, product: EX_succ_e, medium: {EX_glc__D_e: 10, EX_o2_e: 0}}
  aerobic: {model: cobra:textbook, product: EX_succ_e, medium: {EX_glc__D_e: 10, EX_o2_e: 20}}
formulations:
  optknock: {kind: optknock, max_interventions: 4, max_designs: 500, time_limit_s: null}
"""
TIMES = 11
LIMIT_MS, LIMIT_MB = 200, 10

READY = """
window.section = document.getElementById("finder");
window.form = section.querySelector("form");
window.lines = () => section.querySelectorAll("tbody tr").length;
window.head = name => [...section.querySelectorAll("th button")].find(one => one.textContent === name);
window.choose = (name, value) => { form.elements[name].value = value; form.dispatchEvent(new Event("input")); };
window.clear = whole => {
  for (const one of form.elements) if (one.name) one.value = "";
  choose("search", "");
  const more = section.querySelector(".more"); if (whole && !more.hidden) more.click();
  document.body.offsetHeight;
};
window.timed = step => {
  const began = performance.now(); step(); section.getBoundingClientRect(); document.body.offsetHeight;
  return performance.now() - began;
};
"""
STEPS = {
    "sort by a number": "head('Growth').click()",
    "sort by interventions": "head('Interventions').click()",
    "search for a reaction": "choose('search', 'pyk')",
    "search for two words": "choose('search', 'optknock ald')",
    "filter by coupling": "choose('coupling', form.elements.coupling.options[1].value)",
    "at most four interventions": "choose('most', 4)",
}


def run(folder: Path) -> None:
    """The workflow, in a folder, unless it has a report already."""
    if (folder / "results/report.html").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "many.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    places = ["--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder), "--configfile", str(config)]
    subprocess.run([sys.executable, "-m", "snakemake", "--cores", "2", *places], check=True, cwd=ROOT)


class Bench:
    """The report in a browser that counts the processor's time."""

    def __init__(self, report: Path, profile: Path):
        self.page = open_browser(profile)
        self.page.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
        show(self.page, report.as_uri(), 1280)
        self.page.execute_script(READY)

    def loading(self) -> float:
        """Milliseconds until the page was loaded."""
        timing = "const [one] = performance.getEntriesByType('navigation'); return one.loadEventEnd - one.startTime"
        return self.page.execute_script(timing)

    def times(self, step: str, whole: bool) -> tuple[float, float]:
        """Medians of milliseconds of a step by the clock and by the processor, with some or all rows shown."""
        found = []
        for _ in range(TIMES):
            self.page.execute_script("clear(arguments[0])", whole)
            before = self._busy()
            taken = self.page.execute_script(f"return timed(() => {step})")
            found.append((taken, 1000 * (self._busy() - before)))
        by_clock, by_processor = map(statistics.median, zip(*found, strict=True))
        return by_clock, by_processor

    def _busy(self) -> float:
        metrics = self.page.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")


def measured(report: Path, profile: Path) -> tuple[float, dict[str, list[float]]]:
    """Milliseconds of loading, and of each step: by clock and processor, first with some rows shown, then with all."""
    bench = Bench(report, profile)
    try:
        loading = bench.loading()
        some = {name: bench.times(step, whole=False) for name, step in STEPS.items()}
        return loading, {name: [*some[name], *bench.times(step, whole=True)] for name, step in STEPS.items()}
    finally:
        bench.page.quit()


def table(report: Path, loading: float, found: dict[str, list[float]]) -> str:
    """The lines of the page."""
    designs = len((report.parent / "summary.tsv").read_text(encoding="utf-8").splitlines()) - 1
    size = report.stat().st_size / 1e6
    rows = [f"{designs} designs, a card for each: {size:.1f} MB, loaded in {loading:.0f} ms.", ""]
    rows += ["| milliseconds | 100 rows shown | of the processor | all rows shown | of the processor |"]
    rows += ["| --- " * 5 + "|"]
    rows += [f"| {name} | {' | '.join(f'{one:.0f}' for one in times)} |" for name, times in found.items()]
    return "\n".join(rows) + "\n"


def main() -> int:
    """Measure; 1 where a step keeps the processor longer than it may, or the page is larger."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not installed():
        sys.exit("report_page: install chromium and chromedriver (Debian: chromium, chromium-driver)")
    with TemporaryDirectory() as scratch:
        folder = options.results or Path(scratch) / "run"
        run(folder)
        report = folder / "results/report.html"
        loading, found = measured(report, Path(scratch) / "profile")
        text = table(report, loading, found)
        print(text)
        if options.write:
            write_part(DOCS / "report.md", "measured", text)
        slow = any(max(times[1], times[3]) > LIMIT_MS for times in found.values())
        return int(slow or report.stat().st_size > LIMIT_MB * 1e6)


if __name__ == "__main__":
    sys.exit(main())
