"""Strains that were built, as the model sees them, beside what Knockflow finds: the table of docs/known-strains.md.

    python tests/benchmarks/known_strains.py [--only STRAIN ...] [--results FILE] [--limit SECONDS]

Strains are in known_strains.tsv, reactions that they have from elsewhere in known_strains_pathways.tsv and
config/bdo.tsv. E. coli is iJO1366, yeast iMM904, each on 10 mmol/gDW/h of glucose. Genes that the model does not have
are named. Every strain is evaluated by COBRApy. Knockflow's design removes as many reactions as the strain has lost,
but at most three, by `robustknock`; `--limit` ends a search. It takes an hour; `--results` keeps what was measured.
"""

import argparse
import os
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from measuring import DOCS, add_rows, read_rows, write_part

from knockflow import Case
from knockflow.validation import reevaluation
from knockflow.validation.strain import changed

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PATHWAYS = HERE / "known_strains_pathways.tsv", ROOT / "config/bdo.tsv"
GLUCOSE = 10
STEROLS = dict.fromkeys(("ergst", "zymst", "hdcea", "ocdca", "ocdcea", "ocdcya"), 1)
UPTAKES = {
    "anaerobic": {"o2": 0},
    "aerobic": {"o2": 15},
    "aerobic, fed for valine": {"o2": 15, "leu__L": 0.3, "ile__L": 0.2, "pnto__R": 0.01},
    "aerobic, fed for threonine": {"o2": 15, "met__L": 0.2, "lys__L": 0.3},
    "yeast, aerobic": {"o2": 20},
    "yeast, anaerobic": {"o2": 0} | STEROLS,
}
"""Largest uptakes (mmol/gDW/h) beside glucose; what a strain cannot make is fed, as much as growth needs of it."""

MOST = 3
SEEN, VERDICT = 3, 7
"""Columns of the table: what of a row was read in a source, and the verdict."""

MORE = 0.005
"""Yields (mol/mol) that differ by less count as equal."""

HEADER = (
    "| strain, product, medium | deleted | the paper reports | where that was seen | wild type | "
    "these genes, in the model | their reactions, in the model | is the model right? | Knockflow's best |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
)


@dataclass(frozen=True)
class Found:
    """What a model says of a strain: growth (1/h), product at maximal growth (mol per mol glucose), coupling."""

    growth: float
    least: float
    most: float
    coupling: str

    def __str__(self) -> str:
        if not self.grows:
            return f"grows {max(self.growth, 0.0):.3f}"
        product = f"{self.least:.2f}" if self.most - self.least < MORE else f"{self.least:.2f} to {self.most:.2f}"
        return f"{product} at growth {self.growth:.3f}, {self.coupling}"

    @property
    def grows(self) -> bool:
        return self.growth >= 0.05 - 1e-9


def case_of(row: pd.Series, folder: str) -> Case:
    """The model of a strain in its medium, with the reactions that it has from elsewhere."""
    medium = {"EX_glc__D_e": GLUCOSE} | {f"EX_{name}_e": most for name, most in UPTAKES[row.medium].items()}
    options = {"product": row.product, "medium": medium, "min_growth": 0.05, "substrate": "EX_glc__D_e"}
    if row.added:
        table = pd.concat([pd.read_csv(file, sep="\t", dtype=str, keep_default_na=False) for file in PATHWAYS])
        file = Path(folder, f"{row.product}.tsv")
        table[table.reaction.isin(row.added.split(";"))].to_csv(file, sep="\t", index=False)
        options["heterologous"] = {"file": str(file)}
    own = Path(os.environ.get("KNOCKFLOW_DATA", ""), "models", f"{row.model}.json.gz")
    bundled = row.model == "iJO1366"
    return Case("cobra:iJO1366" if bundled else str(own) if own.is_file() else f"bigg:{row.model}", **options)


def evaluated(case: Case, changes: list[str]) -> Found:
    """A strain by COBRApy, on the curated model."""
    model, made = case.model, {case.options["product"]: 1.0}
    question = reevaluation.question_of(model, made, case.options["min_growth"], {})
    reevaluation.prepare(model)
    with changed(model, ";".join(changes)) as strain:
        found = reevaluation.evaluate(strain, question)
    ends = [found[f"product_{end}_mmol_per_gdw_h"] / GLUCOSE + 0 for end in ("min", "max")]
    return Found(found["growth_per_h"], *ends, found["coupling"])


def by_genes(case: Case, genes: str) -> tuple[list[str], str]:
    """The deletions of a strain that the model knows, by locus, and all of them in words."""
    known, words = {gene.id for gene in case.model.genes}, []
    loci = dict(one.split("=") for one in genes.split(";"))
    for name, locus in loci.items():
        words.append(name if locus in known else f"{name} (not in the model)")
    return [f"-{locus}" for locus in loci.values() if locus in known], ", ".join(words)


