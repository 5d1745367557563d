"""What the page shows, gathered from the files of a run: nothing is computed again, only joined and counted."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from knockflow import __version__
from knockflow.base.errors import FileError
from knockflow.base.files import read_json, sha256
from knockflow.base.screen_table import SCREEN
from knockflow.base.tables import CURATION, ENVELOPE, FLUXES, GPR, PRODUCTS, VALIDATION
from knockflow.designs.claims import read_claims
from knockflow.designs.summary import cautions_of, summary_rows
from knockflow.language.notation import KNOCK_IN, KNOCK_OUT, intervention
from knockflow.language.products import asked_in, written
from knockflow.layers.in_report import Section, Told, may_gain, sections, tables, tables_of_added_genes, told
from knockflow.model.gpr import from_cell
from knockflow.model.notes import SUBSTRATE_NOTE, note
from knockflow.report.answers import Answer, ReportedDesign
from knockflow.report.certified import certified
from knockflow.report.changes import WildType, wild_type
from knockflow.report.predicted import Predicted, predicted
from knockflow.report.products import product_name
from knockflow.report.screens import MOST_IN_FULL, Screens
from knockflow.report.tables import findings, found_essential, of_some_cases, targets
from knockflow.report.words import GUARANTEED, PROMISED, WILD_TYPE, few
from knockflow.settings.screens import KEY as SCREENS
from knockflow.settings.screens import written_back

TABLES = (
    "model.json",
    "curation.tsv",
    "gpr.tsv",
    "targets.tsv",
    "validation.tsv",
    "envelope.tsv",
    "fluxes.tsv",
    "predictions.tsv",
)


@dataclass(frozen=True)
class Curve:
    """A production envelope as it stands in envelope.tsv."""

    formulation: str
    interventions: str
    growth: list[float]
    least: list[float]
    most: list[float]


@dataclass(frozen=True)
class Model:
    """What the page needs of the curated model: names, bounds, and the genes that switch a reaction off."""

    id: str
    names: Mapping[str, str]
    bounds: Mapping[str, tuple[float, float]]
    product_name: str
    substrate: str | None
    biomass: str | None
    cut_sets: Mapping[str, list[frozenset[str]]]
    wild: WildType


@dataclass(frozen=True)
class ReportedCase:
    """A case with all that is known of it."""

    name: str
    options: Mapping
    model: Model
    answers: Sequence[Answer]
    curves: Sequence[Curve]
    fluxes: Mapping[str, Mapping[str, float]]
    targets: Mapping
    layers: Mapping[str, Told]
    findings: Mapping
    files: Mapping[str, str]
    products: Sequence[Mapping[str, str]] = ()
    predicted: Sequence[Predicted] = ()
    essential: Mapping[str, str] = field(default_factory=dict)

    @property
    def product(self) -> str:
        """What counts as product, by its ids; empty for none."""
        return written(asked_in(self.options))

    @property
    def may_gain(self) -> bool:
        """Whether a design may have states that the wild type has not: it adds something, or layers let it."""
        return bool(self.targets["kinds"]) or may_gain(self.options)

    @property
    def designs(self) -> list[ReportedDesign]:
        """The designs of all formulations."""
        return [design for answer in self.answers for design in answer.designs]

    @property
    def cautions(self) -> list[str]:
        """Why the case's numbers do not mean what they seem to, however well they are proven; empty for most cases."""
        return cautions_of(self.findings["warning"])

    @property
    def unverified(self) -> list[ReportedDesign]:
        """Designs of any formulation whose re-evaluation differs from the claim."""
        return [design for answer in self.answers for design in answer.unverified]

    def claiming(self, most: int) -> list[ReportedDesign]:
        """The designs that claim numbers: the first ones of each formulation, and all that are not verified."""
        valued = [answer.designs for answer in self.answers if not answer.cut_sets]
        return [one for designs in valued for place, one in enumerate(designs) if place < most or not one.verified]

    @property
    def wild_type(self) -> Curve | None:
        """The envelope without interventions; None where the model has no steady state."""
        return next((curve for curve in self.curves if curve.formulation == WILD_TYPE), None)

    @cached_property
    def parts(self) -> list[dict]:
        """Every intervention of the listed designs, with what it names: reactions, genes and pathways."""
        used = Counter(name for design in self.designs for name in design.interventions)
        return [
            {
                "name": name,
                "count": count,
                "members": [_member(self, one, intervention(name).action) for one in intervention(name).ids],
                "silent": [_member(self, one, KNOCK_OUT) for one in self.silent([name])],
            }
            for name, count in sorted(used.items(), key=lambda item: (-item[1], item[0]))
        ]

    def labelled(self, interventions: Sequence[str]) -> list[str]:
        """Interventions with the names of their genes."""
        return list(map(self.model.wild.labelled, interventions))

    def genes_of(self, design: ReportedDesign) -> list[str]:
        """The genes to delete for a design, with their names, where its interventions do not say so themselves."""
        named = {one for name in design.interventions for one in intervention(name).ids}
        return [self.model.wild.gene(one) for one in design.genes] if not named.issuperset(design.genes) else []

    def silent(self, interventions: Sequence[str]) -> list[str]:
        """The reactions that lose their flux with the removed ones, since they are coupled to them."""
        changes = [change for change in map(intervention, interventions) if change.action == KNOCK_OUT]
        named = {one for change in changes for one in change.ids}
        of_reactions = [change.name for change in changes if not any(map(self.model.wild.is_gene, change.ids))]
        with_them = [one for name in of_reactions for one in self.targets["reactions"].get(name, ())]
        return [one for one in dict.fromkeys(with_them) if one not in named]

    def switched_off(self, interventions: Sequence[str]) -> list[str]:
        """The reactions that the removed genes switch off."""
        named = {one for name in interventions for one in intervention(name).ids}
        return [one for one in self.model.wild.silenced(";".join(interventions)) if one not in named]

    def added(self, interventions: Sequence[str]) -> list[str]:
        """The reactions that come with a pathway or a gene."""
        named = {one for name in interventions for one in intervention(name).ids}
        return [one for one in self.model.wild.started(";".join(interventions)) if one not in named]


