"""gpr.tsv: gene rules with their minimal gene cut sets, all of them where they are few, else the smallest."""

from collections.abc import Iterable, Mapping, Sequence

from knockflow.model.gene_cuts import few_cut_sets, smallest_cut_sets
from knockflow.model.gpr import GeneCutSet, GeneRule, from_cell, minimal, parse, to_cell

ALL = "all"

MOST_LISTED = 100
"""Cut sets of a rule that are listed where not all are."""


def rows_of(reactions: Sequence[str], written: Sequence[str], rules: Sequence[str]) -> list[dict[str, str]]:
    """The rows of gpr.tsv: reactions with their rules as written, and the cut sets of these without pseudo-genes.

    Of more than `knockflow.model.gene_cuts.FEW` the MOST_LISTED smallest are listed.
    """
    cells = {rule: _cells(parse(rule)) for rule in dict.fromkeys(rules)}
    return [
        {"reaction": reaction, "rule": text} | cells[rule]
        for reaction, text, rule in zip(reactions, written, rules, strict=True)
    ]


def _cells(rule: GeneRule) -> dict[str, str]:
    if rule is None:
        return {"gene_cut_sets": "", "listed": ""}
    every = few_cut_sets(rule)
    if every is not None:
        return {"gene_cut_sets": to_cell(every), "listed": ALL}
    some = minimal(smallest_cut_sets(rule, MOST_LISTED))
    return {"gene_cut_sets": to_cell(some), "listed": f"{len(some)} smallest"}


def cut_sets_in(rows: Iterable[Mapping[str, str]]) -> dict[str, list[GeneCutSet]]:
    """From rows of gpr.tsv the cut sets of the reactions that have all of them there."""
    return {row["reaction"]: from_cell(row["gene_cut_sets"]) for row in rows if row["listed"] in ("", ALL)}
