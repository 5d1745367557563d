"""Knockflow and StrainDesign, the same questions on the E. coli core model; writes the tables of docs/comparison.md.

`make peers` runs it. KNOCKFLOW_PEERS names the Python that has StrainDesign, by default .venv-peers/bin/python.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import cobra
import swiglpk
from measuring import DOCS, write_part

import knockflow
from knockflow.base.clock import Watch
from knockflow.base.tolerances import close
from knockflow.designs.ranking import BestDesigns, Limits, names
from knockflow.follower.respond import respond
from knockflow.formulations.registry import FORMULATIONS
from knockflow.methods.registry import METHODS
from knockflow.methods.task import Task
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.network import read_network
from knockflow.model.question import Question as CaseQuestion
from knockflow.model.read import write_model
from knockflow.problem.leader import CANDIDATE
from knockflow.problem.problem import Problem
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

ROOT = Path(__file__).resolve().parents[2]
PEERS = Path(os.environ.get("KNOCKFLOW_PEERS", ".venv-peers/bin/python"))
PEERS = PEERS if PEERS.is_absolute() else ROOT / PEERS

MEDIUM = {"EX_glc__D_e": 10.0, "EX_o2_e": 0.0}
MIN_GROWTH = 0.05
PRODUCTS = ("EX_succ_e", "EX_etoh_e", "EX_lac__D_e")
KINDS = ("optknock", "robustknock")
SOLVERS = ("scip", "glpk")
GRACE_S = 60.0  # for starting Python and reading the model, beyond the time limit of the search


@dataclass(frozen=True)
class Question:
    """What both tools are asked."""

    product: str
    most: int
    kind: str


@dataclass(frozen=True)
class Case:
    """The model of a product as a file for the peer and as the problem of Knockflow, and the seconds to build it."""

    model: Path
    growth: str
    problem: Problem
    seconds: float

    def representatives(self) -> dict[str, int]:
        """One reaction for each target of Knockflow: coupled reactions go together, so removing one is enough."""
        targets = self.problem.targets
        return {
            name.split("|")[0]: number
            for number, (name, status) in enumerate(zip(targets.ids, targets.status, strict=True))
            if status == CANDIDATE
        }


@dataclass(frozen=True)
class Answer:
    """A tool's best design, the value that it claims for it and the value by Knockflow's oracle."""

    seconds: float | None
    design: tuple[str, ...] = ()
    claimed: float | None = None
    value: float | None = None
    trouble: str = ""
    versions: dict | None = None


Row = tuple[tuple[str, ...], Answer, Answer]


def make_case(folder: Path, product: str, maintenance: float | None = None) -> Case:
    """The core model, anaerobic on glucose; `maintenance` replaces the 8.39 mmol/gDW/h of ATP."""
    model = cobra.io.load_model("textbook")
    for exchange, uptake in MEDIUM.items():
        model.reactions.get_by_id(exchange).lower_bound = -uptake
    if maintenance is not None:
        model.reactions.ATPM.lower_bound = maintenance
    path = folder / f"{product}-{maintenance}.json"
    write_model(path, model)
    network = read_network(path)
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
    start = time.perf_counter()
    problem = build(network, cuts, CaseQuestion(product, "EX_glc__D_e", MIN_GROWTH), TargetOptions())[0].growing()
    return Case(path, network.biomass, problem, time.perf_counter() - start)


def ask_knockflow(case: Case, question: Question, limit_s: float) -> Answer:
    """The best design by support branching; the seconds include building the problem, as the peer's do."""
    start = time.perf_counter()
    best = BestDesigns(case.problem, FORMULATIONS[question.kind], Limits(question.most, 1))
    with Watch(limit_s) as watch:
        ranked = Task(METHODS["tree"], best, watch, {"threads": 1}).run().ranked
    seconds = case.seconds + time.perf_counter() - start
    trouble = f"stopped: {watch.stopped}" if watch.stopped else "" if ranked else "no design"
    if not ranked:
        return Answer(seconds, trouble=trouble)
    value = value_of(case, question.kind, ranked[0].design)
    return Answer(seconds, names(case.problem, ranked[0].design), ranked[0].value, value, trouble)


@dataclass(frozen=True)
class Peer:
    """Settings of StrainDesign; None leaves it its own."""

    solver: str
    big_m: int | None = None
    scip_tolerance: float | None = None


