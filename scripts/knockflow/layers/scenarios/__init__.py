"""Scenarios: the same strain under several bounds and coefficients, judged by the worst, the mean or a quantile.

`resolve` makes of a case's options what each scenario changes in its model, which `table` writes and both halves read.
"""

from collections.abc import Mapping

from knockflow.layers.layer import Layer

_BY_ID = {"type": "object", "propertyNames": {"type": "string"}}

_RANGE = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_FACTORS = {"type": "array", "items": {"type": "number", "exclusiveMinimum": 0}, "minItems": 2, "maxItems": 2}
_OR_NONE = {"type": ["array", "null"], "default": None}

_RANGES = {
    "uptake": _BY_ID
    | {
        "description": "Of the largest uptake by exchange reaction, in mmol/gDW/h: `{EX_o2_e: [0, 2]}`.",
        "additionalProperties": _RANGE | {"items": {"type": "number", "minimum": 0}},
        "default": {},
    },
    "times": _BY_ID
    | {
        "description": "Of the share of themselves by which a reaction's bounds are multiplied: `{ATPM: [0.8, 1.5]}`.",
        "additionalProperties": _FACTORS,
        "default": {},
    },
    "growth_atp": _FACTORS
    | _OR_NONE
    | {"description": "Of growth-associated ATP as a share of the model's; null lets it be."},
    "coefficients": _BY_ID
    | {
        "description": "By reaction and metabolite, of the share of itself by which a coefficient is multiplied.",
        "additionalProperties": {"type": "object", "additionalProperties": _FACTORS},
        "default": {},
    },
    "enzyme_budget": _FACTORS
    | _OR_NONE
    | {"description": "Of the enzyme budget as a share of the case's (layer `enzymes`); null lets it be."},
    "kcat": _BY_ID
    | {
        "description": "By reaction, of its turnover numbers as a share of the table's: `{PFK: [0.5, 2]}`.",
        "additionalProperties": _FACTORS,
        "default": {},
    },
    "dgp0_kj_per_mol": _BY_ID
    | {
        "description": "By reaction, of what is added to its standard energy, in kJ/mol: `{PFK: [-5, 5]}`.",
        "additionalProperties": _RANGE,
        "default": {},
    },
}

_SCENARIO = {
    "bounds": _BY_ID
    | {
        "description": "Least and largest flux by reaction, as `[least, largest]` in mmol/gDW/h.",
        "additionalProperties": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "default": {},
    },
    "uptake": _BY_ID
    | {
        "description": "Largest uptake by exchange reaction in mmol/gDW/h, as in `medium`.",
        "additionalProperties": {"type": "number", "minimum": 0},
        "default": {},
    },
    "times": _BY_ID
    | {
        "description": "By reaction, by what share of themselves its bounds are multiplied: `{ATPM: 1.5}`; those of "
        "1000 and more, which stand for none, stay.",
        "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
        "default": {},
    },
    "growth_atp": {
        "description": "Growth-associated ATP as a share of the model's, 1.2 for 20 % more: what the biomass reaction "
        "hydrolyses beside what it is made of.",
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 1,
    },
    "coefficients": _BY_ID
    | {
        "description": "By reaction and metabolite, by what share of itself a coefficient is multiplied: `{BIOMASS: "
        "{atp_c: 1.1}}`.",
        "additionalProperties": {
            "type": "object",
            "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
        },
        "default": {},
    },
    "enzyme_budget": {
        "description": "The enzyme budget as a share of the case's (layer `enzymes`).",
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 1,
    },
    "kcat": _BY_ID
    | {
        "description": "By reaction, its turnover numbers as a share of the table's (layer `enzymes`): `{PFK: 0.5}`.",
        "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
        "default": {},
    },
    "dgp0_kj_per_mol": _BY_ID
    | {
        "description": "By reaction, what is added to its standard energy in kJ/mol (layer `thermodynamics`).",
        "additionalProperties": {"type": "number"},
        "default": {},
    },
}


