"""Standard reaction energies by component contribution, and the table of the thermodynamics stage.

Every reaction gets one row with one of these statuses; details follow after a colon. Only `ok` has a range and a
direction. `quinone` and `uncertain` show an energy that must not be used.

| status        | meaning                                                                                     |
|---------------|---------------------------------------------------------------------------------------------|
| `ok`          | an energy, its range and a direction                                                        |
| `boundary`    | an exchange, demand or sink: no chemistry                                                   |
| `biomass`     | the growth reaction: not one chemical reaction                                              |
| `compartment` | touches a compartment that the conditions put on neither side of the membrane               |
| `unmatched`   | the named metabolites are not in the compound database                                      |
| `structure`   | they are, but without composition (a protein, a polymer) or dissociation constants          |
| `unbalanced`  | elements or electrons are not conserved by the matched compounds; products minus substrates |
| `quinone`     | changes a quinone, but not by a couple of measured potential                                |
| `uncertain`   | the standard deviation is 100 kJ/mol or more: component contribution has nothing to go by   |

| source                  | meaning                                                                          |
|-------------------------|----------------------------------------------------------------------------------|
| `equilibrator`          | component contribution                                                           |
| `equilibrator+potential`| the same, with the quinone couple at its measured potential                      |
| `membrane`              | nothing but transport: charges, protons and potential decide, nothing is guessed |

**Transport.** Periplasm and medium are one side of the membrane (porins leave neither a potential nor a pH difference),
the cytoplasm is the other, and a reaction across it is computed from its two half reactions (Haraldsdottir et al. 2012,
doi:10.1016/j.bpj.2012.02.032). What crosses unchanged needs no structure: where the database has none, its charge in
the model, z, gives z F (inside potential - outside potential) per molecule that enters.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import log

import numpy as np

from knockflow.base.errors import ConfigError, ModelError, suggestion
from knockflow.layers.thermodynamics import quinones
from knockflow.layers.thermodynamics.conditions import FARADAY, Chemistry, Conditions
from knockflow.layers.thermodynamics.database import Database
from knockflow.layers.thermodynamics.directions import Species, Term, dg_range, direction_of
from knockflow.layers.thermodynamics.energies import Energies, Energy, shared_factors
from knockflow.layers.thermodynamics.metabolites import as_texts, base_id, bigg_id, is_fixed

UNCERTAIN_KJ_PER_MOL = 100.0
TOLERANCE = 1e-6

# A reaction's metabolites with their coefficients, and those of one side of the membrane by their base id.
Members = list[tuple[Mapping, float]]
Half = dict[str, tuple[Mapping, float]]


def thermodynamic_rows(model: Mapping, conditions: Conditions, energies: Energies | None = None) -> list[dict]:
    """One row of `thermodynamics.tsv` per reaction, in the model's order.

    Parameters
    ----------
    model
        The model as COBRApy writes it to JSON.
    conditions
        What holds in the cell.
    energies
        Of the model's reactions under these conditions, where they are known already.

    Raises
    ------
    ConfigError
        If a concentration is given for a metabolite that the model has not.
    ModelError
        If a reaction names a metabolite that the model has not.
    """
    metabolites = {entry["id"]: entry for entry in model["metabolites"]}
    for name in conditions.concentrations:
        if name not in metabolites:
            raise ConfigError(
                f"thermodynamics: concentrations.{name} is no metabolite of the model{suggestion(name, metabolites)}"
            )
    energies = energies or estimate(model, conditions.chemistry)
    return [_row(reaction, metabolites, energies.of[reaction["id"]], conditions) for reaction in model["reactions"]]


def _row(reaction: Mapping, metabolites: Mapping[str, Mapping], energy: Energy, conditions: Conditions) -> dict:
    least = most = None
    terms: list[Term] = []
    low, high = conditions.potential_range
    middle = energy.at((low + high) / 2)
    if energy.status == "ok":
        stoichiometry = {species_of(metabolites[name]): value for name, value in reaction["metabolites"].items()}
        terms = [
            Term(one.id, value, *conditions.range_of(one.id, one.compartment))
            for one, value in stoichiometry.items()
            if not one.fixed
        ]
        spread = abs(energy.electric) * (high - low) / 2
        least, most = dg_range(middle, energy.sd, stoichiometry, conditions)
        least, most = least - spread, most + spread
    return {
        "reaction": reaction["id"],
        "dgp0_kj_per_mol": middle,
        "dgp0_sd_kj_per_mol": energy.sd,
        "dg_min_kj_per_mol": least,
        "dg_max_kj_per_mol": most,
        "direction": direction_of(least, most),
        "source": energy.source,
        "status": energy.status,
        "electric_kj_per_mol_per_v": energy.electric if energy.status == "ok" else None,
        "factors_kj_per_mol": [f"{name}:{value:.6f}" for name, value in energy.factors],
        "concentrations": terms,
    }


def estimate(model: Mapping, chemistry: Chemistry, database: Database | None = None) -> Energies:
    """The energies of all reactions of a model, by component contribution.

    Raises
    ------
    ModelError
        If a reaction names a metabolite that the model has not.
    """
    metabolites = {entry["id"]: entry for entry in model["metabolites"]}
    for reaction in model["reactions"]:
        unknown = sorted(set(reaction["metabolites"]) - set(metabolites))
        if unknown:
            raise ModelError(f"reaction {reaction['id']}: metabolite {', '.join(unknown)} is not in the model")
    estimator = Estimator(database or Database(chemistry))
    found = {}
    for reaction in model["reactions"]:
        members = [(metabolites[name], coefficient) for name, coefficient in reaction["metabolites"].items()]
        status = set_aside(reaction, chemistry, members)
        found[reaction["id"]] = Energy(status) if status else estimator.estimate(reaction["id"], members)
    return estimator.with_factors(found)


def set_aside(reaction: Mapping, chemistry: Chemistry | Conditions, members: Members) -> str:
    """The status of a reaction that is no chemical reaction of the conditions' compartments, else nothing."""
    signs = {coefficient > 0 for _, coefficient in members}
    if len(signs) < 2:
        return "boundary"
    if is_biomass(reaction):
        return "biomass"
    known = (*chemistry.inside, *chemistry.outside)
    elsewhere = sorted({str(metabolite.get("compartment")) for metabolite, _ in members} - set(known))
    return f"compartment: {', '.join(elsewhere)}" if elsewhere else ""


