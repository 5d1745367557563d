"""Curate a case's model: check it, mend it, apply the case, list every change, and turn gene rules into cut sets."""

from dataclasses import asdict

from knockflow.base.stage import stage
from knockflow.base.tables import CURATION
from knockflow.stages.curated_case import curate_case, tell

with stage(snakemake) as log:
    asked, made = snakemake.params, snakemake.output
    findings = curate_case(asked.case, snakemake.input, made, asked.layers, asked.cache)
    CURATION.write(made.table, map(asdict, findings))
    tell(log, findings, made.gpr)
