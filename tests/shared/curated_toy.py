"""A small model to curate, its case, and what findings say."""

import cobra

FORMULAS = {"glc": "C6H12O6", "pyr": "C3H6O3", "o2": "O2", "co2": "CO2", "bio": "C6H12O6"}


def build(*reactions: tuple, objective: str = "BIOMASS") -> cobra.Model:
    """Build a model from (id, equation, lower bound, upper bound)."""
    model = cobra.Model("toy")
    for name, equation, lower, upper in reactions:
        reaction = cobra.Reaction(name)
        model.add_reactions([reaction])
        reaction.build_reaction_from_string(equation, verbose=False)
        reaction.bounds = (lower, upper)
    for metabolite in model.metabolites:
        metabolite.compartment = metabolite.id[-1]
        metabolite.formula = FORMULAS.get(metabolite.id[:-2])
        metabolite.charge = 0
    if objective:
        model.objective = objective
    return model


def toy(*more: tuple, drop: tuple = (), objective: str = "BIOMASS") -> cobra.Model:
    """Glucose goes to biomass or to two pyruvate, which is secreted."""
    basic = [
        ("EX_glc_e", "glc_e <=>", -10, 1000),
        ("GLCt", "glc_e <=> glc_c", -1000, 1000),
        ("SPLIT", "glc_c --> 2 pyr_c", 0, 1000),
        ("PYRt", "pyr_c <=> pyr_e", -1000, 1000),
        ("EX_pyr_e", "pyr_e <=>", 0, 1000),
        ("BIOMASS", "glc_c --> bio_c", 0, 1000),
        ("DM_bio_c", "bio_c -->", 0, 1000),
    ]
    return build(*[row for row in basic if row[0] not in drop], *more, objective=objective)


def case(**keys: object) -> dict:
    """Return a case whose product is pyruvate, with some keys changed."""
    return {"name": "pyr", "product": "EX_pyr_e", "medium": {}, "min_growth": 0.05} | keys


def lines(findings, check: str, severity: str = "") -> list[tuple[str, str, str]]:
    """Give item, before and after of the findings of one check."""
    return [(f.item, f.before, f.after) for f in findings if f.check == check and severity in ("", f.severity)]


def why(findings, check: str, severity: str = "") -> str:
    """Give the reasons of one check's findings, joined."""
    return "\n".join(f.why for f in findings if f.check == check and severity in ("", f.severity))
