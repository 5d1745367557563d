"""Boolean rules of genes applied to a COBRApy model; nothing of the search is used here.

A gene is on if its rule holds, or if it has none, and if the strain has it. A reaction whose gene rule fails with the
genes that are on is closed; a bound that demands a flux of it stays in force. `cell` settles what the medium and the
removed genes settle, `states` branches on the rest, which depends on fluxes.
"""

import re
from collections.abc import Collection, Iterable, Mapping

from cobra import Gene, Model

from knockflow.language.boolean_rules import replace_atoms
from knockflow.language.ids import Known, gene_in
from knockflow.layers.in_strain import Allowed, Bounds, InStrain, add_to_strains
from knockflow.layers.layer import Given
from knockflow.layers.regulation.cell import Cell, Rules, atoms_of
from knockflow.layers.regulation.rules import GROWTH, RuleRow, read_rules
from knockflow.layers.regulation.states import RegulatedStates
from knockflow.model.finding import INFO, WHOLE_MODEL, Finding
from knockflow.model.notes import REGULATOR_NOTE


class RulesInStrain(InStrain):
    """Rules of genes in all strains of a model."""

    key = "regulation"

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def decided(
        self, model: Model, gone: Collection[str], medium: Mapping[str, Bounds], allowed: Allowed
    ) -> RegulatedStates:
        """What rules leave to fluxes."""
        return RegulatedStates(Cell(model, self.rules, gone, medium), allowed)

    def on_gene(self, model: Model, gene: str) -> str:
        """The symbols whose rules name it."""
        of = self.rules.of.items()
        named = sorted(symbol for symbol, rule in of if gene in {atom[1] for atom in atoms_of(rule)})
        return f"in the rules of {', '.join(named)}" if named else ""

    def on_strain(self, undecided: Iterable[str]) -> str:
        """Which reactions the rules leave to fluxes."""
        left = ", ".join(undecided) or "none"
        return f"rules of genes were applied in this medium; left to fluxes: {left}"


def rebuild(model: Model, given: Given) -> None:
    """Give a curated model the rules of a case's table."""
    regulate(model, read_rules(given.files["table"]), given.options["conditions"], given.options["names"])


def add(model: Model, given: Given) -> list[Finding]:
    """Add the genes that only the table has, before curation."""
    before = len(model.genes)
    add_regulators(model, read_rules(given.files["table"]), given.options["names"])
    why = f"{len(model.genes) - before} regulators are listed as genes: only the table of rules has them"
    return [Finding(WHOLE_MODEL, "regulators", INFO, "", "", why)]


def regulate(
    model: Model, rows: Mapping[str, RuleRow], conditions: Mapping[str, bool | float], names: Mapping[str, str]
) -> None:
    """Give a model the rules of a table, for strains that are made of it; its own bounds stay as they are."""
    add_regulators(model, rows, names)
    biomass = [reaction.id for reaction in model.reactions if reaction.objective_coefficient]
    if biomass and not any(
        GROWTH in known for known in (rows, model.genes, model.reactions, model.metabolites, conditions, names)
    ):
        names = {GROWTH: biomass[0], **names}

    def here(symbol: str) -> str:
        return _in_model(model, names.get(symbol, symbol))

    rules = {
        here(symbol): replace_atoms(row.rule, lambda atom: (atom[0], here(atom[1]), *atom[2:]))
        for symbol, row in rows.items()
    }
    conditions = {_in_model(model, name): value for name, value in conditions.items()}
    given = {name: ("const", bool(value)) for name, value in conditions.items() if name in rules or name in model.genes}
    add_to_strains(model, RulesInStrain(Rules(rules | given, dict(conditions))))


def add_regulators(model: Model, rows: Mapping[str, RuleRow], names: Mapping[str, str]) -> None:
    """Add the genes that only the table has, so that a design can remove them; they have no reactions, but a note."""
    forms = {_form(gene.id) for gene in model.genes}
    for symbol, row in rows.items():
        name = _in_model(model, names.get(symbol, symbol))
        gene = row.kind == "gene" or (not row.kind and _form(name) in forms)
        if gene and name not in model.genes:
            added = Gene(name, name=row.name or name)
            added.notes = {REGULATOR_NOTE: row.text}
            model.genes += [added]


def _in_model(model: Model, name: str) -> str:
    """What a rule names, as the model has it: a gene, else a reaction, else a word of the table's own."""
    return gene_in(model.genes, name) or Known(model.reactions).reaction(name) or name


def _form(name: str) -> str:
    """What an id looks like: its letters and its digits are all the same."""
    return re.sub(r"[A-Za-z]", "a", re.sub(r"[0-9]", "0", name))
