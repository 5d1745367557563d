"""What `dive` finds on iJO1366 in a limited time, ten products with and without oxygen; writes a table of docs/dive.md.

    python tests/benchmarks/dives.py --results dives.jsonl             # measures what is not in the results yet
    python tests/benchmarks/dives.py --results dives.jsonl --write     # writes the page

Glucose 10 mmol/gDW/h, min_growth 0.05 per h, at most 20 interventions, 30 for lysine. The limit counts seconds of the
processor, one process: on a quiet machine these are seconds. Each design is evaluated again by COBRApy.
"""

import argparse
import itertools
import sys
import time
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from cobra import Model  # noqa: E402
from measuring import DOCS, add_rows, read_rows, write_part  # noqa: E402

from knockflow import Case  # noqa: E402
from knockflow.base import clock  # noqa: E402

PRODUCTS = ("succ", "lys__L", "etoh", "lac__D", "ac", "for", "ala__L", "pyr", "mal__L", "glu__L")
MOST = {"lys__L": 30}
JOBS = (("strong_coupling", "reactions"), ("strong_coupling", "genes"))
HEAD = (
    "| guarantee | level | product | oxygen | potential | guaranteed at any growth | at maximal growth | growth |"
    " interventions | at least | by | verified | seconds |\n"
)
Row = dict


def measured(model: Model, kind: str, level: str, product: str, oxygen: float, limit: float) -> Row:
    """One case: what the best design of the dives is, and what it took once the problem is there."""
    medium = {"EX_glc__D_e": 10, "EX_o2_e": oxygen}
    case = Case(model, f"EX_{product}_e", medium=medium, min_growth=0.05, targets={"level": level})
    options = {"max_interventions": MOST.get(product, 20), "max_designs": 1, "dives": 10**6, "time_limit_s": limit}
    assert case.problem.viable
    with patch.object(clock.time, "monotonic", time.process_time):
        begun = time.process_time()
        designs = case.design(kind, method="dive", **options)
        seconds = time.process_time() - begun
    row = {"kind": kind, "level": level, "product": product, "oxygen": oxygen, "limit": limit, "seconds": seconds}
    record = designs.record
    row |= {"status": record["status"], "reason": record["reason"], "potential": record["potential"]}
    told = record["dives"] or {}
    row["least"], row["by"] = told.get("least_interventions"), told.get("least_interventions_by")
    if len(designs) and designs[0].interventions:
        checked = designs.validate()
        row |= {
            "interventions": list(designs[0].interventions),
            "growth": float(checked["growth_per_h"][0]),
            "at_growth": float(checked["product_min_mmol_per_gdw_h"][0]),
            "always": float(checked["product_min_at_min_growth_mmol_per_gdw_h"][0]),
            "verified": bool(checked["verified"][0]),
        }
    return row


def line(row: Row) -> str:
    """A line of the table."""
    first = [f"`{row['kind']}`", row["level"], row["product"], f"{row['oxygen']:g}"]
    first.append("none" if row["potential"] is None else f"{row['potential']:.3f}")
    if "interventions" not in row:
        return f"| {' | '.join(first)} | | | | none | | | | {row['seconds']:.0f} |\n"
    cells = [f"{row[key]:.3f}" for key in ("always", "at_growth", "growth")]
    by = (row["by"] or "").split(":")[0]
    cells += [len(row["interventions"]), row["least"], by, "yes" if row["verified"] else "NO", f"{row['seconds']:.0f}"]
    return f"| {' | '.join([*first, *map(str, cells)])} |\n"


def main() -> None:
    """Measure what is missing, or write the page."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--results", type=Path, required=True, help="a file of lines, one for each case")
    asked.add_argument("--limit", type=float, default=60, help="seconds of the processor for each search")
    asked.add_argument("--write", action="store_true", help="write docs/dive.md")
    options = asked.parse_args()
    known = read_rows(options.results)
    if options.write:
        known = sorted(known, key=lambda row: (JOBS.index((row["kind"], row["level"])), PRODUCTS.index(row["product"])))
        table = HEAD + "| --- " * 13 + "|\n" + "".join(map(line, known))
        write_part(DOCS / "dive.md", "dives", table)
        return
    from cobra.io import load_model

    model = load_model("iJO1366")
    done = {(row["kind"], row["level"], row["product"], row["oxygen"]) for row in known}
    for product, oxygen, (kind, level) in itertools.product(PRODUCTS, (15, 0), JOBS):
        if (kind, level, product, oxygen) in done:
            continue
        row = measured(model, kind, level, product, oxygen, options.limit)
        add_rows(options.results, [row])
        print(line(row), end="", flush=True)


if __name__ == "__main__":
    main()
