"""The Python of pages and of the notebook, run as a reader would: `make outputs` writes what it prints beside it.

A block of Python is followed by a block of text with what it prints; blocks of a page share their names, and begin in
an empty folder. With `--check`, or a list of pages after it, nothing is written and the exit code says whether all
fits; numbers may differ in the last digits. Pages of which nothing is run so are in `ELSEWHERE`, with what runs them.
"""

import ast
import contextlib
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "docs/tutorial.ipynb"

ELSEWHERE = {
    "README.md": "tests/unit/test_api.py",
    "docs/architecture.md": "tests/workflow/test_architecture.py",
    "docs/interventions.md": "tests/workflow/test_page_commands.py",
}

BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:(\n```text\n)(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
CLOSE = 2e-5
"""How far a number may be from the one that is written, as a share of it (of 1 where it is smaller)."""


def pages() -> list[Path]:
    """The pages whose Python is run here."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    named = {path: str(path.relative_to(ROOT)) for path in found}
    return [path for path, name in named.items() if name not in ELSEWHERE and "```python" in path.read_text("utf-8")]


@contextlib.contextmanager
def empty_folder() -> Iterator[None]:
    """Within it the working directory is a new one, with nothing but the project's tables."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("config").symlink_to(ROOT / "config")
        try:
            yield
        finally:
            os.chdir(before)


def told_by(code: str, names: dict, where: str) -> tuple[str, object]:
    """What some lines print, and the value of the last of them where it is an expression."""
    tree, said = ast.parse(code, where), io.StringIO()
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(said):
        exec(compile(tree, where, "exec"), names)
        value = eval(compile(last, where, "eval"), names) if last else None
    return said.getvalue(), value


def page_again(text: str, where: str) -> str:
    """A page with what its Python prints now."""
    names = {"__name__": "__main__"}

    def again(found: re.Match) -> str:
        line = text[: found.start()].count("\n") + 2
        said, _ = told_by("\n" * (line - 1) + found[1], names, where)
        lines = "".join(f"{one.rstrip()}\n" for one in said.splitlines())
        return f"```python\n{found[1]}```\n" + (f"\n```text\n{lines}```\n" if lines else "")

    with empty_folder():
        return BLOCK.sub(again, text)


def as_output(said: str, value: object) -> Iterator[dict]:
    """The outputs of a cell as a notebook holds them."""
    if said:
        yield {"name": "stdout", "output_type": "stream", "text": said.splitlines(keepends=True)}
    if value is None:
        return
    data = {"text/plain": repr(value).splitlines(keepends=True)}
    for kind, method in (("text/html", "_repr_html_"), ("image/svg+xml", "_repr_svg_")):
        if hasattr(value, method) and not (kind == "text/html" and hasattr(value, "_repr_svg_")):
            data[kind] = getattr(value, method)().splitlines(keepends=True)
    yield {"data": data, "metadata": {}, "output_type": "display_data"}


def notebook_again(text: str) -> str:
    """A notebook with the outputs that it has now."""
    notebook, names = json.loads(text), {"__name__": "__main__"}
    with empty_folder():
        for number, cell in enumerate(notebook["cells"], 1):
            if cell["cell_type"] == "code":
                told = told_by("".join(cell["source"]), names, f"{NOTEBOOK.name}, cell {number}")
                cell["outputs"] = list(as_output(*told))
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def fits(new: str, old: str) -> bool:
    """Whether two texts are the same but for the last digits of numbers, and for the spaces around them."""
    ours, theirs = (NUMBER.sub("#", text).split() for text in (new, old))
    numbers = [[float(one) for one in NUMBER.findall(text)] for text in (new, old)]
    pairs = zip(*numbers, strict=False)
    return ours == theirs and all(abs(one - other) <= CLOSE * max(1.0, abs(other)) for one, other in pairs)


def again(path: Path) -> tuple[str, str]:
    """The text of a page or of the notebook as it is, and as it should be."""
    old = path.read_text(encoding="utf-8")
    return old, notebook_again(old) if path == NOTEBOOK else page_again(old, str(path.relative_to(ROOT)))


def main(arguments: list[str]) -> None:
    """Write all outputs, or check them."""
    named = [ROOT / name for name in arguments if name != "--check"]
    for path in named or [*pages(), NOTEBOOK]:
        old, new = again(path)
        if fits(new, old):
            continue
        if "--check" in arguments:
            sys.exit(f"{path.relative_to(ROOT)} does not show what its Python prints: run `make outputs`")
        path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
