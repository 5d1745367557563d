"""Which exchanges a medium lacks for growth, or for the product, in words."""

from collections.abc import Mapping, Sequence

from cobra import Model, Reaction
from cobra.util.solver import linear_reaction_coefficients

from knockflow.model.curation.names import SAYS_GROWTH, exchange_ids
from knockflow.model.curation.openings import OPENED, Names, Openings, smallest_openings
from knockflow.model.curation.program import OpeningProgram
from knockflow.model.entries.constraints import in_the_way
from knockflow.model.finding import first_few, flux, plain

AMOUNT = 1e-9  # mmol/gDW/h; below it an uptake is not told
LISTED = 5
LISTED_SETS = 3  # of several exchanges each


def missing_for_growth(model: Model, case: Mapping, biomass: Reaction, needed: float) -> str:
    """The smallest sets of exchanges that bring growth to `needed` (1/h), as the end of a sentence."""
    if biomass.upper_bound < needed:
        return f"; the upper bound of {biomass.id} is {plain(biomass.upper_bound)}, so the medium is not the reason"
    medium = case.get("medium") or {}
    names = openable(model, biomass, medium)
    found = smallest_openings(model, biomass.id, needed, names)
    if not found.sets:
        if found.most is None:
            return "; even with every exchange open no flux fits the bounds, so the medium is not the reason"
        most = f"it grows at most {flux(found.most)} 1/h"
        held = held_back(model, biomass, needed, "it would grow so")
        return f"; even with every exchange open {most}, so the medium is not the reason{held}"
    text = f"; {brings_back(model, found, 'brings it back')}"
    asked = [name for name in medium if any(name in one for one in found.sets)]
    if not all(set(one) & set(asked) for one in found.sets) or found.more:
        return text
    found = smallest_openings(model, biomass.id, needed, [name for name in names if name not in medium])
    left = f"with {first_few(asked)} as the medium sets {'them' if asked[1:] else 'it'}"
    if not found.sets:
        return f"{text}; {left}, no other exchange does"
    return f"{text}; {left}, {brings_back(model, found, 'brings it back')}"


def missing_for_product(model: Model, case: Mapping, product: Reaction, needed: float) -> str:
    """What it takes to make a product that cannot be made, as the end of a sentence."""
    if product.upper_bound <= 0:
        return f"; its upper bound is {plain(product.upper_bound)}, which lets none out"
    found = smallest_openings(model, product.id, needed, openable(model, product, case.get("medium") or {}))
    if found.sets:
        return f"; {brings_back(model, found, 'lets it be made')}"
    cannot = "; with every exchange open it cannot either"
    held = held_back(model, product, needed, "it could be made")
    if held:
        return f"{cannot}{held}"
    unmade = [m.id for m in product.reactants if not any(makes(reaction, m) for reaction in m.reactions)]
    why = f"no open reaction makes {first_few(unmade)}" if unmade else "a pathway is missing"
    return f"{cannot}: {why}, and `heterologous` can add a pathway"


def held_back(model: Model, reaction: Reaction, needed: float, what: str) -> str:
    """What stands against a flux inside the cell, as the end of a sentence: constraints of its own, bounds of 0.

    Nothing where neither does by itself.
    """
    constraints = in_the_way(model, reaction, needed)
    if constraints is not None:
        which = f": {first_few(constraints, LISTED)}" if constraints else ", all together"
        return f"; without the model's own constraints {what}{which}"
    closed = [one.id for one in model.reactions if not one.boundary and one.bounds == (0, 0) and one is not reaction]
    opened = OpeningProgram(model, closed, OPENED).least_openings(reaction.id, needed, closed) if closed else None
    used = [name for name, more in (opened or {}).items() if abs(more) >= AMOUNT]
    return f"; {what} by reactions that the model's bounds close: {first_few(used, LISTED)}" if used else ""


def makes(reaction: Reaction, metabolite) -> bool:
    """Whether a reaction inside the cell can make a metabolite."""
    amount = reaction.metabolites[metabolite]
    return not reaction.boundary and (amount * reaction.upper_bound > 0 or amount * reaction.lower_bound > 0)


def openable(model: Model, reaction: Reaction, medium: Mapping) -> list[str]:
    """The exchanges that may be opened for the sake of a reaction: not itself, and none of biomass.

    One that must run outwards, such as maintenance that drains a single metabolite, is a demand and no nutrient. First
    those that are taken up already, then those that the medium names, then by id.
    """
    exchanges = [model.reactions.get_by_id(name) for name in exchange_ids(model)]
    grown = set(linear_reaction_coefficients(model))
    usable = [
        one
        for one in exchanges
        if one is not reaction
        and one not in grown
        and one.lower_bound <= 0
        and not SAYS_GROWTH.search(f"{one.id} {one.name}")
    ]
    return [one.id for one in sorted(usable, key=lambda one: (one.lower_bound >= 0, one.id not in medium, one.id))]


def brings_back(model: Model, found: Openings, what: str) -> str:
    """Sets of exchanges with the least flux of each, as a clause."""
    size = len(found.sets[0])
    most = LISTED if size == 1 else LISTED_SETS
    options = [listed(amounts(model, one, found.amounts[one]), "and") for one in found.sets[:most]]
    if found.more or len(found.sets) > most:
        options.append("others")
    if not found.proven:
        head = f"opening these {what}, but fewer may do"
    elif size == 1:
        head = f"opening one exchange {what}"
    else:
        head = f"opening {size} exchanges {what}, and fewer do not"
    return f"{head} (mmol/gDW/h): {listed(options, 'or') if size == 1 else '; or '.join(options)}"


def listed(names: Sequence[str], last: str) -> str:
    """Names with a word before the last one."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def amounts(model: Model, names: Names, beyond: Mapping[str, float]) -> list[str]:
    """Exchanges with the flux that each must be let have, and what it may have now."""
    told = []
    for name in names:
        reaction, more = model.reactions.get_by_id(name), beyond[name]
        way, own = ("uptake", -reaction.lower_bound) if more < 0 else ("secretion", reaction.upper_bound)
        words = [reaction.name] if reaction.name and not name.startswith("EX_") else []
        if abs(more) >= AMOUNT:
            least = f"{own + abs(more):.6g} instead of {plain(own)}" if own > 0 else f"{abs(more):.3g}"
            words.append(f"{way} of at least {least}")
        told.append(f"{name} ({', '.join(words)})" if words else name)
    return told
