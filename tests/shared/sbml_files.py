"""Models as SBML files, in all its forms."""

from dataclasses import dataclass
from pathlib import Path

from knockflow.model.read import read_model

FBC = 'xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version{0}" fbc:required="false"'


@dataclass(frozen=True)
class Step:
    """A reaction: id, coefficients by species as written, bounds as written, and what else the element has."""

    id: str
    terms: dict
    bounds: tuple = ("0", "1000")
    more: str = ""


GLUCOSE = (
    Step("R_EX_glc_e", {"M_glc_e": "-1"}, ("-10", "1000")),
    Step("R_GLCt", {"M_glc_e": "-1", "M_glc_c": "1"}, ("-1000", "1000")),
    Step("R_BIOMASS", {"M_glc_c": "-1", "M_pyr_e": "2"}),
    Step("R_EX_pyr_e", {"M_pyr_e": "-1"}),
)
SPECIES = {"M_glc_e": "e", "M_glc_c": "c", "M_pyr_e": "e"}


def sbml(steps=GLUCOSE, species=SPECIES, boundary=(), form="fbc2", attributes=None, places=None, head="UTF-8") -> str:
    """A model that grows by `R_BIOMASS`, in one of the forms fbc2, fbc1, old (level 2, kinetic laws) or bare."""
    attributes = attributes or {}
    places = places or {"c": "cytosol", "e": "outside"}
    old = form in ("old", "bare")
    level = 'xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4"'
    if not old:
        core = 'xmlns="http://www.sbml.org/sbml/level3/version1/core"'
        level = f'{core} level="3" version="1" {FBC.format(form[-1])}'
    lines = [f'<?xml version="1.0" encoding="{head}"?>', f"<sbml {level}>"]
    lines.append('<model id="toy" fbc:strict="true">' if form == "fbc2" else '<model id="toy">')
    constant = "" if old else ' constant="true"'
    lines.append("<listOfCompartments>")
    lines += [f'<compartment id="{name}" name="{title}"{constant}/>' for name, title in places.items()]
    lines.append("</listOfCompartments><listOfSpecies>")
    for name, place in species.items():
        flags = "" if old else ' hasOnlySubstanceUnits="false" constant="false"'
        edge = "true" if name in boundary else "false"
        rest = attributes.get(name, "")
        lines.append(f'<species id="{name}" compartment="{place}" boundaryCondition="{edge}"{flags} {rest}/>')
    lines.append("</listOfSpecies>")
    if form == "fbc2":
        ends = [(step.id, end, value) for step in steps for end, value in zip("lu", step.bounds, strict=True)]
        lines.append("<listOfParameters>")
        lines += [f'<parameter id="{name}_{end}" value="{value}" constant="true"/>' for name, end, value in ends]
        lines.append("</listOfParameters>")
    lines.append("<listOfReactions>")
    lines += [reaction(step, form, old) for step in steps]
    lines.append("</listOfReactions>")
    if not old:
        kind = 'fbc:type="maximize"'
        flux = '<fbc:fluxObjective fbc:reaction="R_BIOMASS" fbc:coefficient="1"/>'
        lines.append('<fbc:listOfObjectives fbc:activeObjective="obj">')
        lines.append(f'<fbc:objective fbc:id="obj" {kind}><fbc:listOfFluxObjectives>{flux}</fbc:listOfFluxObjectives>')
        lines.append("</fbc:objective></fbc:listOfObjectives>")
    if form == "fbc1":
        lines.append("<fbc:listOfFluxBounds>")
        for step in steps:
            for operation, value in zip(("greaterEqual", "lessEqual"), step.bounds, strict=True):
                told = f'fbc:reaction="{step.id}" fbc:operation="{operation}" fbc:value="{value}"'
                lines.append(f"<fbc:fluxBound {told}/>")
        lines.append("</fbc:listOfFluxBounds>")
    return "\n".join([*lines, "</model></sbml>"])


def reaction(step: Step, form: str, old: bool) -> str:
    """The element of one reaction."""
    flags = "" if old else 'fast="false"'
    limits = f'fbc:lowerFluxBound="{step.id}_l" fbc:upperFluxBound="{step.id}_u"' if form == "fbc2" else ""
    way = "true" if step.bounds[0].startswith("-") else "false"
    lines = [f'<reaction id="{step.id}" reversible="{way}" {flags} {limits}>{step.more}']
    constant = "" if old else 'constant="true"'
    for side, sign in (("Reactants", "-"), ("Products", "")):
        names = {name: value for name, value in step.terms.items() if value.startswith("-") == bool(sign)}
        parts = [
            f'<speciesReference species="{name}" stoichiometry="{value.removeprefix("-")}" {constant}/>'
            for name, value in names.items()
        ]
        lines += [f"<listOf{side}>", *parts, f"</listOf{side}>"] if parts else []
    if form == "old":
        given = {"LOWER_BOUND": step.bounds[0], "UPPER_BOUND": step.bounds[1]}
        given["OBJECTIVE_COEFFICIENT"] = str(int(step.id == "R_BIOMASS"))
        laws = "".join(f'<parameter id="{name}" value="{value}"/>' for name, value in given.items())
        math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><cn>0</cn></math>'
        lines.append(f"<kineticLaw>{math}<listOfParameters>{laws}</listOfParameters></kineticLaw>")
    return "".join([*lines, "</reaction>"])


def read(folder: Path, text: str | bytes):
    """Write a file and read it."""
    path = folder / "a.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_model(str(path), folder)


def told(origin, check: str) -> list:
    """The findings of one check."""
    return [finding for finding in origin.findings if finding.check == check]
