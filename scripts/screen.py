"""Compare the products of screens: what each may yield, what the best design guarantees, by how many changes."""

from knockflow.base.screen_table import SCREEN
from knockflow.base.stage import stage
from knockflow.base.tables import SUMMARY
from knockflow.base.terminal import counted
from knockflow.designs.screen import coupled, screen_rows

with stage(snakemake) as log:
    asked = snakemake.params
    rows = screen_rows(asked.screens, asked.results, SUMMARY.read(snakemake.input.summary))
    SCREEN.write(snakemake.output[0], rows)
    products = {(row["screen"], row["product"]) for row in rows}
    able = {(row["screen"], row["product"]) for row in rows if coupled(row)}
    log.info("%s, %d coupled to growth", counted(len(products), "product"), len(able))
