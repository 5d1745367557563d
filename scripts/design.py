"""Find the best minimal designs of a case under one formulation."""

from knockflow.claims import COLUMNS
from knockflow.files import read_json, sha256, write_json, write_table
from knockflow.problem import load
from knockflow.search import find_designs
from knockflow.stage import stage

with stage(snakemake) as log:
    parts = list(map(read_json, snakemake.input.parts))
    found = find_designs(load(snakemake.input.problem), snakemake.params.options, snakemake.log.solver, parts)
    write_table(snakemake.output.designs, COLUMNS, found.rows)
    files = {
        "inputs": {"problem.npz": sha256(snakemake.input.problem)},
        "outputs": {"designs.tsv": sha256(snakemake.output.designs)},
    }
    write_json(snakemake.output.record, found.record | files)
    log.info("%s: %d designs in %g s", found.record["status"], len(found.rows), found.record["seconds"])
    if found.record["reason"]:
        log.warning("%s", found.record["reason"])
