"""What there is to know of a case and a formulation that have no design: exchanges, metabolites, targets, limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cobra import Model

from knockflow.base.tables import TARGETS
from knockflow.designs import no_design
from knockflow.designs.claims import Claims
from knockflow.formulations.registry import asked_for
from knockflow.model.constrained_model import read_curated
from knockflow.model.curation.ability import MADE
from knockflow.model.network import read_network
from knockflow.model.question import Question
from knockflow.problem.archive import load
from knockflow.problem.problem import Problem
from knockflow.stages.diagnosis import cell
from knockflow.stages.diagnosis.budget import beyond

CLEARLY = 1e-3
"""mmol/gDW/h by which a design must make more than the wild type to be worth a word."""

CONFLICT, BUDGET, UNCOUPLED = "conflict", "budget", "uncoupled"
"""Kinds that say more than a record's cause; the others are causes (`knockflow.designs.no_design`)."""


@dataclass(frozen=True)
class Asked:
    """A case as its files and the configuration have it."""

    name: str
    folder: Path
    options: Mapping
    formulations: Mapping[str, Mapping]

    @cached_property
    def model(self) -> Model:
        """The curated model, without layers."""
        return read_curated(self.folder / "model.json")

    @cached_property
    def problem(self) -> Problem:
        """The follower, with layers."""
        return load(self.folder / "problem.npz")

    @cached_property
    def made(self) -> list[str]:
        """The reactions whose flux is the product."""
        network = read_network(self.folder / "model.json")
        options = self.options
        asked = Question.of(network, options["product"], options["min_growth"] or 0.0, options["cell_objective"])
        return list(asked.made)


def facts(asked: Asked, claim: Claims) -> dict:
    """What there is to know of a formulation without a design, and its kind where that says more than the cause."""
    return _FACTS.get(claim.record["cause"], _nothing_more)(asked, claim)


def _growth(asked: Asked, claim: Claims) -> dict:
    """Which exchanges a medium lacks for growth; where no flux fits the bounds, which of these exclude each other."""
    model, medium = asked.model, asked.options["medium"] or {}
    biomass = model.reactions.get_by_id(read_network(asked.folder / "model.json").biomass)
    wanted = asked.options["min_growth"] or 0.0
    grown = cell.growth_of(model, biomass)
    facts = {"min_growth_per_h": wanted, "max_growth_per_h": grown, "hindrances": list(asked.problem.hindrances)}
    enough = grown is not None and grown >= wanted
    facts["exchanges"] = [] if enough else cell.openings(model, biomass, cell.needed_growth(wanted), medium)
    if grown is None:
        return facts | {"kind": CONFLICT, "conflict": cell.conflict(model) or []}
    return facts


def _product(asked: Asked, claim: Claims) -> dict:
    """Which metabolite cannot be balanced, and which exchanges would let the product be made."""
    products = {}
    for name in asked.made:
        product = asked.model.reactions.get_by_id(name)
        if (cell.growth_of(asked.model, product) or 0.0) < MADE:
            exchanges = cell.openings(asked.model, product, MADE, asked.options["medium"] or {})
            products[name] = cell.unbalanced(asked.model, product) | {"exchanges": exchanges}
    return {"products": products}


def _targets(asked: Asked, claim: Claims) -> dict:
    """What became of all that might have been a target."""
    found: dict[str, list[str]] = {}
    for row in TARGETS.read(asked.folder / TARGETS.file):
        found.setdefault(row["status"], []).append(row["target"])
    return {"by_status": {status: sorted(names) for status, names in sorted(found.items())}}


def _beyond(asked: Asked, claim: Claims) -> dict:
    """The smallest budget that would do, or the state that no budget can rule out."""
    options = asked.formulations[claim.formulation]
    if asked_for(options).cut_sets and claim.record["cause"] == no_design.WILD_TYPE:
        return {}  # there is nothing to cut
    if not options["max_interventions"]:
        return {"kind": BUDGET, "max_interventions": 0, "untold": "only the wild type was asked for"}
    found = {"max_interventions": options["max_interventions"], "max_cost": options["max_cost"]}
    found |= beyond(asked.problem, options, claim.record["proven"], _goal(options, claim))
    if "why" not in found:
        return found | {"kind": BUDGET if "design" in found else claim.record["cause"]}
    kind = UNCOUPLED if found["state"] else no_design.WILD_TYPE
    return found | {"kind": kind, "essential": _essential(asked, found["state"])}


def _goal(options: Mapping, claim: Claims) -> float:
    """What a design must be worth to be listed: what is asked for, and clearly more than the wild type."""
    wild = [float(row["value_mmol_per_gdw_h"]) for row in claim.rows if row["value_mmol_per_gdw_h"]]
    return max([options["min_value"] or 0.0, *(value + CLEARLY for value in wild), CLEARLY])


def _essential(asked: Asked, state: Mapping[str, float]) -> list[str]:
    """The reactions of a state inside the cell that no design may take, since growth needs them."""
    rows = [row for row in TARGETS.read(asked.folder / TARGETS.file) if row["status"] == "essential"]
    used = {name for row in rows for name in row["reactions"].split(";") if name in state}
    objective = {one.id for one in asked.model.reactions if one.objective_coefficient}
    return sorted(name for name in used - objective if not asked.model.reactions.get_by_id(name).boundary)


def _nothing_more(asked: Asked, claim: Claims) -> dict:
    return {}


_FACTS = {
    no_design.GROWTH: _growth,
    no_design.PRODUCT: _product,
    no_design.TARGETS: _targets,
    no_design.LIMITS: _beyond,
    no_design.WILD_TYPE: _beyond,
}
