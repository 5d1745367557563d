# What type checkers and editors see of `__init__.py`, which loads these on first use.
from knockflow.api import Case as Case
from knockflow.report.designs import Designs as Designs

__version__: str
__all__ = ["Case", "Designs", "__version__"]
