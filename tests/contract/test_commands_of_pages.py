"""Every command of the documents is run by a test, or it is said why not; every configuration in them is whole."""

import re
import subprocess
import sys

import pytest
import yaml
from page_commands import NOT_RUN, PAGES, ROOT, RUN_BY, commands

from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema

COMMANDS = commands()
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BASE = {"model": "cobra:textbook", "product": "EX_succ_e"}


def pattern_for(command: str) -> str | None:
    return next((one for one in (*NOT_RUN, *RUN_BY) if re.fullmatch(one, command)), None)


def test_there_are_commands():
    assert len(COMMANDS) > 40


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_run_by_a_test_or_it_is_said_why_not(command):
    assert pattern_for(command), f"{command}: {COMMANDS[command]}; name its test in tests/shared/page_commands.py"


def test_the_tests_that_are_named_are_there_and_each_pattern_serves():
    used = {pattern_for(command) for command in COMMANDS}
    assert used >= set(RUN_BY) and used >= set(NOT_RUN)
    for test in RUN_BY.values():
        file, _, name = test.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in text, test


def test_every_target_of_make_is_there():
    targets = {command.split()[1] for command in COMMANDS if command.startswith("make ") and "." not in command}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert targets <= known, targets - known
    told = set(re.findall(r"^# (?:make ([\w-]+))", makefile, re.MULTILINE))
    assert told <= known
    planned = subprocess.run(["make", "-n", *sorted(known - {"env"})], cwd=ROOT, capture_output=True, text=True)
    assert planned.returncode == 0, planned.stderr


def test_the_python_of_a_page_has_all_its_names(tmp_path):
    """What is run in full only by the long tests is at least no guess: names are made or imported before their use."""
    for path in PAGES:
        blocks = re.findall(r"^```python\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        if blocks and path.name != "architecture.md":
            name = str(path.relative_to(ROOT)).replace("/", "__").removesuffix(".md")
            (tmp_path / f"{name}.py").write_text("\n".join(blocks), encoding="utf-8")
    assert len(list(tmp_path.iterdir())) > 15
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "F", str(tmp_path)]
    done = subprocess.run(ruff, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def whole(text: str) -> dict | None:
    """A configuration of what a page shows: whole as it is, or with what is around it; None for another file."""
    found = yaml.safe_load(text)
    if "default-resources" in found:
        return None
    if "cases" in found:
        return found | {"formulations": found.get("formulations", {"best": {"kind": "optknock"}})}
    if "formulations" in found:
        return {"cases": {"case": BASE}} | found
    if set(found) <= {"suppress", "protect"}:
        return whole(yaml.safe_dump({"cut": {"kind": "mcs"} | found}))
    if all("kind" in one for one in found.values() if isinstance(one, dict)) and "kind" in next(iter(found.values())):
        return {"cases": {"case": BASE}, "formulations": found}
    case = found if {"targets", "layers", "heterologous", "essential_genes"} & set(found) else {"layers": found}
    return {"cases": {"case": BASE | case}, "formulations": {"best": {"kind": "optknock"}}}


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param(path.name, block, id=f"{path.name}-{number}")
        for path in PAGES
        for number, block in enumerate(YAML.findall(path.read_text(encoding="utf-8")))
        if path.name != "architecture.md"
    ],
)
def test_what_is_shown_of_a_configuration_fits_the_schema(page, text):
    config = whole(text)
    assert config is None or checked(config, read_schema(), page)


@pytest.mark.parametrize("path", sorted((ROOT / "config/examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_an_example_fits_the_schema_and_is_in_a_page(path):
    assert checked(yaml.safe_load(path.read_text(encoding="utf-8")), read_schema(), path.name)
    assert any(f"config/examples/{path.name}" in page.read_text(encoding="utf-8") for page in PAGES), path.name
