"""The recordings of the terminal in the docs: short, whole, and with what matters last; and what `make env` says."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/terminal.md"


def recordings() -> dict[str, list[str]]:
    """The first recording of each section, as lines without the command."""
    found = {}
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        block = re.search(r"^```\n\$ [^\n]*\n(.*?)\n```$", section, re.DOTALL | re.MULTILINE)
        if block:
            found[section.split("\n")[0]] = block[1].splitlines()
    return found


def test_the_default_run_is_told_in_forty_lines_and_ends_with_the_answer():
    lines = recordings()["A good run"]
    assert len(lines) <= 40
    assert all(line.isprintable() for line in lines)
    done = [line for line in lines if re.match(r"\[ ?\d+/\d+\] ", line)]
    assert [line[1:3].strip() for line in done] == [str(number) for number in range(1, len(done) + 1)]
    assert done and f"/{len(done)}] " in done[-1]
    assert lines[-1].startswith("The report is ")
    assert any("Proven" in line and "by genes: same" in line for line in lines)


def test_an_error_is_the_last_word():
    lines = recordings()["A wrong id"]
    assert lines[-2].startswith("Log: ") and lines[-1].startswith("ERROR ")


def test_after_ctrl_c_the_same_command_goes_on():
    lines = recordings()["Ctrl-C, and going on"]
    assert any("best so far" in line for line in lines)
    assert any(line.startswith("The same command goes on from here") for line in lines)
    assert any("continues from a checkpoint" in line for line in lines)


def test_make_env_says_how_long_it_takes_and_installs_what_is_pinned():
    plan = subprocess.run(["make", "-n", "-B", "env"], cwd=ROOT, capture_output=True, text=True).stdout
    lines = plan.splitlines()
    told = [number for number, line in enumerate(lines) if "about two minutes" in line]
    steps = [number for number, line in enumerate(lines) if "workflow/install.py" in line]
    assert told and len(steps) == 3 and told[0] < steps[0]
    assert not any("pip install" in line for line in lines)
    assert all("--require-hashes" in lines[number] for number in steps[:2])


@pytest.fixture
def installing(tmp_path, monkeypatch):
    """The script that installs, with a stand-in for pip: Python that runs the text it is given."""
    found = runpy.run_path(str(ROOT / "workflow/install.py"))
    patched = found["install"].__globals__
    patched |= {"EVERY": 0.3, "PIP": [sys.executable, "-u", "-c"], "LOG": tmp_path / "pip.log"}
    return patched


def test_an_installation_moves_without_walls_of_text(installing, capfd):
    wall = "import time; print('Collecting a==1'); print('  Downloading\\n' * 500); time.sleep(1)"
    assert installing["install"]([wall]) == 0
    out, err = capfd.readouterr()
    assert err == "" and 1 <= len(out.splitlines()) <= 4
    assert "packages fetched, " in out.splitlines()[0]
    assert installing["LOG"].read_text().count("\n  Downloading") == 500


def test_an_installation_that_fails_says_what_pip_said(installing, capfd):
    fails = "import sys; print('ERROR: no such wheel'); print('noise\\n' * 100); sys.exit(1)"
    assert installing["install"]([fails]) == 1
    out, err = capfd.readouterr()
    assert out == "" and err.startswith("ERROR: no such wheel") and "pip failed" in err
    assert len(err.splitlines()) < 20


def test_an_installation_counts_what_is_pinned(installing):
    pinned, stage = installing["pinned"], installing["stage"]
    count = pinned(["--require-hashes", "-r", str(ROOT / "requirements.lock")])
    assert 50 < count < 200
    said = ["Collecting a==1 (from -r x (line 1))\n", "Processing a.whl (from -r x (line 1))\n", "  Using cached a\n"]
    assert stage(said, count) == f"1 of {count} packages fetched"
    assert "unpacking" in stage(["Installing collected packages: a\n"], count)
