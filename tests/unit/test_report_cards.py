"""Cards: each design told once and whole, whatever lists it, and linked from wherever it is named."""

import re
from html import unescape

import pytest
from report_pages import CHANGED, PROMISING, STOPPED, SURE, Outline, gathered, page_of, write_case, write_certificates

from knockflow.base.tables import FLUXES, PREDICTIONS
from knockflow.report.cards import FIRST_CARDS, PRINTED_CARDS, cards, opened

ANSWERS = {"guarantee": [SURE], "promise": [PROMISING, SURE]}


def case_of(results, answers=ANSWERS, **more):
    write_case(results / "toy", answers, **more)
    (case,) = gathered(results, list(answers)).cases
    return case


def bodies(page: str) -> list[str]:
    """The text of each card, its summary first."""
    return [
        Outline(found).text.strip()
        for found in re.findall(r'<details class="card.*?</div>\n</details>', page, re.DOTALL)
    ]


def test_a_design_of_two_lists_has_one_card_and_the_best_guarantee_stands_open(tmp_path):
    case = case_of(tmp_path)
    found = cards(case)
    listed = [[(answer.name, design.row["rank"]) for answer, design in card.listed] for card in found]
    assert listed == [[("guarantee", "1"), ("promise", "2")], [("promise", "1")]]
    assert opened(case, found) == found[0].key == "card-toy-1"


def test_a_card_tells_numbers_coupling_certificate_and_what_goes_with_it(tmp_path):
    told, _ = map(unescape, bodies(page_of(tmp_path, answers=ANSWERS)))
    for words in (
        "guaranteed 8.123, promised 9.102, grows 0.102 1/h",
        "guarantee, rank 1 (proven optimal); promise, rank 2 (proven optimal)",
        "8.123457 mmol/gDW/h at maximal growth, 6.735175 at any growth from 0.05 1/h up",
        "0.101863 1/h, 48% of the wild type's",
        "weak: every state of maximal growth makes the product",
        "proven by plain arithmetic (guarantee.json, promise.json)",
        "dehydrogenase: pyr_c <=> succ_e",
        "also silent: EX_succ_e",
        "stays as it is: inert",
    ):
        assert words in told, words


def test_the_largest_changes_of_flux_are_those_of_the_table(tmp_path):
    case = case_of(tmp_path)
    by_strain = {
        (row["interventions"], row["reaction"]): float(row["flux_mmol_per_gdw_h"])
        for row in FLUXES.read(tmp_path / "toy/fluxes.tsv")
    }
    for card in cards(case):
        words = card.design.row["interventions"]
        assert card.fluxes != []
        for reaction, _, wild, strain in card.fluxes:
            assert (wild, strain) == (by_strain.get(("", reaction), 0.0), by_strain.get((words, reaction), 0.0))


def test_what_is_not_proven_or_known_is_not_claimed(tmp_path):
    write_case(
        tmp_path / "toy", ANSWERS, more={"promise": STOPPED}, made={("promise", 1): CHANGED}, refuted=("guarantee",)
    )
    write_certificates(tmp_path / "toy", ANSWERS, "not proven: its layers are none")
    PREDICTIONS.write(tmp_path / "toy" / "predictions.tsv", [])
    FLUXES.write(tmp_path / "toy" / "fluxes.tsv", [])
    (case,) = gathered(tmp_path, list(ANSWERS)).cases
    sure, promising = cards(case)
    assert not sure.verified and promising.verified
    assert (sure.certified, sure.uncertified) == ([], ["not proven: its layers are none"])
    assert sure.fluxes == sure.adapting == [] and all(change.without is None for change in sure.changes)
    assert promising.design.also_closed == ["TKT1", "TKT2"]


def test_every_rank_links_to_its_card_and_every_link_leads_somewhere(tmp_path):
    page = page_of(tmp_path, answers=ANSWERS)
    cells = re.findall(r'<td data-label="Rank" class="num"><a href="#(.*?)">(\d)</a></td>', page)
    assert cells == [("card-toy-1", "1"), ("card-toy-2", "1"), ("card-toy-1", "2")]
    assert {"card-toy-1", "card-toy-2"} <= set(Outline(page).ids())
    assert '<a href="#card-toy-1">the best design</a>' in page


@pytest.mark.parametrize("count", [FIRST_CARDS, FIRST_CARDS + 1, PRINTED_CARDS + 10])
def test_long_lists_of_cards_are_folded_and_the_longest_not_printed(tmp_path, count):
    designs = [(f"-R{rank:02d}", 0.1, 9 - rank / 100, 9.5, 1.0) for rank in range(count)]
    page = page_of(tmp_path, answers={"guarantee": designs})
    assert len(bodies(page)) == count
    assert ('class="more-cards"' in page) == (count > FIRST_CARDS)
    text = Outline(page).text
    assert ("10 more are on the screen only" in text) == (count > PRINTED_CARDS)


def test_the_wild_type_has_no_card(tmp_path):
    case = case_of(tmp_path, {"promise": [("", 0.211663, 0.0, 0.0, 0.0)]})
    assert cards(case) == [] and opened(case, []) == ""
