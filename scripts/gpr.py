"""Turn each gene-protein-reaction rule into its minimal gene cut sets, or the smallest of them."""

from knockflow.base.files import write_table
from knockflow.base.stage import stage
from knockflow.model.gene_cuts import FEW
from knockflow.model.gpr_table import ALL, COLUMNS, rows_of
from knockflow.model.network import read_network

with stage(snakemake) as log:
    network = read_network(snakemake.input.model)
    rows = rows_of(network.reactions, network.written_rules, network.rules)
    write_table(snakemake.output[0], COLUMNS, rows)
    log.info("%d of %d reactions have a rule", sum(map(bool, network.rules)), len(network.rules))
    for row in rows:
        if row["listed"] not in ("", ALL):
            log.info("%s: its rule has more than %d minimal gene cut sets", row["reaction"], FEW)
