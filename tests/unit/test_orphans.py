"""A search whose starter has been killed ends by itself, as do the processes that it has begun."""

import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from knockflow.base import clock as module
from knockflow.base.clock import ORPHANED, Watch, end_with, orphaned
from knockflow.base.processes import can_fork
from knockflow.base.stage import read_log, stage
from knockflow.base.terminal import say

PATIENCE_S = 20

JOB = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from knockflow.base.processes import run_pieces
from knockflow.base.stage import stage
from knockflow.base.clock import Watch

folder = Path(sys.argv[1])

def work(number, watch, tell):
    (folder / f"begun.{number}").write_text("")
    while not watch.stop():
        time.sleep(0.02)
    (folder / f"ended.{number}").write_text(watch.stopped)

with stage(SimpleNamespace(log=[str(folder / "job.log")], output=[str(folder / "designs.tsv")])) as log:
    with Watch() as watch:
        work(0, watch, None) if sys.argv[2] == "1" else run_pieces(work, int(sys.argv[2]), watch)
        log.info("checkpoint written")
    (folder / "designs.tsv").write_text("half of a list")
"""

STARTER = "import subprocess, sys; subprocess.run([sys.executable, *sys.argv[1:]])"


@pytest.fixture
def starter():
    """A process that is this one's parent until its number is changed."""
    end_with(os.getppid())
    yield
    end_with(None)


def until(happened) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happened()


@pytest.mark.parametrize("pieces", [1, pytest.param(2, marks=pytest.mark.skipif(not can_fork(), reason="no fork"))])
def test_a_job_ends_when_what_has_started_it_is_killed(tmp_path, pieces):
    (tmp_path / "job.py").write_text(JOB)
    (tmp_path / "designs.tsv").write_text("another run's")
    began = [tmp_path / f"begun.{number}" for number in range(pieces)]
    command = [sys.executable, "-c", STARTER, str(tmp_path / "job.py"), str(tmp_path), str(pieces)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    assert until(lambda: all(path.exists() for path in began))
    process.kill()
    process.wait()
    process.stderr.close()
    assert until(lambda: ("INFO", f"ended: {ORPHANED}") in read_log(tmp_path / "job.log"))
    assert ("INFO", "checkpoint written") in read_log(tmp_path / "job.log")
    assert all((tmp_path / f"ended.{number}").exists() for number in range(pieces))
    assert (tmp_path / "designs.tsv").read_text() == "another run's"


@pytest.mark.skipif(not can_fork(), reason="no fork")
def test_processes_of_a_search_end_when_it_is_killed(tmp_path):
    (tmp_path / "job.py").write_text(JOB)
    process = subprocess.Popen([sys.executable, str(tmp_path / "job.py"), str(tmp_path), "2"])
    assert until(lambda: all((tmp_path / f"begun.{number}").exists() for number in range(2)))
    process.kill()
    process.wait()
    ends = [tmp_path / f"ended.{number}" for number in range(2)]
    assert until(lambda: all(path.exists() and path.read_text() == ORPHANED for path in ends))


def test_only_who_asks_for_it_ends_with_its_parent(starter, monkeypatch):
    monkeypatch.setattr(module.os, "getppid", lambda: 1)
    assert orphaned()
    with pytest.raises(KeyboardInterrupt), Watch() as watch:
        assert watch.stop() and watch.stopped == ORPHANED
    end_with(None)
    with Watch() as watch:
        assert not watch.stop()


def test_a_search_within_another_ends_it_too(starter, monkeypatch):
    with pytest.raises(KeyboardInterrupt), Watch() as outer:
        monkeypatch.setattr(module.os, "getppid", lambda: 1)
        with Watch(within=outer) as inner:
            assert inner.stop()
        assert outer.stop()


def test_ctrl_c_is_still_called_by_its_name(starter):
    with pytest.raises(KeyboardInterrupt), Watch() as watch:
        os.kill(os.getpid(), signal.SIGINT)
        assert watch.stop() and watch.stopped == "Ctrl-C"


def test_after_a_stage_the_process_is_free_again(tmp_path, monkeypatch):
    with stage(SimpleNamespace(log=[str(tmp_path / "job.log")], output=[])):
        pass
    monkeypatch.setattr(module.os, "getppid", lambda: 1)
    assert not orphaned()


def test_a_terminal_that_is_gone_ends_nothing():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as gone:
        say("10 s, 5 nodes", gone)
        os.dup2(os.open(os.devnull, os.O_WRONLY), gone.fileno())
