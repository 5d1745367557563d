"""A model from COBRApy JSON or YAML, in COBRApy's form or in RAVEN's."""

import json
from collections import Counter
from collections.abc import Mapping

import cobra

from knockflow.base.errors import ModelError, suggestion
from knockflow.language.ids import gene_id
from knockflow.model.entries.constraints import of_metabolites
from knockflow.model.entries.values import Values, brief, in_files
from knockflow.model.finding import INFO, WHOLE_MODEL, Finding
from knockflow.model.formats.encoding import decoded
from knockflow.model.formats.yaml_text import load_yaml
from knockflow.model.from_mapping import model_from

PARTS = {"metabolites": "metabolite", "reactions": "reaction", "genes": "gene"}
DERIVED = {"reversibility", "reaction", "functional", "variable_kind"}
"""Keys that older files have and that follow from others."""


def read_json_model(content: bytes) -> tuple[cobra.Model, list[Finding]]:
    """A model from COBRApy JSON."""
    text, findings = decoded(content)
    model, found = from_plain(json.loads(text, object_pairs_hook=once_each))
    return model, findings + found


def read_yaml_model(content: bytes) -> tuple[cobra.Model, list[Finding]]:
    """A model from YAML, as COBRApy or RAVEN write it."""
    text, findings = decoded(content)
    model, found = from_plain(load_yaml(text))
    return model, findings + found


def from_plain(content: object) -> tuple[cobra.Model, list[Finding]]:
    """A model from the mapping that JSON and YAML hold, every value settled before COBRApy sees it.

    Raises
    ------
    ModelError
        With one line for each value that cannot be used and each reference to what is not there.
    """
    content, raven = as_mapping(content)
    check_parts(content)
    values = Values()
    ids = (entry.get("id") for entry in content["genes"] or () if isinstance(entry, Mapping))
    values.genes = frozenset(gene_id(name) for name in ids if isinstance(name, str))
    settled = {
        "metabolites": [metabolite(values, entry, n) for n, entry in enumerate(content["metabolites"], start=1)],
        "reactions": reactions(values, content["reactions"]),
        "genes": list(filter(None, (gene(values, e, n) for n, e in enumerate(content["genes"] or (), start=1)))),
    }
    for part, kind in PARTS.items():
        values.unique(kind, [entry["id"] for entry in settled[part]])
    values.problems += unknown_metabolites(settled)
    settled |= whole(values, content)
    findings = raven + values.check()
    model = model_from(settled)
    return model, findings + of_metabolites(model)


# The form of the file -----------------------------------------------------------------------------------------------


def as_mapping(content: object) -> tuple[object, list[Finding]]:
    """The file as one mapping of entries that are mappings: RAVEN writes either as lists of one-key mappings."""
    whole_file = merged(content)
    if not isinstance(whole_file, Mapping):
        return content, []
    parts = {part: whole_file.get(part) for part in PARTS}
    entries = {part: list(map(merged, members)) for part, members in parts.items() if isinstance(members, list)}
    raven = whole_file is not content or "metaData" in whole_file
    why = "RAVEN's form of YAML: metaData and lists of one-key maps are read as mappings"
    findings = [Finding(WHOLE_MODEL, "format", INFO, "", "", why)] if raven else []
    return {**whole_file, **entries}, findings


def merged(content: object) -> object:
    """A list of mappings of one key as one mapping; anything else as it is.

    Raises
    ------
    ModelError
        If a key stands twice.
    """
    if one_key_each(content):
        return once_each([pair for part in content for pair in part.items()])
    return content


def gathered(content: object) -> object:
    """The same for annotation and notes, in which a key may stand several times: with all its values."""
    if not one_key_each(content):
        return content
    found: dict = {}
    for key, value in (pair for part in content for pair in part.items()):
        found.setdefault(key, []).extend(value if isinstance(value, list) else [value])
    return {key: values if len(values) > 1 else values[0] for key, values in found.items() if values}


def one_key_each(content: object) -> bool:
    """Whether something is a list of mappings with one key each."""
    return (
        isinstance(content, list)
        and bool(content)
        and all(isinstance(part, Mapping) and len(part) == 1 for part in content)
    )


