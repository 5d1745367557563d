"""What cases share that ask the same of a model but the product: read and curated once, in a folder by its hash."""

import json


def asked_of_model(case):
    """What the curation of a case's model depends on, but for files and layers."""
    beside = ("layers", *BESIDE_LAYERS, "formulations", "essential_genes")
    asked = CONFIG["cases"][case].items()
    return {key: value for key, value in asked if key not in beside}


def asked_but_product(case):
    """The same without the product, unless it is only known with it what a design may add: what cases may share."""
    asked, targets = asked_of_model(case), CONFIG["cases"][case]["targets"]
    whole = any([asked["heterologous"], targets["interventions"], targets["table"]])
    own = {} if whole else {"product": None, "products": None}
    layers = layers_of(case, adding_layers(case))
    return {"case": asked | own, "layers": layers, "whole": whole}


@cache
def model_of(case):
    """The name of what a case shares with all that ask the same of a model but the product."""
    asked = json.dumps(asked_but_product(case), sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


ASKED_OF_MODELS = {model_of(case): asked_but_product(case) for case in CASES}
CASES_OF_MODELS = {model_of(case): case for case in reversed(CASES)}


def asking(shared):
    """The first case of those that share a model."""
    return CASES_OF_MODELS[shared]


def shared(case, file):
    """A file that a case shares with others."""
    return f"{RESULTS}/shared/{model_of(case)}/{file}"


def files_of_model(shared):
    """The files that the curation of a shared model reads."""
    case = SimpleNamespace(case=asking(shared))
    return {
        "model": model_file(case),
        "heterologous": heterologous_file(case),
        "table": targets_table(case),
        "layers": layer_files(case.case, adding_layers(case.case), with_tables=False),
    }


def content_of_model(shared):
    """Hashes of these."""
    files = files_of_model(shared)
    named = [files[key] for key in ("model", "heterologous", "table")]
    case = asking(shared)
    return [*content_of(*named), *layer_contents(case, adding_layers(case))]
