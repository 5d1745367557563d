"""From the curated model to the `Problem`: the compressed network, with its targets marked.

Compression is lossless for every formulation. Layers tighten the network before it and extend the problem after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product, repeat

import numpy as np

from knockflow.base.tolerances import FEASIBILITY
from knockflow.follower.oracle import Follower
from knockflow.language.notation import KNOCK_OUT as REMOVE
from knockflow.layers.in_follower import InFollower, Uncompressed
from knockflow.model.gpr import GeneCutSet, GeneRule, parse
from knockflow.model.network import Network
from knockflow.model.question import Question
from knockflow.problem.assemble import NOT_LEFT, Ranges, Seen, assemble
from knockflow.problem.compression import Merged, compress
from knockflow.problem.extension import Extension
from knockflow.problem.genes import offer_genes
from knockflow.problem.leader import BLOCKED, ESSENTIAL, EXCLUDED, FORCED
from knockflow.problem.offer import (
    NamedInterventions,
    Offer,
    excluded,
    force_knock_outs,
    named_interventions,
    offer,
    target_name,
)
from knockflow.problem.problem import Problem
from knockflow.problem.realizable import Closing, check_forced, realizable_targets
from knockflow.problem.relative_levels import resolved
from knockflow.problem.rule_rows import Effects, with_rule_rows
from knockflow.problem.several import joined
from knockflow.problem.shared import shared
from knockflow.problem.side_by_side import Place, SideBySide
from knockflow.problem.targets import Target, TargetOptions, agreed_status, list_targets, status_of
from knockflow.stages.followers import followers_of
from knockflow.stages.parts import lethal, seen_in_parts
from knockflow.stages.variants import Own, check_varied, in_variants, parts_of, refusals_in, tightened, variants_of


def build(
    network: Network,
    cuts: Mapping[str, list[GeneCutSet]],
    question: Question,
    options: TargetOptions,
    layers: Sequence[InFollower] = (),
) -> tuple[Problem, list[Target]]:
    """The problem of a case, with its layers, and its table of targets.

    max c'v  s.t.  S v = 0,  l <= v <= u, compressed so that every design has the value that it has in the network as
    written; bounds and ranges in mmol/gDW/h, growth in 1/h.

    `cuts` are minimal gene cut sets by reaction; a rule without an entry there is taken as it is. ConfigError says what
    is wrong with targets, ModelError that wide bounds blur the linear program.
    """
    check_varied(network, layers)
    problem, listed, _ = _built(network, cuts, question, options, layers)
    if layers and not problem.max_growth >= problem.min_growth - FEASIBILITY:
        slowest = int(np.argmin([follower.max_growth for follower in problem.followers]))
        problem = replace(problem, hindrances=_hindrances(network, cuts, question, options, layers, slowest))
    return problem, listed


def _hindrances(
    network: Network,
    cuts: Mapping[str, list[GeneCutSet]],
    question: Question,
    options: TargetOptions,
    layers: Sequence[InFollower],
    slowest: int,
) -> tuple[str, ...]:
    """What each layer says of why a cell does not grow that the others leave; of several followers the slowest."""
    found, own = [], variants_of(tightened(network, layers), network, layers)[slowest].layers
    for place, layer in enumerate(layers):
        others = [one for one in layers if one is not layer]
        without, _, parts = _built(network, cuts, question, options, others)
        several = len(without.followers) > 1
        if parts is None:  # what a layer lacks of several parts together, none of them tells
            found.append(own[place].hindrance(without.alone(slowest)) if several else layer.hindrance(without))
    return tuple(filter(None, found))


def _built(
    network: Network,
    cuts: Mapping[str, list[GeneCutSet]],
    question: Question,
    options: TargetOptions,
    layers: Sequence[InFollower],
) -> tuple[Problem, list[Target], SideBySide | None]:
    written, network = network, tightened(network, layers)
    named = named_interventions(options.interventions, options.forced, options.exclusive, options.table, options.costs)
    named = resolved(network, named, question.min_growth)
    owners = variants_of(network, written, layers)
    variants, parts = parts_of(owners, layers)
    network, own_rows = shared([one.network for one in variants])
    by_genes = cuts if options.level == "genes" else {}
    large = _large(network, cuts)
    large_by_genes = large if options.level == "genes" else {}
    offered = offer(network, named, by_genes, large_by_genes)
    gone = force_knock_outs(offered, network, by_genes, named, large_by_genes)
    options = _with_named(options, network, named)
    rows = []
    if options.level == "genes":
        why = offer_genes(offered, network, cuts, options, named, gone, large)
        rows = [Target(gene, 1.0, (), EXCLUDED, reason) for gene, reason in why.items()]
    case = Uncompressed(network, offered, cuts, large, options, gone, _switched(layers))
    for layer in layers:
        rows += [Target(name, 1.0, (), EXCLUDED, reason) for name, reason in layer.offer(case).items()]
    refused = refusals_in(variants, cuts, options)
    merged, allowed = compress(replace(network, lower=offered.lower, upper=offered.upper))
    each = in_variants(merged, offered, network, variants, own_rows)
    problems, growing = followers_of(each, question, allowed, parts, layers)
    by_part = growing if parts is None else [own for one in growing for own in parts.ranges(one, len(merged.groups))]
    members = [[member for member, _ in group] for group in merged.groups]
    only_growing = problems[0].maximizes_growth
    groups = list_targets(network, members, refused, options, by_part, only_growing)
    if options.realizable:
        acting = set().union(*(layer.acting_genes() for layer in layers))
        groups = _realizable(groups, merged, offered, options, refused, by_part, only_growing, named, acting)
    if options.level == "genes":
        groups = [
            row for row in groups if row.name in options.include or (row.group is not None and row.status != EXCLUDED)
        ]
    if parts is None:
        problems, seen, effects = _with_rules(problems, growing, merged, offered)
    else:
        seen, effects = seen_in_parts(problems, growing, merged, offered, parts), []
    chosen, listed = assemble(merged, offered, groups, seen, effects)
    chosen = chosen if parts is None else parts.targets(chosen, len(merged.groups))
    leader = {
        "targets": chosen,
        "forced": tuple(name for name, _, _ in offered.forced),
        "forced_kinds": tuple(kind for _, kind, _ in offered.forced),
        "forced_cost": float(sum(cost for _, _, cost in offered.forced)),
    }
    places = None if parts is None else parts.by_name(merged.place, len(merged.groups))
    problem, listed = _extended([replace(problem, **leader) for problem in problems], listed, layers, owners, places)
    return problem, _with_forced([*listed, *rows], offered.forced, network), parts


def _switched(layers: Sequence[InFollower]) -> frozenset[str]:
    return frozenset().union(*(layer.switched_genes() for layer in layers))


def _with_rules(
    problems: Iterable[Problem], growing: list[Ranges], merged: Merged, offered: Offer
) -> tuple[list[Problem], list[Seen], Effects]:
    """The problems with rows for rules, the ranges of all columns, and what genes do to new columns."""
    made, seen, effects = [], [], []
    for problem, ranges in zip(problems, growing or repeat(None), strict=False):
        longer, own, effects = with_rule_rows(problem, merged, offered, ranges)
        made.append(longer)
        seen += [] if own is None else [Seen(own, (longer.viable_lower, longer.viable_upper))]
    return made, seen, effects


def _realizable(
    groups: list[Target],
    merged: Merged,
    offered: Offer,
    options: TargetOptions,
    refused: Mapping[str, str],
    growing: Sequence[Ranges],
    only_growing: bool,
    named: NamedInterventions,
    acting: set[str],
) -> list[Target]:
    """Groups as genes can close them; genes that do more by some layer are not deleted."""
    closing = Closing(merged.network, merged, options, acting, offered.exclusive)
    check_forced((change.name for name, change in named.of(REMOVE) if name in named.forced), closing)

    def status(columns: Iterable[int]) -> tuple[str, str]:
        chosen = sorted(columns)
        found = [status_of(own[0][c], own[1][c], only_growing) for own in growing for c in chosen]
        return agreed_status(found)

    return realizable_targets(groups, closing, refused, status)


def _large(network: Network, cuts: Mapping[str, list[GeneCutSet]]) -> dict[str, GeneRule]:
    """The rules of the reactions that have no list of cut sets."""
    rules = zip(network.reactions, network.rules, strict=True)
    return {reaction: parse(rule) for reaction, rule in rules if rule.strip() and reaction not in cuts}


def _extended(
    problems: Sequence[Problem],
    listed: list[Target],
    layers: Sequence[InFollower],
    variants: Sequence[Own],
    places: Mapping[str, Place] | None,
) -> tuple[Problem, list[Target]]:
    """One problem of all followers with the rows and columns of layers.

    Targets that then do nothing are blocked. With parts, what none of them needs by itself may be essential to all.
    """
    problems = [_with_layers(problem, own.layers, places) for problem, own in zip(problems, variants, strict=True)]
    fatal = set().union(*map(lethal, problems)) if places else set()
    idle, *others = [
        {name: why for layer in layers for name, why in layer.idle(problem).items()} for problem in problems
    ]
    idle = {name: why for name, why in idle.items() if all(name in other for other in others)}
    asked = [judge for layer in layers if (judge := layer.judge()) is not None]
    problem = joined(problems, *asked[:1])
    targets = problem.targets
    told = {name: (BLOCKED, why) for name, why in idle.items()} | dict.fromkeys(fatal, (ESSENTIAL, NOT_LEFT))
    status = tuple(
        told[name][0] if name in told else own for name, own in zip(targets.ids, targets.status, strict=True)
    )
    changed = {name: {"status": own, "why": why} for name, (own, why) in told.items()}
    return (
        replace(problem, targets=replace(targets, status=status)),
        [replace(row, **changed.get(row.name, {})) for row in listed],
    )


def _with_layers(problem: Problem, layers: Sequence[InFollower], places: Mapping[str, Place] | None) -> Problem:
    """The problem with the rows and columns of layers, those of each of its parts by name, if it has several."""
    before, depending = problem, {}
    for layer, (part, place) in product(layers, (places or {"": None}).items()):
        extension = Extension(problem, depending, part, place)
        layer.extend(extension)
        problem = extension.extended()
    if problem is before:
        return problem
    follower = Follower(problem)
    best = follower.max_growth(follower.after(()))
    return problem.with_follower(max_growth=float("-inf") if best is None else best.value)


def _with_named(options: TargetOptions, network: Network, named: NamedInterventions) -> TargetOptions:
    """The options with the knock-outs that are named one by one among the included ones, and with their costs."""
    index = network.index()
    costs = {change.name: named.costs[name] for name, change in named.of(REMOVE) if name not in named.forced}
    forced = [change.name for name, change in named.of(REMOVE) if name in named.forced and change.name in index]
    barred = [name.removeprefix(REMOVE) for name in named.barred if name.startswith(REMOVE)]
    return replace(
        options,
        include=[name for name in dict.fromkeys([*options.include, *costs]) if name not in forced],
        exclude=[*options.exclude, *excluded(options.table), *forced, *barred],
        costs={**options.costs, **costs},
    )


def _with_forced(rows: list[Target], forced: list[tuple[str, str, float]], network: Network) -> list[Target]:
    """The table of targets, where what is forced stands as such."""
    names = {target_name(name): (kind, cost) for name, kind, cost in forced}
    others = [row for row in rows if row.name not in names]
    own = [
        Target(name, cost, network.pathways.get(name, (name,)), FORCED, "every design contains it", None, kind)
        for name, (kind, cost) in names.items()
    ]
    return sorted([*others, *own], key=lambda row: row.name)
