"""Write the table of a layer: what it makes of a case's model."""

from knockflow.base.stage import stage
from knockflow.layers.registry import given, module

with stage(snakemake) as log:
    asked, cache = snakemake.params.layers, snakemake.params.cache
    ((layer, asked),) = given(asked, snakemake.input.layers, with_tables=False, cache=cache)
    table = module(layer.table)
    table.TABLE.write(snakemake.output[0], table.rows(snakemake.input.model, asked))
