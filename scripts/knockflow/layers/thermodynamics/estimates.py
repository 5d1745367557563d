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

Component contribution: Noor et al. 2013, doi:10.1371/journal.pcbi.1003098; compounds: Beber et al. 2022,
doi:10.1093/nar/gkab1106.

**Transport.** Periplasm and medium are one side of the membrane (porins leave neither a potential nor a pH difference),
the cytoplasm is the other, and a reaction across it is computed from its two half reactions (Haraldsdottir et al. 2012,
doi:10.1016/j.bpj.2012.02.032). What crosses unchanged needs no structure: where the database has none, its charge in
the model, z, gives z F (inside potential - outside potential) per molecule that enters.

**Quinones.** Group contribution misses the potentials of membrane quinones widely: at pH 7 it gives ubiquinone +0.37 V
instead of +0.11 V, which is 49 kJ/mol per couple, and lets fumarate reductase run backward only. So where a reaction
turns a quinone of `QUINONES` into its quinol one to one, the energy is shifted to the measured potential:
dG'0 = dG'0(estimated) + n (-2 F E'0(measured) - dG'0(estimated, quinone -> quinol at pH 7)), n the quinols made.
The standard deviation stays that of the estimate. A reaction that makes or degrades a quinone is `quinone`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from knockflow.base.errors import ConfigError, ModelError, suggestion
from knockflow.layers.thermodynamics.conditions import FARADAY, Conditions
from knockflow.layers.thermodynamics.directions import Species, dg_range, direction_of

UNCERTAIN_KJ_PER_MOL = 100.0
TOLERANCE = 1e-6

# Annotation keys in the order in which they are tried, and the database's name for each.
NAMESPACES = {
    "bigg.metabolite": "bigg.metabolite",
    "metanetx.chemical": "metanetx.chemical",
    "kegg.compound": "kegg",
    "chebi": "chebi",
    "inchi_key": "inchi_key",
    "inchikey": "inchi_key",
    "seed.compound": "seed",
    "hmdb": "hmdb",
}

# BiGG quinone and quinol: standard potential at pH 7 in V. Ubiquinone and menaquinone: Thauer et al. 1977,
# doi:10.1128/br.41.1.100-180.1977; demethylmenaquinone: Unden & Bongaerts 1997, doi:10.1016/S0005-2728(97)00034-0.
QUINONES = {
    ("q6", "q6h2"): 0.113,
    ("q8", "q8h2"): 0.113,
    ("q10", "q10h2"): 0.113,
    ("mqn8", "mql8"): -0.074,
    ("2dmmq8", "2dmmql8"): 0.036,
}


# A reaction's metabolites with their coefficients, and those of one side of the membrane by their base id.
Members = list[tuple[Mapping, float]]
Half = dict[str, tuple[Mapping, float]]


@dataclass(frozen=True)
class Estimate:
    """What is known of a reaction: an energy, or a status that says why not. Energies in kJ/mol."""

    status: str
    dgp0: float | None = None
    sd: float | None = None
    source: str = ""


def thermodynamic_rows(model: Mapping, conditions: Conditions) -> list[dict]:
    """One row of `thermodynamics.tsv` per reaction, in the model's order.

    Parameters
    ----------
    model
        The model as COBRApy writes it to JSON.
    conditions
        What holds in the cell.

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
    for reaction in model["reactions"]:
        unknown = sorted(set(reaction["metabolites"]) - set(metabolites))
        if unknown:
            raise ModelError(f"reaction {reaction['id']}: metabolite {', '.join(unknown)} is not in the model")
    estimator = Estimator(conditions)
    return [reaction_row(reaction, metabolites, estimator) for reaction in model["reactions"]]


def reaction_row(reaction: Mapping, metabolites: Mapping[str, Mapping], estimator: "Estimator") -> dict:
    """The row of one reaction."""
    members = [(metabolites[name], coefficient) for name, coefficient in reaction["metabolites"].items()]
    status = set_aside(reaction, estimator.conditions, members)
    estimate = Estimate(status) if status else estimator.estimate(members)
    least = most = None
    if estimate.status == "ok":
        stoichiometry = {species_of(metabolite): coefficient for metabolite, coefficient in members}
        least, most = dg_range(estimate.dgp0, estimate.sd, stoichiometry, estimator.conditions)
    return {
        "reaction": reaction["id"],
        "dgp0_kj_per_mol": estimate.dgp0,
        "dgp0_sd_kj_per_mol": estimate.sd,
        "dg_min_kj_per_mol": least,
        "dg_max_kj_per_mol": most,
        "direction": direction_of(least, most),
        "source": estimate.source,
        "status": estimate.status,
    }


def set_aside(reaction: Mapping, conditions: Conditions, members: Members) -> str:
    """The status of a reaction that is no chemical reaction of the conditions' compartments, else nothing."""
    signs = {coefficient > 0 for _, coefficient in members}
    if len(signs) < 2:
        return "boundary"
    if is_biomass(reaction):
        return "biomass"
    known = (*conditions.inside, *conditions.outside)
    elsewhere = sorted({str(metabolite.get("compartment")) for metabolite, _ in members} - set(known))
    return f"compartment: {', '.join(elsewhere)}" if elsewhere else ""


