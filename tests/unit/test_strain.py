"""Designs applied to COBRApy models, against COBRApy's own knock-outs and plain enumeration."""

import json
from itertools import chain, combinations

import cobra
import pytest
from cobra.io import load_model
from cobra.manipulation import knock_out_model_genes
from hypothesis import given
from hypothesis import strategies as st

from knockflow.base.errors import FileError
from knockflow.model.gene_cuts import few_cut_sets
from knockflow.model.gpr import genes, parse
from knockflow.validation.strain import applied, capacity, changed, read, silenced

RULES = {
    # id: rule, lower and upper bound, bounds once added
    "PLAIN": ("", -1000, 1000, None),
    "ONE": ("g1", -1000, 1000, None),
    "COMPLEX": ("g1 and g2", 0, 1000, None),
    "ISO": ("g1 or g2", -5, 1000, None),
    "NESTED": ("(g1 and g2) or (g3 and (g1 or g4))", 0, 1000, None),
    "NEW": ("", 0, 0, (-10.0, 1000.0)),
    "NEW2": ("g5", 0, 0, (0.0, 7.5)),
    "NEED": ("g6 and g1", 0, 0, (0.0, 100.0)),
    "EITHER": ("g6 or g1", 0, 1000, None),
    "EX_a": ("", 0, 1000, None),
}


def model_of(rules=RULES) -> cobra.Model:
    model = cobra.Model("rules")
    a, b = (cobra.Metabolite(name, compartment="c") for name in "ab")
    for name, (rule, lower, upper, once_there) in rules.items():
        reaction = cobra.Reaction(name, lower_bound=lower, upper_bound=upper)
        model.add_reactions([reaction])
        reaction.add_metabolites({a: -1} if name.startswith("EX") else {a: -1, b: 1})
        reaction.gene_reaction_rule = rule
        if once_there:
            reaction.notes["knock_in"] = " ".join(map(repr, once_there))
    model.notes = {"absent_genes": "g6", "pathways": json.dumps({"both": ["NEW", "NEW2"]})}
    return model


def bounds(model: cobra.Model, design: str) -> dict[str, tuple[float, float]]:
    """What a design changes."""
    before = {reaction.id: reaction.bounds for reaction in model.reactions}
    with changed(model, design):
        after = {reaction.id: reaction.bounds for reaction in model.reactions}
    assert before == {reaction.id: reaction.bounds for reaction in model.reactions}
    return {name: now for name, now in after.items() if now != before[name]}


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        ("", {}),
        ("-PLAIN", {"PLAIN": (0, 0)}),
        ("-EX_a|PLAIN", {"EX_a": (0, 0), "PLAIN": (0, 0)}),
        ("-g1", {"ONE": (0, 0), "COMPLEX": (0, 0), "EITHER": (0, 0)}),
        ("-g1;-g4", {"ONE": (0, 0), "COMPLEX": (0, 0), "EITHER": (0, 0), "NESTED": (0, 0)}),
        ("-g2", {"COMPLEX": (0, 0)}),
        ("-g2;-g3", {"COMPLEX": (0, 0), "NESTED": (0, 0)}),
        ("-g2|g3", {"COMPLEX": (0, 0), "NESTED": (0, 0)}),
        ("+both", {"NEW": (-10, 1000), "NEW2": (0, 7.5)}),
        ("+g6", {"NEED": (0, 100)}),
        ("+g6;-g1", {"ONE": (0, 0), "COMPLEX": (0, 0)}),
        ("PLAIN>=5", {"PLAIN": (5, 1000)}),
        ("PLAIN<=0.4;PLAIN>=0.1", {"PLAIN": (0.1, 0.4)}),
        ("EX_a>=-10", {"EX_a": (-10, 1000)}),
        # what does not run has no bounds to set
        ("-PLAIN;PLAIN>=5", {"PLAIN": (0, 0)}),
        ("NEW<=3", {}),
        ("g1<=2", {"ONE": (-2, 2), "COMPLEX": (0, 2)}),
        ("-g4;g1<=2", {"ONE": (-2, 2), "COMPLEX": (0, 2), "NESTED": (0, 2)}),
        ("g1<=2;-g2", {"ONE": (-2, 2), "COMPLEX": (0, 0), "ISO": (-2, 2)}),
        ("g1<=2;g2<=4", {"ONE": (-2, 2), "COMPLEX": (0, 2), "ISO": (-5, 6)}),
        ("g1<=20;g2<=4;g3<=3", {"ONE": (-20, 20), "COMPLEX": (0, 4), "ISO": (-5, 24), "NESTED": (0, 7)}),
    ],
)
def test_a_design_changes_these_bounds_and_no_others(design, expected):
    found = bounds(model_of(), design)
    if "g1<=" in design:
        # the gene that the wild type lacks is no isozyme
        assert found.pop("EITHER") == (0, 2 if "g1<=2;" in design + ";" else 20)
    assert found == expected


