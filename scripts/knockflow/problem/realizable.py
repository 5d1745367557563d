"""Reactions as targets only where genes can close them, without closing others or with what falls.

A set of genes closes every reaction whose rule fails without it. Of these count, beside the target's own group of
coupled reactions, those that could carry flux once the group is closed. Where none is left the group is a target as
before, named by the members that genes close so. With `with_side_effects` the others are part of the target: `-A&B`
closes both, and of several ways only those count that close no more than another. Two targets together may still
close a third reaction that has isozymes; `knockflow.validation.by_genes` tells.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from knockflow.base.errors import ConfigError
from knockflow.base.tolerances import BLOCKED_FLUX
from knockflow.language.notation import together
from knockflow.model.gene_sets import ONLY_WITH, GeneCutSet, gene_sets
from knockflow.model.gpr import active, genes, parse
from knockflow.model.network import Network
from knockflow.numerics.simplex import Verdict
from knockflow.problem.compression import Merged
from knockflow.problem.leader import EXCLUDED
from knockflow.problem.targets import Target, TargetOptions

Status = Callable[[Iterable[int]], tuple[str, str]]
"""The status of a target that closes some columns, and why."""

MOST_NAMED = 6
"""Reactions that fall with another one, as far as a reason names them."""


@dataclass(frozen=True)
class Way:
    """How genes close a reaction: it and one reaction of each further column that falls, and all these columns.

    `fallen` are all reactions of these columns whose rules fail.
    """

    reactions: tuple[str, ...]
    columns: frozenset[int]
    fallen: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """As a target is named."""
        return together(self.reactions)


@dataclass
class Closing:
    """What genes close in a compressed network; `kept` are genes that are not to be deleted."""

    network: Network
    merged: Merged
    options: TargetOptions
    kept: Collection[str] = ()
    exclusive: Sequence[Collection[str]] = ()
    _carried: dict[int, dict[int, bool]] = field(default_factory=dict)

    @cached_property
    def trees(self) -> dict[int, object]:
        """The rules by reaction, without pseudo-genes."""
        return {number: parse(rule) for number, rule in enumerate(self.network.rules) if rule}

    @cached_property
    def catalysed(self) -> dict[str, list[int]]:
        """The reactions that a gene is in the rule of."""
        found: dict[str, list[int]] = {}
        for number, tree in self.trees.items():
            for gene in sorted(genes(tree)):
                found.setdefault(gene, []).append(number)
        return found

    @cached_property
    def place(self) -> dict[int, int]:
        """The column of each reaction that can carry flux."""
        return {member: column for column, group in enumerate(self.merged.groups) for member, _ in group}

    def ways(self, reaction: int) -> list[Way]:
        """How genes close a reaction, with the least else first; none where they do not."""
        tree, own = self.trees.get(reaction), self.place.get(reaction)
        sets = gene_sets(tree, self.kept, self.network.absent_genes, lambda cut: self._rank(cut, own))
        found = [self._way(reaction, own, cut) for cut in sets]
        return list({way.columns: way for way in reversed(found)}.values())[::-1]

    def _rank(self, cut: GeneCutSet, own: int | None) -> tuple:
        return len(self._falling(cut).keys() - {own}), len(cut), sorted(cut)

    def _falling(self, cut: GeneCutSet) -> dict[int, list[int]]:
        """The reactions that can carry flux and fall with some genes, by column."""
        gone = cut | self.network.absent_genes
        found: dict[int, list[int]] = {}
        for number in sorted({number for gene in cut for number in self.catalysed.get(gene, ())}):
            if number in self.place and not active(self.trees[number], gone):
                found.setdefault(self.place[number], []).append(number)
        return found

    def _way(self, reaction: int, own: int | None, cut: GeneCutSet) -> Way:
        names, columns, fallen = {self.network.reactions[reaction]}, set() if own is None else {own}, set()
        for column, members in self._falling(cut).items():
            if column != own and (own is None or self._carries(column, own)):
                also = [self.network.reactions[member] for member in members]
                names.add(min(also))
                columns.add(column)
                fallen.update(also)
        return Way(tuple(sorted(names)), frozenset(columns), frozenset(fallen))

    def _carries(self, column: int, closed: int) -> bool:
        """Whether a column carries flux in some state without another one."""
        known = self._carried.setdefault(closed, {})
        if column not in known:
            known[column] = self._largest(column, closed) > BLOCKED_FLUX
        return known[column]

    def _largest(self, column: int, closed: int) -> float:
        lp, unit = self._lp, np.zeros(len(self.merged.groups))
        unit[column] = 1.0
        lp.set_column(closed, 0.0, 0.0)
        ends = []
        for maximize in (True, False):
            lp.set_objective(unit, maximize)
            verdict = lp.solve()
            # What is not proven to be idle carries.
            ends.append(
                abs(lp.value) if verdict is Verdict.OPTIMAL else 0.0 if verdict is Verdict.INFEASIBLE else np.inf
            )
        lp.set_column(closed, float(self.merged.lower[closed]), float(self.merged.upper[closed]))
        return max(ends)

    @cached_property
    def _lp(self):
        return self.merged.lp()

    def untouchable(self, way: Way) -> bool:
        """Whether a way closes a reaction beside that must not be closed, or two that exclude each other."""
        index, network = self.network.index(), self.network
        barred = {network.biomass, *self.options.exclude, *self.options.maintenance}
        fixed = (name for name in way.fallen if not network.lower[index[name]] <= 0 <= network.upper[index[name]])
        if not way.fallen.isdisjoint(barred) or any(fixed):
            return True
        return any(len(way.fallen.union(way.reactions) & set(group)) > 1 for group in self.exclusive)

    def brought_in(self, reaction: int) -> bool:
        """Whether a reaction is an exchange without a gene that brings something in, so that a medium can close it."""
        if reaction in self.trees or not self.network.boundary(reaction):
            return False
        ((_, coefficient),) = self.network.stoichiometry[reaction]
        return bool(self.network.lower[reaction] < 0 if coefficient < 0 else self.network.upper[reaction] > 0)


def realizable_targets(
    rows: Sequence[Target], closing: Closing, refused: Mapping[str, str], status: Status
) -> list[Target]:
    """The targets among some rows as genes can close them, and a row for each reaction that is none then.

    Parameters
    ----------
    rows
        Groups of coupled reactions as `knockflow.problem.targets.list_targets` has them.
    closing
        What genes close.
    refused
        Why a reaction is no target by itself.
    status
        Tells the status of a target by its columns.

    Raises
    ------
    ConfigError
        If a reaction that is named as a target cannot be closed by genes as asked.
    """
    kept = [row for row in rows if row.group is None or row.status == EXCLUDED]
    found: dict[frozenset[int], set[str]] = {}
    costs: dict[str, float] = {}
    for row in rows:
        if row.group is None or row.status == EXCLUDED:
            continue
        members = [closing.network.reactions[member] for member, _ in closing.merged.groups[row.group]]
        qualifying = sorted(name for name in members if name not in refused)
        own = _of_group(qualifying, closing, costs)
        for columns, names in own.items():
            found.setdefault(columns, set()).update(names)
        if not own:
            kept += [Target(name, 1.0, (name,), EXCLUDED, refused.get(name) or _why(name, closing)) for name in members]
    return sorted([*kept, *_targets(found, costs, closing, status)], key=lambda row: row.name)


def _targets(
    found: Mapping[frozenset[int], Collection[str]], costs: Mapping[str, float], closing: Closing, status: Status
) -> list[Target]:
    targets = []
    for columns, names in found.items():
        group, *beside = sorted(columns)
        reactions = [closing.network.reactions[member] for member in closing.merged.members_of(columns)]
        own = tuple(costs[name] for name in sorted(names))
        word, why = status(columns)
        name = "|".join(sorted(names))
        targets.append(
            Target(name, min(own), tuple(sorted(reactions)), word, why, group, costs=own, beside=tuple(beside))
        )
    return targets


def _of_group(qualifying: Iterable[str], closing: Closing, costs: dict[str, float]) -> dict[frozenset[int], set[str]]:
    """Names of a group's targets by the columns that they close; `costs` is given the least cost by name."""
    found: dict[frozenset[int], set[str]] = {}
    options = closing.options
    for name in qualifying:
        number = closing.network.index()[name]
        if closing.brought_in(number):
            # Included by name.
            ways = [Way((name,), frozenset([closing.place[number]]))]
        else:
            ways = [way for way in closing.ways(number) if _allowed(way, closing)]
        if name in options.include and not ways:
            raise ConfigError(f"targets.include: {name}: {_why(name, closing)}; `realizable` asks for less")
        for way in ways:
            found.setdefault(way.columns, set()).add(way.text)
            cost = float(options.costs.get(name, 1))
            costs[way.text] = min(cost, costs.get(way.text, cost))
    return {columns: names for columns, names in found.items() if not any(other < columns for other in found)}


def _allowed(way: Way, closing: Closing) -> bool:
    if len(way.columns) > 1 and not closing.options.with_side_effects:
        return False
    return not closing.untouchable(way)


def _why(name: str, closing: Closing) -> str:
    ways = closing.ways(closing.network.index()[name])
    if not ways:
        return "no gene that can be deleted closes it"
    others = [one for one in ways[0].reactions if one != name]
    more = f" and {len(others) - MOST_NAMED} more" if len(others) > MOST_NAMED else ""
    return f"{ONLY_WITH}: {', '.join(others[:MOST_NAMED])}{more}"


def check_forced(names: Iterable[str], closing: Closing) -> None:
    """Whether genes can close what every design lacks; the rest of the network has it closed already.

    Raises
    ------
    ConfigError
        If they cannot.
    """
    for name in names:
        number = closing.network.index().get(name)
        if number is None or closing.brought_in(number):
            continue
        ways = closing.ways(number)
        if not any(len(way.reactions) == 1 for way in ways):
            raise ConfigError(f"targets.forced: {name}: {_why(name, closing)}; `realizable` asks for less")
