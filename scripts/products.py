"""Tell what each of several products contributes to each design of a case, with COBRApy on the curated model."""

from knockflow.base.stage import stage
from knockflow.base.tables import PRODUCTS
from knockflow.base.terminal import counted
from knockflow.designs.claims import read_claims
from knockflow.layers.registry import given, rebuild
from knockflow.model.constrained_model import read_curated
from knockflow.validation.products import product_rows
from knockflow.validation.reevaluation import prepare, question_of

with stage(snakemake) as log:
    model, case = read_curated(snakemake.input.model), snakemake.params
    prepare(model)
    question = question_of(model, case.product, case.min_growth, case.cell_objective)
    rebuild(model, given(case.layers, snakemake.input.layers))
    claims = list(map(read_claims, case.formulations, snakemake.input.designs, snakemake.input.records))
    rows = product_rows(model, question, claims)
    PRODUCTS.write(snakemake.output[0], rows)
    log.info("%s of %s", counted(len(rows), "row"), " and ".join(question.each))
