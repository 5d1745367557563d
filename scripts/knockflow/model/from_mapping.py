"""A COBRApy model from the mapping that its JSON holds.

COBRApy's own reader copies each metabolite once for every reaction that has it and throws the copies away, which is
most of its time for a genome-scale model. Here reactions get the metabolites before these belong to a model, so that
nothing is copied; the model is the same.
"""

from collections.abc import Mapping

from cobra import Gene, Metabolite, Model, Reaction
from cobra.util.solver import set_objective

from knockflow.base.uncollected import uncollected

OF_MODEL = ("id", "name", "notes", "compartments", "annotation")
DERIVED = ("objective_coefficient", "reversibility", "reaction", "metabolites")
BOUNDS = ("lower_bound", "upper_bound")


def model_from(content: Mapping) -> Model:
    """A model from `metabolites`, `reactions` and `genes`, each a list of mappings, and what the whole model has.

    It is what `cobra.io.dict.model_from_dict` makes of the same content.
    """
    with uncollected():
        return _model(content)


def _model(content: Mapping) -> Model:
    model, metabolites = Model(), [_with(Metabolite(), entry) for entry in content["metabolites"]]
    known = {one.id: one for one in metabolites}
    reactions = [_reaction(entry, known) for entry in content["reactions"]]
    model.add_metabolites(metabolites)
    model.genes.extend([_with(Gene(entry["id"]), entry) for entry in content["genes"]])
    model.add_reactions(reactions)
    weights = {entry["id"]: entry.get("objective_coefficient", 0) for entry in content["reactions"]}
    set_objective(model, {model.reactions.get_by_id(name): weight for name, weight in weights.items() if weight})
    return _with(model, {key: value for key, value in content.items() if key in OF_MODEL})


def _reaction(entry: Mapping, metabolites: Mapping[str, Metabolite]) -> Reaction:
    reaction = Reaction()
    for key, value in entry.items():
        if key == "metabolites":
            reaction.add_metabolites({metabolites[name]: factor for name, factor in value.items()})
        elif key not in DERIVED:
            setattr(reaction, key, float(value) if key in BOUNDS else value)
    return reaction


def _with(made, entry: Mapping):
    """An object with the attributes of an entry."""
    for key, value in entry.items():
        setattr(made, key, value)
    return made
