"""What layers make of a cell beside bounds and rows, for check_certificates.py: variants, and copies side by side.

A design has a certificate in each variant of the model, such as a scenario; what counts of them is plain arithmetic.
Copies of the cell, such as zones, have all rows of the model, and some that connect them.
"""

import math
import runpy
from pathlib import Path

BESIDE = runpy.run_path(str(Path(__file__).with_name("check_certificates.py")))
RANGES = BESIDE["RANGES"]


class Layered(BESIDE["_Certificates"]):
    """Certificates of designs whose cell is not one linear program."""

    def __init__(self, path, text):
        super().__init__(path, text)
        self.cells = [self._cell(one) for one in self.own.get("variants", [{}])]
        self.own, self.rows, self.reactions = self.cells[0]
        self.found = []

    def _cell(self, variant):
        """What is certified, with the rows and reactions of a variant, copy by copy."""
        bounds, rows = variant.get("bounds", {}), {name: (dict(one), *ends) for name, (one, *ends) in self.rows.items()}
        for name, coefficients in variant.get("coefficients", {}).items():
            for metabolite, factor in coefficients.items():
                rows[metabolite][0][name] = factor
        rows |= variant.get("rows", {})
        ends = {name: dict(zip(("lower_bound", "upper_bound"), own, strict=True)) for name, own in bounds.items()}
        reactions = {name: one | ends.get(name, {}) for name, one in self.reactions.items()}
        layers = {name: own for name, own in self.own["layers"].items() if name not in bounds}
        return self.own | {"layers": layers}, *self._side_by_side(rows, reactions)

    def _side_by_side(self, rows, reactions):
        marks, between = self.own.get("copies"), self.own.get("between")
        if marks is None:
            return rows, reactions
        copied = {name + mark: one | {"of": name} for mark in marks for name, one in reactions.items()}
        copied |= {one["id"]: copied.get(one["id"], {}) | one for one in between["columns"]}
        of_all = {
            name + mark: ({one + mark: factor for one, factor in entries.items()}, *ends)
            for mark in marks
            for name, (entries, *ends) in rows.items()
        }
        return of_all | between["rows"], copied

    def _check_value(self, own, row, one):
        self.found, designs = [], one["variants"] if "variants" in own else [one]
        for cell, design in zip(self.cells, designs, strict=True):
            self.own, self.rows, self.reactions = cell
            super()._check_value(self.own, row, design)
        for number, (column, _) in enumerate(self.found[: len(self.found) // len(self.cells)]):
            values = [value for _, value in self.found[number :: len(self.found) // len(self.cells)]]
            super()._near(self._counting(sorted(values), column), row, column)

    def _near(self, proven, row, column):
        self.found.append((column, proven))

    def _counting(self, values, column):
        """Of the sorted values in all variants what counts: of growth the least, else the worst, mean or quantile."""
        judged = self.own.get("judged", {"by": "worst"})
        if column not in RANGES or judged["by"] == "worst":
            return values[0]
        if judged["by"] == "mean":
            return sum(values) / len(values)
        return values[max(1, math.ceil(judged["quantile"] * len(values))) - 1]
