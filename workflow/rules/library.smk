"""The library, found wherever the workflow is read from, and configuration files read strictly."""

import sys
from pathlib import Path

# Snakemake keeps a copy of each file that is asked for: the modules that are imported here must all be named.
for _module in (
    "base/__init__",
    "base/errors",
    "base/files",
    "base/sources",
    "base/terminal",
    "formulations/__init__",
    "formulations/formulation",
    "language/__init__",
    "language/ids",
    "language/inequalities",
    "language/kinds",
    "language/notation",
    "methods/__init__",
    "methods/method",
    "numerics/__init__",
    "numerics/mip_logs",
    "numerics/mip_programs",
    "settings/__init__",
    "settings/config",
    "settings/schema",
    "settings/sections",
    "settings/solvers",
    "settings/sources",
    "settings/strict",
    "settings/support",
    "__init__",
):
    _library = Path(
        workflow.source_path(f"../../scripts/knockflow/{_module}.py")
    ).parents[1]
workflow.source_path("../../scripts/knockflow/settings/schema.yaml")
sys.path.insert(0, str(_library))

from knockflow.base.errors import ConfigError
from knockflow.settings.strict import check_file
from snakemake.exceptions import WorkflowError


def strictly(file):
    """A configuration file, once it is YAML or JSON that says nothing twice."""
    try:
        check_file(file)
    except ConfigError as error:
        raise WorkflowError(str(error))
    return file
