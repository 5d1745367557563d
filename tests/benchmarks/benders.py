"""Decompositions with classic and with Pareto-optimal cuts, beside `tree`; writes the table of docs/benders.md.

    KNOCKFLOW_DATA=... python tests/benchmarks/benders.py --results benders.jsonl            # measures
    KNOCKFLOW_DATA=... python tests/benchmarks/benders.py --results benders.jsonl --write    # writes the page

Measuring adds one line to the results for each run and leaves out what is there already, so it can be stopped and
called again. `KNOCKFLOW_DATA` is the folder whose `models` hold ECC2.json.gz; without it only the core model is run.
"""

import argparse
import os
import sys
from dataclasses import asdict, astuple, dataclass
from functools import cache
from pathlib import Path
from statistics import median

from measuring import DOCS, add_rows, processor_seconds, read_rows, write_part

from knockflow.api import Case
from knockflow.base.tolerances import VERIFIED, close

DATA = os.environ.get("KNOCKFLOW_DATA")

MODELS = {"core": "cobra:textbook"} | ({"ECC2": f"{DATA}/models/ECC2.json.gz"} if DATA else {})
PRODUCT, MEDIUM, MIN_GROWTH = "EX_succ_e", {"EX_glc__D_e": 10, "EX_o2_e": 0}, 0.05
KINDS = ("optknock", "robustknock", "strong_coupling")
SEEDS = (1, 2, 3)
SOLVER = "highs"
WAYS = (("tree", ""), ("benders", "classic"), ("benders", "pareto"), ("logic_benders", "classic"))
WAYS = (*WAYS, ("logic_benders", "pareto"))
MOST_ALL = 3
"""Removals up to which `optknock` is run, too."""

MOST_LOGIC = 2
"""Removals up to which `logic_benders` is run, too: its cuts are those of `benders` or weaker, its master the same."""

Row = dict


@dataclass(frozen=True)
class Run:
    """What one run asks."""

    model: str
    kind: str
    most: int
    method: str
    cuts: str
    seed: int
    limit_s: float

    @property
    def question(self) -> tuple[str, str, int]:
        """What is asked, whatever the method."""
        return self.model, self.kind, self.most

    @property
    def way(self) -> tuple[str, str]:
        """How it is answered."""
        return self.method, self.cuts


def planned(limit_s: float) -> list[Run]:
    """All runs, in order."""
    return [
        Run(model, kind, most, method, cuts, seed, limit_s)
        for most in (1, 2, 3, 4)
        for model in MODELS
        for kind in (KINDS if most <= MOST_ALL else KINDS[1:])
        for method, cuts in WAYS
        if method != "logic_benders" or most <= MOST_LOGIC
        for seed in (SEEDS if cuts else SEEDS[:1])
    ]


def read(path: Path) -> dict[Run, Row]:
    """What has been measured so far."""
    return {Run(**{name: row[name] for name in Run.__dataclass_fields__}): row for row in read_rows(path)}


@cache
def case_of(model: str) -> Case:
    """A model with its product."""
    return Case(MODELS[model], PRODUCT, medium=MEDIUM, min_growth=MIN_GROWTH)


def measured(run: Run) -> Row:
    """What one run found."""
    case = case_of(run.model)
    own = {"solver": SOLVER, "cuts": run.cuts, "seed": run.seed} if run.cuts else {}
    before = processor_seconds()
    designs = case.design(
        run.kind, method=run.method, max_interventions=run.most, max_designs=1, time_limit_s=run.limit_s, **own
    )
    used, record = processor_seconds() - before, designs.record
    kept = ("status", "reason", "bound", "gap", "seconds", "iterations", "nodes", "solver", "solver_version")
    versions = {name: record["versions"][name] for name in ("knockflow", "python", "swiglpk")}
    return (
        asdict(run)
        | {"value": record["objective"], "cpu_s": round(used, 3), "versions": versions, "cores": os.cpu_count()}
        | {name: record[name] for name in kept}
    )


def measure(runs: list[Run], path: Path) -> None:
    """Add what is missing to the results."""
    rows = read(path)
    for number, run in enumerate(runs, 1):
        if run in rows:
            continue
        row = measured(run)
        if row["reason"] == "SIGTERM":
            sys.exit("stopped; call again to go on")
        add_rows(path, [row])
        print(f"{number}/{len(runs)}", *astuple(run)[:-1], row["iterations"], row["cpu_s"], row["status"], flush=True)


def seconds(value: float) -> str:
    """Two digits are enough."""
    return f"{value:.0f}" if value >= 9.5 else f"{value:.2g}"


def cell(rows: list[Row]) -> str:
    """Median iterations and seconds, and how many runs the limit ended, with the largest gap of them."""
    if not rows:
        return ""
    text = f"{median(row['iterations'] for row in rows):g} / {seconds(median(row['cpu_s'] for row in rows))}"
    stopped = [row for row in rows if row["status"] != "optimal"]
    if not stopped:
        return text
    gaps = [row["gap"] for row in stopped]
    worst = f"gap to {max(gaps):.0%}" if None not in gaps and max(gaps) < 10 else "no design, or a gap over 1000%"
    return f"{text}<br>{len(stopped)} of {len(rows)} stopped, {worst}"


