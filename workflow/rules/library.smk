"""The library, found wherever the workflow is read from, and configuration files read strictly."""

import sys
from pathlib import Path

# Snakemake keeps a copy of each file that is asked for: the modules that are imported here must all be named.
for _module in (
    "errors",
    "files",
    "ids",
    "formulations",
    "linear",
    "notation",
    "pairs",
    "progress",
    "stage",
    "terminal",
    "interfaces",
    "settings/__init__",
    "settings/sections",
    "settings/sources",
    "settings/strict",
    "config",
    "__init__",
):
    _library = Path(
        workflow.source_path(f"../../scripts/knockflow/{_module}.py")
    ).parents[1]
sys.path.insert(0, str(_library))

from knockflow.errors import ConfigError
from knockflow.settings.strict import check_file
from snakemake.exceptions import WorkflowError


def strictly(file):
    """A configuration file, once it is YAML or JSON that says nothing twice."""
    try:
        check_file(file)
    except ConfigError as error:
        raise WorkflowError(str(error))
    return file
