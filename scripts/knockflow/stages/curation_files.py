"""Files that curation reads and writes, for the stage that cases share and for that of a case."""

from collections.abc import Mapping
from pathlib import Path

from knockflow.base.sources import placed
from knockflow.base.tables import GPR
from knockflow.model.gpr_table import rows_of
from knockflow.model.network import Network


def with_files(case: Mapping, files) -> dict:
    """What a case asks of its model, with the files that it names where the stage finds them.

    Parameters
    ----------
    files
        The inputs of the stage: `model`, `heterologous` and `table`, empty where the case names none.
    """
    found = dict(case) | {"model": placed(case["model"], files.model)}
    found["targets"] = case["targets"] | {"table": files.table or None}
    if files.heterologous:
        found["heterologous"] = case["heterologous"] | {"file": files.heterologous}
    return found


def write_gene_cut_sets(path: str | Path, network: Network) -> None:
    """Write the minimal gene cut sets of each reaction's rule, gpr.tsv."""
    GPR.write(path, rows_of(network.reactions, network.written_rules, network.rules))
