"""The curation of one case: from what cases share where that is enough, else from its model's file."""

from collections.abc import Mapping, Sequence
from logging import Logger
from pathlib import Path
from shutil import copyfile

from knockflow.base.tables import GPR
from knockflow.base.terminal import counted
from knockflow.language.products import asked_in, named_in
from knockflow.layers.registry import given
from knockflow.model.common_curation import read_common, with_products
from knockflow.model.finding import CHANGE, INFO, WARNING, Finding
from knockflow.model.gene_cuts import FEW
from knockflow.model.gpr_table import ALL
from knockflow.model.network import read_network
from knockflow.stages.curation_files import with_files, write_gene_cut_sets


def curate_case(case: Mapping, files, made, layers: Sequence, cache: str | Path) -> list[Finding]:
    """Write a case's model.json and gpr.tsv; its findings, in the order of curation.tsv.

    Parameters
    ----------
    case
        What it asks of its model.
    files, made
        The inputs and outputs of the stage `curate`, by name.
    layers
        The case's layers with their options, as `knockflow.layers.registry.given` takes them.
    cache
        The folder that keeps models from BiGG.

    Raises
    ------
    ConfigError, ModelError
        If the case names what the model does not have, or the model is none to compute with.
    """
    common = read_common(files.common)
    if common.findings:
        products = named_in(asked_in(case))
        network = read_network(files.shared_model)
        findings = with_products(common, network, products, case["min_growth"] or 0.0)
        if findings is not None:
            copyfile(files.shared_model, made.model)
            copyfile(files.shared_gpr, made.gpr)
            return findings
    from knockflow.model.read import write_model
    from knockflow.stages.curation import curated

    own = given(layers, files.layers, with_tables=False)
    model, findings = curated(with_files(case, files), own, cache)
    write_model(made.model, model)
    write_gene_cut_sets(made.gpr, read_network(made.model))
    return findings


def tell(log: Logger, findings: Sequence[Finding], gene_cut_sets: str | Path) -> None:
    """Say what was changed or is doubtful, which rules have too many cut sets to list, and how much there is of all.

    Parameters
    ----------
    log
        The stage's.
    findings
        Those of the case: the first and third say where its model is from, and its size.
    gene_cut_sets
        The case's gpr.tsv.
    """
    for finding in findings:
        if finding.severity != INFO:
            values = f"{finding.before} -> {finding.after}: " if finding.severity == CHANGE else ""
            say = log.warning if finding.severity == WARNING else log.info
            say("%s: %s: %s%s", finding.check, finding.item, values, finding.why)
    for row in GPR.read(gene_cut_sets):
        if row["listed"] not in ("", ALL):
            log.info("%s: its rule has more than %d minimal gene cut sets", row["reaction"], FEW)
    number = {severity: sum(one.severity == severity for one in findings) for severity in (CHANGE, WARNING, INFO)}
    counts = counted(number[CHANGE], "change"), counted(number[WARNING], "warning"), counted(number[INFO], "note")
    log.info("%s: %s; %s", findings[0].before, findings[2].before, ", ".join(counts))
