"""What the stages around a search cost, before and now in the same run; writes its part of docs/scale.md.

    python tests/benchmarks/stages.py --results stages.jsonl [--before COMMIT] [--only validate]
    python tests/benchmarks/stages.py --results stages.jsonl --write

Seconds are those of the processor, children included. `--before` names the commit that is compared with; its files are
unpacked beside the project's. What is in the results is not measured again. KNOCKFLOW_DATA names the models' folder.
"""

import argparse
import hashlib
import io
import json
import os
import resource
import runpy
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

from measuring import DOCS, add_rows, read_rows, write_part

ROOT = Path(__file__).resolve().parents[2]
BEFORE = "98b6368"
"""The last commit at which cases shared nothing."""

KINDS = ("optknock", "robustknock", "strong_coupling", "potential", "pfba_optimistic")
CASES = (1, 10, 30, 100)
SHARING = ("EX_succ_e", "EX_ac_e", "EX_etoh_e", "EX_for_e")
DESIGNS = 5, 25
GENOME, YEAST = "iML1515.json.gz", "yeast-GEM.yml.gz"
YEAST_CASE = {"product": "r_2056", "medium": {"r_1714": 10}}
BIOMASS = "BIOMASS_Ec_iML1515_core_75p37M"

FLOOR = """
rule all:
    input: [f"{i}.{j}" for i in range(CASES) for j in range(JOBS)]
rule one:
    output: "{i}.{j}"
    shell: "touch {output}"
"""


def processor(command: list[str], environment: dict[str, str]) -> float:
    """Seconds of the processor that a command takes; its children count, too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def snakemake(root: Path, folder: Path, config: dict, *arguments: str) -> float:
    """Seconds of a run, or of its plan."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "config.json"
    file.write_text(json.dumps(config))
    places = ["--snakefile", str(root / "Snakefile"), "--directory", str(folder), "--configfile", str(file)]
    command = [sys.executable, "-m", "snakemake", *places, "--cores", "1", *arguments]
    return processor(command, {"PYTHONPATH": str(root / "scripts")})


def case(model: str, **changes) -> dict:
    """A case on a model."""
    own = {"model": model, "product": "EX_succ_e", "medium": {"EX_glc__D_e": 10, "EX_o2_e": 0}, "min_growth": 0.05}
    return own | changes


def formulations() -> dict:
    """Five of them."""
    return {kind: {"kind": kind, "max_interventions": 1} for kind in KINDS}


# What is measured -------------------------------------------------------------------------------------------------


def plan(root: Path, folder: Path, count: int) -> float:
    """Planning of cases with five formulations each, all in media of their own."""
    cases = {f"c{number}": case("cobra:textbook", medium={"EX_glc__D_e": 1 + number}) for number in range(count)}
    return snakemake(root, folder, {"cases": cases, "formulations": formulations()}, "--dry-run", "--quiet", "all")


def floor(folder: Path, count: int) -> float:
    """Planning of as many jobs that say nothing."""
    file = folder / "Snakefile"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(f"CASES, JOBS = {count}, 11\n{FLOOR}")
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(file), "--directory", str(folder)]
    return processor([*command, "--cores", "1", "--dry-run", "--quiet", "all"], {})


def curation(root: Path, folder: Path, model: Path, **changes) -> float:
    """Reading and curation of one case, Snakemake included."""
    one = {"kind": "optknock", "max_interventions": 1}
    config = {"cases": {"a": case(str(model), **changes)}, "formulations": {"f": one}}
    return snakemake(root, folder, config, "--until", "curate")


def sharing(root: Path, folder: Path, model: Path, products: tuple[str, ...]) -> float:
    """From the model to the problems of cases that differ in the product."""
    cases = {product: case(str(model), product=product) for product in products}
    one = {"kind": "optknock", "max_interventions": 1}
    return snakemake(root, folder, {"cases": cases, "formulations": {"f": one}}, "--until", "problem")


