"""Which reactions are targets, and why the others are not."""

from dataclasses import replace

import numpy as np
import pytest
from networks import network

from knockflow.base.errors import ConfigError
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.problem.leader import BLOCKED, CANDIDATE, ESSENTIAL, EXCLUDED
from knockflow.problem.targets import TargetOptions, list_targets, refusals

TABLE = {
    "EX_s": ({"s": -1}, -10, 0),
    "A": ({"s": -1, "x": 1}, 0, 1000),
    "B": ({"s": -1, "x": 1}, -1000, 0),
    "FORCED": ({"s": -1, "x": 1}, 1, 1000),
    "BACKWARDS": ({"x": -1, "s": 1}, -5, -1),
    "ATPM": ({"s": -1, "h": 1}, 0, 1000),
    "BIO": ({"x": -1, "h": 1}, 0, 1000),
}
CUTS = listed_cut_sets(dict.fromkeys(TABLE, "g1 or g2"))


def why(cuts=CUTS, subsystem_of=None, **options) -> dict[str, str]:
    found = {name: (subsystem_of or {}).get(name, "") for name in TABLE}
    made = replace(network(TABLE), subsystems=tuple(found.values()))
    return refusals(made, cuts, TargetOptions(**options))


def test_what_genes_can_switch_off_is_a_target_all_else_has_its_reason():
    reasons = why()
    assert set(reasons) == set(TABLE) - {"A", "B"}
    assert reasons["EX_s"] == "exchange"
    assert reasons["BIO"] == "biomass"
    assert reasons["ATPM"] == "ATP maintenance"


@pytest.mark.parametrize("name", ["FORCED", "BACKWARDS"])
def test_a_reaction_that_must_run_is_never_a_target(name):
    assert why()[name] == "0 lies outside its bounds: removing it would enlarge the follower"
    with pytest.raises(ConfigError, match=f"targets.include: {name} cannot be a target: 0 lies outside"):
        why(include=(name,))


def test_a_reaction_without_a_gene_is_a_target_only_if_included():
    cuts = CUTS | {"A": []}
    assert why(cuts)["A"] == "no gene is known for it"
    assert "A" not in why(cuts, include=("A",))
    assert "ATPM" not in why(include=("ATPM",))
    assert "EX_s" not in why(include=("EX_s",))


def test_biomass_cannot_be_included():
    with pytest.raises(ConfigError, match="targets.include: BIO cannot be a target: biomass"):
        why(include=("BIO",))


def test_an_excluded_reaction_is_no_target_and_cannot_be_included():
    assert why(exclude=("A",))["A"] == "excluded by the case"
    with pytest.raises(ConfigError, match="targets.include: A cannot be a target: excluded by the case"):
        why(include=("A",), exclude=("A",))


def test_subsystems_narrow_the_targets_but_not_the_included_ones():
    where = {"A": "Glycolysis", "B": "Transport"}
    assert not {"A", "B"} & set(why(subsystem_of=where))
    reasons = why(subsystem_of=where, subsystems=("Glycolysis",))
    assert "A" not in reasons
    assert reasons["B"] == "not in the subsystems asked for: Transport"
    assert "B" not in why(subsystem_of=where, subsystems=("Glycolysis",), include=("B",))


def test_an_unknown_subsystem_is_refused():
    with pytest.raises(ConfigError, match="Glycolisis"):
        why(subsystem_of={"A": "Glycolysis"}, subsystems=("Glycolisis",))


@pytest.mark.parametrize("key", ["include", "exclude", "costs"])
def test_an_unknown_reaction_is_named_with_the_nearest(key):
    value = {"FORCD": 2} if key == "costs" else ("FORCD",)
    with pytest.raises(ConfigError, match=f"targets.{key}: no reaction `FORCD` in the model; did you mean FORCED"):
        why(**{key: value})


def listed(least, largest, groups=((1,), (2,)), **options):
    made, given = network(TABLE), TargetOptions(**options)
    viable = None if least is None else (np.array(least, float), np.array(largest, float))
    rows = list_targets(made, groups, refusals(made, CUTS, given), given, [] if viable is None else [viable])
    return {row.name: row for row in rows}


def test_status_follows_from_the_range_at_min_growth():
    rows = listed([0, -5], [3, -1])
    assert rows["A"].status == CANDIDATE
    assert (rows["B"].status, rows["B"].why) == (
        ESSENTIAL,
        "every state that grows at min_growth carries -5 to -1 mmol/gDW/h",
    )
    assert listed([0, 0], [0, 2])["A"].status == BLOCKED
    assert listed([0, 0], [1e-10, 2])["A"].status == CANDIDATE
    assert listed([1e-3, 0], [1, 2])["A"].status == ESSENTIAL


def test_what_is_in_no_group_is_blocked_or_excluded():
    rows = listed([0], [3], groups=((1,),))
    assert (rows["B"].status, rows["B"].why) == (BLOCKED, "no steady state carries flux through it")
    assert (rows["EX_s"].status, rows["EX_s"].group) == (EXCLUDED, None)


def test_without_a_growing_wild_type_every_group_is_a_candidate():
    assert listed(None, None)["A"].status == CANDIDATE


def test_a_group_costs_what_its_cheapest_qualifying_member_costs():
    rows = listed([0], [1], groups=((1, 2, 5),), costs={"A": 4, "B": 3, "ATPM": 1})
    assert rows["A|B"].cost == 3
    assert rows["A|B"].reactions == ("A", "ATPM", "B")
    assert rows["A|B"].row() == {
        "target": "A|B",
        "kind": "knock_out",
        "cost": 3.0,
        "reactions": ("A", "ATPM", "B"),
        "status": CANDIDATE,
        "why": "",
    }
