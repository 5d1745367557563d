"""Gene rules: their spelling is settled before COBRApy sees them, since it empties a rule that it cannot read."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cobra import Model

from knockflow.language.ids import gene_id, own_gene
from knockflow.model.finding import CHANGE, INFO, WARNING, WHOLE_MODEL, Finding
from knockflow.model.gpr import parse, without
from knockflow.model.notes import LOST_RULE_NOTE, PSEUDO_NOTE, REGULATOR_NOTE, write_note

WORD = r"&&|&|\|\||\||[()]|[^\s()&|]+"
OPERATORS = {"and": "and", "&": "and", "&&": "and", "or": "or", "|": "or", "||": "or"}
SIGNS = re.compile(r"[()&|]")
DOUBTFUL = re.compile(r"[+*,;!#^]")


LOST_RULE = "the rule cannot be read"
"""What is said of a rule that had to be dropped."""


NO_NAMES = frozenset({"None", "nan", "NaN", "null"})
"""What programs have written as the name of a gene that has none: 898 of the 905 genes of BiGG's iMM904 are `None`."""


class RuleError(ValueError):
    """A gene rule that cannot be read; the message says where it breaks."""


def read_rule(text: str, genes: Iterable[str] = ()) -> str:
    """A gene rule as COBRApy reads it: operators spelled `and` and `or`, genes with the ids that they have in files.

    AND, Or, `&`, `&&`, `|` and `||` are understood; nothing is guessed beyond that. What signs in an id mean is known
    of the `genes` that the model lists: `g(1)` is one if it is among them.

    Raises
    ------
    RuleError
        If brackets do not match, an operator or a gene is missing, or it is not sure that a word is a gene.
    """
    genes = frozenset(genes)
    tokens = tokens_of(text, genes)
    if tokens in ([], ["(", ")"]):
        return ""
    check_grammar(tokens)
    known = vocabulary(genes).genes
    for token in tokens:
        if token not in known and DOUBTFUL.search(token):
            raise RuleError(f"{token!r} holds a sign that may be an operator, and the model lists no such gene")
    return spaced([token if token in ("(", ")") else gene_id(token) for token in tokens])


def spaced(tokens: Iterable[str]) -> str:
    """A rule of some tokens."""
    return " ".join(tokens).replace("( ", "(").replace(" )", ")")


@dataclass(frozen=True)
class Vocabulary:
    """The genes that a model lists by their own ids, those of them that cannot be operators, and a pattern of words."""

    genes: frozenset[str]
    own: frozenset[str]
    word: re.Pattern


@lru_cache(maxsize=8)
def vocabulary(genes: frozenset[str]) -> Vocabulary:
    """What the words of a model's rules are; the same for thousands of them."""
    named = frozenset(map(own_gene, genes))
    own = frozenset(gene for gene in named if gene.casefold() not in OPERATORS)
    odd = sorted(filter(lambda gene: _one_word(gene, own), own), key=lambda gene: (-len(gene), gene))
    ends = [rf"(?<![^\s()&|]){re.escape(gene)}(?![^\s()&|])" for gene in odd]
    return Vocabulary(named, own, re.compile("|".join([*ends, WORD])))


def tokens_of(text: str, genes: Iterable[str]) -> list[str]:
    """Operators, brackets and genes of a rule."""
    known = vocabulary(frozenset(genes))
    words = known.word.findall(text)
    return [word if word in known.own else OPERATORS.get(word.casefold(), word) for word in words]


def _one_word(gene: str, genes: Collection[str]) -> bool:
    """Whether an id that has signs of rules in it can be told from a rule."""
    if not SIGNS.search(gene) or re.search(r"\s", gene) or gene.count("(") != gene.count(")"):
        return False
    return not all(part in genes for part in re.findall(r"[^()&|]+", gene))


def check_grammar(tokens: list[str]) -> None:
    """Raise a RuleError unless genes and operators alternate and brackets match."""
    depth = 0
    gene_next = True
    previous = "the start"
    for token in tokens:
        if (token in ("and", "or", ")")) == gene_next:
            raise RuleError(f"after {previous} comes {token!r}")
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth < 0:
            raise RuleError("a closing bracket has no opening one")
        gene_next = token in ("and", "or", "(")
        previous = repr(token)
    if gene_next:
        raise RuleError(f"it ends with {previous}")
    if depth:
        raise RuleError("an opening bracket is not closed")


def settle_rule(reaction_id: str, text: str, genes: Iterable[str] = ()) -> tuple[str, list[Finding]]:
    """The rule to give to COBRApy, and what is to be said of it; `genes` are those that the model lists.

    A rule that cannot be read becomes empty, so that no gene switches the reaction: a warning and a change.
    """
    genes = frozenset(genes)
    try:
        rule = read_rule(text, genes)
    except RuleError as error:
        return "", lost_rule(reaction_id, text, str(error))
    spelled = spaced(tokens_of(text, genes)) if rule else ""
    if squeezed(spelled) == squeezed(text):
        return rule, []
    return rule, [Finding(reaction_id, "gene rule", CHANGE, text, spelled, "operators spelled as `and` and `or`")]


def lost_rule(reaction_id: str, text: str, why: str) -> list[Finding]:
    """What is to be said of a rule that cannot be read."""
    return [
        Finding(reaction_id, "gene rule", WARNING, text, "", f"{LOST_RULE}: {why}"),
        Finding(reaction_id, "gene rule", CHANGE, text, "", "rule removed: no gene switches this reaction"),
    ]


def squeezed(rule: str) -> str:
    """A rule without spaces and without the brackets of an empty rule: spacing alone is no change."""
    return "".join(rule.split()).replace("()", "")


def drop_no_names(model: Model) -> None:
    """Leave genes that have no name without one, so that no table or report calls many of them `None`."""
    for gene in model.genes:
        if gene.name in NO_NAMES:
            gene.name = ""


def note_lost_rules(model: Model, findings: Iterable[Finding]) -> None:
    """Keep what a rule was that cannot be read, so that later stages do not take its reaction for one without genes."""
    for finding in findings:
        if finding.why.startswith(LOST_RULE) and finding.item in model.reactions:
            reaction = model.reactions.get_by_id(finding.item)
            write_note(reaction, LOST_RULE_NOTE, finding.before)


def check_gene_links(model: Model, targets: Mapping) -> list[Finding]:
    """That no gene can switch any reaction, so that nothing is a target by default, if so."""
    pseudo = {gene.id for gene in model.genes if PSEUDO_NOTE in gene.notes}
    ruled = [parse(reaction.gene_reaction_rule) for reaction in model.reactions if reaction.gene_reaction_rule]
    if any(without(tree, pseudo) is not None for tree in ruled):
        return []
    lacking = "no gene rule of the model has a gene that can be deleted" if ruled else "the model has no gene rules"
    genes = "; genes cannot be targets then" if targets.get("level") == "genes" else ""
    why = (
        f"{lacking}, so no reaction is a target by default{genes}: name reactions under `targets.include`, and they "
        "are knocked out as such, whether or not a gene is known"
    )
    named = targets.get("include") or targets.get("interventions") or targets.get("table")
    return [Finding(WHOLE_MODEL, "targets", INFO if named else WARNING, "", "", why)]


def unused_genes(model: Model) -> list[Finding]:
    """Genes that no reaction's rule names."""
    return [
        Finding(own_gene(gene.id), "unused gene", INFO, "", "", "no reaction's rule names this gene")
        for gene in sorted(model.genes, key=lambda gene: gene.id)
        if not gene.reactions and REGULATOR_NOTE not in gene.notes
    ]
