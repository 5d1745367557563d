"""Join the designs of all cases and formulations with their validation."""

from knockflow.base.stage import stage
from knockflow.base.tables import CURATION, SUMMARY, VALIDATION
from knockflow.designs.claims import read_claims
from knockflow.designs.summary import summary_rows

with stage(snakemake) as log:
    results, rows = snakemake.params.results, []
    for case, names in snakemake.params.formulations.items():
        folders = {name: f"{results}/{case}/{name}" for name in names}
        claims = [read_claims(name, f"{at}/designs.tsv", f"{at}/record.json") for name, at in folders.items()]
        validation = VALIDATION.read(f"{results}/{case}/validation.tsv")
        rows += summary_rows(case, claims, validation, CURATION.read(f"{results}/{case}/curation.tsv"))
    SUMMARY.write(snakemake.output[0], rows)
    log.info("%d designs", sum(bool(row["interventions"]) for row in rows))
    for row in rows:
        if not row["interventions"] and row["reason"]:
            log.warning("%s, %s: no design: %s", row["case"], row["formulation"], row["reason"])
