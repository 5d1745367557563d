"""The mixed-integer solvers that a configuration asks for: whether they are installed."""

from collections.abc import Mapping

from knockflow.methods.registry import METHODS
from knockflow.numerics.mip_programs import SOLVERS
from knockflow.settings.unnamed import named


def missing_solvers(config: Mapping) -> list[str]:
    """A line for each formulation of a checked configuration whose mixed-integer solver is not installed here."""
    lines = []
    asked = {name for case in config["cases"].values() for name in case["formulations"] or config["formulations"]}
    for name in sorted(asked):
        options = config["formulations"][name]
        solver = options["solver"] or "cbc"
        if METHODS[named(options)].solver and not SOLVERS[solver].is_there:
            lines.append(f"formulations.{name}.solver: {solver} is not installed; {SOLVERS[solver].install}")
    return lines
