"""Minimal cut sets: what leaves no state of some regions, and some state of others (`knockflow.methods.cut_sets`)."""

from knockflow.formulations.formulation import Formulation, Source

_NO_VALUE = "cut sets have no value to maximize; `tree` finds all of them, without bounds of dual variables"
_NO_VALUE_TO_BOUND = "cut sets have no value that cuts could bound; `tree` finds all of them"

MCS = Formulation(
    name="mcs",
    value="none: D leaves no state of the regions to be suppressed, and some state of each region to be protected",
    summary="All minimal cut sets: interventions, none of them superfluous, that leave no state of the regions to be "
    "suppressed and some state of each region to be protected.",
    response=None,
    stance=None,
    unit="",
    source=Source("Minimal cut sets: Klamt, Gilles 2004", "10.1093/bioinformatics/btg395"),
    refusals={
        "strong_duality": _NO_VALUE,
        "kkt": _NO_VALUE,
        "benders": _NO_VALUE_TO_BOUND,
        "logic_benders": _NO_VALUE_TO_BOUND,
    },
    refused_with_integers="seeks cut sets by linear programs",
)
