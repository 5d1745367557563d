"""The modules that the rules themselves import: Snakemake copies only files that are asked for."""

import ast
import re
import tomllib
from pathlib import Path

from knockflow.layers.registry import layers

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "scripts/knockflow"


def test_files_beside_modules_are_named_for_the_rules_and_come_with_the_package():
    data = [path for path in LIBRARY.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
    rule = (ROOT / "workflow/rules/library.smk").read_text(encoding="utf-8")
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    of_layers = {LIBRARY / path for layer in layers().values() for path in layer.own_files.values()}
    assert of_layers < set(data)
    for path in data:
        room = ".".join(path.relative_to(LIBRARY.parent).parent.parts)
        assert path.name in package[room], path
        if path.name in ("py.typed", "__init__.pyi"):
            continue  # for type checkers, which no rule is
        assert path in of_layers or f'workflow.source_path("../../{path.relative_to(ROOT)}")' in rule, path


def test_every_module_that_a_rule_imports_is_asked_for():
    rules = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "workflow/rules").glob("*.smk")))
    library = (ROOT / "workflow/rules/library.smk").read_text(encoding="utf-8")
    imported = set(re.findall(r"^from (knockflow[\w.]*) import", rules, re.MULTILINE))
    assert imported
    assert imported == set(re.findall(r'"(knockflow[\w.]+)"', library))


def test_the_imports_that_rules_read_are_those_of_python():
    library = (ROOT / "workflow/rules/library.smk").read_text(encoding="utf-8")
    pattern = re.compile(re.search(r're.compile\(rb"(.+)", re.MULTILINE\)', library)[1].encode(), re.MULTILINE)
    for path in [*(ROOT / "scripts").glob("*.py"), *LIBRARY.rglob("*.py")]:
        content = path.read_bytes()
        nodes = [node for node in ast.walk(ast.parse(content)) if isinstance(node, ast.ImportFrom) and node.module]
        imported = {node.module for node in nodes if node.module.split(".")[0] == "knockflow"}
        assert {name.decode() for name in pattern.findall(content)} == imported, path
