"""iJO1366 with concentrations: the case that tests and measurements share, and designs of which some cannot grow."""

from knockflow import Case

SETTINGS = {
    "narrow": ((1e-4, 2e-2), 1.96),
    "wide": ((1e-6, 1e-2), 0.0),
}
"""Ranges inside in M, and by how many standard deviations energies may be off."""

EXEMPT = ["AIRC3"]
"""The smallest set without which the wild type cannot grow: `limits` of a run names it."""

DESIGNS = (
    ("FUM",),
    ("CO2tex", "D_LACtex"),
    ("CO2tex", "D_LACtex", "G6PDH2r"),
    ("DHAPT", "PYK"),
    ("ASPt2pp_copy1", "GLUDy"),
    ("GHMT2r", "Htex"),
    ("IPDDI", "PPA"),
    ("ACALD", "TRPAS2"),
    ("PGCD", "RNTR1c2"),
)
"""Removals that change growth: best designs of one to three, and pairs of what the wild type uses."""


def case_of(setting: str) -> Case:
    """Anaerobic succinate from 10 mmol/gDW/h of glucose, min_growth 0.1."""
    (least, most), z = SETTINGS[setting]
    return Case(
        "cobra:iJO1366",
        "EX_succ_e",
        medium={"EX_glc__D_e": 10, "EX_o2_e": 0},
        min_growth=0.1,
        layers={"thermodynamics": {"mode": "concentrations", "passive_transport": "free", "exempt": EXEMPT}},
        conditions={"concentration_min_m": least, "concentration_max_m": most, "confidence_z": z},
    )


def targets_of(problem, removed: tuple[str, ...]) -> list[int]:
    """Numbers of the targets that remove some reactions."""
    of = {name: number for number, ids in enumerate(problem.targets.ids) for name in ids.split("|")}
    return sorted({of[name] for name in removed})
