"""What becomes of a whole run that is killed, starved or finds damaged results: the second table of docs/faults.md.

    PYTHONPATH=scripts:tests/shared python tests/benchmarks/faults_of_runs.py

A small run of the core model, begun as `make run` does, in a copy of the project. After each fault the same command is
given again, without it, and what it leaves is compared with what an undisturbed run leaves. Disks that are full or
cannot be written to are mounts in a name space of their own (`unshare`), which ends with the run.
"""

import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from faults import table
from measuring import DOCS, write_part
from workspace import Workspace, assert_equal_work, case

FORMULATIONS = {
    "guaranteed": {"kind": "robustknock", "max_interventions": 2},
    "programs": {
        "kind": "strong_coupling",
        "method": "strong_duality",
        "solver": "cbc",
        "max_interventions": 2,
        "time_limit_s": 60,
    },
}
KEPT = "provenance.json"
LIES = {
    "infeasible": "sed -i -E '1s/.*/Infeasible - objective value 0/' \"$file\"",
    "another objective": "sed -i -E '1s/objective value .*/objective value -99/' \"$file\"",
    "other values": "sed -i -E 's/^( *[0-9]+ +x[0-9]+ +)1 /\\10 /' \"$file\"",
    "NaN": "sed -i -E 's/^( *[0-9]+ +x[^ ]* +)[^ ]+/\\1nan/' \"$file\"",
    "half a file": 'head -c $(($(wc -c < "$file") / 2)) "$file" > "$file.x"; mv "$file.x" "$file"',
    "no file": 'rm "$file"',
}
"""Lines of shell, in which a solution of CBC becomes another."""


class Runs:
    """A copy of the project with the results of an undisturbed run, which each fault begins with or without."""

    def __init__(self, folder: Path):
        self.space = Workspace.make(folder / "run", {"cases": {"a": case()}, "formulations": FORMULATIONS})
        self.root, self.kept = self.space.root, folder / "kept"
        self.space.command()
        self.results = self.root / "results"
        began = time.monotonic()
        code, told = self.run()
        assert code == 0, told
        self.takes = time.monotonic() - began
        self.copied(self.root, self.kept)

    @staticmethod
    def copied(source: Path, target: Path) -> None:
        """The results and Snakemake's records of them, with their times."""
        for name in ("results", ".snakemake"):
            shutil.rmtree(target / name, ignore_errors=True)
            shutil.copytree(source / name, target / name, symlinks=True)

    def anew(self, done: bool) -> None:
        """All results, or none."""
        self.copied(self.kept, self.root)
        if not done:
            shutil.rmtree(self.results)
            shutil.rmtree(self.root / ".snakemake")

    def start(self, before: str = "", path: Path | None = None) -> subprocess.Popen:
        """Begin a run, in a shell that does something before it."""
        command = [self.space.python, "workflow/run.py", "--configfile", str(self.space.work / "my-config.yaml")]
        own = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{before} && exec "$@"', "run"] if before else []
        environment = self.space.environment
        if path:
            environment = environment | {"PATH": f"{path}{os.pathsep}{environment['PATH']}"}
        return subprocess.Popen(
            [*own, *command],
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, before: str = "", path: Path | None = None) -> tuple[int, str]:
        """A run to its end: exit code, and what it says."""
        process = self.start(before, path)
        told = process.communicate()[0]
        return process.returncode, told

    def outcome(self, code: int, told: str) -> str:
        """What a run has come to."""
        if "Traceback" in told or "a defect" in told:
            return f"TRACEBACK {told.splitlines()[-1][:80]}"
        if code:
            said = ("ERROR", "another `make run` is under way", "Stopped by Ctrl-C", "Read-only file system")
            return "refused with its reason" if any(word in told for word in said) else f"ENDED {told[-200:]}"
        try:
            assert_equal_work(self.kept / "results", self.results)
        except AssertionError as error:
            return f"OTHER BYTES {error}"
        return "equal bytes"


def killed(runs: Runs, random: Random, sign: int) -> str:
    """A signal to every process of a run, or SIGTERM to the first alone, at a random moment; then the same again."""
    process = runs.start()
    time.sleep(random.uniform(0.05, 0.95) * runs.takes)
    if sign == signal.SIGTERM:
        process.send_signal(sign)
    else:
        os.killpg(process.pid, sign)
    told = process.communicate()[0]
    # Snakemake's own first lines of a script take a second, in which Python tells of Ctrl-C in its way.
    left = "a traceback of a script that begins; " if "Traceback" in told else ""
    return f"{left}goes on: {runs.outcome(*runs.run())}"


def mounted(before: str) -> Callable[[Runs, Random], str]:
    """With a disk that is full or cannot be written to, then without."""

    def tried(runs: Runs, random: Random) -> str:
        runs.results.mkdir(exist_ok=True)
        first = runs.outcome(*runs.run(before))
        return f"{first}; again on a good one: {runs.outcome(*runs.run())}"

    return tried


def two_at_once(runs: Runs, random: Random) -> str:
    """The same run twice in one folder."""
    first = runs.start()
    time.sleep(random.uniform(0.2, 0.6) * runs.takes)
    second = runs.outcome(*runs.run())
    told = first.communicate()[0]
    return f"the second {second}, the first {runs.outcome(first.returncode, told)}"