def is_biomass(reaction: Mapping) -> bool:
    """Whether a reaction is a growth reaction, by its SBO term or else by its name."""
    terms = as_texts((reaction.get("annotation") or {}).get("sbo"))
    return "SBO:0000629" in terms or any("biomass" in str(reaction.get(key, "")).lower() for key in ("id", "name"))


def species_of(metabolite: Mapping) -> Species:
    """What the concentration terms need to know of a metabolite; protons and water have none."""
    fixed = metabolite.get("formula") in ("H", "H2O") or base_id(metabolite) in ("h", "h2o")
    return Species(metabolite["id"], metabolite["compartment"], fixed)


def base_id(metabolite: Mapping) -> str:
    """The id without the compartment's suffix, `atp` for `atp_c`."""
    return metabolite["id"].removesuffix(f"_{metabolite['compartment']}")


def as_texts(value: object) -> list[str]:
    """An annotation's value, which may be missing, a text or a list, as a list of texts."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(entry) for entry in value]


def accessions(metabolite: Mapping) -> Iterator[tuple[str, str]]:
    """Namespace and accession of every name under which a metabolite may be found, the best first."""
    annotation = metabolite.get("annotation") or {}
    for key, namespace in NAMESPACES.items():
        for accession in as_texts(annotation.get(key)):
            if namespace == "chebi" and not accession.startswith("CHEBI:"):
                accession = f"CHEBI:{accession}"
            yield namespace, accession
    yield "bigg.metabolite", base_id(metabolite)


class Estimator:
    """Component contribution under fixed conditions.

    Opening it reads the compound database that is installed with the environment, which takes seconds. It is never
    completed from the network, unlike eQuilibrator's own default: results would then depend on the machine.
    """

    def __init__(self, conditions: Conditions) -> None:
        """Open the compound database."""
        # Imported here, so that whoever needs only the names above does not wait for it.
        from equilibrator_api import Q_, ComponentContribution
        from equilibrator_api.phased_reaction import PhasedReaction
        from equilibrator_cache.api import create_compound_cache_from_sqlite_file
        from equilibrator_cache_data import MINI_COMPOUND_CACHE_PATH

        self.conditions = conditions
        self.compounds = create_compound_cache_from_sqlite_file(str(MINI_COMPOUND_CACHE_PATH))
        self.component = ComponentContribution(ccache=self.compounds)
        self.component.p_mg = Q_(conditions.pmg)
        self.component.ionic_strength = Q_(conditions.ionic_strength_m, "M")
        self.component.temperature = Q_(conditions.temperature_k, "K")
        self.quantity, self.reaction = Q_, PhasedReaction
        self.matches = {}
        self.shifts = {}

    def match(self, metabolite: Mapping):
        """The database's compound for a metabolite, or None; the first unambiguous name decides."""
        names = tuple(accessions(metabolite))
        if names not in self.matches:
            hits = (self.lookup(namespace, accession) for namespace, accession in names)
            self.matches[names] = next((hit for hit in hits if hit is not None), None)
        return self.matches[names]

    def lookup(self, namespace: str, accession: str):
        """The one compound of this name, or None where there is none or more than one."""
        from sqlalchemy.exc import MultipleResultsFound

        if namespace == "inchi_key":
            # The last letter is the protonation, which the database's compounds span.
            hits = self.compounds.search_compound_by_inchi_key(accession[:25]) if len(accession) >= 25 else []
            return hits[0] if len(hits) == 1 else None
        try:
            return self.compounds.get_compound_from_registry(namespace, accession)
        except MultipleResultsFound:
            return None

    def estimate(self, members: Members) -> Estimate:
        """The standard transformed energy of a reaction at the conditions, or why there is none."""
        inside, outside = (self.half(members, side) for side in (self.conditions.inside, self.conditions.outside))
        transport = only_crosses(inside, outside)
        electric = self.take_unknown_crossing(inside, outside)
        rest = [*inside.values(), *outside.values()]
        if not rest:
            return Estimate("ok", electric, 0.0, "membrane")
        status = self.obstacle(rest)
        if status:
            return Estimate(status)
        energy, sd = self.energy(inside, outside)
        shift, unpaired = self.quinone_shift(rest)
        source = "membrane" if transport else "equilibrator+potential" if shift else "equilibrator"
        if sd >= UNCERTAIN_KJ_PER_MOL:
            status = "uncertain"
        elif unpaired:
            status = f"quinone: {', '.join(unpaired)}"
        return Estimate(status or "ok", energy + electric + shift, sd, source)

    def half(self, members: Members, compartments: Iterable[str]) -> Half:
        """The half reaction on one side of the membrane; what goes from periplasm to medium drops out."""
        total = {}
        for metabolite, coefficient in members:
            if metabolite["compartment"] in compartments:
                _, before = total.get(base_id(metabolite), (metabolite, 0.0))
                total[base_id(metabolite)] = (metabolite, before + coefficient)
        return {name: member for name, member in total.items() if abs(member[1]) > TOLERANCE}

    def take_unknown_crossing(self, inside: Half, outside: Half) -> float:
        """Take out what crosses unchanged but cannot be transformed; returns the electric energy of its charge."""
        energy = 0.0
        for name in crossing(inside, outside):
            metabolite, entering = inside[name]
            if self.usable(metabolite) or metabolite.get("charge") is None:
                continue
            energy += entering * metabolite["charge"] * FARADAY * self.conditions.membrane_potential_v
            del inside[name], outside[name]
        return energy

    def usable(self, metabolite: Mapping) -> bool:
        """Whether the database knows a metabolite's composition and its protonation states."""
        compound = self.match(metabolite)
        if compound is None or not compound.atom_bag:
            return False
        return compound.can_be_transformed() or self.compounds.is_proton(compound)

    def obstacle(self, members: Members) -> str:
        """The status of a reaction that cannot be estimated, else nothing."""
        unmatched = sorted({metabolite["id"] for metabolite, _ in members if self.match(metabolite) is None})
        if unmatched:
            return f"unmatched: {', '.join(unmatched)}"
        unusable = sorted({metabolite["id"] for metabolite, _ in members if not self.usable(metabolite)})
        if unusable:
            return f"structure: {', '.join(unusable)}"
        excess = Counter()
        for metabolite, coefficient in members:
            for element, count in self.match(metabolite).atom_bag.items():
                excess[element] += coefficient * count
        # At a given pH, protons come from and go to the buffer; electrons (e-) show a missing charge.
        wrong = [f"{name} {excess[name]:g}" for name in sorted(excess) if name != "H" and abs(excess[name]) > TOLERANCE]
        return f"unbalanced: {', '.join(wrong)}" if wrong else ""

    def energy(self, inside: Half, outside: Half) -> tuple[float, float]:
        """Standard transformed energy and its standard deviation, in kJ/mol."""
        ph, ph_outside = self.quantity(self.conditions.ph), self.quantity(self.conditions.ph_outside)
        halves = [self.reaction(self.by_compound(half)) for half in (inside, outside)]
        if inside and outside:
            self.component.p_h = ph
            result = self.component.multicompartmental_standard_dg_prime(
                *halves,
                e_potential_difference=self.quantity(self.conditions.membrane_potential_v, "V"),
                p_h_outer=ph_outside,
                ionic_strength_outer=self.component.ionic_strength,
                p_mg_outer=self.component.p_mg,
                tolerance=TOLERANCE,
            )
        else:
            self.component.p_h = ph if inside else ph_outside
            result = self.component.standard_dg_prime(halves[0] if inside else halves[1])
        return float(result.value.m_as("kJ/mol")), float(result.error.m_as("kJ/mol"))

    def by_compound(self, half: Half) -> dict:
        """Coefficients by compound of the database, to which two metabolites may lead."""
        coefficients = {}
        for metabolite, coefficient in half.values():
            compound = self.match(metabolite)
            coefficients[compound] = coefficients.get(compound, 0.0) + coefficient
        return coefficients

    def quinone_shift(self, members: Members) -> tuple[float, list[str]]:
        """What the measured potentials add to an energy, and the quinones that are not turned one to one."""
        net = Counter()
        for metabolite, coefficient in members:
            net[bigg_id(metabolite)] += coefficient
        shift, unpaired = 0.0, []
        for couple in QUINONES:
            quinone, quinol = (net.get(name, 0.0) for name in couple)
            if abs(quinone + quinol) > TOLERANCE:
                unpaired += [name for name in couple if name in net]
            elif abs(quinol) > TOLERANCE:
                shift += quinol * self.couple_shift(couple)
        return shift, unpaired

    def couple_shift(self, couple: tuple[str, str]) -> float:
        """Measured minus estimated energy of the reduction of a quinone at pH 7, in kJ/mol."""
        if couple not in self.shifts:
            quinone, quinol = (self.lookup("bigg.metabolite", name) for name in couple)
            self.component.p_h = self.quantity(7.0)
            estimated = self.component.standard_dg_prime(self.reaction({quinone: -1, quinol: 1}))
            measured = -2 * FARADAY * QUINONES[couple]
            self.shifts[couple] = measured - float(estimated.value.m_as("kJ/mol"))
        return self.shifts[couple]


def crossing(inside: Half, outside: Half) -> list[str]:
    """What leaves one side of the membrane and arrives unchanged on the other."""
    shared = [name for name in inside if name in outside]
    return [name for name in shared if abs(inside[name][1] + outside[name][1]) <= TOLERANCE]


def only_crosses(inside: Half, outside: Half) -> bool:
    """Whether a reaction does nothing but carry metabolites across, with or without protons."""
    return {*inside, *outside} - set(crossing(inside, outside)) <= {"h"}


def bigg_id(metabolite: Mapping) -> str:
    """The BiGG id by annotation, else by name."""
    named = as_texts((metabolite.get("annotation") or {}).get("bigg.metabolite"))
    return named[0] if named else base_id(metabolite)
