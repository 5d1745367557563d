"""Which sets of genes switch a reaction off, the best ones of them, whatever the size of its rule.

`knockflow.model.gene_cuts` has the minimal ones by size. Here they come in another order, and only the best MOST_SETS
of each part of a rule are carried on. The order is a caller's; it must never put a set before
one of its subsets. So the sets are all there are as long as no part of the rule has more than MOST_SETS, and otherwise
a selection: every one of them does switch the reaction off.
"""

from collections.abc import Callable, Collection, Iterable
from itertools import product

from knockflow.model.gpr import GeneCutSet

ONLY_WITH = "genes close it only with other reactions"
"""Why a reaction is no target where those count that genes can close; their names follow."""

Rank = Callable[[GeneCutSet], tuple]

MOST_SETS = 100
"""Gene sets of a part of a rule that are carried on."""


def fewest(cut: GeneCutSet) -> tuple:
    """The order by size, then by names."""
    return len(cut), sorted(cut)


def gene_sets(
    tree,
    kept: Collection[str] = (),
    gone: Collection[str] = (),
    rank: Rank = fewest,
    most: int = MOST_SETS,
) -> list[GeneCutSet]:
    """Minimal sets of genes whose removal makes a parsed rule false, best first; none where no removal does.

    Parameters
    ----------
    tree
        A rule as `knockflow.model.gpr.parse` gives it.
    kept
        Genes that cannot be removed, such as those of reactions that need no enzyme.
    gone
        Genes that are missing already: a rule that is false without them has the empty set.
    rank
        What sets are ordered by.
    most
        How many sets of each part of the rule are carried on.
    """
    if tree is None:
        return []
    if isinstance(tree, str):
        return [frozenset()] if tree in gone else [] if tree in kept else [frozenset([tree])]
    parts = [gene_sets(part, kept, gone, rank, most) for part in tree[1]]
    if tree[0] == "and":
        return best_minimal((cut for cuts in parts for cut in cuts), rank, most)
    cuts = parts[0]
    for more in parts[1:]:
        cuts = best_minimal((one | other for one, other in product(cuts, more)), rank, most)
    return cuts


def best_minimal(sets: Iterable[GeneCutSet], rank: Rank, most: int) -> list[GeneCutSet]:
    """The first sets that contain no other."""
    kept: list[GeneCutSet] = []
    for cut in sorted(set(sets), key=rank):
        if len(kept) == most:
            break
        if not any(smaller <= cut for smaller in kept):
            kept.append(cut)
    return kept
