"""Every pair of formulation and method on the core model, each method alone; writes the tables of docs/methods.md.

    python tests/benchmarks/methods.py --results methods.jsonl            # measures
    python tests/benchmarks/methods.py --results methods.jsonl --write    # writes the page

Measuring adds one line to the results for each run and leaves out what is there already, so it can be stopped and
called again; of two lines for a run the last counts. `tree` comes first: its values are what the others are compared
with. With `--again` it repeats what the limit ended while other programs held the processor.
"""

import argparse
import os
import sys
import time
from dataclasses import asdict, astuple, dataclass, replace
from functools import cache
from pathlib import Path
from statistics import median

from measuring import DOCS, add_rows, processor_seconds, read_rows, write_part

from knockflow.api import Case
from knockflow.base.errors import KnockflowError
from knockflow.base.tolerances import VERIFIED, close
from knockflow.formulations.registry import rated
from knockflow.methods.registry import with_models
from knockflow.settings.support import why_not

PRODUCTS = ("EX_succ_e", "EX_etoh_e", "EX_lac__D_e", "EX_ac_e", "EX_for_e")
CONDITIONS = {"anaerobic": {"EX_o2_e": 0}, "aerobic": {}}
GLUCOSE = {"EX_glc__D_e": 10}
MIN_GROWTH = 0.05
MOST = {"tree": 4, "exhaustive": 2, "strong_duality": 3, "kkt": 3}
KINDS = {"exhaustive": ("optknock", "robustknock")}
BOUNDS = {"removal": "removal", "growth_price": "growth price", "flux_price": "flux price", "multiplier": "other"}
SHORT = {"strong_duality": "", "kkt": "kkt "}
TOOLS = {"cbc": "CBC", "highs": "HiGHS", "glpk": "GLPK by swiglpk"}
SHARE = 0.9
"""Share of a processor that a run must have had until the limit, to have had its time."""

ALONE = "was not confirmed by an exact method"
"""The end of the reason why a list is unproven although the method itself has finished."""

Row = dict


@dataclass(frozen=True)
class Run:
    """What one run asks."""

    method: str
    kind: str
    most: int
    condition: str
    product: str
    solver: str | None
    limit_s: float

    def tree(self) -> "Run":
        """The same question to `tree`."""
        return Run("tree", self.kind, self.most, self.condition, self.product, None, self.limit_s)


def planned(limit_s: float, kkt_solvers: list[str], skipped: list[str]) -> list[Run]:
    """All runs, in order; `skipped` holds METHOD/KIND."""
    solvers = {"tree": [None], "exhaustive": [None], "strong_duality": ["cbc", "highs"], "kkt": kkt_solvers}
    return [
        Run(method, kind, most, condition, product, solver, limit_s)
        for method in MOST
        for kind in KINDS.get(method, rated())
        if why_not(method, kind) is None and f"{method}/{kind}" not in skipped
        for most in range(1, MOST[method] + 1)
        for condition in CONDITIONS
        for product in PRODUCTS
        for solver in solvers[method]
    ]


def read(path: Path) -> dict[Run, Row]:
    """What has been measured so far."""
    return {Run(**{name: row[name] for name in Run.__dataclass_fields__}): row for row in read_rows(path)}


@cache
def case_of(product: str, condition: str) -> Case:
    """The core model that COBRApy bundles, with a product, growing at least 0.05 per h."""
    medium = GLUCOSE | CONDITIONS[condition]
    return Case("cobra:textbook", product, medium=medium, min_growth=MIN_GROWTH)


def starved(rows: dict[Run, Row], run: Run) -> bool:
    """Whether the limit ended a run that shared its processor with others."""
    return verdict(rows, run) == "limit" and rows[run]["cpu_s"] < SHARE * run.limit_s


