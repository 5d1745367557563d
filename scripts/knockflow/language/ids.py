"""Ids as a model has them, as its files hold them, and as a configuration writes them.

A reaction's id keeps the characters that mean something in the notation of interventions, in lists, or to a solver as
`%` and their number (`R|1` is `R%7C1`), as in addresses of the web; in a metabolite's these are blanks only. COBRApy
reads a gene rule as a Python expression, so in model.json a gene's id has all characters but a few as SBML has them
(`g~1` is `g__126__1`); every other file names the gene by its own id, quoted like a reaction's. What an id stands for
follows from its form alone. Where genes are targets, a reaction that has the id of a gene goes by `reaction:ID`.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from knockflow.base.files import read_table

REACTION = "reaction:"
"""Before the id of a reaction that a gene has, too, where genes are targets."""

_MEANING = re.compile(r"""[;|<>="&\s]""")
_QUOTED = re.compile(r"%(3B|7C|3C|3E|3D|22|26|2B|2D|[01][0-9A-F]|20|7F|85|A0)")
_RULE = re.compile(r"[()]")
_SAFE_GENE = re.compile(r"[A-Za-z0-9_.:/-]+")
_ESCAPED = re.compile(r"__(\d{1,7})__")
_BOUND = re.compile(r"(?P<name>.+?)\s*(?P<action>>=|<=)\s*(?P<level>[^\s<>=]+)")
_TEXT = re.compile(r'"([^"]+)"')
_PROTEIN = re.compile(r"(M_)?prot_.")


def is_protein(metabolite: str) -> bool:
    """Whether a metabolite stands for an enzyme or the pool of all, as in models of GECKO and AutoPACMEN: `prot_pool`.

    These are of Sanchez et al. 2017 (doi:10.15252/msb.20167411) and Bekiaris & Klamt 2020
    (doi:10.1186/s12859-019-3329-9).
    """
    return _PROTEIN.match(metabolite) is not None


def quoted(name: str) -> str:
    """A reaction's or gene's id as the notation, lists and tables have it."""
    text = _MEANING.sub(_number, name.strip())
    return _number(text[0]) + text[1:] if text[:1] in ("+", "-") else text


def unquoted(text: str) -> str:
    """The id that is quoted."""
    return _QUOTED.sub(lambda found: chr(int(found[1], 16)), text)


def _number(found: re.Match | str) -> str:
    return f"%{ord(found if isinstance(found, str) else found[0]):02X}"


def own_reaction(name: str) -> str:
    """The id of a reaction in the model as it was read."""
    return unquoted(name.removeprefix(REACTION))


def in_rule(gene: str) -> str:
    """A gene's name in the text of a rule, where brackets mean something."""
    return _RULE.sub(_number, gene)


def from_rule(word: str) -> str:
    """A gene's name from a word of a rule."""
    return word.replace("%28", "(").replace("%29", ")")


def gene_id(own: str) -> str:
    """A gene's id as COBRApy can read it in a rule."""
    own = own.strip()
    if _SAFE_GENE.fullmatch(own):
        return own
    return re.sub(r"[^A-Za-z0-9_]", lambda found: f"__{ord(found[0])}__", own)


def own_gene(name: str) -> str:
    """The id of a gene in the model as it was read, from its id in model.json."""
    own = _ESCAPED.sub(_character, name)
    return own if own != name and gene_id(own) == name else name


def _character(found: re.Match) -> str:
    """The character that an escape stands for, where an id can have it."""
    character = chr(int(found[1])) if int(found[1]) <= 0x10FFFF else " "
    return character if character.isprintable() and character != " " else found[0]


def gene_name(name: str) -> str:
    """A gene's name in notation and tables, from its id in model.json."""
    return quoted(own_gene(name))


