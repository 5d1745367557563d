"""Boundary species of SBML: which of them have an exchange in the file, and exchanges for those that have none.

A species with `boundaryCondition="true"` is not balanced. Tools use it in three ways, and COBRApy adds an endless
exchange in each: where the file has its own exchange (`glc_e <=>`), of which the bounds are then lost; where the
species stands for the outside only (`glc_e <=> glc_b`), so that the reaction is the exchange; and where the file has
no exchange, so that the species is free. Only the last needs one.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import libsbml
from cobra import Model, Reaction
from cobra.io.sbml import F_SPECIE, SBO_EXCHANGE_REACTION

from knockflow.model.curation.endless import USUAL
from knockflow.model.entries.sbml_ids import READING
from knockflow.model.finding import CHANGE, WHOLE_MODEL, Finding, first_few, interval
from knockflow.model.formats.sbml_survey import Survey

EXCHANGE = re.compile(r"(R_)?(ex|dm|sk|sink|demand|exchange)[_\W]|exchange", re.IGNORECASE)
OUTSIDE = re.compile(r"(_b|_boundary|__91__b__93__|__40__b__41__)$", re.IGNORECASE)
NOWHERE = {"b", "boundary", "extra_organism", "extraorganism"}
"""Compartments that tools use for what is outside of the medium."""


@dataclass
class Boundary:
    """What becomes of each boundary species, by its id in the file."""

    own: list[str] = field(default_factory=list)
    """Balanced by an exchange of the file."""
    outside: dict[str, str] = field(default_factory=dict)
    """Species to take out, by the reaction that is an exchange without them."""
    unused: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    """Without an exchange in the file."""

    def __bool__(self) -> bool:
        return bool(self.own or self.outside or self.unused or self.free)


def boundary_of(found: Survey) -> Boundary:
    """Sort a file's boundary species into those with an exchange and those without."""
    plan = Boundary()
    species = found.boundary()
    if not species:
        return plan
    terms = {name: stoichiometry(found, name) for name in found.reactions}
    alone = {next(iter(parts)) for parts in terms.values() if len(parts) == 1}
    loose = set(species) - alone
    for name, parts in terms.items():
        outer = outer_species(found, name, parts, loose)
        if outer:
            plan.outside[name] = outer
            del parts[outer]
    alone = {next(iter(parts)) for parts in terms.values() if len(parts) == 1}
    used = {part for parts in terms.values() for part in parts}
    for name in species:
        if name not in used and name in plan.outside.values():
            continue
        pile = plan.own if name in alone else plan.free if name in used else plan.unused
        pile.append(name)
    return plan


def stoichiometry(found: Survey, reaction: str) -> dict[str, float]:
    """Net coefficients by species; those that cancel are left out."""
    total: dict[str, float] = defaultdict(float)
    own = found.reactions[reaction]
    for sign, side in ((-1, own.reactants), (1, own.products)):
        for name, text in side:
            total[name] += sign * float(text or 1)
    return {name: value for name, value in total.items() if value}


def outer_species(found: Survey, reaction: str, parts: Mapping[str, float], loose: set[str]) -> str | None:
    """Of the boundary species without an exchange, the one that stands for the outside in `glc_e <=> glc_b`, if any."""
    if len(parts) != 2 or min(parts.values()) > 0 or max(parts.values()) < 0:
        return None
    boundary = [name for name in parts if name in loose]
    named = [name for name in boundary if says_outside(found, name)]
    if len(named) == 1:
        return named[0]
    return boundary[0] if len(boundary) == 1 and not named and EXCHANGE.match(reaction) else None


def says_outside(found: Survey, species: str) -> bool:
    """Whether a species says by its id or compartment that it is outside of the medium."""
    told = found.species[species]
    place = told.get("compartment", "")
    names = {place.casefold(), found.compartments.get(place, {}).get("name", "").casefold()}
    return bool(OUTSIDE.search(species) or names & NOWHERE)


def rewritten(text: str, plan: Boundary) -> str:
    """The file with all species balanced, and without those that stand for the outside where they do."""
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    for species in model.getListOfSpecies():
        species.setBoundaryCondition(False)
    for reaction, species in plan.outside.items():
        one = model.getReaction(reaction)
        for side in (one.getListOfReactants(), one.getListOfProducts()):
            for number in reversed(range(side.size())):
                if side.get(number).getSpecies() == species:
                    side.remove(number)
    return libsbml.writeSBMLToString(document)


def settle_boundary(model: Model, plan: Boundary) -> list[Finding]:
    """Add the exchanges that a file lacks, drop the species that only stood for the outside, and tell of both."""
    read = READING[F_SPECIE]
    findings = []
    if plan.own:
        what = f"{len(plan.own)} boundary species with an exchange in the file"
        why = f"{what}: balanced, and the file's own exchanges and bounds stay; nothing is added"
        findings.append(Finding(WHOLE_MODEL, "boundary", CHANGE, ids(map(read, plan.own)), "", why))
    if plan.outside:
        names = dict.fromkeys(read(name) for name in plan.outside.values())
        what = f"{len(names)} boundary species that stand for the outside only ({first_few(list(names))})"
        why = f"{what}: taken out of their reactions, which are exchanges with the file's bounds"
        findings.append(Finding(WHOLE_MODEL, "boundary", CHANGE, ids(names), "", why))
    gone = [model.metabolites.get_by_id(read(name)) for name in {**dict.fromkeys(plan.outside.values())}]
    gone += [model.metabolites.get_by_id(read(name)) for name in plan.unused]
    model.remove_metabolites(list(dict.fromkeys(one for one in gone if not one.reactions)))
    if plan.unused:
        why = f"{len(plan.unused)} boundary species in no reaction: dropped"
        findings.append(Finding(WHOLE_MODEL, "boundary", CHANGE, ids(map(read, plan.unused)), "", why))
    return findings + [add_exchange(model, read(name)) for name in plan.free]


def ids(names) -> str:
    """Ids as one cell."""
    return ";".join(names)


def add_exchange(model: Model, species: str) -> Finding:
    """An exchange for a species that is free in the file, as wide as the reactions of the file allow."""
    metabolite = model.metabolites.get_by_id(species)
    name = f"EX_{species}"
    while name in model.reactions:
        name += "_boundary"
    lower, upper = implied(model, species)
    exchange = Reaction(name, name=name, lower_bound=lower, upper_bound=upper)
    exchange.annotation = {"sbo": SBO_EXCHANGE_REACTION}
    exchange.add_metabolites({metabolite: -1.0})
    model.add_reactions([exchange])
    after = f"{exchange.reaction.strip()} {interval(exchange.bounds)}"
    why = "a boundary species without an exchange in the file: added, as wide as the file's reactions of it allow"
    return Finding(name, "boundary", CHANGE, "", after, why)


def implied(model: Model, species: str) -> tuple[float, float]:
    """The range of an exchange that its species' reactions leave: sum of coefficient times bounds, in mmol/gDW/h."""
    widest = max([USUAL, *(abs(b) for r in model.reactions for b in r.bounds if abs(b) != float("inf"))])
    metabolite = model.metabolites.get_by_id(species)
    lower = upper = 0.0
    for reaction in metabolite.reactions:
        ends = [reaction.metabolites[metabolite] * bound if bound else 0.0 for bound in reaction.bounds]
        lower, upper = lower + min(ends), upper + max(ends)
    return max(lower, -float(widest)), min(upper, float(widest))
