"""Write the report, one self-contained page, and the answer as the run says it at its end."""

from knockflow.base.files import write_text
from knockflow.base.stage import stage
from knockflow.base.terminal import counted
from knockflow.report.answer import answer
from knockflow.report.content import gather
from knockflow.report.page import render

with stage(snakemake) as log:
    content = gather(snakemake.params.results, snakemake.params.config, snakemake.params.formulations)
    write_text(snakemake.output.answer, answer(content))
    write_text(snakemake.output.page, render(snakemake.params.template, content))
    sizes = counted(len(content.cases), "case"), counted(len(content.designs), "design")
    log.info("%s, %s, %d not verified", *sizes, content.unverified)
