"""Pareto fronts by the epsilon-constraint method: the best value under floors of growth and ceilings of cost.

Each search asks for the best value of the designs that cost no more than a ceiling, grow at least as fast as a floor,
and have more value than any point that is known to be as cheap and as fast. If there is one, it is a point, and the
floor rises above its growth; if not, no such point is missing, and the floor rises above the growth of the point that
holds the value. Ceilings rise through all sums of costs, so a point is met at its own cost first. The floor of growth
is a condition on designs, not a larger min_growth: which states count for a value stays as it is.

Haimes, Lasdon, Wismer 1971, doi:10.1109/TSMC.1971.4308298. It needs no convexity, so it finds all points.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.base.tolerances import VALUE, below, close
from knockflow.designs.front import Front, Point
from knockflow.designs.ranking import BETTER, Limits
from knockflow.designs.result import Result
from knockflow.follower.respond import Design
from knockflow.follower.states import Evaluation
from knockflow.methods.task import Task
from knockflow.problem.problem import Problem

Search = Callable[[Task, bool], Result]
"""What finds the best design of a task, told whether that may be far above all that is known."""

MOST_CEILINGS = 200
"""Sums of costs that are tried one after the other."""


def epsilon_constraint(task: Task, axes: Sequence[str], search: Search) -> Result:
    """The front on some axes by a search for the best designs, which heeds all limits.

    Raises
    ------
    ConfigError
        If costs have too many sums.
    """
    sweep = _Sweep(task, axes, search)
    sweep.run()
    front = Front(axes)
    for point in sweep.known.points:
        front.offer(point)
    return result_of(task, front)


def result_of(task: Task, front: Front) -> Result:
    """A front as a search's result."""
    best, complete = task.best, not task.watch.stopped
    ranked = front.ranked()
    bound = max((entry.value for entry in ranked), default=float("-inf")) if complete else best.bound(task.watch)
    return Result(ranked, bound, complete, True)


def rising(problem: Problem) -> str:
    """Why an intervention may raise growth; empty where it cannot."""
    if not problem.maximizes_growth:
        return "the cell maximizes another objective"
    return "some interventions add to what the cell can do" if problem.targets.enlarging else ""


class _Sweep:
    """The searches of a front one after the other, and where they stand."""

    def __init__(self, task: Task, axes: Sequence[str], search: Search):
        self.task, self.search, self.checkpoint = task, search, task.checkpoint
        self.known = Front({"value": None} | dict.fromkeys(axes))
        self.ceilings = _ceilings(task) if "cost" in axes else [task.limits]
        self.rising = "growth" in axes
        self.at, self.floor = 0, None

    def run(self) -> None:
        """Add the points of all searches to the known ones, from where an earlier run has stopped."""
        inner = self._begin()
        for number, limits in enumerate(self.ceilings[self.at :], self.at):
            for floor in _floors(self.known, self.rising, self.floor if number == self.at else None):
                self.at, self.floor = number, floor
                if self.task.watch.stop():
                    if self.checkpoint:
                        self.checkpoint.write(partial(self.state, inner), self.task.watch)
                    return
                self._search(replace(limits, least_growth=floor, max_designs=1), inner)
                inner = None
                # What an unfinished search has found is shown, but is no point to go on from: its state is kept.
                if self.task.watch.stopped:
                    return

    def state(self, inner: dict | None = None) -> dict:
        """Where the searches stand, the present one's own state with it, in a form that JSON can hold."""
        points = [
            [sorted(one.entry.design), one.entry.value, one.entry.guarantee, one.growth] for one in self.known.points
        ]
        return {"points": points, "ceiling": self.at, "floor": self.floor, "search": inner}

    def _begin(self) -> dict | None:
        """Take what another run has found, or the wild type; the state of the search in which that has stopped."""
        best, begun = self.task.best, self.checkpoint and self.checkpoint.read()
        if begun:
            for *state, growth in begun["points"]:
                self.known.offer(Point(best.known_entry(*state), growth))
            self.at, self.floor = begun["ceiling"], begun["floor"]
            if begun["search"] is None:
                self.checkpoint.tell(self.where)
            return begun["search"]
        least = self.task.limits.min_value
        if best.wild_type is not None and (least is None or not below(best.wild_type.value, least)):
            self._offer(frozenset(), best.wild_type)
        return None

    @property
    def where(self) -> str:
        """Where the searches stand, in words."""
        return f"{len(self.known.points)} points, ceiling {self.at + 1} of {len(self.ceilings)}"

    def _offer(self, design: Design, evaluation: Evaluation) -> None:
        best = self.task.best
        self.known.offer(Point(best.entry(design, evaluation), best.growth(design)))

    def _search(self, limits: Limits, inner: dict | None) -> None:
        """Add the design of best value within some limits, if it has more than any known one that grows as fast."""
        task, beaten = self.task, _holding(self.known, limits.least_growth)
        if beaten is not None:
            value = beaten.entry.value
            more = value + BETTER * VALUE * max(1.0, abs(value))
            limits = replace(limits, min_value=more if limits.min_value is None else max(more, limits.min_value))
        best = task.best.within(limits)
        kept = _Within(self, inner) if self.checkpoint else None
        far = self.at == 0 and (beaten is None or not beaten.entry.design)
        for entry in self.search(replace(task, best=best, checkpoint=kept), far).ranked:
            self._offer(entry.design, task.best.evaluate(entry.design))


