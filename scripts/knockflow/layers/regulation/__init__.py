"""Regulation: Boolean rules of genes, as steady-state regulatory flux balance analysis reads them.

After Shlomi et al. 2007 (doi:10.1038/msb4100141). `rules` reads rules and tables of them, `resolve` finds out what
their symbols are in a model.
"""

from knockflow.language.kinds import FollowerKind
from knockflow.layers.layer import Layer

_NAMED = {"type": "object", "propertyNames": {"type": "string"}}

LAYER = Layer(
    key="regulation",
    title="rules of genes",
    without=(
        "Gene regulation is no part of the model: genes may be off in this medium, and regulators may answer "
        "to a removal by closing the way of the product."
    ),
    sources=("10.1038/msb4100141",),
    schema={
        "description": "Boolean rules of genes: `default` for the project's own table of the E. coli core, or a "
        "mapping; null adds none.",
        "anyOf": [
            {"type": "null"},
            {"type": "string", "enum": ["default"]},
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "table": {
                        "description": "Table (`.tsv`) with columns `gene` and `rule`, and optionally `kind` and "
                        "`name`; a relative path counts from the configuration file, `default` is the project's own.",
                        "type": "string",
                        "minLength": 1,
                        "default": "default",
                    },
                    "conditions": _NAMED
                    | {
                        "description": "Values of symbols that stand for conditions, such as `{Stress: true, pH: 7}`; "
                        "others are false.",
                        "additionalProperties": {"type": ["boolean", "number"]},
                        "default": {},
                    },
                    "names": _NAMED
                    | {
                        "description": "The model's ids of what the table calls otherwise, such as `{BiomassEcoli: "
                        "BIOMASS_Ecoli}`.",
                        "additionalProperties": {"type": "string", "minLength": 1},
                        "default": {},
                    },
                },
            },
        ],
        "default": None,
    },
    short={"default": {"table": "default", "conditions": {}, "names": {}}},
    kind=FollowerKind.INTEGER,
    why_kind="rules of genes",
    only_takes_away=False,
    files=("table",),
    own_files={"default": "layers/regulation/e_coli_core.tsv"},
    example={"layers": {"regulation": "default"}},
    not_several="asks what the medium offers once for all of them, by targets that all of them share",
    follower="knockflow.layers.regulation.follower",
    strain="knockflow.layers.regulation.strain",
    evidence="knockflow.layers.regulation.evidence",
    adds_to_model=True,
    table="knockflow.layers.regulation.table",
    report="knockflow.layers.regulation.report",
)
