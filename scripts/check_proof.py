"""Prove by plain arithmetic that no design is better than the best listed: python3 scripts/check_proof.py [RESULTS].

Sets of targets are visited from the empty one. A state that a set leaves whole rules it out, and every larger set that
leaves it whole: below it only targets that can hit the state lead on. Prices that bound growth among the states with
enough product rule out a set with all larger ones, or say which states rule them out. docs/certificates.md says why.
"""

import gzip
import re
import runpy
import sys
from collections import Counter
from fractions import Fraction
from functools import cache, reduce
from itertools import chain, combinations
from math import comb
from operator import or_
from pathlib import Path
from urllib.parse import unquote

BESIDE = runpy.run_path(str(Path(__file__).with_name("check_certificates.py")))
CLOSE = Fraction(1, 10**5)  # of its size, but at least of 1: what is better makes so much more than the best listed
FASTEST, ANY = ("optknock", "robustknock", "pfba_optimistic", "pfba_pessimistic"), ("strong_coupling", "potential")


class _Proof(BESIDE["_Certificates"]):
    def __init__(self, path):
        super().__init__(path, gzip.decompress(path.read_bytes()).decode())
        self.path = path

    def _read_question(self):
        own, path, folder = self.own, self.path, self.path.parents[1]
        record = (folder / path.name.partition(".")[0] / "record.json").read_text(encoding="utf-8")
        record, self.kind = BESIDE["exact"](record), own["formulation"]
        self._holds(self.kind in FASTEST + ANY, f"no proof holds for {self.kind}")
        self._holds(record["formulation"] == self.kind, "the formulation is another than in record.json")
        self._holds(record["options"]["max_interventions"] == own["most"], "record.json asks for another number")
        options = self.options = record["options"]
        self._holds(not record["forced"] and options["objective"] == "rate", "record.json asks for more")
        self._holds(options.get("front", []) == [], "record.json asks for a front")
        self.most, product, biomass = int(own["most"]), own["product"], {own["biomass"]: 1}
        best = [Fraction(row["value_mmol_per_gdw_h"]) for row in self.designs[:1]]
        best = best or [options["min_value"]] * (options.get("min_value") is not None)
        self.goal = best[0] + CLOSE * max(1, abs(best[0])) if best else None
        self.made = product if isinstance(product, dict) else {product: 1}
        self.asked = {"product": (self.made, self.goal, None), "growth": (biomass, own["min_growth"], None)}
        rows = [row for row in BESIDE["_table"](folder / "targets.tsv") if row["status"] != "excluded"]
        self.kinds, self.costs = [row["kind"] for row in rows], [Fraction(row["cost"]) for row in rows]
        self._holds({*self.kinds} <= {"knock_out", "knock_in"}, "not all targets are removed or added")
        self.targets = ["-+"[row["kind"] == "knock_in"] + row["target"] for row in rows]
        self.additions = [number for number, kind in enumerate(self.kinds) if kind == "knock_in"]

    def check(self):
        """Raise ValueError if any set of targets is not ruled out."""
        self._read_question()
        own, self.wild = self.own, self._strain([self.targets[number] for number in self.additions])
        self.parts = [{self._id(name) for name in re.split("[|&]", target[1:])} for target in self.targets]
        for parts in self.parts:
            parts.update(*(self.pathways.get(name, ()) for name in set(parts)))
        rules = {name: one.get("gene_reaction_rule") or "" for name, one in self.reactions.items()}
        self.genes = {name: set(BESIDE["WORD"].findall(rule)) for name, rule in rules.items()}
        self.works = cache(lambda name, gone: name not in gone and BESIDE["_works"](rules[name], gone))
        self.named, self.touching = {}, {}
        for name, genes in self.genes.items():
            self.touching[name] = {number for number, parts in enumerate(self.parts) if parts & (genes | {name})}
            for one in genes | {name}:
                self.named.setdefault(one, set()).add(name)
        self.states, self.growths, self.using, self.high = [], [], {}, {}
        for number, texts in enumerate(own["states"], 1):
            self._learn(number, self._state(texts, self.wild))
        self.ceilings = {self._set(key): self._ceiling(key, prices) for key, prices in own["ceilings"].items()}
        self.ended = {key for key, ceiling in self.ceilings.items() if ceiling < own["min_growth"]}
        for key, prices in own["empty"].items():
            self._holds(self._least({}, prices, self._bounds(self._set(key)), self.asked) > 0, f"{key} has states")
            self.ended.add(self._set(key))
        self.split = set(map(self._set, own.get("split", ())))
        self.optima = {self._set(key): self._optimum(key, one) for key, one in own["optima"].items()}
        self._visit((), 0, None)

    def _id(self, name):
        escaped = re.sub(r"\W", lambda sign: f"__{ord(sign[0])}__", unquote(name), flags=re.ASCII)
        return next(form for form in (name, unquote(name), escaped) if form in self.known)

    def _set(self, key):
        return frozenset(self.targets.index(text) for text in filter(None, key.split(";")))

    def _closed(self, design):
        if self.additions:
            return self._closed_or_left_out(design)
        gone = self.absent.union(*(self.parts[target] for target in design))
        names = set().union(*(self.named.get(one, ()) for one in gone))
        return [name for name in names if not self.works(name, frozenset(gone & (self.genes[name] | {name})))]

    def _closed_or_left_out(self, design):
        added = set().union(*(self.parts[number] for number in self.additions if number not in design))
        removed = set().union(*(self.parts[number] for number in design if number not in self.additions))
        touched = set().union(*(self.named.get(one, ()) for number in design for one in self.parts[number]))
        gone = removed | self.absent - added
        ends = {name: self._ends(self.reactions[name], gone, added, ()) for name in touched}
        return [name for name, own in ends.items() if own == (0, 0) != self.wild[name]]

    def _within(self, design, barred):
        """Whether a design may be as large: what it removes, and what it does not leave out of what may be added."""
        kept = [number for number in self.additions if barred >> number & 1]
        return self._affordable([*(number for number in design if number not in self.additions), *kept])

    def _affordable(self, chosen):
        cost, kinds = self.options.get("max_cost"), self.options.get("max_per_kind") or {}
        return (
            len(chosen) <= self.most
            and (cost is None or sum(self.costs[one] for one in chosen) <= cost + Fraction(1, 10**9))
            and all(sum(self.kinds[one] == kind for one in chosen) <= most for kind, most in kinds.items())
        )

    def _bounds(self, design):
        return self.wild | dict.fromkeys(self._closed(design), (Fraction(0), Fraction(0)))

    def _product(self, state):
        return sum(weight * state[name] for name, weight in self.made.items())

    def _learn(self, number, state):
        growth = state[self.own["biomass"]]
        if self.kind not in FASTEST:
            little = self.goal is not None and self._product(state) < self.goal and growth >= self.own["min_growth"]
            self._holds(little and self.kind == "strong_coupling", f"state {number} rules nothing out")
        self.states.append([name for name, flux in state.items() if flux])
        self.growths.append(growth)
        for name in self.states[-1]:
            self.using[name] = self.using.get(name, 0) | 1 << number - 1

    def _ceiling(self, key, prices):
        return -self._least({self.own["biomass"]: -1}, prices, self._bounds(self._set(key)), self.asked)

    def _optimum(self, key, one):
        bounds, biomass = self._bounds(self._set(key)), self.own["biomass"]
        state, prices = self._state(one["state"], bounds), {name: Fraction(x) for name, x in one["prices"].items()}
        fastest = -self._least({biomass: -1}, prices, bounds) == state[biomass]
        counts = fastest and self.goal is not None and self._product(state) < self.goal and self.kind == "robustknock"
        self._holds(counts, f"the state of {key or 'the wild type'} rules nothing out")
        return [name for name, flux in state.items() if flux]

    def _ruling_out(self, ceiling):
        """The states that rule out what leaves them whole, as bits: those faster than the ceiling, if there must be."""
        if self.kind not in FASTEST:
            return (1 << len(self.states)) - 1
        if ceiling not in self.high:
            fast = (growth > ceiling for growth in self.growths) if ceiling is not None else ()
            self.high[ceiling] = sum(1 << number for number, above in enumerate(fast) if above)
        return self.high[ceiling]

    def _visit(self, design, barred, ceiling):
        key = frozenset(design)
        parts = chain(*(combinations(design, size) for size in range(len(design) + 1)))
        if not self.ended.isdisjoint(map(frozenset, parts)):
            return
        if key in self.ceilings:
            ceiling = self.ceilings[key] if ceiling is None else min(ceiling, self.ceilings[key])
        if key in self.split:
            self._split(design, barred, ceiling)
            return
        hit = reduce(or_, (self.using.get(name, 0) for name in self._closed(design)), 0)
        spared = self._ruling_out(ceiling) & ~hit
        self._holds(spared or key in self.optima, f"nothing rules out {[self.targets[one] for one in design]}")
        used = self.optima[key] if key in self.optima else self.states[(spared & -spared).bit_length() - 1]
        if self.additions or len(design) < self.most:
            for target in sorted(set().union(*(self.touching[name] for name in used)) - key):
                if not barred >> target & 1:
                    if self._within((*design, target), barred):
                        self._visit((*design, target), barred, ceiling)
                    barred |= 1 << target

    def _split(self, design, barred, ceiling):
        """Of all that may be added one after the other is left out, and kept afterwards; all of it is too much."""
        for target in self.additions:
            if target not in design and not barred >> target & 1:
                if self._within(design, barred):
                    self._visit((*design, target), barred, ceiling)
                barred |= 1 << target
        self._holds(not self._within(design, barred), f"nothing rules out {[self.targets[one] for one in design]}")

    def _sets(self):
        """How many sets of targets there are, counted by how many are alike in kind and cost."""
        each = list(zip(self.kinds, self.costs, strict=True))
        alike = Counter(each)
        firsts = list(map(each.index, alike))
        found = {(): 1}
        for first, many in zip(firsts, alike.values(), strict=True):
            for chosen, count in list(found.items()):
                for size in range(1, min(many, self.most) + 1):
                    if self._affordable(more := (*chosen, *[first] * size)):
                        found[more] = count * comb(many, size)
        return sum(found.values())

    def __str__(self):
        own, sets = self.own, self._sets()
        than = f"grows by {float(own['min_growth']):g}/h"
        than += "" if self.goal is None else f" and makes {float(self.goal):.6f} mmol/gDW/h of {own['product']}"
        bounds = sum(len(own[kind]) for kind in ("ceilings", "empty", "optima"))
        layers = "".join(f", {len(own[key])} {what} of layers" for key, what in BESIDE["OF"].items() if own.get(key))
        return f"none of {sets} sets of targets {than}: {len(self.states)} states, {bounds} bounds{layers}"


def main(results="results"):
    """Print what is proven; what is not is what the program ends with."""
    wrong, paths = [], sorted(Path(results).glob("*/proof/*.json.gz"))
    for path in paths:
        try:
            its = _Proof(path)
            if its.own["better"]:
                raise ValueError(its.own["better"])
            if not its.own["none"]:
                its.check()
            print(f"{path}: {its.own['none'] or its}")
        except (ArithmeticError, EOFError, LookupError, OSError, StopIteration, TypeError, ValueError) as error:
            wrong.append(f"{path}: REJECTED: {type(error).__name__} {error}")
    return "\n".join(wrong if paths else [f"no proofs in {results}"]) or None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
