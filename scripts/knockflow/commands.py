"""What `python -m knockflow` does: a new configuration, a check of one, a key explained, two runs compared."""

import argparse
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from knockflow import __version__
from knockflow.base.errors import ConfigError, FileError, KnockflowError
from knockflow.language.products import asked_in
from knockflow.settings.proposal import LEVELS, Proposal

ASKED = {
    "model": "Model (a file, cobra:NAME such as cobra:textbook, or bigg:ID such as bigg:iML1515)",
    "product": "Product (an exchange reaction, or the name of what is made, such as succinate)",
    "substrate": "Substrate (likewise; empty leaves the model's medium)",
    "oxygen": "Oxygen, mmol/gDW/h at most (0 for none; empty leaves the model's)",
    "interventions": "Interventions at most",
}
"""What `new` asks a person who gives no flag for it."""

OXYGEN = ("O2", "o2", "oxygen")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status: 0 if all is well, 1 if not, 2 for a wrong call."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.run is None:
        parser.print_help(sys.stderr)
        return 2
    try:
        return options.run(options)
    except KnockflowError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knockflow", description="Strain design by bilevel optimization.")
    parser.add_argument("--version", action="version", version=f"Knockflow {__version__}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    new = commands.add_parser("new", help="write a configuration, from flags or from a few questions, and check it")
    new.add_argument("--model", help="a file, cobra:NAME or bigg:ID")
    new.add_argument("--product", help="an exchange reaction, or the name of what is made")
    new.add_argument("--substrate", help="likewise, with its largest uptake: glucose=10 (mmol/gDW/h)")
    new.add_argument("--oxygen", help="largest uptake of oxygen in mmol/gDW/h; 0 for none")
    new.add_argument("--interventions", type=int, help="the largest number of interventions (3)")
    new.add_argument("--level", choices=LEVELS, default=LEVELS[0], help="what is changed (%(default)s)")
    new.add_argument(
        "--min-growth", type=float, default=0.05, help="growth that a design must reach, 1/h (%(default)s)"
    )
    new.add_argument("--output", type=Path, default=Path("my-config.yaml"), help="the file to write (%(default)s)")
    new.set_defaults(run=_new)
    check = commands.add_parser("check", help="check a configuration, and say what to expect of its cases")
    check.add_argument("file", type=Path)
    check.set_defaults(run=_check)
    explain = commands.add_parser("explain", help="what a key of the configuration takes and means")
    explain.add_argument("key")
    explain.set_defaults(run=_explain)
    compare = commands.add_parser("compare", help="what differs between the results of two runs")
    compare.add_argument("first")
    compare.add_argument("second")
    compare.set_defaults(run=_compare)
    return parser


def _explain(options: argparse.Namespace) -> int:
    from knockflow.settings.explain import explain

    print(explain(options.key))
    return 0


def _compare(options: argparse.Namespace) -> int:
    from knockflow.report.comparison import compare

    lines = compare(options.first, options.second)
    print("\n".join(lines) if lines else "the same designs, numbers and verdicts")
    return 1 if lines else 0


def _check(options: argparse.Namespace) -> int:
    print("\n".join(_told_of(options.file)))
    return 0


def _told_of(file: Path) -> list[str]:
    """What there is to say of a configuration whose cases are as they should be.

    Raises
    ------
    KnockflowError
        If something is not.
    """
    from knockflow.api import Case
    from knockflow.report.forecast import forecast
    from knockflow.report.words import few
    from knockflow.settings.options import NAME, NOT_HERE
    from knockflow.settings.read import read_configuration
    from knockflow.settings.schema import default_of
    from knockflow.settings.screens import ALL
    from knockflow.stages.screen import products_of

    found, lines = read_configuration(file), []
    for name, case in found["cases"].items():
        own = {key: value for key, value in case.items() if key not in (*NOT_HERE, "formulations")}
        screen = case["screen"]
        if screen and screen != ALL:
            own["product"] = screen[0]
        formulations = {one: found["formulations"][one] for one in case["formulations"] or found["formulations"]}
        try:
            made = Case(**own)
        except KnockflowError as error:
            raise ConfigError(
                f"{file}: {_of_case(name, str(error).replace(f'cases.{NAME}.', f'cases.{name}.'))}"
            ) from error
        lines += [f"{name}: {', '.join(formulations)}", *_told_of_screen(case, made.model)]
        if screen:
            products = products_of(made.options, default_of("model_cache")) if screen == ALL else screen
            lines.append(f"  a screen of {len(products)} products, each a case: {few(products)}")
        if asked_in(own):
            lines += [f"  {line}" for line in forecast(made, formulations.values())]
    return lines


def _told_of_screen(case: Mapping, model: Any) -> list[str]:
    """What there is to say of a table of essential genes, where a case names one.

    Raises
    ------
    FileError
        If it is not as it should be.
    """
    from knockflow.model.essential_genes import essential_genes

    asked = case["essential_genes"]
    if not asked:
        return []
    found = essential_genes(asked, asked["table"], {gene.id: gene.name for gene in model.genes})
    return [f"  {len(found)} of the model's {len(model.genes)} genes are in the table of essential ones"]


def _of_case(name: str, message: str) -> str:
    """A message that names the case."""
    return message if f"cases.{name}" in message else f"cases.{name}: {message}"


def _new(options: argparse.Namespace) -> int:
    from knockflow.model.read import read_model
    from knockflow.model.search_names import exchange_called
    from knockflow.settings.schema import default_of

    if options.output.exists():
        raise FileError(f"{options.output}: is there already; give another name with --output")
    model_name = _given(options, "model")
    model, _ = read_model(model_name, Path(default_of("model_cache")))
    product = exchange_called(model, _given(options, "product"), "product")
    medium = {}
    if substrate := _given(options, "substrate", ""):
        name, _, uptake = substrate.partition("=")
        medium[exchange_called(model, name.strip(), "substrate")] = _number(uptake or "10", "substrate")
    if oxygen := _given(options, "oxygen", ""):
        medium[_oxygen(model)] = _number(oxygen, "oxygen")
    interventions = _number(str(_given(options, "interventions", "3")), "interventions")
    if interventions != int(interventions):
        raise ConfigError(f"--interventions: {interventions:g} is no whole number")
    if Path(model_name.partition("#")[0]).is_file():
        # A path counts from the file that names it.
        model_name = os.path.relpath(model_name, options.output.parent)
    proposal = Proposal(
        re.sub(r"[^A-Za-z0-9_-]", "_", product.removeprefix("EX_").removesuffix("_e")),
        model_name,
        product,
        medium,
        options.min_growth,
        options.level,
        int(interventions),
    )
    options.output.write_text(proposal.text(), encoding="utf-8")
    try:
        told = _told_of(options.output)
    except KnockflowError:
        options.output.unlink()
        raise
    print("\n".join([f"{options.output}:", *told]))
    print(f"Run it: snakemake --cores all --configfile {options.output}")
    return 0


def _given(options: argparse.Namespace, name: str, default: str | None = None) -> str:
    """A flag, or what a person answers; without either, the default."""
    value = getattr(options, name)
    if value is None and sys.stdin.isatty():
        value = input(f"{ASKED[name]}{f' [{default}]' if default else ''}: ").strip() or default
    if value is None:
        value = default
    if value is None:
        raise ConfigError(f"--{name} is missing: {ASKED[name]}")
    return value


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ConfigError(f"--{name}: `{text}` is no number") from None
    if not 0 <= value < float("inf"):
        raise ConfigError(f"--{name}: `{text}` is no number from 0 up")
    return value


def _oxygen(model) -> str:
    from knockflow.model.search_names import exchange_called

    for name in OXYGEN:
        try:
            return exchange_called(model, name, "oxygen")
        except ConfigError:
            continue
    raise ConfigError("oxygen: the model has no exchange of O2 that is called so; name it under `medium` in the file")
