"""Fail if a design was not verified, or a proof found a better one, else write where all comes from."""

from knockflow.base.errors import KnockflowError
from knockflow.base.files import write_json, write_text
from knockflow.base.kept import Names
from knockflow.base.stage import stage
from knockflow.base.tables import SUMMARY
from knockflow.designs.refuted import refuted
from knockflow.designs.summary import verdict
from knockflow.stages.provenance import provenance

with stage(snakemake) as log:
    sentence, failed = verdict(SUMMARY.read(snakemake.input.summary))
    failed += refuted(snakemake.input.proofs)
    if failed:
        raise KnockflowError("\n".join([sentence, *failed]))
    write_text(snakemake.output.verdict, sentence + "\n")
    sources = snakemake.params.sources.paths
    names = Names(snakemake.params.results, sources)
    found = provenance(snakemake.params.config, snakemake.input.made, [snakemake.output.verdict], names, sources)
    write_json(snakemake.output.provenance, found)
    log.info("%s", sentence)
