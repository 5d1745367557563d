"""A zip with the same bytes for the same content: sorted, without times, and checked by a list of hashes in it."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from knockflow.base.files import write_bytes

CHECKSUMS = "checksums.sha256"
"""Reads as `sha256sum --check` does."""

_FIRST_OF_ALL = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can say
_PLAIN, _PROGRAM = 0o644, 0o755


def pack(path: str | Path, files: Mapping[str, Path], texts: Mapping[str, str]) -> int:
    """Write files and texts by their names into a zip, with their folders and hashes; the number of files."""
    content = {name: (file.read_bytes(), file.stat().st_mode & 0o100) for name, file in files.items()}
    content |= {name: (text.encode(), 0) for name, text in texts.items()}
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, (data, _) in sorted(content.items()))
    content[CHECKSUMS] = "".join(lines).encode(), 0
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in _folders(content):
            archive.writestr(_entry(name, _PROGRAM), b"")
        for name, (data, program) in sorted(content.items()):
            archive.writestr(_entry(name, _PROGRAM if program else _PLAIN), data)
    write_bytes(path, buffer.getvalue())
    return len(content)


def _folders(names: Iterable[str]) -> list[str]:
    """The names of all folders that files are in, as a zip has them."""
    return sorted({f"{folder}/" for name in names for folder in map(str, Path(name).parents) if folder != "."})


def _entry(name: str, permissions: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIRST_OF_ALL)
    entry.create_system = 3  # permissions are those of Unix
    kind = 0o040000 if name.endswith("/") else 0o100000
    entry.external_attr = (kind | permissions) << 16
    entry.compress_type = zipfile.ZIP_STORED if name.endswith("/") else zipfile.ZIP_DEFLATED
    return entry
