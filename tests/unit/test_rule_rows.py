"""Rules as rows of the follower: which columns they get, what genes do to them, and where they are not needed."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.designs.gather import best_designs, gathered
from knockflow.follower.idle_enzymes import Spare
from knockflow.follower.oracle import Follower
from knockflow.methods.cut_sets.search import CutSets
from knockflow.methods.cut_sets.visit import search as search_cut_sets
from knockflow.model import gene_cuts
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.gpr import active, genes, parse
from knockflow.model.gpr_table import rows_of
from knockflow.model.question import Question
from knockflow.problem import rule_rows
from knockflow.problem.targets import TargetOptions
from knockflow.stages.design import find_designs
from knockflow.stages.design_parts import part, seeds
from knockflow.stages.problem import build

TABLE = {
    "EX_s": ({"s": -1}, -10, 0),
    "FAST": ({"s": -1, "x": 1}, 0, 1000),
    "SLOW": ({"s": -1, "x": 0.5, "p": 0.5}, 0, 1000),
    "EX_p": ({"p": -1}, 0, 1000),
    "BIO": ({"x": -1}, 0, 1000),
}
MANY = " or ".join("(" + " and ".join(f"c{c}g{g}" for g in range(8)) + ")" for c in range(6))
ALL_GENES = sorted(genes(parse(MANY)))


def made(rules, level="genes", table=TABLE, min_growth=0.1, **options):
    """The problem of a network with rules, and its table of targets."""
    wanted = replace(network(table, rules=rules), biomass="BIO")
    cuts = listed_cut_sets(dict(zip(wanted.reactions, wanted.rules, strict=True)))
    return build(wanted, cuts, Question("EX_p", "EX_s", min_growth), TargetOptions(level=level, **options))


def design_of(problem, *names):
    """The numbers of targets by one of their names."""
    return {t for t, ids in enumerate(problem.targets.ids) if set(ids.split("|")) & set(names)}


def most(problem, column, design):
    """The largest flux of a column after a design."""
    follower = Follower(problem)
    goal = np.eye(len(problem.columns))[problem.columns.index(column)]
    return follower.optimum(goal, follower.after(problem.targets.effects(design)), maximize=True).value


def new_columns(problem):
    return [name for name in problem.columns if name.startswith(("enzyme", "complex"))]


def test_genes_of_a_complex_share_a_column_and_are_one_target():
    problem, listed = made({"FAST": MANY})
    assert len(new_columns(problem)) == 6
    assert [len(name.split("|")) for name in problem.targets.ids] == [8] * 6
    assert {row.status for row in listed if row.kind == "knock_out" and row.reactions == ("FAST",)} == {"candidate"}


def test_genes_that_do_something_else_as_well_are_targets_of_their_own():
    problem, _ = made({"FAST": MANY, "SLOW": "c0g0 or c1g0"})
    assert sorted(len(name.split("|")) for name in problem.targets.ids) == [1, 1, 7, 7, 8, 8, 8, 8]


@pytest.mark.parametrize("gone", [5, 6])
def test_the_reaction_is_closed_once_every_complex_is_broken(gone):
    problem, _ = made({"FAST": MANY, "SLOW": "other"})
    design = design_of(problem, *(f"c{c}g3" for c in range(gone)))
    assert most(problem, "FAST", design) == pytest.approx(10 if gone == 5 else 0, abs=1e-8)


def test_subunits_of_all_complexes_close_it_alone():
    problem, listed = made({"FAST": f"shared and ({MANY})", "SLOW": "other"})
    assert most(problem, "FAST", design_of(problem, "shared")) == 0
    alone = [problem.targets.effect(e) for e in range(problem.targets.n_effects)]
    assert any(effect.bounds == [(problem.columns.index("FAST"), 0.0, 0.0)] for effect in alone)


def test_reactions_that_a_rule_catalyses_share_its_rows():
    one, _ = made({"FAST": MANY})
    two, _ = made({"FAST": MANY, "SLOW": MANY})
    assert len(new_columns(two)) == len(new_columns(one))
    assert len(two.rows) == len(one.rows) + 1


def test_level_reactions_needs_none_of_it(monkeypatch):
    """The rule is asked only whether it can fail."""
    monkeypatch.setattr(rule_rows, "with_rule_rows", None)
    problem, listed = made({"FAST": MANY, "SLOW": "other"}, level="reactions")
    assert not new_columns(problem)
    assert {row.name for row in listed if row.status != "excluded"} >= {"FAST", "SLOW"}


def test_what_no_state_carries_has_no_rows():
    table = TABLE | {"DEAD": ({"s": -1, "q": 1}, 0, 1000)}
    problem, _ = made({"DEAD": MANY}, table=table)
    assert not new_columns(problem)


def test_genes_that_are_excluded_count_as_there():
    problem, listed = made({"FAST": MANY}, exclude=["c0g0", "c1g5"])
    assert not design_of(problem, "c0g0", "c1g5")
    assert sorted(len(name.split("|")) for name in problem.targets.ids) == [7, 7, 8, 8, 8, 8]
    problem, _ = made({"FAST": MANY}, exclude=[f"c2g{g}" for g in range(8)])
    assert not new_columns(problem) and not len(problem.targets)


def test_genes_that_every_design_lacks_are_not_needed_any_more():
    problem, _ = made({"FAST": MANY, "SLOW": "other"}, forced=[f"-c{c}g0" for c in range(5)])
    assert not new_columns(problem)
    assert most(problem, "FAST", design_of(problem, "c5g4")) == 0


@pytest.mark.parametrize(
    ("limits", "names", "carried"),
    [
        (["c0g0<=2"], ["c0g0<=2", "c1g1", "c2g1", "c3g1", "c4g1", "c5g1"], 2),
        (["c0g0<=2", "c1g1<=3"], ["c0g0<=2", "c1g1<=3", "c2g1", "c3g1", "c4g1", "c5g1"], 5),
        (["c0g0<=2", "c0g1<=3"], ["c0g0<=2", "c0g1<=3", "c1g1", "c2g1", "c3g1", "c4g1", "c5g1"], 2),
        (["c0g0<=2"], ["c0g0<=2", "c1g1", "c2g1", "c3g1", "c4g1"], 10),
        (["c0g0<=0"], ["c0g0<=0", "c1g1", "c2g1", "c3g1", "c4g1", "c5g1"], 0),
    ],
)
def test_limits_of_subunits_and_of_isozymes(limits, names, carried):
    problem, _ = made({"FAST": MANY, "SLOW": "other"}, interventions=dict.fromkeys(limits, 1.0))
    chosen = {t for t, ids in enumerate(problem.targets.ids) for name in names if name in ids.split("|")}
    assert len(chosen) == len(names)
    assert most(problem, "FAST", chosen) == pytest.approx(carried, abs=1e-8)


def test_a_limited_gene_that_stands_in_several_complexes_counts_once(monkeypatch):
    """By cut sets {a}, {b, c}: with a limited to 2 the reaction carries 2, not 2 for each complex."""
    monkeypatch.setattr(gene_cuts, "FEW", 1)
    rule = "(a and b and d) or (a and c and e) or (f and g)"
    problem, _ = made({"FAST": rule, "SLOW": "other"}, interventions={"a<=2": 1.0, "f<=1": 1.0})
    assert new_columns(problem)
    for names, carried in (({"a<=2", "f"}, 2), ({"a<=2", "f<=1"}, 3), ({"a", "f<=1"}, 1), ({"b", "f<=1", "a<=2"}, 3)):
        chosen = {t for t, ids in enumerate(problem.targets.ids) if set(ids.split("|")) & names}
        assert most(problem, "FAST", chosen) == pytest.approx(carried, abs=1e-8), names


def test_too_many_limits_of_genes_that_stand_several_times_are_refused_by_reaction(monkeypatch):
    monkeypatch.setattr(rule_rows, "MOST_CHOICES", 8)
    monkeypatch.setattr(gene_cuts, "FEW", 1)
    rule = "(a and b and c) or (a and b and d) or (a and c and d) or (b and c and d)"
    with pytest.raises(ConfigError, match="gene rule of FAST .* too many ways to limit a, b, c, d, which stand"):
        made({"FAST": rule}, interventions={f"{gene}<=2": 1.0 for gene in "abcd"})


@st.composite
def rules(draw, depth=3):
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from("abcdef"))
    return "(" + draw(st.sampled_from([" and ", " or "])).join(draw(st.lists(rules(depth - 1), min_size=2))[:3]) + ")"


@settings(max_examples=examples(11), deadline=None)
@given(rules())
def test_rows_close_a_reaction_for_exactly_the_sets_that_its_rule_needs(rule):
    """Truth table of the rule against a linear program for each set of genes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gene_cuts, "FEW", 1)
        problem, _ = made({"FAST": rule, "SLOW": "other"})
    own = sorted(genes(parse(rule)))
    for size in range(len(own) + 1):
        for gone in combinations(own, size):
            design = design_of(problem, *gone)
            # Of interchangeable genes all are gone, or none.
            alike = {name for t in design for name in problem.targets.ids[t].split("|")}
            flux = most(problem, "FAST", design)
            assert flux == pytest.approx(10 if active(parse(rule), alike) else 0, abs=1e-8)


