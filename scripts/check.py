"""Fail if a design was not verified."""

from knockflow.errors import KnockflowError
from knockflow.files import read_table, write_text
from knockflow.stage import stage
from knockflow.summary import COLUMNS, verdict

with stage(snakemake) as log:
    sentence, failed = verdict(read_table(snakemake.input.summary, COLUMNS))
    if failed:
        raise KnockflowError("\n".join([sentence, *failed]))
    write_text(snakemake.output[0], sentence + "\n")
    log.info("%s", sentence)
