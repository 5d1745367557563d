"""The table of genes that a published screen has found to be essential."""

from knockflow.base.tables import Table, columns

ESSENTIAL = Table(
    "essential_genes.tsv",
    (
        *columns("gene", "its id in the model, as interventions name it"),
        *columns("name", "its other name in the model, such as `adhE`"),
        *columns("source", "what the given table says of where it was found to be essential"),
    ),
)