def other_times(runs: Runs, random: Random) -> str:
    """Each file of the results of 1970, 2001 or 2096."""
    for path in sorted(runs.results.rglob("*")):
        moment = random.choice((1.0, 1e9, 4e9))
        os.utime(path, (moment, moment))
    return runs.outcome(*runs.run())


def lying(line: str) -> Callable[[Runs, Random], str]:
    """With a CBC that spoils its solutions; where it is told, the same again with an honest one."""

    def tried(runs: Runs, random: Random) -> str:
        from knockflow.numerics.mip_programs import cbc_executable

        folder = runs.root.parent / "liar"
        folder.mkdir(exist_ok=True)
        find = 'for word in "$@"; do case "$word" in *.soln) file="$word";; esac; done'
        lines = ["#!/bin/sh", f'{cbc_executable()} "$@"', find, '[ -s "$file" ] || exit 0', line]
        (folder / "cbc").write_text("\n".join([*lines, ""]))
        (folder / "cbc").chmod(0o755)
        code, told = runs.run(path=folder)
        return judged(runs, code, told)

    return tried


def judged(runs: Runs, code: int, told: str) -> str:
    """What a run with a solver that lies has come to: its list may be shorter, but not without a word."""
    from knockflow.base.tables import DESIGNS

    if code:
        return runs.outcome(code, told)
    record = runs.space.__class__(runs.root, runs.root, {}).record("a", "programs")
    lists = [DESIGNS.read(one / "a/programs/designs.tsv") for one in (runs.kept / "results", runs.results)]
    if lists[0] == lists[1]:
        return "the same designs" + ("" if record["proven"] else ", not called proven")
    return "fewer designs, not called proven" if not record["proven"] else f"WRONG {record['status']}"


def damaged(third: int | None) -> Callable[[Runs, Random], str]:
    """One kind of files in three cut, emptied, or swapped with another of their kind, of some time each."""

    def tried(runs: Runs, random: Random) -> str:
        for file in [KEPT] if third is None else files_of(runs.results)[third::3]:
            path = runs.results / file
            content = path.read_bytes()
            others = sorted({*runs.results.rglob(f"*{path.suffix}")} - {path})
            swaps = [other for one in others if one.is_file() and (other := one.read_bytes()) != content]
            path.write_bytes(random.choice([content[: random.randrange(1, len(content))], b"", *swaps[:1]]))
            moment = random.choice((1.0, None, 4e9))
            if moment is not None:
                os.utime(path, (moment, moment))
        return runs.outcome(*runs.run())

    return tried


def files_of(results: Path) -> list[str]:
    """One file of each kind that a run leaves, but for logs, benchmarks and the hashes of all others."""
    found = {}
    for path in sorted(results.rglob("*")):
        name = path.relative_to(results)
        if path.is_file() and not path.name.startswith(".") and name.parts[0] not in ("logs", "benchmarks", KEPT):
            found.setdefault((name.parts[0] == "shared", path.name), str(name))
    return sorted(found.values())


FULL = "mount -t tmpfs -o size=200k none results"
NOT_WRITABLE = "mount --bind {0} {0} && mount -o remount,ro,bind {0}"
TRIED: dict[str, tuple[int, bool, Callable[[Runs, Random], str]]] = {
    "kill -9 of all its processes": (3, False, lambda runs, random: killed(runs, random, signal.SIGKILL)),
    "SIGTERM": (2, False, lambda runs, random: killed(runs, random, signal.SIGTERM)),
    "Ctrl-C": (2, False, lambda runs, random: killed(runs, random, signal.SIGINT)),
    "results on a disk of 200 kB": (1, False, mounted(FULL)),
    "results that cannot be written to": (1, False, mounted(NOT_WRITABLE.format("results"))),
    "two at once": (1, False, two_at_once),
    "all results of 1970, 2001 or 2096": (1, True, other_times),
}
TRIED |= {f"CBC lies: {name}": (1, False, lying(line)) for name, line in LIES.items()}
TRIED |= {
    f"files cut, emptied or swapped, of 1970, now or 2096: kinds {n + 1}, {n + 4}, ...": (1, True, damaged(n))
    for n in range(3)
}
TRIED |= {f"{KEPT} cut, emptied or swapped": (1, True, damaged(None))}
"""How often each fault is tried, and whether the run is over by then."""


def tried(times: int | None = None) -> dict[str, Counter]:
    """What each fault has come to, so many times each, or as often as the table says."""
    random, found = Random(17), {}
    with TemporaryDirectory() as folder:
        runs = Runs(Path(folder))
        for name, (count, done, fault) in TRIED.items():
            found[name] = Counter()
            for _ in range(times or count):
                runs.anew(done)
                ended = fault(runs, random)
                found[name][ended] += 1
                print(name, ended, flush=True)
    return found


def main() -> None:
    """Try all, and write the page."""
    write_part(DOCS / "faults.md", "faults of runs", table(tried()))


if __name__ == "__main__":
    main()
