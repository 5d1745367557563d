"""The numbers that decide what counts as equal, zero or feasible; each stage uses these and no others."""

import math

GROWTH_FLOOR = 1 - 1e-8
"""Share of the maximal objective that a state of the growth response must reach (search and validation alike)."""

FEASIBILITY = 1e-9
"""Primal and dual tolerance of the LP engines, and the slack granted to a minimum growth."""

ACTIVE_FLUX = 1e-9
"""mmol/gDW/h up to which a flux may be an error of the engine: it counts only if a balance needs it."""

NOISE = 1e-12
"""mmol/gDW/h up to which a flux, or what a balance lacks, is explained by rounding."""

THRESHOLD = 1e-4
"""mmol/gDW/h (1/h for growth) by which a flux must exceed the level of a regulatory rule to count as beyond it.

In one column with bounds of 1000 a smaller number is lost in the arithmetic of linear programs.
"""

REDUCED_COST = 1e-7
"""From which a reduced cost counts as nonzero, so that its column is fixed on the optimal face."""

BLOCKED_FLUX = 1e-9
"""mmol/gDW/h up to which the whole flux range of a reaction counts as zero."""

VALUE = 1e-5
"""Relative difference (absolute below 1) up to which two values of designs are equal."""

LARGEST_NUMBER = 1e9
"""The largest number, in either direction, that a configuration may hold: sums of larger ones are blurred."""

VERIFIED = 1e-4
"""Relative difference (absolute below 1) up to which a re-evaluation confirms a claim."""


def reached(value: float, digits: int = 4) -> float:
    """A largest value rounded down to some digits after the point, so that what it is asked for can be reached."""
    return math.floor(value * 10**digits) / 10**digits


def close(left: float, right: float, tolerance: float = VALUE) -> bool:
    """|left - right| <= tolerance * max(1, |left|)."""
    return abs(left - right) <= tolerance * max(1.0, abs(left))


def close_or_neither(left: float | None, right: float | None, tolerance: float = VALUE) -> bool:
    """As `close`; no value, such as a yield without uptake, None or nan, is close to none only."""
    missing = [value is None or math.isnan(value) for value in (left, right)]
    return all(missing) if any(missing) else close(left, right, tolerance)


def below(left: float, right: float, tolerance: float = VALUE) -> bool:
    """Strictly less, by more than the tolerance."""
    return left < right - tolerance * max(1.0, abs(right))
