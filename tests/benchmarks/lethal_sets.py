"""All minimal lethal sets of genome-scale models, by size: how many, seconds of the processor, and memory.

    python tests/benchmarks/lethal_sets.py                    # measures and prints the table
    python tests/benchmarks/lethal_sets.py --write            # and puts it into docs/scale.md
    python tests/benchmarks/lethal_sets.py --only iJO1366 --most 4 --limit 600

Growth below 0.001 per h in the model's own medium; one process. Each row is a process of its own. KNOCKFLOW_DATA names
the folder whose `models` holds what COBRApy does not bundle.
"""

import argparse
import os
import resource
import sys
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

PAGE = ROOT / "docs/scale.md"
START, END = "<!-- lethal: start -->\n", "<!-- lethal: end -->\n"
HEAD = "| model | sets of | up to | sets by size | complete | seconds | memory, MB |\n"
LINE = "| --- " * 7 + "|\n"
MODELS = {
    "iJO1366": ("cobra:iJO1366", "reactions", "BIOMASS_Ec_iJO1366_core_53p95M", 5),
    "iML1515": ("iML1515.json.gz", "genes", "BIOMASS_Ec_iML1515_core_75p37M", 3),
    "yeast-GEM": ("yeast-GEM.yml.gz", "genes", "r_2111", 3),
}


def source(name: str) -> str | None:
    """Where a model is read from; None if it is not there."""
    given = MODELS[name][0]
    if given.startswith("cobra:"):
        return given
    path = Path(os.environ.get("KNOCKFLOW_DATA") or "no such folder") / "models" / given
    return str(path) if path.exists() else None


def measured(name: str, most: int, limit: float) -> tuple[str, bool]:
    """A line of the table, and whether the list is complete."""
    from knockflow import Case

    _, level, growth, _ = MODELS[name]
    case = Case(source(name), min_growth=0.0, targets={"level": level})
    case.problem  # noqa: B018
    begun = time.process_time()
    found = case.design(
        "mcs",
        method="tree",
        suppress=[f"{growth} >= 0.001"],
        max_interventions=most,
        max_designs="all",
        time_limit_s=limit,
    )
    seconds = time.process_time() - begun
    sizes = Counter(row["n_interventions"] for row in found.table)
    counts = ", ".join(str(sizes[size]) for size in range(1, most + 1))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    complete = found.record["proven"]
    cells = [name, level, most, counts, "yes" if complete else "no", f"{seconds:.0f}", f"{memory:.0f}"]
    return f"| {' | '.join(map(str, cells))} |\n", complete


def main() -> None:
    """Print the table, or put it into the page."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--write", action="store_true", help="write docs/scale.md")
    asked.add_argument("--only", default="", help="models whose name contains this")
    asked.add_argument("--most", type=int, default=5, help="largest size of sets")
    asked.add_argument("--limit", type=float, default=600, help="seconds for each search, by the clock")
    options = asked.parse_args()
    table = HEAD + LINE
    print(table, end="")
    for name in (name for name in MODELS if options.only in name and source(name)):
        for most in range(1, min(options.most, MODELS[name][3]) + 1):
            with get_context("spawn").Pool(1) as pool:
                row, complete = pool.apply(measured, (name, most, options.limit))
            table += row
            print(row, end="", flush=True)
            if not complete:
                break
    if options.write:
        before, rest = PAGE.read_text(encoding="utf-8").split(START)
        PAGE.write_text(before + START + table + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
