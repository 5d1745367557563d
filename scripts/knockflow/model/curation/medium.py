"""What a case sets in the model: the product's exchange, the medium, and the substrate that yields refer to."""

from collections.abc import Iterable, Mapping, Sequence

from cobra import Model, Reaction
from cobra.util.solver import linear_reaction_coefficients

from knockflow.language.ids import translated
from knockflow.language.products import asked_in, named_in
from knockflow.model.constrained_model import turned
from knockflow.model.curation.names import exchange_ids, missing_exchange, outlets, written_inwards
from knockflow.model.curation.organic import feeds_carbon
from knockflow.model.entries.ids import known_to
from knockflow.model.finding import CHANGE, INFO, WARNING, WHOLE_MODEL, Finding, interval, plain
from knockflow.model.notes import KNOCK_IN_NOTE

TURNED = "exchange turned round: positive flux is secretion"
SECRETION = 1000.0  # mmol/gDW/h; the upper bound of an exchange that is added


def set_case(model: Model, case: Mapping) -> list[Finding]:
    """Apply the case's product and medium to the model. All ids must be known to exist."""
    products = named_in(asked_in(case))
    findings = [finding for product in products for finding in add_product(model, product)]
    medium = case.get("medium") or {}
    findings += turn_exchanges(model, [*products, *medium, case.get("substrate")], case.get("biomass"))
    for name, uptake in medium.items():
        findings += limit_uptake(model.reactions.get_by_id(name), float(uptake))
    for product in products:
        findings += check_product(model.reactions.get_by_id(product))
    return findings


def turn_exchanges(model: Model, named: Iterable[str | None], biomass: str | None) -> list[Finding]:
    """Turn every exchange that is written as uptake: those that the case names, then all others.

    `turn_back` undoes the others' turns, once curation has looked for what the cell can take up.
    What the model's objective or the case says is growth stays as it is, unless it is named otherwise, too.
    """
    named = list(dict.fromkeys(name for name in named if name is not None))
    growth = {biomass, *(reaction.id for reaction in linear_reaction_coefficients(model))}
    others = [reaction.id for reaction in model.reactions if reaction.boundary and reaction.id not in growth]
    return [
        finding
        for name in dict.fromkeys([*named, *others])
        for finding in turn_outwards(model.reactions.get_by_id(name))
    ]


def turn_back(model: Model, case: Mapping, findings: Sequence[Finding]) -> list[Finding]:
    """The findings without the turns that are undone: of exchanges that are no part of what the case asks.

    Medium, product, and a substrate that is asked for, count outwards. What else a user names, in regions, objectives
    or bounds, has the direction in which the model writes it.
    """
    kept = {*(case.get("medium") or ()), *named_in(asked_in(case)), case.get("substrate")}
    undone = {
        finding.item
        for finding in findings
        if finding.why == TURNED and finding.item not in kept and KNOCK_IN_NOTE not in _notes(model, finding.item)
    }
    for name in sorted(undone):
        _turn(model.reactions.get_by_id(name))
    return [finding for finding in findings if finding.why != TURNED or finding.item not in undone]


def _notes(model: Model, name: str) -> Mapping:
    return model.reactions.get_by_id(name).notes or {}


def add_product(model: Model, product: str) -> list[Finding]:
    """Add the product's exchange where the model has only its metabolite."""
    metabolite = missing_exchange(model, product)
    if metabolite is None:
        return []
    exchange = Reaction(product, name=f"{metabolite.name or metabolite.id} exchange", upper_bound=SECRETION)
    exchange.add_metabolites({metabolite: -1.0})
    model.add_reactions([exchange])
    why = f"no reaction took {metabolite.id} out of the model: exchange added, secretion only"
    other = [name for name in outlets(model, product) if name != product]
    why += f" (the model also has {', '.join(other)})" if other else ""
    return [Finding(product, "product", CHANGE, "", f"{equation(exchange)} {interval(exchange.bounds)}", why)]


def equation(reaction: Reaction) -> str:
    """A reaction's equation, trimmed where one side is empty."""
    return reaction.reaction.strip()


def turn_outwards(reaction: Reaction) -> list[Finding]:
    """Rewrite an exchange that is written as uptake, so that positive flux is secretion."""
    if not written_inwards(reaction):
        return []
    before = f"{equation(reaction)} {interval(reaction.bounds)}"
    _turn(reaction)
    after = f"{equation(reaction)} {interval(reaction.bounds)}"
    return [Finding(reaction.id, "medium", CHANGE, before, after, TURNED)]


