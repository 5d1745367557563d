"""What reading, compressing and searching cost at genome scale; writes the first part of docs/scale.md.

    python tests/benchmarks/scale.py --results scale.jsonl            # measures; no job begins after 20 minutes
    python tests/benchmarks/scale.py --results scale.jsonl --write    # writes the page

Every job runs in a process of its own and adds lines to the results; jobs that are there already are left out, so
measuring can be stopped and called again. KNOCKFLOW_DATA names the folder whose `models` holds the models that COBRApy
does not bundle; without it only iJO1366 is measured.
"""

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial, wraps
from inspect import isfunction
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import swiglpk as glp
from measuring import DOCS, add_rows, read_rows, write_part

from knockflow import __version__
from knockflow.api import Case
from knockflow.base.tolerances import ACTIVE_FLUX, FEASIBILITY, VERIFIED, close
from knockflow.model.network import Network, read_network
from knockflow.model.read import write_model
from knockflow.numerics import flux_ranges as fva
from knockflow.numerics.program import listed
from knockflow.numerics.simplex import LP
from knockflow.problem.compression import compress
from knockflow.problem.leader import CANDIDATE
from knockflow.problem.problem import Problem
from knockflow.stages.problem import build

ROOT = Path(__file__).resolve().parents[2]

PRODUCT, MIN_GROWTH = "EX_succ_e", 0.1
ANAEROBIC = {"EX_glc__D_e": 10, "EX_o2_e": 0}
# Without any oxygen this yeast does not grow on this medium, so it gets what its model comes with.
MEDIA = {
    "ECC2": ANAEROBIC,
    "iJR904": ANAEROBIC,
    "iMM904": {"EX_glc__D_e": 10, "EX_o2_e": 2},
    "iAF1260": ANAEROBIC,
    "iJO1366": ANAEROBIC,
    "iML1515": ANAEROBIC,
}
MAIN = "iJO1366"
PAIR = ("optknock", "robustknock")
KINDS = (*PAIR, "strong_coupling")
KNOWN = {
    ("optknock", 2): 7.219366,
    ("robustknock", 2): 0.800567,
    ("robustknock", 3): 9.248579,
    ("optknock", 4): 12.699022,
    ("robustknock", 4): 9.551268,
    ("strong_coupling", 3): 7.496137,
}
"""Values of iJO1366 by an oracle that compresses nothing, or by another implementation of the tree."""

MOST_S, LIMIT_S, LIMIT_FOUR_S = 1200, 600, 1800
"""Seconds after which no job is begun, for each search, and for each search of four removals."""

SHARES, SEED = (0.25, 0.5, 1.0), 1
REPEATS = 5

Row = dict


