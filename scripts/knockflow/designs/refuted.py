"""Lists that a proof has refuted: it was to show that no design is better, and found one."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

from knockflow.base.errors import FileError


def refuted(proofs: Iterable[str | Path]) -> list[str]:
    """A line for each list that has a better design than its best one; `{case}/proof/{formulation}.json.gz`.

    Raises
    ------
    FileError
        If a file is no proof.
    """
    better = {Path(path): _better(Path(path)) for path in proofs}
    return [
        f"{path.parents[1].name}, {path.name.removesuffix('.json.gz')}: refuted by its proof: {said}"
        for path, said in better.items()
        if said
    ]


def _better(path: Path) -> str:
    try:
        return json.loads(gzip.decompress(path.read_bytes()).partition(b"\n")[2])["better"]
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise FileError(f"{path}: not a proof: {error}") from error
