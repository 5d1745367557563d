"""The keys of a case and of a formulation in Python: those of the configuration, checked alike."""

from knockflow.base.errors import ConfigError
from knockflow.formulations.formulation import CUT_SETS, FORMULATIONS
from knockflow.problem.leader import KINDS
from knockflow.settings.config import checked

NAME = "case"
"""How messages name the case."""

NOT_HERE = {
    "formulations": "call `design` once for each",
    "layers": "a case in Python has none; use the workflow",
    "conditions": "they belong to a layer; use the workflow",
}
"""Keys of a case in a configuration that a case in Python does not take, and what to do instead."""

# The schema of the configuration without its descriptions: an installed library has no workflow beside it. A test
# compares the two.
_TEXT = {"type": "string", "minLength": 1}
_IDS = {"type": "array", "items": _TEXT, "uniqueItems": True}
_COSTS = {"type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0}, "default": {}}
_NAMED = {"type": "object", "propertyNames": {"type": "string"}, "default": {}}
_PSEUDO_GENES = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"add": _IDS | {"default": []}, "except": _IDS | {"default": []}},
}
_TARGETS = {
    "level": {"enum": ["reactions", "genes"], "default": "reactions"},
    "realizable": {"type": "boolean", "default": False},
    "with_side_effects": {"type": "boolean", "default": False},
    "include": _IDS | {"default": []},
    "exclude": _IDS | {"default": []},
    "subsystems": _IDS | {"default": []},
    "costs": _COSTS,
    "spontaneous": {"anyOf": [_IDS, _PSEUDO_GENES], "default": {}},
    "maintenance": _IDS | {"default": ["ATPM"]},
    "interventions": _COSTS | _NAMED,
    "pathways": _NAMED | {"additionalProperties": _IDS | {"minItems": 1}},
    "forced": _IDS | {"default": []},
    "exclusive": {"type": "array", "items": _IDS | {"minItems": 2}, "default": []},
    "table": {"type": ["string", "null"], "minLength": 1, "default": None},
}
_HETEROLOGOUS = {
    "type": ["object", "null"],
    "additionalProperties": False,
    "required": ["file"],
    "default": None,
    "properties": {"file": _TEXT, "reactions": _IDS | {"default": []}},
}
CASE = {
    "model": _TEXT,
    "product": {"type": ["string", "null"], "minLength": 1, "default": None},
    "heterologous": _HETEROLOGOUS,
    "medium": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}, "default": {}},
    "min_growth": {"type": "number", "minimum": 0, "default": 0.05},
    "cell_objective": {"type": "object", "additionalProperties": {"type": "number"}, "default": {}},
    "biomass": {"type": ["string", "null"], "default": None},
    "substrate": {"type": ["string", "null"], "default": None},
    "repair": {"type": "boolean", "default": True},
    "targets": {"type": "object", "additionalProperties": False, "default": {}, "properties": _TARGETS},
}
_BOUND = {"anyOf": [{"type": "null"}, {"type": "number", "exclusiveMinimum": 0}]}
_BIG_M = {
    "policy": {"enum": ["instance", "norm", "user"], "default": "instance"},
    **{key: _BOUND | {"default": None} for key in ("removal", "growth_price", "flux_price", "multiplier")},
}
_NESTED = {
    "type": "object",
    "additionalProperties": False,
    "required": ["where", "maximize"],
    "properties": {
        "where": {"type": "array", "items": _TEXT},
        "maximize": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "number"}},
    },
}
_REGION = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}, _NESTED]}
_REGIONS = {"type": "array", "items": _REGION, "default": []}
_PER_KIND = {
    "type": "object",
    "propertyNames": {"enum": list(KINDS)},
    "additionalProperties": {"type": "integer", "minimum": 0},
    "default": {},
}
FORMULATION = {
    "kind": {"enum": [*FORMULATIONS, CUT_SETS]},
    "method": {
        "enum": ["tree", "strong_duality", "kkt", "benders", "logic_benders", "exhaustive"],
        "default": "tree",
    },
    "solver": {"enum": ["cbc", "highs", "scip", "gurobi", "cplex", None], "default": None},
    "cuts": {"enum": ["classic", "pareto"], "default": "pareto"},
    "max_interventions": {"type": "integer", "minimum": 0, "default": 3},
    "max_per_kind": _PER_KIND,
    "min_value": {"anyOf": [{"type": "null"}, {"type": "number"}], "default": None},
    "suppress": _REGIONS,
    "protect": _REGIONS,
    "max_designs": {"anyOf": [{"type": "integer", "minimum": 1}, {"const": "all"}], "default": 3},
    "max_cost": {"anyOf": [{"type": "null"}, {"type": "number", "minimum": 0}], "default": None},
    "time_limit_s": _BOUND | {"default": 600},
    "mip_gap": {"type": "number", "minimum": 0, "maximum": 1, "default": 0},
    "feasibility": {"type": "number", "minimum": 1e-10, "maximum": 1e-3, "default": 1e-8},
    "scatter": {"type": "integer", "minimum": 1, "default": 1},
    "threads": {"type": "integer", "minimum": 1, "default": 1},
    "seed": {"type": "integer", "minimum": 0, "default": 1},
    "big_m": {"type": "object", "additionalProperties": False, "default": {}, "properties": _BIG_M},
    "confirm": {"enum": ["tree", "exhaustive", None], "default": "tree"},
}


def checked_part(section: str, name: str, given: dict, properties: dict, required: list[str]) -> dict:
    """One case or formulation as the configuration would have it: checked, with every default."""
    item = {"type": "object", "additionalProperties": False, "required": required, "properties": properties}
    schema = {"type": "object", "properties": {section: {"type": "object", "additionalProperties": item}}}
    config = {"cases": {}, "formulations": {}} | {section: {name: given}}
    return checked(config, schema, "Python")[section][name]


def case_options(given: dict) -> dict:
    """The keys of a case."""
    for key in NOT_HERE:
        if key in given:
            raise ConfigError(f"Python: cases.{NAME}.{key}: {NOT_HERE[key]}")
    elsewhere = {"formulations": None, "layers": {"regulation": None}, "conditions": {}}
    known = CASE | {key: {"default": value, "readOnly": True} for key, value in elsewhere.items()}
    return {"name": NAME} | checked_part("cases", NAME, given, known, ["model"])
