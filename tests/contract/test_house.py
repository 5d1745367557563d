"""The rules of the house that a machine can check."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml

from knockflow import __version__
from knockflow.model.formats.yaml_text import Loader

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "scripts/knockflow"
MODULES = sorted(LIBRARY.rglob("*.py"))
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))
RULES = sorted((ROOT / "workflow/rules").glob("*.smk"))

# From the ground up: a room may import only from rooms on a lower floor, and from its neighbours on its own.
FLOORS = [
    {"base"},
    {"language", "formulations", "numerics"},
    {"model"},
    {"problem"},
    {"follower"},
    {"layers", "designs"},
    {"methods", "validation"},
    {"settings"},
    {"stages"},
    {"report"},
    {"api"},
    {"commands", "__main__"},
]
MOST_ROOMS = 14


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("snakefmt", "--check", "Snakefile", "workflow"),
    ],
    ids=" ".join,
)
def test_lint_and_format(command):
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", ["document.py", "typed.py"])
def test_what_is_made_from_the_code_fits_it(script):
    done = subprocess.run([sys.executable, f"workflow/{script}", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def dotted(path: Path) -> str:
    """A module's name below `knockflow`; that of the package itself is empty."""
    return ".".join(path.relative_to(LIBRARY).with_suffix("").parts).removesuffix("__init__").rstrip(".")


def imported(path: Path) -> set[str]:
    """The modules that a module imports by statement, wherever in it the statement stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {part for part in parts if part.removeprefix("knockflow.") in NAMES}
            found |= modules or {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


NAMES = {dotted(path) for path in MODULES}


def own_imports(path: Path) -> set[str]:
    return {name.removeprefix("knockflow.") for name in imported(path) if name.startswith("knockflow.")}


def floor_of(module: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if module.split(".")[0] in rooms)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_point_down_and_never_to_snakemake(path):
    assert not any(name.split(".")[0] == "snakemake" for name in imported(path))
    own = dotted(path) or "base"  # the package itself is imported by all
    for module in own_imports(path):
        assert module in NAMES, f"{own} imports {module}, which is not there"
        assert floor_of(module) <= floor_of(own), f"{own} imports {module}"


def test_every_room_is_on_a_floor_and_there_are_few():
    rooms = {path.name for path in LIBRARY.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms | {"api", "commands", "__main__"} == set().union(*FLOORS)
    assert len(rooms) <= MOST_ROOMS


def test_the_map_shows_every_room_on_its_floor():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `(\w+)(?:\.py)?` \|", page, re.MULTILINE)
    assert {(len(FLOORS) - number, room) for number, rooms in enumerate(reversed(FLOORS)) for room in rooms} == {
        (int(floor), room) for floor, room in rows
    }


def test_no_imports_form_a_circle():
    graph = {dotted(path): own_imports(path) for path in MODULES}
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("path", [*MODULES, *SCRIPTS], ids=lambda path: str(path.relative_to(ROOT / "scripts")))
def test_the_library_is_imported_in_the_one_form_that_the_code_hash_follows(path):
    text = path.read_text()
    assert not re.search(r"^\s*import knockflow", text, re.MULTILINE)
    assert not re.search(r"^\s*from \.", text, re.MULTILINE)


def test_functions_fit_on_a_screen_and_files_have_one_subject():
    for path in [*MODULES, *SCRIPTS]:
        text = path.read_text()
        # What is made from the schema is as long as that.
        assert len(text.splitlines()) <= 400 or path.name == "typed.py", path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < 60, f"{path}: {node.name}"


def rule_texts() -> dict[str, str]:
    texts = {}
    for path in RULES:
        for part in re.split(r"^(?=rule )", path.read_text(), flags=re.MULTILINE)[1:]:
            texts[re.match(r"rule (\w+):", part)[1]] = part
    return texts


@pytest.mark.parametrize(
    ("name", "text"), rule_texts().items(), ids=lambda value: value if value.isidentifier() else ""
)
def test_every_rule_is_complete(name, text):
    for directive in ("log:", "benchmark:", "threads:", "resources:", "conda:", "script:", "code="):
        assert f"    {directive}" in text, directive
    assert re.match(rf'rule {name}:\n    """', text)
    assert f"../../scripts/{name}.py" in text


ALONE = {"check_certificates", "check_layers", "check_proof"}


def test_every_script_is_a_rule():
    # Two scripts serve the rules of all layers' tables, three stand alone.
    assert {path.stem for path in SCRIPTS} == set(rule_texts()) | {"layer", "layer_designs"} | ALONE