def measured(run: Run) -> Row:
    """What one run found, or the message of its error."""
    case = case_of(run.product, run.condition)
    start, before = time.monotonic(), processor_seconds()
    options = {"max_interventions": run.most, "max_designs": 1, "time_limit_s": run.limit_s, "confirm": None}
    try:
        designs = case.design(run.kind, method=run.method, solver=run.solver, threads=1, **options)
    except KnockflowError as error:
        took = {"seconds": round(time.monotonic() - start, 3), "cpu_s": round(processor_seconds() - before, 3)}
        return asdict(run) | took | {"error": str(error)}
    used, record = round(processor_seconds() - before, 3), designs.record
    kept = ("status", "reason", "bound", "potential", "gap", "seconds", "nodes", "iterations", "big_m")
    return (
        asdict(run)
        | {"value": record["objective"], "design": list(designs.table[0]["interventions"]), "cpu_s": used}
        | {name: record[name] for name in kept}
        | {"solver_name": record["solver"], "solver_version": record["solver_version"]}
        | {"versions": record["versions"], "cores": os.cpu_count()}
    )


def measure(runs: list[Run], path: Path, again: bool) -> None:
    """Add what is missing to the results, or what was starved."""
    rows = read(path)
    for number, run in enumerate(runs, 1):
        if run in rows and not (again and starved(rows, run)):
            continue
        row = measured(run)
        if row.get("reason") == "SIGTERM":
            sys.exit("stopped; call again to go on")
        rows[run] = row
        row["equals_tree"] = equal(rows, run)
        add_rows(path, [row])
        print(f"{number}/{len(runs)}", *astuple(run)[:-1], row["seconds"], verdict(rows, run), flush=True)


def equal(rows: dict[Run, Row], run: Run) -> bool | None:
    """Whether a run has the value of `tree`; None where either has none."""
    value, true = rows[run].get("value"), rows.get(run.tree(), {}).get("value")
    return None if value is None or true is None else close(true, value, VERIFIED)


def verdict(rows: dict[Run, Row], run: Run) -> str:
    """What became of a run: proved, agrees, less, more, limit, gave up or refused."""
    row = rows[run]
    if "error" in row:
        return "refused"
    if row["status"] != "optimal" and not row["reason"].endswith(ALONE):
        return "limit" if row["seconds"] > 0.95 * run.limit_s else "gave up"
    if run.method == "tree":
        return "proved"
    if equal(rows, run):
        return "agrees"
    return "less" if row["value"] < rows[run.tree()]["value"] else "more"


def question(run: Run) -> str:
    """A run in words."""
    method = f"`{run.method}`" + (f" by {run.solver}" if run.solver else "")
    return f"`{run.kind}`, `{run.product}`, {run.condition}, K = {run.most}, {method}"


def seconds(value: float) -> str:
    return f"{value:.0f}" if value >= 9.5 else f"{value:.2g}"


def gap(row: Row) -> str:
    return f"gap {row['gap']:.0%}" if row["gap"] < 10 else "gap over 1000%"


def answer(rows: dict[Run, Row], run: Run) -> str:
    """One line of a cell: seconds, and the value where it is not the one that `tree` has proven."""
    row, said = rows[run], verdict(rows, run)
    if run.method == "tree":
        helps = "" if row["design"] else " (none)"
        unproven = "" if said == "proved" else ", unproven"
        return f"**{row['value']:.3f}**{helps}<br>tree {seconds(row['cpu_s'])}{unproven}"
    name = run.method if run.solver is None else SHORT[run.method] + run.solver
    extra = {
        "agrees": "",
        "refused": ": refused",
        "less": f": **{row.get('value', 0):.3f}**",
        "more": f": **{row.get('value', 0):.3f}**",
    }.get(said)
    if extra is None:
        extra = f": {row['value']:.3f}, {gap(row)}"
    return f"{name} {seconds(row['cpu_s'])}{extra}"


def table(*lines: list[str]) -> list[str]:
    """A Markdown table; the first line is the head."""
    head, *rest = (f"| {' | '.join(line)} |\n" for line in lines)
    return [head, "|" + " --- |" * len(lines[0]) + "\n", *rest]


def values(rows: dict[Run, Row], condition: str) -> list[str]:
    """The table of a condition: a row for each product and number of removals, a column for each formulation."""
    lines = [["product", "K", *(f"`{kind}`" for kind in rated())]]
    for product in PRODUCTS:
        for most in range(1, max(MOST.values()) + 1):
            asked = [run for run in rows if (run.condition, run.product, run.most) == (condition, product, most)]
            cells = [[answer(rows, run) for run in asked if run.kind == kind] for kind in rated()]
            lines.append([f"`{product}`", str(most), *("<br>".join(cell) for cell in cells)])
    return table(*lines)


