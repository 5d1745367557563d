"""Strain design by bilevel optimization: the library behind the Knockflow workflow.

`from knockflow import Case` is all that a notebook needs; see `knockflow.api`.
"""

from importlib import import_module

from knockflow.base.terminal import end_quietly, told_by_run

__version__ = "0.1.0"

__all__ = ["Case", "Designs", "__version__"]


# A job of a run may get Ctrl-C while it still imports.
if told_by_run():
    end_quietly()


def __getattr__(name: str):
    """What a person calls, loaded on first use.

    Every stage imports this package and hashes what it imports by statement, so `api` is imported by its name.
    """
    if name in ("Case", "Designs"):
        return getattr(import_module("knockflow.api"), name)
    raise AttributeError(f"module 'knockflow' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
