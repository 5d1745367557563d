"""Asks StrainDesign one question; runs in the peers' environment and imports nothing of Knockflow.

Reads a job from standard input and writes an answer to standard output, both JSON. A job holds

- `model` (COBRApy JSON), `medium` (exchange: largest uptake in mmol/gDW/h), `growth` and `product` (reactions),
- `kind` (`optknock` or `robustknock`), `min_growth` (1/h), `targets` (reactions that may be removed, cost 1 each),
- `max_interventions`, `solver` (`scip` or `glpk`), `time_limit` (seconds of the search), `seed`, `max_solutions`,
- `big_m`: null leaves it to StrainDesign (indicator constraints with SCIP, 1000 with GLPK),
- `scip_tolerance`: null leaves SCIP's feasibility and integrality tolerance as it is (1e-6).

StrainDesign is only ever asked to maximize. Its compression stays on, as by default.
"""

import json
import logging
import os
import platform
import re
import sys
import time
from importlib.metadata import version

import cobra
import straindesign


class Values(logging.Handler):
    """The value that StrainDesign logs for each solution of its program; its result object does not hold them."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.latest = None
        self.of_solutions = []

    def emit(self, record):
        text = record.getMessage()
        if found := re.match(r"Found solution with objective value (\S+)", text):
            self.latest = float(found[1])
        elif text.startswith("Strain design with cost"):
            self.of_solutions.append(self.latest)


def solver_version(name):
    if name == "glpk":
        import swiglpk

        return f"GLPK {swiglpk.glp_version()} (swiglpk {version('swiglpk')})"
    import pyscipopt

    return f"SCIP {pyscipopt.Model().version()} (PySCIPOpt {version('pyscipopt')})"


def set_scip_tolerance(tolerance):
    """StrainDesign has no option for it, so every program of SCIP gets it as it is made."""
    from straindesign.scip_interface import SCIP_MILP

    made = SCIP_MILP.__init__

    def make(self, *arguments, **options):
        made(self, *arguments, **options)
        self.setParam("numerics/feastol", tolerance)

    SCIP_MILP.__init__ = make


def answer(job):
    model = cobra.io.load_json_model(job["model"])
    for exchange, uptake in job["medium"].items():
        model.reactions.get_by_id(exchange).lower_bound = -uptake
    values = Values()
    logging.getLogger().addHandler(values)
    logging.getLogger().setLevel(logging.INFO)
    if job["scip_tolerance"] is not None:
        set_scip_tolerance(job["scip_tolerance"])
    # GLPK has one thread and refuses the option.
    options = {} if job["solver"] == "glpk" else {"milp_threads": 1}
    if job["big_m"] is not None:
        options["M"] = job["big_m"]
    start = time.perf_counter()
    module = straindesign.SDModule(
        model,
        job["kind"],
        inner_objective=job["growth"],
        inner_opt_sense="maximize",
        outer_objective=job["product"],
        outer_opt_sense="maximize",
        constraints=f"{job['growth']} >= {job['min_growth']}",
    )
    solutions = straindesign.compute_strain_designs(
        model,
        sd_modules=module,
        solver=job["solver"],
        ko_cost={target: 1.0 for target in job["targets"]},
        max_cost=job["max_interventions"],
        max_solutions=job["max_solutions"],
        solution_approach="best",
        time_limit=job["time_limit"],
        seed=job["seed"],
        **options,
    )
    seconds = time.perf_counter() - start
    return {
        "status": str(solutions.status),
        "seconds": seconds,
        "designs": [sorted(name for name, change in design.items() if change < 0) for design in solutions.reaction_sd],
        "values": [values.of_solutions[number] for number in solutions.group_map],
        "versions": {
            "straindesign": version("straindesign"),
            "solver": solver_version(job["solver"]),
            "cobra": version("cobra"),
            "python": platform.python_version(),
        },
    }


if __name__ == "__main__":
    # Solvers print to standard output, too: keep it for the answer alone.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    json.dump(answer(json.load(sys.stdin)), out)
