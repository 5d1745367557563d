"""StrainDesign and COBRApy beside Knockflow on larger models; writes the second part of docs/scale.md.

    python tests/benchmarks/scale_peers.py --results peers.jsonl            # measures, for hours
    python tests/benchmarks/scale_peers.py --results peers.jsonl --write    # writes the page

Both tools get the same curated model, the same targets and the same limits, one after the other. What the results hold
already is left out, so measuring can be stopped and called again. GLPK is asked where SCIP does not finish.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import compare_straindesign
import numpy as np
from compare_straindesign import PEERS, value_of
from measuring import DOCS, add_rows, read_rows, write_part
from scale import (
    MEDIA,
    MIN_GROWTH,
    PAIR,
    PRODUCT,
    Row,
    all_ranges,
    prepared,
    searched,
    seconds,
    source,
    table,
    where,
)

from knockflow.api import Case
from knockflow.base.tolerances import close
from knockflow.model.network import Network, read_network
from knockflow.model.read import write_model

MODELS = ("ECC2", "iJR904", "iJO1366")
FVA, FVA_MODEL = "fva", "iJO1366"
ORDER = ("ECC2", "iJR904", FVA, "iJO1366")
MOST = (1, 2)
SOLVERS = ("scip", "glpk")
GRACE_S, PATIENCE = 180.0, 4
"""Seconds for reading and preprocessing, which are no part of a search, and by how many times a busy machine may take
longer by the clock, until a run is ended."""

SAME = 1e-6
MOST_NAMED = 10

PEER = """
import json, os, sys
from types import SimpleNamespace

import cobra
import straindesign
from straindesign.scip_interface import SCIP_MILP

sys.path.insert(0, sys.argv[1])
from peer_straindesign import answer


def spent():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def limit_by_processor():
    made = SCIP_MILP.__init__

    def make(self, *arguments, **options):
        made(self, *arguments, **options)
        self.setParam("timing/clocktype", 1)

    SCIP_MILP.__init__ = make
    sys.modules["straindesign.strainDesignMILP"].time = SimpleNamespace(time=spent)


def ranges(job):
    model = cobra.io.load_json_model(job["model"])
    cobra.Configuration().processes = 1
    before, start = spent(), os.times().elapsed
    if job["tool"] == "cobrapy":
        found = cobra.flux_analysis.flux_variability_analysis(model, fraction_of_optimum=0.0, processes=1)
    else:
        found = straindesign.fva(model, solver=job["solver"])
    took = {"cpu_s": spent() - before, "seconds": os.times().elapsed - start}
    names = [reaction.id for reaction in model.reactions]
    return took | {end: found.loc[names, end].tolist() for end in ("minimum", "maximum")}


def designs(job):
    before = spent()
    cobra.io.load_json_model(job["model"])
    loaded = spent()
    if job["solver"] == "scip":
        limit_by_processor()
    found = answer(job)
    return found | {"cpu_s": spent() - loaded - (loaded - before)}


# Solvers print to standard output, too: keep it for the answer alone.
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
job = json.load(sys.stdin)
json.dump(ranges(job) if "tool" in job else designs(job), out)
"""
"""Runs in the peers' environment: adds seconds of the processor, without reading the model, to what peers answer.

Others may share the machine, so SCIP's limit is made one of the processor. GLPK knows only the clock.
"""


def ask(job: Row, limit_s: float) -> Row:
    """A peer's answer to a job; only `trouble` and the time that it took where there is none."""
    command = [str(PEERS), "-c", PEER, str(Path(__file__).resolve().parent)]
    before, start = children_seconds(), time.monotonic()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    try:
        done = subprocess.run(
            command, input=json.dumps(job), capture_output=True, text=True, timeout=limit_s, env=environment
        )
    except subprocess.TimeoutExpired:
        return trouble(f"ended after {limit_s:g} s", before, start)
    if done.returncode:
        return trouble((done.stderr.strip().splitlines() or ["no message"])[-1], before, start)
    return json.loads(done.stdout)


