"""Certify every design of a case: what a reader needs to prove it by plain arithmetic."""

from pathlib import Path

from knockflow.base.files import sha256, write_text
from knockflow.base.stage import stage
from knockflow.base.terminal import counted
from knockflow.designs.claims import read_claims
from knockflow.validation.certificates import certificate
from knockflow.validation.certified_case import certified_case

with stage(snakemake) as log:
    given, case = snakemake.input, snakemake.params
    certifier, bounds, refusal = certified_case(given.model, case, given.layers)
    proven, folder = 0, Path(snakemake.output[0])
    for name, designs, record in zip(case.formulations, given.designs, given.records, strict=True):
        inputs = {"model.json": sha256(given.model), f"{name}/designs.tsv": sha256(designs)}
        claims = read_claims(name, designs, record)
        text, said, count = certificate(certifier, claims, inputs, bounds, refusal)
        write_text(folder / f"{name}.json", text)
        log.info("%s: %s", name, said)
        proven += count
    log.info("%s proven by plain arithmetic", counted(proven, "design"))
