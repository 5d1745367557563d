"""The modules that the rules themselves import: Snakemake copies only files that are named."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "scripts/knockflow"


def file_of(module: str) -> str:
    """The path below the library, without its ending, of `knockflow.x.y`."""
    path = "/".join(module.split(".")[1:]) or "__init__"
    return path if (LIBRARY / f"{path}.py").is_file() else f"{path}/__init__"


def imported_by(path: str) -> set[str]:
    found = set()
    for node in ast.parse((LIBRARY / f"{path}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "knockflow":
            own = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "knockflow" else []
            found |= {file_of(module) for module in (*own, node.module) if module != "knockflow" or not own}
    return found


def test_files_beside_modules_are_named_for_the_rules_and_come_with_the_package():
    data = [path for path in LIBRARY.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
    rule = (ROOT / "workflow/rules/library.smk").read_text(encoding="utf-8")
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert data
    for path in data:
        room = ".".join(path.relative_to(LIBRARY.parent).parent.parts)
        assert path.name in package[room], path
        assert f'workflow.source_path("../../{path.relative_to(ROOT)}")' in rule, path


def test_every_module_that_a_rule_imports_is_named():
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "workflow").rglob("*.smk")))
    waiting = {file_of(module) for module in re.findall(r"^from (knockflow[\w.]*) import", text, re.MULTILINE)}
    waiting.add("__init__")  # runs before any of them
    needed: set[str] = set()
    while waiting:
        path = waiting.pop()
        needed.add(path)
        waiting |= imported_by(path) - needed
    needed |= {f"{folder}/__init__" for path in needed for folder in map(str, Path(path).parents) if folder != "."}
    rule = (ROOT / "workflow/rules/library.smk").read_text(encoding="utf-8")
    named = set(re.findall(r'"([\w/]+)"', rule.split("for _module in")[1].split("):")[0]))
    assert needed - {"__init__"} <= named
