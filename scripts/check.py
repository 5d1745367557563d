"""Fail if a design was not verified."""

from knockflow.base.errors import KnockflowError
from knockflow.base.files import write_text
from knockflow.base.stage import stage
from knockflow.base.tables import SUMMARY
from knockflow.designs.summary import verdict

with stage(snakemake) as log:
    sentence, failed = verdict(SUMMARY.read(snakemake.input.summary))
    if failed:
        raise KnockflowError("\n".join([sentence, *failed]))
    write_text(snakemake.output[0], sentence + "\n")
    log.info("%s", sentence)