class _Within:
    """The checkpoint of one search of a front: its state stands within that of the front."""

    def __init__(self, sweep: _Sweep, begun: dict | None):
        self._sweep, self._begun = sweep, begun

    def read(self) -> dict | None:
        """The state to go on from; None if there is none."""
        return self._begun

    def tell(self, where: str) -> None:
        """Say from where the front goes on."""
        self._sweep.checkpoint.tell(f"{self._sweep.where}, {where}")

    def keep(self, state: Callable[[], dict], watch: Watch) -> None:
        """Write a state if it is time."""
        self._sweep.checkpoint.keep(lambda: self._sweep.state(state()), watch)

    def write(self, state: Callable[[], dict], watch: Watch) -> None:
        """Write a state now."""
        self._sweep.checkpoint.write(lambda: self._sweep.state(state()), watch)


def _holding(known: Front, floor: float | None) -> Point | None:
    """The known point of best value among those that grow as fast as a floor; of equal ones the fastest."""
    fast = [point for point in known.points if floor is None or point.growth >= floor]
    if not fast:
        return None
    most = max(point.entry.value for point in fast)
    return max((point for point in fast if close(most, point.entry.value)), key=lambda point: point.growth)


def _floors(known: Front, rising: bool, floor: float | None = None) -> Iterator[float | None]:
    """Floors of growth (1/h): the first one, then each just above the growth of the point that held the last one.

    The caller adds to the known points what it finds under each floor before it asks for the next one.
    """
    while True:
        yield floor
        held = _holding(known, floor)
        if not rising or held is None:
            return
        floor = held.growth + VALUE * max(1.0, held.growth)


def _ceilings(task: Task) -> list[Limits]:
    """The limits with each ceiling of cost, and with no more interventions than it can pay for."""
    problem, limits, n_forced = task.problem, task.limits, len(task.problem.forced)
    found = []
    for total in _sums(problem, limits.max_interventions - n_forced, limits.max_cost):
        cheapest, most = problem.targets.cost.min(), limits.max_interventions
        if cheapest > 0:
            most = min(most, n_forced + int(total / cheapest + 1e-9))
        found.append(replace(limits, max_cost=problem.forced_cost + total, max_interventions=most))
    return found


def _sums(problem: Problem, room: int, most: float | None) -> list[float]:
    """What designs may cost beside the forced interventions, in rising order."""
    own = sorted({round(float(cost), 9) for cost in problem.targets.cost})
    limit = float("inf") if most is None else most - problem.forced_cost + 1e-9
    sums = last = {0.0}
    for _ in range(room):
        last = {round(sum_ + cost, 9) for sum_ in last for cost in own if sum_ + cost <= limit}
        sums = sums | last
        if len(sums) > MOST_CEILINGS:
            raise ConfigError(
                f"front: the costs of targets have more than {MOST_CEILINGS} different sums, each of which would need "
                f"a search; round the costs, or leave `cost` out of `front`"
            )
    return sorted(sums if own and own[0] == 0 else sums - {0.0})