OPTIONS = {"max_interventions": 6, "max_designs": "all", "max_cost": None, "max_per_kind": {}, "min_value": None}
OPTIONS |= {"threads": 1}


@pytest.mark.parametrize("count", [3, 6])
def test_lethal_sets_through_such_a_rule(count):
    """Growth needs FAST, that needs a complex: one gene of each is lethal."""
    table = {name: own for name, own in TABLE.items() if name != "SLOW"}
    size = 8 if count == 6 else 11
    rule = " or ".join("(" + " and ".join(f"c{c}g{g}" for g in range(size)) + ")" for c in range(count))
    problem, _ = made({"FAST": rule}, table=table)
    assert new_columns(problem)
    sets = CutSets(problem, OPTIONS | {"suppress": ["BIO >= 0.1"], "protect": []})
    with Watch(None) as watch:
        search_cut_sets(sets, watch)
    assert [len(design) for design in sets.found] == [count]
    (design,) = sets.found
    assert all(len(problem.targets.ids[target].split("|")) == size for target in design)


SEARCH = {"method": "tree", "confirm": None, "time_limit_s": None, "threads": 1, "seed": 1, "solver": None}


def test_states_have_no_more_of_enzymes_than_their_fluxes_need():
    """Else a search would branch on all genes of all complexes."""
    problem, _ = made({"FAST": MANY, "SLOW": "other"}, interventions={"c0g0<=4": 1.0, "c1g0<=4": 1.0})
    follower = Follower(problem)
    state = follower.max_growth(follower.after(())).fluxes
    new = [problem.columns.index(name) for name in new_columns(problem)]
    state[new] = problem.upper[new]
    spared = Spare(problem).without(state)
    assert spared[problem.columns.index("FAST")] == pytest.approx(10)
    used = spared[new][spared[new] > 0]
    # One complex: its genes, and where one of them can be limited the complex itself and that gene.
    assert used == pytest.approx([10.0] * len(used)) and len(used) in (1, 3)
    activity = problem.matrix @ spared
    assert (activity <= problem.row_upper + 1e-8).all() and (activity >= problem.row_lower - 1e-8).all()


