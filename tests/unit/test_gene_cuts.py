"""Minimal gene cut sets one after the other: all against brute force, the smallest of rules that have too many."""

from itertools import chain, combinations, islice

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from knockflow.model import gene_cuts
from knockflow.model.gene_cuts import factored, few_cut_sets, smallest_cut_sets
from knockflow.model.gpr import active, from_cell, genes, minimal, parse
from knockflow.model.gpr_table import cut_sets_in, rows_of


def rules(names="abcdefg", most: int = 14):
    """Random parsed rules in which genes may stand several times."""

    def joined(parts):
        return st.tuples(st.sampled_from(["and", "or"]), st.lists(parts, min_size=2, max_size=4).map(tuple))

    return st.recursive(st.sampled_from(names), joined, max_leaves=most)


def complexes(count: int, size: int) -> str:
    """A reaction that any of some complexes of some genes each catalyses."""
    return " or ".join("(" + " and ".join(f"c{c}g{g}" for g in range(size)) + ")" for c in range(count))


def brute_force(rule) -> list[frozenset[str]]:
    own = sorted(genes(rule))
    every = chain.from_iterable(combinations(own, size) for size in range(len(own) + 1))
    return minimal(frozenset(some) for some in every if not active(rule, some))


@given(rules())
@settings(max_examples=examples(90), deadline=None)
def test_all_of_them_are_those_of_brute_force_smallest_first(rule):
    found, wanted = list(smallest_cut_sets(rule)), brute_force(rule)
    assert len(found) == len(set(found))
    assert minimal(found) == wanted
    assert [len(cut) for cut in found] == [len(cut) for cut in wanted]


@given(rules(), st.integers(0, 4), st.integers(0, 6))
@settings(max_examples=examples(90), deadline=None)
def test_limits_leave_the_smallest(rule, largest, most):
    wanted = [cut for cut in brute_force(rule) if len(cut) <= largest]
    assert minimal(smallest_cut_sets(rule, largest=largest)) == wanted
    found = list(smallest_cut_sets(rule, most, largest))
    assert [len(cut) for cut in found] == [len(cut) for cut in wanted[:most]]
    assert set(found) <= set(wanted)


@given(rules(), st.integers(0, 12))
@settings(max_examples=examples(68), deadline=None)
def test_few_are_listed_and_many_are_not(rule, most):
    wanted = brute_force(rule)
    assert few_cut_sets(rule, most) == (wanted if len(wanted) <= most else None)


def test_no_rule_has_none():
    assert list(smallest_cut_sets(None)) == few_cut_sets(None) == []


@pytest.mark.parametrize(("count", "size"), [(5, 8), (8, 12), (12, 20)])
def test_of_more_than_any_list_holds_the_smallest_come_at_once(count, size, monkeypatch):
    """Each has a gene of every complex; what it costs is counted in parts of the rule that are asked."""
    rule, asked = parse(complexes(count, size)), []
    of_size = gene_cuts._Part.of_size
    monkeypatch.setattr(gene_cuts._Part, "of_size", lambda part, n: asked.append(n) or of_size(part, n))
    found = list(smallest_cut_sets(rule, most=50))
    assert len(set(found)) == 50
    assert all({gene.split("g")[0] for gene in cut} == {f"c{c}" for c in range(count)} for cut in found)
    assert {len(cut) for cut in found} == {count}
    assert len(asked) < 50 * count + count * size
    assert few_cut_sets(rule) is None
    assert not list(smallest_cut_sets(rule, largest=count - 1))


def test_subunits_that_complexes_share_come_first():
    rule = parse(" or ".join(f"(s and a{n} and b{n} and c{n} and d{n} and t)" for n in range(8)))
    found = list(islice(smallest_cut_sets(rule), 5))
    assert set(found[:2]) == {frozenset("s"), frozenset("t")}
    assert [len(cut) for cut in found] == [1, 1, 8, 8, 8]


def test_the_order_depends_on_nothing_but_the_rule():
    rule = parse(complexes(4, 4))
    assert list(smallest_cut_sets(rule, 100)) == list(smallest_cut_sets(rule, 300))[:100]


def test_a_rule_of_alternatives_of_alternatives_is_not_expanded_the_other_way_either():
    """As many parts as genes can be picked from: 10 parts of 6 isozymes have 10 cut sets and 6^10 complexes."""
    rule = parse(" and ".join("(" + " or ".join(f"p{p}i{i}" for i in range(6)) + ")" for p in range(10)))
    assert len(few_cut_sets(rule)) == 10


@given(rules())
@settings(max_examples=examples(135), deadline=None)
def test_a_factored_rule_holds_where_the_rule_does(rule):
    found = factored(rule)
    assert factored(found) == found
    assert genes(found) <= genes(rule)
    for size in range(len(genes(rule)) + 1):
        for removed in combinations(sorted(genes(rule)), size):
            assert active(found, removed) == active(rule, removed)


@pytest.mark.parametrize(
    ("written", "simple"),
    [
        ("a and b or a and c", "a and (b or c)"),
        ("(a or b) and (a or c)", "a or (b and c)"),
        ("a and b and x or a and c and x or a and b and x and d", "a and x and (b or c)"),
        ("a or a and b", "a"),
        ("a and (b and (c and a))", "a and b and c"),
        ("(a and (b or c)) or (a and (b or c) and d) or a and e", "a and (b or c or e)"),
        ("a and b or c and d", "a and b or c and d"),
    ],
)
def test_what_all_alternatives_need_is_written_once(written, simple):
    assert factored(parse(written)) == parse(simple)


def test_the_table_has_all_of_few_and_the_smallest_of_many():
    rules = ["a or b", "", complexes(5, 8), "s and (" + complexes(4, 8) + ")"]
    rows = rows_of(["R1", "R2", "R3", "R4"], ["a or b or x", "", *rules[2:]], rules)
    assert rows[0] == {"reaction": "R1", "rule": "a or b or x", "gene_cut_sets": "a&b", "listed": "all"}
    assert rows[1] == {"reaction": "R2", "rule": "", "gene_cut_sets": "", "listed": ""}
    assert [row["listed"] for row in rows[2:]] == ["100 smallest"] * 2
    assert rows[3]["gene_cut_sets"].startswith("s;")
    assert [len(cut) for cut in from_cell(rows[3]["gene_cut_sets"])] == [1, *[4] * 99]
    assert cut_sets_in(rows) == {"R1": [{"a", "b"}], "R2": []}
