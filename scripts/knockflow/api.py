"""The calls that a person makes from Python: a case, its designs, their re-evaluation.

A case and a formulation take the keys of the configuration, with the same defaults, checks and messages.
"""

import os
import re
from collections.abc import Collection, Iterable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Unpack

from cobra import Model

from knockflow.base.errors import ConfigError, FileError
from knockflow.base.tolerances import FEASIBILITY
from knockflow.designs.claims import Claims
from knockflow.follower.oracle import Follower
from knockflow.follower.respond import respond
from knockflow.formulations.registry import formulation
from knockflow.language.ids import Known, gene_name
from knockflow.language.notation import KNOCK_IN, KNOCK_OUT, intervention
from knockflow.language.products import asked_in, written
from knockflow.layers.registry import add_to_model
from knockflow.methods.tree.detours import designed_bounds
from knockflow.model.curation import Finding, curate, find_substrate
from knockflow.model.curation.names import did_you_mean
from knockflow.model.gene_cuts import listed_cut_sets
from knockflow.model.notes import SUBSTRATE_NOTE, write_note
from knockflow.model.question import Question
from knockflow.model.read import about, read_model
from knockflow.numerics.program import entries
from knockflow.problem.leader import Targets
from knockflow.problem.offer import NamedInterventions
from knockflow.problem.problem import Problem
from knockflow.problem.relative_levels import resolved
from knockflow.problem.targets import TargetOptions
from knockflow.report.designs import Designs
from knockflow.report.printed import labelled, warnings_in
from knockflow.report.screened import Screened
from knockflow.settings.keys import CASE, FORMULATION, with_keys
from knockflow.settings.options import NAME, NOT_HERE, case_options, formulation_options
from knockflow.settings.schema import default_of
from knockflow.settings.typed import CaseKeys, FormulationKeys
from knockflow.stages.design import find_designs
from knockflow.stages.layered import layered, layers_of
from knockflow.stages.problem import build
from knockflow.validation import reevaluation, validation
from knockflow.validation.fluxes import fluxes_of
from knockflow.validation.products import product_rows
from knockflow.validation.several import in_all
from knockflow.validation.strain import bounds_of, changed, changes_of

MODEL_CACHE = default_of("model_cache")
"""Folder where models of `bigg:ID` are kept, relative to the working directory."""

RESPONSE = (
    "growth_per_h",
    "product_min_mmol_per_gdw_h",
    "product_max_mmol_per_gdw_h",
    "product_min_at_min_growth_mmol_per_gdw_h",
    "product_max_at_min_growth_mmol_per_gdw_h",
)
"""What `Case.respond` tells."""

_SIGNED = re.compile(r"^\s*[+-]|[<>]=")
"""Whether a change is written as an intervention, and not as an id to remove."""


