"""What a case offers beyond default knock-outs: additions, bounds in several steps, what is forced."""

from dataclasses import replace

import numpy as np
import pytest
from networks import network

from knockflow.base.errors import ConfigError
from knockflow.language.kinds import KNOCK_IN, KNOCK_OUT, MEDIUM, REGULATION
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.problem.offer import excluded, force_knock_outs, named_interventions, offer, target_name

TABLE = {
    "EX_s": ({"s": -1}, -10, 0),
    "A": ({"s": -1, "x": 1}, 0, 100),
    "B": ({"s": -1, "x": 1}, 0, 100),
    "BIO": ({"x": -1}, 0, 1000),
}
NUMBER = {name: number for number, name in enumerate(TABLE)}


def offered(interventions=(), forced=(), added=(), pathways=None, exclusive=()):
    """What a case offers where some reactions are there only if they are added."""
    made = network(TABLE)
    lower, upper = made.lower.copy(), made.upper.copy()
    closed = {name: (float(lower[NUMBER[name]]), float(upper[NUMBER[name]])) for name in added}
    for name in added:
        lower[NUMBER[name]] = upper[NUMBER[name]] = 0
    made = replace(made, lower=lower, upper=upper, added=closed, pathways=pathways or {})
    return offer(made, named_interventions(dict.fromkeys(interventions, 1.0), forced, exclusive))


def effects(found) -> dict[str, dict[str, tuple[float, float]]]:
    """Bounds by restrictions, written `A B`."""
    assert len({needs for needs, _ in found.effects}) == len(found.effects)
    names = list(TABLE)
    return {" ".join(sorted(needs)): {names[r]: ends for r, ends in own.items()} for needs, own in found.effects}


def ends(found, name: str) -> tuple[float, float]:
    return found.lower[NUMBER[name]], found.upper[NUMBER[name]]


INF = np.inf


@pytest.mark.parametrize(
    ("text", "kind", "effect"),
    [
        ("A>=5", REGULATION, ("A", 5, INF)),
        ("A<=5", REGULATION, ("A", -INF, 5)),
        ("A<=-5", REGULATION, ("A", -INF, -5)),
        ("EX_s>=-4", MEDIUM, ("EX_s", -4, INF)),
        ("EX_s<=-1", MEDIUM, ("EX_s", -INF, -1)),
    ],
)
def test_a_tighter_bound_limits(text, kind, effect):
    found = offered([text])
    reaction, *bounds = effect
    assert effects(found) == {text: {reaction: tuple(bounds)}}
    assert (found.targets[text].kind, found.targets[text].adds) == (kind, False)
    assert ends(found, reaction) == TABLE[reaction][1:]


@pytest.mark.parametrize(
    ("text", "kind", "room", "without"),
    [
        ("A<=200", REGULATION, (0, 200), (-INF, 100)),
        ("A>=-50", REGULATION, (-50, 100), (0, INF)),
        ("EX_s>=-30", MEDIUM, (-30, 0), (-10, INF)),
        ("EX_s<=30", MEDIUM, (-10, 30), (-INF, 0)),
    ],
)
def test_a_looser_bound_adds_and_is_undone_where_it_is_left_out(text, kind, room, without):
    found = offered([text])
    reaction = found.targets[text].reactions[0]
    assert (found.targets[text].kind, found.targets[text].adds) == (kind, True)
    assert ends(found, reaction) == room
    assert effects(found) == {text: {reaction: without}}


def test_looser_bounds_in_steps():
    """Without the loosest the next one holds, without any the model's own."""
    found = offered(["EX_s>=-20", "EX_s>=-40", "EX_s>=-30"])
    assert ends(found, "EX_s") == (-40, 0)
    assert effects(found) == {
        "EX_s>=-40": {"EX_s": (-30, INF)},
        "EX_s>=-30 EX_s>=-40": {"EX_s": (-20, INF)},
        "EX_s>=-20 EX_s>=-30 EX_s>=-40": {"EX_s": (-10, INF)},
    }


def test_a_looser_and_a_tighter_bound_of_the_same_end():
    found = offered(["EX_s>=-20", "EX_s>=-5"])
    assert ends(found, "EX_s") == (-20, 0)
    assert effects(found) == {"EX_s>=-20": {"EX_s": (-10, INF)}, "EX_s>=-5": {"EX_s": (-5, INF)}}
    assert [found.targets[name].adds for name in ("EX_s>=-20", "EX_s>=-5")] == [True, False]