def is_biomass(reaction: Mapping) -> bool:
    """Whether a reaction is a growth reaction, by its SBO term or else by its name."""
    terms = as_texts((reaction.get("annotation") or {}).get("sbo"))
    return "SBO:0000629" in terms or any("biomass" in str(reaction.get(key, "")).lower() for key in ("id", "name"))


def species_of(metabolite: Mapping) -> Species:
    """What the concentration terms need to know of a metabolite; protons and water have none."""
    return Species(metabolite["id"], metabolite["compartment"], is_fixed(metabolite))


class Estimator:
    """Energies of reactions from those of their compounds; it keeps what each is uncertain of."""

    def __init__(self, database: Database) -> None:
        """With an open database."""
        self.database, self.chemistry = database, database.chemistry
        self._contributions: dict[int, np.ndarray | None] = {}
        self._errors: dict[str, np.ndarray] = {}
        self._shifts: dict[str, float] = {}
        self._quinones = dict(self.chemistry.quinone_potentials_v)

    def estimate(self, name: str, members: Members) -> Energy:
        """The standard transformed energy of a reaction, or why there is none."""
        inside, outside = (self.half(members, side) for side in (self.chemistry.inside, self.chemistry.outside))
        transport = only_crosses(inside, outside)
        electric = self.take_unknown_crossing(inside, outside)
        rest = [*inside.values(), *outside.values()]
        if not rest:
            return Energy("ok", 0.0, 0.0, electric, "membrane")
        status = self.obstacle(rest)
        if status:
            return Energy(status)
        energy, more = self.energy(inside, outside)
        sd = self.deviation(name, rest)
        shift, unpaired = self.quinone_shift(rest)
        source = "membrane" if transport else "equilibrator+potential" if shift else "equilibrator"
        if sd >= UNCERTAIN_KJ_PER_MOL:
            status = "uncertain"
        elif unpaired:
            status = f"quinone: {', '.join(unpaired)}"
        return Energy(status or "ok", energy + shift, sd, electric + more, source)

    def with_factors(self, found: dict[str, Energy]) -> Energies:
        """The energies with the factors that their errors share."""
        names = [name for name, energy in found.items() if energy.status == "ok" and name in self._errors]
        errors = np.array([self._errors[name] for name in names]) if names else np.zeros((0, 0))
        sds = np.array([found[name].sd for name in names])
        factors, basis, root = shared_factors(names, errors, sds)
        of = {name: replace(energy, factors=factors.get(name, ())) for name, energy in found.items()}
        return Energies(of, basis, root)

    def half(self, members: Members, compartments: Iterable[str]) -> Half:
        """The half reaction on one side of the membrane; what goes from periplasm to medium drops out."""
        total = {}
        for metabolite, coefficient in members:
            if metabolite["compartment"] in compartments:
                _, before = total.get(base_id(metabolite), (metabolite, 0.0))
                total[base_id(metabolite)] = (metabolite, before + coefficient)
        return {name: member for name, member in total.items() if abs(member[1]) > TOLERANCE}

    def take_unknown_crossing(self, inside: Half, outside: Half) -> float:
        """Take out what crosses unchanged but cannot be transformed; its charge gives kJ/mol per V."""
        electric = 0.0
        for name in crossing(inside, outside):
            metabolite, entering = inside[name]
            if self.database.usable(metabolite) or metabolite.get("charge") is None:
                continue
            electric += entering * metabolite["charge"] * FARADAY
            del inside[name], outside[name]
        return electric

    def obstacle(self, members: Members) -> str:
        """The status of a reaction that cannot be estimated, else nothing."""
        match = self.database.match
        unmatched = sorted({metabolite["id"] for metabolite, _ in members if match(metabolite) is None})
        if unmatched:
            return f"unmatched: {', '.join(unmatched)}"
        unusable = sorted({metabolite["id"] for metabolite, _ in members if not self.database.usable(metabolite)})
        if unusable:
            return f"structure: {', '.join(unusable)}"
        excess = Counter()
        for metabolite, coefficient in members:
            for element, count in match(metabolite).atom_bag.items():
                excess[element] += coefficient * count
        # At a given pH, protons come from and go to the buffer; electrons (e-) show a missing charge.
        wrong = [f"{name} {excess[name]:g}" for name in sorted(excess) if name != "H" and abs(excess[name]) > TOLERANCE]
        return f"unbalanced: {', '.join(wrong)}" if wrong else ""

    def energy(self, inside: Half, outside: Half) -> tuple[float, float]:
        """Standard transformed energy without membrane potential in kJ/mol, and what a volt adds.

        Both halves are at the pH of their side; protons and charge that cross pay for the difference:
        dG'0 = sum_i s_i dG'0_f,i + n_H RT ln(10) (pH inside - pH outside) - z F V  with n_H the protons and z the
        charge of the outer half, in the forms that cross (Haraldsdottir et al. 2012, doi:10.1016/j.bpj.2012.02.032).
        """
        chemistry, database = self.chemistry, self.database
        total, protons, charge = 0.0, 0.0, 0.0
        for half, ph in ((inside, chemistry.ph), (outside, chemistry.ph_outside)):
            for metabolite, coefficient in half.values():
                total += coefficient * database.formation(database.match(metabolite), ph)
        if inside and outside:
            for metabolite, coefficient in outside.values():
                form = database.species(database.match(metabolite))
                protons += coefficient * form.protons
                charge += coefficient * form.charge
        total += protons * database.rt * log(10) * (chemistry.ph - chemistry.ph_outside)
        return float(total), -charge * database.faraday

    def deviation(self, name: str, members: Members) -> float:
        """The standard deviation of a reaction's energy in kJ/mol, infinite if nothing is known; its error is kept."""
        net: dict[int, tuple[object, float]] = {}
        for metabolite, coefficient in members:
            compound = self.database.match(metabolite)
            _, before = net.get(compound.id, (compound, 0.0))
            net[compound.id] = (compound, before + coefficient)
        known, unknown = self.database.roots
        total = np.zeros(known.shape[1])
        for compound, coefficient in net.values():
            if abs(coefficient) <= TOLERANCE:
                continue
            if compound.id not in self._contributions:
                self._contributions[compound.id] = self.database.contributions(compound)
            own = self._contributions[compound.id]
            if own is None:
                return float("inf")
            total += coefficient * own
        used = np.flatnonzero(total)
        if np.linalg.norm(unknown[:, used] @ total[used]) > TOLERANCE:
            return float("inf")
        self._errors[name] = known[:, used] @ total[used]
        return float(np.linalg.norm(self._errors[name]))

    def quinone_shift(self, members: Members) -> tuple[float, list[str]]:
        """What the measured potentials add to an energy, and the quinones that are not turned one to one."""
        net = Counter()
        for metabolite, coefficient in members:
            net[bigg_id(metabolite)] += coefficient
        made, unpaired = quinones.turned(net, TOLERANCE)
        return sum(count * self.couple_shift(quinone) for quinone, count in made.items()), unpaired

    def couple_shift(self, quinone: str) -> float:
        """Measured minus estimated energy of the reduction of a quinone at pH 7, in kJ/mol."""
        if quinone not in self._shifts:
            names = (quinone, quinones.COUPLES[quinone][0])
            couple = [self.database.lookup("bigg.metabolite", name) for name in names]
            estimated = self.database.reduction(*couple, quinones.POTENTIAL_PH)
            self._shifts[quinone] = -2 * FARADAY * self._quinones[quinone] - estimated
        return self._shifts[quinone]


def crossing(inside: Half, outside: Half) -> list[str]:
    """What leaves one side of the membrane and arrives unchanged on the other."""
    shared = [name for name in inside if name in outside]
    return [name for name in shared if abs(inside[name][1] + outside[name][1]) <= TOLERANCE]


def only_crosses(inside: Half, outside: Half) -> bool:
    """Whether a reaction does nothing but carry metabolites across, with or without protons."""
    return {*inside, *outside} - set(crossing(inside, outside)) <= {"h"}
