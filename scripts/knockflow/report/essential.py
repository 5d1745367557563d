"""The genes of a design that a published screen has found to be essential, where the case names its table."""

from knockflow.report.answers import ReportedDesign
from knockflow.report.content import ReportedCase


def essential_genes(case: ReportedCase, design: ReportedDesign) -> list[tuple[str, str]]:
    """The genes to delete for a design that are essential in a screen, by name, each with the screen."""
    return [(case.model.wild.gene(one), case.essential[one]) for one in design.genes if one in case.essential]
