"""Find the best minimal designs of a case under one formulation."""

from pathlib import Path

from knockflow.base.files import read_json, sha256, write_json
from knockflow.base.stage import stage
from knockflow.base.tables import DESIGNS
from knockflow.base.terminal import counted
from knockflow.designs.checkpoint import NAME, Checkpoint, identity
from knockflow.follower.conflict_pool import keep_conflicts
from knockflow.problem.archive import load
from knockflow.stages.design import find_designs

with stage(snakemake) as log:
    problem, options = load(snakemake.input.problem), snakemake.params.options
    keep_conflicts(problem.driving_forces, snakemake.params.conflict_sets)
    parts = list(map(read_json, snakemake.input.parts))
    path = Path(snakemake.output.designs).with_name(NAME)
    checkpoint = Checkpoint(path, identity(problem, options, snakemake.params.code))
    found = find_designs(problem, options, snakemake.log.solver, parts, checkpoint)
    DESIGNS.write(snakemake.output.designs, found.rows)
    files = {
        "inputs": {"problem.npz": sha256(snakemake.input.problem)},
        "outputs": {"designs.tsv": sha256(snakemake.output.designs)},
    }
    write_json(snakemake.output.record, found.record | files)
    if found.record["proven"]:
        checkpoint.remove()
    designs = sum(bool(row["interventions"]) for row in found.rows)
    log.info("%s: %s in %g s", found.record["status"], counted(designs, "design"), found.record["seconds"])
    if found.record["reason"]:
        log.warning("%s", found.record["reason"])
