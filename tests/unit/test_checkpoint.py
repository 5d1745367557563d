"""Checkpoints: one that is not whole or of another search is refused; a search that goes on ends as any other."""

import json
import logging
import re
from contextlib import suppress
from functools import partial
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
import random_interventions
import random_networks
import random_regulation
import random_scenarios
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from networks import BRANCHED, problem_of
from searches import run
from stops import Killed, Killing, Stopping, always_due

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.base.json_arrays import (
    packed,
    packed_lists,
    packed_masks,
    packed_shared,
    unpacked,
    unpacked_lists,
    unpacked_masks,
    unpacked_shared,
)
from knockflow.base.processes import can_fork
from knockflow.designs import checkpoint as module
from knockflow.designs.checkpoint import Checkpoint, Pace, identity
from knockflow.designs.gather import best_designs, gathered
from knockflow.formulations.registry import rated
from knockflow.methods.tree.learned import Knowledge
from knockflow.methods.tree.open_nodes import OpenNodes
from knockflow.methods.tree.search import Node
from knockflow.problem.judge import WORST
from knockflow.stages.design import find_designs
from knockflow.stages.design_parts import part, seeds

RELAXED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
NAMES = ("FAST", "SLOW", "WASTE")
STATE = {"goal": 1, "bounds": [0.1, 1e-17], "designs": [[1, 2], []], "none": None}


def options(kind="robustknock", most=3, places=3, **more):
    return {
        "kind": kind,
        "method": "tree",
        "max_interventions": most,
        "max_designs": places,
        "max_cost": None,
        "time_limit_s": 60,
        "threads": 1,
        "seed": 1,
        "confirm": None,
        "big_m": {"policy": "instance"},
    } | more


@pytest.fixture
def problem():
    return problem_of(BRANCHED, NAMES)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "robust" / "checkpoint.json"


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "knockflow.search")
    return caplog


def written(path, own, state=STATE, nodes=7) -> Path:
    with Watch(None) as watch:
        watch.nodes = nodes
        Checkpoint(path, own).write(lambda: state, watch)
    return path


@given(st.lists(st.integers(0, 2**200), max_size=20))
def test_sets_of_bits_come_back(masks):
    assert unpacked_masks(json.loads(json.dumps(packed_masks(masks)))) == masks


@given(st.lists(st.lists(st.integers(-1, 2**40), max_size=5), max_size=20))
def test_lists_come_back(lists):
    assert unpacked_lists(json.loads(json.dumps(packed_lists(lists)))) == [tuple(one) for one in lists]


@given(st.lists(st.floats(allow_nan=False)))
def test_arrays_come_back_to_the_last_bit(numbers):
    assert unpacked(packed(np.array(numbers)), np.float64).tolist() == numbers


@pytest.mark.parametrize("sparse", [False, True])
def test_vectors_that_share_objects_come_back_whatever_their_lengths(sparse):
    short, long = np.array([0.0, 1.5]), np.array([2.0, 0.0, 3.0])
    vectors = [long, None, short, long, short + 1]
    back = unpacked_shared(json.loads(json.dumps(packed_shared(vectors, sparse))))
    assert [None if one is None else one.tolist() for one in back] == [
        None if one is None else one.tolist() for one in vectors
    ]
    assert back[0] is back[3]
    assert unpacked_shared(packed_shared([None], sparse)) == [None]


@given(
    st.lists(st.lists(st.sampled_from([0.0, 0.0, 1.5, -1e-9]), min_size=6, max_size=6), max_size=5),
    st.booleans(),
    st.lists(st.integers(0, 2**70), max_size=5),
)
def test_knowledge_comes_back(changes, has_base, hits):
    base = np.arange(6.0) / 7 if has_base else None
    own = [(number - 1, number, np.array(change)) for number, change in enumerate(changes)]
    known = Knowledge(0.1, base, own, [(1, 2), (3,)], hits)
    again = Knowledge.of_json(json.loads(json.dumps(known.as_json())), 6)
    assert (again.goal, again.no_goods, again.hits) == (known.goal, known.no_goods, known.hits)
    assert (again.base is None) if base is None else np.array_equal(again.base, base)
    assert len(again.changes) == len(own)
    for one, other in zip(again.changes, own, strict=True):
        assert one[:2] == other[:2] and np.array_equal(one[2], other[2])


