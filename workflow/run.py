"""What `make run` does: one run at a time, and no leftover lock of a killed one.

Snakemake's own lock outlives a process that was killed. The lock taken here dies with its process, so whoever
holds it knows that no other run is under way and may clear Snakemake's.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SNAKEMAKE = [sys.executable, "-m", "snakemake"]
QUIETLY = """
import runpy, sys
before = sys.excepthook
sys.excepthook = lambda kind, *more: None if issubclass(kind, KeyboardInterrupt) else before(kind, *more)
runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
"""
"""The same, without a traceback where Ctrl-C comes before Snakemake listens."""


def main() -> None:
    """Take the lock and become Snakemake, with any further arguments."""
    os.chdir(ROOT)
    lock = os.open(".knockflow.lock", os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("another `make run` is under way in this folder; wait for it, or end it first")
    os.set_inheritable(lock, True)
    if any(Path(".snakemake/locks").glob("*")):
        subprocess.run([*SNAKEMAKE, "--unlock"], check=True)
    os.execv(sys.executable, [sys.executable, "-c", QUIETLY, "--cores", "all", *sys.argv[1:]])


if __name__ == "__main__":
    main()
