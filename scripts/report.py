"""Write the report: one self-contained page."""

from knockflow.files import write_text
from knockflow.report.content import gather
from knockflow.report.page import render
from knockflow.stage import stage

with stage(snakemake) as log:
    content = gather(snakemake.params.results, snakemake.params.config, snakemake.params.formulations)
    write_text(snakemake.output[0], render(snakemake.input.template, content))
    log.info("%d cases, %d designs, %d not verified", len(content.cases), len(content.designs), content.unverified)
