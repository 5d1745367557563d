"""The commands that pages show, and what runs each of them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "config/README.md", "tests/README.md", "tests/benchmarks/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
BLOCK = re.compile(r"^```(sh)?\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
PROGRAMS = ("snakemake ", "make ", "python ", "python3 ", "git ", "cp ", "source ", "sed ", "head ", ".venv/bin/")
INLINE = re.compile(rf"`((?:{'|'.join(map(re.escape, PROGRAMS))})[^`]+)`")

RUN_BY = {
    r"python -m knockflow (new|check|explain) .*": "tests/workflow/test_page_commands.py::test_what_to_expect_is_said",
    r"(python -m knockflow compare|snakemake .*--directory safer|sed|head|source) .*"
    r"|snakemake --cores all( archive)? --configfile my-config.yaml"
    r"|python3 scripts/check_certificates.py results": "tests/workflow/test_page_commands.py::test_the_tutorial",
    r"python3 scripts/check_proof.py results": (
        "tests/workflow/test_certificates.py::test_every_design_is_proven_by_python_alone"
    ),
    r"snakemake --cores (all|1) (--directory NAME )?--configfile config/examples/\w+.yaml": (
        "tests/workflow/test_page_commands.py::test_an_example_runs_and_all_its_designs_are_verified"
    ),
    r"snakemake --configfile my-config.yaml --report snakemake.html": (
        "tests/workflow/test_module.py::test_it_finds_the_same_there_and_reports_with_captions"
    ),
    r"snakemake --cores all --configfile my-config.yaml --until design": (
        "tests/workflow/test_interrupted_run.py::test_ctrl_c_says_the_best_so_far_and_the_same_command_goes_on"
    ),
    r"snakemake --snakefile .*": "tests/workflow/test_default_run.py::test_the_default_run",
    r"snakemake --cores 1 --directory .test": "tests/workflow/test_catalog.py::test_the_test_run_of_the_catalog",
    r"snakemake --unlock": "tests/workflow/test_workflow.py::test_a_killed_run_leaves_nothing_that_counts",
    r"snakemake --logger knockflow": "tests/workflow/test_module.py",
    r"snakemake --cores 1 results/CASE/thermodynamics.tsv": "tests/workflow/test_thermodynamics_run.py",
    r"make docs": "tests/contract/test_house.py::test_what_is_made_from_the_code_fits_it",
    r"make outputs": "tests/workflow/test_page_code.py::test_a_page_shows_what_its_python_prints",
    r"make notebook": "tests/workflow/test_page_code.py::test_jupyter_runs_the_notebook_to_the_same_outputs",
    r"make site": "tests/workflow/test_built_site.py::test_pages_load_nothing_from_elsewhere_and_links_have_targets",
    r"make [\w-]+( PYTHON=\S+)?": "tests/contract/test_commands_of_pages.py::test_every_target_of_make_is_there",
}
"""Tests by what they run, as patterns for a whole command; the first that fits counts."""

NOT_RUN = {
    r"snakemake --profile profiles/slurm.*": "needs a cluster",
    r"git clone .*|cp -r /from/anywhere.*": "places that stand for the reader's own",
    r"(\.venv/bin/)?python tests/benchmarks/\w+.py.*": "takes hours; the pages that it writes say so",
    r"make another .*|python -m knockflow|\.venv/bin/python": "names of programs",
}
"""Why some are not."""


def said(line: str) -> list[str]:
    """The commands of a line, without a prompt and a comment."""
    bare = re.sub(r"\s+#.*", "", line.removeprefix("$ ")).strip()
    return [part.strip() for part in bare.split("&&") if part.strip().startswith(PROGRAMS)]


def commands() -> dict[str, list[str]]:
    """The pages of each command."""
    found: dict[str, list[str]] = {}
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        lines = [line for block in BLOCK.findall(text) for line in block[1].splitlines()]
        outside = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        outside = re.sub(r"(?<!\n)\n(?!\n)", " ", outside)  # a command may go on in the next line
        for command in [part for line in [*lines, *INLINE.findall(outside)] for part in said(line)]:
            found.setdefault(command, []).append(str(path.relative_to(ROOT)))
    return found


def told(page: str) -> list[tuple[list[str], str]]:
    """The commands of a page, block by block, with what they say there."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        (block.splitlines(), output) for language, block, output in BLOCK.findall(text) if language == "sh" and block
    ]
