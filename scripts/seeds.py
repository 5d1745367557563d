"""Find what all parts of a scattered search begin with."""

from knockflow.files import write_json
from knockflow.problem import load
from knockflow.scatter import seeds
from knockflow.stage import stage

with stage(snakemake) as log:
    found = seeds(load(snakemake.input.problem), snakemake.params.options)
    write_json(snakemake.output[0], found)
    log.info("%d designs to begin with, in %g s", len(found["designs"]), found["seconds"])
