"""A model without gene rules, and a product that is no exchange: what there is to say of both."""

import pytest
from pseudo_gene_toy import model_of

from knockflow import Case
from knockflow.model.finding import INFO, WARNING


def told(case: Case, check: str) -> list[tuple[str, str, str]]:
    return [(f.item, f.severity, f.why) for f in case.findings if f.check == check]


@pytest.mark.parametrize("level", ["reactions", "genes"])
@pytest.mark.parametrize(
    ("rules", "lacking"),
    [(("", ""), "the model has no gene rules"), (("gap", "0000"), "no gene rule of the model has a gene that can")],
)
def test_no_gene_link_is_the_reason(level, rules, lacking):
    case = Case(model_of(*rules), "EX_p", targets={"level": level})
    [(item, severity, why)] = told(case, "targets")
    assert (item, severity) == ("model", WARNING)
    assert why.startswith(lacking) and "`targets.include`" in why
    assert ("genes cannot be targets" in why) == (level == "genes")
    found = case.design("robustknock")
    assert found.record["cause"] == "targets" and "`targets.include`" in found.record["reason"]
    assert found.reason == why
    assert why in repr(found) and why in repr(case)


@pytest.mark.parametrize("level", ["reactions", "genes"])
def test_what_include_does(level):
    case = Case(model_of("", ""), "EX_p", targets={"level": level, "include": ["FAST", "WASTE"]})
    assert told(case, "targets")[0][1] == INFO
    found = case.design("robustknock")
    assert found.table[0]["interventions"] == ("-FAST", "-WASTE")
    assert found.reason == "" and found.validate().iloc[0]["verified"]


def test_a_model_with_one_gene_says_nothing():
    assert not told(Case(model_of("b1 or gap", "b2"), "EX_p"), "targets")


def test_a_product_that_is_an_inner_reaction_is_a_finding():
    case = Case(model_of("b1"), "WASTE")
    why = "no exchange: what counts as product is the flux through this reaction"
    item, severity, text = told(case, "product")[0]
    assert (item, severity) == ("WASTE", WARNING) and text.startswith(why)
    assert why in repr(case)
    assert "no exchange" not in repr(Case(model_of("b1"), "EX_p"))
