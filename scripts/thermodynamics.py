"""Estimate every reaction's energy range and direction."""

from knockflow.base.files import read_json, write_table
from knockflow.base.stage import stage
from knockflow.layers.thermodynamics.conditions import read_conditions
from knockflow.layers.thermodynamics.directions import COLUMNS, constrained_bounds, coverage
from knockflow.layers.thermodynamics.estimates import thermodynamic_rows

with stage(snakemake) as log:
    model = read_json(snakemake.input.model)
    rows = thermodynamic_rows(model, read_conditions(snakemake.params.conditions))
    write_table(snakemake.output[0], COLUMNS, rows)
    found = coverage(rows)
    for name, count in found.items():
        log.info("%s: %s %g", snakemake.params.name, name, count)
    bounds = {reaction["id"]: (reaction["lower_bound"], reaction["upper_bound"]) for reaction in model["reactions"]}
    for contradiction in constrained_bounds(rows, bounds)[1]:
        log.warning("%s: the estimate contradicts the model: %s", snakemake.params.name, contradiction)
    known = found["forward"] + found["reverse"] + found["both"]
    log.info("%d of %d reactions inside have an energy range", known, found["internal"])
