"""Write one zip of a run: a Workflow Run RO-Crate with all that it takes to check it and to run it again."""

from pathlib import Path

from knockflow.base.errors import KnockflowError
from knockflow.base.files import read_json
from knockflow.base.kept import RESULTS
from knockflow.base.stage import stage
from knockflow.stages.archive.archive import archive
from knockflow.stages.archive.contents import absolute_sources, contents

with stage(snakemake) as log:
    asked = snakemake.params
    wrong = absolute_sources(asked.named)
    if asked.overridden:
        wrong.append(f"--config {' '.join(asked.overridden)}: write it into the configuration file, to archive the run")
    if wrong:
        raise KnockflowError("\n".join(wrong))
    at = asked.places
    sources = {key: Path(path) for key, path in at.sources.items()}
    provenance = read_json(snakemake.input.provenance)
    made = [name.removeprefix(RESULTS) for name in provenance["jobs"]]
    held = contents(at.root, asked.results, at.configurations, sources, made)
    count = archive(snakemake.output[0], held, provenance, asked.cases)
    log.info("%s: %d files, %.1f MB", snakemake.output[0], count, Path(snakemake.output[0]).stat().st_size / 1e6)