def test_open_nodes_come_back_with_their_states_in_order():
    parent, witness, change = np.array([1.0, 0.0, 1 / 3]), np.array([1.0, 2.0, 1 / 3]), np.array([0.0, -1e-9, 0.1])
    made = [((1,), parent, change), ((2,), witness, None), ((3,), parent, None), ((4,), None, None)]
    open_nodes = OpenNodes()
    open_nodes.add(2, [Node(design, 0, origin, "search", by) for design, origin, by in made])
    open_nodes.add(2, [Node((5,), 0, parent, "a search below a design", change)])
    again = OpenNodes.of_json(json.loads(json.dumps(open_nodes.as_json("search"))), "search")
    for design, *vectors in [*made, ((5,), None, None)]:
        node = again.take()[1]
        assert (node.design, node.search) == (design, "search")
        for own, before in zip((node.origin, node.change), vectors, strict=True):
            assert (own is None) if before is None else np.array_equal(own, before)


def test_open_nodes_without_states_come_back_in_order():
    open_nodes = OpenNodes()
    open_nodes.add(2, [Node((1, 0), 0b10, None, None), Node((2,), 1 << 90, None, None)])
    open_nodes.add(3, [Node((1, 0, 3), 0, None, None)])
    again = OpenNodes.of_json(json.loads(json.dumps(open_nodes.as_json(None))), "search")
    assert (len(again), again.level) == (3, 3)
    assert again.take() == (3, Node((1, 0, 3), 0, None, "search"))
    assert again.take() == (2, Node((1, 0), 0b10, None, "search"))
    assert again.take() == (2, Node((2,), 1 << 90, None, "search"))
    assert not again and again.level is None


def test_two_levels_are_visited_in_width_and_the_others_in_depth():
    open_nodes = OpenNodes()
    for level in (2, 1, 1, 4, 3):
        open_nodes.add(level, [Node((level,), 0, None, None)])
    assert [open_nodes.take()[0] for _ in range(5)] == [4, 3, 1, 1, 2]


def test_shares_of_open_nodes_are_all_of_them():
    open_nodes = OpenNodes()
    open_nodes.add(2, [Node((number,), 0, None, None) for number in range(5)])
    open_nodes.add(3, [Node((9, 8), 0, None, None)])
    shares = [open_nodes.share(number, 3) for number in range(3)]
    designs = [share.take()[1].design for share in shares for _ in range(len(share))]
    assert sorted(designs) == [(0,), (1,), (2,), (3,), (4,), (9, 8)]


def test_a_state_comes_back_with_what_it_has_cost(path, problem):
    own = identity(problem, options(), "code")
    again = Checkpoint(written(path, own), own)
    assert again.read() == STATE
    assert (again.resumed, again.nodes) == (1, 7) and again.seconds >= 0
    with Watch(None) as watch:
        watch.nodes = 5
        again.write(lambda: STATE, watch)
    third = Checkpoint(path, own)
    third.read()
    assert (third.resumed, third.nodes) == (2, 12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"problem": problem_of(BRANCHED, NAMES, min_growth=0.2)}, "another problem"),
        ({"options": options(max_designs=2)}, "other options"),
        ({"options": options(most=2)}, "other options"),
        ({"code": "edited"}, "other code"),
        ({"part": ("2-of-3", [], None)}, "other seeds"),
        ({"options": options(most=2), "code": "edited"}, "other options and other code"),
    ],
)
def test_a_checkpoint_of_another_search_is_refused(path, problem, log, change, words):
    asked = {"problem": problem, "options": options(), "code": "code", "part": ("1-of-3", [], None)}
    again = Checkpoint(written(path, identity(**asked)), identity(**asked | change))
    assert again.read() is None
    assert f"is not used: made with {words}; the search begins anew" in log.text
    assert (again.resumed, again.nodes, again.seconds) == (0, 0, 0.0)


def test_time_limit_and_threads_make_no_other_search(path, problem):
    written(path, identity(problem, options(), "code"))
    assert Checkpoint(path, identity(problem, options(time_limit_s=999, threads=4), "code")).read() == STATE


def test_the_order_of_options_makes_no_other_search(problem):
    asked = options()
    assert identity(problem, dict(reversed(asked.items())), "") == identity(problem, asked, "")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_that_is_not_whole_is_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("garbled") / "checkpoint.json"
    own = {"another problem": "1"}
    content = bytearray(written(path, own).read_bytes())
    place = data.draw(st.integers(0, 10_000)) % (len(content) - 1)
    if data.draw(st.booleans()):
        path.write_bytes(content[:place])
    else:
        content[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))
        path.write_bytes(content)
    again = Checkpoint(path, own)
    # Some changes are none: a space for a line end, 1E-17 for 1e-17.
    assert again.read() in (None, STATE) and again.nodes in (0, 7)


