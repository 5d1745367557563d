"""Fail if a design was not verified."""

from knockflow.base.errors import KnockflowError
from knockflow.base.files import read_table, write_text
from knockflow.base.stage import stage
from knockflow.designs.summary import COLUMNS, verdict

with stage(snakemake) as log:
    sentence, failed = verdict(read_table(snakemake.input.summary, COLUMNS))
    if failed:
        raise KnockflowError("\n".join([sentence, *failed]))
    write_text(snakemake.output[0], sentence + "\n")
    log.info("%s", sentence)
