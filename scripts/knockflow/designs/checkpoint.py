"""Where a search stands, in a file beside its results: one that is stopped goes on from there, not from the beginning.

The file is written whole or not at all, now and then. With the state it holds hashes of what the search's list depends
on, and of itself: a file of another search, or one that is not whole, is refused with a warning, and the search begins
anew. What a state holds is each method's own affair.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from knockflow import __version__
from knockflow.base.clock import Watch
from knockflow.base.files import write_text
from knockflow.base.terminal import say
from knockflow.problem.archive import digest
from knockflow.problem.problem import Problem

logger = logging.getLogger("knockflow.search")

NAME = "checkpoint.json"
SECONDS_BETWEEN = 2.0
MOST_TIME = 0.03
"""Share of the time that may go into states: where one takes long, there are fewer."""

WITHOUT_EFFECT = ("threads", "time_limit_s")
"""Options that no list depends on."""


class Pace:
    """Says when the next state is due."""

    def __init__(self) -> None:
        self._next = time.monotonic() + SECONDS_BETWEEN

    @property
    def due(self) -> bool:
        """Whether it is time."""
        return time.monotonic() >= self._next

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Within it a state is made; the next one is due the later the longer that takes."""
        start = time.monotonic()
        yield
        end = time.monotonic()
        self._next = end + max(SECONDS_BETWEEN, (end - start) / MOST_TIME)


def identity(problem: Problem, options: Mapping, code: str, part: Sequence = ()) -> dict[str, str]:
    """Hashes of all that a search's list depends on, each under the name that a warning gives it.

    Parameters
    ----------
    code
        A hash of the code that searches.
    part
        Of a part of a scattered search, its name and what it begins with.
    """
    asked = {key: value for key, value in options.items() if key not in WITHOUT_EFFECT}
    return {
        "another problem": digest(problem),
        "other options": _hashed(json.dumps(asked, sort_keys=True)),
        "other code": _hashed(f"{__version__} {code}"),
        "other seeds": _hashed(json.dumps(part, sort_keys=True)),
    }


class Checkpoint:
    """The file of one search.

    Attributes
    ----------
    resumed
        How often the search has gone on from the file.
    seconds, nodes
        What its parts before this one have taken.
    """

    def __init__(self, path: str | Path, own: Mapping[str, str]):
        self.path, self._own, self._pace = Path(path), dict(own), Pace()
        self.resumed, self.seconds, self.nodes = 0, 0.0, 0

    def read(self) -> dict | None:
        """The state to go on from; None if there is none, or none that fits."""
        for left in self.path.parent.glob(f".{self.path.name}.*.part"):
            left.unlink(missing_ok=True)
        if not self.path.exists():
            return None
        content = self._content()
        if content is None:
            self._refuse("not whole")
            return None
        other = [name for name, value in self._own.items() if content["identity"].get(name) != value]
        if other:
            self._refuse(f"made with {' and '.join(other)}")
            return None
        self.resumed, self.seconds, self.nodes = content["resumed"] + 1, content["seconds"], content["nodes"]
        return content["state"]

    def _content(self) -> dict | None:
        """What is in the file, if that is what was written."""
        try:
            whole = json.loads(self.path.read_text(encoding="utf-8"))
            return whole["content"] if whole["sha256"] == _hashed(json.dumps(whole["content"])) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def _refuse(self, why: str) -> None:
        line = f"{self.path} is not used: {why}; the search begins anew"
        logger.warning("%s", line)
        say(line)

    def tell(self, where: str) -> None:
        """Say in the log and on the terminal from where the search goes on."""
        line = f"continues from a checkpoint: {where}, {self.nodes} nodes and {self.seconds:.1f} s before"
        logger.info("%s", line)
        say(line)

    def keep(self, state: Callable[[], dict], watch: Watch) -> None:
        """Write a state if it is time."""
        if self._pace.due:
            self.write(state, watch)

    def write(self, state: Callable[[], dict], watch: Watch) -> None:
        """Write a state now, with the nodes and the seconds of all parts."""
        with self._pace.measured():
            content = {
                "identity": self._own,
                "resumed": self.resumed,
                "seconds": round(self.seconds + watch.seconds, 3),
                "nodes": self.nodes + watch.nodes,
                "state": state(),
            }
            text = json.dumps(content)
            try:
                write_text(self.path, f'{{"sha256": "{_hashed(text)}", "content": {text}}}\n')
            except OSError as error:
                logger.warning("%s: cannot be written: %s", self.path, error.strerror)

    def remove(self) -> None:
        """Remove the file, if there is one: the search is through."""
        self.path.unlink(missing_ok=True)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
