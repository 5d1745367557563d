"""The wrapper of every stage's script: its log, one clean line for an error, no half-written outputs."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knockflow.errors import KnockflowError

FORMAT = "%(asctime)s %(levelname)s %(message)s"


@contextmanager
def stage(job) -> Iterator[logging.Logger]:
    """Run a stage's body with its log; `job` is the object that Snakemake gives a script.

    A KnockflowError becomes one line in the log and on the terminal, and exit code 1. Anything else is a
    defect and keeps its traceback. Either way the job's outputs are removed.
    """
    logger = start_log(job.log[0])
    for other in job.log[1:]:
        Path(other).write_text("", encoding="utf-8")
    try:
        yield logger
    except KnockflowError as error:
        discard(job.output)
        logger.error("%s", error)
        print(f"ERROR {error}", file=sys.stderr)
        sys.exit(1)
    except Exception:
        discard(job.output)
        logger.exception("a defect in Knockflow, please report it with this log")
        sys.exit(1)


def start_log(path: str | Path) -> logging.Logger:
    """Send the library's messages, and Python's warnings, to the stage's log file."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
    logging.captureWarnings(True)
    for name in ("knockflow", "py.warnings"):
        log = logging.getLogger(name)
        log.setLevel(logging.INFO)
        log.handlers = [handler]
        log.propagate = False
    return logging.getLogger("knockflow")


def discard(outputs: list[str]) -> None:
    """Remove a failed stage's outputs."""
    for path in outputs:
        Path(path).unlink(missing_ok=True)