def made(root: Path, folder: Path, model: Path) -> Path:
    """All cut sets of up to two genes of a model, with its validation; made once."""
    regions = {"suppress": [f"{BIOMASS} >= 0.001"], "max_interventions": 2, "max_designs": "all"}
    config = {
        "cases": {"a": case(str(model), medium={"EX_glc__D_e": 10}, targets={"level": "genes"})},
        "formulations": {"f": {"kind": "mcs"} | regions},
    }
    snakemake(root, folder, config, "--until", "validate")
    return folder / "results/a"


def largest(source: Path, folder: Path, count: int) -> None:
    """The last designs of a list, the largest, as if there were no others."""
    (folder / "f").mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_bytes((source / "model.json").read_bytes())
    header, *rows = (source / "f/designs.tsv").read_text().splitlines(keepends=True)
    (folder / "f/designs.tsv").write_text("".join([header, *rows[-count:]]))
    ranks = {row.split("\t")[0] for row in rows[-count:]}
    header, *rows = (source / "validation.tsv").read_text().splitlines(keepends=True)
    rows = [row for row in rows if row.split("\t")[1] in ranks]
    (folder / "validation.tsv").write_text("".join([header, *rows]))
    record = json.loads((source / "f/record.json").read_text())
    record["outputs"]["designs.tsv"] = hashlib.sha256((folder / "f/designs.tsv").read_bytes()).hexdigest()
    (folder / "f/record.json").write_text(json.dumps(record))


def of_designs(root: Path, folder: Path, stage: str, source: Path) -> dict[str, float]:
    """Seconds of a stage for each design, and without any, from those for few and for more."""
    taken = []
    for count in DESIGNS:
        own = folder / f"{stage}-{count}"
        largest(source, own, count)
        command = [sys.executable, __file__, "--stage", stage, str(root), str(own)]
        taken.append(processor(command, {"PYTHONPATH": str(root / "scripts")}))
    each = (taken[1] - taken[0]) / (DESIGNS[1] - DESIGNS[0])
    return {"each": each, "fixed": taken[0] - DESIGNS[0] * each}


class _Named(list):
    """Files by name and in order, as Snakemake hands them over."""

    def __init__(self, **named) -> None:
        super().__init__(one for part in named.values() for one in (part if isinstance(part, list) else [part]))
        vars(self).update(named)


def run_stage(stage: str, root: str, folder: str) -> None:
    """Run a stage's script of a checkout on the files of a folder, in this process."""
    sys.path.insert(0, f"{root}/scripts")  # before an installed library
    here = Path(folder)
    made_by = {
        "validate": {name: str(here / f"new-{name}.tsv") for name in ("table", "envelope", "fluxes", "predictions")},
        "export": {"folder": str(here / "strains")},
        "certificates": {"folder": str(here / "certificates")},
    }
    job = SimpleNamespace(
        input=_Named(
            model=str(here / "model.json"),
            designs=[str(here / "f/designs.tsv")],
            records=[str(here / "f/record.json")],
            layers=[],
            validation=str(here / "validation.tsv"),
        ),
        output=_Named(**made_by[stage]),
        params=SimpleNamespace(
            formulations=["f"], product="EX_succ_e", min_growth=0.05, cell_objective={}, layers=[], case="a"
        ),
        log=[str(here / "log")],
        rule=stage,
        wildcards=None,
        threads=1,
    )
    runpy.run_path(f"{root}/scripts/{stage}.py", init_globals={"snakemake": job})


# All of it --------------------------------------------------------------------------------------------------------


