"""Search one part of a scattered design problem."""

from pathlib import Path

from knockflow.base.files import read_json, write_json
from knockflow.base.stage import stage
from knockflow.designs.checkpoint import NAME, Checkpoint, identity
from knockflow.follower.conflict_pool import keep_conflicts
from knockflow.problem.archive import load
from knockflow.stages.design_parts import part

with stage(snakemake) as log:
    number, parts = int(snakemake.wildcards.part) - 1, int(snakemake.wildcards.parts)
    problem, options, seeds = load(snakemake.input.problem), snakemake.params.options, read_json(snakemake.input.seeds)
    keep_conflicts(problem.driving_forces, snakemake.params.conflict_sets)
    path = Path(snakemake.output[0])
    part_of = path.stem, seeds["designs"], seeds["knowledge"]
    own = identity(problem, options, snakemake.params.code, part_of)
    checkpoint = Checkpoint(path.with_name(f"{path.stem}.{NAME}"), own)
    found = part(problem, options, seeds, number, parts, checkpoint)
    write_json(path, found)
    if not found["stopped"]:
        checkpoint.remove()
    log.info("%d designs, %d nodes in %g s", len(found["designs"]), found["nodes"], found["seconds"])
    if found["stopped"]:
        log.warning("ended early: %s", found["stopped"])
