"""Reading a configuration file strictly: what YAML passes over in silence, or names without a place, is refused.

YAML keeps the last of two entries of one name, and takes `key:value` without a space for text. Both change what is
computed without a word. Here each is an error with its line and column, as are tabs and all that is no YAML at all.
JSON files are read in the same way: but for tabs between its parts, JSON is YAML.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from knockflow.base.errors import ConfigError, nearest

MERGE = "tag:yaml.org,2002:merge"
"""Tag of the key `<<`, which may stand more than once."""

_NO_SPACE = re.compile(r"(?P<key>[A-Za-z_+-][\w.|+<>=%-]*):(?P<value>[^\s:/\\].*)$")
_SOURCES = ("cobra", "bigg", "http", "https", "ftp", "file")
"""Words before a colon that are no keys, but say where a model is from."""


def check_file(path: str | Path) -> None:
    """Refuse a configuration file that is no YAML or JSON, or says something twice.

    Raises
    ------
    ConfigError
        With the file's whole path, as Snakemake has it, the line and the column of each fault; of a file that cannot
        be parsed, of the first.
    """
    faults = [f"{Path(path).absolute()}: {fault}" for fault in _faults(Path(path))]
    if faults:
        raise ConfigError("\n".join(faults))


def _faults(path: Path) -> Iterator[str]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        near = nearest(path.name, (other.name for other in path.parent.glob("*.[yj][as]*") if other.is_file()))
        yield f"cannot be read: {error.strerror}" + (f"; did you mean {', '.join(near)}?" if near else "")
        return
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        yield f"line {line}: not UTF-8 text (byte {error.object[error.start]:#04x}); save the file as UTF-8"
        return
    if _is_json(text):
        # Between JSON's parts a tab is as good as a space; within them none can stand.
        text = text.replace("\t", " ")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        yield _why_no_yaml(error, text.splitlines())
        return
    except (yaml.YAMLError, RecursionError) as error:
        yield f"not valid YAML: {str(error).replace(chr(10), '; ')}"
        return
    found = list(_in_value(root, None, "", text, set())) if root else []
    if not found and not isinstance(root, yaml.MappingNode):
        found = ["line 1, column 1: no keys at the top; a configuration has `cases` and `formulations`"]
    yield from found


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _place(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"


def _why_no_yaml(error: yaml.MarkedYAMLError, lines: list[str]) -> str:
    """The parser's complaint, with what has most likely led to it."""
    mark = error.problem_mark or error.context_mark
    place = f"{_place(mark)}: " if mark else ""
    if mark and mark.line < len(lines) and lines[mark.line][mark.column : mark.column + 1] == "\t":
        return f"{place}a tab; YAML is indented and separated with spaces"
    if mark:
        first = error.context_mark.line if error.context_mark else mark.line - 1
        for number in range(min(first, mark.line), mark.line + 1):
            found = _without_space(lines[number].strip()) if 0 <= number < len(lines) else None
            if found:
                column = len(lines[number]) - len(lines[number].lstrip()) + 1
                return f"line {number + 1}, column {column}: {found}"
    problem = " ".join(filter(None, (error.context, error.problem)))
    return f"{place}not valid YAML: {problem}"


def _without_space(line: str) -> str | None:
    """What is wrong with a line that begins with a key, a colon and no space; None if it does not."""
    found = _NO_SPACE.match(line.removeprefix("- "))
    if not found or found["key"] in _SOURCES:
        return None
    return f"`{found[0]}`: a space is missing after the colon: `{found['key']}: {found['value']}`"


def _in_mapping(node: yaml.MappingNode, where: str, text: str, seen: set[int]) -> Iterator[str]:
    """Faults within a mapping."""
    first: dict[tuple[str, str], yaml.Mark] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if not isinstance(key, yaml.ScalarNode):
            yield f"{_place(key.start_mark)}: a list or mapping as a key"
        elif key.tag != MERGE:
            before = first.setdefault((key.tag, key.value), key.start_mark)
            if before is not key.start_mark:
                under = f" under `{where}`" if where else ""
                yield (
                    f"{_place(key.start_mark)}: `{name}` is there twice{under}, first in line {before.line + 1}; "
                    "only one would count: rename or remove the other"
                )
            # In `{EX_glc__D_e:10}` the whole text is a key without a value.
            if not key.style and _is_nothing(value) and (found := _without_space(name)):
                yield f"{_place(key.start_mark)}: {found}"
        yield from _in_value(value, key.start_mark, f"{where}.{name}".strip("."), text, seen)


def _is_nothing(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.start_mark.index == node.end_mark.index


def _in_value(node: yaml.Node, key: yaml.Mark | None, where: str, text: str, seen: set[int]) -> Iterator[str]:
    """Faults within a value that stands under a key; what has an anchor is gone through once."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        yield from _in_mapping(node, where, text, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _in_value(item, None, where, text, seen)
    elif not node.style:
        yield from _in_plain_text(node, key, text)


def _in_plain_text(node: yaml.ScalarNode, key: yaml.Mark | None, text: str) -> Iterator[str]:
    """Lines that look like keys, though YAML adds them to the text before, or takes them for that of the key above."""
    lines = text[node.start_mark.index : node.end_mark.index].splitlines()
    for number, line in enumerate(lines):
        if number == 0 and node.start_mark.index and (key is None or node.start_mark.line == key.line):
            continue
        found = _without_space(line.strip())
        if found:
            column = node.start_mark.column if number == 0 else len(line) - len(line.lstrip())
            yield f"line {node.start_mark.line + number + 1}, column {column + 1}: {found}"
