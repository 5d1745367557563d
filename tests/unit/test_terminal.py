"""What jobs say on the terminal, and Ctrl-C: a polite stop whose result does not count."""

import io
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from knockflow.base.clock import Watch
from knockflow.base.errors import ConfigError
from knockflow.base.stage import INTERRUPTED, read_log, stage
from knockflow.base.terminal import TOLD, label, say, speak_as
from knockflow.designs.checkpoint import Checkpoint
from knockflow.designs.ranking import Ranked
from knockflow.designs.result import tell_stopped

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


pytestmark = pytest.mark.usefixtures("logging_as_before")


class Wildcards(list):
    """A list with names, as Snakemake's."""

    def __init__(self, **named):
        super().__init__(named.values())
        self.items = named.items


@pytest.fixture
def job(tmp_path):
    (tmp_path / "one.tsv").write_text("half")
    return SimpleNamespace(
        rule="design",
        wildcards=Wildcards(case="core", formulation="best"),
        log=[str(tmp_path / "design.log")],
        output=[str(tmp_path / "one.tsv")],
    )


@pytest.mark.parametrize(
    ("rule", "wildcards", "words"),
    [
        ("design", {"case": "core", "formulation": "best"}, "core/best design"),
        ("part", {"case": "core", "formulation": "best", "part": "2", "parts": "8"}, "core/best part 2 of 8"),
        ("curate", {"case": "core"}, "core curate"),
        ("read", {"shared": "0123456789ab"}, "read"),
        ("summary", {}, "summary"),
    ],
)
def test_a_job_s_label(rule, wildcards, words):
    assert label(rule, wildcards) == words


class Pieces(io.StringIO):
    """A terminal that notes each piece that is written at once."""

    def __init__(self):
        super().__init__()
        self.pieces = []

    def write(self, text):
        self.pieces.append(text)
        return len(text)


def test_a_line_is_written_whole_with_the_job_in_front():
    terminal = Pieces()
    speak_as("core/best design")
    say("12 s, 30 nodes", terminal)
    Watch().line("30 nodes", "best", 1.0, None, terminal)
    assert terminal.pieces == ["core/best design: 12 s, 30 nodes\n", "core/best design: 0 s, 30 nodes, best 1.000000\n"]


def test_no_control_character_reaches_the_terminal(capsys):
    say("a name \x1b[31mred\x07\r\u009b of a model")
    assert capsys.readouterr().err == "a name  [31mred    of a model\n"


def test_a_stage_speaks_for_its_job_and_for_no_other(job, capsys):
    with stage(job):
        say("hello")
    say("alone")
    assert capsys.readouterr().err == "core/best design: hello\nalone\n"


def test_an_error_is_left_to_the_run_where_that_tells_of_it(job, capsys, monkeypatch):
    monkeypatch.setenv(TOLD, "1")
    with pytest.raises(SystemExit), stage(job):
        raise ConfigError("first line\nsecond line")
    assert capsys.readouterr().err == ""
    assert read_log(job.log[0])[-1] == ("ERROR", "first line\nsecond line")


def test_a_log_that_is_not_there_has_no_messages(tmp_path):
    assert read_log(tmp_path / "none.log") == []


def test_ctrl_c_ends_a_stage_without_a_traceback(job, capsys):
    with pytest.raises(SystemExit) as end, stage(job):
        raise KeyboardInterrupt
    assert end.value.code == INTERRUPTED
    assert not os.path.exists(job.output[0])
    assert capsys.readouterr().err == ""
    assert [level for level, _ in read_log(job.log[0])] == ["INFO"]


@pytest.mark.parametrize("run", [True, False])
def test_ctrl_c_while_a_job_still_imports_is_no_traceback(run):
    environment = {name: value for name, value in os.environ.items() if name != TOLD} | ({TOLD: "1"} if run else {})
    done = subprocess.run(
        [sys.executable, "-c", "import knockflow; raise KeyboardInterrupt"],
        env=environment | {"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert ("Traceback" in done.stderr) is not run


def test_ctrl_c_asks_a_search_to_stop_and_its_result_does_not_count():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), Watch() as watch:
        os.kill(os.getpid(), signal.SIGINT)
        assert watch.stop() and watch.terminated
        assert watch.stopped == "Ctrl-C"
        assert Watch(within=watch).stop()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_ends_it_at_once():
    reached = []
    with pytest.raises(KeyboardInterrupt), Watch():
        os.kill(os.getpid(), signal.SIGINT)
        reached.append(1)
        os.kill(os.getpid(), signal.SIGINT)
        reached.append(2)
    assert reached == [1]


def test_another_handler_of_ctrl_c_stays():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(1))
    try:
        with Watch() as watch:
            os.kill(os.getpid(), signal.SIGINT)
            assert not watch.stop()
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [1]


@pytest.mark.parametrize("kept", [True, False])
def test_what_has_been_found_is_in_the_log(caplog, tmp_path, kept):
    checkpoint = Checkpoint(tmp_path / "checkpoint.json", {})
    if kept:
        checkpoint.path.write_text("{}")
    watch, best = Watch(), Ranked(frozenset({1}), 2.5, 2.5, 1.0, ("-A", "-B"))
    with caplog.at_level(logging.INFO, "knockflow"):
        tell_stopped([best], watch, checkpoint)
        tell_stopped([], watch)
    first, second = (record.message for record in caplog.records)
    assert first.startswith("stopped: best so far 2.500000 (-A, -B) after 0 s and 0 nodes; ")
    assert first.endswith("goes on from its checkpoint" if kept else "has no checkpoint, begins anew")
    assert second.startswith("stopped: no design yet after")


def test_a_search_that_goes_on_says_so_on_the_terminal(tmp_path, capsys):
    checkpoint = Checkpoint(tmp_path / "checkpoint.json", {"other options": "a"})
    checkpoint.nodes, checkpoint.seconds = 70, 3.25
    checkpoint.tell("level 2")
    assert capsys.readouterr().err == "continues from a checkpoint: level 2, 70 nodes and 3.2 s before\n"
    checkpoint.path.write_text("{")
    assert checkpoint.read() is None
    assert capsys.readouterr().err == f"{checkpoint.path} is not used: not whole; the search begins anew\n"


def test_lines_of_progress_become_seldom(monkeypatch, capsys):
    from knockflow.base import clock as module

    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    watch, seconds = Watch(), []
    for second in range(600):
        now[0] = float(second)
        watch.tick(None, None)
        if capsys.readouterr().err:
            seconds.append(second)
    assert seconds[:5] == [10, 20, 40, 80, 140]
    assert {late - early for early, late in zip(seconds[5:], seconds[6:], strict=False)} == {60}