def ask_peer(case: Case, question: Question, peer: Peer, limit_s: float) -> Answer:
    """StrainDesign's best design, claimed and re-evaluated."""
    numbers = case.representatives()
    job = {
        "model": str(case.model),
        "medium": MEDIUM,
        "growth": case.growth,
        "product": question.product,
        "kind": question.kind,
        "min_growth": MIN_GROWTH,
        "targets": sorted(numbers),
        "max_interventions": question.most,
        **asdict(peer),
        "time_limit": limit_s,
        "seed": 1,
        "max_solutions": 1,
    }
    command = [str(PEERS), str(Path(__file__).with_name("peer_straindesign.py"))]
    try:
        done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, timeout=limit_s + GRACE_S)
    except subprocess.TimeoutExpired:
        return Answer(None, trouble=f"ended after {limit_s + GRACE_S:g} s")
    if done.returncode:
        return Answer(None, trouble=f"failed: {done.stderr.strip().splitlines()[-1]}")
    said = json.loads(done.stdout)
    # Out of time without a solution it says `optimal`, too.
    late = said["seconds"] >= limit_s
    trouble = f"not finished in {limit_s:g} s" if late else "" if said["status"] == "optimal" else said["status"]
    if not said["designs"]:
        return Answer(said["seconds"], trouble=trouble or "no design", versions=said["versions"])
    design = frozenset(numbers[name] for name in said["designs"][0])
    return Answer(
        said["seconds"],
        names(case.problem, design),
        said["values"][0],
        value_of(case, question.kind, design),
        trouble,
        said["versions"],
    )


def value_of(case: Case, kind: str, design: frozenset[int]) -> float | None:
    """A design's value by Knockflow's oracle, from a cold start; None if it cannot grow."""
    outcome = respond(case.problem, design)
    if outcome is None:
        return None
    return outcome.product_max if kind == "optknock" else outcome.product_min


def verdict(ours: Answer, theirs: Answer) -> str:
    """Whether the two agree, and if not, on what."""
    if ours.trouble or theirs.trouble:
        return "; ".join(filter(None, (ours.trouble and f"Knockflow {ours.trouble}", theirs.trouble)))
    if theirs.value is None:
        return "its design cannot grow"
    found = []
    if not close(theirs.claimed, theirs.value):
        found.append("it claims another value than its design has")
    if not close(ours.value, theirs.value):
        found.append("its design is worse" if theirs.value < ours.value else "its design is better")
    return "; ".join(found) or "agree"


def number(value: float | None, digits: int = 6) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def listed(design: tuple[str, ...]) -> str:
    # A bar would end the cell.
    return "`" + ";".join(design).replace("|", "\\|") + "`" if design else ""


