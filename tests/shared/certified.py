"""Certificates and proofs of cases in Python, in folders as the workflow has them."""

import gzip
import hashlib
import json
import runpy
from pathlib import Path

from workspace import ROOT

from knockflow.base.files import sha256, write_json
from knockflow.base.tables import DESIGNS, TARGETS
from knockflow.designs.claims import read_claims
from knockflow.model.read import write_model
from knockflow.validation.certificates import Certifier, certificate
from knockflow.validation.certified_case import made_of
from knockflow.validation.layer_rows import Plain
from knockflow.validation.proof import proof


def checker(name: str):
    """What a checker says of a folder of results: nothing where all is proven."""
    main = runpy.run_path(str(ROOT / f"scripts/{name}.py"))["main"]
    return lambda folder: main(str(folder)) or ""


def written(folder: Path, case, designs, name: str = "best", proven: bool = False) -> Path:
    """The results that a certificate, or a proof, is about, and the file itself."""
    write_model(folder / "model.json", case.model)
    TARGETS.write(folder / "targets.tsv", case.targets)
    DESIGNS.write(folder / name / "designs.tsv", designs.table)
    outputs = {"outputs": {"designs.tsv": sha256(folder / name / "designs.tsv")}}
    write_json(folder / name / "record.json", designs.record | outputs)
    claims = read_claims(name, folder / name / "designs.tsv", folder / name / "record.json")
    model, question = case._to_check()
    certifier = Certifier(model, question)
    layers = made_of(certifier, Plain.of(case.model))
    inputs = ["model.json", f"{name}/designs.tsv"] + ["targets.tsv"] * proven
    digests = {one: sha256(folder / one) for one in inputs}
    if proven:
        path = folder / "proof" / f"{name}.json.gz"
        exclusive = bool(case.options["targets"]["exclusive"])
        content = proof(certifier, claims, TARGETS.read(folder / "targets.tsv"), digests, layers, exclusive=exclusive)[
            0
        ]
    else:
        path = folder / "certificates" / f"{name}.json"
        content = certificate(certifier, claims, digests, layers)[0].encode()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def content_of(path: Path) -> dict:
    """What stands in a certificate or proof."""
    return json.loads(_text(path).partition("\n")[2])


def _text(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode()


def rewritten(path: Path, content: dict, signed: bool = True) -> None:
    """Another content; with the hash of that, or with the old one."""
    rest = json.dumps(content)
    first = json.dumps({"sha256": hashlib.sha256(rest.encode()).hexdigest()}) if signed else _text(path).split("\n")[0]
    data = f"{first}\n{rest}".encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
