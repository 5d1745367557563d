"""The ids that a case names: all unknown ones at once, each with its key and the nearest match."""

import re
from collections.abc import Iterable, Mapping

from cobra import Metabolite, Model, Reaction

from knockflow.curation.finding import plain
from knockflow.curation.network import is_exchange
from knockflow.errors import ConfigError, nearest

NEAREST = 3


def folded(name: str) -> str:
    """An id without the spellings in which databases differ: `R_EX_succ(e)` and `EX_succ_e` fold alike."""
    name = re.sub(r"^(R|M|G)_", "", name)
    name = re.sub(r"_LPAREN_|_RPAREN_|_DASH_", "_", name)
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def did_you_mean(word: str, known: Iterable[str], titles: Mapping[str, str] | None = None) -> str:
    """`"; did you mean A, B?"`: other spellings of the word first, then names, then near misses.

    `titles` gives second names by id, such as those of genes: a word that is one of them suggests the id.
    """
    known = list(known)
    twins = [name for name in known if folded(name) == folded(word)]
    named = [key for key, title in (titles or {}).items() if title and title.casefold() == word.casefold()]
    close = list(dict.fromkeys([*twins, *named, *nearest(word, known, NEAREST)]))[:NEAREST]
    return f"; did you mean {', '.join(close)}?" if close else ""


def check_names(model: Model, case: Mapping) -> None:
    """Check every id that the case names.

    Raises
    ------
    ConfigError
        With one line for each unknown id or unusable value, in the order of the configuration.
    """
    problems = [
        *product_problems(model, case),
        *medium_problems(model, case.get("medium") or {}),
        *reaction_problems(model, "biomass", [case.get("biomass")]),
        *substrate_problems(model, case.get("substrate")),
        *reaction_problems(model, "cell_objective", case.get("cell_objective") or {}),
        *target_problems(model, case.get("targets") or {}),
    ]
    if problems:
        raise ConfigError("\n".join(f"cases.{case['name']}.{problem}" for problem in problems))


def reaction_problems(model: Model, key: str, names: Iterable[str | None]) -> list[str]:
    """Names that are no reaction of the model."""
    ids = [reaction.id for reaction in model.reactions]
    return [
        f"{key}: no reaction {name!r} in the model{did_you_mean(name, ids)}"
        for name in names
        if name is not None and name not in model.reactions
    ]


def exchange_ids(model: Model) -> list[str]:
    """The ids of the model's exchange reactions."""
    return [reaction.id for reaction in model.reactions if is_exchange(reaction)]


def missing_exchange(model: Model, product: str) -> Metabolite | None:
    """The metabolite that a product `EX_<metabolite>` needs an exchange for, if that is all the model lacks."""
    name = product.removeprefix("EX_")
    if product in model.reactions or name == product or name not in model.metabolites:
        return None
    metabolite = model.metabolites.get_by_id(name)
    return None if any(reaction.boundary for reaction in metabolite.reactions) else metabolite


def product_problems(model: Model, case: Mapping) -> list[str]:
    """Why the product cannot be used, if so."""
    product = case.get("product")
    if not product:
        near = ", ".join(exchange_ids(model)[:NEAREST])
        return [f"product: missing; give the id of an exchange reaction, such as {near}"]
    if product in model.reactions:
        return []
    metabolite = missing_exchange(model, product)
    if metabolite is not None:
        if case.get("repair", True):
            return []
        return [
            f"product: no reaction {product!r} in the model, but a metabolite {metabolite.id!r} without an exchange; "
            "set repair to true to add one"
        ]
    near = did_you_mean(product, exchange_ids(model))
    return [f"product: no reaction {product!r} in the model{near}{hint(model, product)}"]


