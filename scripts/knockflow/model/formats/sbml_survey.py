"""What an SBML file says, as text: read by expat before libsbml turns odd values into others.

libsbml reads a charge `two` as 0 and COBRApy decodes ids, makes exchanges and refuses crossed bounds; here stands what
the file has, by the ids of the file.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from knockflow.base.errors import ModelError
from knockflow.model.formats.sbml_structure import Structure

ASIDE = ("annotation", "notes")


@dataclass
class SurveyedReaction:
    """A reaction: coefficients as written by side, and where its bounds stand."""

    reversible: bool
    reactants: list[tuple[str, str | None]] = field(default_factory=list)
    products: list[tuple[str, str | None]] = field(default_factory=list)
    ends: dict[str, str] = field(default_factory=dict)
    """Parameters of the model that bound it (fbc version 2): `lower`, `upper`."""
    law: dict[str, str] = field(default_factory=dict)
    """Parameters of its kinetic law (older files): `LOWER_BOUND`, `UPPER_BOUND`, `OBJECTIVE_COEFFICIENT`."""


@dataclass
class Survey:
    """Elements of a file by id, in its order, each with its attributes without prefixes."""

    level: int = 3
    compartments: dict[str, dict[str, str]] = field(default_factory=dict)
    species: dict[str, dict[str, str]] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    reactions: dict[str, SurveyedReaction] = field(default_factory=dict)
    genes: list[str] = field(default_factory=list)
    objective: list[tuple[str, str]] = field(default_factory=list)
    flux_bounds: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """Bounds of fbc version 1: by reaction, `lower` and `upper`."""
    repeated: list[tuple[str, str]] = field(default_factory=list)
    """Kind and id of what stands twice."""
    root: str = ""
    """The first element."""
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Reaction and species of a coefficient that has an id, by it."""
    computed: dict[str, str] = field(default_factory=dict)
    """The element that computes a value, by the id of what it computes."""
    formulas: list[tuple[str, str]] = field(default_factory=list)
    """Reaction and species of coefficients that are formulas (`stoichiometryMath`)."""
    powers: list[tuple[str, str]] = field(default_factory=list)
    """Reactions in the objective with another than a linear term (fbc version 3), and which."""
    usual: bool = True
    """Whether all elements stand where metabolic models have them."""

    def bounds(self, reaction: str) -> dict[str, str]:
        """The `lower` and `upper` bound of a reaction as written, where the file gives them."""
        own = self.reactions[reaction]
        found = {end: self.parameters.get(name, "NaN") for end, name in own.ends.items()}
        found |= self.flux_bounds.get(reaction, {})
        if not found:
            keys = {"lower": "LOWER_BOUND", "upper": "UPPER_BOUND"}
            found = {end: own.law[key] for end, key in keys.items() if key in own.law}
        return found

    def boundary(self) -> list[str]:
        """The species that the file calls boundary conditions."""
        return [name for name, told in self.species.items() if told.get("boundaryCondition") in ("true", "1")]


class _Reader:
    """Fills a survey, element by element."""

    def __init__(self) -> None:
        self.survey, self.structure = Survey(), Structure()
        self.reaction: SurveyedReaction | None = None
        self.side: list[tuple[str, str | None]] | None = None
        self.inside = ("", "")  # the coefficient that is being read: its reaction and species
        self.name = ""
        self.aside = 0  # how deep in annotation and notes, where editors keep elements of these names, too

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take in an element."""
        self.survey.root = self.survey.root or tag.rpartition(":")[2]
        if not self.aside:
            self.structure.enter(tag)
        self.aside += tag.rpartition(":")[2] in ASIDE
        if self.aside:
            return
        told = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        handler = getattr(self, "on_" + tag.rpartition(":")[2], None)
        if handler:
            handler(told)

    def end(self, tag: str) -> None:
        """Leave a reaction or one of its sides."""
        name = tag.rpartition(":")[2]
        aside = self.aside
        self.aside -= name in ASIDE
        if not self.aside:
            self.structure.leave()
        if aside:
            return
        if name == "reaction":
            self.reaction = None
        elif name in ("listOfReactants", "listOfProducts"):
            self.side = None

    def keep(self, kind: str, pool: dict, told: dict[str, str], entry: object) -> None:
        """Enter an element under its id."""
        name = told.get("id", told.get("name", ""))
        if name in pool:
            self.survey.repeated.append((kind, name))
        pool[name] = entry

    def on_sbml(self, told: dict[str, str]) -> None:
        self.survey.level = int(told["level"]) if told.get("level", "").isdigit() else 3

    def on_compartment(self, told: dict[str, str]) -> None:
        self.keep("compartment", self.survey.compartments, told, told)

    def on_species(self, told: dict[str, str]) -> None:
        self.keep("metabolite", self.survey.species, told, told)

    def on_parameter(self, told: dict[str, str]) -> None:
        pool = self.survey.parameters if self.reaction is None else self.reaction.law
        pool[told.get("id", "")] = told.get("value", "NaN")

    on_localParameter = on_parameter

    def on_geneProduct(self, told: dict[str, str]) -> None:
        self.survey.genes.append(told.get("id", ""))

    def on_reaction(self, told: dict[str, str]) -> None:
        self.name = told.get("id", told.get("name", ""))
        self.reaction = SurveyedReaction(told.get("reversible", "true") not in ("false", "0"))
        for end, key in (("lower", "lowerFluxBound"), ("upper", "upperFluxBound")):
            if told.get(key):
                self.reaction.ends[end] = told[key]
        self.keep("reaction", self.survey.reactions, told, self.reaction)

    def on_listOfReactants(self, _: dict[str, str]) -> None:
        self.side = self.reaction.reactants if self.reaction else None

    def on_listOfProducts(self, _: dict[str, str]) -> None:
        self.side = self.reaction.products if self.reaction else None

    def on_speciesReference(self, told: dict[str, str]) -> None:
        if self.side is not None:
            default = "1" if self.survey.level < 3 else None
            self.side.append((told.get("species", ""), told.get("stoichiometry", default)))
            self.inside = self.name, told.get("species", "")
            if told.get("id"):
                self.survey.references[told["id"]] = self.inside

    def on_stoichiometryMath(self, _: dict[str, str]) -> None:
        self.survey.formulas.append(self.inside)

    def on_initialAssignment(self, told: dict[str, str]) -> None:
        self.survey.computed[told.get("symbol", "")] = "an initialAssignment"

    def on_assignmentRule(self, told: dict[str, str]) -> None:
        self.survey.computed[told.get("variable", "")] = "an assignmentRule"

    def on_rateRule(self, told: dict[str, str]) -> None:
        self.survey.computed[told.get("variable", "")] = "a rateRule"

    def on_fluxObjective(self, told: dict[str, str]) -> None:
        if told.get("variableType", "linear") != "linear":
            self.survey.powers.append((told.get("reaction", ""), told["variableType"]))
        self.survey.objective.append((told.get("reaction", ""), told.get("coefficient", "NaN")))

    def on_fluxBound(self, told: dict[str, str]) -> None:
        operation, value = told.get("operation", ""), told.get("value", "NaN")
        ends = {"greaterEqual": ("lower",), "lessEqual": ("upper",), "equal": ("lower", "upper")}
        for end in ends.get(operation, ()):
            self.survey.flux_bounds[told.get("reaction", "")][end] = value


def survey(text: str) -> Survey:
    """What an SBML file says.

    Raises
    ------
    ModelError
        If the file is not whole XML.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise ModelError(f"not whole XML: {error}") from error
    reader.survey.usual = reader.structure.usual
    return reader.survey
