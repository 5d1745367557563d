"""A configuration file read and checked as the workflow does before any job."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from knockflow.base.errors import ConfigError, FileError
from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema
from knockflow.settings.solvers import missing_solvers
from knockflow.settings.sources import REMOTE, layer_files, missing_files
from knockflow.settings.strict import check_file


def read_configuration(file: str | Path) -> dict:
    """A configuration with every default, its files as absolute paths.

    Raises
    ------
    FileError
        If it cannot be read.
    ConfigError
        With a line for each wrong key or value, missing file or missing solver.
    """
    file = Path(file)
    if not file.is_file():
        raise FileError(f"{file}: there is no such file")
    check_file(file)
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    found = checked(content if isinstance(content, dict) else {}, read_schema(), str(file))
    base = file.resolve().parent
    lines = [*missing_files(found, base, (Path.cwd(),)), *missing_solvers(found)]
    if lines:
        raise ConfigError("\n".join(f"{file}: {line}" for line in lines))
    return found | {"cases": {name: located(case, base) for name, case in found["cases"].items()}}


def located(case: Mapping, base: Path) -> dict:
    """A case whose relative files count from a folder, with absolute ones."""

    def path(source: str | None) -> str | None:
        return source if not source or source.startswith(REMOTE) else str((base / source).resolve())

    found = {**case, "model": path(case["model"]), "layers": dict(case["layers"])}
    found["targets"] = {**case["targets"], "table": path(case["targets"]["table"])}
    for key, file in (("heterologous", "file"), ("essential_genes", "table")):
        if case[key]:
            found[key] = {**case[key], file: path(case[key][file])}
    for key, source in layer_files(case):
        _, layer, slot = key.split(".")
        found["layers"][layer] = {**found["layers"][layer], slot: path(source)}
    return found
