"""Errors that a user can mend, and the nearest match that every one of them offers."""

from collections.abc import Iterable
from difflib import get_close_matches


class KnockflowError(Exception):
    """Something the user can mend; the message says where, what is allowed and what is nearest."""


class ConfigError(KnockflowError):
    """A key or value of the configuration is wrong."""


class ModelError(KnockflowError):
    """A metabolic model cannot be read, or lacks what the case names."""


class FileError(KnockflowError):
    """An intermediate file is missing, truncated or not what its stage writes."""


class SolverError(KnockflowError):
    """A solver is missing, or returned what cannot be used."""


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known words most like `word`, best first, ignoring case."""
    by_folded = {}
    for name in known:
        by_folded.setdefault(name.casefold(), name)
    folded = word.casefold()
    close = get_close_matches(folded, by_folded, n=most, cutoff=0.6)
    holding = sorted(name for name in by_folded if folded in name and name not in close)
    return [by_folded[name] for name in [*close, *holding][:most]]


def suggestion(word: str, known: Iterable[str]) -> str:
    """`"; did you mean A, B?"`, or nothing where no known word is near."""
    close = nearest(word, known)
    return f"; did you mean {', '.join(close)}?" if close else ""