@dataclass(frozen=True)
class Content:
    """The whole page."""

    cases: Sequence[ReportedCase]
    config: Mapping
    version: str
    versions: Mapping[str, list[str]]
    screens: Screens | None = None

    @property
    def designs(self) -> list[ReportedDesign]:
        """All designs of the run."""
        return [design for case in self.cases for design in case.designs]

    @cached_property
    def signs(self) -> set[str]:
        """The signs of all interventions of the listed designs."""
        return {intervention(name).action for design in self.designs for name in design.interventions}

    @property
    def at_genes(self) -> bool:
        """Whether genes are the targets of some case."""
        return any(case.options["targets"]["level"] == "genes" for case in self.cases)

    @cached_property
    def sections(self) -> list[Section]:
        """The sections of layers."""
        return sections({case.name: case.layers for case in self.cases})

    @property
    def answers(self) -> list[Answer]:
        """The answers to all cases."""
        return [answer for case in self.cases for answer in case.answers]

    @property
    def without_design(self) -> list[tuple[ReportedCase, Answer]]:
        """The formulations of all cases that have no design but the wild type."""
        return [(case, answer) for case in self.cases for answer in case.answers if answer.without_design]

    @property
    def reasons(self) -> list[tuple[str, list[str], str]]:
        """Case, formulations and reason of those without design, each reason of a case once."""
        found: dict[tuple[str, str], list[str]] = {}
        for case, answer in self.without_design:
            found.setdefault((case.name, answer.reason), []).append(answer.name)
        return [(case, names, reason) for (case, reason), names in found.items()]

    @property
    def not_by_genes(self) -> list[tuple[ReportedCase, Answer]]:
        """The formulations of all cases some design of which genes do not make as it is."""
        return [(case, answer) for case in self.cases for answer in case.answers if answer.not_by_genes]

    @property
    def unverified(self) -> int:
        """How many designs are not verified."""
        return sum(len(case.unverified) for case in self.cases)


DIAGNOSIS = "diagnosis.json"


def gather(results: str | Path, config: Mapping, formulations: Mapping[str, Sequence[str]]) -> Content:
    """All that the page shows of a run.

    Parameters
    ----------
    results
        The folder that the stages have written.
    config
        The checked configuration, with its defaults.
    formulations
        The names of each case's formulations.

    Raises
    ------
    FileError
        If a file is missing, is not whole, or does not belong to the others.
    """
    of_screens = [case for own in config.get(SCREENS, {}).values() for case in own]
    shown = {
        name: names
        for name, names in formulations.items()
        if name not in of_screens or len(formulations) <= MOST_IN_FULL
    }
    cases = [_case(Path(results), name, config, names) for name, names in shown.items()]
    screens = Screens.of(SCREEN.read(Path(results) / SCREEN.file)) if of_screens else None
    return Content(cases, written_back(config), __version__, _versions(cases), screens)


def _case(results: Path, name: str, config: Mapping, formulations: Sequence[str]) -> ReportedCase:
    folder, options = results / name, config["cases"][name]
    model = _model(folder, options)
    return ReportedCase(
        name=name,
        options=options,
        model=model,
        answers=_answers(folder, name, config, formulations),
        curves=_curves(folder),
        fluxes=_fluxes(folder),
        targets=targets(folder),
        layers=told(folder, options, model.bounds),
        findings=findings(folder),
        files={table: sha256(folder / table) for table in (*TABLES, *tables(options), *of_some_cases(options))},
        products=PRODUCTS.read(folder / PRODUCTS.file) if options["products"] else (),
        predicted=predicted(folder),
        essential=found_essential(folder, options),
    )


