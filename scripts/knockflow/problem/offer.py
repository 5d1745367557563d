"""What a case offers the leader beyond default knock-outs: additions, bounds, what is forced, what excludes what.

All of it in terms of the model's reactions, before they are compressed: `Offer.lower` and `Offer.upper` hold what every
design contains and leave room for all that may be added; each effect narrows them again once its restrictions
(`knockflow.problem.leader`) are decided. Targets are named as `Targets.ids` has them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from knockflow.base.errors import ConfigError
from knockflow.language.kinds import KNOCK_IN, KNOCK_OUT, MEDIUM, REGULATION
from knockflow.language.notation import AT_LEAST, AT_MOST, Intervention, intervention
from knockflow.language.notation import KNOCK_IN as ADD
from knockflow.language.notation import KNOCK_OUT as REMOVE
from knockflow.model.gpr import GeneCutSet, GeneRule, active
from knockflow.model.network import Network

BoundsByNumber = dict[int, tuple[float, float]]
"""Lower and upper bound by number of reaction or column (mmol/gDW/h)."""


@dataclass(frozen=True)
class GeneLimit:
    """A way to leave a gene's enzyme no more than a level (mmol/gDW/h); it has no name where every design does so."""

    name: str
    level: float


@dataclass(frozen=True)
class OfferedTarget:
    """One target: its kind, its cost, whether it adds something, and the reactions that it changes."""

    kind: str
    cost: float
    adds: bool = False
    reactions: tuple[str, ...] = ()


@dataclass
class Offer:
    """Targets by name, and the bounds of reactions that sets of restrictions lead to.

    Rules of reactions, by number, that have too many cut sets for effects are in `structures`, with the ways in which
    their genes are removed or limited. With regulation, `roles` has what rules say of a gene, by which genes that do
    the same are told apart, and `regulators` are the targets that act through rules, too: genes on which others depend,
    and what decides an uptake.
    """

    lower: np.ndarray
    upper: np.ndarray
    targets: dict[str, OfferedTarget] = field(default_factory=dict)
    effects: list[tuple[frozenset[str], BoundsByNumber]] = field(default_factory=list)
    forced: list[tuple[str, str, float]] = field(default_factory=list)
    exclusive: list[set[str]] = field(default_factory=list)
    structures: list[tuple[int, GeneRule]] = field(default_factory=list)
    ways: dict[str, Sequence[GeneLimit]] = field(default_factory=dict)
    roles: dict[str, object] = field(default_factory=dict)
    regulators: set[str] = field(default_factory=set)

    def narrow(self, reaction: int, lower: float, upper: float) -> None:
        """Bounds that every design has."""
        self.lower[reaction] = max(self.lower[reaction], lower)
        self.upper[reaction] = min(self.upper[reaction], upper)

    def restrict(self, needs: Iterable[str], bounds: BoundsByNumber) -> None:
        """Bounds that follow from some restrictions."""
        self.effects.append((frozenset(needs), bounds))


@dataclass(frozen=True)
class NamedInterventions:
    """The interventions that a case names, each once: costs, and which are forced, exclusive, or barred by those."""

    costs: Mapping[str, float]
    forced: Sequence[str] = ()
    exclusive: Sequence[Sequence[str]] = ()
    barred: Sequence[str] = ()

    def of(self, *actions: str) -> list[tuple[str, Intervention]]:
        """Those with one of some actions."""
        parsed = [(name, intervention(name)) for name in self.costs]
        return [(name, change) for name, change in parsed if change.action in actions]


def named_interventions(
    costs: Mapping[str, float],
    forced: Iterable[str] = (),
    exclusive: Iterable[Iterable[str]] = (),
    rows: Iterable[Mapping[str, str]] = (),
    other_costs: Mapping[str, float] | None = None,
) -> NamedInterventions:
    """What keys of a configuration and rows of its table name, in the one notation.

    `other_costs` has costs by id, for what is forced without one. What a forced intervention excludes is barred.
    """
    all_costs = {_plain(name): float(cost) for name, cost in costs.items()}
    must = [_plain(name) for name in forced]
    groups: dict[str, list[str]] = {}
    for row in rows:
        name, use = _plain(row["intervention"]), row.get("use") or "candidate"
        if use != "excluded":
            all_costs[name] = float(row.get("cost") or 1)
        if use == "forced":
            must.append(name)
        if row.get("group"):
            groups.setdefault(row["group"], []).append(name)
    for name in must:
        all_costs.setdefault(name, float((other_costs or {}).get(intervention(name).name, 1)))
    together = [*([_plain(name) for name in group] for group in exclusive), *groups.values()]
    barred = [name for group in together if set(group) & set(must) for name in group if name not in must]
    offered = {name: cost for name, cost in all_costs.items() if name not in barred}
    return NamedInterventions(offered, tuple(dict.fromkeys(must)), together, tuple(dict.fromkeys(barred)))


def _plain(text: str) -> str:
    parsed = intervention(text, bare=REMOVE)
    if len(parsed.ids) > 1:
        raise ConfigError(
            f"targets: `{text}`: name interchangeable targets one by one; they are joined where they are equal"
        )
    return str(parsed)


