"""Files of arrays by name (`.npz`) that hold the hash of their content: equal content, equal bytes."""

import hashlib
import io
import zlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from knockflow.base.errors import FileError
from knockflow.base.files import write_bytes


def digest(arrays: dict[str, np.ndarray]) -> str:
    """SHA-256 of arrays with their names, types and shapes."""
    hashed = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        hashed.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        hashed.update(array.tobytes())
    return hashed.hexdigest()


def save_arrays(path: str | Path, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays with their hash."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, hash=np.array(digest(arrays)), **arrays)
    write_bytes(path, buffer.getvalue())


def load_arrays(path: str | Path, what: str) -> dict[str, np.ndarray]:
    """Read what `save_arrays` has written; nothing is unpickled.

    Parameters
    ----------
    what
        What the file is, for the message: `problem file`.

    Raises
    ------
    FileError
        If the file is missing or not whole, or its hash does not fit its content.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise FileError(f"{path}: not a whole {what} ({error}); delete it and run again") from error
    if str(arrays.pop("hash", "")) != digest(arrays):
        raise FileError(f"{path}: its hash does not fit its content; delete it and run again")
    return arrays
