"""What becomes of a design once genes are deleted for it: the best of its realizations, evaluated with COBRApy.

A reaction that a design closes can often be closed only with others (`knockflow.validation.realization`). Where the
states of the strain are then surely the same, nothing needs to be computed again; otherwise the realizations are
evaluated one after the other until one does what the design does.
"""

from collections.abc import Mapping

import numpy as np
from cobra import Model

from knockflow.base.errors import ModelError
from knockflow.base.tolerances import VERIFIED, below, close
from knockflow.designs.summary import BY_GENES, CHANGED, IMPOSSIBLE, LETHAL, SAME
from knockflow.formulations.formulation import Formulation
from knockflow.model.question import Question
from knockflow.validation.cut_sets import as_asked
from knockflow.validation.realization import Genome, Realization, realizations, same_states
from knockflow.validation.reevaluation import PRODUCES, evaluate, maximum
from knockflow.validation.responses import SECOND, of_response
from knockflow.validation.several import in_all
from knockflow.validation.strain import changed

GROWTH = "growth_by_genes_per_h"

NUMBERS = {
    GROWTH: "growth_per_h",
    "product_min_by_genes_mmol_per_gdw_h": "product_min_mmol_per_gdw_h",
    "product_max_by_genes_mmol_per_gdw_h": "product_max_mmol_per_gdw_h",
}
"""The columns that are those of the design, by genes."""

COMPARED = (*NUMBERS.values(), "product_min_at_min_growth_mmol_per_gdw_h", "yield_min_mol_per_mol")


def realize(
    genome: Genome, question: Question, wanted: Formulation, interventions: str, found: Mapping, options: Mapping
) -> dict:
    """The columns of a design: `same`, else `changed`, else `lethal`, whichever is the first that a realization gives.

    Parameters
    ----------
    genome
        The curated model with its layers, and its genes.
    question, wanted
        The question of the case, the formulation.
    interventions
        The design as a table has it.
    found
        What COBRApy has found of the design itself.
    options
        The formulation's options, of which minimal cut sets need the regions.
    """
    try:
        choices = realizations(genome, interventions)
    except ModelError as error:
        return {"by_genes": IMPOSSIBLE, "by_genes_note": str(error)}
    outcomes = []
    for made in choices:
        if same_states(genome, interventions, made):
            outcome = SAME, found
        else:
            outcome = _outcome(genome.model, question, wanted, made, found, options)
        outcomes.append((made, *outcome))
        if outcome[0] == SAME:
            break
    made, word, numbers = min(outcomes, key=lambda outcome: BY_GENES.index(outcome[1]))
    # What a strain that does not grow would make is no product.
    shown = NUMBERS if word != LETHAL else {GROWTH: NUMBERS[GROWTH]}
    columns = {name: numbers.get(measured) for name, measured in shown.items()}
    told = {"genes": made.genes, "also_closed": made.also_closed, "by_genes": word, "by_genes_note": made.note}
    return told | columns


def _outcome(
    model: Model,
    question: Question,
    wanted: Formulation,
    made: Realization,
    design: Mapping,
    options: Mapping,
) -> tuple[str, Mapping]:
    """A word, and the numbers of a strain."""
    numbers = in_all(model, lambda: _measured(model, question, wanted, made))
    fastest = numbers["fastest"]
    dies = _dead(question, fastest)
    if dies and not wanted.cut_sets:
        return LETHAL, {"growth_per_h": fastest}
    if wanted.cut_sets:
        same = as_asked(model, made.changes, options["suppress"], options["protect"]) is True
        dies = dies and not _dead(question, design.get("growth_per_h", np.nan))
    else:
        compared = (*COMPARED, wanted.measured, SECOND) if wanted.measured else COMPARED
        same = all(_alike(design.get(name), numbers.get(name)) for name in compared)
        same = same and design.get("coupling") == numbers.get("coupling")
    return (SAME if same else LETHAL if dies else CHANGED), numbers


def _measured(model: Model, question: Question, wanted: Formulation, made: Realization) -> dict:
    """The numbers of a strain with its largest growth; that alone where it dies, and cut sets are not asked for."""
    with changed(model, made.changes) as strain:
        fastest = np.nan if question.biomass is None else maximum(strain, question.biomass)
        if _dead(question, fastest) and not wanted.cut_sets:
            return {"fastest": fastest}
        found = evaluate(strain, question, fastest) | of_response(strain, question, wanted, fastest)
        return {"fastest": fastest} | found


def _dead(question: Question, growth: float) -> bool:
    """Whether a strain stands still, or does not reach min_growth."""
    return question.biomass is not None and (not growth > PRODUCES or below(growth, question.min_growth))


def _alike(one: float | None, other: float | None) -> bool:
    """Whether two numbers are equal; none and nan are, too."""
    missing = [value is None or bool(np.isnan(value)) for value in (one, other)]
    return all(missing) if any(missing) else close(one, other, VERIFIED)