def processor_seconds() -> float:
    """Seconds of a processor that this process and its finished children have used: others may share the machine."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def source(name: str) -> str | None:
    """Where a model is read from; None if it is not there."""
    if name == MAIN:
        return f"cobra:{name}"
    path = Path(os.environ.get("KNOCKFLOW_DATA") or "no such folder") / "models" / f"{name}.json.gz"
    return str(path) if path.exists() else None


def clocked(stack: ExitStack, function: Callable, spent: Counter) -> None:
    """Count the processor seconds that a function of the library takes, wherever it has been imported."""
    name = function.__name__

    @wraps(function)
    def run(*arguments, **options):
        start = time.process_time()
        try:
            return function(*arguments, **options)
        finally:
            spent[name] += time.process_time() - start

    for module in [module for key, module in sys.modules.items() if key.startswith("knockflow")]:
        if getattr(module, name, None) is function:
            stack.enter_context(patch.object(module, name, run))


def flux_functions() -> list[Callable]:
    """All functions of the module of flux variability."""
    return [item for name, item in vars(fva).items() if isfunction(item) and not name.startswith("_")]


def prepared(name: str) -> tuple[Case, Row]:
    """A model ready for designs, and what that took."""
    spent: Counter = Counter()
    with ExitStack() as stack:
        for function in (build, *flux_functions()):
            clocked(stack, function, spent)
        before, start = time.process_time(), time.monotonic()
        case = Case(source(name), PRODUCT, medium=MEDIA[name], min_growth=MIN_GROWTH)
        cpu, wall = time.process_time() - before, time.monotonic() - start
    problem, model = case.problem.growing(), case.model
    row = {
        "what": "build",
        "model": name,
        "max_growth": problem.max_growth,
        "reactions": len(model.reactions),
        "metabolites": len(model.metabolites),
        "columns": len(problem.columns),
        "rows": len(problem.rows),
        "targets": len(problem.targets),
        "curation_s": cpu - spent["build"],
        "build_s": spent["build"],
        "fluxes_s": spent.total() - spent["build"],
        "cpu_s": cpu,
        "wall_s": wall,
    }
    return case, row


@dataclass
class Meter:
    """Linear programs by number, and GLPK's simplex by the number of columns: calls, iterations, processor seconds."""

    solves: int = 0
    calls: Counter = field(default_factory=Counter)
    iterations: Counter = field(default_factory=Counter)
    seconds: Counter = field(default_factory=Counter)

    def counted(self, method: Callable) -> Callable:
        """A method of LP that counts as a linear program."""

        def run(lp: LP, *arguments, **options):
            self.solves += 1
            return method(lp, *arguments, **options)

        return run

    def timed(self, simplex: Callable) -> Callable:
        """GLPK's simplex with a clock."""

        def run(lp, parameters):
            columns, before = glp.glp_get_num_cols(lp), glp.glp_get_it_cnt(lp)
            start = time.process_time()
            code = simplex(lp, parameters)
            self.seconds[columns] += time.process_time() - start
            self.calls[columns] += 1
            self.iterations[columns] += glp.glp_get_it_cnt(lp) - before
            return code

        return run


@contextmanager
def metered() -> Iterator[Meter]:
    """Count every linear program within."""
    meter = Meter()
    with (
        patch.object(LP, "solve", meter.counted(LP.solve)),
        patch.object(LP, "reoptimized", meter.counted(LP.reoptimized)),
        patch.object(glp, "glp_simplex", meter.timed(glp.glp_simplex)),
    ):
        yield meter


def searched(case: Case, name: str, kind: str, most: int, designs: int = 1, limit_s: float = LIMIT_S) -> Row:
    """A search to its end, with all that it reports of its designs."""
    with metered() as meter:
        before, start = time.process_time(), time.monotonic()
        found = case.design(kind, max_interventions=most, max_designs=designs, time_limit_s=limit_s)
        cpu, wall = time.process_time() - before, time.monotonic() - start
    record, columns = found.record, len(case.problem.growing().columns)
    kept = ("status", "reason", "proven", "bound", "potential", "nodes")
    return {
        "what": "search",
        "model": name,
        "kind": kind,
        "most": most,
        "designs": designs,
        "targets": len(case.problem.candidates()),
        "value": record["objective"],
        "values": [row["value_mmol_per_gdw_h"] for row in found.table],
        "best": list(found.table[0]["interventions"]),
        **{key: record[key] for key in kept},
        "limit_s": limit_s,
        "cpu_s": cpu,
        "wall_s": wall,
        "lps": meter.solves,
        **sides("follower", meter, [columns]),
        **sides("detour", meter, [2 * columns]),
        **sides("state", meter, [width for width in meter.calls if width not in (columns, 2 * columns)]),
    }


def sides(name: str, meter: Meter, widths: list[int]) -> Row:
    """The simplex of linear programs of some widths."""
    return {
        f"{name}_calls": sum(meter.calls[width] for width in widths),
        f"{name}_iterations": sum(meter.iterations[width] for width in widths),
        f"{name}_s": sum(meter.seconds[width] for width in widths),
    }


def kind_of(lower: float, upper: float) -> int:
    """GLPK's name for a pair of bounds."""
    if lower == upper:
        return glp.GLP_FX
    if np.isinf(lower):
        return glp.GLP_FR if np.isinf(upper) else glp.GLP_UP
    return glp.GLP_LO if np.isinf(upper) else glp.GLP_DB


