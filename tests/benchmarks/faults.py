"""What becomes of a search that is killed, starved or fed with broken files. Writes the first table of docs/faults.md.

    python tests/benchmarks/faults.py

The stage `design` as the workflow runs it, in a process of its own, on the core model without oxygen; what it leaves is
compared with what an undisturbed one leaves. Whole runs are in faults_of_runs.py.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from measuring import DOCS, write_part

ROOT = Path(__file__).resolve().parents[2]
ASKED = {"kind": "robustknock", "max_interventions": 3, "max_designs": "all"}

JOB = """
import json, runpy, sys
from types import SimpleNamespace

class Named(list):
    def __init__(self, **names):
        super().__init__(names.values())
        self.__dict__.update(names)

folder, options = sys.argv[1], json.loads(sys.argv[2])
out = {"designs": f"{folder}/out/designs.tsv", "record": f"{folder}/out/record.json"}
snakemake = SimpleNamespace(
    rule="design",
    input=Named(problem=f"{folder}/problem.npz", parts=[]),
    output=Named(**out),
    log=Named(python=f"{folder}/log/python.log", solver=f"{folder}/log/solver.log"),
    params=SimpleNamespace(options=options, conflict_sets=f"{folder}/conflicts.jsonl", code="0"),
    wildcards=None,
    threads=1,
)
runpy.run_path(sys.argv[3], init_globals={"snakemake": snakemake})
"""

CLOCK = """
import random, time
before, jumps = time.time, random.Random(1)
time.time = lambda: before() + jumps.uniform(-1e9, 1e9)
"""


class Bench:
    """A folder with a problem, and the outputs of an undisturbed search of it."""

    def __init__(self, folder: Path):
        from knockflow import Case
        from knockflow.problem.archive import save
        from knockflow.settings.options import formulation_options

        self.folder, self.options = folder, formulation_options(dict(ASKED))
        case = Case("cobra:textbook", "EX_succ_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0}, min_growth=0.05)
        save(folder / "problem.npz", case.problem)
        (folder / "job.py").write_text(JOB)
        self.problem = (folder / "problem.npz").read_bytes()
        began = time.monotonic()
        assert self.run()[0] == 0
        self.takes = time.monotonic() - began
        self.right = (folder / "out/designs.tsv").read_bytes()
        self.anew()

    def start(self, place: Path | None = None, limits: Callable | None = None, **environment: str) -> subprocess.Popen:
        """Begin the stage."""
        place = place or self.folder
        command = [sys.executable, str(self.folder / "job.py"), str(place), json.dumps(self.options)]
        env = {name: value for name, value in os.environ.items() if environment.get(name, value) is not None}
        return subprocess.Popen(
            [*command, str(ROOT / "scripts/design.py")],
            env=env | {"PYTHONPATH": str(ROOT / "scripts")} | {k: v for k, v in environment.items() if v is not None},
            preexec_fn=limits,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *given, **more) -> tuple[int, str]:
        """The stage to its end: exit code, and what it says."""
        process = self.start(*given, **more)
        told = process.communicate()[0]
        return process.returncode, told

    def anew(self) -> None:
        """Nothing but the problem."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.is_file() and path.name not in ("job.py", "problem.npz"):
                path.unlink()
        (self.folder / "problem.npz").write_bytes(self.problem)

    def outcome(self, code: int, told: str) -> str:
        """What a run has come to."""
        done = self.folder / "out/designs.tsv"
        if code == 0:
            return "equal bytes" if done.read_bytes() == self.right else "OTHER BYTES"
        if "Traceback" in told or "a defect" in told:
            return f"TRACEBACK {told.splitlines()[-1][:80]}"
        left = "" if not done.exists() else ", OUTPUT LEFT"
        return ("refused with its reason" if "ERROR" in told else "ended") + left


def killed(bench: Bench, random: Random, sign: int) -> str:
    """A signal at a random moment, then the same again."""
    process = bench.start()
    time.sleep(random.uniform(0.05, 0.95) * bench.takes)
    process.send_signal(sign)
    told = process.communicate()[0]
    parts = [] if process.returncode in (0, -sign) else [bench.outcome(process.returncode, told)]
    if any(word in "".join(parts) for word in ("TRACEBACK", "LEFT")):
        return parts[0]
    record = bench.folder / "out/record.json"
    if process.returncode == 0 and record.exists() and json.loads(record.read_text())["status"] == "feasible":
        for name in ("designs.tsv", "record.json"):
            (bench.folder / "out" / name).unlink()
    return f"goes on: {bench.outcome(*bench.run())}"


def limited(what: int, amount: int) -> Callable[[Bench, Random], str]:
    """With a limit of the system, then without."""

    def tried(bench: Bench, random: Random) -> str:
        first = bench.outcome(*bench.run(limits=lambda: resource.setrlimit(what, (amount, amount))))
        return f"{first}; again without the limit: {bench.outcome(*bench.run())}"

    return tried


