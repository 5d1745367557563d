"""Metabolites of a model's JSON: their names, and whether their concentration matters."""

from collections.abc import Mapping


def base_id(metabolite: Mapping) -> str:
    """The id without the compartment's suffix, `atp` for `atp_c`."""
    return metabolite["id"].removesuffix(f"_{metabolite['compartment']}")


def bigg_id(metabolite: Mapping) -> str:
    """The BiGG id by annotation, else by name."""
    named = as_texts((metabolite.get("annotation") or {}).get("bigg.metabolite"))
    return named[0] if named else base_id(metabolite)


def as_texts(value: object) -> list[str]:
    """An annotation's value, which may be missing, a text or a list, as a list of texts."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(entry) for entry in value]


def is_fixed(metabolite: Mapping) -> bool:
    """Whether it has no concentration of its own: protons, whose concentration is the pH, and water, of activity 1."""
    return metabolite.get("formula") in ("H", "H2O") or base_id(metabolite) in ("h", "h2o")
