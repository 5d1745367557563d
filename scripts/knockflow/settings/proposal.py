"""The text of a new configuration: a case and its formulations, each key with what it is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LEVELS = ("genes", "reactions")

COMMENTS = {
    "model": "cobra:<bundled>, bigg:<id>, or a file; a relative path counts from this file",
    "product": "the exchange reaction of what the strain shall make",
    "medium": "largest uptake, mmol/gDW/h; exchanges not named keep the model's bounds",
    "min_growth": "1/h, which a design must be able to reach",
    "targets": "what is changed: genes, or reactions as in most publications",
    "layers": "biology beyond the balances: python -m knockflow explain layers",
}


@dataclass(frozen=True)
class Proposal:
    """What a new configuration says.

    Attributes
    ----------
    name
        Of the case.
    medium
        Largest uptake by exchange (mmol/gDW/h).
    min_growth
        1/h.
    interventions
        The largest number of them.
    """

    name: str
    model: str
    product: str
    medium: Mapping[str, float] = field(default_factory=dict)
    min_growth: float = 0.05
    level: str = "genes"
    interventions: int = 3

    def text(self) -> str:
        """The configuration as commented YAML."""
        return _TEXT.format(
            case=self.name,
            lines="\n".join(self._lines()),
            most=self.interventions,
        )

    def _lines(self) -> list[str]:
        uptakes = ", ".join(f"{_plain(name)}: {uptake:g}" for name, uptake in self.medium.items())
        entries = {
            "model": _plain(self.model),
            "product": _plain(self.product),
            "medium": f"{{{uptakes}}}",
            "min_growth": f"{self.min_growth:g}",
            "targets": f"{{level: {self.level}}}",
            "layers": "{}",
        }
        width = max(len(f"{key}: {value}") for key, value in entries.items()) + 2
        return [f"    {f'{key}: {value}':{width}}# {COMMENTS[key]}" for key, value in entries.items()]


def _plain(text: str) -> str:
    """A text as YAML has it, in quotes where it needs them."""
    plain = text and all(sign.isalnum() or sign in "_-./:<>" for sign in text) and not text.startswith(("-", ":", "<"))
    return text if plain and ": " not in text and not text[0].isdigit() else "'" + text.replace("'", "''") + "'"


_TEXT = """\
# Made by `python -m knockflow new`. Every key: config/README.md, or `python -m knockflow explain KEY`.
# Run it with: snakemake --cores all --configfile THIS_FILE

cases:
  {case}:
{lines}

formulations:
  robustknock:                  # what the strain must make when it grows as fast as it can
    kind: robustknock
    max_interventions: {most}
  strong_coupling:              # what it must make whenever it grows at min_growth
    kind: strong_coupling
    max_interventions: {most}
  optknock:                     # what it may make at best, which it need not
    kind: optknock
    max_interventions: {most}
"""
