"""Linear inequalities in fluxes, as a configuration writes them: `R3 - 0.5 R1 <= 0`, `2*R1 + R2 = 3`.

Ids may begin with a digit and hold `-` and `.`: a word is a number only if all of it is one, and a minus sign stands
before a space or at the start of a word. An id that reads otherwise stands in quotation marks: `2 "3e5" <= 1`.
"""

import re
from dataclasses import dataclass

from knockflow.base.errors import ConfigError
from knockflow.base.tolerances import LARGEST_NUMBER

ALLOWED = (
    "allowed: terms such as `R1`, `0.5 R1` or `2*R1` and numbers, joined by ` + ` and ` - `, on both sides of one "
    "`<=`, `>=` or `=`"
)

_COMPARISON = re.compile(r"[<>=]+")
_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![^\s+*])"
_MARK = "\ue000"  # of a private area: stands for the id that is in quotation marks
_TERM = re.compile(
    rf"\s*(?P<sign>[+-](?:\s*[+-])?)?\s*(?:(?P<number>{_NUMBER})\s*(?P<times>\*)?\s*)?"
    rf"(?P<id>{_MARK}\d+{_MARK}|(?!{_NUMBER})\w[^\s+*{_MARK}]*)?\s*"
)
_IN_MARKS = re.compile(r'"([^"]+)"')


@dataclass(frozen=True)
class Inequality:
    """`coefficients` times fluxes, by reaction, compared with `bound`; `sense` is `<=`, `>=` or `=`."""

    coefficients: dict[str, float]
    sense: str
    bound: float


def inequality(text: str) -> Inequality:
    """A linear inequality as written, with all fluxes on its left and the constant on its right.

    Raises
    ------
    ConfigError
        If the text is none; the message says what is allowed.
    """
    ids = _IN_MARKS.findall(text)
    numbers = iter(range(len(ids)))
    plain = _IN_MARKS.sub(lambda _: f"{_MARK}{next(numbers)}{_MARK}", text)
    senses = _COMPARISON.findall(plain)
    if senses in (["<"], [">"]):
        raise ConfigError(f"`{text}`: a strict `{senses[0]}` has no meaning for fluxes; use `{senses[0]}=`")
    if len(senses) != 1 or senses[0] not in ("<=", ">=", "="):
        found = ", ".join(f"`{sense}`" for sense in senses) or "none"
        raise ConfigError(f"`{text}` is no linear inequality: one comparison is wanted, {found} found; {ALLOWED}")
    left, right = plain.split(senses[0])
    coefficients: dict[str, float] = {}
    constant = 0.0
    for factor, side in ((1.0, left), (-1.0, right)):
        for coefficient, name in _terms(side, text):
            if name:
                name = ids[int(name.strip(_MARK))] if name.startswith(_MARK) else name
                coefficients[name] = coefficients.get(name, 0.0) + factor * coefficient
            else:
                constant += factor * coefficient
    coefficients = {name: value for name, value in coefficients.items() if value}
    if not coefficients:
        raise ConfigError(f"`{text}` is no linear inequality: no reaction is left in it; {ALLOWED}")
    return Inequality(coefficients, senses[0], 0.0 - constant)


def _terms(side: str, text: str) -> list[tuple[float, str]]:
    """Coefficients and ids of one side; a constant has no id."""
    terms, place = [], 0
    while place < len(side) or not terms:
        found = _TERM.match(side, place)
        sign, number, times, name = found.group("sign", "number", "times", "id")
        lone = number is None and name is None
        if lone or (times and not name) or (terms and not sign):
            rest = side[place:].replace(_MARK, '"').strip()
            where = f"`{rest}` cannot be read" if rest else "a side is empty"
            raise ConfigError(f"`{text}` is no linear inequality: {where}; {ALLOWED}")
        value = float(number or 1)
        if not value <= LARGEST_NUMBER:
            raise ConfigError(f"`{text}` is no linear inequality: `{number}` is above {LARGEST_NUMBER:g}")
        terms.append((-value if (sign or "").count("-") == 1 else value, name or ""))
        place = found.end()
    return terms
