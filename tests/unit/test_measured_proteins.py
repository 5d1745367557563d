"""Measured proteins: each has a cap of its own, and the rest of the budget is for the others, as GECKO has it."""

import logging

import cobra
import pytest
from enzyme_toy import GOOD, given_of, toy, toy_case
from gecko_models import gecko

from knockflow import Case
from knockflow.base.errors import ConfigError, FileError
from knockflow.layers.enzymes import designs_table, report, table
from knockflow.layers.enzymes.inputs import read_inputs
from knockflow.model.read import write_model
from knockflow.problem.archive import digest

HEAD = "gene\tmmol_per_gdw\tsource\n"


def measured_case(tmp_path, text, **keys) -> Case:
    """The toy with a table of abundances: costs of 1 (cheap), 4 (dear) and 2 (slow) g h/mmol in 10 g/gDW."""
    path = tmp_path / "abundances.tsv"
    path.write_text(text)
    options = keys.pop("options", {}) | {"abundances": str(path)}
    return toy_case(tmp_path, options=options, **keys)


def test_a_measured_protein_has_a_cap_and_the_others_have_the_rest(tmp_path):
    """Of `cheap` there are 3 g/gDW, for a growth of 3; the other 7 give 0.4 each by SLOW, with 0.1 product."""
    case = measured_case(tmp_path, f"{HEAD}cheap\t{3 / 3600}\tmine\n", targets={"level": "genes"})
    assert case.respond()["growth_per_h"] == pytest.approx(3 + 0.4 * 7)
    designs = case.design("robustknock", max_interventions=0)
    assert designs.table[0]["value_mmol_per_gdw_h"] == pytest.approx(0.1 * 7)
    assert designs.validate()["verified"].all()
    (row,) = designs.of_layers()["enzymes"].to_dict("records")
    assert tuple(row["used_up"]) == ("cheap",)
    assert row["enzymes_g_per_gdw"] == pytest.approx(10, rel=1e-6)
    # Without `slow` the dear isozyme carries what the cheap one cannot.
    assert case.respond(["-slow"])["growth_per_h"] == pytest.approx(3 + 0.25 * 7)
    assert case.respond(["-cheap"])["growth_per_h"] == pytest.approx(0.4 * 7)
    assert case.respond(["-cheap", "-slow"])["growth_per_h"] == pytest.approx(0.25 * 7)


def test_masses_and_amounts_say_the_same(tmp_path):
    amounts = measured_case(tmp_path, f"{HEAD}cheap\t{3 / 3600}\t\n").problem
    assert digest(measured_case(tmp_path, "gene\tmg_per_gdw\ncheap\t3000\n").problem) == digest(amounts)


def test_shares_and_saturation_are_of_what_was_not_measured(tmp_path):
    """(10 - 3) * 0.5 * 0.8 = 2.8 g/gDW for SLOW."""
    options = {"unmeasured_share": 0.5, "saturation": 0.8}
    case = measured_case(tmp_path, "gene\tmg_per_gdw\ncheap\t3000\n", options=options)
    assert case.respond()["growth_per_h"] == pytest.approx(3 + 0.4 * 2.8)
    assert case.design("robustknock", max_interventions=1).validate()["verified"].all()


def test_caps_that_nothing_reaches_and_a_loose_budget_change_nothing(tmp_path):
    """At most 10 of FAST and SLOW each: 40 g of `dear`, 20 of `slow`."""
    loose = measured_case(tmp_path, "gene\tmg_per_gdw\ncheap\t10000000\nslow\t10000000\n", budget=30000)
    assert digest(loose.problem) == digest(toy_case(tmp_path, with_enzymes=False).problem)


@pytest.mark.parametrize("method", ["tree", "exhaustive", "logic_benders"])
def test_methods_find_the_same_under_caps(tmp_path, method):
    text = f"{HEAD}cheap\t{1 / 3600}\t\ndear\t{2 / 14400}\t\nslow\t{1 / 7200}\t\n"
    case = measured_case(tmp_path, text, targets={"level": "genes"})
    (best, *_) = case.design("robustknock", max_interventions=1, max_designs=1, method=method).table
    # cheap 1, dear 2 / 4, slow 0.4: removing either of the first two changes no product
    assert case.respond()["growth_per_h"] == pytest.approx(1 + 0.5 + 0.4)
    assert best["value_mmol_per_gdw_h"] == pytest.approx(0.1) and best["interventions"] == ()


