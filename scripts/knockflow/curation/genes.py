"""Gene rules: their spelling is settled before COBRApy sees them, since it empties a rule that it cannot read."""

import re
import warnings
from collections.abc import Mapping

from cobra import Model
from cobra.core.gene import GPR

from knockflow.curation.finding import CHANGE, INFO, WARNING, WHOLE_MODEL, Finding
from knockflow.gpr import parse, without
from knockflow.regulated_model import REGULATOR_NOTE
from knockflow.strain import PSEUDO_NOTE

TOKEN = re.compile(r"&&|&|\|\||\||[()]|[^\s()&|]+")
OPERATORS = {"and": "and", "&": "and", "&&": "and", "or": "or", "|": "or", "||": "or"}
# COBRApy reads a rule as a Python expression; these characters are known to survive that in a gene id.
SAFE_GENE = re.compile(r"[A-Za-z0-9_.:/-]+")


class RuleError(ValueError):
    """A gene rule that cannot be read; the message says where it breaks."""


def read_rule(text: str) -> str:
    """A gene rule with its operators spelled `and` and `or`.

    AND, Or, `&`, `&&`, `|` and `||` are understood; nothing is guessed beyond that.

    Raises
    ------
    RuleError
        If brackets do not match, an operator or a gene is missing, or a gene id holds a character that COBRApy
        reads as an operator.
    """
    tokens = [OPERATORS.get(token.casefold(), token) for token in TOKEN.findall(text)]
    if tokens in ([], ["(", ")"]):
        return ""
    check_grammar(tokens)
    rule = " ".join(tokens).replace("( ", "(").replace(" )", ")")
    check_genes(rule, {token for token in tokens if token not in ("and", "or", "(", ")")})
    return rule


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


def check_genes(rule: str, genes: set[str]) -> None:
    """Raise a RuleError where COBRApy would read other genes than `genes` from the rule."""
    odd = sorted(gene for gene in genes if not SAFE_GENE.fullmatch(gene))
    if not odd:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            known = GPR.from_string(rule).genes
    except (SyntaxError, TypeError, ValueError):
        known = frozenset()
    if known != genes:
        raise RuleError(f"gene id {odd[0]!r} holds a character that has another meaning in a rule")


def settle_rule(reaction_id: str, text: str) -> tuple[str, list[Finding]]:
    """The rule to give to COBRApy, and what is to be said of it.

    A rule that cannot be read becomes empty, so that no gene switches the reaction: a warning and a change.
    """
    try:
        rule = read_rule(text)
    except RuleError as error:
        broken = Finding(reaction_id, "gene rule", WARNING, text, "", f"the rule cannot be read: {error}")
        emptied = Finding(reaction_id, "gene rule", CHANGE, text, "", "rule removed: no gene switches this reaction")
        return "", [broken, emptied]
    if squeezed(rule) == squeezed(text):
        return rule, []
    return rule, [Finding(reaction_id, "gene rule", CHANGE, text, rule, "operators spelled as `and` and `or`")]


def squeezed(rule: str) -> str:
    """A rule without spaces and without the brackets of an empty rule: spacing alone is no change."""
    return "".join(rule.split()).replace("()", "")


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
        Finding(gene.id, "unused gene", INFO, "", "", "no reaction's rule names this gene")
        for gene in sorted(model.genes, key=lambda gene: gene.id)
        if not gene.reactions and REGULATOR_NOTE not in gene.notes
    ]
