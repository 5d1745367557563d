"""Screens: a case with `screen` stands for many, one for each product, which the workflow then has as any others.

A checked configuration knows of screens only by `screens`, the cases of each by product; where there are none it has no
such key.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from knockflow.base.errors import ConfigError

ALL = "all"
KEY = "screens"

MOST = 64
"""Characters of a case's name."""

Secreted = Callable[[str, Mapping], list[str]]
"""Every product of a case that `all` stands for, by the case's name and keys."""


def with_all_as_screen(config: dict) -> dict:
    """A configuration as it was read, with `products: all` of a case as `screen: all`."""
    cases = config.get("cases")
    for case in cases.values() if isinstance(cases, dict) else ():
        if isinstance(case, dict) and case.get("products") == ALL and case.get("screen") is None:
            case["screen"] = case.pop("products")
    return config


def screen_problems(case: Mapping) -> list[str]:
    """What is wrong with the products of a screen."""
    asked = case["screen"]
    if asked is None:
        return []
    beside = [key for key in ("product", "products") if case[key] is not None]
    lines = [f"screen: `{key}` is there, too; keep one of the two keys" for key in beside]
    if asked != ALL and not asked:
        lines.append(f"screen: no product is named; name some, or `{ALL}` for every one that can leave the cell")
    return lines


def expanded(config: Mapping, secreted: Secreted) -> dict:
    """A checked configuration with a case for each product of a screen.

    Raises
    ------
    ConfigError
        If a screen finds no product, or a case of it has the name of another case.
    """
    cases, screens = {}, {}
    for name, case in config["cases"].items():
        asked, plain = case["screen"], {key: value for key, value in case.items() if key != "screen"}
        if asked is None:
            cases[name] = plain
            continue
        products = secreted(name, plain) if asked == ALL else list(asked)
        if not products:
            raise ConfigError(f"cases.{name}.screen: no organic compound can leave the cell at min_growth")
        names = case_names(name, products)
        screens[name] = {names[product]: product for product in products}
        cases |= {names[product]: plain | {"product": product} for product in products}
    _unique(config["cases"], screens)
    return {**config, "cases": cases} | ({KEY: screens} if screens else {})


def case_names(screen: str, products: Iterable[str]) -> dict[str, str]:
    """The names of a screen's cases by product: short, each once whatever the case of letters, fit for folders."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for product in products:
        bare = re.sub(r"[^A-Za-z0-9]+", "_", product.removeprefix("EX_").removesuffix("_e")).strip("_") or "product"
        name, number = f"{screen}-{bare}"[:MOST], 1
        while name.casefold() in taken:
            number += 1
            name = f"{f'{screen}-{bare}'[: MOST - 4]}-{number}"
        taken.add(name.casefold())
        found[product] = name
    return found


def _unique(cases: Mapping, screens: Mapping[str, Mapping]) -> None:
    others = {name.casefold(): name for name in cases if name not in screens}
    for screen, own in screens.items():
        for name in own:
            if others.setdefault(name.casefold(), screen) != screen:
                raise ConfigError(
                    f"cases.{screen}.screen: its case `{name}` has the name of another; rename the screen"
                )


def written_back(config: Mapping) -> dict:
    """The configuration as it was asked for: each screen as one case again, with its products."""
    if KEY not in config:
        return dict(config)
    of = {case: screen for screen, own in config[KEY].items() for case in own}
    cases = {}
    for name, case in config["cases"].items():
        screen = of.get(name)
        if screen is None:
            cases[name] = case
        elif screen not in cases:
            own = {key: value for key, value in case.items() if key != "product"}
            cases[screen] = own | {"screen": list(config[KEY][screen].values())}
    return {key: value for key, value in config.items() if key != KEY} | {"cases": cases}
