"""Model files and tables with something wrong in them: a value, a key, an element, or bytes."""

import io
import json
import re
from copy import deepcopy
from pathlib import Path
from random import Random

import numpy as np
import yaml
from fuzzed_configurations import SNIPPETS, garbled
from hostile import CANARY, IDS, NUMBERS, ODD, TABLES, TEXTS
from scipy.io import loadmat, savemat

ANY = (*TEXTS, *NUMBERS, *ODD, *IDS)
XML = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    '<!ENTITY file SYSTEM "file:///etc/passwd">',
    "&file;",
    "<![CDATA[ <x ]]>",
    "</listOfReactions>",
    "<listOfReactions/>",
    "<notes><body xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></body></notes>",
)


def mutated(random: Random, folder: Path, ending: str) -> bytes:
    """The small model's file of that ending, changed."""
    content = (folder / f"small.{ending}").read_bytes()
    if random.random() < 0.35:
        return garbled(random, content, XML if ending == "xml" else _snippets())
    if ending == "json":
        return json.dumps(_in_tree(random, json.loads(content))).encode("utf-8", "surrogatepass")
    if ending == "yml":
        tree = json.loads((folder / "small.json").read_bytes())
        return yaml.dump(_in_tree(random, tree), Dumper=_Unsafe, allow_unicode=True).encode()
    return _xml(random, content.decode()) if ending == "xml" else _mat(random, content)


class _Unsafe(yaml.Dumper):
    """Writes whatever it is given, with the tags of Python that a reader has to refuse."""


def table(random: Random, name: str) -> bytes:
    """A table with a cell, a line, a column or bytes changed."""
    text = TABLES[name]
    if random.random() < 0.3:
        return garbled(random, text.encode())
    rows = [line.split("\t") for line in text.splitlines()]
    for _ in range(random.choice((1, 1, 2))):
        row, column = random.randrange(len(rows)), random.randrange(len(rows[0]))
        match random.choice(("cell", "cell", "cell", "double", "drop", "header")):
            case "cell":
                rows[row][column % len(rows[row])] = str(random.choice(ANY))
            case "double":
                rows.append(list(rows[row]))
            case "drop":
                del rows[row][column % len(rows[row])]
                rows[row] = rows[row] or [""]
            case "header":
                rows[0][column % len(rows[0])] = random.choice((*rows[0], *TEXTS))
    return "\n".join("\t".join(row) for row in rows).encode("utf-8", "replace") + random.choice(
        (b"\n", b"\n", b"", b"\r\n")
    )


def _snippets() -> list[str]:
    return [one.replace("{canary}", CANARY) for one in SNIPPETS]


def _in_tree(random: Random, tree: dict) -> dict:
    """A tree with one to three values set, keys renamed, entries doubled, dropped or swapped."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        holders = list(_holders(tree))
        holder = random.choice(holders)
        places = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not places:
            continue
        place = random.choice(places)
        way = random.choice(("set", "set", "set", "drop", "double", "rename", "swap"))
        if way == "set":
            holder[place] = _value(random, holder[place])
        elif way == "drop":
            del holder[place]
        elif way == "double" and isinstance(holder, list):
            holder.append(deepcopy(holder[place]))
        elif way == "rename" and isinstance(holder, dict):
            holder[random.choice((*TEXTS, *IDS))] = holder.pop(place)
        elif way == "swap":
            other = random.choice(places)
            holder[place], holder[other] = holder[other], holder[place]
    return tree


def _value(random: Random, value: object) -> object:
    """A value of the same kind, or any."""
    if random.random() < 0.4:
        return deepcopy(random.choice(ANY))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return random.choice((-value, value * 2, value * 1e-9, value * 1e9, str(value), f"{value},5", *NUMBERS))
    if isinstance(value, str):
        return random.choice((*TEXTS, *IDS, value.lower(), f"{value} ", f"{value}_"))
    return deepcopy(random.choice(ANY))


def _holders(tree: object):
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _holders(value)
    elif isinstance(tree, list):
        yield tree
        for value in tree:
            yield from _holders(value)


def _xml(random: Random, text: str) -> bytes:
    """SBML with attributes set, dropped or swapped, or an element doubled or dropped."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        found = list(re.finditer(r'([\w:]+)="([^"]*)"', text))
        one = random.choice(found)
        way = random.choice(("set", "set", "set", "drop", "swap", "element"))
        if way == "set":
            value = str(_value(random, float(one[2]) if re.fullmatch(r"-?\d+(\.\d+)?", one[2]) else one[2]))
            for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
                value = value.replace(sign, escaped)
            text = f"{text[: one.start(2)]}{value}{text[one.end(2) :]}"
        elif way == "drop":
            text = text[: one.start()] + text[one.end() :]
        elif way == "swap":
            other = random.choice(found)
            text = text[: one.start(2)] + other[2] + text[one.end(2) :]
        else:
            whole = random.choice(
                list(re.finditer(r"<(species|reaction|parameter|fbc:geneProduct) .*?(/>|</\1>)", text, re.DOTALL))
            )
            text = text[: whole.start()] + random.choice(("", whole[0] * 2)) + text[whole.end() :]
    return text.encode("utf-8", "replace")


def _mat(random: Random, content: bytes) -> bytes:
    """A MATLAB file with fields set, dropped, resized or of another type."""
    found = {key: value for key, value in loadmat(io.BytesIO(content)).items() if not key.startswith("__")}
    name = next(iter(found))
    struct = found[name]
    fields = {field: struct[field][0, 0] for field in struct.dtype.names}
    for _ in range(random.choice((1, 1, 2))):
        field = random.choice(list(fields))
        value = np.array(fields[field]) if not hasattr(fields[field], "toarray") else fields[field].toarray()
        match random.choice(("entry", "entry", "entry", "drop", "short", "type", "transpose")):
            case "entry" if value.size:
                place = tuple(random.randrange(size) for size in value.shape)
                value = (
                    value.astype(object)
                    if value.dtype == object
                    else value.astype(float, copy=True)
                    if value.dtype.kind in "fiu"
                    else value
                )
                value[place] = random.choice(TEXTS[:10]) if value.dtype.kind in "OUS" else float(random.choice(NUMBERS))
                fields[field] = value
            case "drop":
                del fields[field]
            case "short" if value.size:
                fields[field] = value[:-1]
            case "type":
                fields[field] = random.choice(("text", 7.0, np.zeros((0, 0)), np.array([["a"], ["b"]], dtype=object)))
            case "transpose":
                fields[field] = value.T
        if not fields:
            break
    made = io.BytesIO()
    savemat(made, {name: fields}, oned_as="column")
    return made.getvalue()
