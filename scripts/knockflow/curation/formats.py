"""Parsing each format of a model; bounds and gene rules are settled before COBRApy sees them.

COBRApy refuses a whole model over one pair of crossed bounds, and empties a gene rule that it cannot parse.
"""

import io
import json
import re
from collections.abc import Mapping
from xml.parsers import expat

import cobra
import libsbml
import numpy as np
from cobra.io.dict import model_from_dict
from cobra.io.mat import from_mat_struct
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from scipy.io import loadmat

from knockflow.curation.bounds import settle_bounds
from knockflow.curation.finding import CHANGE, Finding
from knockflow.curation.genes import settle_rule
from knockflow.errors import ModelError, suggestion


def read_json_model(content: bytes) -> tuple[cobra.Model, list[Finding]]:
    """A model from COBRApy JSON."""
    return from_plain(json.loads(content))


def read_yaml_model(content: bytes) -> tuple[cobra.Model, list[Finding]]:
    """A model from COBRApy YAML."""
    try:
        return from_plain(YAML(typ="safe").load(io.BytesIO(content)))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise ModelError(f"not whole YAML{where}: {getattr(error, 'problem', None) or first_line(error)}") from error


def from_plain(content: object) -> tuple[cobra.Model, list[Finding]]:
    """A model from the mapping that JSON and YAML hold, its rules and bounds settled first."""
    check_plain(content)
    reactions = content["reactions"]
    mended, findings = settle_bounds({r["id"]: (float(r["lower_bound"]), float(r["upper_bound"])) for r in reactions})
    for reaction in reactions:
        reaction["lower_bound"], reaction["upper_bound"] = mended.get(
            reaction["id"], (reaction["lower_bound"], reaction["upper_bound"])
        )
        reaction["gene_reaction_rule"], found = settle_rule(
            reaction["id"], str(reaction.get("gene_reaction_rule") or "")
        )
        findings += found
    return model_from_dict(content), findings


def check_plain(content: object) -> None:
    """Raise a ModelError that names what a JSON or YAML model lacks."""
    if not isinstance(content, Mapping):
        raise ModelError("holds no model: a mapping with reactions, metabolites and genes is expected")
    for key in ("reactions", "metabolites", "genes"):
        if not isinstance(content.get(key), list):
            raise ModelError(f"holds no list of {key}{suggestion(key, content)}")
        for number, member in enumerate(content[key], start=1):
            if not isinstance(member, Mapping) or not isinstance(member.get("id"), str):
                raise ModelError(f"{key}: entry {number} has no id")
    known = {metabolite["id"] for metabolite in content["metabolites"]}
    problems = []
    for reaction in content["reactions"]:
        problems += [
            f"reaction {reaction['id']}: no {key}"
            for key in ("metabolites", "lower_bound", "upper_bound")
            if reaction.get(key) is None
        ]
        problems += [
            f"reaction {reaction['id']}: no metabolite {name!r} in the model{suggestion(name, known)}"
            for name in reaction.get("metabolites") or ()
            if name not in known
        ]
    if problems:
        raise ModelError("\n".join(problems))


def read_mat_model(content: bytes) -> tuple[cobra.Model, list[Finding]]:
    """A model from a MATLAB file of the COBRA toolbox."""
    try:
        variables = loadmat(io.BytesIO(content))
    except NotImplementedError as error:
        raise ModelError("MATLAB 7.3 files cannot be read; save it in MATLAB with '-v7'") from error
    needed = {"rxns", "mets", "S", "lb", "ub"}
    for name, struct in sorted(variables.items()):
        if isinstance(struct, np.ndarray) and needed <= set(struct.dtype.names or ()):
            findings = settle_struct(struct)
            return tidied(from_mat_struct(struct, model_id=name)), findings
    found = ", ".join(name for name in sorted(variables) if not name.startswith("__"))
    raise ModelError(f"no variable with the fields {', '.join(sorted(needed))}; variables: {found or 'none'}")


def settle_struct(struct: np.ndarray) -> list[Finding]:
    """Settle bounds and gene rules of a MATLAB model in place, before COBRApy reads it."""
    ids = [text_of(cell) for cell in struct["rxns"][0, 0]]
    lower, upper = (np.array(struct[key][0, 0], dtype=float).reshape(-1, 1) for key in ("lb", "ub"))
    mended, findings = settle_bounds({name: (lower[i, 0], upper[i, 0]) for i, name in enumerate(ids)})
    for name, bounds in mended.items():
        lower[ids.index(name), 0], upper[ids.index(name), 0] = bounds
    struct["lb"][0, 0], struct["ub"][0, 0] = lower, upper
    if "grRules" in struct.dtype.names:
        rules = struct["grRules"][0, 0]
        for name, cell in zip(ids, rules, strict=False):
            rule, found = settle_rule(name, text_of(cell))
            cell[0] = np.array([rule] if rule else [])
            findings += found
    return findings


def text_of(cell: np.ndarray) -> str:
    """The text in a MATLAB cell."""
    return str(cell[0][0]).strip() if np.size(cell[0]) else ""


def tidied(model: cobra.Model) -> cobra.Model:
    """A MATLAB model with missing charges as None and whole ones as integers, as in the other formats."""
    for metabolite in model.metabolites:
        value = metabolite.charge
        if value is not None:
            metabolite.charge = None if np.isnan(value) else int(value) if float(value).is_integer() else float(value)
    return model


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
    return model, findings + rules_in_notes(model)


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


READERS = {"json": read_json_model, "yaml": read_yaml_model, "mat": read_mat_model, "sbml": read_sbml_model}


def first_line(error: object) -> str:
    """The first line of a complaint that says something."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    return text if len(text) <= 200 else text[:197] + "..."
