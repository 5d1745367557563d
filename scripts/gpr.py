"""Turn each gene-protein-reaction rule into its minimal gene cut sets, or the smallest of them."""

from knockflow.base.stage import stage
from knockflow.base.tables import GPR
from knockflow.model.gene_cuts import FEW
from knockflow.model.gpr_table import ALL, rows_of
from knockflow.model.network import read_network

with stage(snakemake) as log:
    network = read_network(snakemake.input.model)
    rows = rows_of(network.reactions, network.written_rules, network.rules)
    GPR.write(snakemake.output[0], rows)
    log.info("%d of %d reactions have a rule", sum(map(bool, network.rules)), len(network.rules))
    for row in rows:
        if row["listed"] not in ("", ALL):
            log.info("%s: its rule has more than %d minimal gene cut sets", row["reaction"], FEW)
