"""Write what a layer tells of each design: of those that a case lists, and those of a case without layers beside it."""

from knockflow.base.stage import stage
from knockflow.base.terminal import counted
from knockflow.designs.claims import read_claims
from knockflow.formulations.registry import formulation
from knockflow.layers.in_designs import DesignContext, listed_of
from knockflow.layers.registry import given, module, rebuild
from knockflow.model.constrained_model import read_curated
from knockflow.validation.guarantee import guaranteeing, using
from knockflow.validation.reevaluation import prepare, question_of

with stage(snakemake) as log:
    model = read_curated(snakemake.input.model)
    prepare(model)
    case, files = snakemake.params, snakemake.input
    question = question_of(model, case.product, case.min_growth, case.cell_objective)
    layers = given(case.layers, files.layers, cache=case.cache)
    ((layer, own),) = [one for one in layers if one[0].key == case.key]
    bare = model.copy()
    rebuild(bare, [one for one in layers if one[0].key != case.key])
    whole = model.copy()
    rebuild(whole, layers)
    claims = map(read_claims, case.formulations, files.designs, files.records)
    plain = map(read_claims, case.plain, files.plain_designs, files.plain_records)
    # Minimal cut sets guarantee no product.
    valued = {one.formulation: one.rows for one in claims if not formulation(one.record["formulation"]).cut_sets}
    listed = listed_of(valued, {one.formulation: one.rows for one in plain})
    table = module(layer.designs)
    functions = guaranteeing(question), question, using(question)
    rows = table.rows(DesignContext(files.model, own, model, bare, whole, listed, *functions))
    table.TABLE.write(snakemake.output[0], rows)
    alive = sum(row.get("growth_per_h") is not None for row in rows)
    log.info("%s, %d of them grow with it", counted(len(rows), "design"), alive)
