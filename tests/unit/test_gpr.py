"""Gene rules: what they mean, what is malformed, and their minimal cut sets against brute force."""

from itertools import chain, combinations

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from knockflow.base.errors import ModelError
from knockflow.model.gene_cuts import few_cut_sets
from knockflow.model.gpr import active, from_cell, genes, parse, to_cell


def every_subset(names):
    names = sorted(names)
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def rules(names="abcde"):
    """Random rules as text, with the function that says whether they hold."""

    def joined(parts):
        return st.tuples(st.sampled_from(["and", "or"]), st.lists(parts, min_size=2, max_size=3))

    return st.recursive(st.sampled_from(names), joined, max_leaves=8)


def text(tree) -> str:
    return tree if isinstance(tree, str) else "(" + f" {tree[0]} ".join(map(text, tree[1])) + ")"


def holds(tree, removed) -> bool:
    if isinstance(tree, str):
        return tree not in removed
    values = [holds(part, removed) for part in tree[1]]
    return all(values) if tree[0] == "and" else any(values)


@pytest.mark.parametrize(
    ("rule", "removed", "expected"),
    [
        ("a", "", True),
        ("a", "a", False),
        ("a", "b", True),
        ("a and b", "a", False),
        ("a and b", "b", False),
        ("a or b", "a", True),
        ("a or b", "ab", False),
        # AND binds more strongly than OR, on either side
        ("a or b and c", "c", True),
        ("a or b and c", "a", True),
        ("a or b and c", "ab", False),
        ("a and b or c", "a", True),
        ("a and b or c", "c", True),
        ("a and b or c", "ac", False),
        ("(a or b) and c", "c", False),
        ("(a or b) and c", "a", True),
        ("((a))", "a", False),
        ("a AND (b Or c)", "b", True),
        ("a & b", "a", False),
        ("a | b", "a", True),
        ("a && b || c", "bc", False),
    ],
)
def test_truth(rule, removed, expected):
    assert active(parse(rule), removed) is expected


def test_an_empty_rule_always_holds_and_has_no_cut_set():
    for rule in ("", "   "):
        assert parse(rule) is None
    assert active(None, {"a"})
    assert few_cut_sets(None) == []
    assert genes(None) == set()


def test_a_bracket_needs_no_blank_beside_it():
    assert parse("(a and b)or c") == ("or", (("and", ("a", "b")), "c"))


def test_names_that_begin_like_an_operator_are_genes():
    assert genes(parse("orf1 and andA or b")) == {"orf1", "andA", "b"}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("a and", "it ends where a gene is expected"),
        ("or", "`or` where a gene is expected"),
        ("and a", "`and` where a gene is expected"),
        ("a and or b", "`or` where a gene is expected"),
        ("a b", "unexpected `b`"),
        ("a (b)", "unexpected `\\(`"),
        ("(a or b", "a bracket is not closed"),
        ("(a b)", "a bracket is not closed"),
        ("a or b)", "unexpected `\\)`"),
        ("()", "`\\)` where a gene is expected"),
        ("(", "it ends where a gene is expected"),
    ],
)
def test_a_malformed_rule_is_refused_and_quoted(rule, message):
    with pytest.raises(ModelError, match=message) as refusal:
        parse(rule)
    assert f"`{rule}`" in str(refusal.value)


@given(rules())
@settings(max_examples=examples(68), deadline=None)
def test_parsing_keeps_the_meaning(tree):
    parsed = parse(text(tree))
    for removed in every_subset(genes(parsed)):
        assert active(parsed, removed) == holds(tree, removed)


@given(rules())
@settings(max_examples=examples(68), deadline=None)
def test_cut_sets_are_those_of_brute_force(tree):
    parsed = parse(text(tree))
    cutting = [frozenset(removed) for removed in every_subset(genes(parsed)) if not holds(tree, removed)]
    minimal = {cut for cut in cutting if not any(other < cut for other in cutting)}
    found = few_cut_sets(parsed)
    assert set(found) == minimal
    assert len(found) == len(minimal)


def test_cut_sets_are_in_order_of_size_then_name():
    assert few_cut_sets(parse("(z or y) and c and (a or b)")) == [{"c"}, {"a", "b"}, {"y", "z"}]


def test_a_gene_that_stands_twice_counts_once():
    assert few_cut_sets(parse("(a and b) or (a and c)")) == [{"a"}, {"b", "c"}]


def test_a_table_cell_gives_the_cut_sets_back():
    cuts = [frozenset({"c"}), frozenset({"b", "a"})]
    assert to_cell(cuts) == "c;a&b"
    assert from_cell(to_cell(cuts)) == cuts
    assert from_cell(to_cell([])) == []
