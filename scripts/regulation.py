"""Find out what the symbols of a table of rules are in the curated model, and list every one of them."""

from collections import Counter

from knockflow.base.files import write_table
from knockflow.base.stage import stage
from knockflow.layers.regulation.resolve import resolve
from knockflow.layers.regulation.rules import COLUMNS, UNKNOWN, read_rules
from knockflow.model.network import read_network

with stage(snakemake) as log:
    given = snakemake.params.regulation
    rows = read_rules(snakemake.input.table)
    found = resolve(read_network(snakemake.input.model), rows, given["conditions"], given["names"])
    write_table(snakemake.output[0], COLUMNS, found.notes)
    for note in found.notes:
        if note["status"] == UNKNOWN:
            log.warning("%s: %s: %s", note["symbol"], note["status"], note["why"])
    for cycle in found.cycles:
        log.warning("these depend on each other, so every consistent assignment counts: %s", ", ".join(cycle))
    for status, count in sorted(Counter(note["status"] for note in found.notes).items()):
        log.info("symbols: %d %s", count, status)
    log.info("%d rules matter, %d genes can be removed", len(found.rules), len(found.genes))