def bare(problem: Problem):
    """The growth of a follower as a linear program of GLPK's, with nothing of ours around it."""
    lp = glp.glp_create_prob()
    glp.glp_add_rows(lp, len(problem.rows))
    glp.glp_add_cols(lp, len(problem.columns))
    for row, ends in enumerate(zip(problem.row_lower.tolist(), problem.row_upper.tolist(), strict=True), 1):
        glp.glp_set_row_bnds(lp, row, kind_of(*ends), *ends)
    for column in range(len(problem.columns)):
        set_bounds(lp, column, float(problem.lower[column]), float(problem.upper[column]))
        glp.glp_set_obj_coef(lp, column + 1, float(problem.growth[column]))
        set_entries(lp, column, listed(problem.matrix, column))
    glp.glp_set_obj_dir(lp, glp.GLP_MAX)
    glp.glp_scale_prob(lp, glp.GLP_SF_EQ | glp.GLP_SF_2N)
    glp.glp_adv_basis(lp, 0)
    return lp


def set_entries(lp, column: int, entries: list[tuple]) -> None:
    rows, values = glp.intArray(len(entries) + 1), glp.doubleArray(len(entries) + 1)
    for place, (row, value) in enumerate(entries, 1):
        rows[place], values[place] = int(row) + 1, float(value)
    glp.glp_set_mat_col(lp, column + 1, len(entries), rows, values)


def set_bounds(lp, column: int, lower: float, upper: float) -> None:
    glp.glp_set_col_bnds(lp, column + 1, kind_of(lower, upper), lower, upper)


def resolved(problem: Problem) -> tuple[list[float], int]:
    """Seconds of each re-solve with one column closed that the optimum uses, and the iterations of all."""
    lp, parameters = bare(problem), glp.glp_smcp()
    glp.glp_init_smcp(parameters)
    parameters.msg_lev = glp.GLP_MSG_OFF
    parameters.tol_bnd = parameters.tol_dj = FEASIBILITY
    glp.glp_simplex(lp, parameters)
    used = [c for c in problem.targets.column.tolist() if abs(glp.glp_get_col_prim(lp, c + 1)) > ACTIVE_FLUX]
    parameters.meth, first, took = glp.GLP_DUALP, glp.glp_get_it_cnt(lp), []
    for column in used:
        set_bounds(lp, column, 0.0, 0.0)
        start = time.process_time()
        glp.glp_simplex(lp, parameters)
        took.append(time.process_time() - start)
        set_bounds(lp, column, float(problem.lower[column]), float(problem.upper[column]))
    iterations = glp.glp_get_it_cnt(lp) - first
    glp.glp_delete_prob(lp)
    return took, iterations


def floor_of(problem: Problem) -> Row:
    """What a re-solve costs at this moment without a search around it."""
    runs = [resolved(problem) for _ in range(REPEATS)]
    solves = len(runs[0][0])
    return {
        "floor_solves": solves,
        "floor_ms": 1000 * median(sum(took) / solves for took, _ in runs),
        "floor_iterations": median(iterations for _, iterations in runs) / solves,
    }