def _turn(reaction: Reaction) -> None:
    """Rewrite a reaction the other way round, with its bounds, its part in the objective and in constraints."""
    lower, upper = reaction.bounds
    coefficient = reaction.objective_coefficient
    reaction *= -1
    turned(reaction)
    reaction.bounds = (-upper, -lower)
    if coefficient:
        reaction.objective_coefficient = -coefficient


def limit_uptake(reaction: Reaction, uptake: float) -> list[Finding]:
    """Set the largest uptake of an exchange in mmol/gDW/h."""
    lower = -uptake if uptake else 0.0
    if reaction.lower_bound == lower:
        return []
    before = interval(reaction.bounds)
    reaction.lower_bound = lower
    why = f"the case's medium: uptake up to {plain(uptake)}" if uptake else "the case's medium: no uptake"
    return [Finding(reaction.id, "medium", CHANGE, before, interval(reaction.bounds), why)]


def check_product(reaction: Reaction) -> list[Finding]:
    """A product that is no exchange, or that the model does not let out."""
    before = interval(reaction.bounds)
    findings = []
    if not reaction.boundary:
        why = "no exchange: what counts as product is the flux through this reaction, which a cycle may carry"
        ways = sorted({one.id for made in reaction.products for one in made.reactions if one.boundary})
        why += f"; the product that leaves the cell is the flux of {' or '.join(ways)}" if ways else ""
        findings.append(Finding(reaction.id, "product", WARNING, before, "", why))
    if reaction.upper_bound <= 0:
        why = "the upper bound lets no product out"
        findings.append(Finding(reaction.id, "product", WARNING, before, "", why))
    return findings


def name_substrate(model: Model, case: Mapping) -> list[Finding]:
    """Say which uptake yields refer to."""
    named = case.get("substrate")
    if named is not None:
        reaction = model.reactions.get_by_id(named)
        if reaction.lower_bound < 0:
            return []
        why = "the case's substrate is not taken up in this medium: there is no yield to report"
        return [Finding(named, "substrate", WARNING, interval(reaction.bounds), "", why)]
    found = find_substrate(model, case)
    if found is None:
        why = "no uptake of an organic compound in this medium: there is no yield to report"
        return [Finding(WHOLE_MODEL, "substrate", WARNING, "", "", why)]
    reaction = model.reactions.get_by_id(found)
    equal = [
        name
        for name in carbon_uptakes(model, case)
        if name != found and uptake_of(model, name) == uptake_of(model, found)
    ]
    more = f" ({', '.join(equal)} as large; name one as substrate)" if equal else ""
    if feeds_carbon(reaction) is None:
        why = (
            f"yields refer to this uptake: it has no formula, but no inorganic nutrient is called so{more}; name the "
            "right one as substrate if it is not organic"
        )
        return [Finding(found, "substrate", WARNING, interval(reaction.bounds), "", why)]
    why = f"yields refer to this uptake: the largest of an organic compound in the medium{more}"
    return [Finding(found, "substrate", INFO, interval(reaction.bounds), "", why)]


def find_substrate(model: Model, case: Mapping) -> str | None:
    """The exchange that yields refer to: the case's, else the largest uptake of an organic compound.

    Uptakes that the case's medium names come before those that the model itself leaves open; of equal ones the
    first by id is taken. What has no formula and no name of an inorganic nutrient counts where nothing organic is
    known. None where nothing organic is taken up.
    """
    case = translated(case, known_to(model))
    if case.get("substrate") is not None:
        return case["substrate"]
    return max(sorted(carbon_uptakes(model, case)), key=lambda name: uptake_of(model, name), default=None)


def carbon_uptakes(model: Model, case: Mapping) -> list[str]:
    """The open uptakes of organic compounds, of the case's medium if it names any, else of the model."""
    for names in (case.get("medium") or {}, exchange_ids(model)):
        opened = [name for name in names if is_uptake(model.reactions.get_by_id(name))]
        for known in (True, None):
            found = [name for name in opened if feeds_carbon(model.reactions.get_by_id(name)) is known]
            if found:
                return found
    return []


def is_uptake(reaction: Reaction) -> bool:
    """Whether an exchange is open for uptake."""
    return uptake_of(reaction.model, reaction.id) > 0


def uptake_of(model: Model, name: str) -> float:
    """The largest uptake of an exchange in mmol/gDW/h."""
    reaction = model.reactions.get_by_id(name)
    return reaction.upper_bound if written_inwards(reaction) else -reaction.lower_bound