def table(heads: tuple[str, ...], rows: list[Row]) -> list[str]:
    """A Markdown table of questions with the answers of both."""
    heads = (*heads, "Knockflow", "s", "design", "StrainDesign claims", "by our oracle", "s", "design", "verdict")
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    for labels, ours, theirs in rows:
        cells = (
            *labels,
            number(ours.value),
            number(ours.seconds, 2),
            listed(ours.design),
            number(theirs.claimed),
            number(theirs.value),
            number(theirs.seconds, 2),
            listed(theirs.design),
            verdict(ours, theirs),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return lines


class Comparison:
    """Asks both tools and keeps Knockflow's answers, which do not depend on the peer's solver."""

    def __init__(self, folder: Path, limit_s: float):
        self.folder, self.limit_s = folder, limit_s
        self.cases: dict[tuple, Case] = {}
        self.answers: dict[tuple, Answer] = {}

    def row(self, labels: tuple, question: Question, peer: Peer, maintenance: float | None = None) -> Row:
        """One question to both."""
        key = question.product, maintenance
        if key not in self.cases:
            self.cases[key] = make_case(self.folder, *key)
        case = self.cases[key]
        if (question, maintenance) not in self.answers:
            self.answers[question, maintenance] = ask_knockflow(case, question, self.limit_s)
        ours = self.answers[question, maintenance]
        theirs = ask_peer(case, question, peer, self.limit_s)
        labels = tuple(str(label) for label in labels)
        print(" ".join((*labels, peer.solver)), verdict(ours, theirs), sep=": ", file=sys.stderr, flush=True)
        return labels, ours, theirs

    def values(self, solver: str, counts: Iterable[int]) -> list[Row]:
        """All products and formulations with so many removals."""
        return [
            self.row((product, most, kind), Question(product, most, kind), Peer(solver))
            for product in PRODUCTS
            for most in counts
            for kind in KINDS
        ]

    def big_m(self) -> list[Row]:
        """RobustKnock, K = 1, where GLPK's default is too small: other values of big-M, with SCIP and with GLPK."""
        peers = [Peer("scip"), *(Peer("scip", big_m) for big_m in (1_000, 10_000, 100_000))]
        peers += [Peer("scip", 100_000, 1e-7), Peer("glpk"), Peer("glpk", 1_000), Peer("glpk", 10_000)]
        return [
            self.row(
                (product, peer.solver.upper(), peer.big_m or "default", peer.scip_tolerance or "default"),
                Question(product, 1, "robustknock"),
                peer,
            )
            for product in ("EX_etoh_e", "EX_lac__D_e")
            for peer in peers
        ]

    def potential(self, product: str) -> float:
        """Most product of any state that grows at min_growth (mmol/gDW/h), a bound on every design."""
        return BestDesigns(self.cases[product, None].problem, FORMULATIONS["optknock"], Limits(1)).potential

    def maintenance(self, solver: str) -> list[Row]:
        """Succinate, K = 1, with the model's ATP maintenance in force and without."""
        return [
            self.row((f"{kind}, ATPM >= {least:g}",), Question("EX_succ_e", 1, kind), Peer(solver), least)
            for least in (8.39, 0.0)
            for kind in KINDS
        ]


def better(rows: dict[str, list[Row]]) -> str:
    """The solver that agrees most often, then the faster one."""

    def merit(solver: str) -> tuple[int, float]:
        return -agreeing(rows[solver]), sum(theirs.seconds or float("inf") for _, _, theirs in rows[solver])

    return min(SOLVERS, key=merit)


def agreeing(rows: list[Row]) -> int:
    return sum(verdict(ours, theirs) == "agree" for _, ours, theirs in rows)


def summary(rows: list[Row]) -> str:
    ours, theirs = (sum(row[who].seconds or 0 for row in rows) for who in (1, 2))
    return (
        f"{agreeing(rows)} of {len(rows)} agree; {ours:.1f} s in all with Knockflow, {theirs:.1f} s with StrainDesign."
    )


def version_line(rows: dict[str, list[Row]], limit_s: float) -> str:
    said = {
        solver: next((theirs.versions for _, _, theirs in rows[solver] if theirs.versions), {}) for solver in SOLVERS
    }
    solvers = " and ".join(said[solver].get("solver", solver) for solver in SOLVERS)
    peer = said[SOLVERS[0]]
    return (
        f"Knockflow {knockflow.__version__} (GLPK {swiglpk.glp_version()}, Python {platform.python_version()});"
        f" StrainDesign {peer.get('straindesign')} with {solvers} (Python {peer.get('python')}). A machine with"
        f" {os.cpu_count()} cores, one run at a time, searches on one thread, at most {limit_s:g} s for each."
    )


def measured(most: int, limit_s: float) -> str:
    """All that was measured, as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(Path(folder), limit_s)
        rows = {solver: comparison.values(solver, [1]) for solver in SOLVERS}
        best = better(rows)
        main_rows = comparison.values(best, range(1, most + 1))
        big_m, maintenance = comparison.big_m(), comparison.maintenance(best)
        potential = comparison.potential("EX_lac__D_e")
    heads = ("product", "K", "kind")
    lines = [version_line(rows, limit_s), "", f"### StrainDesign with {best.upper()}", ""]
    lines += [summary(main_rows), "", *table(heads, main_rows)]
    for solver in SOLVERS:
        if solver != best:
            lines += ["", f"### StrainDesign with {solver.upper()}, K = 1", ""]
            lines += [summary(rows[solver]), "", *table(heads, rows[solver])]
    lines += ["", "### RobustKnock, K = 1, by big-M", ""]
    lines += [f"Any state that grows at {MIN_GROWTH:g} per h makes at most {potential:.6f} of D-lactate.", ""]
    lines += table(("product", "solver", "M", "tolerance"), big_m)
    title = f"### Succinate, K = 1, with and without maintenance ({best.upper()})"
    return "\n".join([*lines, "", title, "", *table(("question",), maintenance), ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=3, help="largest number of removals")
    parser.add_argument("--limit", type=float, default=300, help="seconds for each search")
    parser.add_argument("--output", type=Path, default=DOCS / "comparison.md")
    options = parser.parse_args()
    if not PEERS.exists():
        sys.exit(f"no {PEERS}: run `make peers`, or name a Python that has StrainDesign in KNOCKFLOW_PEERS")
    write_part(options.output, "measured", measured(options.most, options.limit) + "\n")


if __name__ == "__main__":
    main()
