"""Genes as targets: what removing and limiting them does to a reaction, by its rule."""

from dataclasses import replace

import pytest
from networks import network

from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.problem.genes import offer_genes
from knockflow.problem.offer import named_interventions, offer
from knockflow.problem.targets import TargetOptions

TABLE = {"EX_s": ({"s": -1}, -10, 0), "R": ({"s": -1, "x": 1}, 0, 1000), "BIO": ({"x": -1}, 0, 1000)}


def offered(rule, *limits, absent=(), gone=(), **options):
    """What is offered for a reaction R with a rule, and why other genes are no targets."""
    made = replace(network(TABLE, rules={"R": rule}), absent_genes=frozenset(absent))
    wanted = named_interventions({**dict.fromkeys(limits, 1.0), **{f"+{gene}": 1.0 for gene in absent}})
    found, cuts = offer(made, wanted), listed_cut_sets({"R": rule})
    refused = offer_genes(found, made, cuts, TargetOptions(level="genes", **options), wanted, frozenset(gone))
    return found, refused


def capacities(rule, *limits, **keywords) -> dict[str, float]:
    """Most flux of R by restrictions, written `g1 g2`."""
    found, _ = offered(rule, *limits, **keywords)
    ends = {}
    for needs, bounds in found.effects:
        assert bounds.keys() == {1}
        assert bounds[1][0] == -bounds[1][1]
        ends[" ".join(sorted(needs))] = bounds[1][1]
    return ends


@pytest.mark.parametrize(
    ("rule", "effects"),
    [
        ("g1", {"g1": 0}),
        ("g1 or g2", {"g1 g2": 0}),
        ("g1 and g2", {"g1": 0, "g2": 0}),
        ("(g1 and g2) or g3", {"g1 g3": 0, "g2 g3": 0}),
        ("(g1 or g2) and g3", {"g1 g2": 0, "g3": 0}),
        ("(g1 and g2) or (g1 and g3)", {"g1": 0, "g2 g3": 0}),
        ("(g1 and (g2 or g3)) or g4", {"g1 g4": 0, "g2 g3 g4": 0}),
        ("", {}),
    ],
)
def test_removing_a_cut_set_closes_the_reaction(rule, effects):
    assert capacities(rule) == effects


@pytest.mark.parametrize(
    ("rule", "limits", "effects"),
    [
        ("g1", ["g1<=2"], {"g1": 0, "g1<=2": 2}),
        ("g1", ["g1<=2", "g1<=3"], {"g1": 0, "g1<=2": 2, "g1<=3": 3}),
        ("g1 or g2", ["g1<=2"], {"g1 g2": 0, "g1<=2 g2": 2}),
        ("g1 or g2", ["g1<=2", "g2<=3"], {"g1 g2": 0, "g1<=2 g2": 2, "g1 g2<=3": 3, "g1<=2 g2<=3": 5}),
        ("g1 and g2", ["g1<=2", "g2<=3"], {"g1": 0, "g2": 0, "g1<=2": 2, "g2<=3": 3}),
        (
            "(g1 and g2) or g3",
            ["g1<=2", "g3<=3"],
            {"g1 g3": 0, "g2 g3": 0, "g1<=2 g3": 2, "g1 g3<=3": 3, "g1<=2 g3<=3": 5, "g2 g3<=3": 3},
        ),
    ],
)
def test_limits_of_isozymes_add_up(rule, limits, effects):
    assert capacities(rule, *limits) == effects


def test_a_gene_that_is_there_only_if_added_counts_as_gone_while_it_is_left_out():
    found, _ = offered("g1 or g3", absent=["g3"])
    assert {" ".join(sorted(needs)) for needs, _ in found.effects} == {"g1 g3"}
    assert found.targets["g3"].adds and not found.targets["g1"].adds


def test_a_gene_that_must_be_added_can_be_limited():
    assert capacities("g3", "g3<=2", absent=["g3"]) == {"g3": 0, "g3<=2": 2}


@pytest.mark.parametrize(
    ("rule", "gone", "effects"),
    [
        ("g1 or g2", ["g1"], {"g2": 0}),
        ("g1 and g2", ["g1"], {"g2": 0}),
        ("(g1 and g2) or g3", ["g3"], {"g1": 0, "g2": 0}),
    ],
)
def test_what_every_design_removes_is_not_needed_any_more(rule, gone, effects):
    found = capacities(rule, gone=gone)
    assert found == effects
    assert not any(gene in offered(rule, gone=gone)[0].targets for gene in gone)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"exclude": ["g1"]}, "excluded by the case"),
        ({"subsystems": ["another"]}, "no reaction of it is in the subsystems asked for"),
    ],
)
def test_a_gene_that_is_no_target_cuts_nothing(options, why):
    found, refused = offered("g1 or g2", **options)
    assert refused["g1"] == why
    assert "g1" not in found.targets
    assert not found.effects


def test_a_gene_outside_the_subsystems_can_be_included():
    found, refused = offered("g1", subsystems=["another"], include=["g1"])
    assert not refused and set(found.targets) == {"g1"}


def test_costs_and_reactions_of_a_gene():
    found, _ = offered("g1 or g2", costs={"g1": 3})
    assert (found.targets["g1"].cost, found.targets["g2"].cost) == (3.0, 1.0)
    assert found.targets["g1"].reactions == ("R",)


def test_limits_alone_do_not_need_a_gene_that_is_excluded():
    assert capacities("g1", "g1<=2", exclude=["g1"]) == {"g1<=2": 2}
