"""Thermodynamics: reaction energies from component contribution, and the directions that they allow.

`conditions` holds what is fixed in the cell, `directions` the arithmetic from an energy to a direction and to bounds,
`estimates` the energies of reactions, `energies` how these are uncertain together, `cache` keeps them for all cases.
Only `database` opens the compound database.
"""

from knockflow.language.kinds import FollowerKind
from knockflow.layers.layer import Layer

_IDS = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}


def _number(description: str, default: float, **limits: float) -> dict:
    return {"description": description, "type": "number"} | limits | {"default": default}


_RANGE = {"type": "array", "items": {"type": "number", "exclusiveMinimum": 0}, "minItems": 2, "maxItems": 2}
POTENTIALS = {"minimum": -0.5, "maximum": 0.5}
"""Limits of the membrane potential in V."""

QUINONE_POTENTIALS = {"minimum": -1, "maximum": 1}
"""Limits of a quinone's standard potential in V."""

CONDITIONS = {
    "ph": _number("pH inside.", 7.5, minimum=0, maximum=14),
    "ph_outside": _number("pH of periplasm and medium.", 7.0, minimum=0, maximum=14),
    "pmg": _number("pMg.", 3.0, minimum=0, maximum=14),
    "ionic_strength_m": _number("Ionic strength in M.", 0.25, minimum=0, maximum=0.5),
    "temperature_k": _number("Temperature in K.", 298.15, minimum=273.15, maximum=373.15),
    "membrane_potential_v": {
        "description": "Potential inside against outside in V, or its range as `[least, largest]`: one value within it "
        "for all reactions, whichever suits the cell.",
        "anyOf": [
            {"type": "number"} | POTENTIALS,
            {"type": "array", "items": {"type": "number"} | POTENTIALS, "minItems": 2, "maxItems": 2},
        ],
        "default": -0.15,
    },
    "concentration_min_m": _number("Least concentration inside in M.", 1e-6, exclusiveMinimum=0),
    "concentration_max_m": _number("Largest concentration inside in M.", 1e-2, exclusiveMinimum=0),
    "outside_concentration_min_m": _number("Least concentration outside in M.", 1e-6, exclusiveMinimum=0),
    "outside_concentration_max_m": _number("Largest concentration outside in M.", 1e-1, exclusiveMinimum=0),
    "confidence_z": _number("Standard deviations by which an energy may be off.", 1.96, minimum=0, maximum=10),
    "concentrations": {
        "description": "Range in M by metabolite id, as `[least, largest]`.",
        "type": "object",
        "additionalProperties": _RANGE,
        "default": {},
    },
    "quinone_potentials_v": {
        "description": "Standard potential at pH 7 in V of a quinone by its BiGG id, where it is not the measured one: "
        "`{q8: -0.074}` lets the core model's q8 stand for menaquinone.",
        "type": "object",
        "additionalProperties": {"type": "number"} | QUINONE_POTENTIALS,
        "default": {},
    },
    "inside": {"description": "Compartments inside the membrane."} | _IDS | {"default": ["c"]},
    "outside": {"description": "Compartments outside the membrane."} | _IDS | {"default": ["p", "e"]},
}
"""The keys of `conditions`, with defaults and limits: what lies outside them is a slip of the pen, or beyond what the
estimates are made for."""