def broken(bench: Bench, random: Random) -> str:
    """The problem cut, emptied, or of another case, with an old or a new time."""
    way = random.choice(("cut", "empty", "bytes"))
    content = bytearray(bench.problem)
    if way == "bytes":
        content[random.randrange(len(content))] ^= 0xFF
    path = bench.folder / "problem.npz"
    path.write_bytes(content[: random.randrange(len(content))] if way == "cut" else b"" if way == "empty" else content)
    moment = random.choice((0.0, 1e9, 4e9))
    os.utime(path, (moment, moment))
    return bench.outcome(*bench.run())


def checkpoint_of_old_and_new_time(bench: Bench, random: Random) -> str:
    """Killed, and the clock jumps by decades before it goes on."""
    process = bench.start()
    time.sleep(0.7 * bench.takes)
    process.kill()
    process.communicate()
    for path in bench.folder.rglob("*"):
        moment = random.choice((0.0, 4e9))
        os.utime(path, (moment, moment))
    return f"goes on: {bench.outcome(*bench.run())}"


def two_at_once(bench: Bench, random: Random) -> str:
    """The same stage twice in one folder."""
    both = [bench.start(), bench.start()]
    ends = [(process.communicate()[0], process.returncode) for process in both]
    return " and ".join(sorted({bench.outcome(code, told) for told, code in ends}))


def surrounded(**environment: str | None) -> Callable[[Bench, Random], str]:
    """With other variables of the environment."""
    return lambda bench, random: bench.outcome(*bench.run(**environment))


def jumping_clock(bench: Bench, random: Random) -> str:
    """The time of day is another by up to thirty years whenever it is asked for."""
    own = bench.folder / "clock"
    own.mkdir(exist_ok=True)
    (own / "sitecustomize.py").write_text(CLOCK)
    return bench.outcome(*bench.run(PYTHONPATH=f"{own}{os.pathsep}{ROOT / 'scripts'}"))


def odd_folder(bench: Bench, random: Random) -> str:
    """In a folder whose name a shell, a page or an eye would misread."""
    name = random.choice(("a b", "d'été", 'say "so"', "$(x)", "日本", "a;b&c", "-n", "<b>", "\u202egnol", "%41#?"))
    place = bench.folder / name
    place.mkdir(exist_ok=True)
    (place / "problem.npz").write_bytes(bench.problem)
    code, told = bench.run(place)
    made = place / "out/designs.tsv"
    same = code == 0 and made.read_bytes() == bench.right
    return "equal bytes" if same else f"OTHER {told[-80:]}"


TRIED: dict[str, tuple[int, Callable[[Bench, Random], str]]] = {
    "kill -9 at a random moment": (4, lambda bench, random: killed(bench, random, signal.SIGKILL)),
    "SIGTERM at a random moment": (4, lambda bench, random: killed(bench, random, signal.SIGTERM)),
    "Ctrl-C at a random moment": (4, lambda bench, random: killed(bench, random, signal.SIGINT)),
    "1 GB of memory (RLIMIT_AS)": (1, limited(resource.RLIMIT_AS, 1_000_000_000)),
    "210 MB of memory": (1, limited(resource.RLIMIT_AS, 210_000_000)),
    "130 MB, too few to begin": (1, limited(resource.RLIMIT_AS, 130_000_000)),
    "no room for a file (RLIMIT_FSIZE)": (2, limited(resource.RLIMIT_FSIZE, 300)),
    "problem.npz cut, emptied or a byte changed, with times of 1970, 2001, 2096": (6, broken),
    "files of 1970 and 2096 beside a checkpoint": (2, checkpoint_of_old_and_new_time),
    "two at once in one folder": (2, two_at_once),
    "a clock that jumps by years at each look": (1, jumping_clock),
    "HOME unset": (1, surrounded(HOME=None)),
    "LC_ALL=C": (1, surrounded(LC_ALL="C", PYTHONUTF8="0")),
    "LC_ALL=tr_TR.UTF-8": (1, surrounded(LC_ALL="tr_TR.UTF-8")),
    "spaces, quotes, signs of a shell, other scripts in the folder's name": (5, odd_folder),
}


def tried(times: int | None = None) -> dict[str, Counter]:
    """What each fault has come to, so many times each, or as often as the table says."""
    random, found = Random(17), {}
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for name, (count, fault) in TRIED.items():
            found[name] = Counter()
            for _ in range(times or count):
                bench.anew()
                found[name][fault(bench, random)] += 1
            print(name, dict(found[name]), flush=True)
    return found


def table(found: dict[str, Counter]) -> str:
    """Markdown of it."""
    lines = ["| what | times | what happened |", "| --- | ---: | --- |"]
    for name, outcomes in found.items():
        told = "; ".join(f"{what} ({times})" if len(outcomes) > 1 else what for what, times in outcomes.items())
        lines.append(f"| {name} | {outcomes.total()} | {told} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Try all, and write the page."""
    write_part(DOCS / "faults.md", "faults", table(tried()))


if __name__ == "__main__":
    main()
