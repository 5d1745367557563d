"""A small model with every kind of intervention: what is searched is what COBRApy finds, and what the case asks for."""

import cobra
import pytest
from cobra.io import load_model

from knockflow import Case
from knockflow.base.errors import ConfigError
from knockflow.validation.strain import applied

TABLE = {
    # Substrate s becomes biomass by a fast way without product, or by a slower way that makes p.
    "EX_s": ("s_e <=>", -10, 0, ""),
    "UP": ("s_e --> s_c", 0, 1000, ""),
    "FAST": ("s_c --> x_c", 0, 1000, "gf"),
    "SLOW": ("s_c --> 0.5 x_c + 0.5 p_c", 0, 1000, "gs"),
    "WASTE": ("p_c --> w_c", 0, 1000, "gw"),
    "EX_w": ("w_c -->", 0, 1000, ""),
    "EX_p": ("p_c -->", 0, 1000, ""),
    "BIO": ("x_c -->", 0, 1000, ""),
}


def model(**rules: str) -> cobra.Model:
    made = cobra.Model("small")
    for name, (equation, lower, upper, rule) in TABLE.items():
        reaction = cobra.Reaction(name)
        made.add_reactions([reaction])
        reaction.build_reaction_from_string(equation, verbose=False)
        reaction.bounds = lower, upper
        reaction.gene_reaction_rule = rules.get(name, rule)
    for metabolite in made.metabolites:
        metabolite.compartment = metabolite.id[-1]
    made.objective = "BIO"
    return made


def case(given=None, min_growth: float = 0.1, **targets) -> Case:
    return Case(given or model(), "EX_p", min_growth=min_growth, biomass="BIO", substrate="EX_s", targets=targets)


def rows(made: Case, kind: str = "optknock", **options) -> list[tuple[str, ...]]:
    """The interventions of every row, all of which validation confirms."""
    designs = made.design(kind, **{"max_interventions": 4, "max_designs": "all"} | options)
    wrong = [row["interventions"] for row in designs.validate().to_dict("records") if not row["verified"]]
    assert not wrong
    return [row["interventions"] for row in designs.table]


GENES = {"level": "genes"}
KINDS = ("optknock", "robustknock", "strong_coupling", "potential", "pfba_optimistic", "pfba_pessimistic", "optcouple")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "targets",
    [
        {"interventions": {"+SLOW": 1, "EX_s>=-20": 1, "EX_s>=-15": 1, "FAST<=4": 1, "SLOW>=2": 1, "EX_s>=-5": 1}},
        {"interventions": {"+way": 1}, "pathways": {"way": ["SLOW", "WASTE"]}, "costs": {"FAST": 2}},
        GENES | {"interventions": {"+gs": 1, "gf<=2": 1, "-EX_w": 1, "FAST<=30%": 1}},
        GENES | {"interventions": {"+SLOW": 1, "gf<=2": 1}, "exclusive": [["gf<=2", "-gw"]]},
        {"interventions": {"+SLOW": 1}, "forced": ["+SLOW", "-WASTE"]},
    ],
)
def test_all_that_is_listed_is_confirmed(targets, kind):
    assert rows(case(**targets), kind)


def test_the_wild_type_has_nothing_of_what_may_be_added():
    made = case(interventions={"EX_s>=-20": 1, "+SLOW": 1})
    assert made.design("optknock", max_interventions=0).table[0]["growth_per_h"] == pytest.approx(10)
    wild = made.respond()
    assert wild["growth_per_h"] == pytest.approx(10)
    assert wild["product_max_at_min_growth_mmol_per_gdw_h"] == pytest.approx(0)


@pytest.mark.parametrize("table", [False, True])
def test_what_is_forced_leaves_no_room_in_its_exclusive_list(table, tmp_path):
    if table:
        path = tmp_path / "targets.tsv"
        path.write_text("intervention\tuse\tgroup\n-FAST\tforced\tone\n-WASTE\t\tone\n")
        made = case(table=str(path))
    else:
        made = case(forced=["-FAST"], exclusive=[["-FAST", "-WASTE"]])
    for method in ("tree", "exhaustive"):
        found = rows(made, method=method)
        assert found and all("-FAST" in row and "-WASTE" not in row for row in found)


def test_a_forced_limit_of_a_gene_is_in_every_design():
    made = case(**GENES, interventions={"gf<=1": 1}, forced=["gf<=1"])
    found = rows(made)
    assert found and all("gf<=1" in row for row in found)
    assert made.design("optknock", max_interventions=1).table[0]["growth_per_h"] == pytest.approx(5.5)