def _several(options: Mapping) -> bool:
    ranges = options["ranges"]
    return len(options["named"]) > 1 or options["table"] is not None or any(map(bool, ranges.values()))


def _asks(options: Mapping) -> set[str]:
    given = [*options["named"].values(), options["ranges"]]
    return {
        key for one in given for key in ("enzyme_budget", "kcat", "dgp0_kj_per_mol") if one[key] not in (None, 1, {})
    }


LAYER = Layer(
    key="scenarios",
    title="scenarios",
    without=(
        "Uptake rates, maintenance and biomass are taken at one value each; what a design guarantees may not "
        "hold at others."
    ),
    schema={
        "description": "Bounds and coefficients by scenario, by which designs are judged (docs/scenarios.md); null has "
        "none.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "named": {
                "description": "The scenarios by name; one that changes nothing is the model as it is.",
                "type": "object",
                "propertyNames": {"type": "string", "minLength": 1},
                "minProperties": 1,
                "additionalProperties": {"type": "object", "additionalProperties": False, "properties": _SCENARIO},
                "default": {"nominal": {}},
            },
            "table": {
                "description": "More scenarios, as a table (`.tsv`) with columns `scenario`, `quantity`, `reaction`, "
                "`metabolite` and `value`; a relative path counts from the configuration file, null reads none.",
                "type": ["string", "null"],
                "minLength": 1,
                "default": None,
            },
            "ranges": {
                "description": "Ranges of quantities, `[least, largest]`, from which `sampling` makes more scenarios.",
                "type": "object",
                "additionalProperties": False,
                "properties": _RANGES,
                "default": {},
            },
            "sampling": {
                "description": "What is made of ranges: their `corners`, all at once (up to 8 ranges), or a "
                "`latin_hypercube` of `count` scenarios.",
                "enum": ["corners", "latin_hypercube"],
                "default": "corners",
            },
            "count": {
                "description": "The number of scenarios of a Latin hypercube.",
                "type": "integer",
                "minimum": 1,
                "maximum": 256,
                "default": 10,
            },
            "judge": {
                "description": "What a design is worth by all scenarios: the `worst`, the `mean`, or a `quantile`. It "
                "must grow in each of them.",
                "enum": ["worst", "mean", "quantile"],
                "default": "worst",
            },
            "quantile": {
                "description": "The quantile, for `judge: quantile`: the share of scenarios below which a design may "
                "be worth less; 0 is the worst, 1 the best.",
                "type": ["number", "null"],
                "minimum": 0,
                "maximum": 1,
                "default": None,
            },
            "fresh": {
                "description": "The number of random scenarios between these in which designs are tested afterwards.",
                "type": "integer",
                "minimum": 0,
                "default": 20,
            },
            "seed": {
                "description": "Seed of these and of a Latin hypercube: the number of the series of random numbers.",
                "type": "integer",
                "minimum": 0,
                "default": 1,
            },
        },
        "default": None,
    },
    several=_several,
    judged=lambda options: options["judge"],
    asks=_asks,
    files=("table",),
    checks="knockflow.layers.scenarios.checks",
    follower="knockflow.layers.scenarios.follower",
    strain="knockflow.layers.scenarios.strain",
    table="knockflow.layers.scenarios.table",
    environment="model",
    designs="knockflow.layers.scenarios.designs",
    report="knockflow.layers.scenarios.report",
    from_table=True,
    example={
        "layers": {
            "scenarios": {
                "named": {
                    "nominal": {},
                    "maintenance": {"times": {"ATPM": 1.5}},
                    "leak": {"uptake": {"EX_o2_e": 1}},
                    "more_atp": {"growth_atp": 1.2},
                }
            }
        }
    },
    loose={"layers": {"scenarios": {"named": {"nominal": {}, "again": {}}}}},
)
