"""Certificates of designs: what plain arithmetic needs to prove growth, the product's range, or a cut set.

A state in exact fractions proves that a strain reaches its growth, and what it promises. Prices of the rows prove that
no state does better or worse (`knockflow.numerics.certified`). scripts/check_certificates.py reads them with Python
alone; it applies the designs to the model by itself, and finds the ranges from the prices.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256

from cobra import Model

from knockflow.base.terminal import counted
from knockflow.designs.claims import Claims
from knockflow.formulations.registry import formulation
from knockflow.language.inequalities import inequality
from knockflow.layers.in_strain import as_each, of_strains, variants_of
from knockflow.layers.registry import evidence_of
from knockflow.model.constrained_model import constraints_of
from knockflow.model.notes import Bounds
from knockflow.model.question import Question
from knockflow.numerics.certified import ExactProgram, OptimalBasis, Unproven, usable
from knockflow.numerics.exact_rows import ExactRow, Ranges, Rows
from knockflow.validation import optimal_regions
from knockflow.validation.branches import BranchedCertifier
from knockflow.validation.copied import Copied
from knockflow.validation.cut_sets import WrittenRegion, regions
from knockflow.validation.layer_rows import ended
from knockflow.validation.stated import GROWTH, NOT_EXACT, RANGES, exact
from knockflow.validation.strain import bounds_of, changes_of


def written_prices(answer: OptimalBasis | None, program: ExactProgram) -> dict[str, float]:
    """The prices of an optimum as a certificate has them.

    Raises
    ------
    Unproven
        If there is no optimum.
    """
    if answer is None:
        raise Unproven("a linear program has no optimum by HiGHS")
    return usable(answer.prices, program.rows)


class Certifier:
    """The curated model as exact rows, with its layers' bounds, for one design after the other."""

    def __init__(self, model: Model, question: Question):
        self.model, self.question = model, question
        balances: dict[str, dict[str, Fraction]] = {one.id: {} for one in model.metabolites}
        for reaction in model.reactions:
            for metabolite, value in reaction.metabolites.items():
                balances[metabolite.id][reaction.id] = exact(value)
        rows = {name: ExactRow(entries, Fraction(0), Fraction(0)) for name, entries in balances.items()}
        for one in constraints_of(model):
            ends = [None if abs(end) == float("inf") else exact(end) for end in (one.lower, one.upper)]
            own = {name: exact(value) for name, value in one.coefficients.items() if value}
            entries = rows.pop(one.metabolite).entries if one.metabolite else own
            rows[f"constraint {one.id}"] = ExactRow(entries, *ends)
        self.copied = Copied.of(model)
        ends = self.copied.bounds() if self.copied else {one.id: one.bounds for one in model.reactions}
        self.bounds = Ranges({name: _exact_ends(own) for name, own in ends.items()})
        self.rows = Rows(self.copied.rows(rows) if self.copied else rows, self.bounds.number)
        self._regions: dict[str, Rows] = {}
        self._parts: dict[tuple[str, str], dict[str, str] | None] = {}

    def strain(self, interventions: str, rows: Rows | None = None) -> ExactProgram:
        """The bounds of a strain of the model as it was given, and its rows, or those of a region."""
        changed = bounds_of(self.model, changes_of(self.model, interventions))
        changed = self.copied.changed(changed) if self.copied else changed
        bounds = self.bounds.changed({name: _exact_ends(ends) for name, ends in changed.items()})
        return ExactProgram(bounds, self.rows if rows is None else rows)

    def value(self, interventions: str) -> dict:
        """The state of a design's largest growth and, of those, product; prices of growth and of the product's ranges.

        Raises
        ------
        Unproven
            If no exact state was found, or a program has no optimum.
        """
        biomass, product = (
            {self.question.biomass: Fraction(1)},
            {name: exact(weight) for name, weight in self.question.made.items()},
        )
        strain = self.strain(interventions)
        state = strain.best_state(_negative(biomass), _negative(product))
        if state is None:
            raise Unproven(NOT_EXACT)
        found = {"state": _texts(state), GROWTH: written_prices(strain.least(_negative(biomass)), strain)}
        grown, floor = state.get(self.question.biomass, Fraction(0)), exact(self.question.min_growth)
        for column, (sign, at_any) in RANGES.items():
            # v_b >= growth of the state, or min_growth
            row = ExactRow(biomass, floor if at_any else grown, None)
            program = strain.holding({}, {"growth": row})
            found[column] = written_prices(program.least({name: sign * x for name, x in product.items()}), program)
        return found

    def cut_set(
        self, interventions: str, suppress: Sequence[dict], protect: Sequence[dict], forced: Collection
    ) -> dict:
        """Prices that prove suppressed regions empty, a state of each protected one, and one without each part.

        Raises
        ------
        Unproven
            If any of these was not found.
        """
        parts = interventions.split(";")
        without = {}
        for left in [part for part in parts if part not in forced]:
            rest = ";".join(part for part in parts if part != left)
            states = ((number, self._part(rest, region)) for number, region in enumerate(suppress))
            found = next(([number, state] for number, state in states if state is not None), None)
            if found is None:
                raise Unproven(f"without {left} {NOT_EXACT}")
            without[left] = found
        states = [self._inside(interventions, region) for region in protect]
        if None in states:
            raise Unproven(f"of a protected region {NOT_EXACT}")
        emptied = [self._emptied(interventions, region) for region in suppress]
        return {"suppress": emptied, "protect": states, "without": without}

    def _part(self, interventions: str, region: dict) -> dict | None:
        """What shows a state of a region; what several cut sets have in common is asked once."""
        key = interventions, region["text"]
        if key not in self._parts:
            self._parts[key] = self._inside(interventions, region)
        return self._parts[key]

    def _inside(self, interventions: str, region: dict) -> dict | None:
        """A state of a region, as far within its last inequality as it can be; of a nested one why it is optimal."""
        if "maximize" in region:
            return optimal_regions.inside(self.strain(interventions), _rows(region), _exactly(region["maximize"]))
        last = list(_rows(region).values())[-1]
        sign = -1 if last.upper is None else 1
        strain = self.strain(interventions, self._of_region(region))
        state = strain.best_state({name: sign * x for name, x in last.entries.items()})
        return None if state is None else _texts(state)

    def _emptied(self, interventions: str, region: dict) -> dict:
        """Prices by which 0 would be more than 0 in a region; of a nested one with a state of the optimum."""
        if "maximize" in region:
            goal, strain = _exactly(region["maximize"]), self.strain(interventions)
            state, strain = optimal_regions.emptied(strain, _rows(region), goal)
            prices = written_prices(strain.emptied(), strain)
            if strain.bound({}, _exactly(prices)) <= 0:
                raise Unproven("a region of optimal states could not be proven empty")
            return {"state": _texts(state), "prices": prices}
        strain = self.strain(interventions, self._of_region(region))
        return written_prices(strain.emptied(), strain)

    def _of_region(self, region: dict) -> Rows:
        """The rows of the cell and of a region."""
        if region["text"] not in self._regions:
            self._regions[region["text"]] = self.rows.changed(_rows(region))
        return self._regions[region["text"]]


