"""What cases have in common that ask the same of a model but the product, and what a product adds to it.

A product that is an exchange, written outwards and open, changes nothing in the curated model: what curation says of it
are the growth that goes with it and its largest flux. That takes no COBRApy, and three linear programs.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from knockflow.base.errors import FileError
from knockflow.base.files import read_json, write_json
from knockflow.model.finding import CHANGE, INFO, Finding, flux
from knockflow.model.network import Network
from knockflow.numerics.program import LinearProgram, distinct, matrix_of
from knockflow.numerics.simplex import LP, Verdict

GROWS = 1e-6
"""1/h, or mmol/gDW/h of a product; below it there is no growth, and nothing is made."""


@dataclass(frozen=True)
class Common:
    """The curation of a model for cases that differ in the product.

    Attributes
    ----------
    findings
        In the order of curation.tsv; none where curation without the product fails.
    usual
        The largest bound of the model that is one (mmol/gDW/h); 0 where bounds stood for none.
    whole
        Whether the product was part of it, so that nothing is to be added.
    """

    findings: tuple[Finding, ...] = ()
    usual: float = 0.0
    whole: bool = False

    def write(self, path: str | Path) -> None:
        """Write it as JSON."""
        write_json(path, asdict(self))


def read_common(path: str | Path) -> Common:
    """Read what `Common.write` has written."""
    content = read_json(path)
    try:
        found = Common(**content)
        return replace(found, findings=tuple(Finding(**one) for one in content["findings"]))
    except (KeyError, TypeError) as error:
        raise FileError(f"{path}: not what `read` writes ({error}); delete the file and run again") from error


def largest_made(product: str, value: float | None, more: str = "") -> Finding:
    """What curation says of a product that can be made: its largest flux without growth (mmol/gDW/h)."""
    why = f"largest product flux without growth{more} (mmol/gDW/h)"
    return Finding(product, "product", INFO, "" if value is None else flux(value), "", why)


def with_products(common: Common, network: Network, products: Sequence[str], min_growth: float) -> list[Finding] | None:
    """The findings of a case with these products; None where only curation as a whole can tell.

    Parameters
    ----------
    common, network
        What cases have in common: findings, and the model as it was curated without a product.
    products
        Their ids, as the case names them.
    min_growth
        1/h.
    """
    if common.whole:
        return list(common.findings)
    grown = [place for place, one in enumerate(common.findings) if one.check == "growth"]
    if len(grown) != 1 or common.findings[grown[0]].severity != INFO or not common.usual:
        return None
    if any(one.check == "objective" for one in common.findings):
        return None
    if not all(_changes_nothing(common, network, product) for product in products):
        return None
    made = _largest(network, products, min_growth, common.usual) if products else []
    if made is None:
        return None
    at = grown[0] + 1
    own = [largest_made(product, value) for product, value in zip(products, made, strict=True)]
    return [*common.findings[:at], *own, *common.findings[at:]]


def _changes_nothing(common: Common, network: Network, product: str) -> bool:
    """Whether a product is an exchange that is open and written outwards, and that curation has left alone."""
    number = network.index().get(product)
    if number is None or not network.boundary(number) or product == network.biomass:
        return False
    turned = any(
        one.item == product and one.severity == CHANGE and not one.before.startswith("[") for one in common.findings
    )
    outwards = network.stoichiometry[number][0][1] < 0
    return outwards and not turned and network.upper[number] > 0


def _largest(network: Network, products: Sequence[str], min_growth: float, usual: float) -> list[float] | None:
    """Largest flux of each product; None where bounds alone limit one, or one is not made, or not with growth."""
    index = network.index()
    endless = np.where(network.lower <= -usual, -np.inf, network.lower)
    unlimited = endless, np.where(network.upper >= usual, np.inf, network.upper)
    growing = network.lower.copy()
    growing[index[network.biomass]] = max(growing[index[network.biomass]], min_growth)
    lower, upper = network.lower, network.upper
    lp, found = LP(_program(network, lower, upper)), []
    for own in ((lower, upper), (growing, upper), unlimited):
        for column in np.flatnonzero((own[0] != lower) | (own[1] != upper)).tolist():
            lp.set_column(column, own[0][column], own[1][column])
        lower, upper = own
        values = _each_largest(lp, [index[product] for product in products])
        if values is None:
            return None
        found.append(values)
    return found[0]


def _each_largest(lp: LP, columns: Sequence[int]) -> list[float] | None:
    """The largest value of each of some columns; None where one has none, or next to none."""
    values = []
    for column in columns:
        goal = np.zeros(lp.n)
        goal[column] = 1.0
        lp.set_objective(goal, maximize=True)
        if lp.solve() is not Verdict.OPTIMAL or lp.value <= GROWS:
            return None
        values.append(lp.value)
    return values


def _program(network: Network, lower: np.ndarray, upper: np.ndarray) -> LinearProgram:
    """All steady states within bounds."""
    entries: list[list[tuple[int, float]]] = [[] for _ in network.reactions]
    for number, row in enumerate(network.rows):
        for reaction, value in row.coefficients.items():
            entries[reaction].append((number, float(value)))
    return LinearProgram(
        rows=distinct(row.name for row in network.rows),
        row_lower=np.array([row.lower for row in network.rows], float),
        row_upper=np.array([row.upper for row in network.rows], float),
        columns=network.reactions,
        lower=lower,
        upper=upper,
        matrix=matrix_of(entries, len(network.rows)),
        integer=np.zeros(len(network.reactions), bool),
    )
