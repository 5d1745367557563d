"""The problem as a file: whole, the same bytes for the same content, and nothing in it that could run."""

import io
import pickle
import zipfile
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from networks import BRANCHED, problem_of
from random_forces import forces

from knockflow.base.errors import FileError
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import respond
from knockflow.language.kinds import FollowerKind
from knockflow.numerics.program import Column, Row, listed
from knockflow.problem.archive import digest, load, save
from knockflow.problem.leader import BLOCKED, CANDIDATE, ESSENTIAL, Effect, Targets
from knockflow.problem.problem import Problem


@pytest.fixture
def problem() -> Problem:
    return problem_of(BRANCHED, ["FAST", "SLOW", "WASTE"], costs={"FAST": 2.5})


@pytest.fixture
def stored(problem, tmp_path):
    path = tmp_path / "problem.npz"
    save(path, problem)
    return path


def test_a_problem_comes_back_as_it_was(problem, stored):
    loaded = load(stored)
    assert digest(loaded) == digest(problem)
    assert loaded.columns == problem.columns
    assert loaded.targets.ids == ("FAST", "SLOW", "WASTE")
    assert loaded.targets.cost.tolist() == [2.5, 1, 1]
    assert loaded.min_growth == problem.min_growth
    np.testing.assert_array_equal(loaded.matrix.data, problem.matrix.data)
    np.testing.assert_array_equal(loaded.viable_upper, problem.viable_upper)


def test_a_problem_without_targets_comes_back(tmp_path):
    problem = problem_of(BRANCHED, [])
    save(tmp_path / "p.npz", problem)
    assert digest(load(tmp_path / "p.npz")) == digest(problem)
    assert load(tmp_path / "p.npz").targets.ids == ()


def test_driving_forces_come_back_and_are_part_of_the_digest(problem, tmp_path):
    own = forces(
        [1.0, -2.0], [[2.5, 0], [0, -1]], [-9, -9], [-4, -4], rows=[([1, -1], 0.5, np.inf)], names=["FAST", "X"]
    )
    driven = problem.with_follower(driving_forces=own)
    save(tmp_path / "p.npz", driven)
    loaded = load(tmp_path / "p.npz")
    assert loaded.driving_forces.digest == own.digest and digest(loaded) == digest(driven) != digest(problem)
    assert loaded.driving_forces.conflict([1]) == own.conflict([1])
    assert loaded.kind is FollowerKind.CONFLICTS and not loaded.linear and loaded.growing().driving_forces is not None
    assert loaded.relaxed().linear and problem.linear


def test_directions_that_are_closed(problem):
    column = int(np.flatnonzero((problem.upper > 0) & (problem.lower <= 0))[0])
    driven = problem.with_follower(driving_forces=forces([1.0], [[2.5]], [-9], [-4]))
    closed = driven.without_directions([2 * column, 2 * column + 1])
    assert closed.linear and (closed.lower[column], closed.upper[column]) == (0, 0)
    others = np.arange(len(problem.columns)) != column
    assert (closed.lower[others] == problem.lower[others]).all() and (
        closed.upper[others] == problem.upper[others]
    ).all()


def test_a_whole_min_growth_comes_back(tmp_path):
    problem = problem_of(BRANCHED, ["FAST"], min_growth=1.0)
    save(tmp_path / "p.npz", problem)
    assert digest(load(tmp_path / "p.npz")) == digest(problem)


def test_a_min_growth_that_is_an_integer_comes_back(tmp_path):
    problem = problem_of(BRANCHED, ["FAST"], min_growth=1)
    save(tmp_path / "p.npz", problem)
    assert digest(load(tmp_path / "p.npz")) == digest(problem)


def test_the_same_problem_gives_the_same_bytes(problem, stored, tmp_path):
    save(tmp_path / "again.npz", problem)
    assert (tmp_path / "again.npz").read_bytes() == stored.read_bytes()


@pytest.mark.parametrize("name", ["lower", "upper", "growth", "product", "row_upper", "viable_lower", "integer"])
def test_any_change_of_an_array_changes_the_digest(problem, name):
    array = getattr(problem, name).copy()
    array[0] = not array[0] if array.dtype == bool else array[0] + 1
    assert digest(problem.with_follower(**{name: array})) != digest(problem)


def test_any_change_of_a_name_or_number_changes_the_digest(problem):
    assert digest(problem.with_follower(min_growth=0.2)) != digest(problem)
    assert digest(problem.with_follower(columns=problem.columns[::-1])) != digest(problem)
    assert digest(replace(problem, targets=replace(problem.targets, status=(BLOCKED,) * 3))) != digest(problem)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileError, match="absent.npz"):
        load(tmp_path / "absent.npz")


