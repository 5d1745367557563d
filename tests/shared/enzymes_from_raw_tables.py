"""iML1515 with a pool of enzymes as one linear program from its files alone: nothing of the library is used here."""

import csv
import gzip
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

TIGHT = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}


class RawCell:
    """The cell in a medium with glucose and without oxygen.

    Parameters
    ----------
    data
        The folder of test data.
    reverse
        Whether rows of turnover numbers that end in `_b` are of the reverse direction; else they are left out.
    """

    def __init__(self, data: Path, reverse: bool) -> None:
        with gzip.open(data / "models/iML1515.json.gz") as file:
            model = json.load(file)
        self.reactions, self.data = model["reactions"], data
        self.ids = [one["id"] for one in self.reactions]
        row = {one["id"]: number for number, one in enumerate(model["metabolites"])}
        triples = [
            (value, row[name], j) for j, one in enumerate(self.reactions) for name, value in one["metabolites"].items()
        ]
        values, rows, columns = zip(*triples, strict=True)
        balance = csr_array((values, (rows, columns)), shape=(len(row), len(self.ids)))
        self.balance = hstack([balance, -balance]).tocsr()
        self.costs = 1000 * self._costs(reverse)

    def _rows(self, name: str) -> Iterator[list[str]]:
        with (self.data / f"enzyme/iML1515_{name}.tsv").open() as file:
            yield from list(csv.reader(file, delimiter="\t"))[1:]

    def _costs(self, reverse: bool) -> np.ndarray:
        """What fluxes forward, and then back, cost (g h/mmol)."""
        kcats = {name: float(value) for name, value in self._rows("reaction_kcat")}
        masses = {name: float(value) for name, value in self._rows("gp_mass")}
        counts: dict[tuple[str, str], dict[str, float]] = {}
        for reaction, isozyme, gene, count in self._rows("isozyme_gp"):
            counts.setdefault((reaction, isozyme), {})[gene] = float(count)
        known = {(reaction, frozenset(own)): own for (reaction, _), own in counts.items()}
        found = np.zeros((2, len(self.ids)))
        for number, one in enumerate(self.reactions):
            sets = [own - {"s0001"} for own in _sets(one["gene_reaction_rule"])]
            if not sets or frozenset() in sets or len(one["metabolites"]) == 1:
                continue
            if not frozenset().union(*sets) <= masses.keys():
                continue
            weights = [
                sum(known.get((one["id"], own), {}).get(gene, 1) * masses[gene] for gene in own)
                for own in sets
                if not any(other < own for other in sets)
            ]
            ahead = kcats.get(one["id"])
            back = kcats.get(f"{one['id']}_b", ahead) if reverse else ahead
            found[:, number] = [min(weights) / (3600 * kcat) if kcat else 0 for kcat in (ahead, back)]
        return found.ravel()

    def guarantee(self, removed: Sequence[str], product: str, budget: float) -> tuple[float, float]:
        """Largest growth (1/h) without some reactions, and the least product there (mmol/gDW/h)."""
        lower, upper = (np.array([one[f"{end}_bound"] for one in self.reactions]) for end in ("lower", "upper"))
        lower[self.ids.index("EX_glc__D_e")], lower[self.ids.index("EX_o2_e")] = -10, 0
        for name in removed:
            lower[self.ids.index(name)] = upper[self.ids.index(name)] = 0
        ends = [np.maximum(lower, 0), np.maximum(upper, 0)], [np.maximum(-upper, 0), np.maximum(-lower, 0)]
        bounds = np.hstack(ends).T
        growth = self._flux(next(one["id"] for one in self.reactions if one.get("objective_coefficient")))

        def least(goal: np.ndarray, floor: float) -> float:
            rows, most = np.vstack([self.costs, -growth]), [1000 * budget, -floor]
            zeros = np.zeros(self.balance.shape[0])
            return linprog(goal, csr_array(rows), most, self.balance, zeros, bounds, options=TIGHT).fun

        fastest = -least(-growth, 0.0)
        return fastest, least(self._flux(product), fastest * (1 - 1e-9))

    def _flux(self, name: str) -> np.ndarray:
        one = np.array([own == name for own in self.ids], float)
        return np.concatenate([one, -one])


def _sets(rule: str) -> list[frozenset[str]]:
    """The sets of genes by which a rule holds: `or` adds them up, `and` combines them."""
    names: list[str] = []
    text = re.sub(r"\band\b", "*", re.sub(r"\bor\b", "+", rule))
    text = re.sub(r"[^\s()*+]+", lambda name: f"one({names.append(name[0]) or len(names) - 1})", text)
    return list(eval(text, {"one": lambda number: _Sum([frozenset([names[number]])])}).sets) if names else []


class _Sum:
    def __init__(self, sets: Sequence[frozenset[str]]) -> None:
        self.sets = frozenset(sets)

    def __add__(self, other: "_Sum") -> "_Sum":
        return _Sum(self.sets | other.sets)

    def __mul__(self, other: "_Sum") -> "_Sum":
        return _Sum([one | two for one in self.sets for two in other.sets])
