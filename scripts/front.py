"""Write the points of a Pareto front, with the verdict of the validation on each."""

from knockflow.base.stage import stage
from knockflow.base.tables import FRONT, VALIDATION
from knockflow.base.terminal import counted
from knockflow.designs.claims import read_claims
from knockflow.designs.summary import front_rows

with stage(snakemake) as log:
    claims = read_claims(snakemake.wildcards.formulation, snakemake.input.designs, snakemake.input.record)
    rows = front_rows(claims, VALIDATION.read(snakemake.input.validation))
    FRONT.write(snakemake.output[0], rows)
    log.info("%s, %s", counted(len(rows), "point"), "proven" if claims.record["proven"] else "not proven")
