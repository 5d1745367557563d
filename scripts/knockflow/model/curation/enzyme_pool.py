"""Models whose enzymes stand in the stoichiometry already, as those of GECKO and AutoPACMEN (sMOMENT) do."""

from cobra import Model

from knockflow.language.ids import is_protein
from knockflow.model.finding import INFO, Finding, count, first_few


def named_enzymes(model: Model) -> list[Finding]:
    """The pseudo-metabolites of enzymes and the reactions that only supply these, in two lines; none without any."""
    proteins = [one.id for one in model.metabolites if is_protein(one.id)]
    supplies = [one.id for one in model.reactions if one.metabolites and all(is_protein(m.id) for m in one.metabolites)]
    if not proteins:
        return []
    found = [
        Finding(
            proteins[0],
            "enzymes",
            INFO,
            first_few(proteins),
            "",
            f"{count(len(proteins), 'metabolite')} for enzymes or their pool (GECKO, sMOMENT): used as written, "
            "and left out of balances of mass and charge",
        )
    ]
    if supplies:
        why = (
            f"{count(len(supplies), 'reaction')} of the model that only supply enzymes: used as written, and no targets"
        )
        found.append(Finding(supplies[0], "enzymes", INFO, first_few(supplies), "", why))
    return found