def _model(folder: Path, options: Mapping) -> Model:
    content = read_json(folder / "model.json")
    reactions = {reaction["id"]: reaction for reaction in content["reactions"]}
    grown = [one for one, reaction in reactions.items() if reaction.get("objective_coefficient")]
    return Model(
        id=content.get("id") or "",
        names={one: reaction.get("name", "") for one, reaction in reactions.items()},
        bounds={one: (reaction["lower_bound"], reaction["upper_bound"]) for one, reaction in reactions.items()},
        product_name=product_name(options, content, reactions),
        substrate=note(content, SUBSTRATE_NOTE),
        biomass=grown[0] if len(grown) == 1 else None,
        cut_sets=_removable(folder),
        wild=wild_type(content),
    )


def _removable(folder: Path) -> dict[str, list[frozenset[str]]]:
    """Gene sets that switch a reaction off."""
    return {row["reaction"]: from_cell(row["gene_cut_sets"]) for row in GPR.read(folder / GPR.file)}


def _member(case: ReportedCase, name: str, action: str) -> dict:
    """What an intervention names: its name, and the genes to remove, the equation to add, or a gene's reactions."""
    wild, found = case.model.wild, {"id": name, "name": case.model.names.get(name, ""), "genes": [], "what": ""}
    if name not in wild.bounds and wild.is_gene(name):
        own = ", ".join(wild.of_gene(name))
        said = " and ".join(tables_of_added_genes(case.options))
        what = f"in the rule of {own}" if own else f"a regulator; {said} says what depends on it"
        called = [case.model.names.get(one) or one for one in wild.of_gene(name)]
        return found | {"id": wild.gene(name), "name": few(called), "what": what}
    if action == KNOCK_IN:
        parts = wild.pathways.get(name, [name])
        return found | {"what": "; ".join(f"{one}: {wild.equations.get(one, '')}" for one in parts)}
    if action != KNOCK_OUT:
        lower, upper = wild.bounds.get(name, (0.0, 0.0))
        return found | {"what": f"bounds of the wild type: {lower:g} to {upper:g}"}
    cuts = sorted((sorted(cut) for cut in case.model.cut_sets.get(name, ())), key=lambda cut: (len(cut), cut))
    return found | {"genes": [list(map(wild.gene, cut)) for cut in cuts]}


def _answers(folder: Path, case: str, config: Mapping, formulations: Sequence[str]) -> list[Answer]:
    validation = VALIDATION.read(folder / VALIDATION.file)
    checks = {(row["formulation"], row["rank"]): row for row in validation}
    curation = CURATION.read(folder / CURATION.file)
    answers = []
    told = read_json(folder.parent / DIAGNOSIS)["diagnoses"] if (folder.parent / DIAGNOSIS).exists() else ()
    for name in formulations:
        claims = read_claims(name, folder / name / "designs.tsv", folder / name / "record.json")
        rows = summary_rows(case, [claims], validation, curation, told)
        designs = [ReportedDesign(name, row, checks[name, row["rank"]]) for row in rows if row["rank"]]
        options, record = config["formulations"][name], claims.record
        if record["status"] in ("optimal", "feasible") and not designs:
            raise FileError(f"{folder / name}: record.json says {record['status']}, designs.tsv has no row")
        answers.append(
            Answer(name, record["formulation"], options, record, designs, rows[0]["reason"], certified(folder, name))
        )
    return answers


def _curves(folder: Path) -> list[Curve]:
    points = defaultdict(list)
    for row in ENVELOPE.read(folder / ENVELOPE.file):
        cells = (row["growth_per_h"], row[GUARANTEED], row[PROMISED])
        if all(cells):
            points[row["formulation"], row["interventions"]].append(tuple(map(float, cells)))
    return [Curve(*key, *map(list, zip(*found, strict=True))) for key, found in points.items()]


def _fluxes(folder: Path) -> dict[str, dict[str, float]]:
    """Fluxes (mmol/gDW/h) by reaction, of each strain by its interventions; of the wild type first, by none."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in FLUXES.read(folder / FLUXES.file):
        found[row["interventions"]][row["reaction"]] = float(row["flux_mmol_per_gdw_h"])
    return dict(found)


def _versions(cases: Sequence[ReportedCase]) -> dict[str, list[str]]:
    """Each package with every version that a search of this run has used."""
    found = defaultdict(set)
    for case in cases:
        for answer in case.answers:
            for package, version in answer.record["versions"].items():
                found[package].add(version or "not installed")
    return {package: sorted(found[package]) for package in sorted(found)}
