"""Find what all parts of a scattered search begin with."""

from knockflow.base.files import write_json
from knockflow.base.stage import stage
from knockflow.follower.conflict_pool import keep_conflicts
from knockflow.problem.archive import load
from knockflow.stages.design_parts import seeds

with stage(snakemake) as log:
    problem = load(snakemake.input.problem)
    keep_conflicts(problem.driving_forces, snakemake.params.conflict_sets)
    found = seeds(problem, snakemake.params.options)
    write_json(snakemake.output[0], found)
    log.info("%d designs to begin with, in %g s", len(found["designs"]), found["seconds"])
