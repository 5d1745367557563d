"""The formulations by their names. One more is a file that declares it, and a line here, or a call of `register`."""

from collections.abc import Iterator

from knockflow.base.errors import ConfigError, suggestion
from knockflow.formulations.formulation import Formulation
from knockflow.formulations.mcs import MCS
from knockflow.formulations.optcouple import OPTCOUPLE
from knockflow.formulations.optknock import OPTKNOCK
from knockflow.formulations.pfba import PFBA_OPTIMISTIC, PFBA_PESSIMISTIC
from knockflow.formulations.potential import POTENTIAL
from knockflow.formulations.robustknock import ROBUSTKNOCK
from knockflow.formulations.strong_coupling import STRONG_COUPLING

FORMULATIONS: dict[str, Formulation] = {}
"""All that a configuration can ask for, in the order in which tables list them."""


def register(formulation: Formulation) -> None:
    """Let a formulation be asked for by its name, as one of the library's own is.

    Raises
    ------
    ConfigError
        If another one has its name.
    """
    if FORMULATIONS.setdefault(formulation.name, formulation) is not formulation:
        raise ConfigError(f"formulation `{formulation.name}`: another one has this name; give it a name of its own")


for _formulation in (
    OPTKNOCK,
    ROBUSTKNOCK,
    STRONG_COUPLING,
    POTENTIAL,
    PFBA_OPTIMISTIC,
    PFBA_PESSIMISTIC,
    OPTCOUPLE,
    MCS,
):
    register(_formulation)


def formulation(name: str) -> Formulation:
    """The formulation of that name.

    Raises
    ------
    ConfigError
        If there is none; the message lists them.
    """
    if name not in FORMULATIONS:
        raise ConfigError(
            f"kind: no formulation `{name}`; there are {', '.join(FORMULATIONS)}{suggestion(name, FORMULATIONS)}"
        )
    return FORMULATIONS[name]


def rated() -> dict[str, Formulation]:
    """The formulations whose designs have a value: all but minimal cut sets."""
    return {name: one for name, one in FORMULATIONS.items() if not one.cut_sets}


def summaries() -> Iterator[str]:
    """The lines of a Markdown table that says in words what each formulation asks for."""
    yield "| formulation | asks for |"
    yield "| --- | --- |"
    for name, one in FORMULATIONS.items():
        cited = f" ({one.source.citation})" if one.source else ""
        yield f"| `{name}` | {one.summary}{cited} |"


def table() -> Iterator[str]:
    """The lines of a Markdown table of all formulations."""
    yield "| formulation | value of D | source |"
    yield "| --- | --- | --- |"
    for name, one in FORMULATIONS.items():
        source = (
            f"{one.source.citation}, [doi:{one.source.doi}](https://doi.org/{one.source.doi})" if one.source else ""
        )
        yield f"| `{name}` | {one.value} | {source} |"
