"""How far a mixed-integer solver has come, read from its log while it runs."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TextIO

SECONDS_BETWEEN_LOOKS = 1.0

TAIL = 65_536
"""Bytes at the end of a log that are read: many times what a solver writes between two of its own lines."""

NONE = 1e20
"""Solvers write numbers at least as large for `none`, such as CBC's 1e+50."""

_NUMBER = r"[-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|inf)"
_LARGE = {"k": 10**3, "m": 10**6, "g": 10**9}

_CBC_ROOT = re.compile(rf"^Continuous objective value is ({_NUMBER})", re.MULTILINE)
_CBC_NODES = re.compile(
    rf"^Cbc0010I After (\d+) nodes, \d+ on tree, ({_NUMBER}) best solution, best possible ({_NUMBER})", re.MULTILINE
)
_CBC_FOUND = re.compile(
    rf"^Cbc00\d\dI Integer solution of ({_NUMBER}) found .*?after \d+ iterations and (\d+) nodes", re.MULTILINE
)
_HIGHS_LINE = re.compile(
    rf"^ ?[A-Za-z ]? +(\d+[kmg]?) +\d+[kmg]? +\d+[kmg]? +[\d.]+% +({_NUMBER}) +({_NUMBER}) ", re.MULTILINE
)
_GUROBI_LINE = re.compile(
    rf"^[ H*] *(\d+) +\d+ .*? ({_NUMBER}|-) +({_NUMBER}) +(?:[\d.]+%|-) +[\d.-]+ +\d+s$", re.MULTILINE
)
_CPLEX_LINE = re.compile(
    rf"^[* ] *(\d+)\+? +\d+ [^:\n]*? ({_NUMBER}) +({_NUMBER}) +\d* +(?:[\d.]+%|---) *$", re.MULTILINE
)
_SCIP_LINE = re.compile(
    rf"^.? *[\d.]+[smhd]?\| *(\d+[kmg]?) \|.*\| *({_NUMBER}|--) *\| *({_NUMBER}|--) *\|[^|\n]*\|[^|\n]*$", re.MULTILINE
)


@dataclass(frozen=True)
class Progress:
    """Nodes done, and the incumbent and the bound of the minimized model; None where nothing is known yet."""

    nodes: int | None = None
    incumbent: float | None = None
    bound: float | None = None


Tell = Callable[[Progress, TextIO], None]
"""What is called, every second or so, with a solver's progress and the terminal to write to."""


@contextmanager
def followed(log: Path, read: Callable[[str], Progress], tell: Tell | None) -> Iterator[None]:
    """While the body runs a solver, tell how far its log says that it has come."""
    if tell is None:
        yield
        return
    done = Event()
    with _terminal() as terminal:
        thread = Thread(target=_follow, args=(log, read, tell, terminal, done), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _follow(log: Path, read: Callable[[str], Progress], tell: Tell, terminal: TextIO, done: Event) -> None:
    while not done.wait(SECONDS_BETWEEN_LOOKS):
        tell(read(_tail(log)), terminal)


@contextmanager
def _terminal() -> Iterator[TextIO]:
    """Standard error as it is now: Pyomo catches all that is written there while a solver runs within Python.

    A stream that stands in for it, as in a notebook, is not caught and serves as it is.
    """
    if sys.stderr is not sys.__stderr__:
        yield sys.stderr
        return
    with os.fdopen(os.dup(sys.stderr.fileno()), "w") as terminal:
        yield terminal


def _tail(log: Path) -> str:
    """The last lines of a log, without one that is still being written."""
    if not log.is_file():
        return ""
    with open(log, "rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL))
        text = file.read().decode("utf-8", errors="replace")
    return text[: text.rfind("\n") + 1]


def read_cbc(log: str) -> Progress:
    """What CBC has told last: of its nodes, and of solutions found since."""
    nodes, found, root = _last(_CBC_NODES, log), _last(_CBC_FOUND, log), _last(_CBC_ROOT, log)
    progress = Progress(bound=_value(root[1])) if root else Progress()
    if nodes:
        progress = Progress(int(nodes[1]), _value(nodes[2]), _value(nodes[3]))
    if found and (nodes is None or found.start() > nodes.start()):
        progress = Progress(int(found[2]), _value(found[1]), progress.bound)
    return progress


def read_highs(log: str) -> Progress:
    """The last line of HiGHS's table, whose bound stands before its solution."""
    line = _last(_HIGHS_LINE, log)
    return Progress(_count(line[1]), _value(line[3]), _value(line[2])) if line else Progress()


def read_gurobi(log: str) -> Progress:
    """The last line of Gurobi's table, whose solution stands before its bound."""
    line = _last(_GUROBI_LINE, log)
    return Progress(_count(line[1]), _value(line[2]), _value(line[3])) if line else Progress()


def read_cplex(log: str) -> Progress:
    """The last line of CPLEX's table with a solution, which stands before its bound."""
    line = _last(_CPLEX_LINE, log)
    return Progress(_count(line[1]), _value(line[2]), _value(line[3])) if line else Progress()


def read_scip(log: str) -> Progress:
    """The last line of SCIP's table, whose bound stands before its solution."""
    line = _last(_SCIP_LINE, log)
    return Progress(_count(line[1]), _value(line[3]), _value(line[2])) if line else Progress()


def _last(pattern: re.Pattern, log: str) -> re.Match | None:
    found = list(pattern.finditer(log))
    return found[-1] if found else None


def _count(text: str) -> int:
    """A whole number that may be shortened, as 123k."""
    return int(text[:-1]) * _LARGE[text[-1]] if text[-1] in _LARGE else int(text)


def _value(text: str) -> float | None:
    """A number, None where it stands for none, be it by its size or by dashes."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < NONE else None
