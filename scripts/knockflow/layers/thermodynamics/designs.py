"""How well each design is driven, how often its guarantee holds for other energies, and what concentrations forbid.

The state that counts is the one of least total flux among those of the guarantee: largest growth, then least product.
Its driving force is a program of its own, from the potentials alone. Samples of the standard energies come from their
covariance: w = root x with independent standard normal x (`knockflow.layers.thermodynamics.energies`); for each the
design is evaluated again, with what the sample allows.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from knockflow.base.files import read_json
from knockflow.base.tolerances import VERIFIED
from knockflow.layers.in_designs import DesignContext, Guarantee, Listed, with_layer
from knockflow.layers.thermodynamics.assemble import limits_of, potentials_of
from knockflow.layers.thermodynamics.cache import energies_of
from knockflow.layers.thermodynamics.conditions import read_conditions
from knockflow.layers.thermodynamics.designs_table import TABLE
from knockflow.layers.thermodynamics.directions import TABLE as ENERGIES
from knockflow.layers.thermodynamics.driving_force import SHORT, conflict, largest_force, running, written
from knockflow.layers.thermodynamics.energies import Energies
from knockflow.layers.thermodynamics.potentials import Potentials
from knockflow.layers.thermodynamics.states import ConcentrationsInStrain
from knockflow.model.notes import open_bounds

__all__ = ["TABLE", "rows"]

logger = logging.getLogger(__name__)

RUNS = 1e-6
"""mmol/gDW/h from which a reaction runs."""


@dataclass(frozen=True)
class Energetics:
    """The potentials of a case, those with the mean energies, and samples of these."""

    own: Potentials
    expected: Potentials
    samples: tuple[Potentials, ...]


def rows(asked: DesignContext) -> list[dict]:
    """A row for each design."""
    energetics = _energetics(asked)
    return [_row(asked, one, energetics) for one in asked.listed]


def _row(asked: DesignContext, one: Listed, energetics: Energetics) -> dict:
    row = {name: getattr(one, name) for name in ("formulation", "rank", "interventions", "recommended_by")}
    plain = asked.guarantee(asked.plain, one.interventions)
    if plain is not None:
        row |= {"plain_growth_per_h": plain.growth, "plain_product_min_mmol_per_gdw_h": plain.product}
        forbidden = conflict(energetics.own, running(plain.fluxes, energetics.own, RUNS))
        row["conflict"] = written(forbidden.items())
    found = asked.guarantee(asked.whole, one.interventions)
    if found is None:
        return row
    row |= {"growth_per_h": found.growth, "product_min_mmol_per_gdw_h": found.product}
    row |= driven(found.fluxes, energetics)
    force = row["driving_force_kj_per_mol"]
    if force is not None and force < energetics.own.min_driving_force - SHORT:
        named = f"{one.formulation} {one.rank}: {one.interventions}"
        logger.error("%s: no concentrations drive the state of its guarantee (%g kJ/mol)", named, force)
    return row | _held(asked, one, found, energetics.samples)


def driven(fluxes: Mapping[str, float], energetics: Energetics) -> dict:
    """The driving forces of a state, by column."""
    force = largest_force(energetics.own, running(fluxes, energetics.own, RUNS))
    expected = largest_force(energetics.expected, running(fluxes, energetics.expected, RUNS))
    return {
        "driving_force_kj_per_mol": force.value if np.isfinite(force.value) else None,
        "expected_driving_force_kj_per_mol": expected.value if np.isfinite(expected.value) else None,
        "bottlenecks": written(force.bottlenecks),
        "concentrations": [f"{name}:{value:.4g}" for name, value in force.concentrations.items()],
    }


def _held(asked: DesignContext, one: Listed, nominal: Guarantee, samples: tuple[Potentials, ...]) -> dict:
    """How often a design grows, and makes what it guarantees, with sampled energies."""
    if not samples:
        return {}
    products = []
    for potentials in samples:
        with with_layer(asked.bare, ConcentrationsInStrain(potentials)) as model:
            found = asked.guarantee(model, one.interventions)
        if found is not None:
            products.append(found.product)
    floor = nominal.product - VERIFIED * max(1.0, abs(nominal.product))
    return {
        "samples": len(samples),
        "samples_growing": len(products),
        "samples_holding": sum(product >= floor for product in products),
        "samples_product_min_mmol_per_gdw_h": min(products, default=None),
    }


def _energetics(asked: DesignContext) -> Energetics:
    given = asked.given
    conditions, limits = read_conditions(given.case["conditions"]), limits_of(given.options)
    table = ENERGIES.read(given.table)
    bounds = {reaction.id: open_bounds(reaction) for reaction in asked.plain.reactions}
    own = potentials_of(table, conditions, limits, bounds)
    # What contradicts the model, or is too uncertain, is exempt whatever the sample.
    certain = replace(limits, exempt=(*limits.exempt, *own.free))
    expected = potentials_of(table, replace(conditions, confidence_z=0.0), certain, bounds)
    count = given.options["samples"]
    energies = energies_of(read_json(asked.path), conditions.chemistry, given.cache) if count else None
    drawn = sampled(expected, energies, count, given.options["seed"]) if energies else ()
    return Energetics(own, expected, tuple(drawn))


def sampled(expected: Potentials, energies: Energies, count: int, seed: int) -> Iterator[Potentials]:
    """Potentials with standard energies that are drawn from their covariance; equal seeds draw equal ones."""
    place = {name: number for number, name in enumerate(energies.basis)}
    shares = np.zeros((len(expected.reactions), len(place)))
    for row, name in enumerate(expected.reactions):
        for factor, value in energies.of[name].factors:
            shares[row, place[factor]] = value
    generator = np.random.default_rng(seed)
    for _ in range(count):
        error = shares @ (energies.root @ generator.standard_normal(len(place)))
        yield replace(expected, mean=expected.mean + error)
