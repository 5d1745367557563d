"""The recordings of the terminal in the docs: short, whole, and with what matters last."""

import re
import subprocess
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/terminal.md"


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
    assert done and int(re.search(r"(\d+)/(\d+)", done[-1])[1]) < int(re.search(r"/(\d+)", done[-1])[1])
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


def test_make_env_says_how_long_it_takes_and_shows_pip_at_work():
    plan = subprocess.run(["make", "-n", "-B", "env"], cwd=PAGE.parents[1], capture_output=True, text=True).stdout
    lines = plan.splitlines()
    told = [number for number, line in enumerate(lines) if "about two minutes" in line]
    assert told and told[0] < next(number for number, line in enumerate(lines) if "pip install" in line)
    (packages,) = (line for line in lines if "-r requirements.lock" in line)
    assert "--quiet" not in packages and "--require-hashes" in packages
