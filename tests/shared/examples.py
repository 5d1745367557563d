"""How many random examples a property is tried on: few by default, more where the environment asks."""

import os

TIMES = "KNOCKFLOW_EXAMPLES"


def examples(number: int) -> int:
    """Return how many, `number` times what the variable KNOCKFLOW_EXAMPLES says."""
    return max(1, round(number * float(os.environ.get(TIMES, "1"))))
