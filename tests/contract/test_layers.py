"""What holds for every layer that is registered: so a new one is tested as soon as it is there."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from knockflow.layers.registry import NAMES, layers

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "scripts/knockflow"
LAYERS = layers()
HALVES = ("follower", "strain")
UNITS = re.compile(
    r"\b(M|V|K|1/h|h|s|g|mg|kJ/mol|mmol/gDW(/h)?|g/gDW|g/g|mol/mol|1/s|Da|kDa|%|percent|share|pH|pMg|number of|"
    r"[Ss]tandard deviations)\b"
)
"""What a description of a number says it is counted in."""


def imported(module: str) -> set[str]:
    """The library modules that a module imports, directly or not."""
    seen, waiting = set(), [module]
    while waiting:
        name = waiting.pop()
        path = LIBRARY.parent / Path(*name.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
        if name in seen or not file.is_file():
            continue
        seen.add(name)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("knockflow"):
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return seen


def numbers(part: dict, where: str) -> Iterator[tuple[str, dict]]:
    """The keys below a part of a schema, with their own parts."""
    for key, below in part.get("properties", {}).items():
        yield f"{where}.{key}", below
        yield from numbers(below, f"{where}.{key}")
    for option in part.get("anyOf", ()):
        yield from numbers(option, where)


def keys_of(layer) -> list[tuple[str, dict]]:
    parts = {f"layers.{layer.key}": layer.schema} | dict(layer.case_keys)
    return [one for where, part in parts.items() for one in ((where, part), *numbers(part, where))]


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_is_a_folder_of_its_key(name):
    layer = importlib.import_module(f"knockflow.layers.{name}").LAYER
    assert layer.key == name
    assert all(module.startswith(f"knockflow.layers.{name}.") for module in layer.modules())
    assert layer.title and (layer.why_kind or layer.kind.name == "LINEAR")
    for file in layer.own_files.values():
        assert (LIBRARY / file).is_file()


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_modules_have_what_is_asked_of_them(layer):
    assert callable(importlib.import_module(layer.follower).of)
    assert callable(importlib.import_module(layer.strain).rebuild)
    assert not layer.adds_to_model or callable(importlib.import_module(layer.strain).add)
    if layer.table:
        table = importlib.import_module(layer.table)
        assert table.TABLE.file == f"{layer.key}.tsv" and callable(table.rows)
    if layer.report:
        report = importlib.import_module(layer.report)
        assert callable(report.told) and hasattr(report, "TITLE") == hasattr(report, "section")


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_the_two_halves_of_a_layer_share_no_way_to_its_numbers(layer):
    assert layer.follower not in imported(layer.strain)
    assert layer.strain not in imported(layer.follower)
    rooms = {name.split(".")[1] for name in imported(layer.strain) if "." in name}
    assert not rooms & {"problem", "follower", "methods", "stages"}


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_every_key_of_a_layer_is_described_and_numbers_have_a_unit(layer):
    for where, part in keys_of(layer):
        assert part.get("description", "").endswith("."), where
        assert "default" in part or "required" in part, where
        kinds = part.get("type", ())
        if {kinds} & {"number", "integer"} if isinstance(kinds, str) else {"number", "integer"} & set(kinds):
            assert UNITS.search(part["description"]), f"{where}: {part['description']}"
    assert layer.schema["default"] is None


def test_no_other_file_imports_from_a_layer_or_knows_it_by_its_key():
    of_layers = "|".join(NAMES)
    files = [path for path in LIBRARY.rglob("*.py") if path.relative_to(LIBRARY).parts[:2] not in folders()]
    files += [*(ROOT / "scripts").glob("*.py"), *(ROOT / "workflow").rglob("*.smk"), *ROOT.glob("workflow/report/*.j2")]
    assert len(files) > 100
    for path in files:
        text = path.read_text(encoding="utf-8")
        found = re.search(
            rf"knockflow[./]layers[./]({of_layers})\b|\b({of_layers})\.tsv|layers\"?\]?\W+({of_layers})\b", text
        )
        assert not found, f"{path}: {found[0]}"


def folders() -> set[tuple[str, str]]:
    return {("layers", name) for name in NAMES}
