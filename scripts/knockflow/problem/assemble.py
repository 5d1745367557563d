"""From what is offered, reaction by reaction, to the `Targets` of the compressed follower, with a status for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from knockflow.base.tolerances import FEASIBILITY
from knockflow.language.kinds import KNOCK_OUT, MEDIUM, REGULATION
from knockflow.language.notation import AT_LEAST, apart, intervention
from knockflow.problem.bounds import widened
from knockflow.problem.compression import Merged
from knockflow.problem.leader import BLOCKED, CANDIDATE, ESSENTIAL, EXCLUDED, Effect, Targets
from knockflow.problem.offer import BoundsByNumber, Offer, OfferedTarget
from knockflow.problem.targets import Target, agreed_status

NOT_LEFT = "no state that grows at min_growth is left"
"""Why a target is essential whose effects are not those of one reaction."""

Ranges = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Seen:
    """Flux ranges of the columns of a follower that grows at min_growth: of those states, and of all that may count."""

    growing: Ranges
    possible: Ranges


def assemble(
    merged: Merged,
    offered: Offer,
    groups: Sequence[Target],
    seen: Sequence[Seen],
    more: Iterable[tuple[frozenset[str], BoundsByNumber]] = (),
) -> tuple[Targets, list[Target]]:
    """Targets of the follower and rows of the table, for groups of reactions and for what is offered besides.

    `seen` is what each follower is like, none where the wild type does not grow at min_growth; `more` are effects on
    columns that stand for no reaction.
    """
    groups = [_acting(row, offered) for row in groups]
    # Of the groups, those that become targets: what has a column, whatever its status, and candidates without one.
    usable = [row for row in groups if row.status != EXCLUDED and (row.group is not None or row.status == CANDIDATE)]
    effects = _without_implied(_all_effects(merged, offered, usable, more))
    # Genes with the same effects become one target, under a name of both.
    names, effects = _joined(offered, effects)
    rows = [_row(name, members, offered, effects, seen) for name, members in names.items()]
    # What is offered but changes no column that can carry flux stands in the table only.
    acting = {name for needs in effects for name in needs} | offered.regulators
    every = sorted([*usable, *(row for row in rows if row.name in acting)], key=lambda row: row.name)
    exclusive = [*offered.exclusive, *_contradictions(offered, usable)]
    return _as_targets(every, effects, exclusive, offered), sorted([*groups, *rows], key=lambda row: row.name)


def _all_effects(
    merged: Merged, offered: Offer, usable: Sequence[Target], more: Iterable[tuple[frozenset[str], BoundsByNumber]]
) -> dict[frozenset[str], BoundsByNumber]:
    """Bounds of columns by the names of the targets that they need together."""
    # A group closes its own column and those that fall with it.
    effects = {
        frozenset([row.name]): dict.fromkeys((row.group, *row.beside), (0.0, 0.0))
        for row in usable
        if row.group is not None
    }
    # Where the same targets have several effects on a column, the narrower bounds hold.
    for needs, bounds in chain(_in_columns(merged, offered.effects), more):
        own = effects.setdefault(needs, {})
        for column, (lower, upper) in bounds.items():
            before = own.get(column, (-np.inf, np.inf))
            own[column] = max(before[0], lower), min(before[1], upper)
    return effects


def _as_targets(
    every: Sequence[Target],
    effects: Mapping[frozenset[str], BoundsByNumber],
    exclusive: Iterable[Iterable[str]],
    offered: Offer,
) -> Targets:
    """The targets in the order of their rows; groups of names that exclude one another become groups of numbers."""
    number = {row.name: position for position, row in enumerate(every)}
    # A group may name a target by one of its interchangeable names, or by one of the reactions that it closes.
    called: dict[str, set[int]] = {}
    for row in every:
        for part in {row.name, *(one for name in row.name.split("|") for one in apart(name))}:
            called.setdefault(part, set()).add(number[row.name])
    return Targets.of(
        [row.name for row in every],
        _ordered(effects, number),
        kind=[row.kind for row in every],
        cost=[row.cost for row in every],
        choice_cost=[row.costs for row in every],
        status=[row.status for row in every],
        adds=[row.name in offered.targets and offered.targets[row.name].adds for row in every],
        exclusive=[set().union(*(called.get(name, ()) for name in group)) for group in exclusive],
    )


def _acting(row: Target, offered: Offer) -> Target:
    """A knock-out that changes no state by itself may do so through rules."""
    acts = row.status == BLOCKED and row.name in offered.regulators
    return replace(row, status=CANDIDATE, why="") if acts else row


def _contradictions(offered: Offer, groups: Sequence[Target]) -> Iterable[set[str]]:
    """Pairs of which one closes a reaction and the other makes it run."""
    for name, wanted in offered.targets.items():
        if wanted.kind not in (REGULATION, MEDIUM):
            continue
        change = intervention(name)
        runs = change.level > 0 if change.action == AT_LEAST else change.level < 0
        for group in groups if runs else ():
            if change.name in group.reactions:
                yield {name, group.name}


def _ordered(effects: Mapping[frozenset[str], BoundsByNumber], number: Mapping[str, int]) -> Iterable[Effect]:
    """Effects with the fewest needs first, in the order of their targets."""
    numbered = {tuple(sorted(number[name] for name in needs)): bounds for needs, bounds in effects.items()}
    for needs in sorted(numbered, key=lambda needs: (len(needs), needs)):
        yield Effect(needs, [(column, *ends) for column, ends in sorted(numbered[needs].items())])


def _in_columns(merged: Merged, effects: Iterable[tuple[frozenset[str], BoundsByNumber]]):
    """Effects on reactions as effects on columns; reactions that no state can carry are left out."""
    place = {member: (column, float(f)) for column, group in enumerate(merged.groups) for member, f in group}
    for needs, bounds in effects:
        found: BoundsByNumber = {}
        for reaction, (lower, upper) in bounds.items():
            if reaction in place:
                column, factor = place[reaction]
                ends = sorted((lower / factor, upper / factor))
                found[column] = (ends[0] + 0.0, ends[1] + 0.0)
        if found:
            yield needs, found


def _without_implied(effects: Mapping[frozenset[str], BoundsByNumber]) -> dict[frozenset[str], BoundsByNumber]:
    """Bounds that fewer restrictions already lead to are dropped, with effects that are left none."""
    of: dict[int, list[frozenset[str]]] = {}
    for needs, bounds in effects.items():
        for column in bounds:
            of.setdefault(column, []).append(needs)
    kept: dict[frozenset[str], BoundsByNumber] = {}
    for column in sorted(of):
        for needs in of[column]:
            lower, upper = effects[needs][column]
            tighter = (effects[other][column] for other in of[column] if other < needs)
            if not any(lower <= least and most <= upper for least, most in tighter):
                kept.setdefault(needs, {})[column] = (lower, upper)
    return kept


def _joined(offered: Offer, effects: Mapping[frozenset[str], BoundsByNumber]):
    """Genes that can stand for one another under one name; with the effects under the new names.

    Two genes are interchangeable if each has, with the same other restrictions, the same effects, and rules say the
    same of both.
    """
    members = {name: [name] for name in sorted(offered.targets)}
    effects = dict(effects)
    # Genes under one name can make others alike that differed only in which of these they need.
    while together := _alike(offered, members, effects):
        for names in together:
            own = sorted(part for name in names for part in members.pop(name))
            members["|".join(own)] = own
            effects = _renamed(effects, set(names), "|".join(own))
    return members, effects


def _alike(offered: Offer, members: Mapping[str, list[str]], effects: Mapping[frozenset[str], BoundsByNumber]):
    """Lists of names that can stand for one another."""
    # What a name does: its effects, each with what else it needs.
    roles: dict[str, set] = {name: set() for name in members}
    for needs, bounds in effects.items():
        for name in needs & roles.keys():
            roles[name].add((needs - {name}, tuple(sorted(bounds.items()))))
    # A name in a group of which a design holds at most one is not to be chosen by the name of another.
    apart_from_others = {name for group in offered.exclusive for name in group}
    alike: dict[tuple, list[str]] = {}
    for name, own in members.items():
        gene = offered.targets[own[0]]
        if own[0] not in apart_from_others and gene.kind == KNOCK_OUT and roles[name]:
            alike.setdefault((frozenset(roles[name]), offered.roles.get(own[0])), []).append(name)
    return [names for names in alike.values() if len(names) > 1]


def _renamed(
    effects: Mapping[frozenset[str], BoundsByNumber], names: set[str], new: str
) -> dict[frozenset[str], BoundsByNumber]:
    return {(needs - names) | {new} if needs & names else needs: bounds for needs, bounds in effects.items()}


def _row(name: str, members: Sequence[str], offered: Offer, effects: Mapping, seen: Sequence[Seen]) -> Target:
    """The row of what is offered under one name."""
    own = [offered.targets[member] for member in members]
    status, why = _status(name, own[0], effects, seen)
    if status == BLOCKED and name in offered.regulators:
        status, why = CANDIDATE, ""
    reactions = tuple(sorted(set().union(*(one.reactions for one in own))))
    costs = tuple(one.cost for one in own)
    return Target(name, min(costs), reactions, status, why, None, own[0].kind, costs)


def _status(
    name: str, wanted: OfferedTarget, effects: Mapping[frozenset[str], BoundsByNumber], seen: Sequence[Seen]
) -> tuple[str, str]:
    own = {needs: bounds for needs, bounds in effects.items() if name in needs}
    if not own:
        what = "nothing of it can carry flux" if wanted.adds else "it changes no reaction that can carry flux"
        return BLOCKED, what
    return agreed_status(_status_in(own, wanted.adds, own.get(frozenset([name]), {}), one) for one in seen)


def _status_in(
    own: Mapping[frozenset[str], BoundsByNumber], adds: bool, alone: BoundsByNumber, seen: Seen
) -> tuple[str, str]:
    """A status by what the follower is like, given a target's effects and those that it has alone."""
    if not adds and any(_outside(seen.growing, column, ends) for column, ends in alone.items()):
        return ESSENTIAL, NOT_LEFT
    if all(_within(seen.possible, column, ends) for bounds in own.values() for column, ends in bounds.items()):
        return BLOCKED, "it changes no state that grows at min_growth"
    return CANDIDATE, ""


def _outside(ranges: Ranges, column: int, ends: tuple[float, float]) -> bool:
    return bool(ranges[0][column] > ends[1] + FEASIBILITY or ranges[1][column] < ends[0] - FEASIBILITY)


def _within(ranges: Ranges, column: int, ends: tuple[float, float]) -> bool:
    # What keeps a small flux from a cell may be what it lives on.
    lower, upper = widened(*map(np.array, ends))
    return bool(ranges[0][column] >= lower and ranges[1][column] <= upper)
