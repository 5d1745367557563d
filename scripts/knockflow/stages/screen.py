"""Which products a screen of all has."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from knockflow import __version__
from knockflow.base.files import read_json, sha256, write_json
from knockflow.base.sources import split_source
from knockflow.settings.screens import expanded
from knockflow.settings.sources import REMOTE, named_files

LEAST_SECRETION = 1e-6
"""mmol/gDW/h from which a compound can leave the cell."""

FOLDER = "screens"
"""Folder within the cache of models where lists of products are kept."""


def with_screens(config: Mapping, base: Path) -> dict:
    """A checked configuration with a case for each product of a screen; relative files count from `base`.

    To find all products a model has to be read and curated; what is found is kept beside the downloaded models, by the
    content of all that it depends on.
    """
    cache = Path(config["model_cache"])

    def secreted(_name: str, case: Mapping) -> list[str]:
        kept = cache / FOLDER / f"{_key(case, base)}.json"
        if kept.exists():
            return read_json(kept)["products"]
        found = products_of(_at(case, base), cache)
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_json(kept, {"products": found})
        return found

    return expanded(config, secreted)


def _key(case: Mapping, base: Path) -> str:
    """The hash of what the products depend on."""
    asked = {key: value for key, value in case.items() if key not in ("formulations", "targets")}
    files = {key: sha256(base / split_source(source)[0]) for key, source in named_files(case)}
    text = json.dumps([asked, files, __version__], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _at(case: Mapping, base: Path) -> dict:
    """A case whose files have absolute paths."""
    from knockflow.settings.read import located

    return case if all(source.startswith(REMOTE) for _, source in named_files(case)) else located(case, base)


def products_of(case: Mapping, cache: str | Path, model=None) -> list[str]:
    """Every organic compound that the model can secrete at min_growth: the ids of the exchanges, sorted.

    Organic is what has carbon in its formula and is no oxide of carbon. The substrate is none of them, nor biomass.

    Parameters
    ----------
    case
        A case without a product, with every default.
    cache
        Folder where downloaded models are kept.
    model : cobra.Model, optional
        The model as it was given; by default it is read.
    """
    from cobra.exceptions import OptimizationError
    from cobra.flux_analysis import flux_variability_analysis

    from knockflow.model.curation import curate, find_substrate
    from knockflow.model.curation.names import exchange_ids
    from knockflow.model.curation.organic import feeds_carbon
    from knockflow.model.read import read_model

    model = read_model(case["model"], Path(cache))[0] if model is None else model.copy()
    curate(model, {"name": "screen", "product": None, "products": None} | dict(case), str(cache))
    grown = [reaction.id for reaction in model.reactions if reaction.objective_coefficient]
    left_out = {*grown, find_substrate(model, case)}
    organic = [
        name for name in exchange_ids(model) if name not in left_out and feeds_carbon(model.reactions.get_by_id(name))
    ]
    for name in grown:
        reaction = model.reactions.get_by_id(name)
        reaction.lower_bound = max(reaction.lower_bound, case["min_growth"])
    if not organic:
        return []
    try:
        ranges = flux_variability_analysis(model, organic, fraction_of_optimum=0.0, processes=1)
    except OptimizationError:  # it does not grow at min_growth
        return []
    inwards = {name for name in organic if sum(model.reactions.get_by_id(name).metabolites.values()) > 0}
    most = {name: -ranges.minimum[name] if name in inwards else ranges.maximum[name] for name in organic}
    return sorted(name for name in organic if most[name] > LEAST_SECRETION)
