"""Which interventions every part of a design has that is as good: then 30 interventions are 30 questions, not 2^30.

Let D only remove, and let the states R(N, z) rule out every design that has N and leaves one of them whole, for the
goal z (`knockflow.follower.region`). Without t the design D - {t} leaves whole what each of its parts leaves whole. So
if it leaves a state of R(N, z), and every part as good has N, then every part as good has t, too. N grows from nothing
until no more follows. Where all states count that grow at min_growth, it is all of D, or D is not minimal.
"""

from knockflow.follower.oracle import Follower
from knockflow.follower.region import Region, slightly_below
from knockflow.follower.respond import Design
from knockflow.follower.responses.behaviour import Behaviour


def needed(follower: Follower, behaviour: Behaviour, optimistic: bool, design: Design, value: float) -> Design:
    """The interventions of a design, worth a value, that each part of it has which is worth as much."""
    targets = follower.problem.targets
    if targets.opposed or any(targets.adds[target] for target in design):
        return frozenset()
    goal, found = slightly_below(value), frozenset()
    states = {target: _extreme(follower, behaviour, design - {target}, goal) for target in sorted(design)}
    while True:
        region = behaviour.region(follower, goal, optimistic, targets.effects(found))
        more = {target for target in design - found if _holds(region, states[target])}
        if not more:
            return found
        found |= more


def _holds(region: Region | None, state) -> bool:
    return region is not None and state is not None and region.holds(state)


def _extreme(follower: Follower, behaviour: Behaviour, design: Design, goal: float):
    """The state after a design that most likely rules it out; None if it has none that counts."""
    effects = follower.problem.targets.effects(design)
    fastest = follower.max_growth(follower.after(effects))
    if fastest is None or not follower.grows(fastest.value):
        return None
    return behaviour.extreme(follower, effects, fastest.fluxes, goal)
