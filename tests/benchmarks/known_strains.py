"""Strains that were built, as the model sees them, beside what Knockflow finds: the table of docs/known-strains.md.

    python tests/benchmarks/known_strains.py

iJO1366 on 10 mmol/gDW/h of glucose, without oxygen or with 15 of it. Strains are in known_strains.tsv; genes that
the model does not have are named. Knockflow's design removes as many reactions as the strain has lost, but at most
three, by `robustknock`. It takes a few minutes.
"""

from pathlib import Path

import pandas as pd
from measuring import DOCS, write_part

from knockflow import Case

HERE = Path(__file__).resolve().parent
MEDIA = {"anaerobic": {"EX_glc__D_e": 10, "EX_o2_e": 0}, "aerobic": {"EX_glc__D_e": 10, "EX_o2_e": 15}}
MOST = 3
SECONDS = 300
HEADER = (
    "| strain, product | deleted | the paper reports | these genes, in the model | their reactions, in the model | "
    "Knockflow's best |\n| --- | --- | --- | --- | --- | --- |\n"
)


def case_of(product: str, medium: str) -> Case:
    """iJO1366 in a medium."""
    return Case("cobra:iJO1366", product=product, medium=MEDIA[medium], min_growth=0.05)


def by_genes(case: Case, genes: str) -> tuple[list[str], str]:
    """The deletions of a strain that the model knows, by locus, and all of them in words."""
    known, words = {gene.id for gene in case.model.genes}, []
    loci = dict(one.split("=") for one in genes.split(";"))
    for name, locus in loci.items():
        words.append(name if locus in known else f"{name} (not in the model)")
    return [f"-{locus}" for locus in loci.values() if locus in known], ", ".join(words)


def responding(case: Case, changes: list[str]) -> str:
    """Growth and product range of a strain, as a cell of the table."""
    found = case.respond(changes)
    growth = 0.0 if found is None else found["growth_per_h"]
    if not growth >= case.options["min_growth"]:
        return f"grows {max(growth, 0.0):.3f}"
    least, most = found["product_min_mmol_per_gdw_h"], found["product_max_mmol_per_gdw_h"]
    product = f"{least:.2f}" if most - least < 0.005 else f"{least:.2f} to {most:.2f}"
    return f"{product} at growth {growth:.3f}"


def best(case: Case, count: int) -> str:
    """The design that guarantees most with as many removed reactions."""
    designs = case.design("robustknock", max_interventions=count, max_designs=1, time_limit_s=SECONDS)
    if not designs or not designs[0].interventions:
        return f"none with {count}"
    first = designs[0]
    how = "" if designs.record["proven"] else "; not proven"
    made = f"at least {first.value:.2f} at growth {first.growth:.3f}"
    return f"{', '.join(first.interventions)}: {made} ({count}{how})"


def line(case: Case, row: pd.Series, known: dict[tuple, str]) -> str:
    """A strain's line of the table; `known` has the designs that were found already."""
    reactions = row.reactions.split(";")
    genes, deleted = by_genes(case, row.genes)
    asked = row.product, row.medium, min(MOST, len(reactions))
    if asked not in known:
        known[asked] = best(case, asked[-1])
    cells = [f"{row.strain}, `{row.product}`", deleted, f"{row.made} ({row.paper})", responding(case, genes)]
    cells += [responding(case, reactions), known[asked]]
    text = f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"
    print(text, end="", flush=True)
    return text


def main() -> None:
    """Measure, and write the table."""
    strains = pd.read_csv(HERE / "known_strains.tsv", sep="\t")
    known: dict[tuple, str] = {}
    lines = []
    for (product, medium), rows in strains.groupby(["product", "medium"], sort=False):
        case = case_of(product, medium)
        lines += [line(case, row, known) for row in rows.itertuples()]
    write_part(DOCS / "known-strains.md", "table", HEADER + "".join(lines))


if __name__ == "__main__":
    main()
