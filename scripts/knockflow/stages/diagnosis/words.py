"""What a diagnosis adds to the reason, as the end of a sentence."""

from collections.abc import Callable, Mapping

LISTED = 6


def said(entry: Mapping) -> str:
    """What the facts of an entry add to its reason; empty where the reason says it all."""
    return _WORDS.get(entry["kind"], _nothing)(entry)


def _conflict(entry: Mapping) -> str:
    if not entry["conflict"]:
        return "balances and directions of reactions alone leave no flux"
    return f"these exclude each other, and no part of them does: {_listed(entry['conflict'])}"


def _product(entry: Mapping) -> str:
    told = []
    for name, one in entry["products"].items():
        if one["supply"]:
            told.append(f"{name} needs {_listed(one['supply'], ' or ')}, which nothing here makes")
        elif one["drain"]:
            told.append(f"{name} leaves {_listed(one['drain'], ' or ')} over, which nothing here takes up")
        else:
            told.append(f"{name} lacks more than one metabolite")
    return "; ".join(told)


def _budget(entry: Mapping) -> str:
    if "design" not in entry:
        return ""
    count, least = entry["interventions"], entry["least"]
    number = f"{count}" if count == least else f"{least} to {count}"
    does = _listed(entry["design"]) + ("" if entry["value"] is None else f" has the value {entry['value']:.6g}")
    return f"the smallest budget that would do is {number} intervention{'' if count == 1 else 's'}: {does}"


def _uncoupled(entry: Mapping) -> str:
    essential = entry["essential"]
    needs = f"; of these, growth itself needs {_listed(essential)}" if essential else ""
    return (
        f"no number of interventions helps: whatever is removed leaves a state of {len(entry['state'])} reactions that "
        f"makes too little{needs}"
    )


def _nothing(entry: Mapping) -> str:
    return ""


def _listed(names, between: str = ", ") -> str:
    names = list(names)
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return between.join(names[:LISTED]) + more


_WORDS: Mapping[str, Callable[[Mapping], str]] = {
    "conflict": _conflict,
    "product": _product,
    "budget": _budget,
    "uncoupled": _uncoupled,
}
