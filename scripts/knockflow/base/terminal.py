"""What a job says on the terminal while it runs: whole lines, each with the case and formulation that it is about."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TextIO

TOLD = "KNOCKFLOW_TERMINAL"
"""Set in the environment of jobs whose run tells of their errors itself, at its end."""

STOPPED = "stopped: "
"""What a job's last message begins with where Ctrl-C has ended it."""

_speaker = {"label": ""}


def label(rule: str, wildcards: Mapping[str, str]) -> str:
    """A job as people read it: its case and formulation before its stage, such as `succinate/robustknock design`."""
    named = dict(wildcards)
    part, parts = named.pop("part", None), named.pop("parts", None)
    named.pop("shared", None)  # a hash, which says nothing to people
    about = "/".join(named.values())
    stage = f"part {part} of {parts}" if part and parts else rule
    return f"{about} {stage}" if about else stage


def speak_as(name: str) -> None:
    """Put a label in front of every line that this process says from now on."""
    _speaker["label"] = name


def say(text: str, terminal: TextIO | None = None) -> None:
    """Write one whole line, so that lines of jobs that run at the same time do not mix.

    Parameters
    ----------
    terminal
        Where to write it; standard error by default.
    """
    terminal = sys.stderr if terminal is None else terminal
    front = f"{_speaker['label']}: " if _speaker["label"] else ""
    # A terminal that is gone must not end a search.
    with suppress(OSError):
        terminal.write(f"{front}{printable(text)}\n")
        terminal.flush()


def counted(number: int, what: str) -> str:
    """A number of things as people say it: `no design`, `1 design`, `2 designs`."""
    return f"{number} {what}{'' if number == 1 else 's'}" if number else f"no {what}"


def printable(text: str) -> str:
    """A text without control characters but the ends of its lines: names within models may hold any."""
    return "".join(sign if sign == "\n" or sign.isprintable() else " " for sign in text)


def told_by_run() -> bool:
    """Whether the run that has started this job tells of its error."""
    return TOLD in os.environ


def end_quietly() -> None:
    """From now on Ctrl-C ends this process without a traceback."""
    before = sys.excepthook

    def hook(kind, error, trace) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            before(kind, error, trace)

    sys.excepthook = hook
