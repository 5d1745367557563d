"""A model from SBML."""

import re
from xml.parsers import expat

import cobra
import libsbml

from knockflow.curation.bounds import settle_bounds
from knockflow.curation.constraints import of_sbml
from knockflow.curation.finding import CHANGE, Finding, first_line
from knockflow.curation.genes import settle_rule
from knockflow.errors import ModelError


def read_sbml_model(content: bytes) -> tuple[cobra.Model, list[Finding]]:
    """A model from SBML, any level that COBRApy reads."""
    uncharged = species_without_charge(content)
    text = content.decode("utf-8")
    findings = []
    try:
        model = cobra.io.read_sbml_model(text)
    except Exception as error:
        text, findings = mended_sbml(text)
        if not findings:
            raise ModelError(f"cannot be read as sbml: {first_line(error.__cause__ or error)}") from error
        model = cobra.io.read_sbml_model(text)
    for metabolite in model.metabolites:
        # COBRApy reads a charge that is not given as 0, which would make balanced reactions look unbalanced.
        if metabolite.id in uncharged and metabolite.charge == 0 and "CHARGE" not in metabolite.notes:
            metabolite.charge = None
    return model, findings + rules_in_notes(model) + of_sbml(model, text)


def species_without_charge(content: bytes) -> set[str]:
    """The metabolites whose species element gives no charge; a ModelError where the file is not whole XML."""
    found = set()

    def look(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "species" and not any(key.rpartition(":")[2] == "charge" for key in attributes):
            found.add(attributes.get("id", "").removeprefix("M_"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = look
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ModelError(f"not whole XML: {error}") from error
    return found


def mended_sbml(text: str) -> tuple[str, list[Finding]]:
    """SBML with rounding errors in its bounds mended, and a finding for each; a ModelError for worse ones."""
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    parts = {}
    for reaction in model.getListOfReactions() if model else ():
        fluxes = reaction.getPlugin("fbc")
        limits = [model.getParameter(key) for key in flux_parameters(fluxes)] if fluxes else []
        if len(limits) == 2 and all(limits):
            name = reaction.getIdAttribute().removeprefix("R_")
            parts[name] = (fluxes, (limits[0].getValue(), limits[1].getValue()))
    mended, findings = settle_bounds({name: bounds for name, (_, bounds) in parts.items()})
    for name in mended:
        fluxes, _ = parts[name]
        fluxes.setUpperFluxBound(fluxes.getLowerFluxBound())
    return libsbml.writeSBMLToString(document), findings


def flux_parameters(fluxes) -> list[str]:
    """The ids of the parameters that bound a reaction, where it has both."""
    return [key for key in (fluxes.getLowerFluxBound(), fluxes.getUpperFluxBound()) if key]


def rules_in_notes(model: cobra.Model) -> list[Finding]:
    """Restore gene rules that older SBML keeps in its notes and that COBRApy could not read or did not look at."""
    findings = []
    for reaction in model.reactions:
        text = str(reaction.notes.get("GENE ASSOCIATION") or reaction.notes.get("GENE_ASSOCIATION") or "")
        if reaction.gene_reaction_rule or not text.strip():
            continue
        rule, found = settle_rule(reaction.id, re.sub(r"\bG_", "", text))
        reaction.gene_reaction_rule = rule
        if rule and not found:
            found = [Finding(reaction.id, "gene rule", CHANGE, "", rule, "rule taken from the reaction's notes")]
        findings += found
    return findings
