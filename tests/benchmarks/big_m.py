"""What a tight and a loose big-M do: relaxation bound, time and wrong answers. Writes the table of docs/big-m.md.

    python tests/benchmarks/big_m.py

The core model that COBRApy bundles, without oxygen, K = 2, strong duality. The bounds of dual variables are those of
policy `instance` at margin 1, times a factor, and are never widened, so that each row shows what they do.
"""

import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import cobra
import pyomo.environ as pyo
from measuring import DOCS, write_part

from knockflow.base.clock import Watch
from knockflow.base.errors import SolverError
from knockflow.base.tolerances import VERIFIED, close
from knockflow.designs.ranking import BestDesigns, Limits
from knockflow.formulations.registry import FORMULATIONS
from knockflow.methods.registry import METHODS
from knockflow.methods.single_level.big_m import Policy, instance
from knockflow.methods.single_level.strong_duality import MODELS
from knockflow.methods.task import Task
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.network import read_network
from knockflow.model.question import Question
from knockflow.model.read import write_model
from knockflow.numerics.mip_solvers import Solver, SolverOptions
from knockflow.problem.problem import Problem
from knockflow.problem.targets import TargetOptions
from knockflow.settings.options import formulation_options
from knockflow.stages.problem import build

PRODUCTS = ("EX_succ_e", "EX_lac__D_e")
KINDS = ("optknock", "robustknock")
FACTORS = (1, 10, 100, 1e4, 1e6)
SECONDS = 60
LIMITS = Limits(2, 1)
HEADER = "| product | kind | solver | factor | relaxation | value found | true value | seconds | what happened |\n"


def problem_of(product: str) -> Problem:
    """The core model without oxygen on 10 mmol/gDW/h of glucose, growing at least 0.05 per h."""
    model = cobra.io.load_model("textbook")
    model.reactions.EX_o2_e.lower_bound = 0
    with TemporaryDirectory() as folder:
        write_model(Path(folder) / "model.json", model)
        network = read_network(Path(folder) / "model.json")
    cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
    return build(network, cuts, Question(product, "EX_glc__D_e", 0.05), TargetOptions())[0].growing()


def relaxation(problem: Problem, kind: str, policy: Policy) -> float:
    """The bound of the model with decisions between 0 and 1."""
    single = MODELS[kind](problem, LIMITS, policy.bounds(problem, FORMULATIONS[kind]))
    pyo.TransformationFactory("core.relax_integer_vars").apply_to(single.model)
    return -Solver(SolverOptions("highs")).minimize(single.model, [], SECONDS, None).objective


def measured(problem: Problem, kind: str, solver: str, policy: Policy, true: float) -> tuple[str, float, str]:
    """Value found, seconds, and what happened."""
    best = BestDesigns(problem, FORMULATIONS[kind], LIMITS)
    given = {"solver": solver, "big_m": {"policy": policy.name, **policy.values}}
    asked = formulation_options({"kind": kind, "method": "strong_duality"} | given)
    start = time.monotonic()
    try:
        with Watch(SECONDS) as watch:
            result = Task(METHODS["strong_duality"], best, watch, asked).run()
    except SolverError:
        return "none", time.monotonic() - start, "a claim falls short of the oracle's value: refused"
    value = result.ranked[0].value if result.ranked else best.wild_type.value
    said = [watch.stopped] if watch.stopped else []
    if not close(true, value, VERIFIED):
        said.append("the best design is hidden")
    if result.big_m["overclaims"]:
        said.append(f"{result.big_m['overclaims']} claims above the oracle's value")
    return f"{value:.4f}", time.monotonic() - start, "; ".join(said) or "right"


def rows() -> list[str]:
    """All lines of the table."""
    lines = []
    for product in PRODUCTS:
        problem = problem_of(product)
        for kind in KINDS:
            exact = BestDesigns(problem, FORMULATIONS[kind], LIMITS)
            true = Task(METHODS["tree"], exact, Watch(), {"threads": 1}).run().ranked[0].value
            needed = instance(problem, FORMULATIONS[kind], margin=1.0)
            for factor in FACTORS:
                policy = Policy("user", values=asdict(needed.times(factor)))
                bound = relaxation(problem, kind, policy)
                for solver in ("highs", "cbc"):
                    value, seconds, said = measured(problem, kind, solver, policy, true)
                    lines.append(
                        f"| `{product}` | `{kind}` | {solver} | {factor:g} | {bound:.2f} | {value} | {true:.4f} "
                        f"| {seconds:.1f} | {said} |\n"
                    )
                    print(lines[-1], end="", flush=True)
    return lines


if __name__ == "__main__":
    table = HEADER + "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n" + "".join(rows())
    write_part(DOCS / "big-m.md", "table", table)
