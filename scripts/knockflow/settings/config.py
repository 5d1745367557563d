"""Checking a configuration: every finding at once, each with its key, what is allowed and the nearest match."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy

from jsonschema import Draft202012Validator

from knockflow.base.errors import ConfigError, suggestion
from knockflow.base.tolerances import LARGEST_NUMBER
from knockflow.formulations.registry import FORMULATIONS, YIELD, YIELDS, asked_for, formulation
from knockflow.language.ids import quoted
from knockflow.language.inequalities import inequality
from knockflow.language.notation import KNOCK_OUT, Intervention, intervention
from knockflow.language.products import asked_in
from knockflow.methods.registry import METHODS
from knockflow.settings.aim_checks import cell_objective_problems, front_problems, product_problems
from knockflow.settings.faults import explained, read_as
from knockflow.settings.layer_checks import layer_problems
from knockflow.settings.screens import screen_problems, with_all_as_screen
from knockflow.settings.sections import line_of
from knockflow.settings.support import holding, why_not
from knockflow.settings.unnamed import named, settled

# Keys of mappings from an id to an amount, of which the order says nothing.
AMOUNTS = frozenset({"medium", "costs", "interventions", "cell_objective", "max_per_kind", "maximize"})


def checked(config: Mapping, schema: Mapping, file: str = "configuration") -> dict:
    """The configuration with every default filled in.

    Raises
    ------
    ConfigError
        With one line for each wrong key or value.
    """
    config = _numbers(with_all_as_screen(deepcopy(dict(config))), schema, schema)
    errors = sorted(Draft202012Validator(schema).iter_errors(config), key=lambda error: list(map(str, error.path)))
    lines = [*dict.fromkeys(line for error in errors for line in explained(error, schema.get("$defs", {})))]
    told = [error.instance for error in errors if "propertyNames" in error.absolute_schema_path]
    lines += [*_not_finite(config), *(line for key, line in _no_texts(config) if key not in told)]
    if not lines:
        config = filled(config, schema, schema)
        for asked in config["formulations"].values():
            asked["method"] = settled(asked)
        lines = list(_cross_checks(config, schema))
    if lines:
        raise ConfigError("\n".join(f"{file}: {line}" for line in lines))
    return config


def filled(value, part: Mapping, schema: Mapping):
    """A value with the defaults of its schema, down through mappings, and its keys in an order that says nothing new.

    Keys of the schema come as it has them and amounts by id, so that two configurations that say the same are the
    same; cases, formulations and products stay as they were written, which is the order in which they are shown.
    """
    if not isinstance(value, dict):
        return value
    part = _option(value, _resolve(part, schema), schema)
    for key, below in part.get("properties", {}).items():
        below = _resolve(below, schema)
        if key not in value and "default" in below:
            value[key] = deepcopy(below["default"])
    keys = [*(key for key in part.get("properties", ()) if key in value), *value]
    return {key: _by_id(key, filled(value[key], _below(part, key, schema), schema)) for key in dict.fromkeys(keys)}


def _by_id(key: str, value):
    """A mapping of amounts in the order of its ids, but for products, whose order is that of tables and pictures."""
    return dict(sorted(value.items())) if key in AMOUNTS and isinstance(value, dict) else value


def _below(part: Mapping, key: str, schema: Mapping) -> Mapping:
    """The schema of what stands under a key; empty where it says nothing."""
    part = _resolve(part, schema)
    extra = part.get("additionalProperties")
    return part.get("properties", {}).get(key, extra if isinstance(extra, Mapping) else {})


def _resolve(part: Mapping, schema: Mapping) -> Mapping:
    """A part of the schema with its reference followed; what stands beside the reference comes first."""
    if "$ref" not in part:
        return part
    target = schema
    for key in part["$ref"].removeprefix("#/").split("/"):
        target = target[key]
    return {**_resolve(target, schema), **{key: value for key, value in part.items() if key != "$ref"}}


def _option(value, part: Mapping, schema: Mapping) -> Mapping:
    """Of several options, the one that a mapping or list is meant as; the part itself where there is none."""
    wanted = {dict: "object", list: "array"}.get(type(value))
    options = (_resolve(option, schema) for option in part.get("anyOf", ()))
    return next((option for option in options if wanted and option.get("type") == wanted), part)


def _numbers(value, part: Mapping, schema: Mapping):
    """Numbers as the schema wants them: YAML 1.1 reads 1e-6 as text, and 3.0 is a whole number."""
    part = _option(value, _resolve(part, schema), schema)
    if isinstance(value, Mapping):
        return {key: _numbers(item, _below(part, key, schema), schema) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item, part.get("items", {}), schema) for item in value]
    types = [option.get("type") for option in (part, *part.get("anyOf", ()))]
    wanted = {"number", "integer"}.intersection(kind for kind in types if isinstance(kind, str))
    if isinstance(value, str) and wanted:
        try:
            value = float(value)
        except ValueError:
            return value
    if isinstance(value, float) and "integer" in wanted and value.is_integer():
        return int(value)
    return value


def _not_finite(value, where: str = "") -> Iterator[str]:
    """A line for each number that is none, infinite or nearly so; no range check of a schema catches those."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _not_finite(item, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _not_finite(item, where)
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{where}: `{value}` is not a finite number"
    elif isinstance(value, int | float) and abs(value) > LARGEST_NUMBER:
        yield f"{where}: `{value:.6g}` is more than a solver computes with; at most {LARGEST_NUMBER:g} is allowed"


