"""The clock of a search: time limit, polite stop on SIGTERM or Ctrl-C, and lines of progress that people can follow."""

import logging
import os
import signal
import sys
import threading
import time
from typing import TextIO

from knockflow.base.terminal import say

logger = logging.getLogger("knockflow.search")

SECONDS_BETWEEN_LINES = 10.0
MOST_SECONDS_BETWEEN_LINES = 60.0
"""Lines of progress come the more seldom the longer a search takes."""

MOST_GAP = 10.0
"""Relative gap up to which one is written."""

ORPHANED = "the run that started it is gone"

_starter: dict[str, int | None] = {"pid": None}


def end_with(pid: int | None) -> None:
    """From now on the searches of this process stop once its parent is no longer this one; None: they go on."""
    _starter["pid"] = pid


def orphaned() -> bool:
    """Whether the process that this one must end with is gone, as after `kill -9`: nobody waits for a result."""
    return _starter["pid"] is not None and os.getppid() != _starter["pid"]


class Watch:
    """Counts nodes and says when to stop. Use as a context: within it SIGTERM and Ctrl-C ask the search to end.

    A watch `within` another has a time limit of its own and hears the other's signals.

    A search that a limit or SIGTERM ends keeps its best designs and reports `feasible`, not `optimal`. After Ctrl-C the
    search has stopped as politely, with its checkpoint written, but the context ends with KeyboardInterrupt: no result
    counts. So it does where the search is orphaned. A second Ctrl-C ends it at once.
    """

    def __init__(self, time_limit_s: float | None = None, within: "Watch | None" = None):
        self._limit, self._outer = time_limit_s, within
        self._start = time.monotonic()
        self._next_line = SECONDS_BETWEEN_LINES
        self._terminated = self._interrupted = self._orphaned = False
        self._previous: dict[signal.Signals, object] = {}
        self.nodes = 0
        self.stopped: str | None = None

    def __enter__(self) -> "Watch":
        # Signals can only be handled in the main thread; elsewhere the time limit alone applies.
        if self._outer is None and threading.current_thread() is threading.main_thread():
            self._previous[signal.SIGTERM] = signal.signal(signal.SIGTERM, self._terminate)
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                self._previous[signal.SIGINT] = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, kind, *_exception) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        if (self._interrupted or (self._orphaned and self._outer is None)) and kind is None:
            raise KeyboardInterrupt

    def _terminate(self, _number, _frame) -> None:
        self._terminated = True

    def _interrupt(self, number, frame) -> None:
        if self._interrupted:
            signal.default_int_handler(number, frame)
        self._interrupted = True

    def piece(self) -> "Watch":
        """A watch for a process that does a piece of the work: the same end, SIGTERM of its own, no lines."""
        own = Watch(self.seconds_left)
        own._next_line = float("inf")
        return own

    @property
    def terminated(self) -> bool:
        """Whether SIGTERM or Ctrl-C has come, to this watch or to the one it runs within, or it is orphaned."""
        return self._terminated or self.interrupted or (self._outer is not None and self._outer.terminated)

    @property
    def interrupted(self) -> bool:
        """Whether no result counts: Ctrl-C has come, to this watch or to the one it runs within, or it is orphaned."""
        self._orphaned = self._orphaned or orphaned()
        return self._interrupted or self._orphaned or (self._outer is not None and self._outer.interrupted)

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self._start

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the time limit, None without one."""
        return None if self._limit is None else max(0.0, self._limit - self.seconds)

    @property
    def due(self) -> bool:
        """Whether it is time for a line of progress."""
        return self.seconds >= self._next_line

    def stop(self) -> bool:
        """Whether to end now; `stopped` then says why."""
        if self.terminated:
            self.stopped = ORPHANED if orphaned() else "Ctrl-C" if self.interrupted else "SIGTERM"
        elif self._limit is not None and self.seconds >= self._limit:
            self.stopped = f"time limit of {self._limit:g} s"
        return self.stopped is not None

    def prolong(self) -> None:
        """Go on for as long as the watch that it runs within has left."""
        left = self._outer.seconds_left
        self._limit, self.stopped = None if left is None else self.seconds + left, None

    def tick(self, incumbent: float | None, bound: float | None) -> None:
        """Count a node; now and then write a line of progress."""
        self.nodes += 1
        if self.due:
            self.line(f"{self.nodes} nodes", "best", incumbent, bound, sys.stderr)

    def line(self, what: str, word: str, found: float | None, bound: float | None, terminal: TextIO) -> None:
        """Write a line of progress: what is under way, what has been found and what is possible, where that is known.

        `word` says what has been found: the `best` value of a search, or the `claim` of a solve.
        """
        self._next_line = self.seconds + min(max(SECONDS_BETWEEN_LINES, self.seconds), MOST_SECONDS_BETWEEN_LINES)
        line = f"{self.seconds:.0f} s, {what}, {word} {'none' if found is None else f'{found:.6f}'}"
        if bound is not None:
            line += f", bound {bound:.6f}"
        # A gap of many times the value says no more than that the bound is far off.
        if bound is not None and found and bound - found <= MOST_GAP * abs(found):
            line += f", gap {100 * max(0.0, bound - found) / abs(found):.1f} %"
        logger.info("%s", line)
        say(line, terminal)
