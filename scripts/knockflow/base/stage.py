"""The wrapper of every stage's script: its log, one clean line for an error, no half-written outputs."""

import faulthandler
import logging
import os
import re
import shutil
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from knockflow.base.clock import ORPHANED, end_with, orphaned
from knockflow.base.errors import KnockflowError
from knockflow.base.terminal import end_quietly, label, speak_as, told_by_run

FORMAT = "%(asctime)s %(levelname)s %(message)s"

_BEGIN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ([A-Z]+) (.*)")

INTERRUPTED = 130
"""Exit code of a job that Ctrl-C has ended, as of any program."""

# A script imports this early, and the rest of its imports may take seconds.
end_quietly()


@contextmanager
def stage(job) -> Iterator[logging.Logger]:
    """Run a stage's body with its log; `job` is the object that Snakemake gives a script.

    A KnockflowError, or what the machine lacks, becomes one line in the log and on the terminal, and exit code 1.
    Anything else is a defect: the log keeps its traceback, the terminal has its last line. Where the run tells of
    errors itself, it takes both from the log. Ctrl-C ends the job without a word, with exit code 130. Either way the
    job's outputs are removed. A search also ends so when Snakemake itself has been killed; its outputs may then be
    another run's, and are left.
    Where a library ends the process by a signal, the log tells from where it was called.
    """
    try:
        logger = start_log(job.log[0])
    except OSError as error:
        _tell(_of_machine(error))
        sys.exit(1)
    wildcards = getattr(job, "wildcards", None)
    # Snakemake's wildcards are a list with names.
    speak_as(label(getattr(job, "rule", ""), dict(wildcards.items()) if wildcards else {}))
    end_with(os.getppid())
    for other in job.log[1:]:
        Path(other).write_text("", encoding="utf-8")
    try:
        yield logger
    except KnockflowError as error:
        logger.error("%s", error)
        discard(job.output)
        _tell(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        if orphaned():
            logger.info("ended: %s", ORPHANED)
        else:
            logger.info("ended by Ctrl-C")
            discard(job.output)
        sys.exit(INTERRUPTED)
    except Exception as error:
        # The log comes first: that outputs cannot be removed must not hide what happened.
        if lack := _of_machine(error):
            # Nothing that Knockflow could do better; a log that cannot be written to, either, is passed over.
            logger.error("%s", lack)
            _tell(lack)
        else:
            logger.exception("a defect in Knockflow, please report it with this log")
            last = traceback.format_exception_only(error)[-1].strip()
            _tell(f"a defect in Knockflow, please report it with {job.log[0]}: {last}")
        discard(job.output)
        sys.exit(1)
    finally:
        end_with(None)
        faulthandler.disable()
        speak_as("")


def _of_machine(error: Exception) -> str:
    """What this machine lacks; empty where an error is no lack."""
    # A library that is loaded late may find no room.
    late = isinstance(error, ImportError) and "failed to map segment" in str(error)
    if isinstance(error, MemoryError) or late:
        return f"not enough memory{f' ({error})' if str(error) else ''}; fewer jobs at once (--cores) need less"
    if not isinstance(error, OSError):
        return ""
    what = f"{error.filename}: " if error.filename else ""
    return f"{what}{error.strerror or error}; make room, or see to the rights, and give the same command again"


def _tell(error: str) -> None:
    if not told_by_run():
        print(f"ERROR {error}", file=sys.stderr)


class _File(logging.FileHandler):
    """A log that may not be writable any more, such as on a full disk; what is lost there is told on the terminal."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing, instead of a traceback for each line."""


def start_log(path: str | Path) -> logging.Logger:
    """Send the library's messages, and Python's warnings, to the stage's log file."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    handler = _File(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
    faulthandler.enable(handler.stream)
    logging.captureWarnings(True)
    for name in ("knockflow", "py.warnings"):
        log = logging.getLogger(name)
        log.setLevel(logging.INFO)
        log.handlers = [handler]
        log.propagate = False
    return logging.getLogger("knockflow")


def discard(outputs: list[str]) -> None:
    """Remove a failed stage's outputs, files and folders; what cannot be removed is left."""
    for path in map(Path, outputs):
        with suppress(OSError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def read_log(path: str | Path) -> list[tuple[str, str]]:
    """The messages of a stage's log in order, each with its level; nothing where there is no such log."""
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    messages: list[tuple[str, str]] = []
    for line in lines:
        begin = _BEGIN.fullmatch(line)
        if begin:
            messages.append((begin[1], begin[2]))
        elif messages:
            messages[-1] = messages[-1][0], f"{messages[-1][1]}\n{line}"
    return messages
