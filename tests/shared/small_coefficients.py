"""Random networks whose biomass needs very little of something that several ways make, and what is true of them.

At most twelve reactions, so that every design can be evaluated in rational arithmetic (`exact_simplex`).
"""

from fractions import Fraction
from itertools import combinations

from exact_simplex import Cell
from hypothesis import strategies as st
from random_networks import Draft

from knockflow.model.network import Network

TINY = ["0.001", "0.0001", "0.00001", "0.000001", "0.0000001"]
SIDES = ["1", "1", "2", "0.5", "3"]
UPPER = [1000.0, 1000.0, 10.0, 4.0]

S, X, C, P, Q = range(5)
"""Substrate; what biomass needs much of; what it needs little of; product; something between."""


@st.composite
def networks(draw) -> Network:
    """Substrate m0 becomes m1 in bulk and m2, of which a tiny amount is needed, by two or three ways."""
    draft = Draft([])
    draft.add("EX_s", {S: "-1"}, -10.0, 0.0)
    draft.add("EX_p", {P: "-1"}, 0.0, 1000.0)
    biomass = {X: "-1", C: "-" + draw(st.sampled_from(TINY))}
    if draw(st.booleans()):
        biomass[Q] = "-" + draw(st.sampled_from(TINY))
    draft.add("BIOMASS", biomass, 0.0, 1000.0)
    bulk = {S: "-1", X: draw(st.sampled_from(SIDES))}
    draft.add("R0", bulk, 0.0, 1000.0)
    for number in range(1, draw(st.integers(3, 4))):
        made = {draw(st.sampled_from([S, X, Q])): "-1", C: draw(st.sampled_from(SIDES))}
        if draw(st.booleans()):
            made[draw(st.sampled_from([P, Q]))] = draw(st.sampled_from(SIDES))
        if len(made) < 2 or sum(value.startswith("-") for value in made.values()) == 0:
            made[S] = "-1"
        draft.add(f"R{number}", made, draw(st.sampled_from([0.0, 0.0, -5.0])), draw(st.sampled_from(UPPER)))
    for number in range(len(draft.reactions) - 4 + 1, draw(st.integers(5, 8))):
        rows = draw(st.lists(st.sampled_from([S, X, C, P, Q]), min_size=2, max_size=3, unique=True))
        column = {rows[0]: "-1"} | {row: draw(st.sampled_from(SIDES)) for row in rows[1:]}
        draft.add(f"T{number}", column, draw(st.sampled_from([0.0, 0.0, -1000.0])), draw(st.sampled_from(UPPER)))
    if draw(st.booleans()):
        draft.add("EX_q", {Q: "-1"}, 0.0, draw(st.sampled_from(UPPER)))
    if draw(st.booleans()):
        draft.add("ATPM", {draw(st.sampled_from([S, X])): "-1"}, draw(st.sampled_from([0.5, 1.0])), 1000.0)
    return draft.network(5)


def targets_of(network: Network) -> list[str]:
    """Every reaction that can be removed."""
    return [name for name in network.reactions if name[0] in "RT"]


def cut_sets(network: Network, threshold: Fraction, most: int) -> set[frozenset[str]]:
    """All minimal sets of up to so many reactions without which the cell grows less than a threshold."""
    found: list[frozenset[str]] = []
    for size in range(most + 1):
        for removed in map(frozenset, combinations(targets_of(network), size)):
            if not any(smaller <= removed for smaller in found):
                growth = Cell(network, removed).maximum(BIOMASS=1)
                if growth is None or growth < threshold:
                    found.append(removed)
    return set(found)