def pins(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^\s*(?:- )?([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def test_conda_environments_pin_what_the_lock_pins():
    locked = pins((ROOT / "requirements.lock").read_text())
    files = sorted((ROOT / "envs").glob("*.yaml"))
    assert files
    for path in files:
        own = pins(path.read_text())
        assert own, path
        for name, versions in own.items():
            assert versions <= locked.get(name, set()), f"{path.name}: {name} {versions}"


BY_ANOTHER = {"optlang": "cobra", "libsbml": "cobra", "markupsafe": "jinja2", "sqlalchemy": "equilibrator-api"}
CALLED = {"yaml": "pyyaml", "ruamel": "ruamel-yaml", "equilibrator_cache": "equilibrator-api"}


def reached(files: Iterable[Path]) -> set[str]:
    """Packages of others that some files import, directly or by way of the library."""
    seen, waiting, packages = set(), list(files), set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for module in imported(path):
            parts = module.split(".")
            if parts[0] != "knockflow":
                packages.add(parts[0])
                continue
            folders = (ROOT / "scripts" / Path(*parts[:depth]) for depth in range(1, len(parts) + 1))
            own = [file for one in folders for file in (one / "__init__.py", one.with_suffix(".py"))]
            waiting += [file for file in own if file.is_file()]
    return {name.removeprefix("_") for name in packages - set(sys.stdlib_module_names) - {"snakemake"}}


def by_name(stage: str) -> list[str]:
    """Modules that a stage imports by their names."""
    from knockflow.layers.registry import layers
    from knockflow.methods.registry import METHODS

    searches = [method.module for method in METHODS.values()] if stage in ("design", "part", "seeds") else []
    part = {"problem": "follower", "report": "report"}.get(stage, "strain")
    strains = stage in ("problem", "report", "validate", "export", "certificates", "proof", "read", "curate")
    parts = [part, "evidence"] if stage == "certificates" else [part]
    named = [getattr(layer, one) for layer in layers().values() for one in parts]
    return searches + [one for one in named if strains and one]


def environments() -> dict[str, tuple[str, list[Path]]]:
    """The environment of every stage and every layer's tables, with the files that run in it."""
    from knockflow.layers.registry import layers

    def file(module: str) -> Path:
        path = ROOT / "scripts" / Path(*module.split("."))
        return path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"

    found = {}
    for name, text in rule_texts().items():
        if environment := re.search(r"envs/(\w+)\.yaml", text):
            found[name] = environment[1], [ROOT / f"scripts/{name}.py", *map(file, by_name(name))]
    for layer in layers().values():
        for module in filter(None, (layer.table, layer.designs)):
            found[f"{layer.key} {module.rsplit('.', 1)[-1]}"] = layer.environment, [file(module)]
    return found


@pytest.mark.parametrize(("environment", "files"), environments().values(), ids=list(environments()))
def test_an_environment_has_what_its_stages_import(environment, files):
    there = pins((ROOT / f"envs/{environment}.yaml").read_text())
    for name in reached(files):
        wanted = BY_ANOTHER.get(name) or CALLED.get(name) or name.replace("_", "-")
        assert wanted in there, f"envs/{environment}.yaml: {wanted}, which {files[0].name} imports"


def test_zenodo_says_what_the_citation_says():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    zenodo = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    for theirs, ours in {"title": "title", "version": "version", "license": "license", "keywords": "keywords"}.items():
        assert zenodo[theirs] == citation[ours]
    assert zenodo["description"] == citation["abstract"] and zenodo["upload_type"] == citation["type"]
    assert [one["name"] for one in zenodo["creators"]] == [one["name"] for one in citation["authors"]]
    dois = [one["identifier"] for one in zenodo["related_identifiers"] if one["scheme"] == "doi"]
    assert dois == [one["doi"] for one in citation["references"]]
    assert citation["version"] == __version__


def test_the_first_heading_of_the_changelog_is_of_this_version():
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.fullmatch(rf"{re.escape(__version__)}, (not released|\d{{4}}-\d\d-\d\d)", headings[0])


def test_every_direct_requirement_is_locked():
    locked = pins((ROOT / "requirements.lock").read_text())
    for line in (ROOT / "requirements.in").read_text().splitlines():
        if line and not line.startswith("#"):
            assert line.replace(".", "-") in locked, line


def test_no_path_of_a_machine_is_in_the_project():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    for name in tracked:
        if name.endswith((".lock", "LICENSE")):
            continue
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
        assert str(ROOT.parent) + "/" not in text, name


RUNS_DATA = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "runpy", "code"}
RUNS_TEXT = {"eval", "exec", "compile", "os.system", "os.popen", "yaml.unsafe_load", "yaml.full_load"}


def runs_data(node: ast.AST) -> bool:
    """Whether a piece of code unpickles, evaluates or gives something to a shell."""
    match node:
        case ast.Import(names=names):
            return not RUNS_DATA.isdisjoint(alias.name for alias in names)
        case ast.ImportFrom(module=module):
            return module in RUNS_DATA
        case ast.Call(func=called, keywords=given):
            asked = {one.arg: ast.unparse(one.value) for one in given}
            safe = asked.get("Loader", "Loader") in ("Loader", "yaml.SafeLoader")
            allowed = {asked.get("allow_pickle", "False"), asked.get("shell", "False")}
            return ast.unparse(called) in RUNS_TEXT or not safe or allowed != {"False"}
    return False


def test_no_code_is_run_from_data():
    """And YAML has no tags of Python: the one loader of our own is a safe one."""
    for path in [*MODULES, *SCRIPTS]:
        found = [node.lineno for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if runs_data(node)]
        # The checkers share their code without an environment.
        assert len(found) == path.name.startswith("check_"), (path, found)
    assert issubclass(Loader, yaml.SafeLoader | yaml.CSafeLoader)


def test_yaml_files_are_valid():
    for path in [*ROOT.glob("envs/*.yaml"), *ROOT.glob("profiles/*/*.yaml"), *ROOT.glob("config/*.yaml")]:
        assert yaml.safe_load(path.read_text())


def test_the_image_copies_what_is_there_and_makes_the_environment_by_the_projects_own_command():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY")]
    assert all((ROOT / name).exists() for names in copied for name in names)
    assert "RUN make env" in lines
    first = copied[0] + copied[1] + copied[2]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    wanted = re.search(r"^\$\(READY\): (.*)$", makefile, re.MULTILINE)[1].split()
    assert set(wanted) <= set(first), "the environment is made before the rest is copied"
