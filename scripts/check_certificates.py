"""Prove by plain arithmetic what a run says of its designs: python3 scripts/check_certificates.py [RESULTS]."""
# Exact fractions, no solver: a state keeps all rows and bounds; prices p bound c'v = p'(A v) + (c - p'A)'v from below.

import hashlib
import json
import re
import runpy
import sys
from fractions import Fraction
from itertools import chain, combinations
from pathlib import Path
from urllib.parse import unquote

CLOSE = Fraction(1, 10**4)  # of what is proven and a table's figure, which has six decimals
WORD, INNER = re.compile(r"[^\s()]+"), re.compile(r"\(([^()]*)\)")
RANGES = "product_min_mmol_per_gdw_h", "product_max_mmol_per_gdw_h", "product_min_at_min_growth_mmol_per_gdw_h"
OF = {"layers": "bounds", "rows": "rows"} | {one: one for one in ("variants", "copies", "conflicts", "rules")}
exact = json.JSONDecoder(parse_float=Fraction, parse_int=Fraction).decode


def _table(path):
    header, *rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def _works(rule, gone):
    text = WORD.sub(lambda word: word[0] if word[0] in ("and", "or") else "01"[word[0] not in gone], f"({rule})")
    while "(" in text:
        text = INNER.sub(lambda inner: "01"[any("0" not in part for part in inner[1].split("or"))], text)
    return text == "1"