def once_each(pairs: list[tuple[object, object]]) -> dict:
    """Pairs as a mapping; a ModelError where a key stands twice, of which JSON would silently take the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        where = f"in the entry {brief(found['id'])}" if "id" in found else f"in {brief(found)}"
        raise ModelError(f"the key {twice!r} stands twice {where}")
    return found


def check_parts(content: object) -> None:
    """Raise a ModelError where the lists that make a model are not there."""
    if not isinstance(content, Mapping):
        raise ModelError("holds no model: a mapping with reactions, metabolites and genes is expected")
    problems = []
    for part in ("reactions", "metabolites", "genes"):
        members = content.get(part)
        if not isinstance(members, list) and not (part == "genes" and part in content and not members):
            raise ModelError(f"holds no list of {part}{suggestion(part, content)}")
        problems += [
            f"{part}: entry {number} has no id"
            for number, member in enumerate(members or (), start=1)
            if not isinstance(member, Mapping)
        ]
    if problems:
        raise ModelError("\n".join(problems))


# The entries --------------------------------------------------------------------------------------------------------


def common(values: Values, kind: str, entry: Mapping, number: int) -> dict:
    """The id, name, notes and annotation of an entry, where it has them."""
    item = values.identifier(kind, entry.get("id"), number)
    settled: dict = {"id": item}
    if "name" in entry:
        settled["name"] = values.text(item, "name", entry["name"])
    annotation, notes = entry.get("annotation"), entry.get("notes")
    if annotation is not None:
        settled["annotation"] = values.annotation(item, gathered(annotation))
    if notes is not None:
        settled["notes"] = values.notes(item, gathered(notes))
    return settled


def with_rest(settled: dict, entry: Mapping) -> dict:
    """An entry with what COBRApy has no place for, such as RAVEN's `deltaG` and `rxnNotes`, among its notes."""
    rest = {
        key: value
        for key, value in entry.items()
        if key not in settled and key not in DERIVED and value not in (None, "", [])
    }
    if "eccodes" in rest:
        codes = rest.pop("eccodes")
        settled.setdefault("annotation", {}).setdefault("ec-code", codes)
    if rest:
        settled["notes"] = {**rest, **settled.get("notes", {})}
    return settled


def metabolite(values: Values, entry: Mapping, number: int) -> dict:
    """A metabolite with its values settled."""
    settled = common(values, "metabolite", entry, number)
    item = settled["id"]
    for key in ("compartment", "formula"):
        if entry.get(key) is not None:
            settled[key] = values.text(item, key, entry[key])
    if "charge" in entry:
        settled["charge"] = values.charge(item, entry["charge"])
    settled |= {key: entry[key] for key in ("_bound", "_constraint_sense") if key in entry}
    return with_rest(settled, entry)


def gene(values: Values, entry: Mapping, number: int) -> dict | None:
    """A gene with its values settled; None for one that is NaN."""
    if values.no_gene(entry.get("id"), number):
        return None
    return with_rest(common(values, "gene", entry, number), entry)


def reactions(values: Values, entries: list) -> list[dict]:
    """The reactions with their values settled, bounds of all of them at once."""
    settled = [reaction(values, entry, number) for number, entry in enumerate(entries, start=1)]
    limits = values.bounds({r["id"]: (r["lower_bound"], r["upper_bound"]) for r in settled if "upper_bound" in r})
    for one in settled:
        if "upper_bound" in one:
            one["lower_bound"], one["upper_bound"] = limits[one["id"]]
    return settled


def reaction(values: Values, entry: Mapping, number: int) -> dict:
    """A reaction with its values settled; without bounds where the file lacks them, which is a problem."""
    settled = common(values, "reaction", entry, number)
    item = settled["id"]
    lacking = [key for key in ("metabolites", "lower_bound", "upper_bound") if entry.get(key) is None]
    values.problems += [f"reaction {item}: no {key}" for key in lacking]
    terms = merged(entry.get("metabolites"))
    if not isinstance(terms, Mapping):
        if terms:
            values.problems.append(f"reaction {item}: its metabolites are no mapping of ids to coefficients")
        terms = {}
    settled["metabolites"] = {
        in_files("metabolite", str(name)): values.coefficient(item, name, value) for name, value in terms.items()
    }
    if not {"lower_bound", "upper_bound"} & set(lacking):
        settled |= {key: values.bound(item, key, entry[key]) for key in ("lower_bound", "upper_bound")}
    settled["gene_reaction_rule"] = values.rule(item, entry.get("gene_reaction_rule"))
    if "subsystem" in entry:
        settled["subsystem"] = values.subsystem(item, entry["subsystem"])
    if "objective_coefficient" in entry:
        settled["objective_coefficient"] = values.objective(item, entry["objective_coefficient"])
    return with_rest(settled, entry)


def unknown_metabolites(settled: Mapping) -> list[str]:
    """References to metabolites that the file does not list."""
    known = {entry["id"] for entry in settled["metabolites"]}
    return [
        f"reaction {one['id']}: no metabolite {name!r} in the model{suggestion(name, known)}"
        for one in settled["reactions"]
        for name in one["metabolites"]
        if name not in known
    ]


def whole(values: Values, content: Mapping) -> dict:
    """What a file says of the model as a whole; RAVEN has it under metaData."""
    about = {**(content.get("metaData") or {}), **{k: v for k, v in content.items() if v is not None}}
    settled: dict = {"compartments": compartments(values, merged(content.get("compartments")))}
    for key in ("id", "name"):
        if about.get(key) is not None:
            settled[key] = values.text(WHOLE_MODEL, key, about[key])
    if content.get("notes") is not None:
        settled["notes"] = values.notes(WHOLE_MODEL, gathered(content["notes"]))
    if content.get("annotation") is not None:
        settled["annotation"] = values.annotation(WHOLE_MODEL, gathered(content["annotation"]))
    return settled


def compartments(values: Values, given: object) -> dict[str, str]:
    """Names of compartments by id."""
    if isinstance(given, Mapping):
        return {str(key): values.text(str(key), "compartment", name) for key, name in given.items()}
    if isinstance(given, list):
        return {values.text(WHOLE_MODEL, "compartment", name): "" for name in given}
    if given not in (None, ""):
        values.text(WHOLE_MODEL, "compartments", given)
    return {}
