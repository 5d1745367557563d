"""The core model as GECKO makes it."""

import csv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import cobra

from knockflow.layers.enzymes.complexes import complexes
from knockflow.model.gpr import parse

TABLES = Path(__file__).resolve().parents[2] / "scripts/knockflow/layers/enzymes"


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of the project."""
    with (TABLES / f"e_coli_core_{name}.tsv").open() as file:
        return list(csv.DictReader(file, delimiter="\t"))


def directions(model: cobra.Model):
    """Every reaction, split into its two directions where it has both; (id, 0 forward or 1 back, reaction)."""
    for reaction in list(model.reactions):
        if reaction.lower_bound < 0 < reaction.upper_bound and not reaction.boundary:
            back = cobra.Reaction(f"{reaction.id}_REV", lower_bound=0, upper_bound=-reaction.lower_bound)
            back.gene_reaction_rule = reaction.gene_reaction_rule
            back.add_metabolites({one: -value for one, value in reaction.metabolites.items()})
            model.add_reactions([back])
            reaction.lower_bound = 0
            yield reaction.id, "reverse", back
        yield reaction.id, "forward", reaction


def with_pool(model: cobra.Model, budget: float) -> cobra.Metabolite:
    """The pool of enzymes, in mg/gDW, of which the cell has so many g/gDW."""
    pool = cobra.Metabolite("prot_pool", compartment="c")
    exchange = cobra.Reaction("prot_pool_exchange", lower_bound=0, upper_bound=1000 * budget)
    model.add_reactions([exchange])
    exchange.add_metabolites({pool: 1})
    return pool


def gecko(budget: float, measured: Mapping[str, float] = MappingProxyType({})) -> cobra.Model:
    """The core model as GECKO makes it: isozymes by themselves, an arm before them, and a draw of each protein.

    Measured proteins (g/gDW) come out of no pool, but there is no more of them; the pool is for the others.
    """
    model = cobra.io.load_model("textbook")
    pool = with_pool(model, budget)
    kcats = {row["reaction"]: float(row["kcat_per_s"]) for row in table("kcats")}
    masses = {row["gene"]: float(row["mw_kda"]) for row in table("masses")}
    proteins: dict[str, cobra.Metabolite] = {}
    for name, _, reaction in directions(model):
        rule = reaction.gene_reaction_rule
        own = complexes(parse(rule), 100) if rule and name in kcats else []
        if not own or not {gene for genes in own for gene in genes} <= masses.keys():
            continue
        arm = cobra.Metabolite(f"pmet_{reaction.id}", compartment="c")
        made = {one: value for one, value in reaction.metabolites.items() if value > 0}
        reaction.subtract_metabolites(made)
        reaction.add_metabolites({arm: 1})
        reaction.gene_reaction_rule = ""
        for number, genes in enumerate(own, start=1):
            isozyme = cobra.Reaction(f"{reaction.id}No{number}", lower_bound=0, upper_bound=1000)
            isozyme.gene_reaction_rule = " and ".join(sorted(genes))
            model.add_reactions([isozyme])
            for gene in genes - proteins.keys():
                proteins[gene] = cobra.Metabolite(f"prot_{gene}", compartment="c")
                draw = cobra.Reaction(f"draw_prot_{gene}", lower_bound=0, upper_bound=1000)
                draw.gene_reaction_rule = gene
                model.add_reactions([draw])
                draw.add_metabolites({proteins[gene]: 1e-3} | ({} if gene in measured else {pool: -masses[gene]}))
                draw.upper_bound = 1e3 * measured[gene] / masses[gene] if gene in measured else 1000
            used = {proteins[gene]: -1e3 / (3600 * kcats[name]) * 1e-3 for gene in genes}
            isozyme.add_metabolites({arm: -1} | made | used)
    return model
