"""A model from COBRApy JSON or YAML."""

import io
import json
from collections.abc import Mapping

import cobra
from cobra.io.dict import model_from_dict
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knockflow.curation.bounds import settle_bounds
from knockflow.curation.finding import Finding, first_line
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