def all_ranges(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Flux variability of a network: the least and the largest flux of every reaction in any steady state.

    As a case with an objective of its own has it: compressed, and each reaction by its factor in its group.
    """
    merged, _ = compress(network)
    ranges = np.array(fva.flux_ranges(merged.lp(), merged.lower, merged.upper))
    out = np.zeros((2, len(network.reactions)))
    for column, group in enumerate(merged.groups):
        for member, factor in group:
            out[:, member] = np.sort(ranges[:, column] * float(factor))
    return out[0], out[1]


def curated(case: Case) -> Network:
    """The network of a case, not compressed."""
    with TemporaryDirectory() as folder:
        write_model(Path(folder) / "model.json", case.model)
        return read_network(Path(folder) / "model.json")


def ranges_job() -> Iterator[Row]:
    """Flux variability of the whole model."""
    network = curated(prepared(MAIN)[0])
    with metered() as meter:
        before, start = time.process_time(), time.monotonic()
        all_ranges(network)
        cpu, wall = time.process_time() - before, time.monotonic() - start
    yield {"what": "ranges", "model": MAIN, "cpu_s": cpu, "wall_s": wall, "lps": meter.solves}


def model_job(name: str) -> Iterator[Row]:
    """A model with two removals, both formulations, and the peak of memory."""
    case, row = prepared(name)
    yield row
    for kind in PAIR:
        yield searched(case, name, kind, 2)
    yield memory(name)


def memory(name: str) -> Row:
    """The most memory that this process has had so far."""
    return {"what": "memory", "model": name, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def removals_job() -> Iterator[Row]:
    """All formulations with one to three removals; with three also a list of three designs."""
    case, _ = prepared(MAIN)
    for kind in KINDS:
        for most, designs in ((1, 1), (2, 1), (3, 1), (3, 3)):
            yield compared(searched(case, MAIN, kind, most, designs)) | floor_of(case.problem.growing())
    yield memory(MAIN)


def compared(row: Row) -> Row:
    """The row of a search, and whether it has found the value that is known, if one is."""
    known = KNOWN.get((row["kind"], row["most"]))
    return row if known is None else row | {"as_known": close(known, row["value"], VERIFIED)}


def targets_job() -> Iterator[Row]:
    """Three removals among fewer targets; smaller subsets are parts of larger ones."""
    case, _ = prepared(MAIN)
    whole = case.problem
    order = random.Random(SEED).sample(whole.candidates(), len(whole.candidates()))
    for share in SHARES:
        chosen = set(order[: round(share * len(order))])
        keep = [t for t, status in enumerate(whole.targets.status) if status != CANDIDATE or t in chosen]
        case.problem = replace(whole, targets=whole.targets.take(keep))
        for kind in PAIR:
            yield searched(case, MAIN, kind, 3) | {"share": share}


def four_job() -> Iterator[Row]:
    """Four removals, as far as they come within a limit."""
    case, _ = prepared(MAIN)
    for kind in PAIR:
        yield compared(searched(case, MAIN, kind, 4, limit_s=LIMIT_FOUR_S))
    yield memory(MAIN)


JOBS: dict[str, Callable[[], Iterator[Row]]] = {f"model/{name}": partial(model_job, name) for name in MEDIA} | {
    "ranges": ranges_job,
    "removals": removals_job,
    "targets": targets_job,
    "four": four_job,
}


@cache
def where() -> Row:
    """What a row notes of where it was measured."""
    return {
        "knockflow": __version__,
        "python": platform.python_version(),
        "glpk": f"GLPK {glp.glp_version()}",
        "cores": os.cpu_count(),
    }


def in_process(job: str) -> None:
    """Run a job here; its rows go to standard output, one line each."""
    for row in JOBS[job]():
        print(json.dumps(row | where()), flush=True)


def available() -> list[str]:
    """The jobs whose models are here."""
    return [job for job in JOBS if not job.startswith("model/") or source(job.removeprefix("model/"))]


def measure(path: Path, only: list[str] | None) -> None:
    """Add what is missing to the results."""
    done, begun = {row["job"] for row in read_rows(path)}, time.monotonic()
    for job in JOBS:
        if job in done or (only and job not in only):
            continue
        if time.monotonic() - begun > MOST_S:
            sys.exit(f"{MOST_S / 60:.0f} minutes are over; call again to go on with {job}")
        if job not in available():
            print(f"{job}: no such model in KNOCKFLOW_DATA, left out", flush=True)
            continue
        rows, load = run(job), os.getloadavg()[0]
        add_rows(path, (row | {"job": job, "load": load} for row in rows))


def run(job: str) -> list[Row]:
    """A job in a process of its own; its rows are shown as they come."""
    command, rows = [sys.executable, str(Path(__file__).resolve()), "--job", job], []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            rows.append(json.loads(line))
            print(f"{job}: {told(rows[-1])}", flush=True)
    if process.returncode:
        sys.exit(f"{job} failed")
    return rows


def told(row: Row) -> str:
    """A row in a few words."""
    names = ("kind", "most", "designs", "share", "value", "status", "nodes", "lps", "cpu_s", "mb", "ms", "as_known")
    return " ".join([row["what"], *(f"{name}={short(row[name])}" for name in names if name in row)])


def short(value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def table(*lines: list[str]) -> str:
    """A Markdown table; the first line is the head."""
    head, *rest = (f"| {' | '.join(line)} |\n" for line in lines)
    return "".join([head, "|" + " --- |" * len(lines[0]) + "\n", *rest])


def seconds(value: float) -> str:
    return f"{value:.0f}" if value >= 99.5 else f"{value:.1f}" if value >= 0.95 else f"{value:.2f}"


def proof(row: Row) -> str:
    """Whether a value is proven, or what is known of it."""
    return "yes" if row["proven"] else f"no: at most {row['bound']:.3f}"


def written(design: list[str]) -> str:
    """A design as code; a bar would end the cell."""
    return "`" + " ".join(design).replace("|", "\\|") + "`" if design else "none helps"


@dataclass(frozen=True)
class Results:
    """All rows, with what the tables ask of them."""

    rows: list[Row]

    def of(self, what: str, job: str) -> list[Row]:
        """The rows of one sort of a job."""
        return [row for row in self.rows if row["what"] == what and row["job"] == job]

    def one(self, what: str, job: str) -> Row:
        return self.of(what, job)[0]

    def models(self) -> list[str]:
        """The models that have been measured, in order."""
        return [name for name in MEDIA if self.of("build", f"model/{name}")]


def building_part(results: Results) -> str:
    """How small a problem gets, and how long that takes."""
    lines = [["model", "reactions x metabolites", "compressed", "candidate targets", "reading and curation, s"]]
    lines[0] += ["compression and targets, s", "of that looking for fluxes, s"]
    for name in results.models():
        row = results.one("build", f"model/{name}")
        sizes = [f"{row['reactions']} x {row['metabolites']}", f"{row['columns']} x {row['rows']}", str(row["targets"])]
        took = [seconds(row[key]) for key in ("curation_s", "build_s", "fluxes_s")]
        lines.append([name, *sizes, *took])
    return table(*lines) + ranges_text(results)


def ranges_text(results: Results) -> str:
    rows = results.of("ranges", "ranges")
    return "".join(
        f"\nAll flux ranges of {MAIN}, compression included and without a bound on growth:"
        f" {seconds(row['cpu_s'])} s, {row['lps']} linear programs.\n"
        for row in rows
    )


def models_table(results: Results) -> str:
    """Two removals in all models."""
    head = ["model", "oxygen", "wild type grows"]
    head += [f"`{kind}`{of}" for kind in PAIR for of in (", proven", ", s")]
    lines = [[*head, "peak memory, MB"]]
    for name in results.models():
        job = f"model/{name}"
        line = [name, f"{MEDIA[name]['EX_o2_e']}", f"{results.one('build', job)['max_growth']:.4f}"]
        for row in results.of("search", job):
            line += [f"{row['value']:.5f}" + ("" if row["proven"] else " (unproven)"), seconds(row["cpu_s"])]
        lines.append([*line, f"{results.one('memory', job)['mb']:.0f}"])
    return table(*lines)


def per_lp(row: Row) -> float:
    """Milliseconds of the whole search for each linear program."""
    return 1000 * row["cpu_s"] / row["lps"]


def removals_part(results: Results) -> str:
    """How cost grows with the number of removals."""
    lines = [["formulation", "K", "designs", "best value", "proven", "s", "nodes", "linear programs", "best design"]]
    for row in sorted(
        results.of("search", "removals") + results.of("search", "four"),
        key=lambda row: (KINDS.index(row["kind"]), row["most"], row["designs"]),
    ):
        counts = [seconds(row["cpu_s"]), str(row["nodes"]), str(row["lps"])]
        asked = [f"`{row['kind']}`", str(row["most"]), str(row["designs"])]
        lines.append([*asked, f"{row['value']:.5f}", proof(row), *counts, written(row["best"])])
    return table(*lines) + peaks_text(results)


def peaks_text(results: Results) -> str:
    """The memory of all these searches, one after the other in a process for up to three removals and one for four."""
    peaks = [f"{row['mb']:.0f} MB" for job in ("removals", "four") for row in results.of("memory", job)]
    return f"\nPeak memory, up to three removals and with four: {' and '.join(peaks)}.\n"


def targets_table(results: Results) -> str:
    """How cost grows with the number of targets."""
    lines = [["formulation", "targets", "best value", "proven", "s", "nodes", "linear programs"]]
    for row in sorted(results.of("search", "targets"), key=lambda row: (KINDS.index(row["kind"]), row["share"])):
        counts = [seconds(row["cpu_s"]), str(row["nodes"]), str(row["lps"])]
        lines.append([f"`{row['kind']}`", str(row["targets"]), f"{row['value']:.5f}", proof(row), *counts])
    return table(*lines)


def floor_table(results: Results) -> str:
    """What a linear program costs in a search, beside one by itself."""
    lines = [["formulation", "K", "floor, ms", "ms per program, all in all", "times the floor"]]
    lines[0] += ["share of time in the simplex"]
    lines[0] += ["growth or product: ms in the simplex", "iterations", "times the floor"]
    lines[0] += ["detour: ms in the simplex", "iterations", "times the floor"]
    for row in results.of("search", "removals"):
        if row["designs"] == 1 and row["most"] > 1:
            least, within = row["floor_ms"], sum(row[f"{side}_s"] for side in ("follower", "detour", "state"))
            line = [f"`{row['kind']}`", str(row["most"]), f"{least:.2f}", f"{per_lp(row):.2f}"]
            line += [f"{per_lp(row) / least:.1f}", f"{within / row['cpu_s']:.0%}"]
            lines.append([*line, *simplex(row, "follower", least), *simplex(row, "detour", least)])
    return table(*lines)


def simplex(row: Row, side: str, least: float) -> list[str]:
    """Milliseconds and iterations for each call, and how many times the floor that is."""
    calls = row[f"{side}_calls"]
    if not calls:
        return ["", "", ""]
    each = 1000 * row[f"{side}_s"] / calls
    return [f"{each:.2f}", f"{row[f'{side}_iterations'] / calls:.0f}", f"{each / least:.1f}"]


def floor_text(results: Results) -> str:
    rows = results.of("search", "removals")
    floors, first = [row["floor_ms"] for row in rows], rows[0]
    return (
        f"The floor was {min(floors):.2f} to {max(floors):.2f} ms, {first['floor_iterations']:.0f} iterations: the mean"
        f" of {first['floor_solves']} re-solves, one for each target that the wild type's fastest state uses, measured"
        " after each search in the same process.\n"
    )


def setting(rows: list[Row]) -> str:
    """Versions, machine and load, as the rows have noted them."""
    tools = sorted({f"Knockflow {row['knockflow']}, Python {row['python']}, {row['glpk']}" for row in rows})
    cores = sorted({str(row["cores"]) for row in rows})
    loads = [row["load"] for row in rows]
    used, took = (sum(row[key] for row in rows if row["what"] == "search") for key in ("cpu_s", "wall_s"))
    return (
        f"{' and '.join(tools)}; a machine with {', '.join(cores)} cores, one process on one thread at a time. Others"
        f" used the machine meanwhile (load {min(loads):.1f} to {max(loads):.1f}), so seconds are those of the"
        f" processor; by the clock the searches took {took / used:.2f} times as long.\n"
    )


def content(results: Results) -> str:
    """All that stands between the markers."""
    missing = [job for job in JOBS if job not in {row["job"] for row in results.rows}]
    parts = [setting(results.rows)]
    parts += [f"\n**Still missing: {', '.join(missing)}.**\n"] if missing else []
    titles = {
        "From the model to the problem": building_part,
        "Two removals, six models": models_table,
        f"{MAIN}: cost by the number of removals": removals_part,
        f"{MAIN}: cost by the number of targets, K = 3": targets_table,
    }
    for title, make in titles.items():
        parts += [f"\n### {title}\n\n", make(results)]
    parts += ["\n### What a linear program costs\n\n", floor_text(results), "\n", floor_table(results)]
    return "".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, help="file of results, one line for each row")
    parser.add_argument("--only", nargs="+", choices=JOBS, metavar="JOB", help=f"of {', '.join(JOBS)}")
    parser.add_argument("--write", action="store_true", help="write the page from what has been measured")
    parser.add_argument("--page", type=Path, default=DOCS / "scale.md")
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        in_process(options.job)
    elif options.results is None:
        parser.error("--results names the file")
    elif options.write:
        write_part(options.page, "ours", f"\n{content(Results(read_rows(options.results)))}\n")
    else:
        options.results.parent.mkdir(parents=True, exist_ok=True)
        measure(options.results, options.only)


if __name__ == "__main__":
    main()