def groups(rows: dict[Run, Row]) -> dict[tuple[str, str, str], list[Run]]:
    """Runs by formulation, method and solver, formulations in their order."""
    order = list(rated())
    found: dict = {}
    for run in sorted(rows, key=lambda run: order.index(run.kind)):
        found.setdefault((run.kind, run.method, run.solver or "glpk"), []).append(run)
    return found


def overview(rows: dict[Run, Row]) -> list[str]:
    """How many runs of each pair ended how, and how long they took."""
    head = ["formulation", "method", "solver", "runs", "finished, value of `tree`", "finished, smaller value"]
    lines = [head + ["stopped by the limit", "refused or gave up", "median s", "longest s"]]
    for (kind, method, solver), runs in groups(rows).items():
        ends = [verdict(rows, run) for run in runs]
        took = [rows[run]["cpu_s"] for run in runs]
        counts = [
            len(runs),
            ends.count("agrees") + ends.count("proved"),
            ends.count("less"),
            ends.count("limit"),
            ends.count("refused") + ends.count("gave up"),
        ]
        lines.append([f"`{kind}`", f"`{method}`", solver, *map(str, counts), seconds(median(took)), seconds(max(took))])
    return table(*lines)


def span(numbers: list[float]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:.2g}" if low == high else f"{low:.2g} to {high:.2g}"


def bounds(rows: dict[Run, Row]) -> list[str]:
    """The bounds of dual variables that were used, as ranges over the runs of a pair."""
    head = ["formulation", "method", "solver", *BOUNDS.values(), "runs with widened", "runs with saturated"]
    lines = [head + ["claims above the truth (runs)"]]
    for (kind, method, solver), runs in groups(rows).items():
        used = [rows[run]["big_m"] for run in runs if rows[run].get("big_m")]
        if not used:
            continue
        ranges = [span([one[name] for one in used]) for name in BOUNDS]
        if not kind.startswith("pfba"):
            ranges[2] = ""
        above = [one["overclaims"] for one in used if one["overclaims"]]
        counts = [sum(one["grown"] > 0 for one in used), sum(one["saturated"] for one in used)]
        lines.append([f"`{kind}`", f"`{method}`", solver, *ranges, *map(str, counts), f"{sum(above)} ({len(above)})"])
    return table(*lines)


def counted(rows: dict[Run, Row]) -> str:
    """How many agree, and what became of the others."""
    ends = {run: verdict(rows, run) for run in rows}
    proofs = [run for run in rows if run.method == "tree"]
    checks = [run for run in rows if run.method == "exhaustive"]
    asked = [run for run in rows if run.method in with_models()]
    agreed, stopped = ([run for run in asked if ends[run] == end] for end in ("agrees", "limit"))
    same = sum(rows[run]["design"] == rows[run.tree()]["design"] for run in agreed)
    nothing = sum(not rows[run]["design"] for run in agreed)
    short = sum(starved(rows, run) for run in stopped)
    held = sum(equal(rows, run) is True for run in stopped)
    count = list(ends.values()).count
    return (
        f"`tree` proved {sum(ends[run] == 'proved' for run in proofs)} of {len(proofs)} answers, and `exhaustive` gave"
        f" the same value in {sum(ends[run] == 'agrees' for run in checks)} of {len(checks)} runs. Of the {len(asked)}"
        " runs of mixed-integer methods:\n\n"
        f"- **{len(agreed)} finished with the value of `tree`**, {same} of them with the same design, the others with"
        f" an equal one; in {nothing} of them the answer is that no removal helps.\n"
        f"- **{len(stopped)} were stopped by the limit**; {held} of them held the value of `tree`, without a"
        f" proof. {short} had less than {SHARE:.0%} of a processor, since others used the machine.\n"
        f"- **{count('less')} finished with a smaller value**: each of them is named below.\n"
        f"- {count('refused')} were refused with an error; {count('gave up')} gave up before the limit.\n"
        f"- {count('more')} found more than `tree`, which must not happen.\n"
    )


