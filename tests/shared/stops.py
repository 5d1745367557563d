"""Searches that are stopped or killed on their way, and write where they stand after every node."""

from contextlib import contextmanager

import pytest

from knockflow.base.clock import Watch
from knockflow.designs import checkpoint as module
from knockflow.designs.checkpoint import Checkpoint


class Killed(Exception):
    """Stands for a process that ends at once."""


class Killing(Checkpoint):
    """A checkpoint whose process is killed after so many states."""

    def __init__(self, path, own, states: int):
        super().__init__(path, own)
        self._left = states

    def write(self, state, watch):
        if self._left <= 0:
            raise Killed
        self._left -= 1
        super().write(state, watch)


class Stopping(Watch):
    """A watch that says stop after so many questions."""

    def __init__(self, questions: int):
        super().__init__(None)
        self._left = questions

    def stop(self) -> bool:
        self._left -= 1
        if self._left < 0:
            self.stopped = "enough"
        return self.stopped is not None

    def piece(self):
        return Stopping(self._left)


@contextmanager
def always_due():
    """A state after every node."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SECONDS_BETWEEN", 0.0)
        patch.setattr(module, "MOST_TIME", float("inf"))
        yield