def answer(rows: list[Row]) -> str:
    """The value that `tree` has proven, and its seconds."""
    return f"{rows[0]['value']:.4f} | {seconds(rows[0]['cpu_s'])}" if rows else " | "


def table(rows: dict[Run, Row]) -> list[str]:
    """A line for each question."""
    ways = [way for way in WAYS if way[1]]
    head = ["model", "formulation", "K", "value", "`tree` s", *(f"`{method}` {cuts}" for method, cuts in ways)]
    lines = [f"| {' | '.join(head)} |\n", "|" + " --- |" * len(head) + "\n"]
    for question in dict.fromkeys(run.question for run in rows):
        of = {way: [row for run, row in rows.items() if (run.question, run.way) == (question, way)] for way in WAYS}
        model, kind, most = question
        cells = [model, f"`{kind}`", str(most), answer(of["tree", ""]), *(cell(of[way]) for way in ways)]
        lines.append(f"| {' | '.join(cells)} |\n")
    return lines


def pairs(rows: dict[Run, Row], method: str) -> list[tuple[Row, Row]]:
    """Rows of one method, the same question and seed, classic and Pareto-optimal, both finished."""
    found = []
    for run, row in rows.items():
        other = rows.get(Run(*run.question, method, "pareto", run.seed, run.limit_s))
        if run.way == (method, "classic") and other and row["status"] == other["status"] == "optimal":
            found.append((row, other))
    return found


def ratios(rows: dict[Run, Row]) -> list[str]:
    """How often Pareto-optimal cuts pay, in iterations and in seconds."""
    lines = []
    for method in ("benders", "logic_benders"):
        for most in (1, 2, 3, 4):
            both = [pair for pair in pairs(rows, method) if pair[0]["most"] == most]
            if not both:
                continue
            said = []
            for name, word in (("iterations", "iterations"), ("cpu_s", "seconds")):
                quotients = [right[name] / max(left[name], 1e-9) for left, right in both]
                fewer = sum(quotient < 1 for quotient in quotients)
                said.append(f"median ratio of {word} {median(quotients):.2f}, fewer in {fewer}")
            lines.append(f"- `{method}`, K = {most}, {len(both)} pairs of finished runs: {'; '.join(said)}.\n")
    return lines


def verdicts(rows: dict[Run, Row]) -> str:
    """How many runs are done, and whether all of them have the value of `tree`."""
    true = {run.question: row["value"] for run, row in rows.items() if run.method == "tree"}
    mine = {run: row for run, row in rows.items() if run.method != "tree" and run.question in true}
    done = [run for run, row in mine.items() if row["status"] == "optimal"]
    same = sum(close(true[run.question], mine[run]["value"], VERIFIED) for run in done)
    left = len(mine) - len(done)
    held = sum(
        row["value"] is not None and close(true[run.question], row["value"], VERIFIED)
        for run, row in mine.items()
        if run not in done
    )
    return (
        f"{len(done)} of {len(mine)} runs of decompositions finished, {same} of them with the value of `tree`. The"
        f" limit ended {left}, of which {held} held that value, without a proof.\n"
    )


def setting(rows: dict[Run, Row]) -> str:
    """Versions and machine, as the runs have noted them."""
    noted = list(rows.values())

    def every(values) -> str:
        return ", ".join(sorted(set(map(str, values))))

    solver = every(row["solver_version"] for row in noted if row["cuts"])
    limit = every(f"{row['limit_s']:g}" for row in noted)
    return (
        f"Knockflow {every(row['versions']['knockflow'] for row in noted)}, Python"
        f" {every(row['versions']['python'] for row in noted)}, HiGHS {solver}, GLPK by swiglpk"
        f" {every(row['versions']['swiglpk'] for row in noted)}; {every(row['cores'] for row in noted)} cores, shared"
        f" with other work, one run at a time, on one thread, at most {limit} s of the clock for each.\n"
    )


def content(runs: list[Run], rows: dict[Run, Row]) -> str:
    """All that stands between the markers."""
    rows = {run: rows[run] for run in runs if run in rows}
    missing = len(runs) - len(rows)
    still = f"\n**{missing} of {len(runs)} runs are missing.**\n" if missing else ""
    return "".join([setting(rows), still, "\n", verdicts(rows), "\n", *ratios(rows), "\n", *table(rows)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, required=True, help="file of results, one line for each run")
    parser.add_argument("--limit", type=float, default=120, help="seconds for each run")
    parser.add_argument("--write", action="store_true", help="write the page from what has been measured")
    parser.add_argument("--page", type=Path, default=DOCS / "benders.md")
    options = parser.parse_args()
    runs = planned(options.limit)
    if options.write:
        write_part(options.page, "measured", f"\n{content(runs, read(options.results))}\n")
    else:
        options.results.parent.mkdir(parents=True, exist_ok=True)
        measure(runs, options.results)


if __name__ == "__main__":
    main()
