"""Copies of a cell side by side, such as zones, as certificates have them: every row and flux of it, copy by copy.

The copies have the cell's rows under other names. What differs between them is written down: bounds of some copies,
and the rows and fluxes that connect them.
"""

from collections.abc import Mapping
from fractions import Fraction

from cobra import Model

from knockflow.base.errors import ModelError
from knockflow.layers.in_strain import COPIES_NOTE, in_parts
from knockflow.numerics.exact_rows import ExactRow
from knockflow.validation.layer_rows import ended

Ends = tuple[float, float]


class Copied:
    """The copies of a model's cell.

    Parameters
    ----------
    model
        One cell, with its layers.
    whole
        The model of all copies (`knockflow.layers.in_strain.in_parts`).

    Attributes
    ----------
    marks
        What follows an id of the cell in each copy.
    """

    def __init__(self, model: Model, whole: Model):
        self._copies: Mapping[str, list[tuple[str, float]]] = whole.notes[COPIES_NOTE]
        name, first = next(iter(self._copies.items()))
        self.marks = [copy.removeprefix(name) for copy, _ in first]
        if any([copy for copy, _ in own] != [one + mark for mark in self.marks] for one, own in self._copies.items()):
            raise ModelError("the copies of a cell are not called by its ids with one mark for each copy")
        self._of = {copy: one for one, own in self._copies.items() for copy, _ in own}
        self._bounds = {one.id: (ended(one.lower_bound), ended(one.upper_bound)) for one in whole.reactions}
        alone = {one.id: (ended(one.lower_bound), ended(one.upper_bound)) for one in model.reactions}
        self._own = [one for one, ends in self._bounds.items() if one not in self._of or alone[self._of[one]] != ends]
        cell = {one.id + mark for one in model.metabolites for mark in self.marks}
        self._between = {
            one.id: {reaction.id: reaction.metabolites[one] for reaction in sorted(one.reactions, key=lambda r: r.id)}
            for one in whole.metabolites
            if one.id not in cell
        }

    @classmethod
    def of(cls, model: Model) -> "Copied | None":
        """The copies in which strains of a model live; None where they are one cell."""
        whole = in_parts(model)
        return None if whole is model else cls(model, whole)

    def written(self) -> dict:
        """What a certificate has of them: `copies` are the marks, `between` their own bounds, and fluxes and rows."""
        keys = "id", "lower_bound", "upper_bound"
        columns = [dict(zip(keys, (name, *self._bounds[name]), strict=True)) for name in self._own]
        rows = {name: [own, 0, 0] for name, own in self._between.items()}
        return {"copies": self.marks, "between": {"columns": columns, "rows": rows}}

    def rows(self, rows: Mapping[str, ExactRow]) -> dict[str, ExactRow]:
        """The rows of all copies, from those of the cell, and what is between them."""
        found = {
            name + mark: ExactRow({one + mark: value for one, value in row.entries.items()}, row.lower, row.upper)
            for mark in self.marks
            for name, row in rows.items()
        }
        zero = Fraction(0)
        return found | {
            name: ExactRow({one: Fraction(repr(float(value))) for one, value in own.items()}, zero, zero)
            for name, own in self._between.items()
        }

    def bounds(self) -> dict[str, Ends]:
        """The bounds of all fluxes."""
        return dict(self._bounds)

    def changed(self, changed: Mapping[str, Ends]) -> dict[str, Ends]:
        """The bounds that a design changes in all copies, from those that it changes in the cell."""
        return {copy: changed[one] for copy, one in self._of.items() if one in changed}

    def entries(self, coefficients: Mapping[str, float]) -> dict[str, float]:
        """A linear function of fluxes of the cell as the mean of its copies, by their shares."""
        found: dict[str, float] = {}
        for name, value in coefficients.items():
            for copy, share in self._copies[name]:
                found[copy] = found.get(copy, 0.0) + share * value
        return found
