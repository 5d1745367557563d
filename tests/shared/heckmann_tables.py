"""The turnover numbers, masses and complexes of iML1515 by Heckmann et al. 2020, as the layer takes them.

The tables are those of COBREXA.jl (docs/src/examples/data, Apache-2.0), which the folder of test data has. A row whose
name ends in `_b` is of the reverse direction; a reaction without one has the same number both ways.
"""

import csv
from collections.abc import Iterator
from pathlib import Path


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open() as file:
        yield from csv.DictReader(file, delimiter="\t")


def written(data: Path, folder: Path) -> dict[str, str]:
    """The three tables in a folder, by the layer's keys."""
    kcats = {row["reaction"]: row["kcat"] for row in _rows(data / "enzyme/iML1515_reaction_kcat.tsv")}
    texts = {
        "kcats": ["reaction\tdirection\tkcat_per_s"],
        "masses": ["gene\tmw_kda"],
        "subunits": ["reaction\tisozyme\tgene\tstoichiometry"],
    }
    for name, number in kcats.items():
        way = "reverse" if name.endswith("_b") else "forward" if f"{name}_b" in kcats else "both"
        texts["kcats"].append(f"{name.removesuffix('_b')}\t{way}\t{number}")
    for row in _rows(data / "enzyme/iML1515_gp_mass.tsv"):
        texts["masses"].append(f"{row['gene_product']}\t{row['mass']}")
    for row in _rows(data / "enzyme/iML1515_isozyme_gp.tsv"):
        texts["subunits"].append(f"{row['reaction']}\t{row['isozyme']}\t{row['gene_product']}\t{row['stoichiometry']}")
    paths = {key: folder / f"{key}.tsv" for key in texts}
    for key, lines in texts.items():
        paths[key].write_text("\n".join([*lines, ""]))
    return {key: str(path) for key, path in paths.items()}
