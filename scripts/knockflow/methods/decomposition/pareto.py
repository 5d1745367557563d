"""Pareto-optimal dual cuts: of all optimal prices at a design, those whose cut is strongest at the core point.

All cuts of a program's optimal prices are equally strong at the design; at the core point they differ where the optimum
is degenerate, which it mostly is in metabolism. Prices that are optimal with the bounds moved a share s of the way from
the design to the core point minimize  (1 - s) f(design) + s f(core)  over all prices. If their cut is tight at the
design, too, then they minimize f(core) among the optimal ones: the auxiliary program of Magnanti and Wong (1981,
doi:10.1287/opre.29.3.464) in its primal form. So s falls until the cut is tight.
"""

from collections.abc import Collection

import numpy as np

from knockflow.methods.decomposition.cuts import ROUNDING, Cut
from knockflow.methods.decomposition.price_programs import PriceProgram

SHARES = (1e-2, 1e-4, 1e-6)
"""Shares of the way to the core point, tried one after the other."""


def sharpest(program: PriceProgram, effects: Collection[int], holding: np.ndarray) -> Cut | None:
    """The Pareto-optimal cut of a program that has just been solved after some effects.

    `holding` is the core point. The classic cut, if none that is tight at the design is found to be stronger.
    """
    classic = program.cut(effects)
    if classic is None or not classic.restored:
        return classic
    best, optimum = classic, program.lp.value
    for share in SHARES:
        moved = {column: share * (1 - holding[effect]) for column, effect in program.closed(effects).items()}
        if program.maximum(effects, moved) is None:
            continue
        cut = program.cut(effects)
        if cut is not None and cut.bound <= optimum + 3 * ROUNDING * max(1.0, abs(optimum)):
            best = min(best, cut, key=lambda one: one.at(holding))
            break
    program.maximum(effects)
    return best