_OPTIONS = {
    "mode": {
        "description": "`directions` closes the directions that the energies of single reactions rule out; "
        "`concentrations` lets only reactions run together that some concentrations drive all at once.",
        "enum": ["directions", "concentrations"],
        "default": "concentrations",
    },
    "concentrations": {
        "description": "Table (`.tsv`) of ranges with columns `metabolite`, `compartment`, `least_m` and `largest_m` "
        "in M; what `conditions` says of a metabolite goes before it. A relative path counts from the configuration "
        "file, `e_coli` is the project's own of measured ranges, null reads none.",
        "type": ["string", "null"],
        "minLength": 1,
        "default": None,
    },
    "ratios": {
        "description": "Ratios of concentrations by metabolite id, without unit: `[atp_c/adp_c >= 3]`; the signs are "
        "`>=`, `<=` and `=`.",
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "uniqueItems": True,
        "default": [],
    },
    "min_driving_force_kj_per_mol": _number(
        "Energy in kJ/mol that a reaction must lose where it runs.", 1e-3, minimum=1e-4, maximum=100
    ),
    "max_sd_kj_per_mol": _number(
        "Standard deviation in kJ/mol above which the energy of a reaction limits nothing.", 20.0, minimum=0
    ),
    "exempt": {"description": "Reactions that no energy limits."} | _IDS | {"default": []},
    "passive_transport": {
        "description": "Whether energies limit passive transport: what gradients of metabolites and protons drive.",
        "enum": ["limited", "free"],
        "default": "limited",
    },
    "contradictions": {
        "description": "What becomes of an energy that rules out every direction which the model gives its reaction: "
        "`exempt` does not apply it, `apply` closes the reaction.",
        "enum": ["exempt", "apply"],
        "default": "exempt",
    },
    "samples": {
        "description": "The number of samples of the standard energies, from their covariance, for which each listed "
        "design is evaluated again; 0 draws none.",
        "type": "integer",
        "minimum": 0,
        "default": 0,
    },
    "compare_with_plain": {
        "description": "Whether each formulation is searched once more without layers, so that the report also has "
        "what the plain cell recommends, and why it is rejected. A plain case of the configuration that asks the same "
        "serves without it.",
        "type": "boolean",
        "default": False,
    },
    "seed": {
        "description": "Seed of the samples, a whole number of your choice.",
        "type": "integer",
        "minimum": 0,
        "default": 1,
    },
}
_DEFAULTS = {key: part["default"] for key, part in _OPTIONS.items()}

LAYER = Layer(
    key="thermodynamics",
    title="energies of reaction",
    without=(
        "Directions of reactions are those of the model: no concentrations were sought that drive the fluxes together."
    ),
    sources=(
        "10.1371/journal.pcbi.1003098",
        "10.1093/nar/gkab1106",
    ),
    schema={
        "description": "Energies of reaction: `directions`, `concentrations` (docs/thermodynamics.md), or a mapping; "
        "null adds nothing.",
        "anyOf": [
            {"type": "null"},
            {"type": "string", "enum": ["directions", "concentrations"]},
            {"type": "object", "additionalProperties": False, "properties": _OPTIONS},
        ],
        "default": None,
    },
    short={mode: _DEFAULTS | {"mode": mode} for mode in ("directions", "concentrations")},
    why_kind="concentrations",
    kinds={"concentrations": FollowerKind.CONFLICTS},
    checks="knockflow.layers.thermodynamics.checks",
    files=("concentrations",),
    own_files={"e_coli": "layers/thermodynamics/e_coli_concentrations.tsv"},
    case_keys={
        "conditions": {
            "description": "Conditions for the energies of reaction.",
            "type": "object",
            "additionalProperties": False,
            "default": {},
            "properties": CONDITIONS,
        }
    },
    example={
        "layers": {"thermodynamics": {"mode": "concentrations", "ratios": ["atp_c/adp_c >= 3"]}},
        "conditions": {"ph": 7.2, "membrane_potential_v": [-0.15, -0.1], "concentration_min_m": 1e-5},
    },
    loose={
        "layers": {"thermodynamics": "concentrations"},
        "conditions": {
            "concentration_min_m": 1e-100,
            "concentration_max_m": 1e9,
            "outside_concentration_min_m": 1e-100,
            "outside_concentration_max_m": 1e9,
        },
    },
    varies=("dgp0_kj_per_mol",),
    follower="knockflow.layers.thermodynamics.follower",
    strain="knockflow.layers.thermodynamics.strain",
    evidence="knockflow.layers.thermodynamics.evidence",
    table="knockflow.layers.thermodynamics.table",
    report="knockflow.layers.thermodynamics.report",
    from_table=True,
    designs="knockflow.layers.thermodynamics.designs",
    designs_in=("concentrations",),
    plain_in="compare_with_plain",
    environment="thermodynamics",
    memory_mb=3000,
)
