"""Prove that no design of a formulation is better than the best one listed, in a file for Python alone."""

from knockflow.base.files import sha256, write_bytes
from knockflow.base.stage import stage
from knockflow.base.tables import TARGETS
from knockflow.designs.claims import read_claims
from knockflow.validation.certified_case import certified_case
from knockflow.validation.proof import proof

with stage(snakemake) as log:
    given, name = snakemake.input, snakemake.wildcards.formulation
    certifier, bounds, refusal = certified_case(given.model, snakemake.params, given.layers)
    inputs = {"model.json": given.model, f"{name}/designs.tsv": given.designs, "targets.tsv": given.targets}
    digests = {file: sha256(path) for file, path in inputs.items()}
    claims, targets = read_claims(name, given.designs, given.record), TARGETS.read(given.targets)
    exclusive = bool(snakemake.params.targets["exclusive"])
    content, said = proof(certifier, claims, targets, digests, bounds, refusal, exclusive)
    write_bytes(snakemake.output[0], content)
    log.info("%s: %s", name, said)
