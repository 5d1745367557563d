"""How one number of a design is made of those that it has by several followers.

    worst     min over k of x_k
    mean      (x_1 + ... + x_n) / n
    quantile  the m-th smallest of x_1, ..., x_n with m = max(1, ceil(q n)), the inverse of their empirical distribution

All three are monotone: where no x_k rises, neither does what is made of them. So numbers that the x_k do not exceed
give one that the design's own does not exceed. A quantile of 0 is the worst, one of 1 the best; one of q is reached by
all followers but less than q n of them, and lies below a goal as soon as m of the followers do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, fsum


@dataclass(frozen=True)
class Judge:
    """A way to judge a design: `by` is `worst`, `mean` or `quantile`, which has the quantile 0 <= q <= 1."""

    by: str = "worst"
    quantile: float = 0.0

    def of(self, values: Sequence[float]) -> float:
        """What is made of the values by each follower, of which there is at least one."""
        if self.by == "mean":
            return fsum(values) / len(values)
        return sorted(values)[self.place(len(values))]

    def place(self, count: int) -> int:
        """How many of so many values lie before the one that counts, in rising order; a mean has no such place."""
        q = Fraction(repr(float(self.quantile))) if self.by == "quantile" else Fraction(0)
        return max(1, ceil(q * count)) - 1

    def as_worst(self, count: int) -> bool:
        """Whether the least of so many values is what counts."""
        return count == 1 or (self.by != "mean" and not self.place(count))


WORST = Judge()
"""The least of all."""
