"""The example of scenarios, from end to end: the documented numbers, fresh scenarios, a front, the mean of a sample."""

import pytest
import yaml
from workspace import ROOT, Workspace

from knockflow.base.files import read_json, read_table
from knockflow.base.tables import DESIGNS, FRONT, VALIDATION

pytestmark = [pytest.mark.workflow, pytest.mark.long]

PAGE = (ROOT / "docs/scenarios.md").read_text()
NOMINAL, ROBUST = "-ACALD;-D_LACt2|LDH_D;-THD2", "-ACALD;-CYTBD;-PYK"
SIX = ("nominal", "maintenance", "leak_1", "leak_2", "more_atp", "less_atp")


def documented(name: str) -> list[str]:
    return PAGE.split(f"<!-- {name}: start -->\n")[1].split(f"<!-- {name}: end -->")[0].splitlines()[2:]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    config = yaml.safe_load((ROOT / "config/examples/scenarios.yaml").read_text())
    space = Workspace.make(tmp_path_factory.mktemp("scenarios"), config)
    done = space.run()
    assert done.returncode == 0, done.stdout
    return space


def by_scenario(space, case: str, interventions: str) -> dict[str, dict[str, str]]:
    rows = read_table(space.results / case / "scenarios_designs.tsv", ["scenario"])
    return {
        row["scenario"]: row
        for row in rows
        if (row["formulation"], row["interventions"]) == ("robustknock", interventions)
    }


def told(row: dict[str, str]) -> str:
    text = row["product_min_mmol_per_gdw_h"]
    return f"{float(text):.4f}" if text else "no growth"


def test_the_documented_designs_are_those_of_the_example(finished):
    best = {}
    for case in ("nominal", "robust"):
        best[case] = DESIGNS.read(finished.results / case / "robustknock/designs.tsv")[0]
    assert [best[case]["interventions"] for case in best] == [NOMINAL, ROBUST]
    lines = []
    for names, design in (("ACALD, LDH_D, THD2", NOMINAL), ("ACALD, CYTBD, PYK", ROBUST)):
        found = by_scenario(finished, "robust", design)
        cells = [told(found[name]) for name in SIX]
        least = "no growth" if "no growth" in cells else min(cells)
        lines.append(f"| {{{names}}} | {' | '.join([*cells, least])} |")
    assert lines == documented("designs")
    assert float(best["robust"]["value_mmol_per_gdw_h"]) == pytest.approx(8.9494, abs=1e-4)


def test_all_designs_are_proven_and_verified(finished):
    for case in ("nominal", "robust", "sampled"):
        rows = VALIDATION.read(finished.results / case / "validation.tsv")
        assert rows and {row["verified"] for row in rows} == {"true"}
        assert read_json(finished.results / case / "robustknock/record.json")["proven"] is True


def test_robust_designs_hold_in_fresh_scenarios_and_the_nominal_one_has_no_guarantee(finished):
    robust, nominal = (by_scenario(finished, "robust", design) for design in (ROBUST, NOMINAL))
    assert sum(row["fresh"] == "true" for row in robust.values()) == 20
    assert robust["less_atp"]["worst"] == "true" and float(robust["less_atp"]["holding_share"]) == 1
    assert nominal["maintenance"]["worst"] == "true" and nominal["maintenance"]["recommended_by"] == "plain"
    assert not any(row["holding_share"] for row in nominal.values())


def test_the_documented_front_holds_in_the_worst_scenario(finished):
    lines = []
    for row in FRONT.read(finished.results / "robust/front" / FRONT.file):
        assert (row["proven"], row["verified"]) == ("true", "true")
        names = ", ".join(f"`{name}`" for name in row["interventions"].split(";") if name).replace("|", r"\|") or "none"
        lines.append(f"| {names} | {float(row['cost']):g} | {row['value_mmol_per_gdw_h']} | {row['growth_per_h']} |")
    assert lines == documented("front")


def test_the_sample_is_judged_by_its_mean(finished):
    row = DESIGNS.read(finished.results / "sampled/robustknock/designs.tsv")[0]
    found = by_scenario(finished, "sampled", row["interventions"]).values()
    products = [float(one["product_min_mmol_per_gdw_h"]) for one in found if one["fresh"] == "false"]
    assert len(products) == 11 and sum(products) / 11 == pytest.approx(float(row["value_mmol_per_gdw_h"]), abs=1e-5)
    assert row["interventions"] == ROBUST and f"{float(row['value_mmol_per_gdw_h']):.4f}" == "9.2819"
    page = (finished.results / "report.html").read_text()
    assert "the mean of 11 scenarios counts" in page and "the worst of 6 scenarios counts" in page
    assert "Designs of robust in its scenarios" in page and "Designs of sampled in its scenarios" in page
