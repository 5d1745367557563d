"""Find the genes of a case's model that a published screen has found to be essential."""

from knockflow.base.essential_table import ESSENTIAL
from knockflow.base.files import read_json
from knockflow.base.stage import stage
from knockflow.base.terminal import counted
from knockflow.model.essential_genes import essential_genes

with stage(snakemake) as log:
    genes = {gene["id"]: gene.get("name") or "" for gene in read_json(snakemake.input.model)["genes"]}
    rows = essential_genes(snakemake.params.asked, snakemake.input.table, genes)
    ESSENTIAL.write(snakemake.output[0], rows)
    log.info("%s of the model are in the table of essential ones", counted(len(rows), "gene"))
