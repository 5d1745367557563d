"""What certificates of a case's designs say, for the page."""

import json
from dataclasses import dataclass
from pathlib import Path

from knockflow.base.errors import FileError
from knockflow.base.terminal import counted

FOLDER = "certificates"


@dataclass(frozen=True)
class Certificates:
    """How many designs of a formulation, its first ones, have a certificate, or why none has."""

    count: int = 0
    none: str = ""

    def __str__(self) -> str:
        return self.none or f"{counted(self.count, 'design')} proven"

    def holds(self, rank: str) -> bool:
        """Whether the design of a rank has one."""
        return int(rank) <= self.count


def certified(folder: Path, formulation: str) -> Certificates:
    """What is certified of a formulation.

    Raises
    ------
    FileError
        If there is no such file, or it is not whole.
    """
    path = folder / FOLDER / f"{formulation}.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8").partition("\n")[2])
        return Certificates(0, content["none"]) if content["none"] else Certificates(len(content["designs"]))
    except (OSError, ValueError, KeyError) as error:
        raise FileError(f"{path}: not a certificate: {error}") from error
