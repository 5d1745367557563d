"""What variants of a model change, such as scenarios, as certificates have it."""

from dataclasses import asdict

from cobra import Model

from knockflow.layers.in_strain import as_each, judged_of, variants_of
from knockflow.validation.layer_rows import Plain, written_row


def changes(model: Model) -> dict:
    """What a certificate has of the variants for which a model stands; nothing where it stands for itself.

    Returns
    -------
    dict
        `variants`: of each its name, and the bounds, coefficients and rows that take the place of the model's;
        `judged`: by what a design is judged.
    """
    if not variants_of(model):
        return {}
    plain = Plain.of(model)
    found = [{"name": name} | _changed(plain, Plain.of(model)) for name in as_each(model)]
    return {"variants": found, "judged": asdict(judged_of(model))}


def _changed(before: Plain, after: Plain) -> dict:
    """Bounds by reaction, coefficients by reaction and metabolite, and constraints that are others."""
    balances = {
        name: {metabolite: value for metabolite, value in own.items() if before.balances[name].get(metabolite) != value}
        for name, own in after.balances.items()
        if own != before.balances[name]
    }
    rows = [one for name, one in after.constraints.items() if one != before.constraints.get(name)]
    return {
        "bounds": {name: ends for name, ends in after.bounds.items() if ends != before.bounds[name]},
        "coefficients": balances,
        "rows": dict(map(written_row, rows)),
    }
