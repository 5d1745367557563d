"""Yields: product per substrate taken up, over the response of a formulation whose value is a rate of product.

A rate rewards a strain that takes up more; a yield does not. `objective: yield` beside the formulation asks for them.
"""

from dataclasses import replace

from knockflow.formulations.formulation import YIELD_UNIT, Formulation, Heading, Response
from knockflow.formulations.optknock import OPTKNOCK
from knockflow.formulations.pfba import PFBA_OPTIMISTIC, PFBA_PESSIMISTIC
from knockflow.formulations.robustknock import ROBUSTKNOCK
from knockflow.formulations.strong_coupling import STRONG_COUPLING

MOST = "yield_max_mol_per_mol"
LEAST = "yield_min_mol_per_mol"

_RATIO = (
    "its value is a ratio of two fluxes, which neither one linear level nor prices of product bound; `tree` finds it"
)
_REFUSALS = dict.fromkeys(("strong_duality", "kkt", "benders", "dive"), _RATIO)

_STATES = {
    Response.GROWTH_YIELD: ("over the states of largest growth", "at max. growth"),
    Response.VIABLE_YIELD: ("over the states with v_b >= min_growth", "at any growth from min_growth up"),
    Response.PFBA_YIELD: (
        "over the states of largest growth with the least total flux",
        "at max. growth and least total flux",
    ),
}
"""The states of each response as a formula has them, and in the small letters of a heading."""


def _yields(rate: Formulation, response: Response, when: str) -> Formulation:
    """What seeks the yields of another formulation; `when` says what its cell does."""
    over, note = _STATES[response]
    head = (
        Heading("Promised yield", f"most {note}") if rate.optimistic else Heading("Guaranteed yield", f"least {note}")
    )
    does = (
        "The most product per substrate that the cell can"
        if rate.optimistic
        else ("The least product per substrate that the cell must")
    )
    return replace(
        rate,
        name=f"{rate.name}_yield",
        value=f"{'max' if rate.optimistic else 'min'} v_p / v_s {over}, v_s the substrate taken up",
        summary=f"{does} make {when}: `{rate.name}` with `objective: yield`.",
        response=response,
        unit=YIELD_UNIT,
        measured=MOST if rate.optimistic else LEAST,
        heading=head,
        models={},
        refusals=_REFUSALS,
        yield_of=rate.name,
    )


_FASTEST = "while it grows as fast as it can"

YIELD_FORMULATIONS = (
    _yields(OPTKNOCK, Response.GROWTH_YIELD, _FASTEST),
    _yields(ROBUSTKNOCK, Response.GROWTH_YIELD, _FASTEST),
    _yields(STRONG_COUPLING, Response.VIABLE_YIELD, "at any growth from min_growth up"),
    _yields(PFBA_OPTIMISTIC, Response.PFBA_YIELD, f"{_FASTEST} and with the least total flux"),
    _yields(PFBA_PESSIMISTIC, Response.PFBA_YIELD, f"{_FASTEST} and with the least total flux"),
)
"""In the order of the formulations whose yields they seek."""
