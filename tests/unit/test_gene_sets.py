"""The best sets of genes that switch a reaction off, against all of them."""

import random
import time
from itertools import combinations

import pytest

from knockflow.model.gene_cuts import few_cut_sets
from knockflow.model.gene_sets import MOST_SETS, fewest, gene_sets
from knockflow.model.gpr import active, genes, parse


def random_rule(rng: random.Random, depth: int) -> str:
    if not depth or rng.random() < 0.3:
        return f"g{rng.randrange(6)}"
    parts = [random_rule(rng, depth - 1) for _ in range(rng.randint(2, 3))]
    return "(" + rng.choice([" and ", " or "]).join(parts) + ")"


@pytest.mark.parametrize("seed", range(30))
def test_they_are_the_minimal_cut_sets(seed):
    tree = parse(random_rule(random.Random(seed), 3))
    assert gene_sets(tree) == sorted(few_cut_sets(tree), key=fewest)


@pytest.mark.parametrize("seed", range(30))
def test_genes_that_stay_and_genes_that_are_gone(seed):
    tree, kept, gone = parse(random_rule(random.Random(seed), 3)), {"g0"}, {"g1"}
    free = sorted(genes(tree) - kept - gone)
    every = [frozenset(some) for size in range(len(free) + 1) for some in combinations(free, size)]
    closing = [some for some in every if not active(tree, some | gone)]
    smallest = [some for some in closing if not any(other < some for other in closing)]
    assert gene_sets(tree, kept, gone) == sorted(smallest, key=fewest)


def test_a_reaction_without_a_rule_has_none():
    assert gene_sets(None) == []
    assert gene_sets(parse("a or s0001"), kept={"s0001"}) == []
    assert gene_sets(parse("a or b"), gone={"a", "b"}) == [frozenset()]


def test_a_rule_of_many_complexes_gives_the_best_of_a_selection_at_once():
    rule = " or ".join("(" + " and ".join(f"c{i}g{j}" for j in range(8)) + ")" for i in range(7))
    tree = parse(rule)
    dear = {f"c{i}g{j}" for i in range(7) for j in range(8) if j != 5}
    started = time.process_time()
    found = gene_sets(tree, rank=lambda cut: (len(cut & dear), len(cut), sorted(cut)))
    assert time.process_time() - started < 5
    assert len(found) == MOST_SETS
    assert found[0] == {f"c{i}g5" for i in range(7)}
    assert not any(active(tree, cut) for cut in found)
