"""Zones: the same strain in several places at once, each with a share of its biomass and a medium of its own.

    max  sum over z of w_z v_z,growth    s.t.  S v_z = 0,  l_z <= v_z <= u_z,  and what zones exchange by diffusion

`resolve` makes of a case's options the bounds and conductances by zone, which `table` writes and both halves read.
"""

from knockflow.layers.layer import Layer

_BY_ID = {"type": "object", "propertyNames": {"type": "string"}}

_ZONE = {
    "share": {
        "description": "Share of the biomass that is in the zone; the shares of all zones add up to 1.",
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1,
        "default": 1,
    },
    "medium": _BY_ID
    | {
        "description": "Largest uptake by exchange reaction in mmol/gDW/h, per biomass of the zone, as in the case's "
        "`medium`; what it does not name is as there.",
        "additionalProperties": {"type": "number", "minimum": 0},
        "default": {},
    },
}

_EXCHANGE = {
    "conductance": {
        "description": "Flow between neighbours per difference of concentration, in L/gDW/h: mmol/h per mmol/L and gDW "
        "of all biomass.",
        "type": "number",
        "minimum": 0,
        "default": 0,
    },
    "capacity": {
        "description": "Largest uptake per concentration in the zone, in L/gDW/h: mmol/gDW/h per mmol/L; null limits "
        "none.",
        "type": ["number", "null"],
        "exclusiveMinimum": 0,
        "default": None,
    },
    "largest": {
        "description": "Largest concentration in any zone, in mmol/L (0.001 M).",
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 1000,
    },
}

LAYER = Layer(
    key="zones",
    title="zones",
    without="Every cell sees the same medium; a large reactor or a biofilm has gradients.",
    schema={
        "description": "Zones in which parts of the biomass live (docs/zones.md); null has one.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "named": {
                "description": "The zones by name.",
                "type": "object",
                "propertyNames": {"type": "string", "minLength": 1},
                "minProperties": 1,
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": _ZONE,
                },
                "default": {"all": {"share": 1}},
            },
            "exchange": _BY_ID
            | {
                "description": "What neighbours exchange by diffusion, by exchange reaction.",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": _EXCHANGE,
                },
                "default": {},
            },
            "neighbours": {
                "description": "Pairs of zones that exchange; null: each zone and the next, as `named` lists them.",
                "type": ["array", "null"],
                "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
                "default": None,
            },
            "aim": {
                "description": "`joint`: the cell maximizes what all zones reach together, by their shares; `selfish`: "
                "each zone its own, where nothing connects the zones.",
                "enum": ["joint", "selfish"],
                "default": "joint",
            },
            "least_growth": {
                "description": "Growth that every zone has at least, in 1/h; the case's `min_growth` is asked of the "
                "total by shares.",
                "type": "number",
                "minimum": 0,
                "default": 0,
            },
            "equal_growth": {
                "description": "Whether all zones grow at the same rate, so that their shares stay what they are.",
                "type": "boolean",
                "default": False,
            },
        },
        "default": None,
    },
    parts=lambda options: len(options["named"]) > 1,
    checks="knockflow.layers.zones.checks",
    follower="knockflow.layers.zones.follower",
    strain="knockflow.layers.zones.strain",
    table="knockflow.layers.zones.table",
    environment="model",
    designs="knockflow.layers.zones.designs",
    report="knockflow.layers.zones.report",
    from_table=True,
    example={
        "layers": {
            "zones": {
                "named": {
                    "outside": {"share": 0.4, "medium": {"EX_o2_e": 20}},
                    "inside": {"share": 0.6, "medium": {"EX_glc__D_e": 5, "EX_o2_e": 0}},
                },
                "exchange": {
                    "EX_o2_e": {"conductance": 2, "capacity": 100, "largest": 0.25},
                    "EX_ac_e": {"conductance": 0.1},
                },
            }
        }
    },
    loose={"layers": {"zones": {"named": {"all": {"share": 1}}}}},
)
