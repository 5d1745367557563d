"""What curation says of exchanges written inwards, of biomass that feeds biomass, and of nutrients without formulas."""

import cobra
import pytest
from curated_toy import case, lines, toy, why

from knockflow.api import Case
from knockflow.model.curation import curate, find_substrate
from knockflow.model.curation.organic import feeds_carbon, is_organic

INWARDS = (("EX_glc_e", "--> glc_e", -1000, 10), ("EX_pyr_e", "--> pyr_e", -1000, 0))


def inwards(*more: tuple) -> cobra.Model:
    """The toy with all exchanges written as uptakes."""
    return toy(*INWARDS, *more, drop=("EX_glc_e", "EX_pyr_e"))


def by_name(findings, item: str, check: str):
    """The findings of one check about one item."""
    return [f for f in findings if f.item == item and f.check == check]


@pytest.mark.parametrize("medium", [{}, {"EX_glc_e": 10}])
def test_exchanges_written_inwards_are_turned_round_where_the_case_names_them(medium):
    model = inwards()
    findings = curate(model, case(medium=medium))
    turned = {"EX_pyr_e": "pyr_e --> [0, 1000]", "EX_glc_e": "glc_e <=> [-10, 1000]"}
    told = dict((item, after) for item, _, after in lines(findings, "medium", "change"))
    assert told == {name: after for name, after in turned.items() if name == "EX_pyr_e" or name in medium}
    assert model.reactions.EX_glc_e.bounds == ((-10, 1000) if medium else (-1000, 10))
    assert find_substrate(model, case(medium=medium)) == "EX_glc_e"
    assert lines(findings, "growth", "info") == [("BIOMASS", "10.000000", "")]
    assert lines(findings, "product", "info") == [("EX_pyr_e", "20.000000", "")]
    assert lines(findings, "substrate", "info") == [("EX_glc_e", "[-10, 1000]", "")]


def test_designs_do_not_depend_on_how_exchanges_are_written():
    keys = {"product": "EX_pyr_e", "min_growth": 0.1, "targets": {"include": ["PYRt", "SPLIT"]}}
    way = (("DRAIN", "pyr_c --> co2_e", 0, 1000),)
    out = (*way, ("EX_co2_e", "co2_e <=>", -5, 1000))
    into = (*way, ("EX_co2_e", "--> co2_e", -1000, 5))
    left, right = (Case(model, **keys).design("optknock") for model in (toy(*out), inwards(*into)))
    assert left.table == right.table
    assert left.table[0]["yield_min_mol_per_mol"] is not None


def test_a_closed_exchange_written_inwards_is_found_to_be_what_is_missing():
    model = toy(("EX_glc_e", "--> glc_e", 0, 0), drop=("EX_glc_e",))
    text = why(curate(model, case()), "growth", "warning")
    assert "EX_glc_e" in text and "does not bring it back" not in text


def test_what_is_growth_is_never_turned():
    model = toy(("GROWTH_in", "--> x_c", 0, 7), ("USE", "x_c -->", 0, 9))
    curate(model, case(biomass="GROWTH_in"))
    assert model.reactions.GROWTH_in.bounds == (0, 7)
    assert model.reactions.GROWTH_in.metabolites[model.metabolites.x_c] == 1


def test_what_the_case_does_not_name_keeps_the_direction_in_which_regions_know_it():
    model = toy(("SK_pyr_c", "--> pyr_c", 0, 3))
    findings = curate(model, case(medium={}))
    assert lines(findings, "medium") == [] and model.reactions.SK_pyr_c.bounds == (0, 3)
    assert model.reactions.SK_pyr_c.metabolites == {model.metabolites.pyr_c: 1}


def test_biomass_that_feeds_the_biomass_reaction_is_no_other_way_to_grow():
    model = toy(("GROWTH", "bio_c --> cell_c", 0, 1000), ("DM_cell_c", "cell_c -->", 0, 1000), drop=("DM_bio_c",))
    findings = curate(model, case(biomass="GROWTH"))
    [found] = by_name(findings, "BIOMASS", "biomass")
    assert (found.severity, "it runs only with GROWTH" in found.why) == ("info", True)
    model.objective = "BIOMASS"
    [found] = by_name(curate(model, case()), "GROWTH", "biomass")
    assert (found.severity, "it runs only with BIOMASS" in found.why) == ("info", True)


def test_biomass_that_also_grows_by_itself_is_told_with_that_growth():
    model = toy(("GROWTH", "bio_c --> cell_c", 0, 4), ("DM_cell_c", "cell_c -->", 0, 1000), ("LEAK", "bio_c -->", 0, 3))
    model.reactions.DM_bio_c.bounds = (0, 0)
    [found] = [f for f in by_name(curate(model, case(biomass="GROWTH")), "BIOMASS", "biomass") if "open" in f.why]
    assert (found.severity, "up to 3.000000 1/h" in found.why) == ("warning", True)


def stripped(model: cobra.Model) -> cobra.Model:
    """A model without formulas."""
    for metabolite in model.metabolites:
        metabolite.formula = None
    return model


def test_without_formulas_what_is_not_called_inorganic_is_the_substrate():
    model = stripped(toy(("EX_o2_e", "o2_e <=>", -1000, 1000), ("USE", "o2_e --> co2_e", 0, 9)))
    findings = curate(model, case())
    assert lines(findings, "substrate", "warning") == [("EX_glc_e", "[-10, 1000]", "")]
    assert "it has no formula" in why(findings, "substrate")
    assert find_substrate(model, case()) == "EX_glc_e"


def test_without_formulas_the_medium_still_comes_first():
    model = stripped(toy())
    model.metabolites.pyr_e.formula = "C3H6O3"
    model.reactions.EX_pyr_e.lower_bound = -50
    assert find_substrate(model, case(medium={"EX_glc_e": 10})) == "EX_glc_e"
    assert find_substrate(model, case()) == "EX_pyr_e"


def test_only_inorganic_uptakes_are_no_substrate():
    model = stripped(toy(("EX_o2_e", "o2_e <=>", -1000, 1000)))
    model.reactions.EX_glc_e.lower_bound = 0
    findings = curate(model, case(min_growth=0))
    assert "no uptake of an organic compound" in why(findings, "substrate", "warning")


@pytest.mark.parametrize(
    ("name", "title", "organic"),
    [
        ("h2o_e", "", False),
        ("M_o2[e]", "", False),
        ("cpd00007_e0", "", False),
        ("s_1277", "H2O [extracellular]", False),
        ("s_0925", "iron(2+)", False),
        ("x_e", "Fe2+", False),
        ("x_e", "Carbon dioxide", False),
        ("x_e", "H+", False),
        ("glc__D_e", "D-Glucose", None),
        ("A", "", None),
    ],
)
def test_inorganic_nutrients_are_known_by_name(name, title, organic):
    metabolite = cobra.Metabolite(name, name=title)
    assert is_organic(metabolite) is organic
    exchange = cobra.Reaction("EX")
    exchange.add_metabolites({metabolite: -1})
    assert feeds_carbon(exchange) is organic


@pytest.mark.parametrize(
    ("formula", "organic"), [("C6H12O6", True), ("CO2", False), ("CHO3", False), ("CH2O2", True), ("H2O", False)]
)
def test_a_formula_decides_whatever_the_name(formula, organic):
    assert is_organic(cobra.Metabolite("o2_e", formula=formula)) is organic
