"""The formulations by their names. One more is a file that declares it, and a line here, or a call of `register`."""

from collections import ChainMap
from collections.abc import Iterator, Mapping

from knockflow.base.errors import ConfigError, suggestion
from knockflow.formulations.formulation import Formulation
from knockflow.formulations.mcs import MCS
from knockflow.formulations.optcouple import OPTCOUPLE
from knockflow.formulations.optknock import OPTKNOCK
from knockflow.formulations.pfba import PFBA_OPTIMISTIC, PFBA_PESSIMISTIC
from knockflow.formulations.potential import POTENTIAL
from knockflow.formulations.robustknock import ROBUSTKNOCK
from knockflow.formulations.strong_coupling import STRONG_COUPLING
from knockflow.formulations.yields import YIELD_FORMULATIONS

YIELD = "yield"
"""The `objective` that asks for product per substrate."""

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


YIELDS = {one.yield_of: one for one in YIELD_FORMULATIONS}
"""What `objective: yield` makes of a formulation, by that one's name."""

ALL = ChainMap(FORMULATIONS, {one.name: one for one in YIELDS.values()})
"""What a record can name: also the formulations that seek yields, which no configuration asks for by a name."""


def asked_for(options: Mapping) -> Formulation:
    """The formulation that the options of a configuration ask for, by `kind` and `objective`.

    Raises
    ------
    ConfigError
        If there is none of that kind.
    """
    kind = options["kind"]
    return YIELDS.get(kind, formulation(kind)) if options.get("objective") == YIELD else formulation(kind)


def formulation(name: str) -> Formulation:
    """The formulation of that name, as a configuration or a record has it.

    Raises
    ------
    ConfigError
        If there is none; the message lists them.
    """
    if name not in ALL:
        raise ConfigError(
            f"kind: no formulation `{name}`; there are {', '.join(FORMULATIONS)}{suggestion(name, FORMULATIONS)}"
        )
    return ALL[name]


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
