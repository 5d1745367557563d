"""The ids that a case names: all unknown ones at once, each with its key and the nearest match."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from cobra import Metabolite, Model, Reaction
from cobra.util.solver import linear_reaction_coefficients

from knockflow.base.errors import ConfigError, FileError, nearest
from knockflow.language.ids import gene_name, table_rows
from knockflow.language.notation import AT_LEAST, KNOCK_IN, KNOCK_OUT, Intervention, intervention
from knockflow.language.products import named_in
from knockflow.model.curation.knock_ins import EXCLUDED, TABLE
from knockflow.model.curation.network import is_exchange
from knockflow.model.finding import interval, plain
from knockflow.model.network import subsystems_of
from knockflow.model.notes import PSEUDO_NOTE, note

NEAREST = 3

SAYS_GROWTH = re.compile(r"biomass|growth", re.IGNORECASE)
"""How ids and names of biomass reactions are told from others."""


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
        *target_problems(model, case.get("targets") or {}, case.get("biomass")),
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
    """Why the product cannot be used, or one of several; a case without one says so by None."""
    if case.get("products"):
        return [
            line.replace("product:", "products:", 1)
            for name in named_in(case["products"])
            for line in product_problems(model, {**case, "products": None, "product": name})
        ]
    product = case.get("product", "")
    if product is None:
        return []
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


def target_problems(model: Model, targets: Mapping, biomass: str | None = None) -> list[str]:
    """Unknown or unfit reactions, genes, subsystems and interventions among the targets."""
    genes = targets.get("level", "reactions") == "genes"
    problems = [
        f"targets.include: {problem}"
        for name in targets.get("include") or ()
        if genes and name not in model.reactions and name in model.genes
        for problem in [no_gene(model, name)]
        if problem
    ]
    problems += [
        f"targets.{key}: {unknown(model, name, genes)}"
        for key in ("include", "exclude", "costs")
        for name in targets.get(key) or ()
        if name not in model.reactions and not (genes and name in model.genes)
    ]
    subsystems = sorted(set().union(*(subsystems_of(reaction.subsystem or "") for reaction in model.reactions)))
    for name in targets.get("subsystems") or ():
        if name not in subsystems:
            near = did_you_mean(name, subsystems) if subsystems else "; the model names none"
            problems.append(f"targets.subsystems: no subsystem {name!r} in the model{near}")
    wishes = Wishes(model, targets, biomass)
    return problems + [f"targets.{problem}" for problem in wishes.problems()]


def unknown(model: Model, name: str, genes: bool, also: Iterable[str] = ()) -> str:
    """That the model lacks a target, with those that are near; `also` are names that would do, too."""
    ids = [*also, *(reaction.id for reaction in model.reactions)]
    if not genes:
        if name in model.genes:
            return f"{name!r} is a gene; genes are targets at `level: genes`"
        return f"no reaction {name!r} in the model{did_you_mean(name, ids)}"
    ids += [gene_name(gene.id) for gene in model.genes]
    titles = {gene_name(gene.id): gene.name for gene in model.genes}
    return f"no gene or reaction {name!r} in the model{did_you_mean(name, ids, titles)}"


class Wishes:
    """The interventions that a case names, checked against a model."""

    def __init__(self, model: Model, targets: Mapping, biomass: str | None):
        self.model, self.targets = model, targets
        self.genes = targets.get("level", "reactions") == "genes"
        self.pathways = targets.get("pathways") or {}
        growth = [reaction.id for reaction in linear_reaction_coefficients(model)]
        self.biomass = biomass or (growth[0] if len(growth) == 1 else None)
        self.known: dict[Intervention, str] = {}

    def problems(self) -> Iterator[str]:
        """Everything that is wrong, in the order of the configuration."""
        for text in self.targets.get("interventions") or ():
            yield from (f"interventions: {problem}" for problem in self.of(text))
        for name, members in self.pathways.items():
            yield from (f"pathways: {problem}" for problem in self.of_pathway(name, members))
        yield from (f"table: {problem}" for problem in self.of_table())
        choices = [("forced", text) for text in self.targets.get("forced") or ()]
        choices += [("exclusive", text) for group in self.targets.get("exclusive") or () for text in group]
        for key, text in choices:
            yield from (f"{key}: {problem}" for problem in self.of_choice(text))
        yield from self.twofold()

    def of(self, text: str, use: str = "", bare: str = "") -> Iterator[str]:
        """What is wrong with an intervention that has a cost of its own."""
        try:
            change = intervention(text, bare)
        except ConfigError as error:
            yield str(error)
            return
        change = replace(change, names=tuple(sorted(change.names)))
        if change in self.known:
            yield f"`{text}` is named already"
        self.known[change] = use
        yield from self.unfit(text, change)

    def of_choice(self, text: str) -> Iterator[str]:
        """What is wrong with a forced or exclusive one: a knock-out, or one that is named."""
        try:
            change = intervention(text, bare=KNOCK_OUT)
        except ConfigError as error:
            yield str(error)
            return
        change = replace(change, names=tuple(sorted(change.names)))
        if self.known.get(change) == EXCLUDED:
            yield f"`{text}` is excluded by the table"
        elif change.action != KNOCK_OUT and change not in self.known:
            near = did_you_mean(text, map(str, self.known))
            yield f"`{text}` is named neither in `interventions` nor in the table{near}"
        elif change not in self.known:
            yield from self.unfit(text, change)

    def unfit(self, text: str, change: Intervention) -> Iterator[str]:
        """Why the model or the level does not admit an intervention."""
        for name in change.names:
            if name in self.model.reactions:
                problem = self.on_reaction(name, change)
            elif change.action == KNOCK_IN and name in self.pathways:
                problem = ""
            elif self.genes and name in self.model.genes:
                problem = no_gene(self.model, name) or on_gene(change)
            else:
                also = self.pathways if change.action == KNOCK_IN else ()
                problem = unknown(self.model, name, self.genes, also)
            if problem:
                yield f"`{text}`: {problem}"

    def on_reaction(self, name: str, change: Intervention) -> str:
        """Why a reaction cannot be changed so, if so."""
        reaction = self.model.reactions.get_by_id(name)
        if name == self.biomass:
            return f"{name} is the biomass reaction; what the cell grows by is no target"
        if change.action == KNOCK_IN:
            return forced(reaction)
        return ""

    def of_pathway(self, name: str, members: Iterable[str]) -> Iterator[str]:
        """What is wrong with a pathway."""
        for pool, kind in ((self.model.reactions, "reaction"), (self.model.genes, "gene")):
            if name in pool:
                yield f"{name}: the model has a {kind} of that id; give the pathway another name"
        for member in members:
            if member not in self.model.reactions:
                yield f"{name}: {unknown(self.model, member, False)}"
            elif member == self.biomass:
                yield f"{name}: {member} is the biomass reaction; the wild type must have it"
            elif forced(self.model.reactions.get_by_id(member)):
                yield f"{name}: {forced(self.model.reactions.get_by_id(member))}"

    def of_table(self) -> Iterator[str]:
        """What is wrong with the rows of the table."""
        if not self.targets.get("table"):
            return
        try:
            rows = table_rows(self.targets, TABLE)
        except FileError as error:
            yield str(error)
            return
        for line, row in enumerate(rows, start=2):
            use, cost = row.get("use") or "", row.get("cost") or ""
            problems = [*self.of(row["intervention"], use, bare=KNOCK_OUT)]
            if use not in ("", "candidate", "forced", EXCLUDED):
                problems.append(f"use `{use}` is not allowed; allowed: candidate, forced, excluded, or nothing")
            if cost and not is_cost(cost):
                problems.append(f"cost `{cost}` is not allowed; give a number above 0")
            yield from (f"line {line}: {problem}" for problem in problems)

    def twofold(self) -> Iterator[str]:
        """Knock-ins that are knock-outs as well."""
        ins: dict[str, str] = {}
        for change in self.known:
            for name in change.names if change.action == KNOCK_IN else ():
                inside = self.pathways.get(name, ()) if name not in self.model.reactions else ()
                ins |= dict.fromkeys([name, *inside], str(change))
        outs = [("include", name) for name in self.targets.get("include") or ()]
        outs += [
            ("interventions", name) for change in self.known if change.action == KNOCK_OUT for name in change.names
        ]
        for text in self.targets.get("forced") or ():
            outs += [("forced", name) for name in text.strip().removeprefix(KNOCK_OUT).split("|")]
        for key, name in dict.fromkeys(outs):
            if name in ins:
                yield f"{key}: {name} is absent until `{ins[name]}` adds it, so it cannot be knocked out, too"


def forced(reaction: Reaction) -> str:
    """Why a reaction cannot be absent, if so."""
    if reaction.lower_bound <= 0 <= reaction.upper_bound:
        return ""
    return f"{reaction.id} cannot be absent: 0 lies outside its bounds {interval(reaction.bounds)}"


def no_gene(model: Model, name: str) -> str:
    """Why what stands where a gene should cannot be changed, if it is none."""
    meaning = note(model.genes.get_by_id(name), PSEUDO_NOTE)
    if not meaning:
        return ""
    return (
        f"{gene_name(name)} is a pseudo-gene: it stands for {meaning}; if it is a gene of this model, write "
        f"`spontaneous: {{except: [{gene_name(name)}]}}`"
    )


def on_gene(change: Intervention) -> str:
    """Why a gene cannot be changed so, if so."""
    if change.action == AT_LEAST:
        return "more of a gene's enzyme allows more flux but forces none; use `>=` on a reaction"
    if change.relative:
        return "a gene has no flux range; give the largest flux of its enzyme in mmol/gDW/h"
    return "the largest flux of a gene's enzyme is 0 or more" if change.level < 0 else ""


def is_cost(text: str) -> bool:
    """Whether a cell is a positive number."""
    try:
        return 0 < float(text) < float("inf")
    except ValueError:
        return False
