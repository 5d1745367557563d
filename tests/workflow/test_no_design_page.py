"""The cases of docs/diagnosis.md have the diagnosis that the page shows."""

import json
import re

import pytest
import yaml
from workspace import ROOT, Workspace

PAGE = (ROOT / "docs/diagnosis.md").read_text(encoding="utf-8")
CONFIG = yaml.safe_load(re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1])
SHOWN = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def like(found, shown) -> None:
    """That what was found is what is shown, to the digits of another machine."""
    if isinstance(shown, dict):
        assert set(shown) <= set(found)
        for key, value in shown.items():
            like(found[key], value)
    elif isinstance(shown, list) and shown and not isinstance(shown[0], str):
        assert len(found) == len(shown)
        for one, other in zip(found, shown, strict=True):
            like(one, other)
    elif isinstance(shown, float):
        assert found == pytest.approx(shown, rel=1e-4, abs=1e-4)
    else:
        assert found == shown


def test_the_page_shows_every_case_and_a_kind_each():
    assert [one["case"] for one in SHOWN] == list(CONFIG["cases"])
    assert {one["kind"] for one in SHOWN} == {"growth", "conflict", "product", "targets", "budget", "uncoupled"}


@pytest.mark.long
@pytest.mark.workflow
@pytest.mark.parametrize("pair", list(zip(SHOWN[::2], SHOWN[1::2], strict=True)), ids=lambda pair: pair[0]["case"])
def test_the_cases_of_the_page_have_the_diagnosis_that_it_shows(tmp_path, pair):
    """Two cases to a run, so that each ends in time where other work is under way."""
    cases = {one["case"]: CONFIG["cases"][one["case"]] for one in pair}
    asked = {name: CONFIG["formulations"][name] for case in cases.values() for name in case["formulations"]}
    space = Workspace.make(tmp_path, {"cases": cases, "formulations": asked})
    done = space.run("--until", "report")
    assert done.returncode == 0, done.stdout
    found = {one["case"]: one for one in json.loads((space.results / "diagnosis.json").read_text())["diagnoses"]}
    assert set(found) == set(cases)
    report = (space.results / "report.html").read_text()
    for shown in pair:
        # One of several optimal states is another elsewhere; that it is one is what the unit tests ask.
        like(found[shown["case"]], {key: value for key, value in shown.items() if key != "state"})
        assert shown["said"].split(":")[0].split(";")[0] in report
