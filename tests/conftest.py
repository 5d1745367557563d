"""What all tests share: settings, tiers, and the core model and cases that are made once.

Modules that tests import from (small and random networks, a copy of the project with its working directory) stand in
`tests/shared`, which is on the path (pyproject.toml).
"""

import logging
import os
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings

settings.register_profile("knockflow", deadline=None, derandomize=True, database=None)
settings.load_profile("knockflow")

FAST = ("contract", "unit")
"""Folders whose tests are the fast tier, but for those that are marked `full` or `long`."""

ANAEROBIC = {"EX_glc__D_e": 10, "EX_o2_e": 0}


def pytest_collection_modifyitems(items):
    """Give each test the marker of its tier, and those on random examples one more."""
    for item in items:
        if not any(item.get_closest_marker(tier) for tier in ("full", "long")):
            folder = item.path.relative_to(Path(__file__).parent).parts[0]
            item.add_marker("fast" if folder in FAST else "full")
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("property")


@pytest.fixture
def logging_as_before():
    """What a stage or a run sets for logging is undone."""
    from knockflow.base.terminal import speak_as

    names = ("knockflow", "py.warnings")
    before = {name: (logging.getLogger(name).handlers, logging.getLogger(name).propagate) for name in names}
    yield
    speak_as("")
    logging.captureWarnings(False)
    for name, (handlers, propagate) in before.items():
        for handler in logging.getLogger(name).handlers:
            handler.close()
        logging.getLogger(name).handlers, logging.getLogger(name).propagate = handlers, propagate


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of larger models and tables, which is no part of the project."""
    folder = os.environ.get("KNOCKFLOW_DATA")
    if not folder:
        pytest.skip("KNOCKFLOW_DATA names no folder with larger models")
    return Path(folder)


@pytest.fixture(scope="session")
def core_case():
    """The core model without oxygen, for succinate: a case that no test changes."""
    from knockflow import Case

    return Case("cobra:textbook", "EX_succ_e", medium=ANAEROBIC, min_growth=0.05)


@pytest.fixture(scope="session")
def core_case_of_genes():
    """The same with genes as targets."""
    from knockflow import Case

    return Case("cobra:textbook", "EX_succ_e", medium=ANAEROBIC, min_growth=0.05, targets={"level": "genes"})


@pytest.fixture(scope="session")
def core_with_additions(tmp_path_factory):
    """The core model as `curate` leaves it, with what a design may add; tests put back what they change."""
    from additions import core_with_additions

    return core_with_additions(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def anaerobic_core():
    """The core model of COBRApy without oxygen, ready for re-evaluation; tests put back what they change."""
    from cobra.io import load_model

    from knockflow.validation.reevaluation import prepare

    model = load_model("textbook")
    model.reactions.EX_o2_e.lower_bound = 0
    model.notes["substrate"] = "EX_glc__D_e"
    prepare(model)
    return model
