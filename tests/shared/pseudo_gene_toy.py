"""A small COBRApy model whose rules may name pseudo-genes."""

import cobra


def model_of(fast: str, waste: str = "g9") -> cobra.Model:
    """Substrate becomes biomass by FAST, or by SLOW with a product that WASTE can destroy."""
    model = cobra.Model("small")
    model.add_metabolites([cobra.Metabolite(f"{name}_c", compartment="c") for name in "sxpw"])
    table = {
        "EX_s": ({"s_c": -1}, -10, 0, ""),
        "FAST": ({"s_c": -1, "x_c": 1}, 0, 1000, fast),
        "SLOW": ({"s_c": -1, "x_c": 0.5, "p_c": 0.5}, 0, 1000, ""),
        "WASTE": ({"p_c": -1, "w_c": 1}, 0, 1000, waste),
        "EX_w": ({"w_c": -1}, 0, 1000, ""),
        "EX_p": ({"p_c": -1}, 0, 1000, ""),
        "BIOMASS": ({"x_c": -1}, 0, 1000, ""),
    }
    for name, (metabolites, lower, upper, rule) in table.items():
        reaction = cobra.Reaction(name, lower_bound=lower, upper_bound=upper)
        model.add_reactions([reaction])
        reaction.add_metabolites({model.metabolites.get_by_id(m): value for m, value in metabolites.items()})
        reaction.gene_reaction_rule = rule
    model.objective = "BIOMASS"
    return model
