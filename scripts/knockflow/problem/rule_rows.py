"""Rules with too many cut sets as rows of the follower: what a reaction's enzymes carry follows from the rule's tree.

Each part of a rule carries so much flux at most, and the reaction no more than the whole, in either direction:

| part                | carries                                                                                       |
|---------------------|-----------------------------------------------------------------------------------------------|
| a gene              | x between 0 and what no flux exceeds; 0 without it, at most its limit                         |
| all of some parts   | a <= each of them                                                                             |
| any of some parts   | their sum                                                                                     |
| the reaction        | -whole <= v <= whole                                                                          |

The cell is free to set x and a as high as these rows allow, and more of them never hurts. So the reaction is closed for
exactly those sets of genes whose removal makes the rule false, by effects that need one gene each. A limit leaves the
least over the rule's cut sets of what their genes still carry, as the tree's minimum and sum do where a limited gene
stands in it once. One that stands in it several times would be added several times. So its limits have rows of their
own, for each choice of some of them, in which it counts as removed where it is limited, and whose levels are added:

    -whole - sum of levels <= v <= whole + sum of levels

Genes that only ever stand together, as subunits of the same complexes, share a column, so that they are one target.
All is written in the unit of the reaction's column, in which a flux of 1e-9 counts as none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, product

import numpy as np

from knockflow.base.errors import ConfigError
from knockflow.model.gpr import GeneRule
from knockflow.problem.compression import Merged
from knockflow.problem.extension import extended
from knockflow.problem.logic import NEVER, Columns, Value
from knockflow.problem.offer import BoundsByNumber, GeneLimit, Offer
from knockflow.problem.problem import Problem

MOST_CHOICES = 256
"""Choices of limits of one rule, of genes that stand in it several times, that have rows of their own."""

Effects = list[tuple[frozenset[str], BoundsByNumber]]
Choice = Mapping[str, GeneLimit | None]
"""For each gene that is limited and stands in a rule several times, the limit that is added; None for none of them."""


def with_rule_rows(
    problem: Problem, merged: Merged, offered: Offer, growing: np.ndarray | None
) -> tuple[Problem, np.ndarray | None, Effects]:
    """The follower with rows for the rules that are offered as such, and what genes do to its new columns.

    Parameters
    ----------
    growing
        The flux ranges of the states that grow at min_growth, if there are any; they are returned for all columns.

    Raises
    ------
    ConfigError
        If limits concern too many genes of a rule that stand in it several times.
    """
    users = list(_users(merged, offered))
    if not users:
        return problem, growing, []
    sides = [(problem.lower, problem.upper), (problem.viable_lower, problem.viable_upper)]
    sides += [] if growing is None else [growing]
    layer = _Layer(problem, offered, np.array([np.max(np.abs(ends), axis=0) for ends in sides]), _alike(users))
    for user in users:
        layer.limit(user)
    ends = layer.ends()
    problem = extended(problem, layer.columns, ends[0], ends[1])
    if growing is not None:
        growing = np.hstack([growing, [np.zeros(len(ends[2])), ends[2]]])
    return problem, growing, list(layer.effects.items())


@dataclass(frozen=True)
class _User:
    """A reaction with its rule, the column that carries it, and its flux per that of the column."""

    reaction: str
    rule: GeneRule
    column: int
    factor: float


def _users(merged: Merged, offered: Offer) -> Iterator[_User]:
    """The rules of reactions that some state may carry."""
    place = {member: (column, abs(float(f))) for column, group in enumerate(merged.groups) for member, f in group}
    for reaction, rule in offered.structures:
        if reaction in place:
            yield _User(merged.network.reactions[reaction], rule, *place[reaction])


def _alike(users: Sequence[_User]) -> dict[str, object]:
    """For each gene what tells it from others: the complexes of which it is a subunit, if it stands nowhere else."""
    where: dict[str, set] = {}
    for user in users:
        for gene, part in _places(user.rule, None):
            where.setdefault(gene, set()).add(part if part and part[0] == "and" else gene)
    return {gene: gene if gene in parts else frozenset(parts) for gene, parts in where.items()}


def _places(rule: GeneRule, above: GeneRule) -> Iterator[tuple[str, GeneRule]]:
    if isinstance(rule, str):
        yield rule, above
    else:
        yield from chain.from_iterable(_places(part, rule) for part in rule[1])


@dataclass
class _Layer:
    """Columns, rows and effects while they are collected; `sizes` are the largest fluxes of the problem's columns."""

    problem: Problem
    offered: Offer
    sizes: np.ndarray
    alike: Mapping[str, object]
    most: list[np.ndarray] = field(default_factory=list)
    caps: dict[int, float] = field(default_factory=dict)
    effects: dict[frozenset[str], BoundsByNumber] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.columns = Columns(len(self.problem.columns))
        self._known: dict[tuple, Value] = {}

    def ends(self) -> np.ndarray:
        """The largest values of the new columns, for each of the sizes."""
        caps = [self.caps.get(self.columns.first + number, np.inf) for number in range(len(self.most))]
        return np.minimum(np.array(self.most).T, caps)

    def limit(self, user: _User) -> None:
        """Let a reaction carry no more than its rule."""
        flux = Value(0.0, ((user.column, 1.0),))
        name = f"{user.reaction} by its genes"
        for choice in self._choices(user):
            added = sum(way.level for way in choice.values() if way) / user.factor
            whole = self._value(user, user.rule, choice)
            # v <= whole + added   and   v >= -whole - added
            if self.problem.upper[user.column] > 0:
                self.columns.limit(name, -np.inf, added, (1.0, flux), (-1.0, whole))
            if self.problem.lower[user.column] < 0:
                self.columns.limit(name, -added, np.inf, (1.0, flux), (1.0, whole))

    def _choices(self, user: _User) -> Iterator[Choice]:
        """The choices of limits to add, none of them first."""
        places = [gene for gene, _ in _places(user.rule, None)]
        several = sorted(gene for gene in set(places) if places.count(gene) > 1 and self._limits(gene))
        ways = [[None, *self._limits(gene)] for gene in several]
        if np.prod([len(own) for own in ways]) > MOST_CHOICES:
            raise ConfigError(
                f"targets: the gene rule of {user.reaction} ({len(places)} genes, {len(set(places))} different ones) "
                f"has too many ways to limit {', '.join(several)}, which stand in it several times; offer limits of "
                "fewer of them, or fewer levels"
            )
        for own in product(*ways):
            yield dict(zip(several, own, strict=True))

    def _limits(self, gene: str) -> list[GeneLimit]:
        return [way for way in self.offered.ways[gene] if way.level > 0]

    def _value(self, user: _User, rule: GeneRule, choice: Choice) -> Value:
        """What a part of a reaction's rule carries."""
        if isinstance(rule, str):
            return self._gene(user, rule, choice)
        parts = list(dict.fromkeys(self._value(user, part, choice) for part in rule[1]))
        if rule[0] == "or":
            terms = chain.from_iterable(part.terms for part in parts)
            return Value(0.0, tuple(sorted(dict.fromkeys(terms))))
        if NEVER in parts or len(parts) == 1:
            return NEVER if NEVER in parts else parts[0]
        a, new = self._column(user, ("all", frozenset(parts)), "complex")
        for part in parts if new else ():
            # a <= part
            self.columns.limit("part of a complex", -np.inf, 0.0, (1.0, a), (-1.0, part))
        return a

    def _gene(self, user: _User, gene: str, choice: Choice) -> Value:
        """What a gene carries; one that counts as removed where it is limited, all or nothing."""
        limits, closing = self._limits(gene), [way for way in self.offered.ways[gene] if way.level <= 0]
        if not limits:
            x, _ = self._column(user, ("gene", self.alike[gene]), f"enzyme of {gene}")
        elif gene not in choice:
            x, _ = self._column(user, ("limited", gene, user.factor), f"enzyme of {gene}")
            for way in limits:
                self._restrict(x, way.name, way.level / user.factor)
        else:
            chosen = choice[gene]
            if chosen and not chosen.name:
                return NEVER
            x, _ = self._column(user, ("whole", gene, chosen), f"enzyme of {gene}")
            closing += [chosen] if chosen else []
        for way in closing:
            self._restrict(x, way.name, 0.0)
        return x

    def _column(self, user: _User, key: tuple, name: str) -> tuple[Value, bool]:
        """The column of a part, with room for all fluxes of the reactions that need it; whether it is new."""
        new = key not in self._known
        if new:
            self._known[key] = self.columns.add(f"{name} ({len(self.most) + 1})", integer=False)
            self.most.append(np.zeros(len(self.sizes)))
        number = self._known[key].terms[0][0] - self.columns.first
        self.most[number] = np.maximum(self.most[number], self.sizes[:, user.column])
        return self._known[key], new

    def _restrict(self, x: Value, name: str, level: float) -> None:
        """Bound a column by a restriction, or for good."""
        column = x.terms[0][0]
        if name:
            bounds = self.effects.setdefault(frozenset([name]), {})
            least, most = bounds.get(column, (-np.inf, np.inf))
            bounds[column] = (0.0 if level == 0 else least, min(level, most))
        else:
            self.caps[column] = min(level, self.caps.get(column, np.inf))
