"""What layers make of a cell beside bounds and rows, for check_certificates.py: variants, copies side by side, trees.

A design has a certificate in each variant of the model, such as a scenario; what counts of them is plain arithmetic.
Copies of the cell, such as zones, have all rows of the model, and some that connect them. Where fluxes decide which
bounds hold, each statement has a tree of what they may decide, with prices in its leaves; the least of these counts.
"""

import math
import operator
import re
import runpy
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote

SHORT = Fraction(1, 10**6)  # kJ/mol by which a driving force may fall short of the least one
BESIDE = runpy.run_path(str(Path(__file__).with_name("check_certificates.py")))
RANGES = BESIDE["RANGES"]


class Layered(BESIDE["_Certificates"]):
    """Certificates of designs whose cell is not one linear program."""

    def __init__(self, path, text):
        super().__init__(path, text)
        kinds = [one for cell in self.own.get("decided", ()) for one in cell]
        self.own |= {name: [x for one in kinds for x in one.get(name, ())] for name in ("conflicts", "rules")}
        self.cells = [self._cell(one) for one in self.own.get("variants", [{}])]
        self.own, self.rows, self.reactions = self.cells[0]
        self.found, self.deciding, self.path = [], (), path
        self.kinds = [[KINDS[one["kind"]](self, one) for one in cell] for cell in self.own.get("decided", ())]

    def _cell(self, variant):
        """What is certified, with the rows and reactions of a variant, copy by copy."""
        bounds, rows = variant.get("bounds", {}), {name: (dict(one), *ends) for name, (one, *ends) in self.rows.items()}
        for name, coefficients in variant.get("coefficients", {}).items():
            for metabolite, factor in coefficients.items():
                rows[metabolite][0][name] = factor
        rows |= variant.get("rows", {})
        ends = {name: dict(zip(("lower_bound", "upper_bound"), own, strict=True)) for name, own in bounds.items()}
        reactions = {name: one | ends.get(name, {}) for name, one in self.reactions.items()}
        layers = {name: own for name, own in self.own["layers"].items() if name not in bounds}
        return self.own | {"layers": layers}, *self._side_by_side(rows, reactions)

    def _side_by_side(self, rows, reactions):
        marks, between = self.own.get("copies"), self.own.get("between")
        if marks is None:
            return rows, reactions
        copied = {name + mark: one | {"of": name} for mark in marks for name, one in reactions.items()}
        copied |= {one["id"]: copied.get(one["id"], {}) | one for one in between["columns"]}
        of_all = {
            name + mark: ({one + mark: factor for one, factor in entries.items()}, *ends)
            for mark in marks
            for name, (entries, *ends) in rows.items()
        }
        return of_all | between["rows"], copied

    def _check_value(self, own, row, one):
        self.found, designs = [], one["variants"] if "variants" in own else [one]
        kinds = self.kinds or [()] * len(designs)
        for cell, decided, design in zip(self.cells, kinds, designs, strict=True):
            self.own, self.rows, self.reactions = cell
            texts = row["interventions"].split(";")
            strain = self._strain(texts) if decided else {}
            self.deciding = [kind.of(strain, self._gone(texts)) for kind in decided]
            super()._check_value(self.own, row, design)
            fluxes = {name: Fraction(flux) for name, flux in design["state"].items()}
            for kind, witness in zip(self.deciding, design["witness"] if decided else (), strict=True):
                kind.check_state(fluxes, witness)
        for number, (column, _) in enumerate(self.found[: len(self.found) // len(self.cells)]):
            values = [value for _, value in self.found[number :: len(self.found) // len(self.cells)]]
            super()._near(self._counting(sorted(values), column), row, column)

    def _check_cut_set(self, own, row, one):
        """As without regions of optimal states; of these the certificate has an optimum, too."""
        texts = row["interventions"].split(";")
        strain = self._strain(texts)
        for region, proof in zip(own["suppress"], one["suppress"], strict=True):
            prices, rows = proof, region["rows"]
            if "maximize" in region:
                prices, state = proof["prices"], proof["state"]
                # Where there is no state at all, none is optimal.
                rows = rows | ({"optimum": self._at_least(region, self._state(state, strain))} if state else {})
            self._holds(self._least({}, prices, strain, rows) > 0, f"{region['text']} is left")
        for region, state in zip(own["protect"], one["protect"], strict=True):
            self._check_inside(region, state, strain)
        for left in set(texts) - set(own["forced"]):
            number, state = one["without"][left]
            self._check_inside(own["suppress"][int(number)], state, self._strain(set(texts) - {left}))

    def _at_least(self, region, state):
        """No optimal state has less than a state has."""
        goal = region["maximize"]
        return goal, sum(factor * state[name] for name, factor in goal.items()), None

    def _check_inside(self, region, texts, bounds):
        """A state is in a region; where its states are optimal, exact prices show that none has more."""
        if "maximize" not in region:
            self._state(texts, bounds, region["rows"])
            return
        goal, least, _ = self._at_least(region, self._state(texts["state"], bounds, region["rows"]))
        prices = {name: Fraction(price) for name, price in texts["prices"].items()}
        most = -self._least({name: -factor for name, factor in goal.items()}, prices, bounds)
        self._holds(most == least, f"{region['text']}: a state is not optimal")

    def _near(self, proven, row, column):
        self.found.append((column, proven))

    def _counting(self, values, column):
        """Of the sorted values in all variants what counts: of growth the least, else the worst, mean or quantile."""
        judged = self.own.get("judged", {"by": "worst"})
        if column not in RANGES or judged["by"] == "worst":
            return values[0]
        if judged["by"] == "mean":
            return sum(values) / len(values)
        return values[max(1, math.ceil(judged["quantile"] * len(values))) - 1]

    def _gone(self, texts):
        """What a design removes, and what is absent that it does not add."""
        found = {"-": set(), "+": set()}
        for text in texts:
            for name in re.split("[|&]", text[1:]) if text[:1] in found else ():
                escaped = re.sub(r"\W", lambda sign: f"__{ord(sign[0])}__", unquote(name), flags=re.ASCII)
                found[text[0]].add(next(form for form in (name, unquote(name), escaped) if form in self.known))
        return found["-"] | self.absent - found["+"]

    def _least(self, goal, prices, bounds, given=()):
        """The least of all leaves of a tree; in a leaf a bound by its prices, unless it has no state."""
        if not self.deciding:
            return super()._least(goal, prices, bounds, given)
        found, waiting = [], [(prices, [kind.root for kind in self.deciding])]
        while waiting:
            tree, nodes = waiting.pop()
            narrowed = self._within(nodes, bounds)
            if narrowed is None:
                continue
            if "on" in tree:
                number, reason = int(tree["on"][0]), tree["on"][1]
                tried = [told for told, _ in tree["below"]]
                below = self.deciding[number].below(nodes[number], reason, tried)
                for (_, inside), node in zip(tree["below"], below, strict=True):
                    waiting.append((inside, [*nodes[:number], node, *nodes[number + 1 :]]))
            elif "empty" in tree:
                none = super()._least({}, tree["empty"], narrowed, given) > 0
                self._holds(none, "a leaf of a tree is not proven empty")
            else:
                found.append(super()._least(goal, tree["prices"], narrowed, given))
        self._holds(found, "a tree has no leaf with prices")
        return min(found)

    def _within(self, nodes, bounds):
        """The bounds of a strain at a node of each layer; None where they contradict each other."""
        narrowed = dict(bounds)
        for kind, node in zip(self.deciding, nodes, strict=True):
            limits = kind.limits(node)
            if limits is None:
                return None
            for name, (lower, upper) in limits.items():
                own = narrowed[name]
                narrowed[name] = max(own[0], lower), min(own[1], upper)
                if narrowed[name][0] > narrowed[name][1]:
                    return None
        return narrowed


class DrivingForces:
    """Directed reactions that no concentrations drive at once: prices prove that their forces stay below the least."""

    root = frozenset(), frozenset()  # directions that are closed, and that are in use

    def __init__(self, its, own):
        self.its, self.own = its, own
        self.conflicts = [self._conflict(one) for one in own["conflicts"]]
        self.never = frozenset().union(*(one for one in self.conflicts if len(one) == 1))

    def of(self, strain, gone):
        """The same in all strains; what a strain does not have is not closed."""
        return self

    def _rows(self, runs):
        """-s (mean + a'w) >= f  for all that runs along s, and what limits the variables."""
        rows = {name: (entries, *ends) for name, (entries, *ends) in self.own["rows"].items()}
        for name, sign in runs:
            mean, entries = self.own["energies"][name]
            driven = {one: -sign * factor for one, factor in entries.items()} | {"driving force": -1}
            rows[f"{name} {sign}"] = driven, sign * mean, None
        return rows

    def _conflict(self, one):
        runs = {(name, int(sign)) for name, sign in one["of"]}
        bounds = self.own["variables"] | {"driving force": (-(10**6), 10**6)}
        most = -BESIDE["_Certificates"]._least(self.its, {"driving force": -1}, one["prices"], bounds, self._rows(runs))
        self.its._holds(most < self.own["least"], f"{sorted(runs)} may be driven")
        return frozenset(runs)

    def limits(self, node):
        """Closed directions as bounds."""
        found = {}
        for name, sign in node[0] | self.never:
            if name in self.its.reactions:
                lower, upper = found.get(name, (-(10**6), 10**6))
                found[name] = (lower, min(upper, 0)) if sign > 0 else (max(lower, 0), upper)
        return found

    def below(self, node, number, tried):
        """In each branch one direction of a conflict is closed, and those of the branches before it are in use."""
        (closed, used), conflict = node, self.conflicts[int(number)]
        for name, sign in tried:
            yield closed | {(name, int(sign))}, used
            used = used | {(name, int(sign))}
        self.its._holds(conflict <= used, "a branch of a conflict is missing")

    def check_state(self, fluxes, point):
        """A point of the variables drives all that runs, if anything does."""
        runs = [(name, 1 if flux > 0 else -1) for name, flux in fluxes.items() if flux and name in self.own["energies"]]
        if not runs:
            return
        for name, (lower, upper) in self.own["variables"].items():
            self.its._holds(lower <= point[name] <= upper, f"{name} is not within its range")
        point = point | {"driving force": self.own["least"]}
        for name, (entries, lower, upper) in self._rows(runs).items():
            value = sum(factor * point[one] for one, factor in entries.items())
            kept = (lower is None or lower - SHORT <= value) and (upper is None or value <= upper + SHORT)
            self.its._holds(kept, f"{name}: a state is not driven")


class Rules:
    """Rules of genes over comparisons of fluxes: each is tried both ways, and what is not tried may be either."""

    root = (), ()  # comparisons that are tried, and symbols, each with its value

    def __init__(self, its, own):
        self.its, self.own = its, own
        model = BESIDE["exact"]((its.path.parents[1] / "model.json").read_text(encoding="utf-8"))
        self.genes = {one["id"] for one in model["genes"]}
        self.metabolites = {one["id"]: [] for one in model["metabolites"]}
        self.of_reactions = {one["id"]: set(BESIDE["WORD"].findall(_rule(one))) for one in model["reactions"]}
        for one in model["reactions"]:
            signs = {factor > 0 for factor in one["metabolites"].values()}
            for metabolite, factor in one["metabolites"].items() if len(signs) == 1 else ():
                self.metabolites[metabolite].append((factor, one["id"]))
        self.strain, self.gone = {}, set()

    def of(self, strain, gone):
        """The rules in a strain, whose bounds say what its medium offers."""
        self.strain, self.gone = strain, gone
        return self

    def _settled(self, comparisons, guesses):
        """Each symbol on, off or None; None altogether where a guess contradicts its rule."""
        on = dict.fromkeys(self.own["rules"]) | dict.fromkeys(self.gone, False) | guesses
        waiting = [name for name in self.own["rules"] if on[name] is None]
        while waiting:
            found = {name: self._value(self.own["rules"][name], on, comparisons) for name in waiting}
            on |= found
            left = [name for name in waiting if found[name] is None]
            if len(left) == len(waiting):
                break
            waiting = left
        right = (
            self._value(self.own["rules"][name], on, comparisons) in (value, None) for name, value in guesses.items()
        )
        return on if all(right) else None

    def _value(self, rule, on, comparisons):
        kind, *rest = rule
        if kind == "const":
            return rest[0]
        if kind == "not":
            return _opposite(self._value(rest[0], on, comparisons))
        if kind in ("and", "or"):
            return _chained(kind == "or", [self._value(part, on, comparisons) for part in rest[0]])
        return self._atom(*rest, *(() if kind == "compare" else (">", 0)), kind == "compare", on, comparisons)

    def _atom(self, name, operator, level, compared, on, comparisons):
        compare = COMPARISONS[operator]
        if name in self.own["rules"] or name in self.genes:
            value = on.get(name, True)
            ends = {compare(int(end), level) for end in (True, False) if value in (None, end)}
            return ends.pop() if len(ends) == 1 else None
        if name in self.own["conditions"]:
            return compare(self.own["conditions"][name], level)
        if name in self.its.reactions:
            if not compared:
                return _chained(True, [comparisons((name, ">", 0)), comparisons((name, "<", 0))])
            value = comparisons((name, {">=": "<", "<=": ">"}.get(operator, operator), level))
            return _opposite(value) if operator.endswith("=") else value
        if name not in self.metabolites:
            return False
        exchanges = self.metabolites[name]
        offers = [-self.strain[one][0] for factor, one in exchanges if factor < 0]
        offers = offers or [max((self.strain[one][1] for _, one in exchanges), default=0)]
        return (any if operator[0] == ">" else all)(compare(max(0, offer), level) for offer in offers)

    def _closed(self, on):
        """The reactions that genes that are off close."""
        off = self.gone | {name for name, value in on.items() if value is False}
        for name, words in self.of_reactions.items():
            if words & off and not BESIDE["_works"](_rule(self.its.reactions[name]), off):
                yield name

    def _ends(self, comparison, holds):
        """The bounds v >= c + e or v <= c; with `<` v <= c - e or v >= c."""
        _, operator, level = comparison
        beyond, least, most = self.own["threshold"], -(10**6), 10**6
        if operator == ">":
            return (level + beyond, most) if holds else (least, level)
        return (least, level - beyond) if holds else (level, most)

    def limits(self, node):
        """Bounds by what is tried, and by the genes that are then off for certain."""
        tried, guesses = map(dict, node)
        on = self._settled(tried.get, guesses)
        if on is None:
            return None
        found = dict.fromkeys(self._closed(on), (0, 0))
        for comparison, holds in tried.items():
            ends, own = self._ends(comparison, holds), found.get(comparison[0], (-(10**6), 10**6))
            found[comparison[0]] = max(own[0], ends[0]), min(own[1], ends[1])
        return found

    def below(self, node, reason, tried):
        """A comparison, or a symbol, both ways."""
        self.its._holds({*tried} == {True, False}, "a branch of a rule is missing")
        key, number = (tuple(reason[1:]), 0) if reason[0] == "flux" else (reason[1], 1)
        self.its._holds(number or key[0] in self.its.reactions and key[1] in "<>", f"{key}: no comparison of a flux")
        for value in tried:
            yield tuple((*own, (key, value)) if place == number else own for place, own in enumerate(node))

    def check_state(self, fluxes, symbols):
        """Fluxes and symbols fit each other: each rule has the value of its symbol, and what is off carries nothing."""
        seen = {}
        for name in self.own["rules"]:
            self._value(self.own["rules"][name], symbols, lambda one: seen.setdefault(one, self._seen(one, fluxes)))
        needed = {name for words in self.of_reactions.values() for name in words if name in self.own["rules"]}
        self.its._holds(needed <= symbols.keys() | self.gone, "not all genes are known to be on or off")
        for name, value in symbols.items():
            fits = name in self.gone and not value
            fits = fits or self._value(self.own["rules"][name], symbols, lambda one: self._seen(one, fluxes)) is value
            self.its._holds(fits, f"{name}: its rule does not hold")
        for name in self._closed(symbols):
            self.its._holds(not fluxes.get(name), f"{name} runs, and its genes are off")

    def _seen(self, comparison, fluxes):
        """How a comparison turns out; None for a flux in between."""
        flux = fluxes.get(comparison[0], 0)
        for holds in (True, False):
            lower, upper = self._ends(comparison, holds)
            if lower <= flux <= upper:
                return holds
        return None


def _rule(one):
    return one.get("gene_reaction_rule") or ""


def _opposite(value):
    return None if value is None else not value


def _chained(deciding, values):
    """`or` where True decides, `and` where False does."""
    if deciding in values:
        return deciding
    return None if None in values else not deciding


COMPARISONS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
KINDS = {"driving forces": DrivingForces, "rules": Rules}
