"""What a formulation is: which response of the cell counts, which state of it, and what is said of its value.

A formulation is one file of this folder that declares one `Formulation` (or two, of one paper), and one line of
`knockflow.formulations.registry`. All else is derived: the kinds that a configuration may name, the methods that hold,
the oracle's calls, the column of validation.tsv that must equal the value, and the words of the report and of the docs.

Every formulation also requires that the design can grow: max v_b >= min_growth.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class Response(Enum):
    """What the cell may do after the interventions."""

    GROWTH = "growth"
    """The states of largest growth, or of the cell's own objective."""
    PFBA = "pfba"
    """Of these, the states of least total flux."""
    VIABLE = "viable"
    """All states with growth >= min_growth."""
    COUPLING = "coupling"
    """The fastest state, beside the fastest one without product."""
    GROWTH_YIELD = "growth, per substrate"
    """The states of largest growth, by the product per substrate that they take up."""
    VIABLE_YIELD = "viable, per substrate"
    """All states with growth >= min_growth, by the product per substrate that they take up."""
    PFBA_YIELD = "pfba, per substrate"
    """The states of largest growth with the least total flux, by the product per substrate that they take up."""


class Stance(Enum):
    """Which state in the response counts: the one with most or with least product."""

    OPTIMISTIC = "optimistic"
    PESSIMISTIC = "pessimistic"


class Source(NamedTuple):
    """A paper as it is cited, and its DOI."""

    citation: str
    doi: str


class Heading(NamedTuple):
    """The head of a column, and what stands below it in small letters."""

    head: str
    note: str


PRODUCT_UNIT = "mmol/gDW/h"
GROWTH_UNIT = "1/h"
YIELD_UNIT = "mol/mol"


@dataclass(frozen=True, kw_only=True)
class Formulation:
    """A formulation by its published name.

    Attributes
    ----------
    name
        The `kind` of a configuration.
    value
        The leader's value of a design D, as the docs write it.
    summary
        The same in a sentence or two, for readers of a report.
    response
        What the cell may do; None for minimal cut sets, which ask for regions of states instead of a value.
    stance
        Which of these states counts; None for minimal cut sets.
    unit
        The unit of the value; empty where there is none.
    measured
        The number that validation finds again and that must equal the value: a column of validation.tsv, or what
        stands there as `value_mmol_per_gdw_h`.
    heading
        The head of the value's column in a report; None where a column that every design has shows it already.
    source
        The paper; None for what has none.
    models
        For each single-level method that holds, the name of its model (`knockflow.methods.single_level`).
    refusals
        For each method that does not hold, the reason, as it follows a colon.
    refused_with_integers
        Why it holds for cells only whose states are a linear program, as it follows its name; empty where it holds for
        all.
    yield_of
        The formulation whose yields it seeks (`objective: yield`); empty for what seeks rates.
    """

    name: str
    value: str
    summary: str
    response: Response | None
    stance: Stance | None
    unit: str = PRODUCT_UNIT
    measured: str | None = None
    heading: Heading | None = None
    source: Source | None = None
    models: Mapping[str, str] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)
    refused_with_integers: str = ""
    yield_of: str = ""

    @property
    def optimistic(self) -> bool:
        """Whether the value is a promise; the guarantee is then the least product of the same response."""
        return self.stance is Stance.OPTIMISTIC

    @property
    def cut_sets(self) -> bool:
        """Whether its designs are cut sets: they have no value, and regions of states say what is asked."""
        return self.response is None
