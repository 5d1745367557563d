"""Export a case's designs: each formulation's best strain as SBML, all designs for other tools and for the bench."""

from pathlib import Path

from knockflow.base.files import write_json
from knockflow.base.stage import stage
from knockflow.base.tables import LAB, VALIDATION
from knockflow.designs.claims import read_claims
from knockflow.layers.registry import given, rebuild
from knockflow.model.constrained_model import constraints_of, read_curated
from knockflow.model.constraints import as_plain
from knockflow.stages.export.bench import lab_rows
from knockflow.stages.export.strains import (
    BESIDE_MODEL,
    CONSTRAINTS_FILE,
    cobra_form,
    designs_of,
    strain_model,
    straindesign_form,
    write_strain,
)

with stage(snakemake) as log:
    model = read_curated(snakemake.input.model)
    rebuild(model, given(snakemake.params.layers, snakemake.input.layers))
    constraints = constraints_of(model)
    if constraints:
        write_json(Path(snakemake.output[0]) / CONSTRAINTS_FILE, list(map(as_plain, constraints)))
        log.warning("%d constraints of the model's own: %s", len(constraints), BESIDE_MODEL)
    validation = VALIDATION.read(snakemake.input.validation)
    case, formulations = snakemake.params.case, snakemake.params.formulations
    for formulation, table, record in zip(formulations, snakemake.input.designs, snakemake.input.records, strict=True):
        folder = Path(snakemake.output[0]) / formulation
        folder.mkdir(parents=True)
        designs = designs_of(read_claims(formulation, table, record).rows)
        checked = {row["rank"]: row for row in validation if row["formulation"] == formulation}
        designs = [row | {name: checked[row["rank"]][name] for name in ("genes", "by_genes")} for row in designs]
        best = designs[0]["interventions"] if designs else ""
        made = designs[0] if designs else None
        label = f"{case} {formulation} " + (f"rank {designs[0]['rank']}" if designs else "wild type")
        write_strain(folder / "best.xml", strain_model(model, best, label, snakemake.params.cell_objective, made))
        write_json(folder / "designs.json", straindesign_form(model, designs))
        write_json(folder / "cobra.json", cobra_form(model, designs))
        LAB.write(folder / "lab.tsv", lab_rows(model, designs, checked.values()))
        log.info("%s: %d designs, the best as SBML: %s", formulation, len(designs), best or "wild type")
    log.info("strains as SBML and gene by gene: %s", ", ".join(formulations))
