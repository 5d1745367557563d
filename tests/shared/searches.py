"""A search of any method by itself, on a list that a test has made, with the defaults of a configuration."""

from knockflow.base.clock import Watch
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.ranking import BestDesigns
from knockflow.designs.result import Result
from knockflow.methods.registry import METHODS
from knockflow.methods.task import Task
from knockflow.settings.options import formulation_options

DEFAULTS = formulation_options({"kind": "optknock"})


def task(method: str, best: BestDesigns, watch: Watch, /, checkpoint: Checkpoint | None = None, **options) -> Task:
    """What a method is given; `options` are keys of a formulation."""
    return Task(METHODS[method], best, watch, DEFAULTS | options, checkpoint=checkpoint)


def run(method: str, best: BestDesigns, watch: Watch, /, **options) -> Result:
    """What a method finds."""
    return task(method, best, watch, **options).run()
