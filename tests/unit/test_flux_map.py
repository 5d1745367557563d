"""Fluxes in the page: the map of central metabolism, and what changes most."""

import xml.etree.ElementTree as ElementTree

from report_pages import SURE, Outline, page_of

from knockflow.report.central_metabolism import LEAST_LINES, LINES, METABOLITES
from knockflow.report.flux_map import Strain, changed_most, flux_map, has_map, net

ALL = {name for line in LINES for name in line.reactions}
SVG = "{http://www.w3.org/2000/svg}"


def drawn(strain: Strain, reactions=frozenset(ALL)) -> ElementTree.Element:
    return ElementTree.fromstring(flux_map("map", "a strain", strain, reactions, 10.0))


def of_class(chart: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [part for part in chart.iter() if kind in part.get("class", "").split()]


def test_every_line_leads_between_metabolites_of_the_map():
    assert {end for line in LINES for end in line[:2]} == METABOLITES.keys()
    assert all(0 < x < 460 and 0 < y < 830 for _, (x, y) in METABOLITES.values())


def test_reactions_that_do_the_same_add_up_with_their_signs():
    line = next(line for line in LINES if "PFK" in line.reactions)
    assert net(line, {"PFK": 9.0, "FBP": 1.5}) == 7.5
    glucose = next(line for line in LINES if line.start == "pep" and line.end == "pyr")
    assert net(glucose, {"PYK": 3.0, "GLCpts": 10.0, "PPS": 1.0}) == 12.0


def test_a_line_is_as_wide_as_its_flux_and_turns_round_with_it():
    def ends(flux: float) -> list[float]:
        (arrow,) = of_class(drawn(Strain("s", {"PGI": flux})), "flux")
        return [float(point.split(",")[1]) for point in arrow.get("points").split()]

    forward, backward, small = ends(10.0), ends(-10.0), ends(1.0)
    assert max(forward) == forward[3] and min(backward) == backward[3]

    def width(flux: float) -> float:
        (arrow,) = of_class(drawn(Strain("s", {"PGI": flux})), "flux")
        points = [float(point.split(",")[0]) for point in arrow.get("points").split()]
        return abs(points[0] - points[-1])

    assert width(10.0) > 4 * width(0.5) and len(small) == 7


def test_what_is_closed_is_crossed_out_only_if_nothing_else_does_it():
    assert len(of_class(drawn(Strain("s", {}, {"PFL"})), "cross")) == 2
    assert len(of_class(drawn(Strain("s", {}, {"PFK"})), "cross")) == 0
    assert len(of_class(drawn(Strain("s", {}, {"PFK"}), ALL - {"PFKh", "FBP"}), "cross")) == 2


def test_all_numbers_are_told_in_words():
    words = drawn(Strain("s", {"LDH_D": -4.25})).find(f"{SVG}desc").text
    assert "pyruvate to lactate 4.250" in words


def test_a_model_of_something_else_has_no_map():
    enough = [name for line in LINES[:LEAST_LINES] for name in line.reactions]
    lines = [line for line in LINES if set(line.reactions) & set(enough)]
    assert len(lines) >= LEAST_LINES and has_map(enough)
    assert not has_map([name for line in LINES[: LEAST_LINES // 2] for name in line.reactions])


def test_the_largest_changes_come_first_and_what_stays_is_left_out():
    wild, design = Strain("wild", {"A": 1.0, "B": 5.0, "C": 2.0}), Strain("d", {"A": 1.0, "B": 1.0, "D": 9.0})
    assert changed_most([wild, design], 2) == [("D", [0.0, 9.0]), ("B", [5.0, 1.0])]
    assert [name for name, _ in changed_most([wild, design], 9)] == ["D", "B", "C"]


def test_the_page_has_the_fluxes_of_each_best_design_beside_the_wild_type(tmp_path):
    text = Outline(page_of(tmp_path, answers={"guarantee": [SURE]})).text
    assert "The 2 reactions whose fluxes change most" in text
    assert "5.0004.000" in text.replace(" ", "")
