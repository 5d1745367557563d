"""What layers say of a cell that does not grow with them reaches the reason that no design is shown."""

from dataclasses import replace

import numpy as np
from networks import BRANCHED, network

from knockflow.designs.no_design import not_viable
from knockflow.layers.in_follower import InFollower
from knockflow.model.question import Question
from knockflow.problem.archive import load, save
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build


class Closing(InFollower):
    """Lets nothing grow, and says what it was asked with."""

    def __init__(self, biomass, said):
        self.biomass, self.said, self.seen = biomass, said, []

    def tighten(self, own):
        upper = np.where(np.array(own.reactions) == self.biomass, 0.0, own.upper)
        return replace(own, upper=upper)

    def hindrance(self, problem):
        self.seen.append(problem.max_growth)
        return self.said


class Silent(InFollower):
    """Changes nothing, and would say so."""

    def hindrance(self, problem):
        return ""


def problem_with(*layers, min_growth=0.05):
    own = network(BRANCHED)
    return build(own, {}, Question("EX_p", "EX_s", min_growth), TargetOptions(), layers)[0]


def test_a_layer_is_asked_with_the_cell_that_the_others_leave(tmp_path):
    closing = Closing(network(BRANCHED).biomass, "water is closed")
    problem = problem_with(Silent(), closing)
    assert problem.hindrances == ("water is closed",)
    assert closing.seen == [problem_with().max_growth] and closing.seen[0] > 0.05
    save(tmp_path / "problem.npz", problem)
    again = load(tmp_path / "problem.npz")
    assert again.hindrances == problem.hindrances
    assert not_viable(again).text.endswith("; water is closed")


def test_a_cell_that_grows_is_not_explained():
    assert problem_with(Silent(), Closing("none of these", "nothing")).hindrances == ()
