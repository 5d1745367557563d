"""Levels within the wild type's flux range become fluxes."""

import pytest
from networks import BRANCHED, network

from knockflow.base.errors import ConfigError
from knockflow.problem.offer import named_interventions
from knockflow.problem.relative_levels import resolved


def made(costs, *more, min_growth=7.5, **keywords):
    return resolved(network(BRANCHED | keywords), named_interventions(dict.fromkeys(costs, 1.0), *more), min_growth)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        # s is at most 10 and growth FAST + SLOW / 2 at least 7.5: FAST is 5 to 10, SLOW 0 to 5.
        ("FAST<=0%", "FAST<=5"),
        ("FAST>=100%", "FAST>=10"),
        ("FAST<=30%", "FAST<=6.5"),
        ("SLOW>=25%", "SLOW>=1.25"),
        ("EX_s>=50%", "EX_s>=-8.75"),
        ("FAST<=7", "FAST<=7"),
    ],
)
def test_a_share_of_the_range_at_min_growth(text, level):
    assert set(made([text]).costs) == {level}


def test_forced_and_exclusive_ones_are_resolved_alike():
    found = made(["FAST<=0%", "SLOW>=25%"], ["FAST<=0%"], [["FAST<=0%", "SLOW>=25%"]])
    assert found.forced == ("FAST<=5",)
    assert found.exclusive == [["FAST<=5", "SLOW>=25%"]]
    assert found.barred == ("SLOW>=25%",)


def test_levels_have_six_digits():
    third = {"SLOW": ({"s": -1, "x": 0.7, "p": 0.3}, 0, 1000)}
    assert set(made(["SLOW<=33%"], **third).costs) == {"SLOW<=2.75"}
    assert set(made(["FAST<=33%"], min_growth=1 / 3, **third).costs) == {"FAST<=3.3"}


def test_a_reaction_that_no_state_carries_has_the_level_0():
    idle = {"IDLE": ({"w": -1, "z": 1}, 0, 1000)}
    assert set(made(["IDLE<=50%"], **idle).costs) == {"IDLE<=0"}


def test_without_a_wild_type_that_grows_there_is_no_range():
    with pytest.raises(ConfigError, match="`FAST<=50%` needs a wild type that grows at min_growth"):
        made(["FAST<=50%"], min_growth=11)
    assert set(made(["FAST<=5"], min_growth=11).costs) == {"FAST<=5"}