@with_keys(CASE, leave_out=NOT_HERE)
class Case(Screened):
    """A model in a medium with a product: curated, and ready for designs.

    Parameters
    ----------
    model : str, path or cobra.Model
        `cobra:NAME`, `bigg:ID` or a path, as in a configuration; or a model, which is copied and stays as it is.
    product : str, optional
        Exchange reaction of the product; only minimal cut sets need none. `products` names several.
    **options
        The keys of a case in a configuration, listed below; paths of files count from the working directory.

    Attributes
    ----------
    findings : list of Finding
        Every change that curation made, every warning, and what it noted; the rows of curation.tsv.
    options : dict
        The case as a configuration would have it, with every default.
    problem : Problem
        The follower and its targets, as arrays.
    targets : list of dict
        What may be removed, what not, and why; the rows of targets.tsv.

    Raises
    ------
    ConfigError
        If an option is wrong, or names what the model does not have.
    ModelError
        If the model cannot be read or used.

    Examples
    --------
    >>> case = Case("cobra:textbook", product="EX_succ_e", medium={"EX_glc__D_e": 10, "EX_o2_e": 0})
    >>> designs = case.design("robustknock", max_interventions=2)
    >>> print(designs)
    >>> print(designs.validate())
    >>> designs[0].interventions, designs[0].growth, designs[0].product
    >>> designs.plot()
    >>> case.respond(["PYK"])
    >>> by_genes = Case("cobra:textbook", product="EX_succ_e", targets={"level": "genes"})
    >>> by_genes.respond(["-b1241", "PFK<=8"])
    """

    def __init__(self, model: str | os.PathLike | Model, product: str | None = None, **options: Unpack[CaseKeys]):
        if not isinstance(model, str | os.PathLike | Model):
            raise ConfigError(f"model: {model!r} is no model: give a cobra.Model, a path, cobra:NAME or bigg:ID")
        self._given, given = model, model.copy() if isinstance(model, Model) else None
        source = (given.id or "model") if given else os.fspath(model)
        self.options = case_options({"model": source, "product": product} | deepcopy(options))
        self.findings: list[Finding] = []
        if given is None:
            given, origin = read_model(source, Path(MODEL_CACHE))
            source = origin.source
            self.findings += origin.findings
        layers = layers_of(self.options, MODEL_CACHE)
        self.findings += add_to_model(given, layers)
        with about(source):
            self.findings += curate(given, self.options, MODEL_CACHE)
        write_note(given, SUBSTRATE_NOTE, find_substrate(given, self.options))
        self._whole = layered(given, layers)
        network = self._whole.network
        cuts = listed_cut_sets(dict(zip(network.reactions, network.rules, strict=True)))
        question = Question.of(
            network, asked_in(self.options), self.options["min_growth"], self.options["cell_objective"]
        )
        self.problem, targets = build(
            network, cuts, question, TargetOptions.of(self.options["targets"], network), self._whole.layers
        )
        self.targets = [target.row() for target in targets]

    @property
    def model(self) -> Model:
        """A copy of the curated model, as model.json holds it, without layers."""
        return self._whole.plain.copy()

    @property
    def tables(self) -> dict[str, list[dict]]:
        """The rows of the tables of the case's layers, as the results have them, by layer."""
        return deepcopy(dict(self._whole.tables))

    @with_keys(FORMULATION)
    def design(self, kind: str, **options: Unpack[FormulationKeys]) -> Designs:
        """The best minimal designs under a formulation.

        Parameters
        ----------
        kind : str
            A formulation, such as `robustknock`.
        **options
            The keys of a formulation in a configuration, listed below, such as `max_interventions` or `method`.

        Returns
        -------
        Designs
            The list, best first, with the proof in its `record`; empty where nothing is feasible, which `reason` tells.

        Raises
        ------
        ConfigError
            If an option is wrong.
        """
        checked_options = formulation_options({"kind": kind} | options)
        if not asked_in(self.options) and not formulation(kind).cut_sets:
            raise ConfigError(f"Python: cases.{NAME}.product: the key is missing; only minimal cut sets need none")
        return Designs(self, find_designs(self.problem, checked_options))

    @with_keys(FORMULATION, leave_out=("front",))
    def front(
        self, kind: str, axes: Iterable[str] = ("value", "growth", "cost"), **options: Unpack[FormulationKeys]
    ) -> Designs:
        """The exact Pareto front under a formulation: one design for each point that no other one dominates.

        Parameters
        ----------
        kind : str
            A formulation, such as `robustknock`.
        axes : list of str
            Two or three of `value` (what the formulation maximizes), `growth` (of the strain, 1/h) and `cost` (of its
            interventions).
        **options
            The keys of a formulation in a configuration, listed below, but for `front`.

        Returns
        -------
        Designs
            One for each point, best value first, the wild type among them; `plot("front")` draws them.

        Raises
        ------
        ConfigError
            If an option is wrong, or the method does not hold for the front.
        """
        if "front" in options:
            raise ConfigError("front: give the axes as `axes`")
        options["front"] = [axes] if isinstance(axes, str) else list(axes)
        return self.design(kind, **options)

    def respond(self, changes: str | Iterable[str] = ()) -> dict:
        """What the cell does after some changes, whether they are targets or not; the wild type without any.

        Parameters
        ----------
        changes : list of str, or str
            Reactions and genes to remove, or any interventions as tables write them: `["PYK", "ACALD"]`, `"b1241"`,
            `"-ACALD;-PYK"`, `["-b1241", "PFK<=8"]`; bounds in mmol/gDW/h or, `"PFK<=30%"`, as a share of the wild
            type's flux range at min_growth. Where an id is both, it is a gene at level `genes`.

        Returns
        -------
        dict
            Largest growth (1/h), and the product range (mmol/gDW/h) there and at min_growth; None where the cell cannot
            reach it.

        Raises
        ------
        ConfigError
            If the model has nothing of such a name, or a reaction must carry flux.
        """
        texts = self._interventions(changes)
        try:
            after = bounds_of(self._whole.model, changes_of(self._whole.model, ";".join(texts)))
        except FileError as error:
            raise ConfigError(str(error).removeprefix("designs.tsv: ")) from error
        named = {name for text in texts if text.startswith(KNOCK_OUT) for name in intervention(text).ids}
        closed = {name for name, bounds in after.items() if bounds == (0.0, 0.0)}
        removed = closed == set(after) and not self._whole.layers
        return self._without(closed | named) if removed else self._with(texts)

    def _with(self, texts: Iterable[str]) -> dict:
        """The response to any interventions, with COBRApy."""
        options = self.options
        asked = reevaluation.question_of(
            self._whole.model, asked_in(options), options["min_growth"], options["cell_objective"]
        )
        design = ";".join(texts)
        found = in_all(self._whole.model, lambda: _evaluated(self._whole.model, asked, design))
        growth = found.get("growth_per_h", float("nan"))
        lives = growth >= asked.min_growth - FEASIBILITY
        told = {name: value for name, value in found.items() if value == value and (lives or name == RESPONSE[0])}
        return {name: told.get(name) for name in RESPONSE}

    def _without(self, names: Collection[str]) -> dict:
        """The response to the removal of reactions, as the search has it."""
        members = {number for number, name in enumerate(self.problem.reactions) if name in names}
        groups = [set(entries(self.problem.members, j)[0].tolist()) for j in range(len(self.problem.columns))]
        columns = [j for j, group in enumerate(groups) if group & members]
        problem = replace(self._wild_type(self.problem), targets=Targets.knock_outs(["removed"], [columns]))
        follower = Follower(problem)
        fastest, outcome = follower.max_growth(follower.after({0})), respond(problem, {0})
        ranges = [None] * 4
        if outcome:
            ranges = [outcome.product_min, outcome.product_max]
            ranges += [outcome.product_min_at_min_growth, outcome.product_max_at_min_growth]
        growth = outcome.growth if outcome else fastest and fastest.value
        return dict(zip(RESPONSE, [growth, *ranges], strict=True))

    def _growth(self) -> float:
        """Largest growth of the wild type (1/h); nan where it has no state."""
        found = (_fastest(self._wild_type(alone)) for alone in self.problem.each)
        return min(found)

    def _wild_type(self, problem: Problem) -> Problem:
        """A problem of one follower without anything that a design may add."""
        lower, upper = problem.lower.copy(), problem.upper.copy()
        for column, ends in designed_bounds(problem, problem.targets.effects(frozenset())).items():
            lower[column], upper[column] = ends
        return problem.with_follower(lower=lower, upper=upper)

    def _interventions(self, changes: str | Iterable[str]) -> list[str]:
        """The changes that are meant as the model's files have them, each checked; an id without a sign is removed."""
        known = self._whole.network.known(self.options["targets"]["level"] == "genes")
        items = [changes] if isinstance(changes, str) and known.target(changes) else changes
        items = items.split(";") if isinstance(items, str) else items
        signed = [
            item if _SIGNED.search(item) and not known.target(item) else KNOCK_OUT + item for item in items if item
        ]
        texts = [known.change(item) for item in signed]
        for text in texts:
            change = intervention(text)
            for name in change.ids:
                self._check_named(change.action, name, known)
            if change.relative and change.name not in known.reactions:
                raise ConfigError(f"`{text}`: a share of a flux range is one of a reaction's range")
        return self._as_fluxes(texts)

    def _as_fluxes(self, texts: list[str]) -> list[str]:
        """The same changes, shares of the wild type's flux ranges as fluxes (mmol/gDW/h)."""
        network = self._whole.network
        for layer in self._whole.layers:
            network = layer.tighten(network)
        return [*resolved(network, NamedInterventions(dict.fromkeys(texts, 1.0)), self.options["min_growth"]).costs]

    def _check_named(self, action: str, name: str, known: Known) -> None:
        """That a change names something, and that a removed reaction need not run."""
        if action != KNOCK_IN and known.target(name) is None:
            near = did_you_mean(name, [*known.reactions, *known.genes], self._names())
            allowed = (
                "a change is an id to remove, `-ID` likewise, `+ID` to add, or `ID>=5` or `ID<=0.4` to set a bound"
            )
            raise ConfigError(f"no reaction or gene `{name}` in the model{near}; {allowed}")
        if action == KNOCK_OUT and name in known.reactions:
            number = self._whole.network.index()[name]
            lower, upper = self._whole.network.lower[number], self._whole.network.upper[number]
            if not lower <= 0 <= upper:
                raise ConfigError(f"{name} cannot be removed: 0 lies outside its bounds [{lower:g}, {upper:g}]")

    def _names(self) -> dict[str, str]:
        """The names of genes, by id."""
        return {gene_name(gene.id): gene.name for gene in self._whole.model.genes if gene.name}

    def checked(self, claim: Claims) -> list[dict]:
        """The rows of validation.tsv for what a search has claimed: each design again, with COBRApy.

        Parameters
        ----------
        claim : Claims
            Rows of designs.tsv as text, with the record that belongs to them.
        """
        plain = self.model if self._whole.layers else None
        return validation.validate(*self._to_check(), [claim], "cobra+layer" if plain else "cobra", plain)

    def contributions(self, claim: Claims) -> list[dict]:
        """The rows of products.tsv for what a search has claimed; none where the case has one product."""
        return product_rows(*self._to_check(), [claim])

    def envelope(self, interventions: str = "") -> list[dict]:
        """The product range (mmol/gDW/h) against growth (1/h) after interventions, as envelope.tsv has it, by COBRApy.

        Parameters
        ----------
        interventions : str
            As tables write them: `"-ACALD;-PYK"`; empty for the wild type.

        Returns
        -------
        list of dict
            A row for each of 41 growth rates from 0 to the largest; none without a product or without any state.
        """
        return validation.envelope(*self._to_check(), interventions)

    def fluxes(self, interventions: str = "") -> dict[str, float]:
        """The fluxes (mmol/gDW/h, growth 1/h) of the state that a guarantee is about, as fluxes.tsv has it, by COBRApy.

        Growth is largest, of these states the product is least, and of these the total flux; empty where it does not
        grow at min_growth. Interventions are written as in tables, `"-ACALD;-PYK"`; empty for the wild type.
        """
        return fluxes_of(*self._to_check(), interventions)

    def _to_check(self) -> tuple[Model, Question]:
        """A copy of the curated model with its layers, and what is asked of it."""
        model, options = self._whole.model.copy(), self.options
        return model, reevaluation.question_of(
            model, asked_in(options), options["min_growth"], options["cell_objective"]
        )

    def labelled(self, text: str) -> str:
        """An intervention with the names of its genes beside their ids: `-adhE (b1241)`."""
        return labelled(text, self._whole.network.index(), self._names())

    def __repr__(self) -> str:
        options, problem = self.options, self.problem
        return (
            f"<Case {written(asked_in(options)) or None} from {options['model']}: {len(problem.reactions)} reactions, "
            f"{len(problem.candidates())} candidate targets, growth up to {self._growth():.6f} per h, "
            f"min_growth {problem.min_growth:g}{warnings_in(self.findings)}>"
        )


def _evaluated(model: Model, question: Question, interventions: str) -> dict:
    """What COBRApy finds of a strain."""
    with changed(model, interventions) as strain:
        return reevaluation.evaluate(strain, question)


def _fastest(problem: Problem) -> float:
    """Largest growth of a follower (1/h); nan where it has no state."""
    follower = Follower(problem)
    fastest = follower.max_growth(follower.after(()))
    return fastest.value if fastest else float("nan")
