"""The clock of a search: time limit, polite stop on SIGTERM, and lines of progress that a person can follow."""

import logging
import signal
import sys
import threading
import time

logger = logging.getLogger("knockflow.search")

SECONDS_BETWEEN_LINES = 10.0


class Watch:
    """Counts nodes and says when to stop. Use as a context: within it SIGTERM asks the search to end.

    A watch `within` another has a time limit of its own and hears the other's SIGTERM.

    A search that ends so keeps its best designs and reports `feasible`, not `optimal`.
    """

    def __init__(self, time_limit_s: float | None = None, within: "Watch | None" = None):
        self._limit, self._outer = time_limit_s, within
        self._start = time.monotonic()
        self._next_line = SECONDS_BETWEEN_LINES
        self._terminated = False
        self._previous = None
        self.nodes = 0
        self.stopped: str | None = None

    def __enter__(self) -> "Watch":
        # Signals can only be handled in the main thread; elsewhere the time limit alone applies.
        if self._outer is None and threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGTERM, self._terminate)
        return self

    def __exit__(self, *_exception) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGTERM, self._previous)

    def _terminate(self, _number, _frame) -> None:
        self._terminated = True

    @property
    def terminated(self) -> bool:
        """Whether SIGTERM has come, to this watch or to the one it runs within."""
        return self._terminated or (self._outer is not None and self._outer.terminated)

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self._start

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the time limit, None without one."""
        return None if self._limit is None else max(0.0, self._limit - self.seconds)

    def stop(self) -> bool:
        """Whether to end now; `stopped` then says why."""
        if self.terminated:
            self.stopped = "SIGTERM"
        elif self._limit is not None and self.seconds >= self._limit:
            self.stopped = f"time limit of {self._limit:g} s"
        return self.stopped is not None

    def tick(self, incumbent: float | None, bound: float | None) -> None:
        """Count a node; now and then write a line of progress."""
        self.nodes += 1
        if self.seconds >= self._next_line:
            self._next_line = self.seconds + SECONDS_BETWEEN_LINES
            best = "none" if incumbent is None else f"{incumbent:.6f}"
            limit = "unknown" if bound is None else f"{bound:.6f}"
            line = f"{self.seconds:.0f} s, {self.nodes} nodes, best {best}, bound {limit}"
            logger.info("%s", line)
            print(line, file=sys.stderr, flush=True)
