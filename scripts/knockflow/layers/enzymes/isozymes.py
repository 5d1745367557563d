"""Isozymes of a reaction that have to be told apart, because of their genes or of what they draw."""

from collections.abc import Collection, Iterable, Mapping

from knockflow.layers.enzymes.complexes import Complex
from knockflow.layers.enzymes.costs import Costed, Draws

Isozymes = tuple[tuple[Complex, Draws], ...]
"""What a flux of a reaction in one direction takes, by the genes on which it depends."""

NOTHING = frozenset()


def told_apart(
    costed: Costed,
    way: str,
    gone: Collection[str],
    decided: Collection[str],
    separate: bool,
    free: Collection[str] = (),
) -> Isozymes:
    """What a direction takes by the genes on which that depends: those of each enzyme that is not surely a worse one.

    One entry where it takes the same whatever happens to genes, as long as the reaction is there.

    Parameters
    ----------
    gone
        Genes that every design lacks.
    decided
        Genes that designs or rules may take away.
    separate
        Whether all are told apart that differ, with all of their genes.
    free
        What need not be counted.
    """
    left = [(one.genes, _but(one.draws(way), free)) for one in costed.enzymes if one.genes.isdisjoint(gone)]
    if not left or _same(left):
        return ((NOTHING, left[0][1]),) if left else ()
    kept = left if separate else _best((genes.intersection(decided), draws) for genes, draws in left)
    return ((NOTHING, kept[0][1]),) if _same(kept) else tuple(kept)


def most_drawn(isozymes: Mapping[tuple[str, str], Isozymes], flux: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """What fluxes by reaction and direction take at most, by what it is drawn from, whatever isozymes carry them."""
    total: dict[str, float] = {}
    for key, own in isozymes.items():
        for what in {what for _, draws in own for what in draws} if flux[key] else ():
            total[what] = total.get(what, 0.0) + flux[key] * max(draws.get(what, 0.0) for _, draws in own)
    return total


def _but(draws: Draws, free: Collection[str]) -> Draws:
    return {what: cost for what, cost in draws.items() if what not in free}


def _same(own: Isozymes | list) -> bool:
    return all(draws == own[0][1] for _, draws in own)


def _best(found: Iterable[tuple[Complex, Draws]]) -> list[tuple[Complex, Draws]]:
    """Those than which none needs fewer genes and takes no more of anything."""
    # Of those that draw from one thing only, the cheapest for some genes; so that few are compared in pairs.
    own: dict[tuple, tuple[Complex, Draws]] = {}
    for genes, draws in found:
        key = (genes, frozenset(draws)) if len(draws) <= 1 else (genes, frozenset(draws.items()))
        if key not in own or sum(draws.values()) < sum(own[key][1].values()):
            own[key] = genes, draws
    entries = list(own.values())
    return [one for one in entries if not any(_better(other, one) for other in entries if other is not one)]


def _better(one: tuple[Complex, Draws], other: tuple[Complex, Draws]) -> bool:
    """Whether an isozyme is as good as another one, which differs from it, whatever happens."""
    return one[0] <= other[0] and all(cost <= other[1].get(what, 0.0) for what, cost in one[1].items())
