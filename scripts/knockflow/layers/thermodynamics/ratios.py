"""Ratios of concentrations as rows over their logarithms:  a / b >= q  is  ln a - ln b >= ln q."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from math import inf, isfinite, log

from knockflow.base.errors import ConfigError, suggestion

FORM = re.compile(r"\s*(?P<over>\S+?)\s*/\s*(?P<under>\S+?)\s*(?P<sign>>=|<=|=)\s*(?P<value>\S+)\s*")
EXAMPLE = "`atp_c/adp_c >= 3`"


@dataclass(frozen=True)
class Ratio:
    """A concentration over another one, and the least and the largest value of that."""

    over: str
    under: str
    least: float
    most: float

    def __str__(self) -> str:
        if self.least == self.most:
            return f"{self.over}/{self.under} = {self.least:g}"
        return f"{self.over}/{self.under} " + (f"<= {self.most:g}" if self.least == 0 else f">= {self.least:g}")

    @property
    def logarithms(self) -> tuple[float, float]:
        """Its ends as logarithms."""
        return (log(self.least) if self.least else -inf), (log(self.most) if isfinite(self.most) else inf)


def parse(text: str) -> Ratio:
    """A ratio as it is written.

    Raises
    ------
    ConfigError
        If it is none.
    """
    match = FORM.fullmatch(text)
    if not match:
        raise ConfigError(f"thermodynamics: ratios: `{text}` is no ratio such as {EXAMPLE}")
    try:
        value = float(match["value"])
    except ValueError:
        value = 0.0
    if not (value > 0 and isfinite(value)):
        raise ConfigError(f"thermodynamics: ratios: `{text}` needs a positive number on its right, as in {EXAMPLE}")
    if match["over"] == match["under"]:
        raise ConfigError(f"thermodynamics: ratios: `{text}` is a metabolite over itself")
    least, most = (0.0 if match["sign"] == "<=" else value), (inf if match["sign"] == ">=" else value)
    return Ratio(match["over"], match["under"], least, most)


def read_ratios(texts: Iterable[str], metabolites: Container[str], names: Iterable[str]) -> list[Ratio]:
    """Ratios as they are written.

    Parameters
    ----------
    metabolites
        Whether a metabolite has a concentration; protons and water have none.
    names
        What to suggest.

    Raises
    ------
    ConfigError
        If one is no ratio, or names what has no concentration.
    """
    names, found = list(names), []
    for text in texts:
        ratio = parse(text)
        for name in (ratio.over, ratio.under):
            if name not in metabolites:
                near = suggestion(name, names)
                raise ConfigError(
                    f"thermodynamics: ratios: `{text}`: {name} has no concentration in a reaction with an energy{near}"
                )
        found.append(ratio)
    return found