def test_an_added_reaction_is_closed_where_it_is_left_out():
    found = offered(["+A"], added=["A"])
    assert ends(found, "A") == (0, 100)
    assert effects(found) == {"A": {"A": (0, 0)}}
    assert (found.targets["A"].kind, found.targets["A"].adds) == (KNOCK_IN, True)


def test_a_bound_of_an_added_reaction_is_compared_with_those_it_then_has():
    found = offered(["+A", "A<=50", "A<=200"], added=["A"])
    assert [found.targets[name].adds for name in ("A<=50", "A<=200")] == [False, True]
    assert ends(found, "A") == (0, 200)


def test_a_pathway_adds_all_its_reactions_at_once():
    found = offered(["+way"], added=["A", "B"], pathways={"way": ("A", "B")})
    assert found.effects == [({"way"}, {NUMBER[name]: (0.0, 0.0)}) for name in ("A", "B")]
    assert found.targets["way"].reactions == ("A", "B")


def test_a_reaction_of_a_pathway_that_is_also_added_by_itself():
    """It is closed only where both are left out."""
    found = offered(["+way", "+A"], added=["A", "B"], pathways={"way": ("A", "B")})
    assert sorted((sorted(needs), own) for needs, own in found.effects) == [
        (["A", "way"], {NUMBER["A"]: (0.0, 0.0)}),
        (["way"], {NUMBER["B"]: (0.0, 0.0)}),
    ]


def test_what_is_forced_is_no_target_but_holds():
    found = offered(["+A", "B<=5", "EX_s>=-20"], ["+A", "B<=5", "EX_s>=-20"], ["A"])
    assert not found.targets and not found.effects
    assert [ends(found, name) for name in ("EX_s", "A", "B")] == [(-20, 0), (0, 100), (0, 5)]
    kinds = [("+A", KNOCK_IN), ("B<=5", REGULATION), ("EX_s>=-20", MEDIUM)]
    assert [forced[:2] for forced in found.forced] == kinds


def test_a_forced_pathway_opens_what_else_could_be_added():
    found = offered(["+way", "+A"], ["+way"], ["A", "B"], {"way": ("A", "B")})
    assert not found.effects


RULES = {"A": "g1 or g2", "B": "g1 and g3"}
CUTS = listed_cut_sets(RULES)


@pytest.mark.parametrize(
    ("forced", "cuts", "closed"),
    [
        (["-A"], {}, {"A"}),
        (["-A", "B"], {}, {"A", "B"}),
        (["-g1"], CUTS, {"B"}),
        (["-g3"], CUTS, {"B"}),
        (["-g2"], CUTS, set()),
        (["-g1", "-g2"], CUTS, {"A", "B"}),
        (["-g2", "-A"], CUTS, {"A"}),
    ],
)
def test_forced_knock_outs_close_their_reactions(forced, cuts, closed):
    made, wanted = network(TABLE, rules=RULES), named_interventions({}, forced)
    found = offer(made, wanted)
    gone = force_knock_outs(found, made, cuts, wanted)
    assert {name for name in TABLE if ends(found, name) == (0, 0)} == closed
    assert gone == {name.removeprefix("-") for name in forced if name.removeprefix("-") not in TABLE}
    assert {forced[1] for forced in found.forced} == {KNOCK_OUT}


def test_forced_interventions_that_contradict_each_other_are_refused():
    made, wanted = network(TABLE), named_interventions({"A>=5": 1.0}, ["A>=5", "-A"])
    found = offer(made, wanted)
    with pytest.raises(ConfigError, match="targets.forced: together they leave A no flux at all"):
        force_knock_outs(found, made, {}, wanted)


def test_keys_and_table_together():
    rows = [
        {"intervention": "B", "cost": "2", "use": "", "group": "one"},
        {"intervention": "A>=5", "cost": "", "use": "forced", "group": ""},
        {"intervention": "+C", "cost": "3", "use": "candidate", "group": "one"},
        {"intervention": "-D", "cost": "", "use": "excluded", "group": ""},
    ]
    found = named_interventions({"A <= 7": 0.5}, ["E"], [["A<=7", "-E"]], rows)
    assert found.costs == {"-B": 2.0, "A>=5": 1.0, "+C": 3.0, "-E": 1.0}
    assert set(found.forced) == {"-E", "A>=5"}
    assert found.exclusive == [["A<=7", "-E"], ["-B", "+C"]]
    assert excluded(rows) == ["D"]


def test_names_of_targets():
    assert [target_name(text) for text in ("-A|B", "+C", "D<=2")] == ["A|B", "C", "D<=2"]
