"""A search in parts: processes on one machine, or jobs that know each other only through JSON."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import random_networks
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from networks import BRANCHED, problem_of
from searches import run

from knockflow.base.clock import Watch
from knockflow.base.errors import FileError, SolverError
from knockflow.base.processes import run_pieces
from knockflow.designs.gather import best_designs, gathered
from knockflow.designs.ranking import BestDesigns
from knockflow.formulations.registry import rated
from knockflow.methods.tree.traversal import Traversal
from knockflow.stages.design import find_designs
from knockflow.stages.design_parts import part, seeds

RELAXED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
NAMES = ("FAST", "SLOW", "WASTE")


def options(kind="robustknock", most=3, places=3, budget=None, limit=60):
    return {
        "kind": kind,
        "max_interventions": most,
        "max_designs": places,
        "max_cost": budget,
        "time_limit_s": limit,
    }


def keys(best: BestDesigns) -> list:
    return [entry.names for entry in best.ranked]


def through_json(content: dict) -> dict:
    return json.loads(json.dumps(content))


def in_parts(problem, asked, count: int):
    begin = through_json(seeds(problem, asked))
    parts = [through_json(part(problem, asked, begin, number, count)) for number in range(count)]
    best = best_designs(problem, asked)
    return best, gathered(best, problem, begin, parts)


@pytest.mark.full
@settings(max_examples=examples(54), **RELAXED)
@given(
    random_networks.networks(),
    st.sampled_from(sorted(rated())),
    st.integers(1, 4),
    st.sampled_from([1, 3, "all"]),
    st.integers(1, 5),
)
def test_the_gathered_list_is_that_of_exhaustive_enumeration(network, kind, most, places, count):
    problem = random_networks.problem_of(network)
    assume(problem.viable and len(problem.growing().targets))
    asked = options(kind, most, places)
    whole = best_designs(problem, asked)
    run("exhaustive", whole, Watch())
    best, result = in_parts(problem, asked, count)
    assert result.complete
    assert keys(best) == keys(whole)


@settings(max_examples=examples(27), **RELAXED)
@given(
    random_networks.networks(),
    st.sampled_from(["optknock", "robustknock", "strong_coupling", "pfba_pessimistic"]),
    st.sampled_from([0.0, 0.5]),
)
def test_pieces_branch_alike_at_the_root_whatever_they_have_found(network, kind, share):
    problem = random_networks.problem_of(network)
    assume(problem.viable and len(problem.growing().targets))
    roots = []
    for found in (False, True):
        best = best_designs(problem, options(kind, 3, 1))
        goal = best.wild_type.value + share * (best.potential - best.wild_type.value)
        if found:
            run("exhaustive", best, Watch())
        roots.append([(node.design, node.forbidden) for node in Traversal(best, Watch(), goal)._root(alike=True)])
    assert roots[0] == roots[1]


def test_seeds_and_parts_of_another_problem_are_refused():
    problem, other = problem_of(BRANCHED, NAMES), problem_of(BRANCHED, NAMES, min_growth=0.2)
    begin = seeds(problem, options())
    with pytest.raises(FileError, match="seeds belongs to another problem"):
        part(other, options(), begin, 0, 1)
    found = part(problem, options(), begin, 0, 1)
    with pytest.raises(FileError, match="part belongs to another problem"):
        gathered(best_designs(other, options()), other, seeds(other, options()), [found])


def test_a_part_that_was_stopped_leaves_the_list_unproven():
    problem = problem_of(BRANCHED, NAMES)
    begin = seeds(problem, options())
    whole, stopped = (part(problem, options(limit=limit), begin, number, 2) for number, limit in ((0, 60), (1, 0)))
    assert stopped["stopped"] == "time limit of 0 s"
    best = best_designs(problem, options())
    result = gathered(best, problem, begin, [whole, stopped])
    assert not result.complete
    assert result.bound >= best.ranked[0].value
    defaults = {"method": "tree", "seed": 1, "threads": 1, "confirm": None, "big_m": {"policy": "instance"}}
    found = find_designs(problem, options() | defaults, parts=[begin, whole, stopped])
    assert (found.record["status"], found.record["reason"]) == ("feasible", "time limit of 0 s")


def test_a_case_that_cannot_grow_has_empty_parts():
    problem = problem_of(BRANCHED, NAMES, min_growth=100)
    begin = seeds(problem, options())
    assert begin["designs"] == [] and part(problem, options(), begin, 0, 2)["designs"] == []


@pytest.mark.parametrize("kind", ["optknock", "robustknock", "strong_coupling"])
def test_two_processes_find_what_one_does(kind):
    table = BRANCHED | {"FAST": ({"s": -1, "x": 1}, 0, 6), "FAST2": ({"s": -1, "x": 1}, 0, 6)}
    problem = problem_of(table, ("FAST", "FAST2", "SLOW", "WASTE"))
    lists = []
    for workers in (1, 2, 3):
        best = best_designs(problem, options(kind))
        with Watch(60) as watch:
            assert run("tree", best, watch, threads=workers).complete
        lists.append(keys(best))
    assert lists[0] and lists[0] == lists[1] == lists[2]


def test_pieces_come_back_in_order_with_their_nodes():
    def work(number, own, tell):
        own.tick(None, None)
        return number * 10

    with Watch(10) as watch:
        assert run_pieces(work, 3, watch) == [0, 10, 20]
        assert watch.nodes == 3


def test_what_a_piece_tells_is_heeded_while_it_runs():
    told = []

    def work(number, own, tell):
        for step in range(3):
            own.tick(None, None)
            tell(step)
        own.tick(None, None)
        return number

    def heed(number, content):
        told.append((number, content, watch.nodes))

    with Watch(10) as watch:
        assert run_pieces(work, 2, watch, heed) == [0, 1]
    assert [content for number, content, _ in told if number == 1] == [0, 1, 2]
    assert [nodes for _, _, nodes in told] == sorted(nodes for _, _, nodes in told)
    assert (told[0][2], watch.nodes) == (1, 8)


def test_a_process_that_dies_ends_the_others_at_once():
    def work(number, own, tell):
        if number == 0:
            time.sleep(60)
        os._exit(3)

    start = time.monotonic()
    with Watch(60) as watch, pytest.raises(SolverError, match="exit code 3"):
        run_pieces(work, 2, watch)
    assert time.monotonic() - start < 30


def test_a_process_that_dies_is_an_error():
    with Watch(10) as watch, pytest.raises(SolverError, match="without a result"):
        run_pieces(lambda number, own, tell: os._exit(3), 2, watch)


def test_a_piece_ends_at_the_same_time_as_the_whole():
    def work(number, own, tell):
        while not own.stop():
            time.sleep(0.01)
        return own.stopped

    with Watch(0.3) as watch:
        results = run_pieces(work, 2, watch)
    assert all(result.startswith("time limit") for result in results)


WAITING = """
import time
from knockflow.base.processes import run_pieces
from knockflow.base.clock import Watch

