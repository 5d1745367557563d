"""What concentrations cost on iJO1366: sets, programs and seconds of `tree`, beside a mixed-integer program with big-M.

    python tests/benchmarks/concentrations.py                        # measures and prints the tables
    python tests/benchmarks/concentrations.py --write                # and puts them into docs/scale.md
    python tests/benchmarks/concentrations.py --only "narrow 2"      # one search

Anaerobic succinate from 10 mmol/gDW/h of glucose, min_growth 0.1, `robustknock`. One process, seconds of the processor;
the energies are estimated beforehand and not counted. Each search begins with no conflict set and no point known, and
is then run again with those that it has found.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "scripts"), str(ROOT / "tests/shared")]

from random_forces import ByBinaries  # noqa: E402

from knockflow import Case  # noqa: E402
from knockflow.follower import conflict_pool  # noqa: E402
from knockflow.follower.oracle import Follower  # noqa: E402
from knockflow.numerics.driving_forces import DrivingForces  # noqa: E402
from knockflow.numerics.simplex import LP  # noqa: E402

PAGE = ROOT / "docs/scale.md"
START, END = "<!-- concentrations: start -->\n", "<!-- concentrations: end -->\n"

SETTINGS = {
    "narrow": ((1e-4, 2e-2), 1.96),
    "wide": ((1e-6, 1e-2), 0.0),
}
"""Ranges inside in M, and by how many standard deviations energies may be off."""

SEARCHES = [("narrow", 1), ("narrow", 2), ("narrow", 3), ("wide", 1), ("wide", 2)]
EXEMPT = ["AIRC3"]
"""The smallest set without which the wild type cannot grow: `limits` of a run names it."""

HEAD = "| ranges | K | best | seconds | again | sets | tests | programs of energies | of the cell |\n"
LINE = "| --- " * 9 + "|\n"
BIG_M_HEAD = "| ranges | designs | with conflict sets | big-M | the same growth |\n| --- | --- | --- | --- | --- |\n"
LIMIT_S = 60.0
"""Seconds for one mixed-integer program."""


def case_of(name: str) -> Case:
    """The case of a setting."""
    (least, most), z = SETTINGS[name]
    return Case(
        "cobra:iJO1366",
        "EX_succ_e",
        medium={"EX_glc__D_e": 10, "EX_o2_e": 0},
        min_growth=0.1,
        layers={"thermodynamics": {"mode": "concentrations", "passive_transport": "free", "exempt": EXEMPT}},
        conditions={"concentration_min_m": least, "concentration_max_m": most, "confidence_z": z},
    )


def counted() -> Counter:
    """Counts linear programs from now on: of the cell, and of driving forces."""
    count: Counter = Counter()
    cell, forces = LP.solve, DrivingForces._solved

    def of_any(lp, dual=False):
        count["programs"] += 1
        return cell(lp, dual)

    def of_forces(*arguments):
        count["forces"] += 1
        return forces(*arguments)

    LP.solve, DrivingForces._solved = of_any, of_forces
    return count


def measured(case: Case, removals: int, count: Counter) -> str:
    """A line of the table: one search from scratch, and once more."""
    conflict_pool._pools.clear()
    seconds = []
    for _ in range(2):
        before, start = Counter(count), time.process_time()
        found = case.design("robustknock", max_interventions=removals, max_designs=3)
        seconds.append(time.process_time() - start)
        if len(seconds) == 1:
            energies = count["forces"] - before["forces"]
            programs = count["programs"] - before["programs"] - energies
            pool = conflict_pool.shared_pool(case.problem.driving_forces)
            sets, tests = len(pool.sets), pool.tests
    best = found[0]
    told = f"{', '.join(best.interventions)} {best.value:.6f}".replace("|", "\\|")
    return f"{removals} | {told} | {seconds[0]:.1f} | {seconds[1]:.1f} | {sets} | {tests} | {energies} | {programs} |\n"


def by_big_m(case: Case, number: int) -> str:
    """Growth of random designs of two, both ways: mean seconds of each, and how often they agree."""
    problem, draw = case.problem.growing(), np.random.default_rng(1)
    follower, spent, alike = Follower(problem), [0.0, 0.0], 0
    for _ in range(number):
        design = draw.choice(len(problem.targets), 2, replace=False).tolist()
        start = time.process_time()
        found = follower.max_growth(follower.after(problem.targets.effects(design)))
        middle = time.process_time()
        growing = ByBinaries(problem, design, LIMIT_S, growing=True).hold(problem.growth, problem.min_growth)
        other = growing.optimum(problem.growth, True)
        spent = [spent[0] + middle - start, spent[1] + time.process_time() - middle]
        ours = found.value if found is not None and follower.grows(found.value) else 0.0
        theirs = other[0] if other is not None and other[0] >= problem.min_growth - 1e-6 else 0.0
        alike += abs(ours - theirs) <= 1e-5
    ours, theirs = (1000 * one / number for one in spent)
    return f"{number} | {ours:.0f} ms | {theirs:.0f} ms | {alike} of {number} |\n"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help='one search, such as "narrow 2"')
    parser.add_argument("--designs", type=int, default=9, help="designs for which a mixed-integer program is solved")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/scale.md")
    asked = parser.parse_args()
    count, cases = counted(), {name: case_of(name) for name in SETTINGS}
    text = START + "\n" + HEAD + LINE
    for name, removals in SEARCHES:
        if asked.only in (None, f"{name} {removals}"):
            text += f"| {name} | {measured(cases[name], removals, count)}"
            print(text.splitlines()[-1], flush=True)
    if asked.only is None:
        text += "\n" + BIG_M_HEAD
        for name in SETTINGS:
            text += f"| {name} | {by_big_m(cases[name], asked.designs)}"
            print(text.splitlines()[-1], flush=True)
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(START)
        PAGE.write_text(before + text + "\n" + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
