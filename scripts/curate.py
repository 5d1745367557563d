"""Curate a case's model: read it, check it, mend it, apply the case, and list every change."""

from dataclasses import asdict
from pathlib import Path

from knockflow.base.sources import placed
from knockflow.base.stage import stage
from knockflow.base.tables import CURATION
from knockflow.base.terminal import counted
from knockflow.layers.registry import add_to_model, given
from knockflow.model.curation import Finding, curate, find_substrate
from knockflow.model.finding import CHANGE, INFO, WARNING, WHOLE_MODEL
from knockflow.model.notes import SUBSTRATE_NOTE, write_note
from knockflow.model.read import about, read_model, write_model

with stage(snakemake) as log:
    case, files = snakemake.params.case, snakemake.input
    case["model"] = placed(case["model"], files.model)
    case["targets"]["table"] = files.table or None
    if files.heterologous:
        case["heterologous"]["file"] = files.heterologous
    model, origin = read_model(case["model"], Path(snakemake.params.cache))
    size = f"{len(model.reactions)} reactions, {len(model.metabolites)} metabolites, {len(model.genes)} genes"
    facts = [
        Finding(WHOLE_MODEL, "source", INFO, origin.source, "", f"read as {origin.format}"),
        Finding(WHOLE_MODEL, "sha256", INFO, origin.sha256, "", "of the file as it is stored"),
        Finding(WHOLE_MODEL, "size", INFO, size, "", "as read, before any change"),
    ]
    facts += add_to_model(model, given(snakemake.params.layers, snakemake.input.layers, with_tables=False))
    with about(origin.source):
        findings = [*facts, *origin.findings, *curate(model, case, snakemake.params.cache)]
    write_note(model, SUBSTRATE_NOTE, find_substrate(model, case))
    for finding in findings:
        if finding.severity != INFO:
            values = f"{finding.before} -> {finding.after}: " if finding.severity == CHANGE else ""
            say = log.warning if finding.severity == WARNING else log.info
            say("%s: %s: %s%s", finding.check, finding.item, values, finding.why)
    write_model(snakemake.output.model, model)
    CURATION.write(snakemake.output.table, map(asdict, findings))
    number = {severity: sum(f.severity == severity for f in findings) for severity in (CHANGE, WARNING, INFO)}
    counts = counted(number[CHANGE], "change"), counted(number[WARNING], "warning"), counted(number[INFO], "note")
    log.info("%s: %s; %s", origin.source, size, ", ".join(counts))
