"""A network whose enzymes are in its stoichiometry, put together by hand from rules and tables as GECKO's models are.

    use of R:  v_R - sum e_i + sum e_i' = 0,      pool:  p - sum of cost * e = 0,   p <= budget

All numbers are fractions, so that exact arithmetic holds for it, and what puts cells together by hand takes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from statistics import median

import numpy as np
from random_enzymes import TIGHT, Enzymatic, complexes
from scipy.optimize import linprog

from knockflow.model.network import Network

POOL, FREE = "pool", 1e6


def by_hand(case: Enzymatic) -> Network:
    """The network with a reaction `R#g1+g2>` for each enzyme and direction, and one that fills the pool."""
    network, rows, added = case.network, list(case.network.metabolites), {}
    stoichiometry = [dict(own) for own in network.stoichiometry]

    def row(name: str) -> int:
        if name not in rows:
            rows.append(name)
        return rows.index(name)

    for name, own in _enzymes(network):
        stoichiometry[network.reactions.index(name)][row(f"use of {name}")] = Fraction(1)
        for way, sign in (("forward", 1), ("reverse", -1)):
            entries = {row(f"use of {name}"): Fraction(-sign)}
            entries |= {row(what): -cost for what, cost in _costs(case, name, way, own).items()}
            added[f"{name}#{'+'.join(sorted(own))}{'>' if sign > 0 else '<'}"] = entries, FREE
    for what, amount in _amounts(case).items():
        if what in rows:
            added[f"supply of {what}"] = {row(what): Fraction(1)}, amount
    return replace(
        network,
        metabolites=tuple(rows),
        reactions=(*network.reactions, *added),
        stoichiometry=tuple(
            tuple(sorted(own.items())) for own in [*stoichiometry, *(own for own, _ in added.values())]
        ),
        lower=np.append(network.lower, np.zeros(len(added))),
        upper=np.append(network.upper, [float(most) for _, most in added.values()]),
        rules=("",) * (len(network.reactions) + len(added)),
        written_rules=(),
        subsystems=("",) * (len(network.reactions) + len(added)),
    )


def without(whole: Network, gone: set[str]) -> set[str]:
    """The reactions that go with some genes and reactions."""
    return {
        name
        for name in whole.reactions
        if name in gone or ("#" in name and gone & set(name.split("#")[1].rstrip("<>").split("+")))
    }


def floored(whole: Network, removed: set[str], floor: float) -> tuple[float, float, float] | None:
    """Largest growth, and the least and most product of all states that grow at the floor, by HiGHS; None if none."""
    balance = np.zeros((len(whole.metabolites), len(whole.reactions)))
    for column, entries in enumerate(whole.stoichiometry):
        for row, value in entries:
            balance[row, column] = float(value)
    gone = np.array([name in removed for name in whole.reactions])
    bounds = np.column_stack([np.where(gone, 0, whole.lower), np.where(gone, 0, whole.upper)])
    growth, product = (np.array([name == one for name in whole.reactions], float) for one in ("BIOMASS", "EX_p"))
    found = []
    for goal, least in ((-growth, -FREE), (product, floor), (-product, floor)):
        asked = {"A_ub": -growth[None], "b_ub": [-least], "A_eq": balance, "b_eq": np.zeros(len(balance))}
        answer = linprog(goal, bounds=bounds, method="highs", options=TIGHT, **asked)
        if answer.status == 2 or (not found and -answer.fun < floor - 1e-9):
            return None
        found.append(answer.fun)
    return -found[0], found[1], -found[2]


def _enzymes(network: Network) -> Iterator[tuple[str, frozenset[str]]]:
    """Every enzyme of every reaction, by its genes."""
    for name, rule in zip(network.reactions, network.rules, strict=True):
        found = complexes(rule) if rule else []
        yield from ((name, own) for own in found if not any(other < own for other in found))


def _costs(case: Enzymatic, name: str, way: str, own: frozenset[str]) -> Mapping[str, Fraction]:
    """What an enzyme takes of the pool for a flux of 1."""
    kcats = case.inputs.kcats
    kcat = kcats.get((name, way), median(kcats.values()) if case.inputs.median else None)
    return {POOL: sum(map(_mass, (case.inputs.masses[gene] for gene in own))) / _mass(3600 * kcat)} if kcat else {}


def _amounts(case: Enzymatic) -> Mapping[str, float]:
    return {POOL: case.budget}


def _mass(value: float) -> Fraction:
    return Fraction(value).limit_denominator(1000)
