"""Scenarios: the same strain under several bounds and coefficients, judged by the worst, the mean or a quantile.

`resolve` makes of a case's options what each scenario changes in its model, which `table` writes and both halves read.
"""

from knockflow.layers.layer import Layer

_BY_ID = {"type": "object", "propertyNames": {"type": "string"}}

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
}

LAYER = Layer(
    key="scenarios",
    title="scenarios",
    schema={
        "description": "Bounds and coefficients by scenario, by which designs are judged (docs/scenarios.md); null has "
        "none.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "named": {
                "description": "The scenarios by name; one that changes nothing is the model as it is.",
                "type": "object",
                "propertyNames": {"type": "string"},
                "minProperties": 1,
                "additionalProperties": {"type": "object", "additionalProperties": False, "properties": _SCENARIO},
                "default": {"nominal": {}},
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
                "description": "Seed of these: the number of the series of random numbers that is used.",
                "type": "integer",
                "minimum": 0,
                "default": 1,
            },
        },
        "default": None,
    },
    several=lambda options: len(options["named"]) > 1,
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