def test_a_cell_whose_caps_are_too_low_is_told_by_how_much(tmp_path):
    """Growth of 0.1 takes 0.1 g of `cheap`; there are 0.02, and as much of the others as gives 0.02 more."""
    text = f"{HEAD}cheap\t{0.02 / 3600}\t\ndear\t{0.04 / 14400}\t\nslow\t{0.05 / 7200}\t\n"
    case = measured_case(tmp_path, text)
    assert "2 times as much of measured proteins, as of cheap, dear, slow" in case.problem.hindrances[0]


def test_a_pool_that_is_too_small_is_told_beside_caps(tmp_path):
    """A growth of 0.1 by the dear isozyme would take 0.4; by SLOW 0.25, and `cheap` carries 0.02."""
    case = measured_case(tmp_path, f"{HEAD}cheap\t{0.02 / 3600}\t\n", budget=0.1)
    assert "0.2 g/gDW of enzymes that were not measured, and the budget leaves 0.08" in case.problem.hindrances[0]


def test_growth_is_that_of_gecko_s_model(tmp_path):
    """Caps as bounds of draws of proteins, in another model: the wild type and without a gene."""
    measured = {"b0116": 4e-4, "b0727": 2e-4, "b1136": 1e-4, "b3956": 2e-4, "b1779": 1e-3, "b2925": 1e-4}
    path = tmp_path / "abundances.tsv"
    path.write_text("gene\tmg_per_gdw\n" + "".join(f"{name}\t{1000 * mass}\n" for name, mass in measured.items()))
    asked = {"product": "EX_succ_e", "medium": {"EX_glc__D_e": 10}, "min_growth": 0.01, "targets": {"level": "genes"}}
    tables = {"kcats": "e_coli_core_kcats", "masses": "e_coli_core_masses", "abundances": str(path)}
    own = Case(gecko(0.03, measured), **asked)
    layer = Case("cobra:textbook", **asked, layers={"enzymes": {"budget": 0.03 + sum(measured.values())} | tables})
    for changes in ([], ["-b1676"], ["-b0903"]):
        found, wanted = own.respond(changes)["growth_per_h"], layer.respond(changes)["growth_per_h"]
        assert found == pytest.approx(wanted, abs=1e-6)
    # The caps count: each of some is used up.
    (row,) = layer.design("robustknock", max_interventions=0).of_layers()["enzymes"].to_dict("records")
    assert row["used_up"] and set(row["used_up"]) <= measured.keys()
    tree, every = (
        layer.design("robustknock", max_interventions=1, max_designs=3, method=method)
        for method in ("tree", "exhaustive")
    )
    assert [one["interventions"] for one in tree.table] == [one["interventions"] for one in every.table]
    assert tree.validate()["verified"].all()


def test_scenarios_vary_the_pool_and_turnover_numbers_beside_caps(tmp_path):
    """The pool of 7 is 3.5 once, and FAST half as fast another time: 3 + 1.4, and 1.5 + 2.8."""
    named = {"small": {"enzyme_budget": 0.5}, "slow": {"kcat": {"FAST": 0.5}}}
    case = measured_case(tmp_path, "gene\tmg_per_gdw\ncheap\t3000\n", more={"scenarios": {"named": named}})
    growth = [one.max_growth for one in case.problem.followers]
    assert growth == pytest.approx([4.4, 4.3])
    assert case.design("robustknock", max_interventions=1).validate()["verified"].all()


# Tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "gene\tabundance\ncheap\t1\n",
            "one of the columns mmol_per_gdw and mg_per_gdw must be there; its columns are",
        ),
        ("gene\tmmol_per_gdw\tmg_per_gdw\ncheap\t1\t1\n", "must be there, not both"),
        ("protein\tmg_per_gdw\ncheap\t1\n", "no column gene"),
        ("gene\tmg_per_gdw\n", "it has no rows"),
        ("gene\tmg_per_gdw\ncheap\t-1\n", "line 2: mg_per_gdw must be a number above 0, not `-1`"),
        ("gene\tmg_per_gdw\ncheap\t0\n", "line 2: mg_per_gdw must be a number above 0, not `0`"),
        ("gene\tmg_per_gdw\ncheap\t1\ncheap\t2\n", "line 3: cheap has a row already"),
    ],
)
def test_bad_abundances_are_refused_by_line(tmp_path, text, told):
    with pytest.raises(FileError) as caught:
        read_inputs(given_of(tmp_path, GOOD | {"abundances": text}))
    assert told in str(caught.value) and "abundances.tsv" in str(caught.value)


def test_costs_know_no_proteins(tmp_path):
    tables = {"costs": "reaction\tcost_g_h_per_mmol\nFAST\t1\n", "abundances": "gene\tmg_per_gdw\ncheap\t1\n"}
    with pytest.raises(ConfigError, match="`abundances` need `kcats` and `masses`"):
        read_inputs(given_of(tmp_path, tables))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("gene\tmg_per_gdw\ncheep\t1\n", "abundances: no row is of a gene of the model, as in no gene cheep in the mo"),
        (
            "gene\tmg_per_gdw\ncheap\t6000\nslow\t4000\n",
            "the measured proteins weigh 10 g/gDW together, and the",
        ),
    ],
)
def test_abundances_that_do_not_fit_the_case_are_refused(tmp_path, text, told):
    with pytest.raises(ConfigError) as caught:
        measured_case(tmp_path, text).problem  # noqa: B018
    assert told in str(caught.value)


def test_coverage_is_told_by_reaction_and_in_the_log(tmp_path, caplog):
    write_model(tmp_path / "model.json", toy())
    tables = {
        "kcats": "reaction\tkcat_per_s\nFAST\t1\n",
        "masses": "gene\tmw_kda\ncheap\t3600\ndear\t14400\nslow\t7200\n",
        "abundances": "gene\tmg_per_gdw\ncheap\t3\nslow\t2\nother\t9\n",
    }
    with caplog.at_level(logging.INFO):
        rows = table.rows(tmp_path / "model.json", given_of(tmp_path, tables))
    assert {row["reaction"]: row["measured"] for row in rows if row["measured"]} == {
        "FAST": ["cheap=3"],
        "SLOW": ["slow=2"],
    }
    assert "2 of 3 measured proteins are of the model, 0.005 g/gDW together" in caplog.text
    assert "no gene other in the model" in caplog.text


def test_strains_are_limited_by_what_the_tables_say(tmp_path):
    """The strain's model grows as the search says, and knows the protein that it uses up."""
    case = measured_case(tmp_path, f"{HEAD}cheap\t{3 / 3600}\t\n")
    model, _ = case._to_check()
    assert isinstance(model, cobra.Model)
    assert model.slim_optimize() == pytest.approx(5.8)
    model.constraints["cap_of_cheap"].ub *= 2
    assert model.slim_optimize() == pytest.approx(6 + 0.4 * 7)


def test_the_report_tells_how_many_are_measured_and_which_are_used_up(tmp_path):
    case = measured_case(tmp_path, f"{HEAD}cheap\t{3 / 3600}\t\nslow\t{1 / 7200}\t\n")
    designs = case.design("robustknock", max_interventions=0)
    table.TABLE.write(tmp_path / "enzymes.tsv", case.tables["enzymes"])
    designs_table.TABLE.write(tmp_path / "enzymes_designs.tsv", designs.of_layers()["enzymes"].to_dict("records"))
    options = {"budget": 10, "unmeasured_share": 0.5, "saturation": 1}
    told = report.told(tmp_path, options, {})
    page = report.section({"toy": told.content})
    wanted = (
        "2 with a cap of their own, 4 g/gDW together; 2 of them are of the 2 proteins of the cheapest isozymes; 3 g/gDW"
    )
    assert wanted in page and "<td>cheap;slow</td>" in page and "Used up" in page
