"""Turn each gene-protein-reaction rule into its minimal gene cut sets."""

from knockflow.files import write_table
from knockflow.gpr import cut_sets, parse, to_cell
from knockflow.network import read_network
from knockflow.stage import stage

with stage(snakemake) as log:
    network = read_network(snakemake.input.model)
    rows = [
        {"reaction": reaction, "rule": written, "gene_cut_sets": to_cell(cut_sets(parse(rule)))}
        for reaction, written, rule in zip(network.reactions, network.written_rules, network.rules, strict=True)
    ]
    write_table(snakemake.output[0], ("reaction", "rule", "gene_cut_sets"), rows)
    log.info("%d of %d reactions have a rule", sum(map(bool, network.rules)), len(network.rules))