def namesakes(model: Model, product: str) -> list[Metabolite]:
    """The metabolites, of any compartment, that a product `EX_<metabolite>` seems to name."""
    wanted = folded(product.removeprefix("R_").removeprefix("EX_"))
    folds = {metabolite: folded(metabolite.id) for metabolite in model.metabolites}
    bare = {m: fold.removesuffix((m.compartment or "").casefold()) for m, fold in folds.items()}
    exact = [bare[metabolite] for metabolite, fold in folds.items() if fold == wanted]
    return [metabolite for metabolite in model.metabolites if bare[metabolite] in (wanted, *exact)]


def outlets(model: Model, product: str) -> list[str]:
    """The boundary reactions of the metabolites that a product seems to name."""
    found = {r.id for metabolite in namesakes(model, product) for r in metabolite.reactions if r.boundary}
    return sorted(found)


def hint(model: Model, product: str) -> str:
    """What the model has of the metabolite that an unknown product seems to name."""
    ways = outlets(model, product)
    if ways:
        return f" (it leaves the model through {', '.join(ways)})"
    found = [metabolite.id for metabolite in namesakes(model, product)]
    if found:
        return f" (metabolite {found[0]} has no exchange: product EX_{found[0]} would add one)"
    return ""


def medium_problems(model: Model, medium: Mapping[str, float]) -> list[str]:
    """Keys of the medium that are no exchange, and uptakes that are no amount."""
    problems = []
    for name, uptake in medium.items():
        if name not in model.reactions:
            problems.append(f"medium: no exchange {name!r} in the model{did_you_mean(name, exchange_ids(model))}")
            continue
        reaction = model.reactions.get_by_id(name)
        if not reaction.boundary:
            problems.append(
                f"medium: {name!r} is an inner reaction, no exchange{did_you_mean(name, exchange_ids(model))}"
            )
        elif not is_amount(uptake):
            problems.append(f"medium: {name}: {uptake!r} is no uptake; give 0 or a positive number in mmol/gDW/h")
        elif uptake < least_uptake(reaction):
            least = plain(least_uptake(reaction))
            problems.append(f"medium: {name}: the model's bounds force an uptake of at least {least} mmol/gDW/h")
    return problems


def is_amount(value: object) -> bool:
    """Whether a value is a finite number from 0 up."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


def least_uptake(reaction: Reaction) -> float:
    """The uptake that an exchange's bounds force, in mmol/gDW/h; negative where it forces secretion or none."""
    return reaction.lower_bound if written_inwards(reaction) else -reaction.upper_bound


def written_inwards(reaction: Reaction) -> bool:
    """Whether positive flux of a boundary reaction is uptake (`--> succ_e`)."""
    return reaction.boundary and all(coefficient > 0 for coefficient in reaction.metabolites.values())


def substrate_problems(model: Model, substrate: str | None) -> list[str]:
    """Why the substrate cannot be used, if so."""
    if substrate is None:
        return []
    near = did_you_mean(substrate, exchange_ids(model))
    if substrate not in model.reactions:
        return [f"substrate: no exchange {substrate!r} in the model{near}"]
    if not model.reactions.get_by_id(substrate).boundary:
        return [f"substrate: {substrate!r} is no exchange{near}"]
    return []


def target_problems(model: Model, targets: Mapping) -> list[str]:
    """Unknown reactions, genes and subsystems among the targets."""
    genes = targets.get("level", "reactions") == "genes"
    pool, kind = (model.genes, "gene") if genes else (model.reactions, "reaction")
    titles = {gene.id: gene.name for gene in model.genes} if genes else None
    ids = [member.id for member in pool]
    problems = [
        f"targets.{key}: no {kind} {name!r} in the model{did_you_mean(name, ids, titles)}"
        for key in ("include", "exclude", "costs")
        for name in targets.get(key) or ()
        if name not in pool
    ]
    subsystems = sorted({reaction.subsystem for reaction in model.reactions if reaction.subsystem})
    for name in targets.get("subsystems") or ():
        if name not in subsystems:
            near = did_you_mean(name, subsystems) if subsystems else "; the model names none"
            problems.append(f"targets.subsystems: no subsystem {name!r} in the model{near}")
    return problems
