"""The curated model as arrays, read from its JSON without COBRApy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import numpy as np

from knockflow.base.errors import FileError
from knockflow.base.files import read_json
from knockflow.language.ids import Known, gene_name
from knockflow.model.constraints import Constraint, from_text
from knockflow.model.gpr import genes, parse, renamed, to_text, without
from knockflow.model.notes import (
    CONSTRAINTS_NOTE,
    LOST_RULE_NOTE,
    PSEUDO_NOTE,
    SUBSTRATE_NOTE,
    absent_genes,
    bounds_when_added,
    note,
    pathways,
)


@dataclass(frozen=True)
class NetworkRow:
    """A linear function of fluxes between two bounds, of which at most one is finite unless they are equal."""

    name: str
    coefficients: Mapping[int, Fraction]
    lower: float = 0.0
    upper: float = 0.0

    @property
    def steady(self) -> bool:
        """Whether it says that the function is 0."""
        return self.lower == self.upper == 0


@dataclass(frozen=True)
class Network:
    """Reactions of a model, in the file's order, m metabolites and n reactions.

    Attributes
    ----------
    metabolites, reactions : tuple of str
        Ids, of length m and n.
    stoichiometry : tuple of tuples
        For each reaction its metabolites by number, with exact coefficients: the decimals as written.
    lower, upper : array, shape (n,)
        Bounds in mmol/gDW/h; of what a design may add, 0.
    biomass : str
        The objective that `curate` has left.
    substrate : str or None
        The exchange that yields refer to.
    rules, written_rules : tuple of str, length n
        Gene rules without pseudo-genes, and as in the model. Genes go by the names that tables have
        (`knockflow.language.ids`).
    subsystems : tuple of str, length n
        Subsystems as written.
    added : mapping of str to (float, float)
        Bounds of the reactions that a design may add, once they are there.
    absent_genes : frozenset of str
        Genes that are there only if added.
    pathways : mapping of str to tuple of str
        Reactions that are added together, by name.
    pseudo_genes : frozenset of str
        Genes that can never be removed.
    genes : tuple of str
        All genes.
    lost_rules : frozenset of str
        Reactions whose rule cannot be read.
    constraints : tuple of Constraint
        What the model has besides the steady state, some instead of a metabolite's balance.
    """

    metabolites: tuple[str, ...]
    reactions: tuple[str, ...]
    stoichiometry: tuple[tuple[tuple[int, Fraction], ...], ...]
    lower: np.ndarray
    upper: np.ndarray
    biomass: str
    substrate: str | None
    rules: tuple[str, ...]
    subsystems: tuple[str, ...]
    added: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    absent_genes: frozenset[str] = frozenset()
    pathways: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pseudo_genes: frozenset[str] = frozenset()
    written_rules: tuple[str, ...] = ()
    genes: tuple[str, ...] = ()
    lost_rules: frozenset[str] = frozenset()
    constraints: tuple[Constraint, ...] = ()

    @cached_property
    def rows(self) -> tuple[NetworkRow, ...]:
        """The balances of all metabolites, in their order, then the constraints.

        A balance is empty where a constraint stands instead of it.
        """
        balances: list[dict[int, Fraction]] = [{} for _ in self.metabolites]
        for reaction, column in enumerate(self.stoichiometry):
            for metabolite, value in column:
                balances[metabolite][reaction] = value
        instead = {one.metabolite for one in self.constraints if one.metabolite}
        steady = [
            NetworkRow(name, {} if name in instead else balance)
            for name, balance in zip(self.metabolites, balances, strict=True)
        ]
        of, index = dict(zip(self.metabolites, balances, strict=True)), self.index()
        return (*steady, *(row for one in self.constraints for row in _rows_of(one, of, index)))

    def index(self) -> Mapping[str, int]:
        """Numbers of the reactions by id."""
        return self._index

    @cached_property
    def _index(self) -> dict[str, int]:
        return {reaction: number for number, reaction in enumerate(self.reactions)}

    def known(self, by_genes: bool = False) -> Known:
        """What a configuration may name."""
        return Known(self.index(), dict(zip(self.genes, self.genes, strict=True)), by_genes)

    def boundary(self, reaction: int) -> bool:
        """Whether a reaction exchanges one metabolite with the outside."""
        return len(self.stoichiometry[reaction]) == 1

    def uptake(self, exchange: str) -> float:
        """The sign of an exchange's flux where it takes up: -1 if it is written outwards, 1 if as uptake."""
        column = self.stoichiometry[self.index()[exchange]]
        return 1.0 if column and all(factor > 0 for _, factor in column) else -1.0


