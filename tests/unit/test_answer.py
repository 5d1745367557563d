"""The answer that a run ends with: never more than is verified, proven and made by genes."""

import pytest
from report_pages import CHANGED, IMPOSSIBLE, LETHAL, PROMISING, SAME, STOPPED, SURE, VOID, gathered, write_case

from knockflow.report import answer as module
from knockflow.report.answer import answer

NAMES = ["guarantee", "promise"]


def lines(tmp_path, answers=None, **change) -> list[str]:
    answers = {"guarantee": [SURE], "promise": [PROMISING, SURE]} if answers is None else answers
    write_case(tmp_path / "toy", answers, **change)
    return answer(gathered(tmp_path, list(answers))).splitlines()


def made(**what) -> dict:
    return {("guarantee", 1): what, ("promise", 2): what}


def test_the_best_guaranteed_design_with_its_numbers_proof_and_genes(tmp_path):
    text = lines(tmp_path, made=made(**SAME))
    assert text[0].startswith("toy: at least 8.123 mmol/gDW/h at growth 0.102 1/h, 6.735 at any growth from 0.05 1/h ")
    assert text[1] == "  -ACALD, -PYK|PYK2"
    assert text[2].startswith(
        "  guarantee, rank 1; verified with COBRApy; by genes: same. Proven (guarantee): no set of"
    )
    assert text[3] == "  genes to delete: b1, b7"
    assert "3 of 3 designs verified; by genes 3 same" in text
    assert text[-1].startswith("Next: open the report; ")
    assert "not proven" not in "\n".join(text)


@pytest.mark.parametrize("what", [LETHAL, IMPOSSIBLE], ids=lambda what: what["by_genes"])
def test_a_design_that_genes_do_not_make_is_not_to_be_built(tmp_path, what):
    text = lines(tmp_path, {"guarantee": [SURE, ("-PYK2", 0.2, 1.5, 2.0, 0.0)]}, made={("guarantee", 1): what})
    assert f"by genes: {what['by_genes']}. Proven" in text[2]
    assert text[3].startswith("  DO NOT BUILD IT: ")
    assert text[4] == (
        "  The best that genes make as it is: -PYK2: 1.500 mmol/gDW/h at growth 0.200 1/h (guarantee, rank 2)"
    )
    assert any("targets: {level: genes}" in line for line in text)


def test_no_design_that_genes_make(tmp_path):
    assert "  No listed design with a guarantee is made by genes as it is." in lines(tmp_path, made=made(**LETHAL))


def test_a_strain_that_differs_says_so(tmp_path):
    text = lines(tmp_path, made=made(**CHANGED))
    assert text[3] == "  genes to delete: b1, b7; the strain differs from the design, see the report"


def test_what_is_not_proven_says_so_with_what_to_do(tmp_path):
    text = lines(tmp_path, more={"guarantee": STOPPED})
    assert "Not proven (guarantee): a better design may exist" in text[2]
    assert "not proven: toy/guarantee" in text
    assert any(line.startswith("Next: raise time_limit_s") for line in text)


def test_a_promise_alone_is_no_answer(tmp_path):
    (first, *_) = lines(tmp_path, {"promise": [PROMISING]})
    assert first == (
        "toy: no verified design guarantees product at maximal growth; "
        "up to 6.968 mmol/gDW/h is possible by -PYK|PYK2, but not sure"
    )


def test_no_design_comes_with_its_reason(tmp_path):
    text = lines(tmp_path, {"guarantee": [], "promise": []}, more={"guarantee": VOID, "promise": VOID})
    assert text[0] == "toy: no design: it grows at most 0.010000 per h"
    assert "no design: toy/guarantee, toy/promise" in text


def test_designs_that_are_not_verified_are_left_out_and_warned_of(tmp_path):
    text = lines(tmp_path, refuted=("guarantee", "promise"))
    assert text[0].startswith("toy: no verified design guarantees product")
    assert "0 of 3 designs verified" in "\n".join(text)
    assert any(line.startswith("Next: do not build on designs that are not verified") for line in text)


def test_many_cases_have_a_line_each(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_IN_FULL", 0)
    text = lines(tmp_path)
    assert text[0] == (
        "toy: at least 8.123 mmol/gDW/h at growth 0.102 1/h: -ACALD, -PYK|PYK2 "
        "(guarantee, rank 1; verified; proven; by genes: same)"
    )
    assert text[1] == ""


def test_a_design_that_holds_at_slow_growth_stands_beside_one_that_does_not(tmp_path):
    fast = ("-PYK2", 0.2, 9.5, 9.5, 0.0)
    text = lines(tmp_path, {"guarantee": [fast, SURE]})
    place = text.index("  Safer if it grows slowly: 6.735 at any growth from 0.05 1/h, 8.123 at growth 0.102 1/h:")
    assert text[place + 1] == "    -ACALD, -PYK|PYK2 (guarantee, rank 2; by genes: same)"
    assert "Safer" not in "\n".join(lines(tmp_path / "one", {"guarantee": [SURE]}))


def test_every_gene_to_delete_is_named(tmp_path):
    many = {"by_genes": "same", "genes": ";".join(f"b{number:04}" for number in range(40))}
    text = lines(tmp_path, {"guarantee": [SURE]}, made={("guarantee", 1): SAME | many})
    whole = " ".join("\n".join(text).split())
    assert all(f"b{number:04}" in whole for number in range(40))
    assert max(map(len, text[3:8])) <= module.WIDTH


@pytest.mark.parametrize("what", [LETHAL, IMPOSSIBLE], ids=lambda what: what["by_genes"])
def test_a_run_that_makes_nothing_by_genes_names_the_ranks_and_no_bench_list(tmp_path, what):
    text = lines(tmp_path, {"guarantee": [SURE]}, made={("guarantee", 1): what})
    assert f"{what['by_genes']} by genes: toy/guarantee rank 1; see the report" in text
    assert text[-1] == "Next: open the report, which has the reasons."
    assert any("targets: {realizable: true}" in line for line in text)