@pytest.mark.parametrize(
    "content", [b"", b"[1, 2]", b'"text"', b"17", b'{"sha256": 1}', b"[" * 200_000, b"\xff\xfe", b'{"content": {}}']
)
def test_anything_else_is_refused_and_overwritten(path, log, content):
    path.parent.mkdir()
    path.write_bytes(content)
    assert Checkpoint(path, {}).read() is None
    assert "not whole; the search begins anew" in log.text
    assert Checkpoint(written(path, {}), {}).read() == STATE


def test_without_a_file_there_is_nothing_to_say(path, log):
    assert Checkpoint(path, {}).read() is None
    assert log.text == ""


def test_a_write_that_dies_leaves_the_file_before_and_its_rest_is_cleared(path, monkeypatch):
    written(path, {})
    left = path.with_name(f".{path.name}.123.part")
    left.write_bytes(b"{")
    monkeypatch.setattr("os.replace", lambda *paths: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        written(path, {}, {"later": True})
    assert Checkpoint(path, {}).read() == STATE
    assert [item.name for item in path.parent.iterdir()] == ["checkpoint.json"]


def test_a_file_that_cannot_be_written_does_not_end_the_search(tmp_path, log):
    (tmp_path / "file").write_text("")
    written(tmp_path / "file/checkpoint.json", {})
    assert "cannot be written" in log.text


def test_states_that_take_long_are_made_less_often(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    pace = Pace()
    for cost, pause in ((0.0, 2.0), (0.5, 0.5 / 0.03)):
        now[0] += 2.0
        with pace.measured():
            now[0] += cost
        now[0] += pause - 0.01
        assert not pace.due
        now[0] += 0.02
        assert pace.due


def ended(found) -> tuple:
    """What must not depend on stops."""
    best, result = found
    values = [round(entry.value, 6) for entry in best.ranked]
    bound = round(result.bound, 6) if np.isfinite(result.bound) else result.bound
    return [entry.names for entry in best.ranked], values, result.complete, bound


def search(problem, asked, watch, kept=None):
    best = best_designs(problem, asked)
    with watch:
        return best, run("tree", best, watch, checkpoint=kept, **asked)


def with_stops(problem, asked, path, parts, threads=(1, 1)):
    """The search in several parts, each of which is stopped after some questions or killed after some states.

    They have `threads` in turn.
    """
    own, in_turn = identity(problem, asked, ""), cycle(threads)
    with always_due():
        for count, kills in parts:
            with suppress(Killed):
                kept = Killing(path, own, count) if kills else Checkpoint(path, own)
                watch = Watch(None) if kills else Stopping(count)
                found = search(problem, asked | {"threads": next(in_turn)}, watch, kept)
                if found[1].complete:
                    return found
        return search(problem, asked | {"threads": next(in_turn)}, Watch(None), Checkpoint(path, own))


COUNTS = st.integers(0, 4) | st.integers(5, 40)
PARTS = st.lists(st.tuples(COUNTS, st.booleans()), min_size=1, max_size=4)
KINDS = st.sampled_from(sorted(rated()))
PLACES = st.sampled_from([1, 3, "all", "all"])
"""A list of a few is sought with falling goals, and what is lost with one is found with the next: hence more of all."""


@pytest.mark.full
@settings(max_examples=80, **RELAXED)
@given(
    network=random_networks.networks(),
    kind=KINDS,
    most=st.sampled_from([1, 2, 3, 3, 4, 4]),
    places=PLACES,
    parts=PARTS,
)
def test_a_stopped_search_ends_as_any_other(tmp_path_factory, network, kind, most, places, parts):
    problem = random_networks.problem_of(network)
    assume(problem.viable and len(problem.growing().targets))
    asked = options(kind, most, places)
    path = tmp_path_factory.mktemp("parts") / "checkpoint.json"
    stopped, whole = with_stops(problem, asked, path, parts), search(problem, asked, Watch(None))
    assert ended(stopped) == ended(whole)


@pytest.mark.full
@settings(max_examples=20, **RELAXED)
@given(
    network=random_networks.networks(),
    kind=KINDS,
    most=st.sampled_from([1, 2, 3, 4]),
    axes=st.sampled_from([["value", "growth", "cost"], ["value", "cost"], ["growth", "value"]]),
    parts=PARTS,
)
def test_a_stopped_front_ends_as_any_other(tmp_path_factory, network, kind, most, axes, parts):
    problem = random_networks.problem_of(network)
    assume(problem.viable and len(problem.growing().targets))
    asked = options(kind, most, 3, front=axes)
    path = tmp_path_factory.mktemp("parts") / "checkpoint.json"
    fronts = [with_stops(problem, asked, path, parts)[1], search(problem, asked, Watch(None))[1]]
    stopped, whole = ([(one.names, round(one.value, 6)) for one in front.ranked] for front in fronts)
    assert stopped == whole
    assert all(front.complete for front in fronts)


def test_a_front_tells_from_where_it_goes_on(core_case, path, log):
    problem, asked = core_case.problem, options("robustknock", 2, 3, front=["value", "cost"])
    with always_due(), suppress(Killed):
        search(problem, asked, Watch(None), Killing(path, identity(problem, asked, ""), 12))
    again = search(problem, asked, Watch(None), Checkpoint(path, identity(problem, asked, "")))[1]
    assert re.search(r"continues from a checkpoint: \d+ points, ceiling \d of 2, goal \d of \d", log.text)
    assert [round(one.value, 5) for one in again.ranked] == [9.10186, 0.67815, 0]


@pytest.fixture(scope="module")
def core(core_case):
    """A problem with enough below the second level to be shared."""
    return core_case.problem


ROOTS = 38
"""Nodes at its first level, after which the tree is shared."""


@pytest.fixture(scope="module")
def whole(core):
    return ended(search(core, options("optknock", 3, "all"), Watch(None)))


@pytest.mark.full
@pytest.mark.skipif(not can_fork(), reason="processes cannot begin as copies here")
@pytest.mark.parametrize(
    ("threads", "kills", "stops"),
    [
        ((2, 2), True, [(ROOTS + 1,), (50, 9)]),
        ((2, 2), False, [(3, 2), (ROOTS + 3,)]),
        ((3, 1), True, [(3, 2), (ROOTS,)]),
        ((3, 1), False, [(ROOTS,), (50, 9)]),
    ],
)
def test_so_does_one_of_several_processes(path, core, whole, threads, kills, stops):
    """Stopped before, soon after and long after the tree is shared, and more than once."""
    for counts in stops:
        parts = [(count, kills) for count in counts]
        assert ended(with_stops(core, options("optknock", 3, "all"), path, parts, threads)) == whole
        path.unlink(missing_ok=True)


@pytest.mark.full
@settings(max_examples=32, **RELAXED)
@given(drawn=random_interventions.givens(), kind=KINDS, most=st.integers(1, 3), places=PLACES, parts=PARTS)
def test_so_does_one_with_genes_additions_and_bounds(tmp_path_factory, drawn, kind, most, places, parts):
    with suppress(ConfigError):
        problem = drawn.problem()
        assume(problem.viable)
        asked = options(kind, most, places)
        path = tmp_path_factory.mktemp("parts") / "checkpoint.json"
        stopped, whole = with_stops(problem, asked, path, parts), search(problem, asked, Watch(None))
        assert ended(stopped) == ended(whole)


@pytest.mark.full
@settings(max_examples=32, **RELAXED)
@given(network=random_regulation.regulated_networks(), kind=KINDS, most=st.integers(1, 3), places=PLACES, parts=PARTS)
def test_so_does_one_with_regulated_genes(tmp_path_factory, network, kind, most, places, parts):
    problem = random_regulation.problem_of(network)
    assume(problem.viable and problem.integer.any() and len(problem.growing().targets))
    asked = options(kind, most, places)
    path = tmp_path_factory.mktemp("parts") / "checkpoint.json"
    stopped, whole = with_stops(problem, asked, path, parts), search(problem, asked, Watch(None))
    assert ended(stopped) == ended(whole)


@pytest.mark.full
@settings(max_examples=12, **RELAXED)
@given(
    network=random_networks.networks(),
    kind=KINDS,
    most=st.integers(1, 4),
    places=PLACES,
    parts=PARTS,
    judge=st.one_of(st.just(WORST), random_scenarios.judges()),
    data=st.data(),
)
def test_so_does_one_with_several_followers(tmp_path_factory, network, kind, most, places, parts, judge, data):
    problem = random_scenarios.problem_of_scenarios(data.draw(random_scenarios.scenarios(network, 2)), judge=judge)
    assume(problem.viable and len(problem.growing().targets))
    asked = options(kind, most, places)
    path = tmp_path_factory.mktemp("parts") / "checkpoint.json"
    stopped, whole = with_stops(problem, asked, path, parts), search(problem, asked, Watch(None))
    assert ended(stopped) == ended(whole)


@pytest.mark.full
@settings(max_examples=16, **RELAXED)
@given(
    network=random_networks.networks(),
    kind=KINDS,
    most=st.integers(2, 4),
    places=PLACES,
    stops=st.lists(COUNTS, min_size=1),
)
def test_so_does_each_part_of_a_scattered_search(tmp_path_factory, network, kind, most, places, stops):
    problem = random_networks.problem_of(network)
    assume(problem.viable and len(problem.growing().targets))
    asked, folder = options(kind, most, places), tmp_path_factory.mktemp("parts")
    begin = json.loads(json.dumps(seeds(problem, asked)))
    lists = []
    for stopped in (False, True):
        parts = []
        for number in range(2):
            kept = partial(Checkpoint, folder / f"{number}.json", identity(problem, asked, "", [number]))
            for count in stops if stopped else ():
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr("knockflow.stages.design_parts.Watch", lambda limit, count=count: Stopping(count))
                    part(problem, asked, begin, number, 2, kept())
            parts.append(part(problem, asked, begin, number, 2, kept() if stopped else None))
        best = best_designs(problem, asked)
        lists.append(ended((best, gathered(best, problem, begin, parts))))
    assert lists[0] == lists[1]


def test_the_record_counts_all_parts_of_a_search(problem, path, log):
    asked = options(most=3, places=3)
    whole = find_designs(problem, asked)
    own = identity(problem, asked, "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("knockflow.stages.design.Watch", lambda limit: Stopping(2))
        stopped = find_designs(problem, asked, checkpoint=Checkpoint(path, own))
    assert (stopped.record["status"], stopped.record["resumed"]) == ("feasible", 0)
    again = find_designs(problem, asked, checkpoint=Checkpoint(path, own))
    assert again.rows == whole.rows
    assert (again.record["status"], again.record["resumed"], whole.record["resumed"]) == ("optimal", 1, 0)
    changing = {"nodes", "resumed", "seconds", "seconds_total"}
    kept = whole.record.keys() - changing
    assert {key: again.record[key] for key in kept} == {key: whole.record[key] for key in kept}
    assert again.record["nodes"] >= max(whole.record["nodes"], stopped.record["nodes"])
    where = r"goal \d of \d(, level \d, \d+ open nodes)?, \d+ nodes and \d+\.\d s before"
    assert re.search(f"continues from a checkpoint: {where}", log.text)


@pytest.mark.parametrize("method", ["benders", "logic_benders"])
def test_a_decomposition_goes_on_from_its_settled_designs(problem, path, log, method):
    asked = options(method=method, solver="highs", cuts="pareto", mip_gap=0.0, feasibility=1e-9)
    own = identity(problem, asked, "")
    whole = find_designs(problem, asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("knockflow.stages.design.Watch", lambda limit: Stopping(2))
        stopped = find_designs(problem, asked, checkpoint=Checkpoint(path, own))
    again = find_designs(problem, asked, checkpoint=Checkpoint(path, own))
    assert (stopped.record["status"], again.record["status"], again.record["resumed"]) == ("feasible", "optimal", 1)
    assert again.rows == whole.rows
    assert 0 < stopped.record["iterations"] < again.record["iterations"] == whole.record["iterations"]
    assert f"settled in {stopped.record['iterations']} iterations" in log.text


def test_what_confirms_a_method_keeps_no_checkpoint(problem, path):
    asked = options(method="strong_duality", confirm="tree", solver="highs", mip_gap=0.0, feasibility=1e-9)
    asked["big_m"] = {"policy": "instance"}
    with always_due():
        found = find_designs(problem, asked, checkpoint=Checkpoint(path, identity(problem, asked, "")))
    assert found.record["confirmed_by"] == "tree" and not path.exists()


def test_fluxes_of_known_states_come_back():
    states = [np.array([1.0, 0.0, 1 / 3]), None, np.array([1.0, -2.0, 1 / 3])]
    known = Knowledge(0.1, hits=[1, 2, 3], states=states)
    again = Knowledge.of_json(json.loads(json.dumps(known.as_json())), 3)
    assert again.hits == known.hits and again.states[1] is None
    assert all(np.array_equal(again.states[place], states[place]) for place in (0, 2))