def _no_texts(value, where: str = "") -> Iterator[tuple[object, str]]:
    """Each key that YAML reads as something else than a text, such as an id of digits, with a line about it."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            at = f"{where}.{key}" if where else str(key)
            if not isinstance(key, str):
                how = f"YAML reads the key `{key}` as {read_as(key)}; put it in quotation marks as it is written"
                yield key, f"{at}: {how}"
            yield from _no_texts(item, at)
    elif isinstance(value, list):
        for item in value:
            yield from _no_texts(item, where)


def _cross_checks(config: Mapping, schema: Mapping) -> Iterator[str]:
    """What a schema cannot say."""
    for section in ("cases", "formulations"):
        seen: dict[str, str] = {}
        for name in config[section]:
            other = seen.setdefault(name.casefold(), name)
            if other != name:
                yield f"{section}.{name}: differs from `{other}` only by case; some file systems take them for one"
    for name, case in config["cases"].items():
        for problem in _case_problems(case, config["formulations"]):
            yield f"cases.{name}.{problem}"
    for name, asked in config["formulations"].items():
        for problem in _formulation_problems(asked, schema):
            yield f"formulations.{name}.{problem}"


def _case_problems(case: Mapping, known: Mapping) -> Iterator[str]:
    for wanted in case["formulations"] or ():
        if wanted not in known:
            near = suggestion(wanted, known) or f"; add it there: {line_of(wanted)}"
            yield f"formulations: no formulation `{wanted}`{near}; under `formulations` there are {', '.join(known)}"
    names = [name for name in case["formulations"] or known if name in known]
    asking = [name for name in names if not formulation(known[name]["kind"]).cut_sets]
    yield from screen_problems(case)
    if not asked_in(case) and case["screen"] is None and asking:
        yield f"product: the key is missing; only minimal cut sets need none, `{asking[0]}` does"
    yield from product_problems(case, {name: known[name] for name in names})
    yield from layer_problems(case, {name: known[name] for name in names})
    yield from cell_objective_problems(case, {name: known[name] for name in names})
    for problem in _target_problems(case["targets"]):
        yield f"targets.{problem}"


def _formulation_problems(asked: Mapping, schema: Mapping) -> Iterator[str]:
    method, wanted = named(asked), asked_for(asked)
    kind = wanted.name
    yield from _keys_of_others(asked, schema["$defs"]["formulation"]["properties"])
    yield from _cut_set_problems(asked)
    if asked["objective"] == YIELD and not wanted.yield_of:
        yield f"objective: `{kind}` has no yields to seek; these do: {', '.join(YIELDS)}"
    yield from front_problems(asked, schema["$defs"]["formulation"]["properties"])
    if why_not(method, kind):
        yield (
            f"method: `{method}` does not hold for `{kind}`: {why_not(method, kind)}; "
            f"these do: {', '.join(holding(kind))}"
        )


def _keys_of_others(asked: Mapping, parts: Mapping) -> Iterator[str]:
    """Keys that only other methods read; the schema's `elsewhere` says of such a key why a method does without it."""
    method = named(asked)
    for key, part in parts.items():
        own = [name for name, other in METHODS.items() if key in other.keys]
        if own and method not in own and asked[key] != part["default"]:
            instead = f"use `{own[0]}`, or " if len(own) == 1 else ""
            yield f"{key}: `{method}` {part.get('elsewhere', 'does not read it')}; {instead}remove the key `{key}`"


def _target_problems(targets: Mapping) -> Iterator[str]:
    """Interventions that cannot be read, or that contradict each other; ids are checked against the model later."""
    yield from _realizable_problems(targets)
    named: dict[tuple, str] = {}
    for text in targets["interventions"]:
        change, problem = _read(text)
        if change:
            other = named.setdefault(_key(change), text)
            problem = problem or (f"`{text}` is the same as `{other}`" if other != text else _twofold(change, targets))
        if problem:
            yield f"interventions: {problem}"
    for name in targets["pathways"]:
        if not re.fullmatch(r"[^\s;|<>=]+", name):
            yield f"pathways: `{name}` is no name of a pathway: a word without any of `; | < > =`"
    forced, problems = _choices(targets["forced"], named, targets)
    yield from (f"forced: {problem}" for problem in problems)
    for group in targets["exclusive"]:
        keys, problems = _choices(group, named, targets)
        yield from (f"exclusive: {problem}" for problem in problems)
        if len(keys & forced) > 1:
            listed = ", ".join(f"`{text}`" for text in group)
            yield f"exclusive: {listed}: more than one of them is forced, so there is no design"


