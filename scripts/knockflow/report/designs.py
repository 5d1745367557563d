"""What a search has found, as Python shows it: a list of designs, each of which can be asked for more."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Protocol, overload

from pandas import DataFrame

from knockflow.base.errors import ConfigError
from knockflow.base.files import cell
from knockflow.base.tables import DESIGNS, PRODUCTS
from knockflow.designs.claims import Claims
from knockflow.designs.summary import reason_of
from knockflow.language.products import asked_in, written
from knockflow.report.flux_map import has_map
from knockflow.report.plotted import Figure, bars, envelopes, fluxes, front
from knockflow.report.printed import Checks, as_columns, as_html
from knockflow.report.words import WILD_TYPE, unit_of
from knockflow.settings.schema import default_of
from knockflow.stages.design import Found
from knockflow.stages.told_by_layers import told_by_layers
from knockflow.validation.strain import bounds_of, changes_of

PLOTS = ("guarantees", "envelopes", "front", "fluxes")
MOST_DRAWN = 6


class Asked(Protocol):
    """The case that designs are of."""

    options: dict
    findings: list
    model: Any

    def respond(self, changes: Any = ()) -> dict:
        """What the cell does after some changes."""

    def labelled(self, text: str) -> str:
        """An intervention with the names of its genes beside their ids."""

    def checked(self, claim: Claims) -> list[dict]:
        """Rows of validation.tsv."""

    def contributions(self, claim: Claims) -> list[dict]:
        """Rows of products.tsv."""

    def envelope(self, interventions: str) -> list[dict]:
        """Product range against growth."""

    def fluxes(self, interventions: str) -> dict[str, float]:
        """Fluxes of the state that a guarantee is about."""


@dataclass(frozen=True, repr=False)
class DesignRow:
    """One design of a list: a row of designs.tsv, whose columns it has by name, `row["cost"]`, and in short.

    Attributes
    ----------
    case : Case
        The case that it is for.
    columns : dict
        The row by column, numbers not rounded.
    """

    case: Asked
    columns: dict

    @property
    def rank(self) -> int:
        """Place in the list; 1 is the best."""
        return self.columns["rank"]

    @property
    def interventions(self) -> tuple[str, ...]:
        """What is changed, as tables write it: `("-ACALD", "-PYK")`; empty for the wild type."""
        return self.columns["interventions"]

    @property
    def cost(self) -> float:
        """Sum of the targets' costs."""
        return self.columns["cost"]

    @property
    def value(self) -> float | None:
        """What the formulation maximizes, mmol/gDW/h (`optcouple`: 1/h); None for cut sets."""
        return self.columns["value_mmol_per_gdw_h"]

    @property
    def growth(self) -> float | None:
        """Largest growth, 1/h."""
        return self.columns["growth_per_h"]

    @property
    def product(self) -> tuple[float | None, float | None]:
        """The least and the most product at largest growth, mmol/gDW/h."""
        return self.columns["product_min_mmol_per_gdw_h"], self.columns["product_max_mmol_per_gdw_h"]

    @property
    def guaranteed(self) -> float | None:
        """The least product at every growth from min_growth up, mmol/gDW/h."""
        return self.columns["product_min_at_min_growth_mmol_per_gdw_h"]

    @property
    def product_yield(self) -> float | None:
        """The least product per substrate over the response, mol/mol."""
        return self.columns["yield_min_mol_per_mol"]

    def respond(self, more: tuple[str, ...] = ()) -> dict:
        """What the cell does after these interventions, and `more`; as `Case.respond`."""
        return self.case.respond([*self.interventions, *more])

    def keys(self) -> list[str]:
        """The names of the columns; with them, `dict(row)` is the row."""
        return list(self.columns)

    def __getitem__(self, column: str):
        return self.columns[column]

    @property
    def name(self) -> str:
        """The interventions in a line, genes with their names."""
        return ", ".join(map(self.case.labelled, self.interventions)) or WILD_TYPE

    def cells(self) -> tuple[str, ...]:
        """The columns that fit a screen, as text."""
        least, most = map(cell, self.product)
        return str(self.rank), self.name, cell(self.value), cell(self.growth), f"{least} to {most}"

    def __repr__(self) -> str:
        rank, name, value, growth, product = self.cells()
        return f"<Design {rank}: {name}; value {value}, growth {growth}, product {product}>"

    def _repr_html_(self) -> str:
        return as_html([HEAD, self.cells()])


HEAD = ("rank", "interventions", "value", "growth", "product")


