"""The calls from Python as a page: names, signatures and docstrings, read from the source without importing it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[1] / "scripts" / "knockflow"

CALLS = {"api.py": ["Case"], "report/designs.py": ["Designs", "DesignRow"], "report/plotted.py": ["Figure"]}
"""What a person calls or gets, by module."""

INNER = ("checked", "contributions", "labelled", "cells", "keys")
"""What others of the library call, and tables."""

HEADING = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)


def calls() -> Iterator[str]:
    """The lines of the page."""
    for module, names in CALLS.items():
        tree = ast.parse((LIBRARY / module).read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name in names:
                yield from _class(node)


def _class(node: ast.ClassDef) -> Iterator[str]:
    inner = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
    yield f"## {node.name}"
    yield ""
    if "__init__" in inner:
        yield from _signature(node.name, inner["__init__"])
    yield from _documented(node)
    for name, one in inner.items():
        overloaded = any("overload" in ast.unparse(mark) for mark in one.decorator_list)
        if name.startswith("_") or name in INNER or overloaded:
            continue
        yield f"### {node.name}.{name}"
        yield ""
        if any(ast.unparse(mark) == "property" for mark in one.decorator_list):
            yield f"*{ast.unparse(one.returns)}*"
            yield ""
        else:
            yield from _signature(name, one)
        yield from _documented(one)


def _signature(name: str, node: ast.FunctionDef) -> Iterator[str]:
    arguments = [one for one in ast.unparse(node.args).split("self")[-1].lstrip(", ").splitlines() if one]
    returned = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    yield "```text"
    yield f"{name}({''.join(arguments)}){returned}"
    yield "```"
    yield ""


def _documented(node: ast.ClassDef | ast.FunctionDef) -> Iterator[str]:
    """A docstring; what stands under a heading of its own becomes a list."""
    first, *rest = HEADING.split(ast.get_docstring(node) or "")
    yield first.strip()
    yield ""
    for heading, text in zip(rest[::2], rest[1::2], strict=True):
        yield f"**{heading}**"
        yield ""
        if heading == "Examples":
            yield "```text"
            yield text.strip()
            yield "```"
        else:
            yield from _items(text)
        yield ""


def _items(text: str) -> Iterator[str]:
    """A line without indentation names, what is indented below it explains."""
    for block in re.split(r"\n(?=\S)", text.strip()):
        name, *words = block.splitlines()
        said = " ".join(word.strip() for word in words)
        yield f"- `{name.strip()}`: {said}" if said else f"- {name.strip()}"
