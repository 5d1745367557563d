"""A small COBRApy model with rules of genes."""

import cobra

from knockflow.language.boolean_rules import parse
from knockflow.layers.regulation.rules import RuleRow
from knockflow.layers.regulation.strain import regulate
from knockflow.model.question import Question
from knockflow.validation.reevaluation import prepare

REACTIONS = {
    # Substrate s becomes x by three ways: FAST makes nothing else, SLOW makes p, BACK also runs in reverse.
    "EX_s": ({"s": -1}, -10, 0, ""),
    "EX_o": ({"o": -1}, -5, 10, ""),
    "FAST": ({"s": -1, "x": 1}, 0, 100, "g1"),
    "SLOW": ({"s": -1, "x": 0.5, "p": 0.5}, 0, 100, "g2 or g3"),
    "BACK": ({"s": -1, "x": 0.75, "q": 0.25}, -100, 100, "g4"),
    "SWAP": ({"q": -1, "p": 1}, -100, 100, "g5 and g1"),
    "EX_p": ({"p": -1}, 0, 100, ""),
    "EX_q": ({"q": -1}, 0, 100, ""),
    "BIO": ({"x": -1}, 0, 100, ""),
}

ASKED = Question("EX_p", "EX_s", 1.0, biomass="BIO")


def model_of(rules=None, conditions=None, names=None, reactions=REACTIONS):
    model = cobra.Model("small")
    pool = {}
    for name, (stoichiometry, lower, upper, rule) in reactions.items():
        reaction = cobra.Reaction(name, lower_bound=lower, upper_bound=upper)
        model.add_reactions([reaction])
        members = {pool.setdefault(key, cobra.Metabolite(key, compartment="c")): f for key, f in stoichiometry.items()}
        reaction.add_metabolites(members)
        reaction.gene_reaction_rule = rule
    model.objective = "BIO"
    model.notes = {"substrate": "EX_s"}
    prepare(model)
    if rules is not None:
        rows = {
            name: RuleRow(parse(text), text, "gene" if name[0] in "gr" else "condition") for name, text in rules.items()
        }
        regulate(model, rows, conditions or {}, names or {})
    return model
