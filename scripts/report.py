"""Placeholder, written next."""

from knockflow.files import write_text
from knockflow.stage import stage

with stage(snakemake) as log:
    write_text(snakemake.output[0], "todo")
