"""What an archive says of itself: a Workflow Run RO-Crate.

A crate is a folder with a file of linked metadata (Soiland-Reyes et al. 2022, doi:10.3233/DS-210053); this profile of
it tells of one run of a workflow (Leo et al. 2024, doi:10.1371/journal.pone.0309210).
"""

import json
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path

from knockflow.stages.archive.contents import Contents

METADATA = "ro-crate-metadata.json"
WORKFLOW = "workflow/Snakefile"
LICENCE = "https://spdx.org/licenses/GPL-3.0-or-later"
LOCK = "requirements.lock"

_RO_CRATE = "1.1"
_PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
_WORKFLOW_PROFILE = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
_FORMATS = {
    ".tsv": "text/tab-separated-values",
    ".yaml": "application/yaml",
    ".lock": "text/plain",
    ".npz": "application/zip",
    ".jsonl": "application/jsonl",
}
_UNTOLD = ("logs", "benchmarks")
_TIME = re.compile(rb"^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),\d{3} ", re.MULTILINE)


def metadata(held: Contents, provenance: Mapping, title: str) -> str:
    """The text of ro-crate-metadata.json.

    Parameters
    ----------
    held
        What the archive holds.
    provenance
        What provenance.json says.
    title
        The run in a few words.
    """
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=_RO_CRATE)
    first, last = (f"{time}{provenance['made_with']['utc_offset']}" for time in _times(held))
    crate.datePublished = last.partition("T")[0]
    crate.name = title
    crate.description = (
        "A run of Knockflow, strain design by bilevel optimization: workflow, configuration, environment lock, inputs, "
        "results, logs, and certificates that Python alone checks. RERUN.md says how to check it and to run it again."
    )
    licence = crate.add(ContextEntity(crate, LICENCE, {"@type": "CreativeWork", "name": "GPL-3.0-or-later"}))
    crate.license = licence
    authors = crate.add(
        ContextEntity(crate, "#knockflow", {"@type": "Organization", "name": "The Knockflow developers"})
    )
    workflow = _workflow(crate, provenance, licence, authors)
    crate.root_dataset["conformsTo"] = [
        crate.add(ContextEntity(crate, uri, {"@type": "CreativeWork", "name": name, "version": version}))
        for uri, (name, version) in _PROFILES.items()
    ]
    asked, made = _parameter(crate, "configuration", "File"), _parameter(crate, "results", "File")
    workflow["input"], workflow["output"] = asked, made
    _file(crate, "README.md")["about"] = crate.root_dataset
    given = [_file(crate, name, asked) for name in held.configurations or ("config/config.yaml",)]
    given += [_file(crate, name) for name in dict.fromkeys(held.sources.values())]
    given.append(_file(crate, LOCK))
    results = [_file(crate, name, made) for name in held.files if _is_result(name, held.results)]
    action = {
        "@type": "CreateAction",
        "name": title,
        "description": "All that the configuration asks for, from curated models to validated designs and a report.",
        "instrument": workflow,
        "object": given,
        "result": results,
        "startTime": first,
        "endTime": last,
        "actionStatus": "http://schema.org/CompletedActionStatus",
        "identifier": f"sha256:{provenance['sha256']}",
    }
    run = crate.add(ContextEntity(crate, "#run", {key: value for key, value in action.items() if _plain(value)}))
    for key, value in action.items():
        if not _plain(value):
            run[key] = value
    crate.root_dataset["mentions"] = run
    for name in (*(f"{held.results}/{part}" for part in _UNTOLD), "scripts", "docs", "envs", "profiles"):
        crate.add_dataset(None, f"{name}/", properties={"name": name, "description": f"The folder {name}."})
    return json.dumps(crate.metadata.generate(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _plain(value: object) -> bool:
    return isinstance(value, str)


def _workflow(crate, provenance: Mapping, licence, authors):
    """The workflow that was run, as the main entity."""
    made_with = provenance["made_with"]
    known = {
        "name": "Knockflow",
        "description": "Strain design by bilevel optimization, as a Snakemake workflow.",
        "version": made_with["knockflow"],
        "encodingFormat": "text/plain",
    }
    if made_with["commit"]:
        known["identifier"] = made_with["commit"]
    version = made_with["packages"]["snakemake"]
    workflow = crate.add_workflow(None, WORKFLOW, properties=known, main=True, lang="snakemake", lang_version=version)
    workflow["conformsTo"] = {"@id": _WORKFLOW_PROFILE}
    workflow["license"], workflow["creator"] = licence, authors
    return workflow


def _parameter(crate, name: str, kind: str):
    return crate.add_formal_parameter(name, kind, identifier=f"#{name}", valueRequired=True)


def _file(crate, name: str, of=None):
    """A file of the archive, as a value of a parameter of the workflow where it is one."""
    kind = _FORMATS.get(Path(name).suffix) or mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"
    found = crate.add_file(None, name, properties={"name": name, "encodingFormat": kind})
    if of is not None:
        found["exampleOfWork"] = of
    return found


def _is_result(name: str, results: str) -> bool:
    inside = name.removeprefix(f"{results}/")
    return name != inside and inside.partition("/")[0] not in _UNTOLD


def _times(held: Contents) -> tuple[str, str]:
    """When the first of a run's jobs began and the last ended, by the logs, which go with the archive."""
    logs = (path for name, path in held.files.items() if name.startswith(f"{held.results}/logs/"))
    found = sorted("T".join((day.decode(), at.decode())) for log in logs for day, at in _TIME.findall(log.read_bytes()))
    return (found[0], found[-1]) if found else ("1980-01-01T00:00:00",) * 2
