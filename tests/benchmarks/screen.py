"""Every organic compound as a product: the tables of docs/screen.md.

    python tests/benchmarks/screen.py --core                             # the core model, proven; a minute
    python tests/benchmarks/screen.py --results screen.jsonl             # iJO1366, dives; what is not there yet
    python tests/benchmarks/screen.py --results screen.jsonl --write     # either with --write puts it into the page

iJO1366: glucose 10 mmol/gDW/h, no oxygen, min_growth 0.05 per h, `strong_coupling` by `dive` with at most 20
interventions, each product in a limited time of the processor (`--limit`), in an order by chance so that what has come
is a sample. COBRApy evaluates every design again. `--share 1/2` and `--share 2/2` are the halves, for two cores.
"""

import argparse
import random
import sys
import time
from pathlib import Path
from statistics import median
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from measuring import DOCS, add_rows, read_rows, write_part  # noqa: E402

from knockflow import Case  # noqa: E402
from knockflow.base import clock  # noqa: E402
from knockflow.designs.screen import coupled  # noqa: E402
from knockflow.settings.schema import default_of  # noqa: E402
from knockflow.stages.screen import products_of  # noqa: E402

MEDIUM = {"EX_glc__D_e": 10, "EX_o2_e": 0}
KINDS = ("robustknock", "strong_coupling")
HEAD = "| product | largest yield | `robustknock` | removals | `strong_coupling` | removals |\n"
MOST = 20


def core() -> str:
    """The core model's table."""
    case = Case("cobra:textbook", medium=MEDIUM, min_growth=0.05)
    found = [case.screen(kind, max_interventions=3, max_designs=1).to_dict("records") for kind in KINDS]
    lines = []
    for rows in zip(*found, strict=True):
        cells = [rows[0]["name"], f"{rows[0]['largest_yield_mol_per_mol']:.3f}"]
        for row in rows:
            cells += [row["yield_min_mol_per_mol"], row["interventions"]] if coupled(row) else ["none", ""]
        lines.append("| " + " | ".join(one.replace("|", "\\|").replace(";", ", ") for one in cells) + " |\n")
    return HEAD + "| --- " * 6 + "|\n" + "".join(lines)


def measured(product: str, limit: float) -> dict:
    """What the dives find for a product of iJO1366."""
    begun = time.process_time()
    case = Case("cobra:iJO1366", product, medium=MEDIUM, min_growth=0.05)
    options = {"max_interventions": MOST, "max_designs": 1, "dives": 10**6, "time_limit_s": limit}
    with patch.object(clock.time, "monotonic", time.process_time):
        designs = case.design("strong_coupling", method="dive", **options)
    found = len(designs) > 0 and designs[0].guaranteed > 1e-4
    row = {"product": product, "limit": limit, "potential": designs.record["potential"], "coupled": found}
    if found:
        verified = bool(designs.validate()["verified"][0])
        row |= {"guaranteed": designs[0].guaranteed, "n": len(designs[0].interventions), "verified": verified}
    return row | {"seconds": time.process_time() - begun}


def told(rows: list[dict]) -> str:
    """What the page says of them."""
    able = [row for row in rows if row["coupled"] and row["verified"]]
    shares = [row["guaranteed"] / row["potential"] for row in able]
    lines = [
        ("products tried", f"{len(rows)}"),
        ("coupled at any growth, verified", f"{len(able)} ({len(able) / max(1, len(rows)):.0%})"),
        ("guaranteed share of the potential, median", f"{median(shares):.2f}" if shares else "none"),
        ("interventions, median", f"{median(row['n'] for row in able):g}" if able else "none"),
        ("processor seconds each with model and validation, median", f"{median(row['seconds'] for row in rows):.0f}"),
        ("not coupled", ", ".join(sorted(row["product"] for row in rows if row not in able)) or "none"),
    ]
    return "| iJO1366 | |\n| --- | --- |\n" + "".join(f"| {name} | {value} |\n" for name, value in lines)


def measure(results: Path, known: list[dict], limit: float, share: str) -> None:
    """Add lines for products that are not there yet."""
    case = Case("cobra:iJO1366", medium=MEDIUM, min_growth=0.05, targets={"level": "reactions"})
    products = products_of(case.options, default_of("model_cache"))
    part, parts = map(int, share.split("/"))
    print(len(products), "products", flush=True)
    random.Random(1).shuffle(products)
    done = {row["product"] for row in known}
    for product in products[part - 1 :: parts]:
        if product not in done:
            row = measured(product, limit)
            add_rows(results, [row])
            print(row, flush=True)


def main() -> None:
    """Print a table or measure, or write the page."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--core", action="store_true", help="the core model")
    asked.add_argument("--results", type=Path, help="a file of lines, one for each product of iJO1366")
    asked.add_argument("--limit", type=float, default=20, help="seconds of the processor for each search")
    asked.add_argument("--share", default="1/1", help="the part of the products, such as 1/2")
    asked.add_argument("--write", action="store_true", help="write docs/screen.md")
    options = asked.parse_args()
    tables = {"core": core()} if options.core else {}
    if options.results:
        known = read_rows(options.results)
        if not options.write:
            measure(options.results, known, options.limit, options.share)
            return
        tables["genome"] = told(known)
    for name, table in tables.items():
        print(table)
        if options.write:
            write_part(DOCS / "screen.md", name, table)


if __name__ == "__main__":
    main()
