"""What Pareto fronts of value, growth and cost take: points, nodes and seconds of the processor, one process.

    python tests/benchmarks/fronts.py                   # measures and prints the table
    python tests/benchmarks/fronts.py --write           # and puts it into docs/fronts.md
    python tests/benchmarks/fronts.py --only iJO1366    # the cases whose model has this in its name

Anaerobic growth on 10 mmol/gDW/h of glucose, `robustknock`, `tree`.
"""

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from measuring import DOCS, write_part  # noqa: E402

from knockflow import Case  # noqa: E402

HEAD = "| model | product | removals | points | from | to | nodes | seconds |\n"
LINE = "| --- " * 8 + "|\n"
CASES = {
    ("textbook", "EX_succ_e", 0.05): (2, 3, 4),
    ("textbook", "EX_lac__D_e", 0.05): (2, 3, 4),
    ("iJO1366", "EX_succ_e", 0.1): (1, 2),
}


def rows(only: str):
    """A line for each front, once it is found."""
    for (model, product, min_growth), removals in CASES.items():
        if only not in model:
            continue
        medium = {"EX_glc__D_e": 10, "EX_o2_e": 0}
        case = Case(f"cobra:{model}", product, medium=medium, min_growth=min_growth)
        for most in removals:
            begun = time.process_time()
            front = case.front("robustknock", max_interventions=most, time_limit_s=None)
            seconds = time.process_time() - begun
            ends = [f"({max(one.value, 0):.5f}, {one.growth:.5f})" for one in (front[len(front) - 1], front[0])]
            cells = [model, product, f"up to {most}", len(front), *ends, front.record["nodes"], f"{seconds:.1f}"]
            yield f"| {' | '.join(map(str, cells))} |\n"


def main() -> None:
    """Print the table, or put it into the page."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--write", action="store_true", help="write docs/fronts.md")
    asked.add_argument("--only", default="", help="models whose name contains this")
    options = asked.parse_args()
    table = HEAD + LINE
    print(table, end="")
    for row in rows(options.only):
        table += row
        print(row, end="", flush=True)
    if options.write:
        write_part(DOCS / "fronts.md", "seconds", table)


if __name__ == "__main__":
    main()
