"""The archive of a run: its files, what it says of itself, and how to run it again."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from knockflow.stages.archive.contents import Contents
from knockflow.stages.archive.crate import METADATA, metadata
from knockflow.stages.archive.packed import CHECKSUMS, pack
from knockflow.stages.provenance import ARCHIVED

HOW_TO = "RERUN.md"
PROOFS = """
Check that no design is better, where that is proven, in the same way:

    python3 scripts/check_proof.py {results}
"""


def archive(path: str | Path, held: Contents, provenance: Mapping, cases: Iterable[str]) -> int:
    """Write the archive; the number of files in it."""
    title = f"Strain designs for {', '.join(cases)}"
    texts = {
        METADATA: metadata(held, provenance, title),
        HOW_TO: how_to(held, title),
        ARCHIVED: f"commit: {provenance['made_with']['commit']}\n",
    }
    return pack(path, held.files, texts)


def how_to(held: Contents, title: str) -> str:
    """The text of RERUN.md."""
    files = " ".join(f"'{name}'" for name in held.configurations)
    command = f".venv/bin/snakemake --cores all --configfile {files}" if files else "make run"
    proofs = (
        PROOFS.format(results=held.results) if any(Path(name).parent.name == "proof" for name in held.files) else ""
    )
    return f"""# {title}

A Workflow Run RO-Crate of Knockflow: `{METADATA}` says what each file is, docs/archive.md how it was made.

Check that all files are what they were:

    sha256sum --check {CHECKSUMS}

Check the proofs of all designs, with Python alone:

    python3 scripts/check_certificates.py {held.results}
{proofs}
Read the report: {held.results}/report.html

Run it again. Nothing is done while all is as it was; take the results away, or change the configuration, and it works:

    make env
    {command}
"""
