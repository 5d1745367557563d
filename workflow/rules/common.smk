"""The checked configuration, the paths, and the hash that ties a job to the code it runs."""

import hashlib
import os
from functools import cache
from itertools import chain
from types import SimpleNamespace
from pathlib import Path

from knockflow.base.errors import ConfigError, KnockflowError
from knockflow.base.files import sha256
from knockflow.base.kept import Names, restore
from knockflow.base.sources import split_source
from knockflow.language.products import asked_in
from knockflow.layers.registry import as_asked, asked_layers, layers
from knockflow.settings.config import checked
from knockflow.settings.schema import read_schema
from knockflow.settings.solvers import missing_solvers
from knockflow.settings.sources import REMOTE, missing_files, named_files
from knockflow.settings.support import search_modules
from knockflow.settings.unnamed import DEEP, EXACT
from knockflow.stages.screen import with_screens

CONFIG_FILE = Path(workflow.configfiles[-1]) if workflow.configfiles else None
GIVEN_FILES = list(
    map(Path, workflow.overwrite_configfiles or filter(None, [own_configuration()]))
)

# The project's folder, where the workflow is read from one.
ROOT = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parents[1]

# A module has its part of another workflow's configuration, whose rules may also make the files that it names.
ON_ITS_OWN = workflow.modifier.is_main_snakefile()


def checked_configuration():
    """The configuration with its defaults, once all that can be found out before any job is as it should be."""
    for file in workflow.configfiles if ON_ITS_OWN else ():
        strictly(file)
    name = str(CONFIG_FILE or "configuration")
    found = checked(config, read_schema(), name)
    elsewhere = (Path.cwd(), Path(os.environ.get("PWD", ".")))
    lines = missing_files(found, base_of_paths(), elsewhere) if ON_ITS_OWN else []
    if solvers_are_here():
        lines += missing_solvers(found)
    if lines:
        raise ConfigError("\n".join(f"{name}: {line}" for line in lines))
    return with_screens(found, base_of_paths())


def base_of_paths():
    """The folder that relative paths of the configuration count from."""
    return CONFIG_FILE.resolve().parent if CONFIG_FILE else Path.cwd()


def solvers_are_here():
    """Whether jobs run on this machine and in this environment.

    A cluster's login node may lack the solver that its nodes have; there each job looks for it.
    """
    elsewhere = workflow.resource_settings.nodes is not None
    return not elsewhere and not workflow.deployment_settings.deployment_method


try:
    CONFIG = checked_configuration()
except KnockflowError as error:
    raise WorkflowError(str(error))

RESULTS = CONFIG["results"]
CASES = sorted(CONFIG["cases"])


wildcard_constraints:
    case="|".join(CASES),
    formulation="|".join(sorted(CONFIG["formulations"])),
    part="[0-9]+",
    parts="[0-9]+",
    shared="[0-9a-f]{12}",


def case_of(wildcards):
    """A case's part of the configuration."""
    return CONFIG["cases"][wildcards.case]


def asked_of(case):
    """What a case asks of its model."""
    keys = ("product", "medium", "min_growth", "cell_objective")
    return {key: CONFIG["cases"][case][key] for key in keys}


def formulations_of(case):
    """Names of the formulations that a case asks for."""
    return sorted(CONFIG["cases"][case]["formulations"] or CONFIG["formulations"])


def located(source):
    """A file that the configuration names, as it is called from here: relative ones count from the configuration file.

    A relative path stays one, so that a folder with all of it may move.
    """
    if source is None or source.startswith(REMOTE) or Path(source).is_absolute():
        return source
    return os.path.relpath((base_of_paths() / source).resolve(), Path.cwd().resolve())


def as_input(source):
    """What has to be there first: the file, where it is one, without the model in it that `#` names."""
    if not source or source.startswith(REMOTE):
        return []
    return split_source(source)[0]


def model_file(wildcards):
    """The file that a case's model is read from, where it is one."""
    return as_input(located(case_of(wildcards)["model"]))


def heterologous_file(wildcards):
    """The file that a case's heterologous reactions are read from, where there is one."""
    return as_input(located((case_of(wildcards)["heterologous"] or {}).get("file")))


def targets_table(wildcards):
    """The table of a case's interventions, where there is one."""
    return as_input(located(case_of(wildcards)["targets"]["table"]))


def essential_genes_table(wildcards):
    """The table of essential genes that a case names, where it does."""
    return as_input(located((case_of(wildcards)["essential_genes"] or {}).get("table")))


def sources_of(case):
    """The files that a case names, as jobs read them, by the keys that name them."""
    named = named_files(CONFIG["cases"][case])
    return {f"cases.{case}.{key}": as_input(located(source)) for key, source in named}


SOURCES = {name: path for case in CASES for name, path in sources_of(case).items()}

_contents = {}


def content_of(*paths):
    """Hashes of files that a case names, which say more than their times; None for what is yet to be made."""
    for path in filter(None, paths):
        if path not in _contents:
            _contents[path] = sha256(path) if Path(path).is_file() else None
    return [_contents[path] for path in filter(None, paths)]


