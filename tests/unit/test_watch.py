"""The clock of a search: its limit, SIGTERM, and its lines of progress."""

import os
import signal
import sys
import threading

import pytest

from knockflow.base import clock as module
from knockflow.base.clock import Watch


class Clock:
    """A clock that is set by hand."""

    def __init__(self, monkeypatch):
        self.now = 100.0
        monkeypatch.setattr(module.time, "monotonic", lambda: self.now)


def test_without_a_limit_it_never_stops(monkeypatch):
    clock = Clock(monkeypatch)
    watch = Watch()
    clock.now += 1e9
    assert not watch.stop()
    assert (watch.stopped, watch.seconds_left) == (None, None)


def test_it_stops_once_the_limit_is_reached_and_says_why(monkeypatch):
    clock = Clock(monkeypatch)
    watch = Watch(5)
    clock.now += 4.5
    assert not watch.stop()
    assert watch.seconds_left == 0.5
    clock.now += 0.5
    assert watch.stop()
    assert watch.stopped == "time limit of 5 s"
    clock.now += 10
    assert watch.seconds_left == 0


def test_a_search_that_ended_in_time_is_not_stopped_afterwards(monkeypatch):
    clock = Clock(monkeypatch)
    watch = Watch(5)
    watch.stop()
    clock.now += 10
    assert watch.stopped is None


def test_sigterm_asks_to_stop_and_the_old_handler_comes_back():
    before = signal.getsignal(signal.SIGTERM)
    with Watch() as watch:
        assert not watch.stop()
        os.kill(os.getpid(), signal.SIGTERM)
        assert watch.stop()
        assert watch.stopped == "SIGTERM"
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_old_handler_comes_back_after_an_error_too():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(RuntimeError), Watch():
        raise RuntimeError
    assert signal.getsignal(signal.SIGTERM) == before


def test_it_works_in_another_thread():
    seen = []

    def run():
        with Watch(0.0) as watch:
            seen.append(watch.stop())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [True]


def test_progress_is_told_now_and_then(monkeypatch, capsys):
    clock = Clock(monkeypatch)
    watch = Watch()
    watch.tick(None, None)
    assert capsys.readouterr().err == ""
    clock.now += 12
    watch.tick(None, None)
    watch.tick(None, None)
    assert capsys.readouterr().err == "12 s, 2 nodes, best none\n"
    clock.now += 12
    watch.tick(1.5, 2.25)
    assert capsys.readouterr().err == "24 s, 4 nodes, best 1.500000, bound 2.250000, gap 50.0 %\n"
    assert watch.nodes == 4


def test_a_line_of_a_long_solve_puts_off_the_next_one(monkeypatch, capsys):
    clock = Clock(monkeypatch)
    watch = Watch()
    clock.now += 12
    watch.line("cbc solve 1, 70 nodes", "claim", None, 2.0, sys.stderr)
    assert not watch.due
    watch.tick(None, None)
    assert capsys.readouterr().err == "12 s, cbc solve 1, 70 nodes, claim none, bound 2.000000\n"


@pytest.mark.parametrize(
    ("found", "bound", "gap"),
    [(2.0, 1.0, ", gap 0.0 %"), (-2.0, -1.0, ", gap 50.0 %"), (0.0, 1.0, ""), (0.1, 900.0, "")],
)
def test_a_gap_is_relative_to_what_was_found(capsys, found, bound, gap):
    Watch().line("1 nodes", "best", found, bound, sys.stderr)
    assert capsys.readouterr().err.endswith(f"bound {bound:.6f}{gap}\n")


def test_a_part_of_the_time_can_be_prolonged_to_the_whole_of_it(monkeypatch):
    clock = Clock(monkeypatch)
    whole = Watch(10)
    clock.now += 1
    part = Watch(3, within=whole)
    clock.now += 4
    assert part.stop() and part.stopped == "time limit of 3 s" and not whole.stop()
    part.prolong()
    assert not part.stop() and part.seconds_left == pytest.approx(5.0) and part.stopped is None
    clock.now += 6
    assert part.stop() and whole.stop()
    free = Watch(1, within=Watch())
    clock.now += 2
    free.prolong()
    assert not free.stop()
