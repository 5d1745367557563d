"""What layers tell of designs in Python, as `scripts/layer_designs.py` does in the workflow."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from cobra import Model

from knockflow.layers.in_designs import DesignContext, listed_of
from knockflow.layers.registry import module, rebuild
from knockflow.model.read import write_model
from knockflow.stages.layered import layers_of, with_tables
from knockflow.validation.guarantee import guaranteeing, using
from knockflow.validation.reevaluation import prepare, question_of


def told_by_layers(
    curated: Model, options: Mapping, cache: str, formulation: str, rows: Iterable[Mapping]
) -> dict[str, pd.DataFrame]:
    """What the layers of a case tell of each of some designs, by layer, as `KEY_designs.tsv` has it.

    Parameters
    ----------
    curated
        The curated model without layers.
    options
        The case, with defaults.
    cache
        Folder that keeps models, and what layers keep for all cases.
    formulation
        Its name.
    rows
        Rows of designs.tsv, as text.
    """
    model = curated.copy()
    prepare(model)
    question = question_of(model, options["product"], options["min_growth"], options["cell_objective"])
    listed, found = listed_of({formulation: list(rows)}, {}), {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        write_model(path, curated)
        layers, _ = with_tables(layers_of(options, cache), path)
        for layer, given in layers:
            if layer.tells_of_designs(options):
                bare, whole = model.copy(), model.copy()
                rebuild(bare, [one for one in layers if one[0] is not layer])
                rebuild(whole, layers)
                table = module(layer.designs)
                own = guaranteeing(question), question, using(question)
                asked = DesignContext(path, given, model, bare, whole, listed, *own)
                found[layer.key] = table.TABLE.frame(table.rows(asked))
    return found