def excluded(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """The knock-outs that a table rules out."""
    names = [intervention(row["intervention"], bare=REMOVE) for row in rows if row.get("use") == "excluded"]
    return [change.name for change in names if change.action == REMOVE]


def offer(
    network: Network,
    named: NamedInterventions,
    cuts: Mapping[str, list[GeneCutSet]] | None = None,
    large: Mapping[str, GeneRule] | None = None,
) -> Offer:
    """Additions and bounds that a case asks for; knock-outs come from elsewhere.

    `large` are the rules of reactions that have no list of cut sets.

    Raises
    ------
    ConfigError
        If a bound is forced and another level of it offered.
    """
    made = Offer(
        network.lower.copy(), network.upper.copy(), exclusive=[set(map(target_name, g)) for g in named.exclusive]
    )
    _additions(made, network, closed_without(network.absent_genes, cuts or {}, large or {}), named)
    _bounds(made, network, named)
    return made


def target_name(written: str) -> str:
    """The name among `Targets.ids` of an intervention as written."""
    parsed = intervention(written)
    return parsed.name if parsed.action in (ADD, REMOVE) else written


def closed_without(
    gone: frozenset[str], cuts: Mapping[str, list[GeneCutSet]], large: Mapping[str, GeneRule]
) -> frozenset[str]:
    """The reactions whose rules fail once some genes are gone."""
    few = (reaction for reaction, own in cuts.items() if any(cut <= gone for cut in own))
    return frozenset(few) | {reaction for reaction, rule in large.items() if not active(rule, gone)}


def _additions(made: Offer, network: Network, lacking: frozenset[str], named: NamedInterventions) -> None:
    index = network.index()
    asked_for = {part for _, change in named.of(ADD) for part in network.pathways.get(change.name, (change.name,))}
    for reaction, (lower, upper) in network.added.items():
        if reaction in asked_for or reaction in lacking:
            made.lower[index[reaction]], made.upper[index[reaction]] = lower, upper
    adding: dict[str, list[str]] = {}
    free = set()
    for name, change in named.of(ADD):
        parts = network.pathways.get(change.name, (change.name,))
        forced = name in named.forced
        if forced:
            made.forced.append((name, KNOCK_IN, named.costs[name]))
        elif change.name in network.absent_genes:
            made.targets[change.name] = OfferedTarget(KNOCK_IN, named.costs[name], adds=True)
        else:
            made.targets[change.name] = OfferedTarget(
                KNOCK_IN, named.costs[name], adds=True, reactions=tuple(sorted(parts))
            )
        for reaction in parts:
            if reaction in index:
                free |= {reaction} if forced else set()
                adding.setdefault(reaction, []).append(change.name)
    for reaction, names in adding.items():
        if reaction not in free:
            made.restrict(names, {index[reaction]: (0.0, 0.0)})


def _bounds(made: Offer, network: Network, named: NamedInterventions) -> None:
    """Bounds that are set: tighter ones are effects; looser ones are there unless they are left out."""
    index = network.index()
    _one_level_where_forced(named)
    own = made.lower.copy(), made.upper.copy()
    looser: dict[tuple[int, str], list[tuple[float, str]]] = {}
    for name, change in named.of(AT_LEAST, AT_MOST):
        if change.name not in index:
            continue  # a gene's limit (`knockflow.problem.genes`)
        reaction, least = index[change.name], change.action == AT_LEAST
        kind = MEDIUM if network.boundary(reaction) else REGULATION
        adds = change.level < own[0][reaction] if least else change.level > own[1][reaction]
        if name in named.forced:
            made.forced.append((name, kind, named.costs[name]))
            _force(made, reaction, change)
            continue
        made.targets[name] = OfferedTarget(kind, named.costs[name], bool(adds), (change.name,))
        if adds:
            looser.setdefault((reaction, change.action), []).append((change.level, name))
        else:
            made.restrict([name], {reaction: (change.level, np.inf) if least else (-np.inf, change.level)})
    for (reaction, action), levels in looser.items():
        _loosen(made, reaction, action, levels, own)


def _one_level_where_forced(named: NamedInterventions) -> None:
    """Two levels of one bound in one design would contradict each other."""
    bounds = named.of(AT_LEAST, AT_MOST)
    ends = {(change.name, change.action): name for name, change in bounds if name in named.forced}
    for name, change in bounds:
        other = ends.get((change.name, change.action), name)
        if other != name:
            raise ConfigError(f"targets.forced: `{other}` is in every design, so `{name}` cannot be offered beside it")


def _force(made: Offer, reaction: int, change: Intervention) -> None:
    side = made.lower if change.action == AT_LEAST else made.upper
    side[reaction] = change.level


def _loosen(made: Offer, reaction: int, action: str, levels: list[tuple[float, str]], own) -> None:
    """Leave room for the loosest level; without it the next one holds, without all the model's own bound."""
    least = action == AT_LEAST
    levels = sorted(levels, reverse=not least)
    side, before = (made.lower, own[0]) if least else (made.upper, own[1])
    side[reaction] = levels[0][0]
    ends = [level for level, _ in levels[1:]] + [float(before[reaction])]
    names = [name for _, name in levels]
    for count, end in enumerate(ends, 1):
        made.restrict(names[:count], {reaction: (end, np.inf) if least else (-np.inf, end)})


def force_knock_outs(
    made: Offer,
    network: Network,
    cuts: Mapping[str, list[GeneCutSet]],
    named: NamedInterventions,
    large: Mapping[str, GeneRule] | None = None,
) -> frozenset[str]:
    """Close what every design lacks: what is always knocked out, and genes that are absent for good; those genes."""
    index = network.index()
    genes = set(network.absent_genes) - {change.name for _, change in named.of(ADD)}
    for name in named.forced:
        change = intervention(name)
        if change.action != REMOVE:
            continue
        made.forced.append((name, KNOCK_OUT, named.costs[name]))
        if change.name in index:
            made.narrow(index[change.name], 0.0, 0.0)
        else:
            genes.add(change.name)
    for reaction in closed_without(frozenset(genes), cuts, large or {}):
        made.narrow(index[reaction], 0.0, 0.0)
    for reaction in np.flatnonzero(made.lower > made.upper).tolist():
        raise ConfigError(f"targets.forced: together they leave {network.reactions[reaction]} no flux at all")
    return frozenset(genes)
