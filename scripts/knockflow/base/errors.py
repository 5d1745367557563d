"""Errors that a user can mend, and the nearest match that every one of them offers."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that a terminal obeys or that turn text around, and halves of characters that no file can hold."""


class KnockflowError(Exception):
    """Something the user can mend; the message says where, what is allowed and what is nearest.

    Messages quote what stands in files: characters that would not be seen are written as Python writes them.
    """

    def __str__(self) -> str:
        return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), super().__str__())


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