def subsystems_of(text: str) -> set[str]:
    """The names that a reaction's subsystem goes by: the text itself, and the parts of several joined by `; `."""
    return {name for name in (text, *text.split("; ")) if name}


def _rows_of(one: Constraint, balances: Mapping[str, dict], index: Mapping[str, int]) -> Iterator[NetworkRow]:
    """A constraint as rows; one with two bounds becomes two."""
    # The decimals as written are the constraint; the binary floats nearest to them are not.
    own = {index[name]: Fraction(repr(value)) for name, value in one.coefficients.items() if value}
    entries = balances[one.metabolite] if one.metabolite else own
    if one.lower == one.upper or np.isinf(one.lower) or np.isinf(one.upper):
        yield NetworkRow(one.id, entries, one.lower, one.upper)
        return
    yield NetworkRow(f"{one.id} (least)", entries, one.lower, np.inf)
    yield NetworkRow(f"{one.id} (most)", entries, -np.inf, one.upper)


def read_network(path: str | Path) -> Network:
    """Read a curated model; its objective is the biomass reaction.

    Raises
    ------
    FileError
        If the file is not a model as `curate` writes it.
    """
    model = read_json(path)
    try:
        metabolites = [metabolite["id"] for metabolite in model["metabolites"]]
        reactions = model["reactions"]
        biomass = [reaction["id"] for reaction in reactions if reaction.get("objective_coefficient")]
    except (KeyError, TypeError) as error:
        raise FileError(f"{path}: not a model as `curate` writes it (no {error})") from error
    if len(biomass) != 1:
        raise FileError(f"{path}: {len(biomass)} reactions in the objective where `curate` leaves one")
    row = {metabolite: number for number, metabolite in enumerate(metabolites)}
    return Network(
        metabolites=tuple(metabolites),
        reactions=tuple(reaction["id"] for reaction in reactions),
        stoichiometry=tuple(
            # The decimals as written are the model; the binary floats nearest to them are not.
            tuple((row[name], Fraction(repr(value))) for name, value in reaction["metabolites"].items() if value)
            for reaction in reactions
        ),
        lower=np.array([reaction["lower_bound"] for reaction in reactions], float),
        upper=np.array([reaction["upper_bound"] for reaction in reactions], float),
        biomass=biomass[0],
        substrate=note(model, SUBSTRATE_NOTE),
        **_rules(model),
        subsystems=tuple(reaction.get("subsystem", "") for reaction in reactions),
        constraints=_constraints(path, model, [reaction["id"] for reaction in reactions], metabolites),
        **_additions(path, model),
    )


def _rules(model: dict) -> dict:
    """The gene rules, and what they are without pseudo-genes, which are always there."""
    pseudo = frozenset(gene["id"] for gene in model.get("genes") or () if note(gene, PSEUDO_NOTE))
    written = tuple(reaction.get("gene_reaction_rule", "") for reaction in model["reactions"])
    ids = [gene["id"] for gene in model.get("genes") or ()]
    if any(gene_name(gene) != gene for gene in ids):
        written = tuple(to_text(renamed(parse(rule), gene_name)) for rule in written)
    pseudo = frozenset(map(gene_name, pseudo))
    return {
        "genes": tuple(map(gene_name, ids)),
        "pseudo_genes": pseudo,
        "written_rules": written,
        "lost_rules": frozenset(r["id"] for r in model["reactions"] if note(r, LOST_RULE_NOTE)),
        "rules": tuple(_settled(rule, pseudo) for rule in written) if pseudo else written,
    }


def _settled(rule: str, pseudo: frozenset[str]) -> str:
    tree = parse(rule)
    return rule if genes(tree).isdisjoint(pseudo) else to_text(without(tree, pseudo))


def _constraints(path: str | Path, model: dict, reactions: list[str], metabolites: list[str]) -> tuple[Constraint, ...]:
    """Those of the model's note."""
    try:
        return from_text(note(model, CONSTRAINTS_NOTE) or "[]", reactions, metabolites)
    except FileError as error:
        raise FileError(f"{path}: {error}") from error


def _additions(path: str | Path, model: dict) -> dict:
    """What a design may add, from the notes of the reactions and of the model."""
    added = {}
    try:
        for reaction in model["reactions"]:
            if bounds := bounds_when_added(reaction):
                added[reaction["id"]] = bounds
        groups = {name: tuple(ids) for name, ids in pathways(model).items()}
        absent = frozenset(map(gene_name, absent_genes(model)))
    except (AttributeError, TypeError, ValueError) as error:
        raise FileError(f"{path}: its notes on what may be added are not as `curate` writes them ({error})") from error
    return {"added": added, "absent_genes": absent, "pathways": groups}
