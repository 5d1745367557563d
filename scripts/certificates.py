"""Certify every design of a case: what a reader needs to prove it by plain arithmetic."""

from pathlib import Path

from knockflow.base.files import sha256, write_text
from knockflow.base.stage import stage
from knockflow.base.terminal import counted
from knockflow.designs.claims import read_claims
from knockflow.language.kinds import FollowerKind
from knockflow.layers.registry import given, rebuild
from knockflow.model.constrained_model import read_curated
from knockflow.model.notes import open_bounds
from knockflow.validation.certificates import Certifier, certificate, extent, narrowed, refusal_of, refusal_of_rows
from knockflow.validation.reevaluation import question_of

with stage(snakemake) as log:
    model, case = read_curated(snakemake.input.model), snakemake.params
    question = question_of(model, case.product, case.min_growth, case.cell_objective)
    layers, before = given(case.layers, snakemake.input.layers), {one.id: open_bounds(one) for one in model.reactions}
    several = any(layer.several_with(asked.options) for layer, asked in layers)
    parts = any(layer.parts_with(asked.options) for layer, asked in layers)
    kind = FollowerKind.of(layer.kind_with(asked.options) for layer, asked in layers)
    refusal = refusal_of(question, kind, several, parts)
    plain = extent(model)
    rebuild(model, [] if refusal else layers)
    refusal = refusal or refusal_of_rows(plain, extent(model))
    bounds = {} if refusal else narrowed(model, before)
    proven = 0
    certifier, folder = Certifier(model, question), Path(snakemake.output[0])
    for name, designs, record in zip(case.formulations, snakemake.input.designs, snakemake.input.records, strict=True):
        inputs = {"model.json": sha256(snakemake.input.model), f"{name}/designs.tsv": sha256(designs)}
        claims = read_claims(name, designs, record)
        text, said, count = certificate(certifier, claims, inputs, bounds, refusal)
        write_text(folder / f"{name}.json", text)
        log.info("%s: %s", name, said)
        proven += count
    log.info("%s proven by plain arithmetic", counted(proven, "design"))
