"""Whether elements of an SBML file stand where metabolic models have them.

libsbml may end its process at an element in a place where it expects none, such as a list within a gene rule.
"""

_PARENTS = {
    "sbml": {""},
    "model": {"sbml"},
    "listOfUnitDefinitions": {"model"},
    "unitDefinition": {"listOfUnitDefinitions"},
    "listOfUnits": {"unitDefinition"},
    "unit": {"listOfUnits"},
    "listOfCompartments": {"model"},
    "compartment": {"listOfCompartments"},
    "listOfSpecies": {"model"},
    "species": {"listOfSpecies"},
    "listOfParameters": {"model", "kineticLaw"},
    "parameter": {"listOfParameters"},
    "listOfReactions": {"model"},
    "reaction": {"listOfReactions"},
    "listOfReactants": {"reaction"},
    "listOfProducts": {"reaction"},
    "speciesReference": {"listOfReactants", "listOfProducts"},
    "kineticLaw": {"reaction"},
    "math": {"kineticLaw"},
    "ci": {"math"},
    "listOfLocalParameters": {"kineticLaw"},
    "localParameter": {"listOfLocalParameters"},
    "fbc:listOfObjectives": {"model"},
    "fbc:objective": {"fbc:listOfObjectives"},
    "fbc:listOfFluxObjectives": {"fbc:objective"},
    "fbc:fluxObjective": {"fbc:listOfFluxObjectives"},
    "fbc:listOfFluxBounds": {"model"},
    "fbc:fluxBound": {"fbc:listOfFluxBounds"},
    "fbc:listOfGeneProducts": {"model"},
    "fbc:geneProduct": {"fbc:listOfGeneProducts"},
    "fbc:geneProductAssociation": {"reaction"},
    "fbc:and": {"fbc:geneProductAssociation", "fbc:and", "fbc:or"},
    "fbc:or": {"fbc:geneProductAssociation", "fbc:and", "fbc:or"},
    "fbc:geneProductRef": {"fbc:geneProductAssociation", "fbc:and", "fbc:or"},
    "groups:listOfGroups": {"model"},
    "groups:group": {"groups:listOfGroups"},
    "groups:listOfMembers": {"groups:group"},
    "groups:member": {"groups:listOfMembers"},
}
"""The elements of metabolic models, each with those that may hold it (SBML level 2 and 3; the packages fbc, groups)."""

_ONCE = {"model", "math", "kineticLaw", "notes", "annotation", "fbc:geneProductAssociation"}
"""Those that stand at most once in another, as all lists do."""

_ANYWHERE = ("notes", "annotation")


class Structure:
    """Follows the elements of a file, but for those within notes and annotation.

    Attributes
    ----------
    usual : bool
        Whether each has stood where a metabolic model has it, so far.
    """

    def __init__(self) -> None:
        self.usual = True
        self._open: list[tuple[str, set[str]]] = [("", set())]

    def enter(self, tag: str) -> None:
        """Begin an element."""
        holder, once = self._open[-1]
        name = tag.rpartition(":")[2]
        known = name in _ANYWHERE or holder in _PARENTS.get(tag, ())
        self.usual = self.usual and known and tag not in once
        if tag in _ONCE or name.startswith("listOf"):
            once.add(tag)
        self._open.append((tag, set()))

    def leave(self) -> None:
        """End it."""
        self._open.pop()
