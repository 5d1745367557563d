"""Mark targets, merge coupled reactions, and write the follower as arrays."""

from collections import Counter
from math import isfinite

from knockflow.base.stage import stage
from knockflow.base.tables import GPR, TARGETS
from knockflow.layers.registry import given, in_follower
from knockflow.model.gpr_table import cut_sets_in
from knockflow.model.network import read_network
from knockflow.model.question import Question
from knockflow.problem.archive import save
from knockflow.problem.targets import TargetOptions
from knockflow.stages.problem import build

with stage(snakemake) as log:
    network = read_network(snakemake.input.model)
    cuts = cut_sets_in(GPR.read(snakemake.input.gpr))
    asked = snakemake.params
    layers = in_follower(given(asked.layers, snakemake.input.layers))
    asked_targets = asked.targets | {"table": snakemake.input.table or None}
    question = Question.of(network, asked.product, asked.min_growth, asked.cell_objective)
    problem, targets = build(network, cuts, question, TargetOptions.of(asked_targets, network), layers)
    TARGETS.write(snakemake.output.targets, (target.row() for target in targets))
    save(snakemake.output.problem, problem)
    for one in problem.followers:
        told = f"{one.name}: " if len(problem.followers) > 1 else ""
        log.info("%s%d reactions as %d columns, %d rows", told, len(one.reactions), len(one.columns), len(one.rows))
    counts = Counter(target.status for target in targets)
    found = ", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "none"
    growth = f"largest growth {problem.max_growth:.6f} per h" if isfinite(problem.max_growth) else "no steady state"
    log.info("targets: %s; %s, min_growth %g", found, growth, problem.min_growth)
