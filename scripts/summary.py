"""Join the designs of all cases and formulations with their validation, and say in facts why some have none."""

from pathlib import Path

from knockflow.base.files import write_json
from knockflow.base.stage import stage
from knockflow.base.tables import CURATION, SUMMARY, VALIDATION
from knockflow.base.terminal import counted
from knockflow.designs.claims import read_claims
from knockflow.designs.summary import summary_rows
from knockflow.stages.diagnosis.diagnosis import diagnosed

with stage(snakemake) as log:
    asked, rows, diagnoses = snakemake.params, [], []
    for case, names in asked.formulations.items():
        folder = Path(asked.results) / case
        claims = [read_claims(name, folder / name / "designs.tsv", folder / name / "record.json") for name in names]
        validation, curation = VALIDATION.read(folder / VALIDATION.file), CURATION.read(folder / CURATION.file)
        found = diagnosed(case, folder, asked.cases[case], asked.options, claims, curation)
        rows += summary_rows(case, claims, validation, curation, found)
        diagnoses += found
    SUMMARY.write(snakemake.output.table, rows)
    write_json(snakemake.output.diagnosis, {"diagnoses": diagnoses})
    log.info(counted(sum(bool(row["interventions"]) for row in rows), "design"))
    for row in rows:
        if not row["interventions"] and row["reason"]:
            log.warning("%s, %s: no design: %s", row["case"], row["formulation"], row["reason"])
