"""The commands that pages show are run as they stand there, and say what stands there."""

import re
import shlex
import subprocess

import pytest
from browser import faults_of, installed, open_browser
from page_commands import commands, told
from workspace import ROOT, Workspace

from knockflow.commands import main

EXAMPLES = sorted(path.stem for path in (ROOT / "config/examples").glob("*.yaml"))
SHORT = "python -m knockflow"
NEW = next(one for one in commands() if one.startswith(f"{SHORT} new --model cobra:textbook") and "level" in one)


def test_what_to_expect_is_said(tmp_path, monkeypatch, capsys):
    """The commands that take no run, in the order of the README; what the tutorial shows of them is what they say."""
    monkeypatch.chdir(tmp_path)
    shown = {block[0]: output for block, output in told("docs/tutorial.md") if len(block) == 1}
    for command in (NEW, f"{SHORT} check my-config.yaml", f"{SHORT} explain max_interventions"):
        assert command in commands()
        assert main(shlex.split(command)[3:]) == 0
        said = capsys.readouterr().out
        assert said == shown.get(command, said)


@pytest.mark.long
@pytest.mark.workflow
def test_the_tutorial(tmp_path):
    """All of its commands, in order, in a copy of the project."""
    space = Workspace.make(tmp_path, {})
    for block, output in told("docs/tutorial.md"):
        done = subprocess.run(
            ["bash", "-ec", "\n".join(["export PATH=$PWD/.venv/bin:$PATH", *block[block[0].startswith("source") :]])],
            cwd=space.root,
            env=space.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        # Runs that differ end `compare` with 1, as `diff` does.
        assert done.returncode == (1 if "compare" in block[-1] else 0), done.stdout
        said = [line.rstrip() for line in done.stdout.splitlines()]
        assert [line for line in map(str.rstrip, output.splitlines()) if line not in said] == [], block
    assert (space.root / "results.crate.zip").is_file()


@pytest.mark.long
@pytest.mark.workflow
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_and_all_its_designs_are_verified(tmp_path, name):
    space = Workspace.make(tmp_path, {})
    command = [space.python, "-m", "snakemake", "--cores", "2", "--configfile", f"config/examples/{name}.yaml"]
    done = subprocess.run(command, cwd=space.root, env=space.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ of \d+ designs verified", (space.root / "results/answer.txt").read_text())
    assert (space.root / "results/check.txt").is_file()
    if installed():
        browser = open_browser(tmp_path / "profile")
        try:
            assert faults_of(browser, (space.root / "results/report.html").as_uri()) == []
        finally:
            browser.quit()
    if name == "butanediol":
        assert_what_the_page_of_interventions_does_in_cobrapy(space)


def assert_what_the_page_of_interventions_does_in_cobrapy(space):
    """The Python of docs/interventions.md, which reads the results of this example."""
    page = (ROOT / "docs/interventions.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]
    done = subprocess.run(
        [space.python, "-c", code], cwd=space.root, env=space.environment, capture_output=True, text=True
    )
    printed = [float(number) for number in re.findall(r"\d+\.\d{6}", done.stdout)]
    shown = [float(number) for number in re.findall(r"\d+\.\d{6}", code)]
    assert printed == pytest.approx(shown, abs=2e-5), done.stderr


def test_the_examples_are_the_ones_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("## Beyond the defaults")[1].split("\n## ")[0]
    named = set(
        re.findall(r"`(\w+)`", " ".join(row.split("|")[3] for row in re.findall(r"^\|.*\|.*\|.*\|$", table, re.M)))
    )
    assert set(EXAMPLES) <= named
