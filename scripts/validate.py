"""Re-evaluate every design of a case with COBRApy on the curated model."""

from knockflow.base.stage import stage
from knockflow.base.tables import ENVELOPE, FLUXES, PREDICTIONS, VALIDATION
from knockflow.base.terminal import counted
from knockflow.designs.claims import read_claims
from knockflow.designs.summary import SAME
from knockflow.layers.registry import given, rebuild
from knockflow.model.constrained_model import read_curated
from knockflow.validation.fluxes import fluxes
from knockflow.validation.predictions import differing, predictions
from knockflow.validation.reevaluation import prepare, question_of
from knockflow.validation.validation import envelopes, validate

with stage(snakemake) as log:
    model = read_curated(snakemake.input.model)
    prepare(model)
    case = snakemake.params
    question = question_of(model, case.product, case.min_growth, case.cell_objective)
    layers = given(case.layers, snakemake.input.layers)
    plain = model.copy() if layers else None
    rebuild(model, layers)
    names = case.formulations
    claims = list(map(read_claims, names, snakemake.input.designs, snakemake.input.records))
    rows = validate(model, question, claims, "cobra+layer" if plain else "cobra", plain, snakemake.threads)
    VALIDATION.write(snakemake.output.table, rows)
    ENVELOPE.write(snakemake.output.envelope, envelopes(model, question, claims))
    FLUXES.write(snakemake.output.fluxes, fluxes(model, question, claims))
    predicted = predictions(model, question, claims, rows)
    PREDICTIONS.write(snakemake.output.predictions, predicted)
    designs = [row for row in rows if row["interventions"]]
    log.info("%s, %d verified", counted(len(designs), "design"), sum(row["verified"] for row in designs))
    for row in rows:
        if not row["verified"]:
            log.error("%s %s: %s is not what was claimed", row["formulation"], row["rank"], row["interventions"])
    for row in differing(predicted):
        log.warning("%s %s: %s: HiGHS and GLPK differ", row["formulation"], row["rank"], row["prediction"])
    for row in rows:
        if row["by_genes"] != SAME:
            log.warning(
                "%s %s: %s, by genes: %s", row["formulation"], row["rank"], row["interventions"], row["by_genes"]
            )
