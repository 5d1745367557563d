"""A model from SBML."""

import re
from collections.abc import Mapping

import cobra
import libsbml
from cobra.io.sbml import F_GENE, F_REACTION, F_SPECIE

from knockflow.base.errors import ModelError, suggestion
from knockflow.base.uncollected import uncollected
from knockflow.model.entries.constraints import of_sbml
from knockflow.model.entries.genes import settle_rule
from knockflow.model.entries.sbml_ids import READING
from knockflow.model.entries.values import Values, number_of
from knockflow.model.finding import CHANGE, Finding, first_line, interval
from knockflow.model.formats.boundary import boundary_of, rewritten, settle_boundary
from knockflow.model.formats.encoding import decoded_xml
from knockflow.model.formats.fatal import refuse_if_fatal
from knockflow.model.formats.sbml_survey import Survey, survey


@uncollected()
def read_sbml_model(content: bytes) -> tuple[cobra.Model, list[Finding]]:
    """A model from SBML, any level that COBRApy reads.

    Raises
    ------
    ModelError
        If the file is not whole XML or no model, or with one line for each value that cannot be used.
    """
    text, findings = decoded_xml(content)
    found = survey(text)
    if found.root != "sbml":
        raise ModelError(f"holds no SBML: its first element is <{found.root}>")
    if not found.usual:
        refuse_if_fatal(lambda: model_of(text, found), "sbml", "libsbml")
    model, told = model_of(text, found)
    return model, findings + told


def model_of(text: str, found: Survey) -> tuple[cobra.Model, list[Finding]]:
    """The model that a text holds, by what a survey of it has found."""
    values = Values()
    check_ids(values, found)
    values.problems += [*unknown_species(found), *computed_values(found)]
    dropped = check_coefficients(values, found)
    mended = check_bounds(values, found)
    check_objective(values, found)
    charges = charges_of(values, found)
    findings: list[Finding] = values.check()
    plan = boundary_of(found)
    if plan:
        text = rewritten(text, plan)
    if mended:
        text = with_bounds(text, mended)
    model = parsed(text)
    for metabolite in model.metabolites:
        if metabolite.id in charges and "CHARGE" not in metabolite.notes:
            metabolite.charge = charges[metabolite.id]
    for reaction, species, value in dropped:
        one = model.reactions.get_by_id(reaction)
        one.add_metabolites({model.metabolites.get_by_id(species): -value})
    findings += one_way(model, found)
    findings += settle_boundary(model, plan) + rules_in_notes(model) + without_nan(model)
    return model, findings + of_sbml(model, text)


def parsed(text: str) -> cobra.Model:
    """The model as COBRApy reads it."""
    try:
        return cobra.io.read_sbml_model(text, f_replace=READING)
    except Exception as error:
        raise ModelError(f"cannot be read as sbml: {first_line(error.__cause__ or error)}") from error


# Values as the file has them ----------------------------------------------------------------------------------------


def check_ids(values: Values, found: Survey) -> None:
    """Ids that are missing, or that are the same once they are read."""
    for kind, key, names in (
        ("metabolite", F_SPECIE, found.species),
        ("reaction", F_REACTION, found.reactions),
        ("gene", F_GENE, found.genes),
    ):
        read = [values.identifier(kind, READING[key](name), number) for number, name in enumerate(names, start=1)]
        twice = [READING[key](name) for told, name in found.repeated if told == kind]
        values.unique(kind, [*read, *twice])


def unknown_species(found: Survey) -> list[str]:
    """Coefficients of species that the file does not have, and bounds that are parameters which it does not have."""
    problems = [
        f"reaction {READING[F_REACTION](name)}: no species {species!r} in the file{suggestion(species, found.species)}"
        for name, told in found.reactions.items()
        for species, _ in (*told.reactants, *told.products)
        if found.level > 1 and species not in found.species
    ]
    return problems + [
        f"reaction {READING[F_REACTION](name)}: {end} bound: no parameter {parameter!r} in the file"
        + suggestion(parameter, found.parameters)
        for name, told in found.reactions.items()
        for end, parameter in told.ends.items()
        if parameter not in found.parameters
    ]


def computed_values(found: Survey) -> list[str]:
    """Coefficients and bounds that the file computes, of which COBRApy would read another value; powers of fluxes."""
    problems = [
        f"{coefficient(*place)} is a formula (stoichiometryMath): write it as a number" for place in found.formulas
    ]
    problems += [
        f"{coefficient(*place)} is computed by {found.computed[name]}: write it as a number"
        for name, place in found.references.items()
        if name in found.computed
    ]
    problems += [
        f"reaction {READING[F_REACTION](name)}: the {end} bound {parameter} is computed by "
        f"{found.computed[parameter]}: write it as a number"
        for name, told in found.reactions.items()
        for end, parameter in told.ends.items()
        if parameter in found.computed
    ]
    return problems + [
        f"reaction {READING[F_REACTION](name)}: its term in the objective is {power}, only linear ones can be kept"
        for name, power in found.powers
    ]


def coefficient(reaction: str, species: str) -> str:
    """A coefficient as messages call it."""
    return f"reaction {READING[F_REACTION](reaction)}: the coefficient of {READING[F_SPECIE](species)}"


def as_number(text: str | None) -> float | str | None:
    """An attribute as a number, where it is one: in XML all values are texts."""
    number = None if text is None else number_of(text)
    return text if number is None else number