def test_a_truncated_file_is_refused(stored):
    whole = stored.read_bytes()
    for length in (0, 1, 10, len(whole) // 2, len(whole) - 1):
        stored.write_bytes(whole[:length])
        with pytest.raises(FileError, match="delete it and run again"):
            load(stored)


def test_a_flipped_byte_is_refused_or_harmless(problem, stored):
    whole = stored.read_bytes()
    refused = 0
    for place in range(40, len(whole), 301):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        stored.write_bytes(damaged)
        try:
            assert digest(load(stored)) == digest(problem), place
        except FileError:
            refused += 1
    assert refused > 5


def test_no_flipped_byte_gives_anything_but_a_file_error(stored):
    whole = stored.read_bytes()
    for place in range(0, len(whole), 29):
        damaged = bytearray(whole)
        damaged[place] ^= 8
        stored.write_bytes(damaged)
        with suppress(FileError):
            load(stored)


def rewritten(stored, change):
    """The stored arrays with a change, and the hash that they came with."""
    with np.load(stored) as file:
        arrays = {name: file[name] for name in file.files}
    change(arrays)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    stored.write_bytes(buffer.getvalue())


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: arrays.update({"followers.0.min_growth": np.array(0.2)}),
        lambda arrays: arrays.update(hash=np.array("0" * 64)),
        lambda arrays: arrays.pop("hash"),
        lambda arrays: arrays.pop("followers.0.lower"),
        lambda arrays: arrays.update({"followers.0.lower": arrays["followers.0.lower"].astype(np.float32)}),
        lambda arrays: arrays.update(more=np.zeros(1)),
    ],
)
def test_content_that_does_not_fit_its_hash_is_refused(stored, change):
    rewritten(stored, change)
    with pytest.raises(FileError, match="its hash does not fit its content"):
        load(stored)


def test_nothing_pickled_is_ever_loaded(stored, tmp_path):
    touched = tmp_path / "touched"

    class Trap:
        def __reduce__(self):
            return open, (str(touched), "w")

    rewritten(stored, lambda arrays: arrays.update({"followers.0.rows": np.array([Trap()], dtype=object)}))
    touched.unlink(missing_ok=True)
    with pytest.raises(FileError):
        load(stored)
    stored.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(FileError):
        load(stored)
    assert not touched.exists()


def test_no_array_of_the_file_needs_pickle(stored):
    with zipfile.ZipFile(stored) as archive:
        assert all(b"'O'" not in archive.read(name) for name in archive.namelist())


def test_taking_targets_renumbers_their_columns_and_drops_those_without_one():
    targets = Targets.knock_outs(["a", "b", "c"], [[0], [1, 2], [3]], [1, 2, 3], [CANDIDATE, ESSENTIAL, CANDIDATE])
    assert targets.columns(1).tolist() == [1, 2]
    kept = targets.take([1, 2], {2: 0, 3: 1})
    assert kept.ids == ("b", "c")
    assert kept.cost.tolist() == [2, 3]
    assert kept.status == (ESSENTIAL, CANDIDATE)
    assert [kept.columns(0).tolist(), kept.columns(1).tolist()] == [[0], [1]]


GROWING = {
    **BRANCHED,
    "FAST2": ({"s": -1, "x": 1}, 0, 1000),
    "ATPM": ({"s": -1}, 0.5, 1000),
}
"""At its largest growth, 9.5, only EX_s, FAST, FAST2, ATPM and BIO carry flux."""


def test_growing_drops_columns_without_flux_and_targets_that_are_no_candidates():
    problem = problem_of(GROWING, ["EX_s", "FAST", "FAST2", "SLOW", "WASTE"], min_growth=9.5)
    status = dict(zip(problem.targets.ids, problem.targets.status, strict=True))
    assert status == {"EX_s": ESSENTIAL, "FAST": CANDIDATE, "FAST2": CANDIDATE, "SLOW": BLOCKED, "WASTE": BLOCKED}
    grown = problem.growing()
    assert set(grown.columns) == {"EX_s", "FAST", "FAST2", "ATPM", "BIO"}
    assert set(grown.rows) == {"s", "x"}
    assert grown.targets.ids == ("FAST", "FAST2")
    assert [grown.columns[column] for column in grown.targets.column] == ["FAST", "FAST2"]
    assert grown.lower[grown.columns.index("ATPM")] == 0.5
    assert grown.reactions == problem.reactions
    assert (grown.min_growth, grown.max_growth) == (problem.min_growth, problem.max_growth)