def trouble(text: str, before: float, start: float) -> Row:
    return {"trouble": text, "cpu_s": children_seconds() - before, "seconds": time.monotonic() - start}


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Session:
    """Asks what the results do not hold yet, and adds it to them."""

    def __init__(self, path: Path, folder: Path, limit_s: float):
        self.path, self.folder, self.limit_s = path, folder, limit_s
        self.rows = read_rows(path)
        self.cases: dict[str, tuple[Case, compare_straindesign.Case, Network]] = {}

    def run(self, part: str) -> None:
        """All questions on a model, or all flux ranges."""
        if part == FVA:
            self._ranges()
            return
        for most in MOST:
            for kind in PAIR:
                self._designs(part, kind, most)

    def _add(self, row: Row) -> Row:
        row |= where() | {"load": os.getloadavg()[0]}
        self.rows.append(row)
        add_rows(self.path, [row])
        shown = ("model", "kind", "most", "tool", "solver", "value", "claimed", "cpu_s", "seconds", "trouble")
        print(*(f"{key}={row[key]}" for key in shown if row.get(key) is not None), flush=True)
        return row

    def _there(self, asked: Row) -> Row | None:
        return next((row for row in self.rows if asked.items() <= row.items()), None)

    def _designs(self, model: str, kind: str, most: int) -> None:
        asked = {"what": "design", "model": model, "kind": kind, "most": most, "limit_s": self.limit_s}
        ours = asked | {"tool": "knockflow"}
        if not self._there(ours):
            self._add(ours | self._own(model, kind, most))
        for solver in SOLVERS:
            theirs = asked | {"tool": "straindesign", "solver": solver}
            row = self._there(theirs) or self._add(theirs | self._peer(model, kind, most, solver))
            if not row.get("trouble"):
                return

    def _case(self, model: str) -> tuple[Case, compare_straindesign.Case, Network]:
        """A case of ours, and as the peer gets it; the seconds of building are part of every answer of ours."""
        if model not in self.cases:
            self.cases[model] = self._made(model)
        return self.cases[model]

    def _made(self, model: str) -> tuple[Case, compare_straindesign.Case, Network]:
        case, row = prepared(model)
        path = self.folder / f"{model}.json"
        write_model(path, case.model)
        network = read_network(path)
        shared = compare_straindesign.Case(path, network.biomass, case.problem.growing(), row["build_s"])
        return case, shared, network

    def _own(self, model: str, kind: str, most: int) -> Row:
        case, shared, _ = self._case(model)
        row = searched(case, model, kind, most, limit_s=self.limit_s)
        late = "" if row["proven"] else f"not finished in {self.limit_s:g} s"
        return {
            "value": row["value"],
            "design": row["best"],
            "trouble": late,
            "search_s": row["cpu_s"],
            "cpu_s": shared.seconds + row["cpu_s"],
        }

    def _peer(self, model: str, kind: str, most: int, solver: str) -> Row:
        _, shared, _ = self._case(model)
        numbers = shared.representatives()
        job = {
            **{"model": str(shared.model), "medium": MEDIA[model], "growth": shared.growth, "product": PRODUCT},
            **{"kind": kind, "min_growth": MIN_GROWTH, "targets": sorted(numbers), "max_interventions": most},
            **{"solver": solver, "time_limit": self.limit_s, "seed": 1, "max_solutions": 1},
            **{"big_m": None, "scip_tolerance": None},
        }
        said = ask(job, PATIENCE * self.limit_s + GRACE_S)
        row = {"cpu_s": said["cpu_s"], "seconds": said["seconds"]}
        if "trouble" in said:
            return row | {"trouble": said["trouble"]}
        # Out of time without a solution it says `optimal`, too.
        late = said["cpu_s" if solver == "scip" else "seconds"] >= self.limit_s
        row["trouble"] = f"not finished in {self.limit_s:g} s" if late else ""
        if not late and said["status"] != "optimal":
            row["trouble"] = said["status"]
        row["versions"] = said["versions"]
        if not said["designs"]:
            return row | {"trouble": row["trouble"] or "no design"}
        design = frozenset(numbers[name] for name in said["designs"][0])
        return row | {
            "claimed": said["values"][0],
            "value": value_of(shared, kind, design),
            "design": said["designs"][0],
        }

    def _ranges(self) -> None:
        asked = {"what": FVA, "model": FVA_MODEL, "limit_s": self.limit_s}
        peers = [{"tool": "cobrapy"}, *({"tool": "straindesign", "solver": solver} for solver in reversed(SOLVERS))]
        missing = [peer for peer in peers if not self._there(asked | peer)]
        if not missing:
            return
        _, shared, network = self._case(FVA_MODEL)
        before, start = time.process_time(), time.monotonic()
        own = all_ranges(network)
        took = {"cpu_s": time.process_time() - before, "seconds": time.monotonic() - start}
        if not self._there(asked | {"tool": "knockflow"}):
            self._add(asked | {"tool": "knockflow", "reactions": len(network.reactions)} | took)
        for peer in missing:
            said = ask({"model": str(shared.model)} | peer, PATIENCE * self.limit_s + GRACE_S)
            row = asked | peer | {key: said[key] for key in ("cpu_s", "seconds", "trouble") if key in said}
            if "trouble" not in said:
                row["differences"] = list(differences(network.reactions, own, (said["minimum"], said["maximum"])))
            self._add(row)


