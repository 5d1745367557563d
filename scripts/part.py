"""Search one part of a scattered design problem."""

from knockflow.files import read_json, write_json
from knockflow.problem import load
from knockflow.scatter import part
from knockflow.stage import stage

with stage(snakemake) as log:
    number, parts = int(snakemake.wildcards.part) - 1, int(snakemake.wildcards.parts)
    found = part(
        load(snakemake.input.problem), snakemake.params.options, read_json(snakemake.input.seeds), number, parts
    )
    write_json(snakemake.output[0], found)
    log.info("%d designs, %d nodes in %g s", len(found["designs"]), found["nodes"], found["seconds"])
    if found["stopped"]:
        log.warning("ended early: %s", found["stopped"])
