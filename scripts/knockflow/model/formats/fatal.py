"""Files at which the library that reads them would end the process."""

from collections.abc import Callable

from knockflow.base.errors import ModelError
from knockflow.base.trial import fatal


def refuse_if_fatal(read: Callable[[], object], kind: str, library: str) -> None:
    """Read a file in a copy of this process first.

    Raises
    ------
    ModelError
        If that ends the copy.
    """
    end = fatal(read)
    if end:
        raise ModelError(f"cannot be read as {kind}: it ends {library}, which would read it ({end}); it is damaged")