def _exact_ends(ends: Bounds) -> tuple[Fraction, Fraction]:
    return exact(ended(ends[0])), exact(ended(ends[1]))


def _rows(region: dict) -> dict[str, ExactRow]:
    return {
        name: ExactRow(_exactly(entries), *(None if end is None else exact(end) for end in (low, high)))
        for name, (entries, low, high) in region["rows"].items()
    }


def _exactly(entries: Mapping[str, float]) -> dict[str, Fraction]:
    return {name: exact(value) for name, value in entries.items()}


def _negative(goal: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {name: -value for name, value in goal.items()}


def _texts(state: Mapping[str, Fraction]) -> dict[str, str]:
    return {name: str(flux) for name, flux in state.items()}


def read_region(region: WrittenRegion, copied: Copied | None = None) -> dict:
    """A region as certificates have it: its text, a row for each inequality, and what its states maximize, if so."""
    rows, nested = {}, isinstance(region, Mapping)
    written = region["where"] if nested else region
    for number, text in enumerate(written, start=1):
        wanted = inequality(text)
        lower = None if wanted.sense == "<=" else wanted.bound
        upper = None if wanted.sense == ">=" else wanted.bound
        entries = copied.entries(wanted.coefficients) if copied else dict(wanted.coefficients)
        rows[f"inequality {number}"] = [entries, lower, upper]
    found = {"text": " and ".join(written), "rows": rows}
    if nested:
        found["text"], goal = f"{found['text']}, optimal", region["maximize"]
        found["maximize"] = copied.entries(goal) if copied else dict(goal)
    return found


def refusal_of(question: Question) -> str:
    """Why no design of a case has a certificate of this kind; empty if it can have one."""
    if question.cell_objective:
        return "the cell maximizes another objective than growth"
    return ""


def certificate(
    certifier: Certifier,
    claims: Claims,
    inputs: Mapping[str, str],
    layers: Mapping[str, object] | None = None,
    refusal: str = "",
) -> tuple[str, str, int]:
    """The text of a certificate, whose first line has the hash of the rest; in a few words what is proven; how many.

    Parameters
    ----------
    inputs
        SHA-256 of the files that the checker reads beside it, by name in the case's folder.
    layers
        What layers have made of the model (`knockflow.validation.layer_rows`).
    refusal
        Why there can be no certificate, if so.
    """
    question, options = certifier.question, claims.record.get("options", {})
    cuts = formulation(claims.record["formulation"]).cut_sets
    content = {
        "formulation": claims.record["formulation"],
        "biomass": question.biomass,
        "product": None if cuts else dict(question.weights) or question.product,
        "min_growth": question.min_growth,
        "inputs": dict(inputs),
        "layers": {},
        "forced": list(claims.record.get("forced", ())),
    } | dict(layers or {})
    try:
        if refusal:
            raise Unproven(refusal)
        own = _of_cut_sets(certifier, claims, options, content["forced"]) if cuts else _of_values(certifier, claims)
    except Unproven as error:
        own = {"none": f"not proven: {error}", "designs": [], "suppress": [], "protect": []}
    content |= own
    rest = json.dumps(content | _beyond(content), indent=0, sort_keys=True, allow_nan=False) + "\n"
    text = json.dumps({"sha256": sha256(rest.encode()).hexdigest()}) + "\n" + rest
    count = len(own["designs"])
    return text, own["none"] or f"{counted(count, 'design')} proven by plain arithmetic", count


def _of_values(certifier: Certifier, claims: Claims) -> dict:
    texts = [row["interventions"] for row in claims.rows]
    several = bool(variants_of(certifier.model))
    each = (Certifier(certifier.model, certifier.question) if several else certifier for _ in as_each(certifier.model))
    designs, decided = zip(*(_valued(one, texts) for one in each), strict=True)
    told = {"decided": list(decided)} if any(decided) else {}
    if several:
        designs = [[{"variants": list(own)} for own in zip(*designs, strict=True)]]
    return {"none": "", "designs": designs[0], "suppress": [], "protect": []} | told


def _beyond(content: Mapping) -> dict:
    """What of a certificate is more than bounds and rows, by the names of its parts; nothing where that is all."""
    found = [name for name in ("copies", "decided", "variants") if name in content]
    nested = any("maximize" in region for region in (*content["suppress"], *content["protect"]))
    found += ["optimal"] if nested else []
    return {"beyond": found} if found else {}


def _valued(certifier: Certifier, designs: Sequence[str]) -> tuple[list[dict], list[dict]]:
    """The certificates of designs of the model as it stands, and what the checker has to know of its layers for them.

    Raises
    ------
    Unproven
        If one has none.
    """
    evidence = evidence_of(of_strains(certifier.model))
    if not evidence:
        return list(map(certifier.value, designs)), []
    if None in evidence:
        raise Unproven("fluxes decide on bounds of the cell, and nothing proves how")
    branched = BranchedCertifier(certifier, evidence)
    return list(map(branched.value, designs)), branched.decided()


def _of_cut_sets(certifier: Certifier, claims: Claims, options: Mapping, forced: Sequence[str]) -> dict:
    if of_strains(certifier.model):
        raise Unproven("of a cell whose fluxes decide on its bounds no region has a certificate")
    suppress, protect = (
        [read_region(region, certifier.copied) for region in regions(options[key])] for key in ("suppress", "protect")
    )
    designs = [certifier.cut_set(row["interventions"], suppress, protect, forced) for row in claims.rows]
    return {"none": "", "designs": designs, "suppress": suppress, "protect": protect}
