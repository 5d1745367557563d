"""Curate a case's model: check it, mend it, apply the case, list every change, and turn gene rules into cut sets."""

from dataclasses import asdict
from shutil import copyfile

from knockflow.base.stage import stage
from knockflow.base.tables import CURATION, GPR
from knockflow.base.terminal import counted
from knockflow.language.products import asked_in, named_in
from knockflow.layers.registry import given
from knockflow.model.common_curation import read_common, with_products
from knockflow.model.finding import CHANGE, INFO, WARNING
from knockflow.model.gene_cuts import FEW
from knockflow.model.gpr_table import ALL
from knockflow.model.network import read_network
from knockflow.stages.curation_files import with_files, write_gene_cut_sets

with stage(snakemake) as log:
    case, files, made = snakemake.params.case, snakemake.input, snakemake.output
    common = read_common(files.common)
    network = read_network(files.shared_model) if common.findings else None
    products = named_in(asked_in(case))
    findings = with_products(common, network, products, case["min_growth"] or 0.0) if network else None
    if findings is not None:
        copyfile(files.shared_model, made.model)
        copyfile(files.shared_gpr, made.gpr)
    else:
        from knockflow.model.read import write_model
        from knockflow.stages.curation import curated

        layers = given(snakemake.params.layers, files.layers, with_tables=False)
        model, findings = curated(with_files(case, files), layers, snakemake.params.cache)
        write_model(made.model, model)
        write_gene_cut_sets(made.gpr, read_network(made.model))
    for finding in findings:
        if finding.severity != INFO:
            values = f"{finding.before} -> {finding.after}: " if finding.severity == CHANGE else ""
            say = log.warning if finding.severity == WARNING else log.info
            say("%s: %s: %s%s", finding.check, finding.item, values, finding.why)
    for row in GPR.read(made.gpr):
        if row["listed"] not in ("", ALL):
            log.info("%s: its rule has more than %d minimal gene cut sets", row["reaction"], FEW)
    CURATION.write(made.table, map(asdict, findings))
    number = {severity: sum(f.severity == severity for f in findings) for severity in (CHANGE, WARNING, INFO)}
    counts = counted(number[CHANGE], "change"), counted(number[WARNING], "warning"), counted(number[INFO], "note")
    log.info("%s: %s; %s", findings[0].before, findings[2].before, ", ".join(counts))