def test_growing_keeps_every_coefficient_of_what_stays():
    problem = problem_of(GROWING, ["FAST"], min_growth=9.5)
    grown = problem.growing()
    for new, name in enumerate(grown.columns):
        old = problem.columns.index(name)
        for vector in ("lower", "upper", "growth", "objective", "product", "uptake", "viable_lower", "viable_upper"):
            assert getattr(grown, vector)[new] == getattr(problem, vector)[old]
        entries = [
            {p.rows[row]: value for row, value in listed(p.matrix, column)}
            for p, column in ((grown, new), (problem, old))
        ]
        assert entries[0] == entries[1]


def test_growing_drops_nothing_that_some_growing_state_uses():
    problem = problem_of(GROWING, ["FAST", "SLOW", "WASTE"], min_growth=1)
    grown = problem.growing()
    assert digest(grown) == digest(problem)


def test_fluxes_of_left_out_reactions_are_zero_and_of_members_in_their_ratio():
    reactions = BRANCHED | {"EX_w": ({"w": -2}, 0, 1000), "DEAD": ({"dead": 1}, 0, 1000)}
    problem = problem_of(reactions, [])
    v = np.zeros(len(problem.columns))
    v[problem.columns.index("EX_w|WASTE")] = 3.0
    fluxes = problem.fluxes(v)
    assert fluxes["DEAD"] == 0
    assert (fluxes["WASTE"], fluxes["EX_w"]) == (3.0, 1.5)
    assert set(fluxes) == set(reactions)


def regulated_problem():
    """Regulator r of FAST: column `on` is 1 where it is there, `off` 1 where it is not; a closes SLOW."""
    problem = problem_of(BRANCHED, ["FAST", "SLOW", "WASTE"], min_growth=1)
    n, slow = len(problem.columns), problem.columns.index("SLOW")
    effects = [Effect([0], [(n, 0.0, 0.0)]), Effect([1], [(slow, 0.0, 0.0)]), Effect([2], [(n + 1, 0.0, 0.0)])]
    return problem.extended(
        [
            Row("FAST needs on", -np.inf, 0.0, {"FAST": 1.0, "on": -1000.0}),
            Row("rule", 1.0, 1.0, {"on": 1.0, "off": 1.0}),
        ],
        [Column("on", 0.0, 1.0), Column("off", 0.0, 1.0, integer=True)],
        targets=Targets.of(["r", "a"], effects),
    )


def test_a_problem_with_opposites_and_integers_comes_back(tmp_path):
    problem = regulated_problem()
    save(tmp_path / "p.npz", problem)
    again = load(tmp_path / "p.npz")
    assert digest(again) == digest(problem)
    assert again.targets.opposed == [0]
    assert [again.targets.effect(e) for e in range(3)] == [problem.targets.effect(e) for e in range(3)]
    assert again.integer.dtype == bool and again.integer.tolist() == problem.integer.tolist()
    assert outcomes(again) == outcomes(problem)


def outcomes(problem) -> list:
    """Growth of the designs {}, {r}, {a} and {r, a}, as far as there are such targets."""
    ids = [{"r", "a"} & set(names) for names in ((), ("r",), ("a",), ("r", "a"))]
    found = []
    for names in ids:
        if names <= set(problem.targets.ids):
            outcome = respond(problem, [problem.targets.ids.index(name) for name in names])
            found.append(outcome and round(outcome.growth, 6))
    return found


def test_integers_with_the_values_of_a_state_leave_a_linear_problem():
    problem = regulated_problem()
    state = np.zeros(len(problem.columns))
    kept, removed = (problem.with_integers(np.where(problem.integer, off, state)) for off in (0.0, 1.0))
    for fixed, growth in ((kept, 10), (removed, 5)):
        assert not fixed.integer.any()
        follower = Follower(fixed)
        states = follower.after(())
        assert follower.max_growth(states).value == pytest.approx(growth)
    assert kept.upper[:-1].tolist() == problem.upper[:-1].tolist()
    assert (kept.lower[-1], kept.upper[-1], removed.lower[-1], removed.upper[-1]) == (0, 0, 1, 1)
    assert problem.integer.any()


@pytest.mark.parametrize(
    ("status", "growths", "off"),
    [
        ((CANDIDATE, CANDIDATE), [10, 5, 10, None], (0, 1)),
        ((BLOCKED, CANDIDATE), [10, 10], (0, 0)),
        ((ESSENTIAL, CANDIDATE), [10, 10], (0, 0)),
        ((CANDIDATE, BLOCKED), [10, 5], (0, 1)),
        ((BLOCKED, BLOCKED), [10], (0, 0)),
    ],
)
def test_growing_keeps_for_good_what_is_no_candidate(status, growths, off):
    """Where r is never removed, `off` is closed, so that the cell cannot choose to lack it."""
    problem = regulated_problem()
    grown = replace(problem, targets=replace(problem.targets, status=status)).growing()
    column = grown.columns.index("off")
    assert (grown.lower[column], grown.upper[column]) == off
    assert outcomes(grown) == growths
