"""The pool of conflict sets: shared through a file, proven again when read, and the same in columns of a problem."""

import json
import logging
from concurrent.futures import ProcessPoolExecutor
from random import Random

import numpy as np
import pytest
from scipy.sparse import csr_array

from knockflow.follower.conflict_pool import ConflictPool, keep_conflicts, shared_pool
from knockflow.numerics.driving_forces import DrivingForces

A_TO_B, B_TO_C, C_TO_A = [-1, 1, 0], [0, -1, 1], [1, 0, -1]


def cycle(mean=(3.0, -1.0, -2.0)) -> DrivingForces:
    """A -> B -> C -> A."""
    coefficients = csr_array(np.array([A_TO_B, B_TO_C, C_TO_A], float))
    none = csr_array((0, 3))
    ends = np.full(3, -9.0), np.full(3, 9.0)
    return DrivingForces(("AB", "BC", "CA"), np.array(mean), coefficients, *ends, none, np.empty(0), np.empty(0), 1e-3)


def test_a_set_is_found_once_and_a_point_settles_what_can_be_met():
    pool = ConflictPool(cycle())
    assert pool.conflict([0, 2, 4]) == (0, 2, 4) and pool.written((0, 2, 4)) == ["+AB", "+BC", "+CA"]
    assert pool.conflict([0, 2, 4]) == (0, 2, 4) and pool.sets == [(0, 2, 4)]
    assert pool.conflict([0, 2, 5]) is None
    assert pool.met[-1][[0, 2, 5]].all()


def test_pools_of_one_process_with_equal_energies_are_one():
    assert shared_pool(cycle()) is shared_pool(cycle())
    assert shared_pool(cycle()) is not shared_pool(cycle((3.0, -1.0, -2.5)))


def test_sets_reach_others_through_a_file(tmp_path):
    path = tmp_path / "made" / "conflicts.jsonl"
    first, second = ConflictPool(cycle()), ConflictPool(cycle())
    first.share(path)
    second.share(path)
    first.conflict([0, 2, 4])
    second.refresh()
    assert second.sets == [(0, 2, 4)] and second.tests == 0
    second.conflict([1, 3, 5])
    first.refresh()
    assert first.sets == [(0, 2, 4), (1, 3, 5)]
    assert len(path.read_text().splitlines()) == 2
    later = ConflictPool(cycle())
    later.share(path)
    assert later.sets == first.sets


PAIRS = 40


def copies() -> DrivingForces:
    """PAIRS times A -> B, each with a copy: one forward and the other backward is a conflict."""
    rows = np.zeros((2 * PAIRS, 2 * PAIRS))
    for pair in range(PAIRS):
        rows[2 * pair : 2 * pair + 2, 2 * pair : 2 * pair + 2] = [[-1, 1], [-1, 1]]
    ends, names = np.full(2 * PAIRS, 9.0), tuple(f"R{pair}{copy}" for pair in range(PAIRS) for copy in "ab")
    none = csr_array((0, 2 * PAIRS))
    return DrivingForces(names, np.zeros(2 * PAIRS), csr_array(rows), -ends, ends, none, np.empty(0), np.empty(0), 1e-3)


def found_in_some_order(asked):
    """What a process finds that asks for all conflicts, in an order of its own, and what it found known."""
    path, seed = asked
    pool, pairs = ConflictPool(copies()), list(range(PAIRS))
    pool.share(path)
    Random(seed).shuffle(pairs)
    return [pool.conflict([4 * pair, 4 * pair + 3]) for pair in pairs], pool.tests


def test_processes_that_write_at_once_lose_and_break_nothing(tmp_path):
    path = tmp_path / "conflicts.jsonl"
    with ProcessPoolExecutor(3) as processes:
        answers = list(processes.map(found_in_some_order, [(path, seed) for seed in range(3)]))
    every = {(4 * pair, 4 * pair + 3) for pair in range(PAIRS)}
    assert all(set(found) == every for found, _ in answers)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert all(len(line["not together"]) == 2 for line in lines) and len(lines) == sum(tests for _, tests in answers)
    later = ConflictPool(copies())
    later.share(path)
    assert set(later.sets) == every and len(later.sets) == PAIRS


def test_sets_of_other_energies_in_a_file_are_not_taken(tmp_path):
    path = tmp_path / "conflicts.jsonl"
    own, other = ConflictPool(cycle()), ConflictPool(cycle((1.0, 0.0, 0.0)))
    own.share(path)
    own.conflict([0, 2, 4])
    other.share(path)
    assert other.sets == []


@pytest.mark.parametrize("names", [["+AB", "+BC"], ["+AB", "+BC", "-CA"], ["+AB"]])
def test_what_is_no_conflict_is_left_out_with_a_warning(tmp_path, caplog, names):
    path = tmp_path / "conflicts.jsonl"
    path.write_text(json.dumps({"energies": cycle().digest, "not together": names}) + "\n")
    pool = ConflictPool(cycle())
    with caplog.at_level(logging.WARNING):
        pool.share(path)
    assert pool.sets == [] and "no conflict sets" in caplog.text


@pytest.mark.parametrize("line", ["", "{", "[]", '{"energies": 1}', '{"energies": "x", "not together": []}', "null"])
def test_a_line_that_is_none_of_such_a_file_is_passed_over(tmp_path, line):
    path = tmp_path / "conflicts.jsonl"
    whole = json.dumps({"energies": cycle().digest, "not together": ["+AB", "+BC", "+CA"]})
    unknown = json.dumps({"energies": cycle().digest, "not together": ["+XY"]})
    path.write_text(f"{line}\n{unknown}\n{whole}\n{whole[:30]}")
    pool = ConflictPool(cycle())
    pool.share(path)
    assert pool.sets == [(0, 2, 4)]


def test_a_file_that_cannot_be_written_costs_nothing(tmp_path):
    pool = ConflictPool(cycle())
    (tmp_path / "file").write_text("")
    pool.share(tmp_path / "file" / "conflicts.jsonl")
    assert pool.conflict([0, 2, 4]) == (0, 2, 4)


def test_a_search_uses_what_another_process_has_found_meanwhile(tmp_path):
    path = tmp_path / "conflicts.jsonl"
    first, second = ConflictPool(cycle()), ConflictPool(cycle())
    first.share(path)
    second.share(path)
    first.conflict([0, 2, 4])
    assert second.conflict([0, 2, 4]) == (0, 2, 4) and second.tests == 0


def test_pools_are_kept_where_there_are_driving_forces(tmp_path):
    keep_conflicts(None, tmp_path / "sets.jsonl")
    own = cycle((0.5, 0.0, 0.0))
    keep_conflicts(own, tmp_path / "sets.jsonl")
    assert not (tmp_path / "sets.jsonl").exists()
    shared_pool(own).conflict([0, 2, 4])
    assert (tmp_path / "sets.jsonl").exists()