def unpacked(commit: str, folder: Path) -> Path:
    """The project's files as of a commit."""
    content = subprocess.run(["git", "-C", str(ROOT), "archive", commit], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def jobs(roots: dict[str, Path], data: Path, work: Path, known: Path | None) -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    genome, yeast = data / "models" / GENOME, data / "models" / YEAST
    found: dict[str, Callable[[], object]] = {}
    for count in CASES:
        found[f"floor {count}"] = lambda count=count: floor(work / f"floor-{count}", count)
    for name, root in roots.items():
        for count in CASES:
            at = work / f"{name}-plan-{count}"
            found[f"{name} plan {count}"] = lambda root=root, at=at, count=count: plan(root, at, count)
        at = work / f"{name}-curate"
        found[f"{name} curate"] = lambda root=root, at=at: curation(root, at, genome)
        at = work / f"{name}-yeast"
        found[f"{name} yeast"] = lambda root=root, at=at: curation(root, at, yeast, **YEAST_CASE)
        for count in (1, len(SHARING)):
            at = work / f"{name}-share-{count}"
            found[f"{name} share {count}"] = lambda root=root, at=at, count=count: sharing(
                root, at, genome, SHARING[:count]
            )
    for stage in ("validate", "export", "certificates"):
        for name, root in roots.items():
            at = work / f"{name}-designs"
            found[f"{name} {stage}"] = lambda root=root, at=at, stage=stage: of_designs(
                root, at, stage, known or cut_sets(roots["now"], work, genome)
            )
    return found


def cut_sets(root: Path, work: Path, model: Path) -> Path:
    """The cut sets on which validation and export are measured."""
    source = work / "made/results/a"
    return source if (source / "validation.tsv").is_file() else made(root, work / "made", model)


def table(found: dict[str, object]) -> str:
    """The part of the page."""
    lines = [f"Processor seconds on a machine that others used meanwhile; before is commit {BEFORE}.\n"]
    lines += ["| stage | before, s | now, s | times less |", "| --- | --- | --- | --- |"]
    rows = [
        (f"plan of {CASES[-1]} cases x {len(KINDS)} formulations", f"plan {CASES[-1]}", None),
        ("read and curate iML1515, one case", "curate", None),
        ("read and curate yeast-GEM (4,131 reactions), one case", "yeast", None),
        ("model to problem, iML1515, one product", "share 1", None),
        (f"model to problem, iML1515, {len(SHARING)} products", f"share {len(SHARING)}", None),
        *((f"{stage}, each cut set of two genes, iML1515", stage, "each") for stage in ("validate", "export")),
        *((f"{stage}, the rest of it", stage, "fixed") for stage in ("validate", "export")),
        ("certificates, each cut set", "certificates", "each"),
    ]
    for label, key, part in rows:
        pair = [found.get(f"{name} {key}") for name in ("before", "now")]
        if None not in pair:
            before, now = (one[part] if part else one for one in pair)
            ratio = f"{before / now:.1f}" if now > 1e-3 else "-"
            lines.append(f"| {label} | {before:.3g} | {max(now, 0.0):.3g} | {ratio} |")
    lines += ["", "Plans, beside those of a Snakefile with as many jobs that only touch a file:\n"]
    lines += [
        "| cases | jobs | before, s | now, s | floor, s | times the floor |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for count in CASES:
        numbers = [found.get(f"{name} plan {count}") for name in ("before", "now")] + [found.get(f"floor {count}")]
        if None not in numbers:
            before, now, least = numbers
            lines.append(f"| {count} | {11 * count} | {before:.2f} | {now:.2f} | {least:.2f} | {now / least:.1f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=Path("stages.jsonl"))
    parser.add_argument("--before", default=BEFORE)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--made", type=Path, help="the folder of a case with the cut sets, from an earlier run")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--stage", nargs=3)
    asked = parser.parse_args()
    if asked.stage:
        run_stage(*asked.stage)
        return
    found = {row["job"]: row["seconds"] for row in read_rows(asked.results)}
    if asked.write:
        write_part(DOCS / "scale.md", "stages", f"\n{table(found)}\n")
        return
    data = Path(os.environ["KNOCKFLOW_DATA"])
    with TemporaryDirectory() as folder:
        roots = {"before": unpacked(asked.before, Path(folder) / "before"), "now": ROOT}
        for name, job in jobs(roots, data, Path(folder) / "work", asked.made).items():
            if name in found or (asked.only and not any(word in name for word in asked.only)):
                continue
            began, seconds = time.perf_counter(), job()
            add_rows(asked.results, [{"job": name, "seconds": seconds}])
            print(f"{name}: {seconds} ({time.perf_counter() - began:.0f} s by the clock)", flush=True)


if __name__ == "__main__":
    main()