def layer_contents(case, some=None):
    """The same of the files that layers of a case, or some, name."""
    return content_of(*layer_files(case, some, with_tables=False))


LAYERS = layers()
BESIDE_LAYERS = [key for layer in LAYERS.values() for key in layer.case_keys]
LAYERS_OF = {case: asked_layers(CONFIG["cases"][case]) for case in CASES}
LAYERS_IN_USE = [
    layer
    for layer in LAYERS.values()
    if any(layer in used for used in LAYERS_OF.values())
]


def layers_of(case, some=None):
    """What a case gives its layers, or some, but for the files themselves; as a stage's parameter."""
    asked = LAYERS_OF[case] if some is None else some
    return [as_asked(layer, CONFIG["cases"][case]) for layer in asked]


def layer_files(case, some=None, with_tables=True):
    """The files that `layers_of` goes with: what options name, but for the library's own, then the layer's table."""
    found = []
    for asked in layers_of(case, some):
        layer = LAYERS[asked["key"]]
        named = [asked["options"][slot] for slot in asked["slots"]]
        found += [located(file) for file in named if file not in layer.own_files]
        if with_tables and layer.from_table:
            found.append(of_case(f"{layer.key}.tsv").format(case=case))
    return found


def adding_layers(case):
    """The layers of a case that add to its model."""
    return [layer for layer in LAYERS_OF[case] if layer.adds_to_model]


def layer_tables():
    """The tables of the layers that cases have."""
    return [
        of_case(f"{layer.key}.tsv").format(case=case)
        for case in CASES
        for layer in LAYERS_OF[case]
        if layer.table
    ]


def plain_case(case):
    """A case of this run that asks the same as a case with layers, but has none; None if there is none."""

    def asked(name):
        beside = ("layers", "formulations", "proof", "essential_genes", *BESIDE_LAYERS)
        return {
            key: value
            for key, value in CONFIG["cases"][name].items()
            if key not in beside
        }

    same = (
        name for name in CASES if not LAYERS_OF[name] and asked(name) == asked(case)
    )
    return next(same, None)


def plain_folder(case):
    """Where what the cell without layers recommends is; None where nobody asks for it."""
    plain = plain_case(case)
    if plain:
        return plain
    asks = any(layer.asks_plain(CONFIG["cases"][case]) for layer in LAYERS_OF[case])
    return f"{case}/without_layers" if asks else None


def shared_with_plain_case(case):
    """The formulations for which it is known what the cell without layers recommends."""
    plain, folder = plain_case(case), plain_folder(case)
    return [
        name
        for name in formulations_of(case)
        if folder and (plain is None or name in formulations_of(plain))
    ]


def plain_results(case, file):
    """A file of each of these formulations."""
    return [
        f"{RESULTS}/{plain_folder(case)}/{name}/{file}"
        for name in shared_with_plain_case(case)
    ]


def tables_of_designs():
    """The tables in which layers tell of designs."""
    return [
        of_case(f"{layer.key}_designs.tsv").format(case=case)
        for case in CASES
        for layer in LAYERS_OF[case]
        if layer.tells_of_designs(CONFIG["cases"][case])
    ]


def modules_of(layers, *parts):
    """The modules by which layers do their parts in a stage: `follower`, `strain`, `evidence`, `table` or `report`."""
    return [
        name for part in parts for layer in layers if (name := getattr(layer, part))
    ]


def with_layers(stage, *parts):
    """The hash of a stage's code with its case's layers."""
    return lambda wildcards: code_of(
        stage, *modules_of(LAYERS_OF[wildcards.case], *parts)
    )


def of_case(path):
    """A path below the folder of each case."""
    return f"{RESULTS}/{{case}}/{path}"


def logs(stage, *kinds, path="{case}/"):
    """Log files of a stage: Python's first, the solver's apart."""
    return {
        kind: f"{RESULTS}/logs/{path}{stage}.{kind}.log" for kind in ("python", *kinds)
    }


def for_each_design_problem(path):
    """A path for every case and each of its formulations."""
    return [
        f"{RESULTS}/{case}/{formulation}/{path}"
        for case in CASES
        for formulation in formulations_of(case)
    ]


def tables_of_fronts():
    """The tables of Pareto fronts, for each formulation that asks for one."""
    return [
        f"{RESULTS}/{case}/{formulation}/front.tsv"
        for case in CASES
        for formulation in formulations_of(case)
        if CONFIG["formulations"][formulation]["front"]
    ]


def proofs():
    """The proofs that cases ask for."""
    return [
        f"{RESULTS}/{case}/proof/{name}.json.gz"
        for case in CASES
        for name in formulations_of(case)
        if CONFIG["cases"][case]["proof"]
    ]