@dataclass(frozen=True, repr=False)
class Designs:
    """The designs that a search has found for a case, best first: it can be indexed, sliced and iterated.

    Attributes
    ----------
    case : Case
        The case.
    found : Found
        Rows and record as the search hands them over.

    Examples
    --------
    >>> best = designs[0]
    >>> best.interventions, best.growth, best.product
    >>> [design.guaranteed for design in designs]
    >>> designs[:3].validate()
    >>> designs.plot("envelopes").save("envelopes.svg")
    """

    case: Asked
    found: Found

    @property
    def table(self) -> list[dict]:
        """The rows of designs.tsv, best first; interventions as a tuple, numbers not rounded."""
        return [{name: row[name] for name in DESIGNS.names} for row in self.found.rows]

    @property
    def record(self) -> dict:
        """The content of record.json: status, proof, what was run."""
        return self.found.record

    @property
    def reason(self) -> str:
        """Why there is no design but the wild type, or why the list is not proven; empty where it is."""
        return reason_of(self.record, map(asdict, self.case.findings))

    def to_frame(self) -> DataFrame:
        """The table as a pandas DataFrame."""
        return DESIGNS.frame(self.table)

    def of_layers(self) -> dict[str, DataFrame]:
        """What the case's layers tell of each design, by COBRApy: a DataFrame by layer, as `KEY_designs.tsv` has it."""
        case, rows = self.case, [{name: cell(value) for name, value in row.items()} for row in self.table]
        return told_by_layers(case.model, case.options, default_of("model_cache"), self.record["formulation"], rows)

    def validate(self) -> Checks:
        """Each design again, with COBRApy on the curated model.

        Returns
        -------
        Checks
            A pandas DataFrame with the rows and columns of validation.tsv; printed, what decides of each design.
        """
        return Checks.of(self.case.checked(self.claims), self.case.labelled)

    def products(self) -> DataFrame:
        """What each of several products contributes to each design, with COBRApy, as products.tsv has it.

        Returns
        -------
        DataFrame
            A row for each design and product; none where the case has one product.
        """
        return PRODUCTS.frame(self.case.contributions(self.claims))

    @property
    def claims(self) -> Claims:
        """What is claimed of them, as validation reads it."""
        rows = [{name: cell(value) for name, value in row.items()} for row in self.table]
        return Claims(self.record["formulation"], rows, self.record)

    def plot(
        self, kind: Literal["guarantees", "envelopes", "front", "fluxes"] = "guarantees", most: int = MOST_DRAWN
    ) -> Figure:
        """A chart of the first designs.

        Parameters
        ----------
        kind : str
            `guarantees`: the product (mmol/gDW/h) that a design promises and the one that it guarantees, at maximal
            growth and at every growth from min_growth up. `envelopes`: the product range (mmol/gDW/h) against growth
            (1/h), the wild type first, by COBRApy. `front`: the points of a Pareto front, all of them. `fluxes`: the
            first design's fluxes (mmol/gDW/h) in central metabolism, in the state that its guarantee is about.
        most : int
            How many designs are drawn.

        Returns
        -------
        Figure
            Shown by a notebook; `figure.save("designs.svg")` keeps it, `figure.data` has the numbers, and
            `figure.draw()` the same as axes of matplotlib, to be styled.

        Raises
        ------
        ConfigError
            If the case has no product, or there is nothing to draw, or no front was asked for.
        """
        if kind not in PLOTS:
            raise ConfigError(f"plot: no kind `{kind}`; allowed: {', '.join(PLOTS)}")
        product, min_growth = written(asked_in(self.case.options)), self.case.options["min_growth"]
        if not product:
            raise ConfigError("plot: the case has no product to draw")
        if kind in ("front", "fluxes"):
            return self._front(product) if kind == "front" else self._fluxes()
        drawn = list(self[:most])
        if kind == "guarantees":
            # A cut set may leave nothing that grows, and then has no product either.
            alive = [design for design in drawn if None not in design.product]
            if not alive:
                raise ConfigError(f"plot: no design with a product to draw{f': {self.reason}' if self.reason else ''}")
            return bars([(design.name, design.columns) for design in alive], min_growth, product)
        curves = {WILD_TYPE: self.case.envelope("")}
        curves |= {design.name: self.case.envelope(";".join(design.interventions)) for design in drawn}
        grown = [(name, points) for name, points in curves.items() if points]
        if not grown:
            raise ConfigError("plot: neither the wild type nor a design grows")
        return envelopes(grown, min_growth, product)

    def _front(self, product: str) -> Figure:
        """The chart of a Pareto front."""
        axes = self.record["options"].get("front")
        if not axes or not len(self):
            none = "there is no design" if axes else "the designs are no front; ask for one with `Case.front`"
            raise ConfigError(f"plot: {none}")
        drawn = [(design.name, design.columns) for design in reversed(list(self))]
        return front(drawn, axes, unit_of(self.record["formulation"]), product)

    def _fluxes(self) -> Figure:
        """The map of the first design's fluxes."""
        if not len(self):
            raise ConfigError("plot: there is no design")
        text, model = ";".join(self[0].interventions), self.case.model
        wild, strain = self.case.fluxes(""), self.case.fluxes(text)
        if not (wild and strain and has_map(strain)):
            lacking = "the model has not the reactions of the map" if strain else "the design does not grow"
            raise ConfigError(f"plot: {lacking}; `Case.fluxes` has what there is")
        after = bounds_of(model, changes_of(model, text))
        closed = [name for name, bounds in after.items() if bounds == (0.0, 0.0)]
        return fluxes(self[0].name, strain, closed, wild)

    def __len__(self) -> int:
        return len(self.found.rows)

    @overload
    def __getitem__(self, place: int) -> DesignRow: ...

    @overload
    def __getitem__(self, place: slice) -> "Designs": ...

    def __getitem__(self, place):
        if isinstance(place, slice):
            return replace(self, found=replace(self.found, rows=self.found.rows[place]))
        return DesignRow(self.case, self.table[place])

    def __iter__(self) -> Iterator[DesignRow]:
        return (DesignRow(self.case, row) for row in self.table)

    def _summary(self) -> str:
        record = self.record
        reason = f": {self.reason}" if self.reason else ""
        return f"{record['formulation']} for {written(asked_in(self.case.options)) or None}, {record['status']}{reason}"

    def _lines(self) -> list[tuple[str, ...]]:
        return [HEAD, *(design.cells() for design in self)]

    def __repr__(self) -> str:
        return "\n".join([self._summary(), *as_columns(self._lines())])

    def _repr_html_(self) -> str:
        return as_html(self._lines(), self._summary())
