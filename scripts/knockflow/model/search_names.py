"""Exchange reactions by what a person calls them: their id, or the id or the name of what they exchange."""

import re
from collections.abc import Iterator

from cobra import Metabolite, Model, Reaction

from knockflow.base.errors import ConfigError, nearest


def called(reaction: Reaction) -> Iterator[str]:
    """What an exchange goes by: its id and name, and those of what it exchanges."""
    yield reaction.id
    for metabolite in reaction.metabolites:
        yield from _names_of(metabolite)
    yield re.sub(r"\s*exchange$", "", reaction.name or "", flags=re.IGNORECASE)


def _names_of(metabolite: Metabolite) -> Iterator[str]:
    """The id and name of a metabolite, also without a compartment or `D-`."""
    yield metabolite.id
    yield re.sub(r"([_\[]\w\]?)$", "", metabolite.id)
    yield metabolite.name
    yield re.sub(r"^(?:[DL]|alpha-D|beta-D|\([RS]\))-", "", metabolite.name or "")


def _inside(model: Model, asked: str) -> list[str]:
    """The metabolites of a model that a word means, exchanged or not."""
    return [
        metabolite.id
        for metabolite in model.metabolites
        if _folded(asked) in {_folded(name) for name in _names_of(metabolite) if name}
    ]


def exchange_called(model: Model, asked: str, key: str) -> str:
    """The exchange reaction that a word means.

    Parameters
    ----------
    key
        What the word stands for, for the message: `product`.

    Raises
    ------
    ConfigError
        If no exchange, or more than one, is called so; with those that come nearest.
    """
    names: dict[str, list[str]] = {}
    for reaction in model.exchanges:
        for name in filter(None, called(reaction)):
            found = names.setdefault(_folded(name), [])
            if reaction.id not in found:
                found.append(reaction.id)
    if asked in (reaction.id for reaction in model.exchanges):
        return asked
    found = names.get(_folded(asked), [])
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigError(f"{key}: `{asked}` may be {', '.join(found)}; name one of them")
    if inside := _inside(model, asked):
        raise ConfigError(
            f"{key}: `{asked}` is in the cell as {', '.join(inside)}, and no exchange reaction lets it out; "
            "`heterologous` adds one (docs/how-to/heterologous.md)"
        )
    near = [f"{names[name][0]} ({name})" for name in nearest(_folded(asked), names)]
    pathway = "; what the cell cannot make by itself needs a pathway (docs/how-to/heterologous.md)"
    close = f"; did you mean {', '.join(near)}?" if near else pathway if key == "product" else ""
    raise ConfigError(f"{key}: no exchange reaction, and nothing that is exchanged, is called `{asked}`{close}")


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()
