"""That no design is better than the best one listed, in a file that scripts/check_proof.py checks with Python alone.

It is a pass of its own after the search, which it knows nothing of but the best value: what it cannot rule out is a
better design, or is not proven.
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from hashlib import sha256

from knockflow.designs.claims import Claims
from knockflow.formulations.formulation import Response
from knockflow.formulations.registry import formulation
from knockflow.language import notation
from knockflow.language.kinds import KNOCK_IN, KNOCK_OUT
from knockflow.layers.in_strain import of_strains
from knockflow.numerics.certified import Unproven
from knockflow.validation.certificates import Certifier
from knockflow.validation.closing import Budget
from knockflow.validation.cover import Better, Claim, Cover

CLOSE = Fraction(1, 10**5)
"""By how much of its size (at least of 1 mmol/gDW/h) a value must be larger than the best listed one to be better."""

COVERED = (Response.GROWTH, Response.PFBA, Response.VIABLE)
"""Responses for which a state or a bound rules out designs."""

SIGNS = {KNOCK_OUT: notation.KNOCK_OUT, KNOCK_IN: notation.KNOCK_IN}
"""How interventions of targets are written, by kind."""

OPTIONS = {
    "objective": ("rate", "its value is a yield"),
    "front": ([], "it asks for a front"),
}
"""What a formulation may not ask for, and why there is no proof then."""


def refusal_of(claims: Claims, targets: Sequence[Mapping[str, str]]) -> str:
    """Why a search can have no proof of this kind, whatever it has found; empty if it can have one."""
    record = claims.record
    if not record["proven"]:
        return "the search has not proven that there is no better design"
    if formulation(record["formulation"]).response not in COVERED:
        return f"of {record['formulation']} no state rules out other designs"
    for key, (usual, reason) in OPTIONS.items():
        if record["options"].get(key, usual) != usual:
            return reason
    if record["forced"]:
        return "it forces interventions"
    others = sorted({row["kind"] for row in targets if row["status"] != "excluded"} - {KNOCK_OUT, KNOCK_IN})
    return f"its targets are not only removed or added, but {' and '.join(others)}" if others else ""


def claim_of(claims: Claims, targets: Sequence[Mapping[str, str]]) -> Claim:
    """What there is to prove of what a formulation lists, of targets by their rows of targets.tsv."""
    own, options = formulation(claims.record["formulation"]), claims.record["options"]
    # Where nothing is listed nothing has the least value that was asked for, or nothing grows.
    least = options.get("min_value")
    best = Fraction(claims.rows[0]["value_mmol_per_gdw_h"]) if claims.rows else least and Fraction(repr(least))
    goal = None if best is None else best + CLOSE * max(Fraction(1), abs(best))
    cost = options.get("max_cost")
    budget = Budget(
        options["max_interventions"],
        [Fraction(row["cost"]) for row in targets],
        [row["kind"] for row in targets],
        None if cost is None else Fraction(repr(cost)),
        options.get("max_per_kind") or {},
    )
    return Claim(own.response, own.stance, budget, best or Fraction(0), goal)


def proof(
    certifier: Certifier,
    claims: Claims,
    targets: Sequence[Mapping[str, str]],
    inputs: Mapping[str, str],
    layers: Mapping[str, object],
    refusal: str = "",
    exclusive: bool = False,
) -> tuple[bytes, str]:
    """The file of a proof, whose first line has the hash of the rest, and in a few words what is proven.

    Parameters
    ----------
    targets
        The rows of targets.tsv.
    inputs
        SHA-256 of the files that the checker reads beside it, by name in the case's folder.
    layers
        What layers have made of the model (`knockflow.validation.layer_rows`).
    refusal
        Why there can be no proof, if so.
    exclusive
        Whether some targets exclude each other: then all sets are ruled out that the proof rules out, but one that is
        better may be none that is allowed.
    """
    question = certifier.question
    content = {
        "formulation": claims.record["formulation"],
        "biomass": question.biomass,
        "product": dict(question.weights) or question.product,
        "min_growth": question.min_growth,
        "inputs": dict(inputs),
        "layers": {},
        "most": claims.record["options"].get("max_interventions"),
        "better": "",
        "states": [],
        "ceilings": {},
        "empty": {},
        "optima": {},
    } | dict(layers)
    none = refusal or refusal_of(claims, targets)
    if not none and (layers.keys() & {"variants", "copies"} or of_strains(certifier.model)):
        none = "its layers make more of the cell than one linear program"
    if not none:
        try:
            content |= _covered(certifier, claims, targets)
        except Unproven as error:
            none = str(error)
        except Better as error:
            none = f"{error}, if no targets in it exclude each other" if exclusive else ""
            content["better"] = "" if exclusive else str(error)
    content["none"] = none and f"not proven: {none}"
    rest = json.dumps(content, indent=0, sort_keys=True, allow_nan=False) + "\n"
    text = json.dumps({"sha256": sha256(rest.encode()).hexdigest()}) + "\n" + rest
    said = f"{len(content['states'])} states and {len(content['ceilings']) + len(content['empty'])} bounds prove it"
    return gzip.compress(text.encode(), mtime=0), content["none"] or content["better"] or said


def _covered(certifier: Certifier, claims: Claims, targets: Sequence[Mapping[str, str]]) -> dict:
    """What rules out all sets of targets.

    Raises
    ------
    Better
        If one is better.
    Unproven
        If one is not ruled out.
    """
    rows = [row for row in targets if row["status"] != "excluded"]
    texts = [f"{SIGNS[row['kind']]}{row['target']}" for row in rows]
    cover = Cover(certifier, texts, claim_of(claims, rows))
    cover.prove()
    states = [{name: str(flux) for name, flux in state.items()} for state in cover.states]
    bounds = {"ceilings": cover.ceilings, "empty": cover.empty, "optima": cover.optima}
    return {"states": states} | bounds | ({"split": cover.split} if cover.split else {})