def _realizable_problems(targets: Mapping) -> Iterator[str]:
    """What genes can close is asked of reactions only."""
    if targets["level"] == "genes":
        for key in filter(targets.get, ("realizable", "with_side_effects")):
            yield f"{key}: at level `genes` the targets are genes, which can all be deleted; remove the key `{key}`"
    elif targets["with_side_effects"] and not targets["realizable"]:
        yield "with_side_effects: it says what `realizable` offers; add `realizable: true`, or remove the key"


def _choices(texts: Iterable[str], named: Iterable[tuple], targets: Mapping) -> tuple[set[tuple], list[str]]:
    """A list of forced or exclusive interventions, and what is wrong with it."""
    seen: dict[tuple, str] = {}
    problems = []
    for text in texts:
        change, problem = _chosen(text, named, targets)
        if change:
            other = seen.setdefault(_key(change), text)
            problem = problem or (f"`{text}` is the same as `{other}`" if other != text else "")
        problems += [problem] if problem else []
    return set(seen), problems


def _read(text: str, bare: str = "") -> tuple[Intervention | None, str]:
    """An intervention, and what is wrong with it if anything is."""
    try:
        change = intervention(text, bare)
    except ConfigError as error:
        return None, str(error)
    if change.relative and not 0 <= change.level <= 1:
        return change, f"`{text}`: a level within a flux range is from 0% to 100%"
    return change, ""


def _key(change: Intervention) -> tuple:
    """What makes two interventions the same, however they are written."""
    return change.action, tuple(sorted(change.names)), change.level, change.relative


def _chosen(text: str, named: Iterable[tuple], targets: Mapping) -> tuple[Intervention | None, str]:
    """A forced or exclusive intervention: a knock-out, or one that has been named."""
    change, problem = _read(text, bare=KNOCK_OUT)
    if problem:
        return change, problem
    if change.action != KNOCK_OUT and _key(change) not in named and not targets["table"]:
        known = targets["interventions"]
        return change, f"`{text}` is not among the interventions{suggestion(text, known)}; name it there with its cost"
    return change, _excluded(change, targets)


def _twofold(change: Intervention, targets: Mapping) -> str:
    """Why a knock-out cannot be named with a cost of its own, if so."""
    if change.action != KNOCK_OUT:
        return ""
    twice = [name for name in change.names if name in map(quoted, targets["costs"])]
    if twice:
        return f"`{change}` has its cost here and `{twice[0]}` another in `costs`; keep one"
    return _excluded(change, targets)


def _excluded(change: Intervention, targets: Mapping) -> str:
    out = [name for name in change.names if change.action == KNOCK_OUT and name in map(quoted, targets["exclude"])]
    return f"`{change}`: `{out[0]}` is in `exclude`, too" if out else ""


def _cut_set_problems(asked: Mapping) -> Iterator[str]:
    """Regions of states: only for minimal cut sets, which need them and have no value."""
    kind, regions = asked["kind"], {key: asked[key] for key in ("suppress", "protect")}
    if not formulation(kind).cut_sets:
        others = " or ".join(f"`{name}`" for name, one in FORMULATIONS.items() if one.cut_sets)
        for key in filter(regions.get, regions):
            yield f"{key}: `{kind}` has no regions of states; use {others}, or remove the key `{key}`"
        return
    if not any(regions.values()):
        yield f"suppress: `{kind}` needs states to suppress or to protect, such as `suppress: [BIOMASS >= 0.001]`"
    if asked["min_value"] is not None:
        yield f"min_value: designs of `{kind}` have no value; remove the key `min_value`"
    for key, given in regions.items():
        yield from (f"{key}: {problem}" for problem in _region_problems(given))


def _region_problems(regions: list) -> Iterator[str]:
    if len({isinstance(region, str) for region in regions}) > 1:
        yield "inequalities beside whole regions; put those of one region into a list of their own"
    for region in regions:
        texts = [region] if isinstance(region, str) else region["where"] if isinstance(region, dict) else region
        for text in texts:
            try:
                inequality(text)
            except ConfigError as error:
                yield str(error)
        if isinstance(region, dict) and not any(region["maximize"].values()):
            yield "maximize: all coefficients are 0"
