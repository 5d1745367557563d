"""The library, found wherever the workflow is read from, and configuration files read strictly."""

import ast
import shlex
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError


class _Executable(str):
    """The interpreter's path, which Snakemake formats into the shell's command of a script without quoting it."""

    def __format__(self, specification):
        return format(shlex.quote(str(self)), specification)


sys.executable = _Executable(sys.executable)

_sources = {}


def _source(path):
    """A file beside the workflow, wherever that is read from; None if there is none."""
    if path not in _sources:
        try:
            _sources[path] = Path(workflow.source_path(f"../../{path}")).read_bytes()
        except (OSError, WorkflowError):
            _sources[path] = None
    return _sources[path]


_imported = {}

# The linter knows one form of import only; to parse hundreds of modules takes half a second.
_IMPORT = re.compile(rb"^[ \t]*from (knockflow(?:\.\w+)*) import\b", re.MULTILINE)


def _modules_in(path):
    """The library modules that a file imports by statement."""
    if path not in _imported:
        _imported[path] = [name.decode() for name in _IMPORT.findall(_source(path))]
    return _imported[path]


def _imports(path, seen):
    """Add to `seen` a file and all library modules that it imports, directly or not."""
    if path in seen or _source(path) is None:
        return
    seen.add(path)
    for module in _modules_in(path):
        _add_module(module, seen)


def _add_module(module, seen):
    parts = module.split(".")
    for depth in range(1, len(parts)):
        _imports(f"scripts/{'/'.join(parts[:depth])}/__init__.py", seen)
    _imports(f"scripts/{'/'.join(parts)}.py", seen)
    _imports(f"scripts/{'/'.join(parts)}/__init__.py", seen)


# Snakemake keeps a copy of each file that is asked for: the modules that rules import, and all that these import.
for _module in (
    "knockflow.base.errors",
    "knockflow.base.files",
    "knockflow.base.kept",
    "knockflow.base.sources",
    "knockflow.language.products",
    "knockflow.layers.registry",
    "knockflow.settings.config",
    "knockflow.settings.schema",
    "knockflow.settings.solvers",
    "knockflow.settings.sources",
    "knockflow.settings.strict",
    "knockflow.settings.support",
    "knockflow.settings.unnamed",
    "knockflow.stages.screen",
):
    _add_module(_module, set())
workflow.source_path("../../scripts/knockflow/settings/schema.yaml")
_library = Path(workflow.source_path("../../scripts/knockflow/__init__.py")).parents[1]
sys.path.insert(0, str(_library))

from knockflow.base.errors import ConfigError
from knockflow.layers.registry import NAMES, layers

for _name in NAMES:
    _add_module(f"knockflow.layers.{_name}", set())
for _layer in layers().values():
    if _layer.checks:
        _add_module(_layer.checks, set())
    for _path in _layer.own_files.values():
        workflow.source_path(f"../../scripts/knockflow/{_path}")

from knockflow.settings.strict import check_file


def strictly(file):
    """A configuration file, once it is YAML or JSON that says nothing twice."""
    try:
        check_file(file)
    except ConfigError as error:
        raise WorkflowError(str(error))
    return file


def own_configuration():
    """The `config/config.yaml` of a working directory that is not the project's folder, or none.

    That is where workflows have theirs by convention; a module is given its part of another workflow's.
    """
    file, example = Path("config/config.yaml"), _library.parent / "config/config.yaml"
    if not workflow.modifier.is_main_snakefile() or not file.is_file():
        return None
    return None if example.is_file() and file.samefile(example) else str(file)
