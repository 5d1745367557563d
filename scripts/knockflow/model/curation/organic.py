"""Which nutrients are organic: by their formula, and by their name where the model has no formula."""

import re

from cobra import Metabolite, Reaction

from knockflow.model.curation.balance import composition

INORGANIC = ({"C", "O"}, {"C", "H", "O"})  # CO2, and with one carbon and three oxygens (bi)carbonate

_MINERALS = """
    h proton hydron h2 hydrogen h2o water o2 oxygen h2o2 hydrogenperoxide co2 carbondioxide co carbonmonoxide hco3
    bicarbonate hydrogencarbonate h2co3 carbonicacid n2 nitrogen n2o nitrousoxide no nitricoxide no2 nitrite no3 nitrate
    nh3 ammonia nh4 ammonium pi phosphate orthophosphate ppi diphosphate pyrophosphate so4 sulfate sulphate so3 sulfite
    sulphite h2s hydrogensulfide sulfide sulfur tsul thiosulfate na na1 sodium k potassium ca ca2 calcium cl chloride mg
    mg2 magnesium mn mn2 manganese fe fe2 fe3 iron zn zn2 zinc cu cu2 copper cobalt cobalt2 ni ni2 nickel mobd moo4
    molybdate sel selenate slnt selenite tungs tungstate arsna aso3 arsenite arsenate cd2 cadmium hg2 mercury ag silver
    photon light cpd00001 cpd00007 cpd00009 cpd00011 cpd00012 cpd00013 cpd00030 cpd00034 cpd00048 cpd00058 cpd00063
    cpd00067 cpd00099 cpd00149 cpd00205 cpd00209 cpd00239 cpd00242 cpd00244 cpd00254 cpd00528 cpd00971 cpd10515 cpd10516
    cpd11574 cpd11640
"""
MINERALS = frozenset(_MINERALS.split())
"""Names and ids of nutrients without carbon, and of oxides of carbon, without blanks and charges."""

CHARGE = re.compile(r"\(?\d?[+-]\)?$")

COMPARTMENT = re.compile(r"(_[a-z]{1,2}\d?|\[[a-z]{1,2}\d?\]|\([a-z]{1,2}\d?\)|_L(BRA|PAREN)_.*)$")
"""How an id ends in its compartment: `_e`, `_e0`, `[e]`, `(e)`."""


def is_organic(metabolite: Metabolite) -> bool | None:
    """Whether a metabolite has carbon and is not CO2, carbonate or bicarbonate; None without a formula.

    One without a formula whose name or id is that of an inorganic nutrient is not organic.
    """
    content = composition(metabolite)
    if content is None:
        return False if is_mineral(metabolite) else None
    if "C" not in content:
        return False
    inorganic = content["C"] == 1 and set(content) in INORGANIC and content.get("O") == (3 if "H" in content else 2)
    return not inorganic


def is_mineral(metabolite: Metabolite) -> bool:
    """Whether an id or a name is that of an inorganic nutrient."""
    bare = COMPARTMENT.sub("", metabolite.id.removeprefix("M_"))
    title = re.sub(r"\s*\[[^\]]*\]$", "", metabolite.name or "")
    names = (bare, CHARGE.sub("", COMPARTMENT.sub("", title)))
    return any(re.sub(r"[\s_-]", "", name.casefold()) in MINERALS for name in names)


def feeds_carbon(reaction: Reaction) -> bool | None:
    """Whether an exchange exchanges an organic compound; None if no formula tells."""
    found = [is_organic(metabolite) for metabolite in reaction.metabolites]
    return True if True in found else None if None in found else False
