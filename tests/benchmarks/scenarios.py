"""What designs judged by several scenarios take on a genome-scale model: seconds of the processor, and memory.

    python tests/benchmarks/scenarios.py                # measures and prints the table
    python tests/benchmarks/scenarios.py --write        # and puts it into docs/scenarios.md
    python tests/benchmarks/scenarios.py --only mean    # the judges with this in their name
    python tests/benchmarks/scenarios.py --most 2       # up to so many removals

iJO1366 without oxygen, 10 mmol/gDW/h of glucose, growth of at least 0.1 per h, succinate, `robustknock`, `tree`, one
process. Each row is a process of its own, since memory is the most that it has held.
"""

import argparse
import resource
import sys
import time
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from measuring import DOCS, write_part  # noqa: E402

HEAD = "| judged by | removals | best | value, mmol/gDW/h | nodes | seconds | with the case | memory, MB |\n"
LINE = "| --- " * 8 + "|\n"
NAMED = {
    "nominal": {},
    "maintenance": {"times": {"ATPM": 1.3}},
    "leak_1": {"uptake": {"EX_o2_e": 1}},
    "leak_2": {"uptake": {"EX_o2_e": 2}},
    "more_atp": {"growth_atp": 1.2},
    "less_atp": {"growth_atp": 0.8},
}
JUDGES = {
    "no scenarios": None,
    "worst": {},
    "mean": {"judge": "mean"},
    "quantile 0.5": {"judge": "quantile", "quantile": 0.5},
}


def measured(judge: str, most: int) -> str:
    """A line of the table."""
    from knockflow import Case

    asked = JUDGES[judge]
    layers = {} if asked is None else {"scenarios": {"named": NAMED, **asked}}
    medium = {"EX_glc__D_e": 10, "EX_o2_e": 0}
    case = Case("cobra:iJO1366", "EX_succ_e", medium=medium, min_growth=0.1, layers=layers)
    case.problem  # noqa: B018
    begun = time.process_time()
    found = case.design("robustknock", max_interventions=most, max_designs=1, time_limit_s=None)
    end = time.process_time()
    best = ", ".join(f"`{name}`" for name in found[0].interventions).replace("|", r"\|")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cells = [judge, most, best, f"{found[0].value:.4f}", found.record["nodes"], f"{end - begun:.0f}", f"{end:.0f}"]
    return f"| {' | '.join(map(str, [*cells, f'{memory:.0f}']))} |\n"


def main() -> None:
    """Print the table, or put it into the page."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--write", action="store_true", help="write docs/scenarios.md")
    asked.add_argument("--only", default="", help="judges whose name contains this")
    asked.add_argument("--most", type=int, default=3, help="removals at most")
    options = asked.parse_args()
    table = HEAD + LINE
    print(table, end="")
    for most in range(2, options.most + 1):
        for judge in (judge for judge in JUDGES if options.only in judge):
            with get_context("spawn").Pool(1) as pool:
                row = pool.apply(measured, (judge, most))
            table += row
            print(row, end="", flush=True)
    if options.write:
        write_part(DOCS / "scenarios.md", "genome", table)


if __name__ == "__main__":
    main()
