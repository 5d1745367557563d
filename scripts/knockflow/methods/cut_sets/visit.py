"""The visit of the tree of cut sets: what is open of it, shared among processes or jobs, and kept in a checkpoint.

Every set that leads on is visited once, whatever the order. So designs and what is forbidden below them are all that
another process, another job or a later run needs to know of open nodes; what has been learnt only spares it programs.
A piece of the tree may find a set of which a smaller one belongs to another piece: together they are complete, and
what is not minimal is left out then.
"""

from collections.abc import Callable, Iterable, Mapping

from knockflow.base.clock import Watch
from knockflow.designs.checkpoint import Checkpoint
from knockflow.methods.cut_sets.branching import NO_GOAL, branching
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.tree.learned import Knowledge
from knockflow.methods.tree.open_nodes import LEVELS_IN_WIDTH, OpenNodes
from knockflow.methods.tree.workers import MOST_LEVELS_BEFORE_SHARING, Workers, visit_open


def search(sets: CutSets, watch: Watch, checkpoint: Checkpoint | None = None) -> None:
    """Find all minimal cut sets within the limits, or until the watch says stop."""
    visit = Visit(sets, watch)
    begun = checkpoint and checkpoint.read()
    if begun:
        visit.restore(begun)
    _go_on(visit, begun, checkpoint, sets.options["threads"])


def search_piece(
    sets: CutSets, watch: Watch, begin: Mapping, piece: int, pieces: int, checkpoint: Checkpoint | None = None
) -> None:
    """Find the cut sets of one of several pieces of what a state has open; pieces are numbered from 0."""
    visit = Visit(sets, watch, alone=pieces == 1)
    begun = checkpoint and checkpoint.read()
    visit.restore(begun or begin)
    if not begun and visit.rest is not None:
        visit.rest = visit.rest.share(piece, pieces)
    _go_on(visit, begun, checkpoint)


def _go_on(visit: "Visit", begun: Mapping | None, checkpoint: Checkpoint | None, workers: int = 1) -> None:
    if checkpoint is None:
        visit.run(workers)
        return
    if begun:
        where = f", level {visit.rest.level}, {len(visit.rest)} open nodes" if visit.rest else ""
        checkpoint.tell(f"{len(visit.sets.found)} cut sets{where}")
    visit.run(workers, lambda: checkpoint.keep(visit.state, visit.watch))
    if visit.watch.stopped:
        checkpoint.write(visit.state, visit.watch)


class Visit:
    """What is visited of the tree, and what is open of it.

    Parameters
    ----------
    sets
        What is asked, and where cut sets are noted.
    alone
        Whether no other process or job visits parts of the same tree.

    Attributes
    ----------
    rest
        What is still to be visited; None before the root has been.
    """

    goal = NO_GOAL

    def __init__(self, sets: CutSets, watch: Watch, alone: bool = True):
        self.sets, self.watch, self._alone = sets, watch, alone
        self._branching = branching(sets)
        self.rest: OpenNodes | None = None
        self.workers: Workers | None = None

    @property
    def _in_width(self) -> float:
        """Levels of which all nodes come before the next one: where the smallest ones are asked for, all levels."""
        return float("inf") if self.sets.by_size else LEVELS_IN_WIDTH

    def run(self, workers: int = 1, note: Callable[[], None] | None = None, levels: float = float("inf")) -> None:
        """Visit every node of the first levels, or until the watch says stop.

        `workers` processes share what is open once two levels are done. `note` is called now and then, when `state` is
        one to go on from.
        """
        if self.rest is None:
            if self.watch.stop():
                return
            self.rest = OpenNodes(self._in_width)
            self.rest.add(0, self._branching.root())
        before = min(self.sets.space.room - 1, MOST_LEVELS_BEFORE_SHARING)
        visit_open(self, workers, before, note, levels)

    def visit_next(self) -> None:
        """Visit the first of the open nodes."""
        level, node = self.rest.take()
        self.watch.tick(None, None)
        self.rest.add(level + 1, self._branching.children(node))
        if self.rest.level not in (level, None) and self.sets.enough(self._alone and self.workers is None):
            self.rest = OpenNodes(self._in_width)

    def knowledge(self) -> Knowledge:
        """What has been learnt."""
        return self._branching.knowledge()

    def take(self, designs: Iterable) -> None:
        """Have the cut sets that a state holds."""
        self.sets.take(designs)

    def state(self) -> dict:
        """Where the visit stands, in a form that JSON can hold."""
        return self.workers.state() if self.workers else self.state_with(self.knowledge())

    def state_with(self, known: Knowledge) -> dict:
        """The cut sets and the open nodes of one process, with some knowledge."""
        return {
            "goal": self.goal,
            "known": [known.as_json()],
            "rest": None if self.rest is None else self.open_nodes(self.rest),
            "designs": self.sets.state(),
        }

    def open_nodes(self, rest: OpenNodes) -> list[dict]:
        """Open nodes in a form that JSON can hold."""
        return rest.as_json(self._branching.search)

    def restore(self, state: Mapping) -> None:
        """Go on from a state."""
        self.take(state["designs"])
        if state["rest"] is None:
            return
        self._branching.remember(Knowledge.of_several(state["known"], len(self.sets.problem.columns)))
        self.rest = OpenNodes.of_json(state["rest"], self._branching.search, in_width=self._in_width)
