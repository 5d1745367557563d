"""What is open of a tree, shared among processes that begin as copies of the one that has visited it so far."""

from collections.abc import Callable, Iterable
from typing import Protocol

from knockflow.base.clock import Watch
from knockflow.base.processes import Tell, can_fork, run_pieces
from knockflow.designs.checkpoint import Pace
from knockflow.methods.tree.learned import Knowledge
from knockflow.methods.tree.open_nodes import OpenNodes

MOST_LEVELS_BEFORE_SHARING = 2
"""Levels that are visited before the rest is shared: what they teach serves everywhere below."""


class SharedTraversal(Protocol):
    """A traversal, as the processes that share it have it."""

    goal: float
    watch: Watch
    rest: OpenNodes
    workers: "Workers | None"

    def knowledge(self) -> Knowledge:
        """What has been learnt for the present goal."""

    def state_with(self, known: Knowledge) -> dict:
        """The list and the open nodes of one process, with some knowledge."""

    def open_nodes(self, rest: OpenNodes) -> list[dict]:
        """Open nodes in a form that JSON can hold."""

    def take(self, designs: Iterable) -> None:
        """Have the list that a state holds."""

    def visit_next(self) -> None:
        """Visit the first of the open nodes."""


def visit_open(
    traversal: SharedTraversal,
    workers: int,
    before: int,
    note: Callable[[], None] | None,
    levels: float = float("inf"),
) -> None:
    """Visit what is open of the first levels, or until the watch says stop.

    Several `workers` share what is open once the levels `before` that are done. `note` is called now and then.
    """
    while traversal.rest and traversal.rest.level < levels and not traversal.watch.stop():
        if workers > 1 and 0 < before <= traversal.rest.level and can_fork():
            traversal.workers = Workers(traversal, workers)
            traversal.workers.run(note)
            return
        traversal.visit_next()
        if note is not None:
            note()


class Workers:
    """A traversal's open nodes in shares, one for each process, and where each of them stands.

    The processes go on by themselves. Now and then each tells its own state, so that theirs together make one of the
    whole traversal.
    """

    def __init__(self, traversal: SharedTraversal, workers: int):
        self._traversal = traversal
        self._shares = [traversal.rest.share(number, workers) for number in range(workers)]
        known = traversal.knowledge()
        self._before = len(known.no_goods), len(known.hits)
        self._begin = traversal.state_with(known) | {"rest": []}
        rests = map(traversal.open_nodes, self._shares)
        self._states = [{"goal": traversal.goal, "known": [], "rest": rest, "designs": []} for rest in rests]

    def run(self, note: Callable[[], None] | None) -> None:
        """Visit all of it, or until the watch says stop; `note` is called when a process has told its state."""

        def heed(number: int, state: dict) -> None:
            self._states[number] = state
            note()

        watch = self._traversal.watch
        self._states = run_pieces(self._piece(note is not None), len(self._shares), watch, heed)
        self._traversal.take(entry for part in (self._begin, *self._states) for entry in part["designs"])
        if watch.stopped:
            watch.stop()  # the reason is the whole search's, not a piece's

    def state(self) -> dict:
        """The state of the whole traversal, as far as it has been told."""
        parts = [self._begin, *self._states]
        together = {name: [item for part in parts for item in part[name]] for name in ("known", "rest", "designs")}
        return {"goal": max(part["goal"] for part in parts)} | together

    def _piece(self, telling: bool) -> Callable[[int, Watch, Tell], dict]:
        def piece(number: int, watch: Watch, tell: Tell) -> dict:
            own, pace = self._traversal, Pace()
            own.watch, own.rest = watch, self._shares[number]
            while own.rest and not watch.stop():
                own.visit_next()
                if telling and pace.due:
                    with pace.measured():
                        tell(self._state())
            return self._state()

        return piece

    def _state(self) -> dict:
        """A process's state, of what has been learnt only what the others do not know yet."""
        known, (no_goods, hits) = self._traversal.knowledge(), self._before
        return self._traversal.state_with(
            Knowledge(
                known.goal, no_goods=known.no_goods[no_goods:], hits=known.hits[hits:], states=known.states[hits:]
            )
        )
