"""The core model with what a design may add."""

import json
from pathlib import Path

import cobra
from cobra.io import load_json_model, load_model

from knockflow.model.notes import PSEUDO_NOTE
from knockflow.model.read import write_model
from knockflow.validation.reevaluation import prepare


def core_with_additions(folder: Path) -> cobra.Model:
    """The core model without oxygen as `curate` leaves it, with a pathway and a gene that may be added."""
    model = load_model("textbook")
    model.reactions.EX_o2_e.lower_bound = 0
    q = cobra.Metabolite("q_c", name="q", compartment="c")
    for name, stoichiometry, rule, there in (
        ("MAKEQ", {"pyr_c": -1, q: 1}, "hetA and hetB", (0.0, 1000.0)),
        ("EX_q_e", {"q_c": -1}, "", (0.0, 1000.0)),
        ("LEAK", {"pyr_c": -1, "pyr_e": 1}, "hetC or hetD", (-5.0, 5.0)),
    ):
        reaction = cobra.Reaction(name, name=f"{name} by name", lower_bound=0, upper_bound=0)
        model.add_reactions([reaction])
        reaction.add_metabolites(stoichiometry)
        reaction.gene_reaction_rule = rule
        reaction.notes["knock_in"] = " ".join(map(repr, there))
    model.genes.s0001.notes[PSEUDO_NOTE] = "a reaction that runs without an enzyme"
    model.notes = {
        "substrate": "EX_glc__D_e",
        "absent_genes": "hetC;hetD",
        "pathways": json.dumps({"q_way": ["MAKEQ", "EX_q_e"]}),
    }
    path = folder / "model.json"
    write_model(path, model)
    written = load_json_model(str(path))
    prepare(written)
    return written
