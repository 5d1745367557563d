"""Enzymes: what a flux costs in protein, and how much of that the cell has.

    sum over reactions of cost * |flux| <= budget,      cost = mass / (3600 * kcat)

Of a measured protein, what its reactions draw together is no more than there is of it, and the rest of the budget is
for all that was not measured.

After sMOMENT (Bekiaris & Klamt 2020, doi:10.1186/s12859-019-3329-9) and GECKO (Sanchez et al. 2017,
doi:10.15252/msb.20167411). `inputs` reads the tables, `costs` makes of them what each enzyme of a reaction costs.
"""

from knockflow.layers.layer import Layer

_TABLE = {"type": ["string", "null"], "minLength": 1, "default": None}
_PATH = "A relative path counts from the configuration file"

_OPTIONS = {
    "budget": {
        "description": "Mass of all enzymes of the metabolism together in g/gDW; or of all protein, where "
        "`unmeasured_share` says what part of it enzymes are.",
        "type": "number",
        "exclusiveMinimum": 0,
        "default": 0.2818,
    },
    "costs": _TABLE
    | {
        "description": "Table (`.tsv`) of costs by reaction, with columns `reaction`, `cost_g_h_per_mmol` and, where "
        f"the directions differ, `direction` (`forward`, `reverse`, `both`). {_PATH}, `e_coli_core` is the project's; "
        "it takes the place of `kcats` and `masses`.",
    },
    "kcats": _TABLE
    | {
        "description": "Table (`.tsv`) of turnover numbers, with columns `reaction`, `kcat_per_s` and, where the "
        f"directions differ, `direction`; it needs `masses`. {_PATH}, `e_coli_core_kcats` is the project's own.",
    },
    "masses": _TABLE
    | {
        "description": f"Table (`.tsv`) of the masses of genes' proteins, with columns `gene` and `mw_kda`. {_PATH}, "
        "`e_coli_core_masses` is the project's own.",
    },
    "subunits": _TABLE
    | {
        "description": "Table (`.tsv`) of how often complexes have their subunits, with columns `reaction`, `isozyme`, "
        f"`gene` and `stoichiometry`; what it does not have stands once. {_PATH}.",
    },
    "abundances": _TABLE
    | {
        "description": "Table (`.tsv`) of how much there is of measured proteins, with columns `gene` and either "
        "`mmol_per_gdw` or `mg_per_gdw`: each has a cap of its own, and the rest of the budget is for all others. It "
        f"needs `kcats` and `masses`. {_PATH}.",
    },
    "unmeasured_share": {
        "description": "Share of the mass of protein that was not measured, in g/g, that enzymes of the model are; "
        "1 where `budget` is the mass of enzymes alone.",
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1,
        "default": 1,
    },
    "saturation": {
        "description": "Mean saturation of the enzymes that were not measured, by which what is left for them, in "
        "g/gDW, is multiplied.",
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1,
        "default": 1,
    },
    "missing": {
        "description": "What a reaction with a gene rule costs of which a table says nothing: `median` of those that "
        "it tells of, or `none`.",
        "enum": ["median", "none"],
        "default": "none",
    },
    "isozymes": {
        "description": "`cheapest` gives an enzyme its own column only where designs or rules may take away some of a "
        "reaction's isozymes but not all; `separate` wherever isozymes have different costs. The cell can do the same.",
        "enum": ["cheapest", "separate"],
        "default": "cheapest",
    },
    "exempt": {
        "description": "Reactions that cost nothing.",
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "uniqueItems": True,
        "default": [],
    },
}
_DEFAULTS = {key: part["default"] for key, part in _OPTIONS.items()}

LAYER = Layer(
    key="enzymes",
    title="mass of enzymes",
    without=(
        "Enzymes cost nothing here: any flux within its bounds counts as possible, although a cell may not "
        "afford, or not express, the enzymes that it needs."
    ),
    sources=("10.1186/s12859-019-3329-9",),
    schema={
        "description": "Mass of enzymes that fluxes need, and its budget (docs/enzymes.md): `default` for the "
        "project's own costs of the E. coli core, or a mapping; null adds nothing.",
        "anyOf": [
            {"type": "null"},
            {"type": "string", "enum": ["default"]},
            {"type": "object", "additionalProperties": False, "properties": _OPTIONS},
        ],
        "default": None,
    },
    short={"default": _DEFAULTS | {"costs": "e_coli_core"}},
    files=("costs", "kcats", "masses", "subunits", "abundances"),
    own_files={
        "e_coli_core": "layers/enzymes/e_coli_core_costs.tsv",
        "e_coli_core_kcats": "layers/enzymes/e_coli_core_kcats.tsv",
        "e_coli_core_masses": "layers/enzymes/e_coli_core_masses.tsv",
    },
    varies=("enzyme_budget", "kcat"),
    follower="knockflow.layers.enzymes.follower",
    strain="knockflow.layers.enzymes.strain",
    table="knockflow.layers.enzymes.table",
    designs="knockflow.layers.enzymes.designs",
    report="knockflow.layers.enzymes.report",
    environment="model",
    example={
        "layers": {"enzymes": {"budget": 0.015, "kcats": "e_coli_core_kcats", "masses": "e_coli_core_masses"}},
        "min_growth": 0.02,
    },
    loose={"layers": {"enzymes": {"budget": 1e6, "costs": "e_coli_core"}}},
)