def differences(names, ours, theirs) -> Iterator[Row]:
    """The ends of ranges that are not the same, the largest difference first."""
    ends = []
    for end, own, other in zip(("minimum", "maximum"), ours, theirs, strict=True):
        for name, first, second in zip(names, own.tolist(), np.asarray(other, float).tolist(), strict=True):
            if not close(first, second, SAME):
                ends.append({"reaction": name, "end": end, "ours": first, "theirs": second})
    yield from sorted(ends, key=lambda item: -abs(item["ours"] - item["theirs"]))


def found(row: Row | None, key: str, digits: int = 5) -> str:
    value = row.get(key) if row else None
    return "" if value is None else f"{value:.{digits}f}"


def ratio(ours: Row, theirs: Row) -> str:
    """How many times longer the peer took; at least that where it did not finish."""
    times = theirs["cpu_s"] / ours["cpu_s"]
    return ("> " if theirs.get("trouble") else "") + (f"{times:.0f}" if times >= 9.5 else f"{times:.1f}")


def verdict(ours: Row, theirs: Row) -> str:
    """What became of the peer's run."""
    if theirs.get("trouble"):
        held = "" if theirs.get("value") is None else f", holds {theirs['value']:.5f}"
        return f"{theirs['trouble']}{held}"
    said = []
    if theirs["value"] is None or not close(theirs["claimed"], theirs["value"]):
        said.append("it claims another value than its design has")
    if theirs["value"] is None or not close(ours["value"], theirs["value"]):
        said.append("its design is " + ("worse" if (theirs["value"] or 0) < ours["value"] else "better"))
    return "; ".join(said) or "agree"


def designs_table(rows: list[Row]) -> str:
    """Both tools on the same questions."""
    head = ["model", "K", "formulation", "Knockflow", "of that search, s", "all in all, s", "StrainDesign with"]
    lines = [[*head, "claims", "by our oracle", "s", "by the clock, s", "theirs / ours", "verdict"]]
    for theirs in [row for row in rows if row["what"] == "design" and row["tool"] == "straindesign"]:
        key = {name: theirs[name] for name in ("what", "model", "kind", "most", "limit_s")} | {"tool": "knockflow"}
        ours = next(row for row in rows if key.items() <= row.items())
        lines.append(
            [theirs["model"], str(theirs["most"]), f"`{theirs['kind']}`", found(ours, "value")]
            + [seconds(ours["search_s"]), seconds(ours["cpu_s"]), theirs["solver"].upper()]
            + [found(theirs, "claimed"), found(theirs, "value"), seconds(theirs["cpu_s"])]
            + [seconds(theirs["seconds"]), ratio(ours, theirs), verdict(ours, theirs)]
        )
    return table(*lines)


