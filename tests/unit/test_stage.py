"""The wrapper of a stage: one clean line for what a user can mend, a traceback for a defect, no outputs left."""

import errno
import logging
import os
import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

from knockflow.base.errors import ConfigError
from knockflow.base.stage import discard, stage

pytestmark = pytest.mark.usefixtures("logging_as_before")


@pytest.fixture
def job(tmp_path):
    """A job that has already written one of its two outputs."""
    (tmp_path / "one.tsv").write_text("half")
    return SimpleNamespace(
        log=[str(tmp_path / "logs" / "stage.log")], output=[str(tmp_path / "one.tsv"), str(tmp_path / "two.tsv")]
    )


def log_of(job) -> list[str]:
    with open(job.log[0], encoding="utf-8") as file:
        return file.read().splitlines()


def test_what_goes_well_leaves_its_outputs_and_its_log(job, tmp_path):
    with stage(job) as log:
        log.info("%d targets", 3)
        logging.getLogger("knockflow.search").info("from below")
    assert (tmp_path / "one.tsv").exists()
    assert [line.split(" ", 2)[2] for line in log_of(job)] == ["INFO 3 targets", "INFO from below"]


def test_an_error_that_a_user_can_mend_is_one_line_and_exit_1(job, tmp_path):
    with pytest.raises(SystemExit) as end, stage(job):
        raise ConfigError("cases.core: unknown key `x`")
    assert end.value.code == 1
    lines = log_of(job)
    assert len(lines) == 1
    assert lines[0].endswith("ERROR cases.core: unknown key `x`")
    assert not (tmp_path / "one.tsv").exists()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "not enough memory; fewer jobs at once"),
        (ImportError("x.so: failed to map segment from shared object"), "not enough memory (x.so: failed to map"),
        (OSError(errno.ENOSPC, "No space left on device", "out.tsv"), "out.tsv: No space left on device; make room"),
        (PermissionError(errno.EACCES, "Permission denied", "out.tsv"), "out.tsv: Permission denied; make room"),
    ],
)
def test_what_the_machine_lacks_is_no_defect(job, tmp_path, capsys, error, said):
    with pytest.raises(SystemExit) as end, stage(job):
        raise error
    assert end.value.code == 1 and not (tmp_path / "one.tsv").exists()
    assert said in log_of(job)[0] and len(log_of(job)) == 1
    assert capsys.readouterr().err.startswith(f"ERROR {said}")


def test_a_log_that_cannot_be_written_is_told(job, tmp_path, capsys):
    (tmp_path / "logs").write_text("a file in the place of the folder")
    with pytest.raises(SystemExit) as end, stage(job):
        raise AssertionError("it does not begin")
    assert end.value.code == 1
    assert "File exists" in capsys.readouterr().err


def test_a_defect_keeps_its_traceback_and_exits_1(job, tmp_path):
    with pytest.raises(SystemExit) as end, stage(job):
        raise KeyError("lost")
    assert end.value.code == 1
    text = "\n".join(log_of(job))
    assert "a defect in Knockflow" in text
    assert "Traceback" in text
    assert "KeyError: 'lost'" in text
    assert not (tmp_path / "one.tsv").exists()


def test_a_defect_with_a_folder_as_output_is_in_the_log_and_on_the_terminal(job, tmp_path, capsys):
    folder = tmp_path / "strains"
    (folder / "optknock").mkdir(parents=True)
    (folder / "optknock" / "best.xml").write_text("half")
    job.output = [str(folder)]
    with pytest.raises(SystemExit), stage(job):
        raise TypeError("invalid null reference")
    assert "TypeError: invalid null reference" in "\n".join(log_of(job))
    assert "TypeError: invalid null reference" in capsys.readouterr().err
    assert not folder.exists()


def test_what_cannot_be_removed_does_not_hide_the_error(job, monkeypatch):
    monkeypatch.setattr("pathlib.Path.unlink", lambda *_, **__: (_ for _ in ()).throw(PermissionError("no")))
    with pytest.raises(SystemExit), stage(job):
        raise KeyError("lost")
    assert "KeyError: 'lost'" in "\n".join(log_of(job))


ABORTS = """
import os, sys
from types import SimpleNamespace
from knockflow.base.stage import stage
def calls_a_library():
    os.abort()
with stage(SimpleNamespace(log=[sys.argv[1]], output=[])):
    calls_a_library()
"""


def test_an_abort_by_a_library_is_told_by_the_log(job):
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "scripts")}
    done = subprocess.run([sys.executable, "-c", ABORTS, job.log[0]], env=environment, capture_output=True)
    assert done.returncode == -6
    assert "Aborted" in "\n".join(log_of(job))
    assert "calls_a_library" in "\n".join(log_of(job))


def test_ctrl_c_while_a_script_imports_leaves_no_traceback():
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "scripts")}
    program = "import knockflow.base.stage; raise KeyboardInterrupt"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (-2, "")


def test_warnings_of_libraries_go_to_the_log(job):
    with stage(job), warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("this model is odd", stacklevel=1)
    assert any("this model is odd" in line and "WARNING" in line for line in log_of(job))


def test_a_new_run_begins_a_new_log(job):
    for word in ("first", "second"):
        with stage(job) as log:
            log.info(word)
    assert [line.split()[-1] for line in log_of(job)] == ["second"]


def test_outputs_that_were_never_written_are_no_trouble(tmp_path):
    (tmp_path / "a").write_text("")
    discard([str(tmp_path / "a"), str(tmp_path / "b")])
    assert list(tmp_path.iterdir()) == []


def test_the_line_is_on_the_terminal_too(job, capsys):
    with pytest.raises(SystemExit), stage(job):
        raise ConfigError("cases.core: unknown key `x`")
    assert "unknown key `x`" in capsys.readouterr().err