def every_output():
    """What all jobs of a run make, but for the verdict."""
    of_cases = (
        "model.json curation.tsv gpr.tsv targets.tsv problem.npz validation.tsv envelope.tsv fluxes.tsv "
        "predictions.tsv strains certificates"
    )
    of_run = "summary.tsv diagnosis.json report.html answer.txt"
    return [
        *(
            f"{RESULTS}/shared/{model}/{name}"
            for model in sorted(ASKED_OF_MODELS)
            for name in ("model.json", "curation.json", "gpr.tsv")
        ),
        *(
            of_case(name).format(case=case)
            for case in CASES
            for name in of_cases.split()
        ),
        *for_each_design_problem("designs.tsv"),
        *for_each_design_problem("record.json"),
        *(
            part
            for case in CASES
            for name in formulations_of(case)
            for part in parts_of(case, name)
        ),
        *layer_tables(),
        *tables_of_designs(),
        *tables_of_fronts(),
        *proofs(),
        *tables_of_products(),
        *tables_of_essential_genes(),
        *table_of_screens(),
        *(f"{RESULTS}/{name}" for name in of_run.split()),
    ]


def tables_of_products():
    """The tables of products, for each case that has several."""
    return [
        f"{RESULTS}/{case}/products.tsv"
        for case in CASES
        if CONFIG["cases"][case]["products"]
    ]


def tables_of_essential_genes():
    """The tables of essential genes, for each case that names one."""
    return [
        f"{RESULTS}/{case}/essential_genes.tsv"
        for case in CASES
        if CONFIG["cases"][case]["essential_genes"]
    ]


def table_of_screens():
    """The table of all screens, where there are some."""
    return [f"{RESULTS}/screen.tsv"] if CONFIG.get("screens") else []


def methods_of(formulation):
    """Modules of the methods that a formulation uses; they are imported by name."""
    options = CONFIG["formulations"][formulation]
    methods = [options["method"]] if options["method"] else [EXACT, DEEP]
    found = (search_modules(method, options["confirm"]) for method in methods)
    return [*dict.fromkeys(chain.from_iterable(found))]


def parts_of(case, formulation):
    """Seeds and parts of a search that is scattered; nothing for one that is not."""
    count = CONFIG["formulations"][formulation]["scatter"]
    names = ["seeds", *(f"{part}-of-{count}" for part in range(1, count + 1))]
    folder = f"{RESULTS}/{case}/{formulation}/parts"
    return [f"{folder}/{name}.json" for name in names] if count > 1 else []


def part_options(formulation):
    """A formulation's options without those that a part's result does not depend on."""
    options = CONFIG["formulations"][formulation]
    return {key: value for key, value in options.items() if key != "scatter"}


def memory(megabytes):
    """What a job asks of a cluster: this at first, more where it is submitted again after it was killed."""
    return lambda wildcards, attempt: megabytes * attempt


def runtime_of(formulation):
    """Minutes that a cluster should grant: search and confirmation to their limits, and some to start and end."""
    limit = CONFIG["formulations"][formulation]["time_limit_s"]
    return 24 * 60 if limit is None else int(2 * limit / 60) + 10


# The methods by which a diagnosis looks beyond limits; they are imported by name.
DIAGNOSTIC = search_modules(DEEP, EXACT)

TEMPLATES = {
    "report": tuple(
        f"workflow/report/{file}"
        for file in (
            "report.html.j2",
            "parts.html.j2",
            "cards.html.j2",
            "screens.html.j2",
            "page.css",
            "page.js",
        )
    )
}


def files_beside(modules):
    """The library's own files that words of a layer's options stand for, where a stage uses that layer."""
    folders = {str(Path(path).parent) for path in modules}
    found = {
        f"scripts/knockflow/{path}"
        for layer in LAYERS.values()
        for path in layer.own_files.values()
    }
    return sorted(path for path in found if str(Path(path).parent) in folders)


@cache
def code_of(stage, *modules):
    """Hash of a stage's script, of the library modules and files it uses, and of the pinned environment.

    Snakemake notices edits of a script, not of a library that it imports. `modules` are imported by name only.
    """
    seen = set()
    _imports(f"scripts/{stage}.py", seen)
    for module in modules:
        _add_module(module, seen)
    beside = [*files_beside(seen), *TEMPLATES.get(stage, ()), "requirements.lock"]
    hashed = hashlib.sha256()
    for path in [*sorted(seen), *beside]:
        hashed.update(path.encode() + b"\0" + (_source(path) or b"") + b"\0")
    return hashed.hexdigest()[:16]


def tell_the_terminal():
    """Let the handler of the default profile, where it is in use, know what the run is about."""
    facts = {
        "answer": f"{RESULTS}/answer.txt",
        "report": f"{RESULTS}/report.html",
        "rules": lambda: {job.rule.name for job in workflow.dag.jobs},
    }
    for handler in workflow.logger_manager.get_log_handlers():
        if hasattr(handler, "learn"):
            handler.learn(facts)


tell_the_terminal()

if ON_ITS_OWN and workflow.is_main_process:
    restore(Names(RESULTS, SOURCES))
