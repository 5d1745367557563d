"""What can go wrong: what no layer of a run models, what the best design's numbers warn of, and what is certified."""

from dataclasses import replace

import pytest
from report_pages import PROMISING, SURE, TEMPLATE, gathered, rendered, write_case, write_certificates

from knockflow.base.errors import FileError
from knockflow.layers.registry import layers
from knockflow.report.page import render
from knockflow.report.risks import not_modelled, risks

ANSWERS = {"guarantee": [SURE]}


def test_what_no_layer_models_is_said_once_and_of_all_cases(tmp_path):
    write_case(tmp_path / "toy", ANSWERS)
    said = not_modelled(gathered(tmp_path, ["guarantee"]))
    assert [sentence for sentence, _ in said] == [one.without for one in layers().values() if one.without]
    assert all(sentence.endswith(".") and not cases for sentence, cases in said)


def test_what_some_cases_model_is_said_of_the_others(tmp_path):
    write_case(tmp_path / "toy", ANSWERS)
    content = gathered(tmp_path, ["guarantee"])
    (case,) = content.cases
    other = replace(case, name="other", options=case.options | {"layers": {"thermodynamics": "directions"}})
    energies = layers()["thermodynamics"].without
    both = replace(content, cases=[case, other])
    assert dict(not_modelled(both))[energies] == ["toy"]
    assert f"<li>toy: {energies}</li>" in render(TEMPLATE, replace(both, cases=[case, replace(other, name="b")]))


def test_slow_growth_is_told_with_its_share_of_the_wild_type(tmp_path):
    write_case(tmp_path / "toy", ANSWERS)
    (case,) = gathered(tmp_path, ["guarantee"]).cases
    (said,) = risks(case)
    assert "0.102 1/h, 48% of the wild type" in said


def test_a_guarantee_that_needs_the_fastest_growth_is_told(tmp_path):
    only_fast = (SURE[0], 0.2, *SURE[2:4], 0.0)
    write_case(tmp_path / "toy", {"guarantee": [only_fast]})
    (case,) = gathered(tmp_path, ["guarantee"]).cases
    (said,) = risks(case)
    assert said.endswith("a starved cell may make none.")


def test_without_a_design_that_guarantees_there_is_nothing_to_warn_of(tmp_path):
    write_case(tmp_path / "toy", {"promise": [PROMISING]})
    (case,) = gathered(tmp_path, ["promise"]).cases
    assert risks(case) == []


@pytest.mark.parametrize(
    ("none", "told"),
    [("", "certificates</a> (1 design proven)"), ("not proven: its layers are none", "its layers are none")],
)
def test_each_list_says_what_is_certified(tmp_path, none, told):
    write_case(tmp_path / "toy", ANSWERS)
    write_certificates(tmp_path / "toy", ANSWERS, none)
    page = rendered(tmp_path, ["guarantee"])
    assert told in page and "What can go wrong" in page


def test_a_certificate_that_is_not_whole_is_named(tmp_path):
    write_case(tmp_path / "toy", ANSWERS)
    (tmp_path / "toy/certificates/guarantee.json").write_text("{}")
    with pytest.raises(FileError, match="certificates/guarantee.json: not a certificate"):
        gathered(tmp_path, ["guarantee"])
