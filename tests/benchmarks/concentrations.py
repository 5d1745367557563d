"""What concentrations cost on iJO1366: sets, programs and seconds of `tree`, beside a program with binaries.

    python tests/benchmarks/concentrations.py                        # measures and prints the tables
    python tests/benchmarks/concentrations.py --write                # and puts them into docs/scale.md
    python tests/benchmarks/concentrations.py --only "narrow 2"      # one search
    python tests/benchmarks/concentrations.py --only "narrow binaries"

Anaerobic succinate from 10 mmol/gDW/h of glucose, min_growth 0.1, `robustknock`. One process, seconds of the processor;
the energies are estimated beforehand and not counted. Each search begins with no conflict set and no point known, and
is then run again with those that it has found.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "scripts"), str(ROOT / "tests/shared")]

from by_binaries import ByBinaries  # noqa: E402
from driven_ijo1366 import DESIGNS, SETTINGS, case_of, targets_of  # noqa: E402
from energies_of_table import energies_of  # noqa: E402
from measuring import DOCS, write_part  # noqa: E402

from knockflow import Case  # noqa: E402
from knockflow.follower import conflict_pool  # noqa: E402
from knockflow.follower.oracle import Follower  # noqa: E402
from knockflow.numerics.driving_forces import DrivingForces  # noqa: E402
from knockflow.numerics.simplex import LP  # noqa: E402

SEARCHES = [("narrow", 1), ("narrow", 2), ("narrow", 3), ("wide", 1), ("wide", 2)]
HEAD = "| ranges | K | best | seconds | again | sets | tests | programs of energies | of the cell |\n"
LINE = "| --- " * 9 + "|\n"
BINARIES_HEAD = (
    "| ranges | designs | growth with conflict sets | validation, five optima | binaries | their ranges, once | growth "
    "with binaries | the same growth |\n"
)
BINARIES_LINE = "| --- " * 8 + "|\n"


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


def by_binaries(case: Case) -> str:
    """Growth of the designs three ways: mean seconds of each, and how often they agree."""
    start, model = time.process_time(), case.model
    (growth,) = (reaction.id for reaction in model.reactions if reaction.objective_coefficient)
    energies = energies_of(case.tables["thermodynamics"], case.options, model)
    cell = ByBinaries(model, energies, {growth: case.options["min_growth"]})
    ranges = time.process_time() - start
    problem = case.problem.growing()
    follower, spent, alike = Follower(problem), [0.0, 0.0, 0.0], 0
    for removed in DESIGNS:
        effects, times = problem.targets.effects(targets_of(problem, removed)), [time.process_time()]
        found = follower.max_growth(follower.after(effects))
        times.append(time.process_time())
        validated = case.respond(list(removed))["growth_per_h"] or 0.0
        times.append(time.process_time())
        other = cell.optimum(growth, True, removed)
        times.append(time.process_time())
        spent = [before + end - start for before, start, end in zip(spent, times, times[1:], strict=False)]
        ours = found.value if found is not None and follower.grows(found.value) else 0.0
        theirs = other[0] if other is not None else 0.0
        validated = validated if validated >= case.options["min_growth"] else 0.0
        alike += max(ours, validated, theirs) - min(ours, validated, theirs) <= 1e-6
    number = len(DESIGNS)
    means = " | ".join(f"{1000 * one / number:.0f} ms" for one in spent[:2])
    told = f"{cell.binaries} | {ranges:.0f} s | {spent[2] / number:.1f} s"
    return f"{number} | {means} | {told} | {alike} of {number} |\n"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help='one search, such as "narrow 2"')
    parser.add_argument("--write", action="store_true", help="put the tables into docs/scale.md")
    asked = parser.parse_args()
    count, cases = counted(), {name: case_of(name) for name in SETTINGS}
    text = "\n" + HEAD + LINE
    for name, removals in SEARCHES:
        if asked.only in (None, f"{name} {removals}"):
            text += f"| {name} | {measured(cases[name], removals, count)}"
            print(text.splitlines()[-1], flush=True)
    text += "\n" + BINARIES_HEAD + BINARIES_LINE
    for name in SETTINGS:
        if asked.only in (None, f"{name} binaries"):
            text += f"| {name} | {by_binaries(cases[name])}"
            print(text.splitlines()[-1], flush=True)
    if asked.write:
        write_part(DOCS / "scale.md", "concentrations", text + "\n")


if __name__ == "__main__":
    main()
