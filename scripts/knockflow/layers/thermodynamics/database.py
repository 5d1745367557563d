"""The compound database: which of its compounds a metabolite is, and what that adds to an energy.

Only this module opens it, and with it equilibrator-api: that takes seconds. It is the one installed with the
environment and is never completed from the network, unlike eQuilibrator's own default: results would then depend on
the machine. Component contribution: Noor et al. 2013, doi:10.1371/journal.pcbi.1003098; compounds: Beber et al. 2022,
doi:10.1093/nar/gkab1106.
"""

import atexit
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from knockflow.layers.thermodynamics.conditions import Chemistry
from knockflow.layers.thermodynamics.metabolites import as_texts, base_id

NO_MAGNESIUM = 14.0
"""pMg at which no species with magnesium is the most abundant one: magnesium does not cross a membrane."""

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


def accessions(metabolite: Mapping) -> Iterator[tuple[str, str]]:
    """Namespace and accession of every name under which a metabolite may be found, the best first."""
    annotation = metabolite.get("annotation") or {}
    for key, namespace in NAMESPACES.items():
        for accession in as_texts(annotation.get(key)):
            if namespace == "chebi" and not accession.startswith("CHEBI:"):
                accession = f"CHEBI:{accession}"
            yield namespace, accession
    yield "bigg.metabolite", base_id(metabolite)


@cache
def _opened():
    """Component contribution with its compounds, opened once for a process: that takes seconds."""
    from equilibrator_api import ComponentContribution
    from equilibrator_cache.api import create_compound_cache_from_sqlite_file
    from equilibrator_cache_data import MINI_COMPOUND_CACHE_PATH

    compounds = create_compound_cache_from_sqlite_file(str(MINI_COMPOUND_CACHE_PATH))
    # Closed by itself it fails, once the interpreter is half gone.
    atexit.register(_opened.cache_clear)
    return ComponentContribution(ccache=compounds)


@dataclass(frozen=True)
class Microspecies:
    """The most abundant form of a compound: its protons and its charge."""

    protons: float
    charge: float


class Database:
    """Compounds under fixed chemical conditions; what it has found once it knows."""

    def __init__(self, chemistry: Chemistry) -> None:
        """Open the database."""
        from equilibrator_api import Q_
        from equilibrator_api.phased_reaction import PhasedReaction
        from equilibrator_cache.thermodynamic_constants import FARADAY, R

        component = _opened()
        self.chemistry, self.compounds = chemistry, component.ccache
        self._contributions = component.predictor.preprocess
        self._quantity, self._reaction = Q_, PhasedReaction
        # The estimates are made with these constants; with others, what crosses unchanged would gain or lose energy.
        self.rt = float((R * Q_(chemistry.temperature_k, "K")).m_as("kJ/mol"))
        self.faraday = float(FARADAY.m_as("kJ/mol/V"))
        self._matches: dict[tuple, object] = {}
        self._energies: dict[tuple[int, float], float] = {}
        self._species: dict[int, Microspecies] = {}

    def match(self, metabolite: Mapping):
        """The database's compound for a metabolite, or None; the first unambiguous name decides."""
        names = tuple(accessions(metabolite))
        if names not in self._matches:
            hits = (self.lookup(namespace, accession) for namespace, accession in names)
            self._matches[names] = next((hit for hit in hits if hit is not None), None)
        return self._matches[names]

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

    def usable(self, metabolite: Mapping) -> bool:
        """Whether the database knows a metabolite's composition and its protonation states."""
        compound = self.match(metabolite)
        if compound is None or not compound.atom_bag:
            return False
        return compound.can_be_transformed() or self.is_proton(compound)

    def is_proton(self, compound) -> bool:
        """Whether a compound is H+."""
        return self.compounds.is_proton(compound)

    def formation(self, compound, ph: float) -> float:
        """What a molecule adds to a transformed standard energy at a pH, in kJ/mol: the mean estimate and its forms.

        Protons add nothing: they come from and go to the buffer.
        """
        if self.is_proton(compound):
            return 0.0
        key = (compound.id, ph)
        if key not in self._energies:
            quantity, at = self._quantity, self._at(ph)
            rest, stored = self._reaction({compound: 1}).separate_stored_dg_prime(**at)
            energy = float(stored.m_as("kJ/mol"))
            if compound in dict(rest.items(protons=False)):
                mean, *_ = self._contributions.get_compound_prediction(compound)
                energy += (mean or 0.0) + float(compound.transform(**at).m_as(quantity("kJ/mol").units))
            self._energies[key] = energy
        return self._energies[key]

    def species(self, compound) -> Microspecies:
        """The form of a compound that crosses the membrane: the most abundant one inside, without magnesium."""
        if self.is_proton(compound):
            return Microspecies(1.0, 1.0)
        if compound.id not in self._species:
            chemistry = self.chemistry
            forms = {"pH": chemistry.ph, "pMg": NO_MAGNESIUM, "T_in_K": chemistry.temperature_k}
            forms["ionic_strength_M"] = chemistry.ionic_strength_m
            best = min(compound.microspecies, key=lambda form: form.transform(**forms))
            self._species[compound.id] = Microspecies(float(best.number_protons), float(best.charge))
        return self._species[compound.id]

    def contributions(self, compound) -> np.ndarray | None:
        """A compound as reactants and groups of component contribution, shape (m,); None if it cannot be taken apart.

        Protons, and what has an energy of its own in the database, are known for certain: nothing.
        """
        own = self._contributions
        nothing = np.zeros(own.Nc + own.Ng)
        if self.is_proton(compound):
            return nothing
        rest, _ = self._reaction({compound: 1}).separate_stored_dg_prime(**self._at(self.chemistry.ph))
        return own.get_compound_vector(compound) if compound in dict(rest.items(protons=False)) else nothing

    @property
    def roots(self) -> tuple[np.ndarray, np.ndarray]:
        """Matrices F (k, m) and G (l, m) over reactants and groups x.

        F x is a root of the covariance of energies: cov(x, y) = (F x)'(F y), in kJ^2/mol^2. G x is what data say
        nothing of; an energy with G x other than 0 is anything.
        """
        return self._contributions.L_c, self._contributions.L_inf

    def reduction(self, oxidized, reduced, ph: float) -> float:
        """The estimated standard energy of a couple, oxidized to reduced at a pH, in kJ/mol."""
        return self.formation(reduced, ph) - self.formation(oxidized, ph)

    def _at(self, ph: float) -> dict:
        chemistry, quantity = self.chemistry, self._quantity
        return {
            "p_h": quantity(ph),
            "p_mg": quantity(chemistry.pmg),
            "ionic_strength": quantity(chemistry.ionic_strength_m, "M"),
            "temperature": quantity(chemistry.temperature_k, "K"),
        }
