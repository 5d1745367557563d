"""Screens as page and terminal show them: products by media and formulations, in one table and one picture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knockflow.base.terminal import counted
from knockflow.designs.screen import coupled
from knockflow.report.svg import LINE, WIDTH, Canvas
from knockflow.report.words import few, short

MOST_IN_FULL = 20
"""Cases of a run up to which those of screens have sections of their own."""

ROWS = 50
"""Products of one picture; more go on in the next one."""

SHADES = 5
"""Steps of a colour between nothing and the largest yield."""

NAME = 34
"""Characters of a product's name, at most."""

MOST_LINES = 20
"""Products that the terminal names for each question."""

LEFT, HEAD = 250, 34


@dataclass(frozen=True)
class Cell:
    """What there is of a product under one question: a row of screen.tsv."""

    row: Mapping[str, str]

    @property
    def coupled(self) -> bool:
        """Whether growth forces the product out."""
        return coupled(self.row)

    @property
    def guaranteed(self) -> float:
        """The least yield over what counts (mol/mol); 0 where none is known."""
        return float(self.row["yield_min_mol_per_mol"] or 0) if self.coupled else 0.0

    @property
    def largest(self) -> float:
        """The largest yield of any state (mol/mol)."""
        return float(self.row["largest_yield_mol_per_mol"] or 0)

    @property
    def share(self) -> float:
        """The guaranteed part of the largest yield."""
        return min(1.0, self.guaranteed / self.largest) if self.largest > 0 else 0.0

    @property
    def shade(self) -> int:
        """The step of the colour; 0 for none."""
        return max(1, min(SHADES, int(self.share * SHADES) + 1)) if self.guaranteed > 0 else 0

    @property
    def found(self) -> str:
        """How sure it is that there is nothing better."""
        return "proven" if self.row["proven"] == "true" else "dived" if self.row["found_by"] == "dive" else "not proven"

    @property
    def why(self) -> str:
        """Why nothing is coupled; nothing where something is."""
        return "" if self.coupled else self.row["reason"] or "the best design is not coupled"


@dataclass(frozen=True)
class ScreenQuestion:
    """A screen and a formulation: a column of table and picture."""

    screen: str
    formulation: str


@dataclass(frozen=True)
class Screens:
    """All screens of a run.

    Attributes
    ----------
    questions
        The columns.
    products
        The lines, the largest guaranteed share of any column first: id, name, and a cell for each question or None.
    """

    questions: Sequence[ScreenQuestion]
    products: Sequence[tuple[str, str, Sequence[Cell | None]]]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, str]]) -> "Screens":
        """From the rows of screen.tsv."""
        questions = list(dict.fromkeys(ScreenQuestion(row["screen"], row["formulation"]) for row in rows))
        cells: dict[str, dict[ScreenQuestion, Cell]] = {}
        names = {row["product"]: row["name"] for row in rows}
        for row in rows:
            cells.setdefault(row["product"], {})[ScreenQuestion(row["screen"], row["formulation"])] = Cell(row)
        lines = [(one, names[one], [own.get(question) for question in questions]) for one, own in cells.items()]
        return cls(questions, sorted(lines, key=lambda line: (-max(c.share if c else 0.0 for c in line[2]), line[0])))

    @property
    def unverified(self) -> int:
        """How many designs are not verified."""
        cells = (cell for _, _, own in self.products for cell in own if cell)
        return sum(cell.row["verified"] == "false" for cell in cells)

    def counted(self, place: int) -> tuple[int, int]:
        """How many products of a question are coupled, and how many there are."""
        cells = [own[place] for _, _, own in self.products if own[place]]
        return sum(cell.coupled for cell in cells), len(cells)


def heat_maps(screens: Screens) -> list[str]:
    """The picture: products by questions, the darker the more of the largest yield is guaranteed, and by how many."""
    parts = [screens.products[start : start + ROWS] for start in range(0, len(screens.products), ROWS)]
    return [_heat_map(screens, part, number) for number, part in enumerate(parts, 1)]


def _heat_map(screens: Screens, lines: Sequence, number: int) -> str:
    canvas, width = Canvas(), (WIDTH - LEFT) / max(1, len(screens.questions))
    for place, question in enumerate(screens.questions):
        middle = LEFT + (place + 0.5) * width
        canvas.text(middle, 12, _cut(question.screen, int(width / 6)), "tick", "middle")
        canvas.text(middle, 26, _cut(question.formulation, int(width / 6)), "tick", "middle")
    for line, (product, name, cells) in enumerate(lines):
        top = HEAD + line * LINE
        canvas.text(LEFT - 8, top + 12, _cut(name or product, NAME), "", "end")
        for place, cell in enumerate(cells):
            if cell is None:
                continue
            left = LEFT + place * width
            canvas.box(left + 1, top + 1, width - 2, LINE - 2, f"heat h{cell.shade}")
            if cell.coupled:
                canvas.text(left + width / 2, top + 11.5, cell.row["n_interventions"], f"in{cell.shade}", "middle")
    told = "; ".join(
        f"{name}: " + ", ".join(f"{cell.share:.0%} by {cell.row['n_interventions']}" for cell in cells if cell)
        for _, name, cells in lines
    )
    title = "Guaranteed share of the largest yield, and the number of interventions"
    return canvas.svg(f"screen-{number}", title, told, HEAD + len(lines) * LINE + 6)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: max(1, most - 1)]}…"


def screen_answer(screens: Screens) -> Iterator[str]:
    """What the terminal says: for each question how many products are coupled, and the first of them."""
    for place, question in enumerate(screens.questions):
        able, total = screens.counted(place)
        yield f"{question.screen}, {question.formulation}: {able} of {counted(total, 'product')} coupled to growth"
        cells = [(name or one, cells[place]) for one, name, cells in screens.products if cells[place]]
        ranked = sorted((pair for pair in cells if pair[1].coupled), key=lambda pair: (-pair[1].share, pair[0]))
        for name, cell in ranked[:MOST_LINES]:
            row = cell.row
            made = f"{short(str(cell.guaranteed))} of {short(str(cell.largest))} mol/mol"
            changes = counted(int(row["n_interventions"]), "intervention")
            yield f"  {_cut(name, NAME):{NAME}} {made:26} {changes:17} {cell.found}; by genes {row['by_genes']}"
        if len(ranked) > MOST_LINES:
            yield f"  and {len(ranked) - MOST_LINES} more"
        others = [name for name, cell in cells if not cell.coupled]
        if others:
            yield f"  not coupled: {few(others, MOST_LINES // 4)}"
    yield "screen.tsv has all products, with the reasons where there is no design"
