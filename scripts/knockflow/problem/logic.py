"""Boolean rules as rows and columns of a follower.

A value is a linear form: a constant and coefficients of columns, 0 or 1 wherever the columns that decide it are whole.

| rule                | rows                                                                                     |
|---------------------|------------------------------------------------------------------------------------------|
| not a               | none: 1 - a                                                                              |
| z = a1 and ... ak   | z <= ai,   z >= a1 + ... + ak - (k - 1)                                                  |
| z = a1 or ... ak    | z >= ai,   z <= a1 + ... + ak                                                            |
| f = (v > c)         | v >= (c + e) f + least (1 - f),   v <= c + (largest - c) f,   f whole                    |
| f = (v < c)         | v <= (c - e) f + largest (1 - f),   v >= c + (least - c) f,   f whole                    |

A flux between c and c + e is in no state: e is THRESHOLD. `least` and `largest` are the flux's range over all states.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from knockflow.base.tolerances import THRESHOLD
from knockflow.language.boolean_rules import Rule


@dataclass(frozen=True)
class Value:
    """constant + sum of coefficient * column."""

    constant: float
    terms: tuple[tuple[int, float], ...] = ()

    def opposite(self) -> "Value":
        """1 - value."""
        return Value(1 - self.constant, tuple((column, -factor) for column, factor in self.terms))


ALWAYS, NEVER = Value(1.0), Value(0.0)


@dataclass
class Columns:
    """Columns and rows that are added to a follower; `first` is the number that the first new column will have."""

    first: int
    names: list[str] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    rows: list[tuple[str, float, float, dict[int, float]]] = field(default_factory=list)
    _known: dict[tuple, Value] = field(default_factory=dict)

    def add(self, name: str, integer: bool) -> Value:
        """A new column between 0 and 1."""
        self.names.append(name)
        self.integer.append(integer)
        return Value(0.0, ((self.first + len(self.names) - 1, 1.0),))

    def limit(self, name: str, lower: float, upper: float, *parts: tuple[float, Value]) -> None:
        """A row  lower <= sum of factor * value <= upper."""
        entries: dict[int, float] = {}
        constant = 0.0
        for factor, value in parts:
            constant += factor * value.constant
            for column, coefficient in value.terms:
                entries[column] = entries.get(column, 0.0) + factor * coefficient
        self.rows.append((name, lower - constant, upper - constant, {c: a for c, a in entries.items() if a}))

    def equal(self, name: str, left: Value, right: Value) -> None:
        """A row  left = right."""
        self.limit(name, 0.0, 0.0, (1.0, left), (-1.0, right))

    def both(self, values: list[Value]) -> Value:
        """The conjunction of some values."""
        return self._chain("and", values, NEVER, ALWAYS)

    def either(self, values: list[Value]) -> Value:
        """The disjunction of some values."""
        return self._chain("or", values, ALWAYS, NEVER)

    def _chain(self, kind: str, values: list[Value], deciding: Value, neutral: Value) -> Value:
        parts = sorted({value for value in values if value != neutral}, key=lambda value: (value.terms, value.constant))
        if deciding in parts:
            return deciding
        if len(parts) < 2:
            return parts[0] if parts else neutral
        key = (kind, tuple(parts))
        if key not in self._known:
            name = f"{kind} {len(self.rows)}"
            z = self._known[key] = self.add(name, integer=False)
            for part in parts:
                # z - ai <= 0   or   z - ai >= 0
                ends = (-float("inf"), 0.0) if kind == "and" else (0.0, float("inf"))
                self.limit(name, *ends, (1.0, z), (-1.0, part))
            # z - sum ai >= 1 - k   or   z - sum ai <= 0
            ends = (1.0 - len(parts), float("inf")) if kind == "and" else (-float("inf"), 0.0)
            self.limit(name, *ends, (1.0, z), *((-1.0, part) for part in parts))
        return self._known[key]

    def beyond(self, name: str, flux: Value, operator: str, level: float, ends: tuple[float, float]) -> Value:
        """Whether a flux between two ends is above (`>`) or below (`<`) a level."""
        if operator == "<":
            turned = Value(0.0 - flux.constant, tuple((column, -factor) for column, factor in flux.terms))
            return self.beyond(name, turned, ">", -level, (-ends[1], -ends[0]))
        least, largest = ends
        if largest <= level:
            return NEVER
        if least >= level + THRESHOLD:
            return ALWAYS
        key = ("beyond", flux, level)
        if key not in self._known:
            f = self._known[key] = self.add(name, integer=True)
            # v - (c + e - least) f >= least
            self.limit(name, least, float("inf"), (1.0, flux), (least - level - THRESHOLD, f))
            # v - (largest - c) f <= c
            self.limit(name, -float("inf"), level, (1.0, flux), (level - largest, f))
        return self._known[key]


def value_of(rule: Rule, columns: Columns, atoms: Mapping[Rule, Value]) -> Value:
    """The value of a rule, given those of its atoms."""
    match rule[0]:
        case "const":
            return ALWAYS if rule[1] else NEVER
        case "not":
            return value_of(rule[1], columns, atoms).opposite()
        case "and":
            return columns.both([value_of(part, columns, atoms) for part in rule[1]])
        case "or":
            return columns.either([value_of(part, columns, atoms) for part in rule[1]])
    return atoms[rule]
