"""The single-level program with equal primal and dual objectives, solved again for each next design."""

from pathlib import Path

from knockflow.base.clock import Watch
from knockflow.designs.ranking import BestDesigns
from knockflow.designs.result import Result
from knockflow.methods.single_level.big_m import Policy
from knockflow.methods.single_level.enumerate import search as enumerate_designs
from knockflow.methods.single_level.strong_duality import MODELS
from knockflow.numerics.mip_solvers import Solver


def search(best: BestDesigns, watch: Watch, solver: Solver, policy: Policy, log: str | Path | None = None) -> Result:
    """Best minimal designs; see `knockflow.methods.single_level.enumerate`."""
    model = MODELS[best.formulation.models["strong_duality"]]
    return enumerate_designs(best, watch, solver, model, policy, log)