def work(number, own, tell):
    print("begun\\n", end="", flush=True)
    while not own.stop():
        time.sleep(0.01)
    return own.stopped

with Watch(60) as watch:
    print(run_pieces(work, 2, watch), flush=True)
"""


TELLING = """
import os, time
from knockflow.base.processes import run_pieces
from knockflow.base.clock import Watch

def work(number, own, tell):
    print(f"{os.getpid()}\\n", end="", flush=True)
    while True:
        time.sleep(0.05)
        tell(number)

with Watch(60) as watch:
    run_pieces(work, 2, watch, lambda number, told: None)
"""


def runs(number: int) -> bool:
    """Whether a process is there, and not only what is left of one that has ended."""
    state = Path(f"/proc/{number}/stat")
    try:
        return state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes cannot be looked at here")
def test_pieces_end_when_nobody_is_left_to_hear_them():
    process = subprocess.Popen([sys.executable, "-c", TELLING], stdout=subprocess.PIPE, text=True)
    try:
        pieces = [int(process.stdout.readline()) for _ in range(2)]
    finally:
        process.kill()
        process.wait()
    deadline = time.monotonic() + 30
    while any(map(runs, pieces)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(runs, pieces))


def test_sigterm_reaches_the_pieces():
    process = subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "begun\n"
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30)[0] == "['SIGTERM', 'SIGTERM']\n"
    assert process.returncode == 0


def test_knowledge_of_a_higher_goal_is_not_used():
    problem = problem_of(BRANCHED, NAMES)
    asked = options("robustknock", 3, 1)
    begin = seeds(problem, asked)
    assert begin["knowledge"] is not None
    begin["knowledge"] = begin["knowledge"] | {"goal": 1e9, "no_goods": [["FAST"], ["SLOW"], ["WASTE"]]}
    best = best_designs(problem, asked)
    found = gathered(best, problem, begin, [part(problem, asked, begin | {"designs": []}, 0, 1)])
    assert found.complete and keys(best) == [("-FAST", "-WASTE")]
