"""Random small metabolic networks: reversible, bounded and degenerate ones, with maintenance and side products."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.network import Network
from knockflow.model.question import Question
from knockflow.problem.problem import Problem
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

COEFFICIENTS = ["1", "1", "1", "2", "0.5", "3"]
UPPER = [1000.0, 1000.0, 10.0, 4.0]


@dataclass
class Draft:
    """Reactions while they are being collected."""

    reactions: list[tuple[str, dict[int, Fraction], float, float, str]]

    def add(self, name: str, metabolites: dict[int, str], lower: float, upper: float, rule: str = "") -> None:
        """One more reaction; coefficients are decimals as text."""
        exact = {row: Fraction(value) for row, value in metabolites.items() if Fraction(value)}
        self.reactions.append((name, exact, lower, upper, rule))

    def network(self, n_metabolites: int) -> Network:
        """The network of what was collected."""
        names, columns, lower, upper, rules = zip(*self.reactions, strict=True)
        return Network(
            metabolites=tuple(f"m{i}" for i in range(n_metabolites)),
            reactions=names,
            stoichiometry=tuple(tuple(sorted(column.items())) for column in columns),
            lower=np.array(lower),
            upper=np.array(upper),
            biomass="BIOMASS",
            substrate="EX_s",
            rules=rules,
            subsystems=("",) * len(names),
        )


@st.composite
def networks(draw) -> Network:
    """Substrate m0 is taken up, m1 is the product, biomass needs one or two metabolites."""
    n = draw(st.integers(3, 6))
    draft = Draft([])
    draft.add("EX_s", {0: "-1"}, -10.0, 1000.0)
    draft.add("EX_p", {1: "-1"}, 0.0, 1000.0)
    for side in range(2, n):
        if draw(st.booleans()):
            draft.add(f"EX_{side}", {side: "-1"}, 0.0, draw(st.sampled_from(UPPER)))
    needs = draw(st.sets(st.integers(0, n - 1), min_size=1, max_size=2))
    makes = draw(st.sets(st.integers(0, n - 1), max_size=1)) - needs
    biomass = {row: "-" + draw(st.sampled_from(COEFFICIENTS)) for row in needs} | dict.fromkeys(makes, "1")
    draft.add("BIOMASS", biomass, 0.0, 1000.0)
    if draw(st.booleans()):
        draft.add("ATPM", {draw(st.integers(0, n - 1)): "-1"}, draw(st.sampled_from([0.5, 1.0])), 1000.0)
    for number in range(draw(st.integers(4, 9))):
        rows = draw(st.lists(st.integers(0, n - 1), min_size=2, max_size=3, unique=True))
        column = {rows[0]: "-" + draw(st.sampled_from(COEFFICIENTS))}
        column |= {row: draw(st.sampled_from(COEFFICIENTS)) for row in rows[1:]}
        lower = draw(st.sampled_from([0.0, 0.0, -1000.0, -5.0]))
        draft.add(f"R{number}", column, lower, draw(st.sampled_from(UPPER)), f"g{number}")
    return draft.network(n)


def problem_of(
    network: Network,
    share_of_growth: float = 0.2,
    costs: dict[str, float] | None = None,
    cell_objective: dict[str, float] | None = None,
) -> Problem:
    """The problem of a network whose min_growth is a share of the largest growth."""
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
    question, options = Question("EX_p", "EX_s", 0.0, cell_objective or {}), TargetOptions(costs=costs or {})
    free, _ = build(network, cuts, question, options)
    floor = max(0.01, share_of_growth * max(free.max_growth, 0.0))
    return build(network, cuts, replace(question, min_growth=floor), options)[0]
