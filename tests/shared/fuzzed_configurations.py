"""Configurations that are wrong in one to three places, drawn from the schema; and files of them with bytes changed."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from random import Random

import yaml
from hostile import CANARY, CASE, IDS, NUMBERS, ODD, TABLES, TEXTS

from knockflow.settings.schema import read_schema

SCHEMA = read_schema()
NOTATION = (
    "-FAST",
    "-WASTE",
    "+NEW",
    "SLOW>=1",
    "FAST<=2",
    "FAST<=50%",
    "-g_fast",
    "BIOMASS >= 0.1",
    "EX_p_e - 2 PT <= 1",
)
FILES = (
    *TABLES,
    "small.json",
    "small.xml",
    "small.yml",
    "small.mat",
    "missing.json",
    "small.json#model",
    ".",
    "bigg:x y",
)
PLAIN = {
    "null": (None,),
    "boolean": (True, False),
    "integer": (0, 1, 2, 2, 3, 3, 4, -1, 10**12),
    "number": (0, 0.1, 1, 2.5, 10, 10, 50, *NUMBERS),
    "string": (*IDS, *IDS, *NOTATION, *NOTATION, *FILES, *TEXTS),
}
NOT_TO_ASK = {"time_limit_s", "threads", "validation_threads", "model_cache", "results"}
"""Keys that change where or how long something runs; they are drawn for the checks only."""


def base() -> dict:
    """A configuration with nothing wrong."""
    return {
        "cases": {"small": {"model": "small.json"} | deepcopy(CASE)},
        "formulations": {"best": {"kind": "robustknock", "max_interventions": 2}},
    }


def configuration(random: Random, deep: bool = True) -> dict:
    """The base with one to three keys drawn from the schema; `deep` leaves out what would only take long."""
    made = base()
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        _change(random, made, deep)
    return made


def _change(random: Random, made: dict, deep: bool) -> None:
    """Set, drop or misspell a key somewhere."""
    node, part, path = made, SCHEMA, ()
    while True:
        below = dict(_resolved(part).get("properties", {}))
        if path in (("cases",), ("formulations",)):
            if not isinstance(node, dict) or not node:
                return
            name = random.choice([*node])
            node, part, path = node[name], _resolved(part)["additionalProperties"], (*path, name)
            continue
        if not below or not isinstance(node, dict):
            return
        key = random.choice([key for key in below if not deep or key not in NOT_TO_ASK])
        inside = _resolved(below[key])
        if (inside.get("properties") or key in ("cases", "formulations")) and random.random() < 0.8:
            if not isinstance(node.get(key), dict):
                node[key] = {}
            node, part, path = node[key], below[key], (*path, key)
            continue
        break
    way = random.random()
    if way < 0.05:
        node.pop(key, None)
    elif way < 0.1:
        node[random.choice((key[:-1], key.upper(), f"{key}s", random.choice(TEXTS), 7, None, True))] = node.pop(key, 1)
    else:
        node[key] = drawn(random, below[key])


def drawn(random: Random, part: Mapping, depth: int = 0) -> object:
    """A value for a part of the schema: mostly of its type, though it may mean nothing; sometimes anything."""
    part = _resolved(part)
    if random.random() < 0.15 or depth > 4:
        return deepcopy(random.choice((*TEXTS, *NUMBERS, *ODD)))
    if "anyOf" in part:
        return drawn(random, random.choice(part["anyOf"]), depth + 1)
    if "enum" in part:
        return random.choice(part["enum"])
    if "const" in part:
        return part["const"]
    kinds = part.get("type", ["string", "number", "null", "boolean"])
    kind = random.choice(kinds) if isinstance(kinds, list) else kinds
    if kind == "array":
        return [drawn(random, part.get("items", {}), depth + 1) for _ in range(random.choice((0, 1, 1, 2, 3)))]
    return _mapping(random, part, depth) if kind == "object" else random.choice(PLAIN[kind])


def _mapping(random: Random, part: Mapping, depth: int) -> dict:
    known = dict(part.get("properties", {}))
    if known:
        keys = random.sample([*known], min(len(known), random.choice((0, 1, 1, 2, 3))))
        return {key: drawn(random, known[key], depth + 1) for key in keys}
    extra = part.get("additionalProperties")
    names = random.sample([*IDS, *NOTATION, random.choice(TEXTS)], random.choice((0, 1, 1, 2)))
    return {name: drawn(random, extra if isinstance(extra, Mapping) else {}, depth + 1) for name in names}


def _resolved(part: Mapping) -> Mapping:
    while "$ref" in part:
        target = SCHEMA
        for key in part["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        part = {**target, **{key: value for key, value in part.items() if key != "$ref"}}
    return part


SNIPPETS = (
    "!!python/object/apply:os.system ['touch {canary}']",
    "!!python/name:os.system",
    "!<tag:yaml.org,2002:python/object/new:os.system> [touch {canary}]",
    "&a [*a, *a]",
    "{a: &b [1, 2], c: *b, <<: *b}",
    "<<: {model: cobra:textbook}",
    "\t- x",
    "? [complex, key]\n: value",
    "2001-02-30",
    "0o777",
    "1_000",
    "---\na: 1\n---\nb: 2",
    "%YAML 9.9\n---",
    "__use_yte__: true\n?if True:\n  x: ?open('{canary}', 'w')",
    "\ufeff",
    "[" * 3000,
    "a: " * 500,
)


def text(random: Random) -> bytes:
    """A configuration file with something put in, taken out, or other bytes."""
    return garbled(random, yaml.safe_dump(base()).encode(), [one.replace("{canary}", CANARY) for one in SNIPPETS])


def garbled(random: Random, content: bytes, snippets: tuple[str, ...] | list[str] = ()) -> bytes:
    """Bytes with one to three pieces changed: cut, doubled, moved, flipped, or another put in."""
    made = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 3))):
        if not made:
            break
        start = random.randrange(len(made))
        end = min(len(made), start + random.choice((1, 2, 8, 40, 400)))
        way = random.choice(("cut", "double", "move", "flip", "put", "end", "line"))
        if way == "cut":
            del made[start:end]
        elif way == "double":
            made[start:start] = made[start:end]
        elif way == "move":
            piece = made[start:end]
            del made[start:end]
            place = random.randrange(len(made) + 1)
            made[place:place] = piece
        elif way == "flip":
            made[start] ^= 1 << random.randrange(8)
        elif way == "put":
            made[start:start] = random.choice((*snippets, *TEXTS)).encode()
        elif way == "line":
            lines = bytes(made).split(b"\n")
            lines.insert(random.randrange(len(lines)), random.choice((*snippets, *TEXTS)).encode())
            made = bytearray(b"\n".join(lines))
        else:
            del made[start:]
    return bytes(made)


def numbered(count: int, first: int = 0) -> Iterator[Random]:
    """A source of random numbers for each case, so that one can be drawn again by its number."""
    return (Random(number) for number in range(first, first + count))