def elsewhere(rows: dict[Run, Row], run: Run) -> str:
    """Whether another solver found with the same bounds what this one has missed: then the bounds did not hide it."""
    peers = [other for other in rows if replace(other, solver=run.solver) == run and verdict(rows, other) == "agrees"]
    same = [other.solver for other in peers if bounds_of(rows[other]) == bounds_of(rows[run])]
    return f"; {' and '.join(same)} found it with the same bounds" if same else ""


def bounds_of(row: Row) -> list[float]:
    return [row["big_m"][name] for name in BOUNDS]


def named(rows: dict[Run, Row], ends: str, title: str) -> list[str]:
    """One item for each run that ended so."""
    lines = []
    for run, row in rows.items():
        if verdict(rows, run) == ends:
            said = row.get("error") or f"{row['value']:.4f} ({row['reason']})"
            if ends in ("less", "more"):
                wide = "widened, " if row["big_m"]["grown"] else ""
                said = f"{row['value']:.4f} instead of {rows[run.tree()]['value']:.4f}; bounds {wide}"
                said += ("saturated" if row["big_m"]["saturated"] else "not saturated") + elsewhere(rows, run)
            lines.append(f"- {question(run)}: {said}\n")
    return [f"\n{title}\n\n", *lines] if lines else []


def setting(rows: dict[Run, Row]) -> str:
    """Versions and machine, as the runs have noted them."""
    noted = [row for row in rows.values() if "versions" in row]
    tools = sorted({f"{TOOLS[row['solver_name']]} {row['solver_version']}" for row in noted})
    own = sorted({row["versions"]["knockflow"] for row in noted})
    python = sorted({row["versions"]["python"] for row in noted})
    cores = sorted({str(row["cores"]) for row in noted})
    limits = sorted({f"{run.limit_s:g}" for run in rows})
    return (
        f"Knockflow {', '.join(own)}, Python {', '.join(python)}, {', '.join(tools)}; a machine with"
        f" {', '.join(cores)} cores, one run at a time, on one thread, at most {', '.join(limits)} s for each.\n"
    )


def left_out(runs: list[Run]) -> str:
    """The pairs that hold but were not planned, in words; nothing where all were."""
    every = {(run.method, run.kind) for run in planned(0, ["highs"], [])}
    missing = sorted(every - {(run.method, run.kind) for run in runs})
    words = ", ".join(f"`{method}` for `{kind}`" for method, kind in missing)
    return f"\nLeft out to save time: {words}.\n" if missing else ""


def content(runs: list[Run], rows: dict[Run, Row]) -> str:
    """All that stands between the markers."""
    rows = {run: rows[run] for run in runs if run in rows}
    missing = len(runs) - len(rows)
    still = f"\n**{missing} of {len(runs)} runs are still missing.**\n" if missing else ""
    parts = [setting(rows), still, left_out(runs), "\n", counted(rows)]
    parts += named(rows, "less", "Finished with a smaller value than `tree`:")
    parts += named(rows, "more", "Found more than `tree`:")
    parts += named(rows, "gave up", "Gave up before the limit:")
    parts += named(rows, "refused", "Refused:")
    parts += ["\n### By pair, in seconds\n\n", *overview(rows)]
    for condition in CONDITIONS:
        parts += [f"\n### Values and seconds, {condition}\n\n", *values(rows, condition)]
    parts += ["\n### Bounds of dual variables\n\n", *bounds(rows)]
    return "".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, required=True, help="file of results, one line for each run")
    parser.add_argument("--limit", type=float, default=60, help="seconds for each run")
    parser.add_argument("--kkt-cbc", action="store_true", help="run kkt by CBC, too; it hardly ever ends")
    parser.add_argument("--skip", action="append", default=[], metavar="METHOD/FORMULATION", help="leave a pair out")
    parser.add_argument("--again", action="store_true", help="repeat what the limit ended too early")
    parser.add_argument("--write", action="store_true", help="write the page from what has been measured")
    parser.add_argument("--page", type=Path, default=DOCS / "methods.md")
    options = parser.parse_args()
    runs = planned(options.limit, ["highs", "cbc"] if options.kkt_cbc else ["highs"], options.skip)
    if options.write:
        write_part(options.page, "measured", f"\n{content(runs, read(options.results))}\n")
    else:
        measure(runs, options.results, options.again)


if __name__ == "__main__":
    main()
