"""Central carbon metabolism as a map: where metabolites stand, and which reactions lead from one to another.

Reactions go by the ids of BiGG. A line stands for all reactions that do the same, with the sign by which the flux of
each counts along it, so that what is drawn is the net flux.
"""

from typing import NamedTuple

Point = tuple[float, float]


class Line(NamedTuple):
    """A step from one metabolite to another; reactions with the sign of their flux along it."""

    start: str
    end: str
    reactions: dict[str, float]


METABOLITES: dict[str, tuple[str, Point]] = {
    "glc": ("glucose", (190, 20)),
    "g6p": ("G6P", (190, 70)),
    "f6p": ("F6P", (190, 130)),
    "fdp": ("FBP", (190, 190)),
    "g3p": ("GAP", (190, 250)),
    "pg": ("3PG", (190, 310)),
    "pep": ("PEP", (190, 370)),
    "pyr": ("pyruvate", (190, 440)),
    "accoa": ("acetyl-CoA", (190, 510)),
    "ru5p": ("Ru5P", (60, 130)),
    "r5p": ("pentoses", (60, 190)),
    "kdpg": ("KDPG", (60, 300)),
    "lac": ("lactate", (360, 400)),
    "for": ("formate", (360, 450)),
    "ac": ("acetate", (360, 500)),
    "etoh": ("ethanol", (360, 550)),
    "oaa": ("OAA", (70, 590)),
    "cit": ("citrate", (300, 600)),
    "akg": ("AKG", (310, 680)),
    "succoa": ("Suc-CoA", (240, 740)),
    "succ": ("succinate", (130, 740)),
    "fum": ("fumarate", (60, 700)),
    "mal": ("malate", (40, 645)),
    "glx": ("glyoxylate", (190, 655)),
    "succ_e": ("succinate out", (130, 800)),
}
"""Names as they stand in the map, and where, in pixels from the upper left corner."""

LINES = (
    Line("glc", "g6p", {"GLCpts": 1, "GLCptspp": 1, "HEX1": 1}),
    Line("g6p", "f6p", {"PGI": 1}),
    Line("f6p", "fdp", {"PFK": 1, "PFKh": 1, "FBP": -1}),
    Line("fdp", "g3p", {"FBA": 1}),
    Line("g3p", "pg", {"GAPD": 1}),
    Line("pg", "pep", {"ENO": 1}),
    Line("pep", "pyr", {"PYK": 1, "PPS": -1, "GLCpts": 1, "GLCptspp": 1}),
    Line("pyr", "accoa", {"PDH": 1, "PFL": 1, "PDHm": 1}),
    Line("g6p", "ru5p", {"GND": 1}),
    Line("ru5p", "r5p", {"RPI": -1, "RPE": 1}),
    Line("r5p", "f6p", {"TALA": 1, "TKT2": 1}),
    Line("g6p", "kdpg", {"EDD": 1}),
    Line("kdpg", "pyr", {"EDA": 1}),
    Line("pyr", "lac", {"LDH_D": -1, "LDH_L": -1}),
    Line("pyr", "for", {"PFL": 1}),
    Line("accoa", "ac", {"PTAr": 1}),
    Line("accoa", "etoh", {"ACALD": -1}),
    Line("pep", "oaa", {"PPC": 1, "PPCK": -1}),
    Line("accoa", "cit", {"CS": 1}),
    Line("oaa", "cit", {"CS": 1}),
    Line("cit", "akg", {"ICDHyr": 1}),
    Line("akg", "succoa", {"AKGDH": 1}),
    Line("succoa", "succ", {"SUCOAS": -1}),
    Line("succ", "fum", {"SUCDi": 1, "FRD7": -1, "FRD2": -1, "FRD3": -1}),
    Line("fum", "mal", {"FUM": 1}),
    Line("mal", "oaa", {"MDH": 1, "MDH2": 1, "MDH3": 1}),
    Line("mal", "pyr", {"ME1": 1, "ME2": 1}),
    Line("cit", "glx", {"ICL": 1}),
    Line("glx", "mal", {"MALS": 1}),
    Line("succ", "succ_e", {"EX_succ_e": 1}),
)

LEAST_LINES = 18
"""Lines with a reaction of the model, of the thirty there are, from which it is worth a map."""
