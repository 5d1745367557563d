"""Read and curate a model for all cases that ask the same of it but the product."""

from knockflow.base.errors import KnockflowError
from knockflow.base.files import write_text
from knockflow.base.stage import stage
from knockflow.base.tables import GPR
from knockflow.layers.registry import given
from knockflow.model.common_curation import Common
from knockflow.model.curation.endless import scale_without_endless
from knockflow.model.network import read_network
from knockflow.model.read import write_model
from knockflow.stages.curation import curated
from knockflow.stages.curation_files import with_files, write_gene_cut_sets

with stage(snakemake) as log:
    case, files, made = snakemake.params.case, snakemake.input, snakemake.output
    try:
        layers = given(snakemake.params.layers, files.layers, with_tables=False)
        model, findings = curated(with_files(case, files), layers, snakemake.params.cache)
    except KnockflowError as error:
        # What is wrong is told by the cases themselves, each by its name: some product may even mend it.
        log.warning("%s", error)
        Common().write(made.common)
        write_text(made.model, "{}\n")
        GPR.write(made.gpr, [])
    else:
        usual = scale_without_endless(model, findings)
        Common(tuple(findings), usual, snakemake.params.whole).write(made.common)
        write_model(made.model, model)
        write_gene_cut_sets(made.gpr, read_network(made.model))
        log.info("%s: %s", findings[0].before, findings[2].before)