def verdict(row: pd.Series, wild: Found, strain: Found) -> str:
    """What became of the prediction from the reactions that were closed."""
    measured = float(row.yield_mol_per_mol or "nan")
    if not strain.grows:
        said, right = "it does not grow", row.makes == "no growth"
    elif row.makes == "no growth":
        said, right = "it grows", False
    elif strain.least > max(wild.least, 0) + MORE:
        said, right = "more is made, for sure", row.makes == "yes"
    elif strain.most > wild.most + MORE:
        said, right = "more is possible, none is sure", None
    else:
        said, right = "no more than the wild type", row.makes == "no"
    if right and strain.most < 0.7 * measured:
        said, right = f"{said}, and much less than measured", None
    word = {True: "yes", False: "**no**", None: "half"}[right]
    return f"{word}: {said}"


def best(case: Case, count: int, limit: int) -> str:
    """The design that guarantees most with as many removed reactions, as COBRApy finds it again."""
    designs = case.design("robustknock", max_interventions=count, max_designs=1, time_limit_s=limit)
    how = "" if designs.record["proven"] else f", not proven in {limit} s"
    if not designs or not designs[0].interventions:
        return f"none with {count}{how}"
    found = evaluated(case, list(designs[0].interventions))
    assert abs(found.least * GLUCOSE - designs[0].value) < 1e-4, (found, designs[0])
    return f"{', '.join(f'`{one}`' for one in designs[0].interventions)}: {found} ({count}{how})"


def asked_of(row: pd.Series) -> str:
    """What Knockflow is asked beside a strain; strains with one product share it."""
    return f"{row.product}, {row.medium}, {min(MOST, len(row.reactions.split(';')))}"


def measured(row: pd.Series, case: Case, known: dict[str, str], limit: int) -> dict:
    """What the model says of a strain; `known` has the designs that were found already."""
    reactions = row.reactions.split(";")
    genes, deleted = by_genes(case, row.genes)
    asked = asked_of(row)
    if asked not in known:
        known[asked] = best(case, min(MOST, len(reactions)), limit)
    strains = {"wild": [], "genes": genes, "reactions": [f"-{name}" for name in reactions]}
    found = {name: asdict(evaluated(case, changes)) for name, changes in strains.items()}
    return {"strain": row.strain, "deleted": deleted, **found, "best": known[asked]}


def cells(row: pd.Series, told: dict) -> list[str]:
    """A strain's line of the table."""
    wild, genes, strain = (Found(**told[name]) for name in ("wild", "genes", "reactions"))
    first = [f"{row.strain}, `{row.product}`, {row.medium}", told["deleted"], f"{row.made} ({row.paper})", row.seen]
    return [*first, str(wild), str(genes), str(strain), verdict(row, wild, strain), told["best"]]


def counted(rows: list[list[str]]) -> str:
    """How many lines of the table have which verdict."""
    said = Counter(row[VERDICT].partition(":")[0].strip("*") for row in rows)
    return ", ".join(f"{word} {said[word]}" for word in ("yes", "half", "no")) + "."


def main() -> None:
    """Measure, and write the table once every strain is measured."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="+", metavar="STRAIN")
    options.add_argument("--limit", type=int, metavar="SECONDS", default=900)
    options.add_argument("--results", type=Path, metavar="FILE", default=Path(os.devnull))
    asked = options.parse_args()
    strains = pd.read_csv(HERE / "known_strains.tsv", sep="\t", dtype=str, keep_default_na=False)
    done = {row["strain"]: row for row in read_rows(asked.results)}
    known = {asked_of(row): done[row.strain]["best"] for row in strains.itertuples() if row.strain in done}
    with tempfile.TemporaryDirectory() as folder:
        for row in strains.itertuples():
            if row.strain in done or row.strain not in (asked.only or list(strains.strain)):
                continue
            done[row.strain] = measured(row, case_of(row, folder), known, asked.limit)
            print(*cells(row, done[row.strain]), sep="\n  ", flush=True)
            add_rows(asked.results, [done[row.strain]])
    if set(strains.strain) <= set(done):
        rows = [cells(row, done[row.strain]) for row in strains.itertuples()]
        lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in rows]
        seen = [row for row in rows if not row[SEEN].startswith("not seen")]
        count = f"\nIs the model right of these {len(rows)} strains? {counted(rows)} "
        count += f"And of the {len(seen)} of which something was seen? {counted(seen)}\n"
        write_part(DOCS / "known-strains.md", "table", HEADER + "".join(lines) + count)


if __name__ == "__main__":
    main()
