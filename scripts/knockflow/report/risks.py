"""What can go wrong with the designs of a case in a laboratory although every number is right."""

from collections.abc import Mapping, Sequence

from knockflow.base.terminal import counted
from knockflow.layers.registry import asked_layers, layers
from knockflow.report.content import Content, ReportedCase
from knockflow.report.essential import essential_genes
from knockflow.report.verdict import best_at_every_growth, best_at_maximal_growth
from knockflow.report.words import FLOOR, few, short

SLOW = 0.5
"""Growth of a strain as a share of the wild type's, below which the page warns of faster mutants."""

ALWAYS = (
    "Toxicity is in no model of this kind: neither the product nor what piles up behind a removed reaction slows the "
    "cell here.",
    "Models are not complete: an enzyme may do more than its rule says, and another may stand in for one that was "
    "removed. A deleted gene may also be needed where the model does not know of it; look it up in a collection of "
    "single deletions first.",
    "A strain need not grow at its optimum from the first day; “Second opinion” has what it may do before it has "
    "adapted (MOMA, ROOM).",
)


def not_modelled(content: Content) -> list[tuple[str, Sequence[str]]]:
    """What each layer that a case has not would have told, and the cases that it is said of."""
    found = []
    for layer in layers().values():
        without = [case.name for case in content.cases if layer not in asked_layers(case.options)]
        if layer.without and without:
            found.append((layer.without, without if len(without) < len(content.cases) else ()))
    return found


def risks(case: ReportedCase) -> list[str]:
    """What the numbers of a case's best design warn of."""
    best, wild = best_at_maximal_growth(case), case.wild_type
    if best is None:
        return _essential(case)
    row = best.design.row
    said = [*_essential(case), *_slow(row, wild.growth[-1] if wild and wild.growth else 0.0), *_selected(case, row)]
    if best.design.also_closed:
        said.append(f"Deleting its genes also closes {', '.join(best.design.also_closed)}.")
    return said


def _essential(case: ReportedCase) -> list[str]:
    """The designs that delete genes of which a screen has found that cells die without them."""
    if not case.essential:
        return []
    found = {tuple(design.interventions): one for design in case.designs if (one := essential_genes(case, design))}
    if not found:
        return ["None of its designs deletes a gene that the given screen has found to be essential."]
    listed = {tuple(design.interventions) for design in case.designs if design.interventions}
    named = sorted({f"{gene}, {source}" for genes in found.values() for gene, source in genes})
    return [
        f"{len(found)} of its {counted(len(listed), 'design')} delete{'s' if len(found) == 1 else ''} a gene that is "
        f"essential in a screen ({few(named, sign='; ')}): such a strain may not grow in that medium; their cards say "
        "which, and `targets.exclude` keeps a gene."
    ]


def _slow(row: Mapping[str, str], fastest: float) -> list[str]:
    growth = float(row["growth_per_h"])
    if fastest <= 0 or growth >= SLOW * fastest:
        return []
    return [
        f"Its best design grows {short(growth)} 1/h, {growth / fastest:.0%} of the wild type: mutants that grow faster "
        "will outgrow it if there are any, so the strain should be checked for its genotype over time."
    ]


def _selected(case: ReportedCase, row: Mapping[str, str]) -> list[str]:
    always = best_at_every_growth(case)
    if row[FLOOR] and float(row[FLOOR]) > 0:
        return []
    there_is = "; another listed design guarantees some at every growth from min_growth up" if always else ""
    return [
        "Its best design guarantees the product only while the cell grows as fast as it can, a starved cell "
        f"may make none{there_is}."
    ]
