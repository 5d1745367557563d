"""A small model with a budget of enzymes, and its tables."""

from pathlib import Path

import cobra

from knockflow import Case
from knockflow.layers.layer import Given

GOOD = {"kcats": "reaction\tkcat_per_s\nFAST\t1\n", "masses": "gene\tmw_kda\ncheap\t1\ndear\t4\n"}
OPTIONS = {"budget": 0.05, "missing": "none", "isozymes": "cheapest", "exempt": []}


def toy():
    """Substrate becomes biomass by FAST without product, or by SLOW with it; FAST has a cheap and a dear isozyme."""
    model = cobra.Model("toy")
    named = {
        name: cobra.Metabolite(name, formula="C6", charge=0, compartment=name[-1])
        for name in ("s_e", "s_c", "x_c", "p_c", "p_e")
    }
    rows = (
        ("EX_s_e", {"s_e": -1}, -10, 0, ""),
        ("UPTAKE", {"s_e": -1, "s_c": 1}, 0, 1000, ""),
        ("FAST", {"s_c": -1, "x_c": 1}, 0, 1000, "cheap or dear"),
        ("SLOW", {"s_c": -1, "x_c": 0.8, "p_c": 0.2}, 0, 1000, "slow"),
        ("EXPORT", {"p_c": -1, "p_e": 1}, 0, 1000, ""),
        ("EX_p_e", {"p_e": -1}, 0, 1000, ""),
        ("BIO", {"x_c": -1}, 0, 1000, ""),
    )
    for name, balance, lower, upper, rule in rows:
        reaction = cobra.Reaction(name, lower_bound=lower, upper_bound=upper)
        reaction.add_metabolites({named[one]: value for one, value in balance.items()})
        reaction.gene_reaction_rule = rule
        model.add_reactions([reaction])
    model.objective = "BIO"
    return model


def toy_case(tmp_path: Path, **keys) -> Case:
    """Costs of 1 (cheap), 4 (dear) and 2 (slow) g h/mmol in a budget of 10 g/gDW."""
    (tmp_path / "kcats.tsv").write_text("reaction\tkcat_per_s\nFAST\t1\nSLOW\t1\n")
    (tmp_path / "masses.tsv").write_text("gene\tmw_kda\ncheap\t3600\ndear\t14400\nslow\t7200\n")
    options = {
        "budget": keys.pop("budget", 10),
        "kcats": str(tmp_path / "kcats.tsv"),
        "masses": str(tmp_path / "masses.tsv"),
    } | keys.pop("options", {})
    layers = ({"enzymes": options} if keys.pop("with_enzymes", True) else {}) | keys.pop("more", {})
    return Case(toy(), product="EX_p_e", medium={"EX_s_e": 10}, min_growth=0.1, layers=layers, **keys)


def given_of(tmp_path: Path, tables: dict[str, str], **options) -> Given:
    """A layer's tables, by key, as text."""
    files = {}
    for key, text in tables.items():
        files[key] = tmp_path / f"{key}.tsv"
        files[key].write_text(text)
    return Given(OPTIONS | options, files=files)