# What a configuration names ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """What a model has: the ids of its reactions, and what stands for each gene by its name.

    `by_genes` says that genes are the targets: then an id names a gene before a reaction.
    """

    reactions: Collection[str]
    genes: Mapping[str, str] = field(default_factory=dict)
    by_genes: bool = False

    def reaction(self, name: str) -> str | None:
        """The reaction that is meant by an id, the model's own or as files have it."""
        bare = name.removeprefix(REACTION)
        every = (name, quoted(name), REACTION + name, REACTION + quoted(name), bare, quoted(bare))
        return next((form for form in every if form in self.reactions), None)

    def gene(self, name: str) -> str | None:
        """The gene that is meant."""
        return next((self.genes[form] for form in (name, quoted(name)) if form in self.genes), None)

    def target(self, name: str) -> str | None:
        """The gene or reaction that a target is."""
        ways: tuple[Callable, ...] = (self.gene, self.reaction) if self.by_genes else (self.reaction, self.gene)
        return next((found for found in (way(name) for way in ways) if found), None)

    def change(self, text: str) -> str:
        """An intervention with what it names as files have it; as it is where it names nothing of the model.

        Ids may stand in quotation marks, as `-"R|1"`; without them an id that has signs in it comes before the parts
        that the signs would make of it.
        """
        text = text.strip()
        bound = _BOUND.fullmatch(text)
        named = self._named(text[1:]) if text[:1] in ("+", "-") else None
        if named:
            return text[0] + named
        if bound and (named := self._named(bound["name"])):
            return f"{named}{bound['action']}{bound['level']}"
        return self._named(text) or text

    def _named(self, text: str) -> str | None:
        whole = self.target(text.strip()) or self.target(_TEXT.sub(r"\1", text.strip()))
        if whole:
            return whole
        parts = [self.target(unquoted(part)) or self.target(part) for part in with_marks_quoted(text).split("|")]
        return "|".join(parts) if all(parts) else None


def with_marks_quoted(text: str) -> str:
    """A text where what stands in quotation marks is quoted instead: `-"R|1"` as `-R%7C1`."""
    return _TEXT.sub(lambda found: quoted(found[1]), text)


def translated(case: Mapping, known: Known) -> dict:
    """A case with every id that it names as the curated model's files have it; unknown ones stay as they are."""
    found = dict(case)
    for key in ("product", "biomass", "substrate"):
        if found.get(key):
            found[key] = known.reaction(found[key]) or quoted(found[key])
    if isinstance(found.get("products"), list):
        found["products"] = [known.reaction(name) or quoted(name) for name in found["products"]]
    for key in ("medium", "cell_objective", "products"):
        if isinstance(found.get(key), Mapping):
            found[key] = {known.reaction(name) or name: value for name, value in found[key].items()}
    if found.get("targets"):
        found["targets"] = translated_targets(found["targets"], known)
    return found


def gene_in(genes: Collection[str], name: str) -> str | None:
    """The id in model.json of a gene that a table names; None where there is none."""
    forms = (name, gene_id(unquoted(name)), unquoted(name))
    return next((form for form in forms if form in genes), None)


def table_rows(targets: Mapping, columns: Collection[str] = ("intervention",)) -> list[dict[str, str]]:
    """The rows of a case's table of interventions, translated if its targets are.

    Raises
    ------
    FileError
        If there is no such table, or not such columns.
    """
    if not targets.get("table"):
        return []
    known = targets.get("known")
    rows = read_table(targets["table"], list(columns), ours=False)
    return [row | {"intervention": known.change(row["intervention"]) if known else row["intervention"]} for row in rows]


def translated_targets(targets: Mapping, known: Known) -> dict:
    """The targets of a case, translated likewise; the rows of a table where they are read (`table_rows`)."""
    found = {**targets, "known": known}

    def each(key: str, how: Callable) -> None:
        given = found.get(key)
        if isinstance(given, Mapping):
            found[key] = {how(name): value for name, value in given.items()}
        elif given:
            found[key] = [how(name) for name in given]

    for key in ("include", "exclude", "costs"):
        each(key, lambda name: known.target(name) or name)
    each("maintenance", lambda name: known.reaction(name) or name)
    for key in ("interventions", "forced"):
        each(key, known.change)
    found["exclusive"] = [[known.change(text) for text in group] for group in found.get("exclusive") or ()]
    found["pathways"] = {
        name: [known.reaction(one) or one for one in members] for name, members in (found.get("pathways") or {}).items()
    }
    return found
