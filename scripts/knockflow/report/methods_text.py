"""A paragraph of methods and its literature, from what a run has really done, to be copied into a paper."""

from collections.abc import Iterable, Iterator

from knockflow.base.terminal import counted
from knockflow.base.tolerances import VERIFIED
from knockflow.designs.summary import SAME
from knockflow.formulations.registry import ALL
from knockflow.layers.in_report import asked_layers
from knockflow.methods.registry import METHODS
from knockflow.report.answers import Answer
from knockflow.report.content import Content, ReportedCase
from knockflow.report.literature import COBRAPY, MODELS, PAPERS, SNAKEMAKE, SOLVERS, bibtex
from knockflow.report.words import UNIT

NAMES = {"glpk": "GLPK", "highs": "HiGHS", "cbc": "CBC", "scip": "SCIP", "gurobi": "Gurobi", "cplex": "CPLEX"}


def methods_text(content: Content) -> list[str]:
    """A paragraph on searches and checks of the whole run, and one on model and question of each case."""
    return [
        f"Strain designs were computed with Knockflow {content.version}, a workflow in Snakemake "
        f"{_version(content, 'snakemake')}{_cited(SNAKEMAKE)}. {_searches(content)} {_checks(content)}",
        *(_case(case) for case in content.cases),
    ]


def bibliography(content: Content) -> str:
    """The papers that the paragraphs cite, and those of layers and methods that were used, as BibTeX."""
    return bibtex(_dois(content), content.version)


def _dois(content: Content) -> Iterator[str]:
    yield SNAKEMAKE
    for case in content.cases:
        yield from filter(None, [MODELS.get(case.model.id)])
    for answer in content.answers:
        source = ALL[answer.kind].source
        yield from [source.doi] if source else []
        yield from METHODS[answer.record["method"]].sources
        yield from filter(None, [SOLVERS.get(answer.record["solver"])])
    for case in content.cases:
        for layer in asked_layers(case.options):
            yield from layer.sources
    yield COBRAPY


def _searches(content: Content) -> str:
    """Each formulation with its method and solver, once, and how many results are proven."""
    said = dict.fromkeys(map(_search, content.answers))
    proven = sum(answer.status == "proven" for answer in content.answers)
    results, verb = counted(len(content.answers), "result"), "is" if proven == 1 else "are"
    return (
        f"Designs were sought by {_list(said)}. Of {results} {proven} {verb} proven: the search was "
        "exact, or an exact search found the same list."
    )


def _search(answer: Answer) -> str:
    source, record = ALL[answer.kind].source, answer.record
    kind = source.citation.split(":")[0] if source else answer.kind.replace("_", " ")
    kind = kind[0].lower() + kind[1:] if kind[1:].islower() else kind
    own = "" if answer.name == answer.kind else f" as {answer.name}"
    method = METHODS[record["method"]]
    solver = f"{NAMES.get(record['solver'], record['solver'])} {record['solver_version'] or ''}".rstrip()
    parts = [
        *(_short(source.doi) for _ in [source] if source),
        f"at most {counted(answer.options['max_interventions'], 'intervention')}",
        f"{method.title}, {solver}",
        *map(_short, method.sources),
        *(_short(SOLVERS[name]) for name in [record["solver"]] if name in SOLVERS),
        *(f"confirmed by {METHODS[name].title}" for name in [record["confirmed_by"]] if name),
    ]
    return f"{kind}{own} ({'; '.join(parts)})"


def _checks(content: Content) -> str:
    verified = sum(design.verified for design in content.designs)
    same = sum(design.by_genes == SAME for design in content.designs)
    return (
        f"Each design was applied to the curated model with COBRApy {_version(content, 'cobra')}{_cited(COBRAPY)} and "
        f"evaluated again: {verified} of {len(content.designs)} gave what was claimed again (relative "
        f"tolerance {VERIFIED:g}), and {same} stay what they are once genes are deleted for them."
    )


def _case(case: ReportedCase) -> str:
    source = case.findings["source"]
    paper = _cited(MODELS[case.model.id]) if case.model.id in MODELS else ""
    medium = _list(f"{name} at most {most:g} {UNIT}" for name, most in case.options["medium"].items())
    uptake = f"with uptake of {medium}" if medium else "in the model's own medium"
    goal = f", product {case.product} ({case.model.product_name})" if case.product else ""
    counts, changes = case.targets["counts"], counted(len(case.findings["change"]), "change")
    layers = [f"{layer.title}{''.join(map(_cited, layer.sources))}" for layer in asked_layers(case.options)]
    beside = f" Beside stoichiometry and bounds the cell keeps to {_list(layers)}." if layers else ""
    return (
        f"{case.name}: model {case.options['model']}{paper} ({source['size']}; SHA-256 {source['sha256'][:16]}), "
        f"{uptake}{goal}; growth of at least {case.options['min_growth']:g} per h was demanded. Curation made "
        f"{changes}; {counts['candidate']} candidates were offered as targets (level: "
        f"{case.options['targets']['level']}), {counts['essential']} essential and {counts['blocked']} blocked ones "
        f"were not.{beside}"
    )


def _version(content: Content, package: str) -> str:
    return " and ".join(content.versions.get(package, ["of an unknown version"]))


def _cited(doi: str) -> str:
    """A paper in running text: " (Burgard et al. 2003)"."""
    return f" ({_short(doi)})"


def _short(doi: str) -> str:
    paper = PAPERS[doi]
    families = [author.split(",")[0] for author in paper.author.split(" and ")]
    who = f"{families[0]} et al." if len(families) > 2 or families[-1] == "others" else " and ".join(families)
    return f"{who} {paper.year}".replace(r"{\"o}", "ö")


def _list(parts: Iterable[str]) -> str:
    *others, last = [*parts] or [""]
    return f"{', '.join(others)} and {last}" if others else last
