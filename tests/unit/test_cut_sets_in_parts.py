"""Minimal cut sets by several jobs or processes, and by searches that are stopped: always the same list."""

import json
import re
from contextlib import suppress

import pytest
from stops import Killed, Killing, Stopping, always_due

from knockflow.base.errors import FileError
from knockflow.base.processes import can_fork
from knockflow.designs.checkpoint import Checkpoint, identity
from knockflow.settings.options import formulation_options
from knockflow.stages.design import find_designs
from knockflow.stages.design_parts import part, seeds

GROWTH, PRODUCT = "Biomass_Ecoli_core >= 0.05", "EX_succ_e <= 0.01"
ASKED = {
    "lethal": {"suppress": [GROWTH], "max_interventions": 3, "max_designs": "all"},
    "some lethal": {"suppress": [GROWTH], "max_interventions": 3, "max_designs": 20},
    "coupled": {"suppress": [GROWTH, PRODUCT], "protect": [GROWTH], "max_interventions": 3, "max_designs": "all"},
    "two regions": {"suppress": [[GROWTH, PRODUCT], ["EX_for_e >= 15"]], "max_interventions": 2, "max_designs": "all"},
}
LEVELS = pytest.mark.parametrize("level", ["reactions", "genes"])


@pytest.fixture(scope="module")
def problems(core_case, core_case_of_genes):
    return {"reactions": core_case.problem, "genes": core_case_of_genes.problem}


def options(name: str, **more) -> dict:
    return formulation_options({"kind": "mcs", "time_limit_s": None} | ASKED[name] | more)


def told(found) -> tuple:
    """All but what may differ: the time, the nodes, and how often the search went on."""
    changing = ("seconds", "seconds_total", "nodes", "resumed", "options")
    return found.rows, {key: value for key, value in found.record.items() if key not in changing}


def through_json(content: dict) -> dict:
    return json.loads(json.dumps(content))


@pytest.mark.full
@LEVELS
@pytest.mark.parametrize("name", ASKED)
def test_every_way_finds_the_same(problems, level, name, tmp_path):
    problem, asked = problems[level], options(name)
    whole = find_designs(problem, asked)
    assert whole.record["proven"] and len(whole.rows) > 3
    begin = through_json(seeds(problem, asked))
    parts = [through_json(part(problem, asked, begin, number, 3)) for number in range(3)]
    assert told(find_designs(problem, asked, parts=[begin, *parts])) == told(whole)
    if can_fork():
        assert told(find_designs(problem, options(name, threads=2))) == told(whole)
    assert told(stopped_and_killed(problem, asked, tmp_path / "checkpoint.json")) == told(whole)


def stopped_and_killed(problem, asked, path):
    """What a search finds that is stopped, then killed, then goes on with as many processes as there are."""
    own = identity(problem, asked, "")
    with pytest.MonkeyPatch.context() as patch, always_due():
        patch.setattr("knockflow.stages.cut_sets.Watch", lambda limit: Stopping(12))
        early = find_designs(problem, asked, checkpoint=Checkpoint(path, own))
        assert early.record["status"] in ("feasible", "error")
        patch.undo()
    with suppress(Killed), always_due():
        find_designs(problem, asked, checkpoint=Killing(path, own, 15))
    found = find_designs(problem, asked, checkpoint=Checkpoint(path, own))
    assert found.record["resumed"] == 2
    return found


def test_the_log_says_from_where_it_goes_on(problems, tmp_path, caplog):
    caplog.set_level("INFO", "knockflow.search")
    problem, asked = problems["reactions"], options("lethal")
    stopped_and_killed(problem, asked, tmp_path / "checkpoint.json")
    where = r"\d+ cut sets, level \d, \d+ open nodes, \d+ nodes and \d+\.\d s before"
    assert len(re.findall(f"continues from a checkpoint: {where}", caplog.text)) == 2


def test_each_part_goes_on_from_its_own_checkpoint(problems, tmp_path):
    problem, asked = problems["genes"], options("lethal")
    begin = through_json(seeds(problem, asked))
    own = identity(problem, asked, "", [1])
    with always_due(), suppress(Killed):
        part(problem, asked, begin, 1, 2, Killing(tmp_path / "1.json", own, 5))
    again = part(problem, asked, begin, 1, 2, Checkpoint(tmp_path / "1.json", own))
    whole = part(problem, asked, begin, 1, 2)
    assert (again["resumed"], again["stopped"]) == (1, "")
    assert sorted(again["designs"]) == sorted(whole["designs"])


def test_a_part_that_was_stopped_leaves_a_list_of_minimal_sets(problems):
    problem, asked = problems["reactions"], options("lethal")
    begin = seeds(problem, asked)
    late = part(problem, asked | {"time_limit_s": 0}, begin, 0, 1)
    assert late["stopped"] == "time limit of 0 s"
    found, whole = find_designs(problem, asked, parts=[begin, late]), find_designs(problem, asked)
    assert (found.record["status"], found.record["reason"]) == ("feasible", "time limit of 0 s")
    names = [{row["interventions"] for row in one.rows} for one in (found, whole)]
    assert names[0] < names[1]


def test_seeds_and_parts_of_another_problem_are_refused(problems):
    asked = options("lethal", max_interventions=1)
    begin = seeds(problems["genes"], asked)
    with pytest.raises(FileError, match="seeds belongs to another problem"):
        part(problems["reactions"], asked, begin, 0, 2)
    with pytest.raises(FileError, match="part belongs to another problem"):
        find_designs(problems["reactions"], asked, parts=[begin])