def test_what_it_takes_does_not_depend_on_how_many_cut_sets_there_are(monkeypatch):
    """Counted: the cut sets that are generated for the table and for the problem, and the nodes of a search."""
    generated, of_size = [], gene_cuts._Part.of_size

    def counted(part, size):
        for cut in of_size(part, size):
            generated.append(cut)
            yield cut

    monkeypatch.setattr(gene_cuts._Part, "of_size", counted)
    counts = []
    for count, size in ((5, 8), (8, 12), (12, 20)):
        generated.clear()
        rule = " or ".join("(" + " and ".join(f"c{c}g{g}" for g in range(size)) + ")" for c in range(count))
        rows_of(["FAST"], [rule], [rule])
        problem, _ = made({"FAST": rule, "SLOW": "other"})
        found = find_designs(problem, OPTIONS | SEARCH | {"kind": "robustknock", "max_interventions": 3})
        counts.append((len(generated), found.record["nodes"]))
    assert all(sets < 40_000 and nodes < 400 for sets, nodes in counts), counts


@pytest.mark.parametrize("count", [1, 2, 3])
def test_parts_of_a_search_gather_the_same_list(count):
    problem, _ = made({"FAST": MANY, "SLOW": "other or c0g0", "EX_p": "c1g0"})
    asked = OPTIONS | SEARCH | {"kind": "robustknock", "max_designs": 3, "max_interventions": 7}
    begin = json.loads(json.dumps(seeds(problem, asked)))
    parts = [json.loads(json.dumps(part(problem, asked, begin, number, count))) for number in range(count)]
    best = best_designs(problem, asked)
    gathered(best, problem, begin, parts)
    whole = find_designs(problem, asked)
    assert [list(entry.names) for entry in best.ranked] == [list(row["interventions"]) for row in whole.rows]
    assert best.ranked


def test_a_design_that_closes_such_a_reaction_is_found():
    problem, _ = made({"FAST": MANY, "SLOW": "other"})
    found = find_designs(problem, OPTIONS | SEARCH | {"kind": "robustknock", "max_designs": 1})
    assert found.record["status"] == "optimal"
    (row,) = found.rows
    assert row["value_mmol_per_gdw_h"] == pytest.approx(5)
    assert len(row["interventions"]) == 6


def test_a_cut_set_does_not_leave_out_what_it_makes_to_run(monkeypatch):
    """R must run, by genes that are there only if added."""
    table = {
        "EX_s": ({"s": -1}, -2, 0),
        "R": ({"s": -1, "x": 1}, 0, 0),
        "OTHER": ({"s": -1, "x": 1}, 0, 1000),
        "BIO": ({"x": -1}, 0, 1000),
    }
    rules, added = {"R": "(new1 and a) or (new2 and b)", "OTHER": "o"}, ("new1", "new2")
    for few in (1000, 1):
        monkeypatch.setattr(gene_cuts, "FEW", few)
        wanted = replace(
            network(table, rules=rules), biomass="BIO", absent_genes=frozenset(added), added={"R": (0.0, 1000.0)}
        )
        cuts = listed_cut_sets(dict(zip(wanted.reactions, wanted.rules, strict=True)))
        interventions = {**{f"+{gene}": 1.0 for gene in added}, "R>=3": 1.0}
        options = TargetOptions(level="genes", interventions=interventions)
        problem, _ = build(wanted, cuts, Question("EX_s", "EX_s", 0.0), options)
        assert bool(new_columns(problem)) == (few == 1)
        asked, lists = OPTIONS | {"suppress": ["BIO >= 1"], "protect": []}, []
        for method in (search_cut_sets, CutSets.exhaustive):
            sets = CutSets(problem, asked)
            with Watch(None) as watch:
                method(sets, watch)
            lists.append([one.names for one in sets.listed()])
        assert lists[0] == lists[1] == [("-o",), ("+new1", "R>=3"), ("+new2", "R>=3")]
