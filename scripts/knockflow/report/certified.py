"""What certificates of a case's designs say, for the page."""

import json
from pathlib import Path

from knockflow.base.errors import FileError
from knockflow.base.terminal import counted

FOLDER = "certificates"


def certified(folder: Path, formulation: str) -> str:
    """How many designs of a formulation have a certificate, or why none has.

    Raises
    ------
    FileError
        If there is no such file, or it is not whole.
    """
    path = folder / FOLDER / f"{formulation}.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8").partition("\n")[2])
        return content["none"] or f"{counted(len(content['designs']), 'design')} proven"
    except (OSError, ValueError, KeyError) as error:
        raise FileError(f"{path}: not a certificate: {error}") from error
