"""Random scenarios of random small networks: other bounds, and other coefficients of the biomass reaction."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st
from random_interventions import Given

from knockflow.layers.in_follower import InFollower, Variant
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.network import Network
from knockflow.model.question import Question
from knockflow.problem.judge import WORST, Judge
from knockflow.problem.problem import Problem
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build


class Scenarios(InFollower):
    """Networks that are given, as a layer."""

    def __init__(self, networks: list[Network]):
        self._networks = networks

    def variants(self, network: Network) -> list[Variant]:
        """The networks under their numbers."""
        return [Variant(f"number {number}", own) for number, own in enumerate(self._networks)]


@st.composite
def scenarios(draw, network: Network, most: int = 3) -> list[Network]:
    """The network itself, and up to so many others of its reactions."""
    return [network, *(draw(_changed(network)) for _ in range(draw(st.integers(1, most))))]


@st.composite
def _changed(draw, network: Network) -> Network:
    lower, upper, index = network.lower.copy(), network.upper.copy(), network.index()
    lower[index["EX_s"]] = -draw(st.sampled_from([10.0, 7.0, 4.0, 12.0]))
    if "ATPM" in index:
        lower[index["ATPM"]] *= draw(st.sampled_from([1.0, 0.5, 2.0]))
    for name in draw(st.sets(st.sampled_from(network.reactions), max_size=2)):
        number = index[name]
        if upper[number] > 0 and lower[number] <= 0:
            upper[number] = draw(st.sampled_from([0.0, 2.0, 1000.0]))
    stoichiometry = list(network.stoichiometry)
    for name in ["BIOMASS", *draw(st.sets(st.sampled_from(network.reactions), max_size=1))]:
        factors = [Fraction(draw(st.sampled_from(["1", "1", "0.8", "1.5"]))) for _ in stoichiometry[index[name]]]
        own = zip(stoichiometry[index[name]], factors, strict=True)
        stoichiometry[index[name]] = tuple((row, value * factor) for (row, value), factor in own)
    return replace(network, lower=lower, upper=upper, stoichiometry=tuple(stoichiometry))


def judges():
    """Ways to judge that are not the worst for more than one scenario, as a rule."""
    quantiles = st.sampled_from([0.3, 0.5, 0.7, 1.0])
    return st.one_of(st.just(Judge("mean")), quantiles.map(lambda q: Judge("quantile", q)))


def problem_of_scenarios(networks: list[Network], min_growth: float | None = None, judge: Judge = WORST) -> Problem:
    """The problem of several networks; by default a fifth of the largest growth that all reach is asked of designs."""
    network = networks[0]
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
    question, layers = Question("EX_p", "EX_s", min_growth or 0.0), [Scenarios(networks)]
    if min_growth is None:
        free, _ = build(network, cuts, question, TargetOptions(), layers)
        question = replace(question, min_growth=round(max(0.01, 0.2 * max(free.max_growth, 0.0)), 6))
    return replace(build(network, cuts, question, TargetOptions(), layers)[0], judge=judge)


def problem_of_wishes(given: Given, networks: list[Network], judge: Judge) -> Problem:
    """The problem of what a case wishes of several networks, with a fifth of the growth that all reach."""
    network = given.network
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
    question, layers = Question("EX_p", "EX_s", 0.0), [Scenarios(networks)]
    free, _ = build(network, cuts, question, given.options, layers)
    question = replace(question, min_growth=max(0.01, 0.2 * max(free.max_growth, 0.0)))
    return replace(build(network, cuts, question, given.options, layers)[0], judge=judge)
