"""How interventions are written, in configurations and tables alike.

| text             | kind        | meaning                                                            |
|------------------|-------------|--------------------------------------------------------------------|
| `-PYK`           | knock-out   | the reaction is closed; at level `genes` the gene is gone          |
| `+AKGDC`         | knock-in    | the reaction, pathway or gene is there, which it is not without    |
| `PFK>=5`         | bound       | the lower bound is 5 mmol/gDW/h                                    |
| `PGI<=0.4`       | bound       | the upper bound is 0.4 mmol/gDW/h                                  |
| `PGI<=30%`       | bound       | 30 % of the way through the wild type's flux range at min_growth   |

`A|B` names interchangeable targets: any one of them has the whole effect, as have all together. `-A&B` closes both, as
one intervention: genes that close one close the other (`knockflow.problem.realizable`). Signs that mean something here
are quoted in an id (`knockflow.language.ids`): `R|1` is `R%7C1`, or `"R|1"` in a configuration.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knockflow.base.errors import ConfigError
from knockflow.base.tolerances import LARGEST_NUMBER
from knockflow.language.ids import with_marks_quoted

KNOCK_OUT, KNOCK_IN, AT_LEAST, AT_MOST = "-", "+", ">=", "<="
ALLOWED = "`-ID` to knock out, `+ID` to add, `ID>=5`, `ID<=0.4` or `ID<=30%` to set a bound"

_BOUND = re.compile(r"(?P<name>\S+?)\s*(?P<action>>=|<=)\s*(?P<level>\S+)")


@dataclass(frozen=True)
class Intervention:
    """One change: `action` is one of the four signs, `names` are interchangeable, `level` is a bound.

    `relative` says that the level is a share of a flux range, with 1 for its upper end.
    """

    action: str
    names: tuple[str, ...]
    level: float = 0.0
    relative: bool = False

    @property
    def name(self) -> str:
        """The id, or ids joined by `|` and `&`."""
        return "|".join(self.names)

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, whether they are interchangeable or go together."""
        return tuple(dict.fromkeys(one for name in self.names for one in apart(name)))

    def __str__(self) -> str:
        if self.action in (KNOCK_OUT, KNOCK_IN):
            return f"{self.action}{self.name}"
        level = f"{100 * self.level:.6g}%" if self.relative else f"{self.level:.6g}"
        return f"{self.name}{self.action}{level}"


def intervention(text: str, bare: str = "") -> Intervention:
    """An intervention as written; `bare` is the sign that an id without one stands for, if any.

    Raises
    ------
    ConfigError
        If the text is none; the message says what is allowed.
    """
    text = with_marks_quoted(text.strip())
    bound = _BOUND.fullmatch(text)
    if bound and text[0] not in (KNOCK_OUT, KNOCK_IN):
        return _bound(text, **bound.groupdict())
    action, names = (text[:1], text[1:].strip()) if text[:1] in (KNOCK_OUT, KNOCK_IN) else (bare, text)
    ids = tuple(names.split("|"))
    if not action or not all(ids) or re.search(r"\s|[<>=;]", names):
        raise ConfigError(f"`{text}` is no intervention: {ALLOWED}")
    return Intervention(action, ids)


def _bound(text: str, name: str, action: str, level: str) -> Intervention:
    relative = level.endswith("%")
    try:
        value = float(level.removesuffix("%"))
    except ValueError:
        raise ConfigError(f"`{text}` is no intervention: `{level}` is no number; {ALLOWED}") from None
    if not abs(value) <= LARGEST_NUMBER:
        raise ConfigError(f"`{text}` is no intervention: `{level}` is not finite, or above {LARGEST_NUMBER:g}")
    return Intervention(action, tuple(name.split("|")), value / 100 if relative else value, relative)


def together(ids: Iterable[str]) -> str:
    """Ids that one intervention closes together, as they are written."""
    return "&".join(sorted(ids))


def apart(name: str) -> list[str]:
    """The ids of a name that closes several together."""
    return name.split("&")


def reactions_closed(text: str) -> int:
    """How many reactions an intervention closes at least, as it is written: two for `-A&B`, one for all others."""
    return min(len(apart(name)) for name in text.split("|"))


def interventions(cell: str) -> list[Intervention]:
    """Those of a table's cell."""
    return [intervention(text) for text in cell.split(";") if text]


def written(changes: Iterable[Intervention]) -> tuple[str, ...]:
    """As tables write them: sorted."""
    return tuple(sorted(map(str, changes)))