def ranges_table(rows: list[Row]) -> str:
    """Flux variability by all tools."""
    rows = [row for row in rows if row["what"] == FVA]
    own = next(row for row in rows if row["tool"] == "knockflow")
    names = {"cobrapy": "COBRApy", "straindesign": "StrainDesign", "knockflow": "Knockflow"}
    lines, named = [["tool", "s", "by the clock, s", "theirs / ours", f"of {2 * own['reactions']} ends differ"]], []
    for row in rows:
        tool = names[row["tool"]] + (f" with {row['solver'].upper()}" if row.get("solver") else "")
        times = "" if row is own else ratio(own, row)
        apart = row.get("differences", [])
        count = "" if row is own else row.get("trouble") or str(len(apart))
        lines.append([tool, seconds(row["cpu_s"]), seconds(row["seconds"]), times, count])
        named += [
            f"- {tool}: `{item['reaction']}`, {item['end']} {item['theirs']:.9g} instead of {item['ours']:.9g}\n"
            for item in apart[:MOST_NAMED]
        ]
        named += [f"- {tool}: {len(apart) - MOST_NAMED} more, all smaller\n"] if len(apart) > MOST_NAMED else []
    return table(*lines) + ("\nWhat differs:\n\n" + "".join(named) if named else "")


def tools(rows: list[Row]) -> str:
    """Versions, machine and load."""
    own = sorted({f"Knockflow {row['knockflow']} ({row['glpk']}, Python {row['python']})" for row in rows})
    noted = [row["versions"] for row in rows if row.get("versions")]
    peers = sorted({f"StrainDesign {one['straindesign']}, COBRApy {one['cobra']}" for one in noted})
    solvers = sorted({one["solver"] for one in noted})
    limits = sorted({f"{row['limit_s']:g}" for row in rows})
    loads = [row["load"] for row in rows]
    return (
        f"{', '.join(own)}; {', '.join(peers)} with {', '.join(solvers)}. A machine with {rows[0]['cores']} cores (load"
        f" {min(loads):.1f} to {max(loads):.1f}), one process at a time, solvers on one thread, at most"
        f" {', '.join(limits)} s for a search.\n"
    )


def content(rows: list[Row]) -> str:
    """All that stands between the markers."""
    parts = [tools(rows)]
    if any(row["what"] == FVA for row in rows):
        parts += [f"\n### All flux ranges of {FVA_MODEL}\n\n", ranges_table(rows)]
    parts += ["\n### Designs\n\n", designs_table(rows)]
    return "".join(parts)


def measure(path: Path, only: list[str], limit_s: float) -> None:
    """Add what is missing to the results."""
    if not PEERS.exists():
        sys.exit(f"no {PEERS}: run `make bench-peers`, or name a Python that has StrainDesign in KNOCKFLOW_PEERS")
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        session = Session(path, Path(folder), limit_s)
        for part in only:
            if part in MODELS and not source(part):
                print(f"{part}: no such model in KNOCKFLOW_DATA, left out", flush=True)
                continue
            session.run(part)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, required=True, help="file of results, one line for each run")
    parser.add_argument("--limit", type=float, default=600, help="seconds for each search")
    parser.add_argument("--only", nargs="+", choices=ORDER, default=ORDER, help="models, or fva")
    parser.add_argument("--write", action="store_true", help="write the page from what has been measured")
    parser.add_argument("--page", type=Path, default=DOCS / "scale.md")
    options = parser.parse_args()
    if options.write:
        write_part(options.page, "peers", f"\n{content(read_rows(options.results))}\n")
    else:
        measure(options.results, options.only, options.limit)


if __name__ == "__main__":
    main()
