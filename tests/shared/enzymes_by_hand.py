"""A network whose enzymes are in its stoichiometry, put together by hand from rules and tables as GECKO's models are.

    use of R:  v_R - sum e_i + sum e_i' = 0,      protein:  p - sum of cost * e = 0,   p <= what there is of it

It shares no code with the layer: complexes are found by trying all subsets of genes on a rule's text. All numbers are
fractions, so that exact arithmetic holds for it, and what puts cells together by hand takes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from statistics import median

import numpy as np
from random_enzymes import Enzymatic, complexes
from scipy.optimize import linprog

from knockflow.model.network import Network

POOL, FREE = "pool", 1e6
GOALS = "BIOMASS", "EX_p"
TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


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


class Cell:
    """The cell of a network without some reactions, by HiGHS."""

    def __init__(self, whole: Network, removed: set[str]) -> None:
        self.balance = np.zeros((len(whole.metabolites), len(whole.reactions)))
        for column, entries in enumerate(whole.stoichiometry):
            for row, value in entries:
                self.balance[row, column] = float(value)
        gone = np.array([name in removed for name in whole.reactions])
        self.bounds = np.column_stack([np.where(gone, 0, whole.lower), np.where(gone, 0, whole.upper)])
        self.growth, self.product = (np.array([name == one for name in whole.reactions], float) for one in GOALS)

    def response(self, floor: float) -> tuple[float, float, float] | None:
        """Largest growth, the least and most product there; None where growth is below the floor."""
        fastest = self._best(self.growth, -FREE)
        return None if fastest is None or fastest < floor - 1e-9 else (fastest, *self._products(fastest - 1e-9))

    def viable(self, floor: float) -> tuple[float, float, float] | None:
        """Largest growth, the least and most product of all states that grow at the floor; None where there is none."""
        fastest = self._best(self.growth, -FREE)
        return None if fastest is None or fastest < floor - 1e-9 else (fastest, *self._products(min(floor, fastest)))

    def _products(self, floor: float) -> tuple[float, float]:
        return -self._best(-self.product, floor), self._best(self.product, floor)

    def _best(self, goal: np.ndarray, floor: float) -> float | None:
        asked = {
            "A_ub": -self.growth[None],
            "b_ub": [-floor],
            "A_eq": self.balance,
            "b_eq": np.zeros(len(self.balance)),
        }
        answer = linprog(-goal, bounds=self.bounds, method="highs", options=TIGHT, **asked)
        return float(-answer.fun) if answer.status == 0 else None


def _enzymes(network: Network) -> Iterator[tuple[str, frozenset[str]]]:
    """Every enzyme of every reaction, by its genes."""
    for name, rule in zip(network.reactions, network.rules, strict=True):
        found = complexes(rule) if rule else []
        yield from ((name, own) for own in found if not any(other < own for other in found))


def _costs(case: Enzymatic, name: str, way: str, own: frozenset[str]) -> Mapping[str, Fraction]:
    """What an enzyme takes of the pool and of measured proteins for a flux of 1."""
    kcats, taken = case.inputs.kcats, {}
    kcat = kcats.get((name, way), median(kcats.values()) if case.inputs.median else None)
    for gene in own if kcat else ():
        protein = f"protein {gene}" if gene in case.inputs.abundances else POOL
        taken[protein] = taken.get(protein, 0) + _exact(case.inputs.masses[gene]) / _exact(3600 * kcat)
    return taken


def _amounts(case: Enzymatic) -> Mapping[str, float]:
    """Budget less what was measured, of which a share is for enzymes; and each measured protein."""
    inputs, found = case.inputs, {}
    for gene, amount in inputs.abundances.items():
        found[f"protein {gene}"] = amount * (inputs.masses[gene] if inputs.molar else 1)
    return {POOL: (case.budget - sum(found.values())) * inputs.unmeasured_share} | found


def _exact(value: float) -> Fraction:
    return Fraction(value).limit_denominator(1000)