def test_a_knock_in_runs_only_with_its_genes():
    assert bounds(model_of(), "+NEW2") == {"NEW2": (0, 7.5)}
    assert bounds(model_of(), "+NEW2;-g5") == {}
    assert bounds(model_of(), "+NEW;NEW<=3") == {"NEW": (-10, 3)}
    assert bounds(model_of(), "+NEW;-NEW") == {}


@pytest.mark.parametrize("design", ["PLAIN>=2000", "ISO<=-6", "PLAIN>=3;g1<=2;ONE>=3"])
def test_bounds_that_contradict_each_other_leave_no_state(design):
    model = model_of({**RULES, "EX_b": ("", -1000, 1000, None)})
    model.reactions.EX_b.add_metabolites({"a": 1, "b": -1})
    assert model.optimize().status == "optimal"
    with changed(model, design):
        model.slim_optimize()
        assert model.solver.status == "infeasible"
    assert model.optimize().status == "optimal"


@pytest.mark.parametrize(
    ("design", "match"),
    [
        ("-PLAN", "`-PLAN`: no reaction, gene or pathway `PLAN` in the model; did you mean PLAIN"),
        ("-both", "no reaction, gene or pathway `both`"),
        ("+PLAIN", "the model has reaction PLAIN without it"),
        ("+g1", "the model has gene g1 without it"),
        ("g1>=1", "can only be limited"),
        ("g1<=-1", "can only be limited"),
        ("PLAIN", "`PLAIN` is no intervention"),
        ("PLAIN<=30%", "not a share of a range"),
    ],
)
def test_what_cannot_be_applied_is_named(design, match):
    with pytest.raises(FileError, match=match), changed(model_of(), design):
        pass


def test_interventions_are_read_with_all_members_of_a_group():
    assert [change.names for change in read("-D_LACt2|LDH_D;-PYK")] == [("D_LACt2", "LDH_D"), ("PYK",)]
    assert read("") == []


def test_silenced_are_the_reactions_that_could_carry_flux_before():
    assert silenced(model_of(), "-g2;-g3;-PLAIN;PLAIN>=5;+NEW") == ["COMPLEX", "NESTED", "PLAIN"]
    assert silenced(model_of(), "-NEW") == []
    assert silenced(model_of(), "EX_a<=0") == ["EX_a"]


def test_a_copy_is_changed_and_the_model_is_not():
    model = model_of()
    strain = applied(model, "-g1;+NEW")
    assert strain.reactions.ONE.bounds == (0, 0)
    assert strain.reactions.NEW.bounds == (-10, 1000)
    assert model.reactions.ONE.bounds == (-1000, 1000)
    assert model.reactions.NEW.bounds == (0, 0)


NAMES = [f"g{number}" for number in range(1, 6)]
TREES = st.recursive(
    st.sampled_from(NAMES),
    lambda below: st.tuples(st.sampled_from(["and", "or"]), st.lists(below, min_size=2, max_size=3)).map(
        lambda parts: "(" + f" {parts[0]} ".join(parts[1]) + ")"
    ),
    max_leaves=7,
)
LEVELS = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 9).map(float), max_size=4)


def along_the_tree(tree, capacities: dict[str, float]) -> float:
    """A complex carries what its scarcest part carries, isozymes what they carry together."""
    if isinstance(tree, str):
        return capacities[tree]
    return (min if tree[0] == "and" else sum)(along_the_tree(part, capacities) for part in tree[1])


@given(TREES, LEVELS, st.sets(st.sampled_from(NAMES), max_size=2))
def test_a_capacity_is_that_of_the_cheapest_cut_set(rule, limits, gone):
    reaction = cobra.Reaction("R")
    reaction.gene_reaction_rule = rule
    tree = parse(rule)
    capacities = {name: 0.0 if name in gone else limits.get(name, float("inf")) for name in NAMES}
    found = capacity(reaction, limits, gone)
    assert found == min(sum(capacities[gene] for gene in cut) for cut in few_cut_sets(tree))
    if len(genes(tree)) == sum(rule.count(name) for name in NAMES):
        assert found == along_the_tree(tree, capacities)


@given(st.lists(TREES, min_size=1, max_size=4), st.sets(st.sampled_from(NAMES), max_size=3))
def test_gene_knock_outs_close_what_cobra_closes(rules, gone):
    model = model_of({f"R{number}": (rule, -10, 1000, None) for number, rule in enumerate(rules)})
    gone = sorted(gone & {gene.id for gene in model.genes})
    design = ";".join(f"-{gene}" for gene in gone)
    with model:
        knock_out_model_genes(model, gone)
        expected = {reaction.id: reaction.bounds for reaction in model.reactions}
    with changed(model, design):
        assert {reaction.id: reaction.bounds for reaction in model.reactions} == expected


def test_gene_knock_outs_of_the_core_model_are_those_of_cobra():
    model = load_model("textbook")
    ids = [gene.id for gene in model.genes]
    for gone in chain(combinations(ids, 1), combinations(ids[::4], 2)):
        with model:
            closed = {reaction.id for reaction in knock_out_model_genes(model, list(gone))}
        assert set(silenced(model, ";".join(f"-{gene}" for gene in gone))) == closed, gone
