"""Ids in SBML and in COBRApy: an SBML id has letters, digits and underscores only, all else is written as `__45__`.

COBRApy turns each `__NUMBER__` into a character, also where that is no character that a name can have: `glc__1__e` is
then an id with a control character, and written and read again another one.
"""

import re
from collections.abc import Callable, Iterable

from cobra.io.sbml import F_GENE, F_GENE_REV, F_GROUP, F_GROUP_REV, F_REACTION, F_REACTION_REV, F_SPECIE, F_SPECIE_REV

DOT = "__SBML_DOT__"
ESCAPED = re.compile(r"__(\d{1,7})__")
PREFIXES = {F_GENE: "G_", F_SPECIE: "M_", F_REACTION: "R_", F_GROUP: "G_"}
REVERSE = {F_GENE: F_GENE_REV, F_SPECIE: F_SPECIE_REV, F_REACTION: F_REACTION_REV, F_GROUP: F_GROUP_REV}


def _character(match: re.Match) -> str:
    """The character that an escape stands for, where a name can have it."""
    number = int(match[1])
    character = chr(number) if number <= 0x10FFFF else " "
    return character if character.isprintable() and not character.isspace() else match[0]


def from_sbml(prefix: str) -> Callable[[str], str]:
    """How to read an id whose kind has a prefix."""

    def read(name: str) -> str:
        text = ESCAPED.sub(_character, name.replace(DOT, ".") if prefix == "G_" else name)
        return text.removeprefix(prefix)

    return read


def to_sbml(prefix: str) -> Callable[[str], str]:
    """How to write an id so that COBRApy reads the same one back."""

    def write(name: str) -> str:
        # An underscore is escaped only where two of them would be taken for an escape, or a prefix would be lost.
        risky = ESCAPED.search(name) or DOT in name
        text = re.sub(r"[^0-9A-Za-z]" if risky else r"[^0-9A-Za-z_]", lambda found: f"__{ord(found[0])}__", name)
        return prefix + text

    return write


READING = {kind: from_sbml(prefix) for kind, prefix in PREFIXES.items()}
"""What COBRApy takes as `f_replace` to read a file."""

WRITING = {REVERSE[kind]: to_sbml(prefix) for kind, prefix in PREFIXES.items()}
"""What COBRApy takes as `f_replace` to write one."""


def plain_ids(names: Iterable[str]) -> dict[str, str]:
    """SBML ids, different from one another, for names that need not be readable back, such as compartments."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    names = list(names)
    for name in sorted(names, key=lambda name: (re.sub(r"\W", "_", name, flags=re.ASCII) != name, names.index(name))):
        text = re.sub(r"\W", "_", name, flags=re.ASCII) or "_"
        text = f"_{text}" if text[0].isdigit() else text
        free = text
        number = 2
        while free in taken:
            free, number = f"{text}_{number}", number + 1
        taken.add(free)
        found[name] = free
    return found
