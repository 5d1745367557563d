"""Genes that a published screen has found to be essential, as a user's table names them, and those that a model has."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from knockflow.base.errors import FileError, nearest, suggestion
from knockflow.base.files import read_table
from knockflow.language.ids import gene_in, gene_name

BY_ID, BY_NAME = "id", "name"
MOST_SHOWN = 3


def essential_genes(asked: Mapping, path: str | Path, genes: Mapping[str, str]) -> list[dict[str, str]]:
    """The genes of a model that a table of essential ones names.

    Parameters
    ----------
    asked
        What the key `essential_genes` of a case says: `column`, `named_by` and `source`.
    path
        The table; other columns of it count for nothing.
    genes
        The model's genes: the name of each by its id in model.json; empty where it has none.

    Returns
    -------
    list of dict
        Rows of essential_genes.tsv, by id.

    Raises
    ------
    FileError
        If there is no such table or column, a cell of these is empty, or it names no gene of the model.
    """
    rows = _rows(asked, path)
    found: dict[str, list[str]] = {}
    for row in rows:
        for gene in _called(genes, row[asked["column"]].strip(), asked["named_by"]):
            found.setdefault(gene, []).append(row[asked["source"]].strip())
    if not found:
        raise FileError(f"{path}: {_no_match([row[asked['column']].strip() for row in rows], genes, asked)}")
    return [
        {
            "gene": gene_name(gene),
            "name": _other_name(gene, genes[gene]),
            "source": "; ".join(dict.fromkeys(found[gene])),
        }
        for gene in sorted(found)
    ]


def _other_name(gene: str, name: str) -> str:
    """A gene's name, unless it only repeats the id."""
    return "" if name == gene else name


def _rows(asked: Mapping, path: str | Path) -> list[dict[str, str]]:
    rows = read_table(path, [], ours=False)
    if not rows:
        raise FileError(f"{path}: no gene stands in it; write one a line below a header")
    for key in ("column", "source"):
        if asked[key] not in rows[0]:
            known = ", ".join(rows[0])
            near = suggestion(asked[key], rows[0])
            raise FileError(
                f"{path}: no column `{asked[key]}`{near}; its columns are {known}, and `essential_genes.{key}` says "
                f"which one {'has the genes' if key == 'column' else 'says where each was found to be essential'}"
            )
    for line, row in enumerate(rows, start=2):
        for key in ("column", "source"):
            if not row[asked[key]].strip():
                raise FileError(f"{path}: line {line} has nothing in the column `{asked[key]}`")
    return rows


def _called(genes: Mapping[str, str], word: str, named_by: str) -> list[str]:
    """The ids of a model's genes that a word names; several genes may have one name."""
    if named_by == BY_ID:
        gene = gene_in(genes, word)
        return [gene] if gene else []
    return [gene for gene, name in genes.items() if name and name.casefold() == word.casefold()]


def _no_match(words: Sequence[str], genes: Mapping[str, str], asked: Mapping) -> str:
    """What to say of a table none of whose genes the model has."""
    other = BY_NAME if asked["named_by"] == BY_ID else BY_ID
    elsewhere = sum(bool(_called(genes, word, other)) for word in words)
    said = f"none of its {len(words)} genes, such as `{words[0]}`, is the {asked['named_by']} of a gene of the model"
    if elsewhere:
        return f"{said}, but {elsewhere} of them are {other}s: write `essential_genes.named_by: {other}`"
    known = [name for name in (genes if asked["named_by"] == BY_ID else genes.values()) if name]
    if not known:
        return f"{said}, whose genes have no {asked['named_by']}s"
    near = next((found for word in words[:100] if (found := nearest(word, known, MOST_SHOWN))), [])
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return f"{said}{hint} The model has {', '.join(sorted(known)[:MOST_SHOWN])} ..."