def check_coefficients(values: Values, found: Survey) -> list[tuple[str, str, float]]:
    """Check coefficients; those to drop: reaction, metabolite and what COBRApy reads."""
    dropped = []
    for reaction, told in found.reactions.items():
        name = READING[F_REACTION](reaction)
        for sign, side in ((-1, told.reactants), (1, told.products)):
            for species, text in side:
                metabolite = READING[F_SPECIE](species)
                if text is None:
                    values.problems.append(f"{coefficient(reaction, species)} is missing")
                    continue
                written = as_number(text)
                if not values.coefficient(name, metabolite, written) and written and isinstance(written, float):
                    dropped.append((name, metabolite, sign * written))
    return dropped


def check_bounds(values: Values, found: Survey) -> dict[str, tuple[float, float]]:
    """Check bounds; those that differ from the file, by the file's ids of reactions."""
    given: dict[str, tuple[float, float]] = {}
    for reaction in found.reactions:
        name = READING[F_REACTION](reaction)
        if not set(found.reactions[reaction].ends.values()) <= found.parameters.keys():
            continue
        ends = found.bounds(reaction)
        limits = {end: values.bound(name, f"{end}_bound", text) for end, text in ends.items()}
        if len(limits) == 2:
            given[name] = (limits["lower"], limits["upper"])
        elif any(value != value for value in limits.values()):
            given[name] = (limits.get("lower", -1000.0), limits.get("upper", 1000.0))
    settled = values.bounds(given)
    changed = {name for name in given if settled[name] != given[name]}
    return {
        name: settled[READING[F_REACTION](name)] for name in found.reactions if READING[F_REACTION](name) in changed
    }


def check_objective(values: Values, found: Survey) -> None:
    """Check the objective's coefficients."""
    for reaction, text in found.objective:
        values.objective(READING[F_REACTION](reaction), text)
    for reaction, told in found.reactions.items():
        if "OBJECTIVE_COEFFICIENT" in told.law:
            values.objective(READING[F_REACTION](reaction), told.law["OBJECTIVE_COEFFICIENT"])


def charges_of(values: Values, found: Survey) -> dict[str, int | float | None]:
    """Charges that COBRApy does not read as the file has them, by metabolite.

    One that is not given is 0 there, which would make balanced reactions look unbalanced.
    """
    charges: dict[str, int | float | None] = {}
    for species, told in found.species.items():
        text = told.get("charge")
        if text is None:
            charges[READING[F_SPECIE](species)] = None
        elif not re.fullmatch(r"\s*[-+]?\d+\s*", text):
            name = READING[F_SPECIE](species)
            charges[name] = values.charge(name, as_number(text))
    return charges


def with_bounds(text: str, mended: Mapping[str, tuple[float, float]]) -> str:
    """The file with some bounds set: a lower bound that was above the upper one by a rounding error."""
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    for reaction, (lower, _) in mended.items():
        one = model.getReaction(reaction)
        fluxes, law = one.getPlugin("fbc"), one.getKineticLaw()
        if fluxes and fluxes.getLowerFluxBound():
            fluxes.setUpperFluxBound(fluxes.getLowerFluxBound())
        elif law and law.getParameter("UPPER_BOUND"):
            law.getParameter("UPPER_BOUND").setValue(lower)
        for limit in model.getPlugin("fbc").getListOfFluxBounds() if model.getPlugin("fbc") else ():
            if limit.getReaction() == reaction:
                limit.setValue(lower)
    return libsbml.writeSBMLToString(document)


# What COBRApy leaves out --------------------------------------------------------------------------------------------


def one_way(model: cobra.Model, found: Survey) -> list[Finding]:
    """Close the way back of reactions that are not reversible and have no lower bound in the file."""
    findings = []
    for reaction, told in found.reactions.items():
        name = READING[F_REACTION](reaction)
        if told.reversible or "lower" in found.bounds(reaction) or name not in model.reactions:
            continue
        one = model.reactions.get_by_id(name)
        if one.lower_bound < 0:
            before = interval(one.bounds)
            one.bounds = (0.0, max(one.upper_bound, 0.0))
            why = "the file gives no lower bound and says that the reaction is not reversible"
            findings.append(Finding(name, "bounds", CHANGE, before, interval(one.bounds), why))
    return findings


def rules_in_notes(model: cobra.Model) -> list[Finding]:
    """Restore gene rules that older SBML keeps in its notes and that COBRApy could not read or did not look at."""
    findings, genes = [], frozenset(gene.id for gene in model.genes)
    for reaction in model.reactions:
        text = str(reaction.notes.get("GENE ASSOCIATION") or reaction.notes.get("GENE_ASSOCIATION") or "")
        if reaction.gene_reaction_rule or not text.strip():
            continue
        rule, found = settle_rule(reaction.id, re.sub(r"\bG_", "", text), genes)
        reaction.gene_reaction_rule = rule
        if rule and not found:
            found = [Finding(reaction.id, "gene rule", CHANGE, "", rule, "rule taken from the reaction's notes")]
        findings += found
    return findings


def without_nan(model: cobra.Model) -> list[Finding]:
    """Empty rules that are `nan`, which tables write for nothing."""
    values = Values()
    for reaction in model.reactions:
        if reaction.gene_reaction_rule.casefold() == "nan":
            reaction.gene_reaction_rule = values.rule(reaction.id, reaction.gene_reaction_rule)
    if values.findings:
        model.genes -= [gene for gene in model.genes if gene.id.casefold() == "nan" and not gene.reactions]
    return values.findings