def test_forced_interchangeable_genes_are_refused():
    with pytest.raises(ConfigError, match=r"`-gf\|gg`: name interchangeable targets one by one"):
        case(model(FAST="gf and gg"), **GENES, forced=["-gf|gg"])


@pytest.mark.parametrize("text", ["-FAST|WASTE", "FAST|WASTE<=1"])
def test_interchangeable_names_are_refused_where_they_are_none(text):
    with pytest.raises(ConfigError) as error:
        case(interventions={text: 1})
    assert text in str(error.value)


@pytest.mark.parametrize(
    ("forced", "other"),
    [
        ("EX_s>=-15", "EX_s>=-20"),
        ("EX_s>=-5", "EX_s>=-20"),
        ("EX_s>=-20", "EX_s>=-15"),
        ("FAST<=5", "FAST<=2"),
        ("FAST<=2", "FAST<=5"),
        ("FAST<=5", "FAST<=10"),
    ],
)
def test_another_level_of_a_forced_bound_is_refused(forced, other):
    with pytest.raises(ConfigError, match=f"`{forced}` is in every design, so `{other}` cannot be offered beside it"):
        case(interventions={forced: 1, other: 1}, forced=[forced])


def test_a_reaction_that_must_be_added_and_whose_gene_must_be_added():
    made = case(**GENES, interventions={"+SLOW": 1, "+gs": 1})
    for design, bounds in (("+gs", (0, 0)), ("+SLOW", (0, 0)), ("+SLOW;+gs", (0, 1000))):
        assert applied(made.model, design).reactions.SLOW.bounds == bounds, design


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ({"include": ["UP"]}, [("-UP",), ("-FAST", "-SLOW")]),
        (GENES | {"include": ["SLOW"]}, [("-SLOW", "-gf"), ("-gf", "-gs")]),
    ],
)
def test_a_bound_on_what_is_knocked_out_as_well(targets, found):
    """With nothing protected, what leaves no state at all suppresses every region."""
    made = case(interventions={"SLOW>=5": 1}, **targets)
    assert rows(made, "mcs", suppress=["BIO >= 0.1"]) == found


def test_a_gene_that_the_table_excludes_is_in_no_design(tmp_path):
    path = tmp_path / "targets.tsv"
    path.write_text("intervention\tuse\n+gs\texcluded\n")
    made = case(**GENES, table=str(path))
    assert rows(made, "potential") == [()]
    assert made.design("potential").table[0]["value_mmol_per_gdw_h"] == pytest.approx(0)


def test_a_forced_knock_out_has_the_cost_that_the_case_gives_it():
    made = case(forced=["-FAST"], costs={"FAST": 3})
    assert made.design("optknock", max_interventions=1).table[0]["cost"] == 3


def test_a_reaction_may_be_included_and_forced():
    assert rows(case(include=["EX_w"], forced=["-EX_w"]))


@pytest.mark.parametrize("method", ["tree", "exhaustive"])
@pytest.mark.parametrize("limits", [{"max_interventions": 1}, {"max_cost": 1.5}, {"max_per_kind": {"knock_out": 1}}])
def test_forced_interventions_beyond_the_limits_leave_no_design(method, limits):
    made = case(forced=["-FAST", "-EX_w"])
    for kind, more in (("optknock", {}), ("mcs", {"suppress": ["BIO >= 9"]})):
        designs = made.design(kind, method=method, **more, **limits)
        assert (designs.record["status"], len(designs)) == ("infeasible", 0), kind


@pytest.fixture(scope="module")
def textbook() -> Case:
    targets = {"level": "genes", "exclude": ["b0114", "b0115"]}
    return Case(load_model("textbook"), "EX_succ_e", medium={"EX_o2_e": 0}, targets=targets)


@pytest.mark.parametrize("kind", KINDS)
def test_pairs_of_genes_in_the_core_model_are_confirmed(textbook, kind):
    assert rows(textbook, kind, max_interventions=2, max_designs=5)


def test_lethal_pairs_of_genes_in_the_core_model_are_confirmed(textbook):
    """Some leave a row without columns whose bound is 0.00026: a presolver's tolerance is no matter."""
    made = Case(load_model("textbook"), "EX_succ_e", min_growth=0.0, targets={"level": "genes"})
    found = rows(made, "mcs", suppress=["Biomass_Ecoli_core >= 0.001"], max_interventions=2)
    assert ("-b1297", "-b3870") in found