class _Certificates:
    def __init__(self, path, text):
        first, _, rest = text.partition("\n")
        self.own, folder = exact(rest), path.parents[1]
        self.designs = _table(folder / path.name.partition(".")[0] / "designs.tsv")
        files = {name: (folder / name).read_bytes() for name in self.own["inputs"]} | {"it": rest.encode()}
        for name, digest in (self.own["inputs"] | {"it": json.loads(first)["sha256"]}).items():
            self._holds(hashlib.sha256(files[name]).hexdigest() == digest, f"{name} was changed")
        model = exact((folder / "model.json").read_text(encoding="utf-8"))
        self.reactions, notes = {one["id"]: one for one in model["reactions"]}, model.get("notes") or {}
        self.absent = set(filter(None, (notes.get("absent_genes") or "").split(";")))
        self.pathways = json.loads(notes.get("pathways") or "{}")
        self.known = self.absent | {one["id"] for one in model["genes"]} | self.reactions.keys() | self.pathways.keys()
        self.rows = {one["id"]: ({}, 0, 0) for one in model["metabolites"]} | self.own.get("rows", {})
        for name, one in self.reactions.items():
            for metabolite, factor in one["metabolites"].items():
                self.rows[metabolite][0][name] = factor
        for one in exact(notes.get("constraints") or "[]"):
            entries = self.rows.pop(one.get("metabolite"), (one.get("coefficients"),))[0]
            self.rows["constraint " + one["id"]] = entries, one["lower"], one["upper"]
        self.reactions |= {one["id"]: one for one in self.own.get("columns", ())}

    def _holds(self, condition, otherwise):
        if not condition:
            raise ValueError(otherwise)

    def _strain(self, texts):
        gone, added, levels = set(), set(), []
        for text in filter(None, texts):
            names, sign, level = re.fullmatch(r"[-+]?(.+?)(?:(>=|<=)(.+))?", text).groups()
            for name in re.split("[|&]", names):
                escaped = re.sub(r"\W", lambda sign: f"__{ord(sign[0])}__", unquote(name), flags=re.ASCII)
                found = next(form for form in (name, unquote(name), escaped) if form in self.known)
                if sign:
                    levels.append((found, sign, Fraction(level)))
                else:
                    (gone if text[0] == "-" else added).update(self.pathways.get(found, ()), {found})
        gone |= self.absent - added
        return {name: self._ends(one, gone, added, levels) for name, one in self.reactions.items()}

    def _ends(self, one, gone, added, levels):
        name, rule, notes = one.get("of", one["id"]), one.get("gene_reaction_rule") or "", one.get("notes") or {}
        lower, upper, closed = one["lower_bound"], one["upper_bound"], name in gone or not _works(rule, gone)
        if "knock_in" in notes:
            lower, upper = map(Fraction, notes["knock_in"].split())
            named = "knock_in_by" in notes or name in chain(*self.pathways.values()) or _works(rule, self.absent)
            closed = closed or (named and name not in added)
        narrowed = self.own["layers"].get(name, (lower, upper))
        lower, upper = max(lower, narrowed[0]), min(upper, narrowed[1])
        lower = dict(level[1:] for level in levels if level[0] == name).get(">=", lower)
        upper = dict(level[1:] for level in levels if level[0] == name).get("<=", upper)
        limits = {gene: level for gene, _, level in levels if gene in set(WORD.findall(rule)) - gone}
        for genes in chain(*(combinations(limits, size) for size in range(1, len(limits) + 1))):
            if not _works(rule, gone.union(genes)):
                lower, upper = max(lower, -sum(map(limits.get, genes))), min(upper, sum(map(limits.get, genes)))
        return (Fraction(0), Fraction(0)) if closed else (lower, upper)

    def _least(self, goal, prices, bounds, given=()):
        reduced, total, rows = dict(goal), Fraction(0), self.rows | dict(given)
        for name, price in prices.items():
            total += price * rows[name][1 if price > 0 else 2]
            for reaction, factor in rows[name][0].items():
                reduced[reaction] = reduced.get(reaction, 0) - price * factor
        return total + sum(weight * bounds[name][weight < 0] for name, weight in reduced.items() if weight)

    def _state(self, texts, bounds, given=()):
        fluxes = {name: Fraction(texts.get(name, "0")) for name in bounds}
        alone = {f"flux of {name}": ({name: 1}, *ends) for name, ends in bounds.items()}
        for name, (entries, lower, upper) in (self.rows | dict(given) | alone).items():
            value = sum(factor * fluxes[reaction] for reaction, factor in entries.items() if fluxes[reaction])
            kept = (lower is None or lower <= value) and (upper is None or value <= upper)
            self._holds(kept, f"{name}: {float(value):.9g} is not within its bounds")
        return fluxes

    def _near(self, proven, row, column):
        same = abs(proven - Fraction(row[column])) <= CLOSE * max(1, abs(proven))
        self._holds(same, f"{column} is {row[column]}, and {float(proven):.6f} is proven")

    def _check_value(self, own, row, one):
        biomass, product, bounds = own["biomass"], own["product"], self._strain(row["interventions"].split(";"))
        made = product if isinstance(product, dict) else {product: 1}
        growth = self._state(one["state"], bounds)[biomass]
        self._near(growth, row, "growth_per_h")
        self._near(-self._least({biomass: -1}, one["growth_per_h"], bounds), row, "growth_per_h")
        for column, sign, floor in zip(RANGES, (1, -1, 1), (growth, growth, own["min_growth"]), strict=True):
            asked = {name: sign * made[name] for name in made}, one[column], bounds
            self._near(sign * self._least(*asked, {"growth": ({biomass: 1}, floor, None)}), row, column)

    def _check_cut_set(self, own, row, one):
        texts = row["interventions"].split(";")
        for region, prices in zip(own["suppress"], one["suppress"], strict=True):
            self._holds(self._least({}, prices, self._strain(texts), region["rows"]) > 0, f"{region['text']} is left")
        for region, texts_of in zip(own["protect"], one["protect"], strict=True):
            self._state(texts_of, self._strain(texts), region["rows"])
        for left in set(texts) - set(own["forced"]):
            number, state = one["without"][left]
            self._state(state, self._strain(set(texts) - {left}), own["suppress"][int(number)]["rows"])


def main(results="results"):
    """Print what is proven; what is not is what the program ends with."""
    wrong, paths = [], sorted(Path(results).glob("*/certificates/*.json"))
    for path in paths:
        try:
            its = _Certificates(path, text := path.read_text(encoding="utf-8"))
            if its.own.get("beyond"):  # what layers make of a cell beside bounds and rows
                its = runpy.run_path(str(Path(__file__).with_name("check_layers.py")))["Layered"](path, text)
            for row, one in zip(its.designs, its.own["designs"], strict=not its.own["none"]):
                (its._check_value if its.own["product"] else its._check_cut_set)(its.own, row, one)
            layers = "".join(f", {len(its.own[key])} {what} of layers" for key, what in OF.items() if its.own.get(key))
            print(f"{path}: {its.own['none'] or f'{len(its.designs)} designs proven{layers}'}")
        except (ArithmeticError, LookupError, OSError, TypeError, ValueError) as error:
            wrong.append(f"{path}: REJECTED: {type(error).__name__} {error}")
    return "\n".join(wrong if paths else [f"no certificates in {results}"]) or None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
