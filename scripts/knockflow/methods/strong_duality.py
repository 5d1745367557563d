"""The single-level program with equal primal and dual objectives, solved again for each next design."""

from pathlib import Path

from knockflow.big_m import Policy
from knockflow.designs import BestDesigns
from knockflow.enumeration import search as enumerate_designs
from knockflow.result import Result
from knockflow.single_level.strong_duality import MODELS
from knockflow.solvers import Solver
from knockflow.watch import Watch


def search(best: BestDesigns, watch: Watch, solver: Solver, policy: Policy, log: str | Path | None = None) -> Result:
    """Best minimal designs; see `knockflow.enumeration`."""
    return enumerate_designs(best, watch, solver, MODELS, policy, log)
