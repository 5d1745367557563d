"""A smallest part of a list that still has a property, by halving: nothing can be left out of it.

The property must hold for whatever holds a part that has it, as infeasibility does (QuickXplain: Junker 2004, AAAI).
"""

from collections.abc import Callable, Sequence


def irreducible(items: Sequence[str], bad: Callable[[Sequence[str]], bool]) -> list[str] | None:
    """A part without which nothing is bad, in the order of the list; None where not even the whole is bad.

    About k log(n / k) questions for k of n items.
    """
    items = list(items)
    if not bad(items):
        return None
    if bad([]):
        return []
    needed = set(_within([], items, bad, asked=False))
    return [item for item in items if item in needed]


def _within(held: list[str], items: list[str], bad: Callable[[Sequence[str]], bool], asked: bool) -> list[str]:
    """What of the items is needed beside those that are held; `asked` says that something was added to these."""
    if asked and bad(held):
        return []
    if len(items) <= 1:
        return items
    half = len(items) // 2
    first, last = items[:half], items[half:]
    of_last = _within(held + first, last, bad, asked=True)
    return _within(held + of_last, first, bad, asked=bool(of_last)) + of_last
