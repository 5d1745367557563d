"""Reading a metabolic model from what COBRApy bundles, from BiGG or from a file, and writing the curated one."""

import bz2
import gzip
import http.client
import io
import json
import logging
import math
import os
import re
import time
import urllib.error
import urllib.request
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import cobra
import numpy as np
from cobra.io.dict import model_to_dict

from knockflow.base.errors import ModelError, suggestion
from knockflow.base.files import write_bytes, write_text
from knockflow.base.sources import near_files, split_source
from knockflow.model.constrained_model import constraints_of
from knockflow.model.constraints import as_text
from knockflow.model.entries.genes import drop_no_names, note_lost_rules
from knockflow.model.finding import WARNING, WHOLE_MODEL, Finding, first_few, first_line
from knockflow.model.formats.parsing import READERS
from knockflow.model.notes import CONSTRAINTS_NOTE

BIGG = "http://bigg.ucsd.edu/static/models"
BIGG_LIST = "http://bigg.ucsd.edu/models"
PATIENCE = 60  # seconds without an answer from BiGG
MOST_SECONDS = 600  # of a download
MOST_PACKED = 200_000_000  # bytes of a download
MOST_BYTES = 2_000_000_000  # of a model without its packing; the largest of BiGG has 40 million
FORMATS = {".xml": "sbml", ".sbml": "sbml", ".json": "json", ".yml": "yaml", ".yaml": "yaml", ".mat": "mat"}
PACKINGS = {".gz": gzip.open, ".bz2": bz2.open}
ALLOWED = "cobra:NAME, bigg:ID, or a file .xml .sbml .json .yml .yaml .mat, also with .gz or .bz2"
NAMED_OBJECT = re.compile(r":?\s*'?<(?:Reaction|Species) (?P<id>\w+)[^>]*>'?\.?$")


@dataclass(frozen=True)
class ModelOrigin:
    """Where a model came from, and what reading it brought up.

    Attributes
    ----------
    source : str
        `cobra:NAME`, `bigg:ID` or a file's name without its folder.
    format : str
        `sbml`, `json`, `yaml` or `mat`.
    sha256 : str
        Of the file's bytes as they are stored, packed or not.
    findings : tuple of Finding
        Changes and warnings of the reading itself, in the order of the file.
    """

    source: str
    format: str
    sha256: str
    findings: tuple[Finding, ...] = ()


def read_model(source: str, cache: Path) -> tuple[cobra.Model, ModelOrigin]:
    """Read a model.

    Parameters
    ----------
    source : str
        `cobra:NAME` for a model that COBRApy bundles, `bigg:ID` for one of BiGG, or a path; `FILE.mat#NAME` for one
        of several models in a MATLAB file.
    cache : Path
        The folder that keeps what is downloaded from BiGG. The base address is the environment variable
        KNOCKFLOW_BIGG if it is set.

    Raises
    ------
    ModelError
        If the model is not there, cannot be downloaded, or cannot be read.
    """
    source, part = split_source(str(source))
    if source.startswith("cobra:"):
        path, shown = bundled(source.removeprefix("cobra:")), source
    elif source.startswith("bigg:"):
        path, shown = from_bigg(source.removeprefix("bigg:"), Path(cache)), source
    else:
        path, shown = existing(source), Path(source).name
    shown += f"#{part}" if part else ""
    kind, unpack = kind_of(path)
    try:
        stored = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{shown}: cannot be read: {error.strerror}") from error
    content = unpacked(stored, unpack, shown)
    with cobra_messages() as messages, about(shown):
        try:
            model, findings = READERS[kind](content, part) if part else READERS[kind](content)
        except ModelError:
            raise
        except Exception as error:
            # The readers below sort out what they can; any other complaint of a parser is still about the file.
            raise ModelError(f"cannot be read as {kind}: {first_line(error)}") from error
    if not model.reactions:
        raise ModelError(f"{shown}: has no reactions")
    note_lost_rules(model, findings)
    drop_no_names(model)
    findings = [*findings, *said(messages)]
    return model, ModelOrigin(shown, kind, sha256(stored).hexdigest(), tuple(findings))


@contextmanager
def about(source: str) -> Iterator[None]:
    """Name the file in each line of a ModelError."""
    try:
        yield
    except ModelError as error:
        raise ModelError("\n".join(f"{source}: {line}" for line in str(error).splitlines())) from error


def write_model(path: str | Path, model: cobra.Model) -> None:
    """Write a model as COBRApy JSON: the same model gives the same bytes.

    Reactions and metabolites keep their order. Genes are sorted, since COBRApy adds those that only a rule names
    in the order of a set.
    """
    content = {**model_to_dict(model), "version": "1"}
    content["notes"] = _notes(model)
    if not content["notes"]:
        del content["notes"]
    content["genes"].sort(key=lambda gene: gene["id"])
    for entry in (content, *content["metabolites"], *content["reactions"], *content["genes"]):
        entry.update({key: without_nan(entry[key]) for key in ("notes", "annotation") if key in entry})
    for reaction in content["reactions"]:
        for key in ("lower_bound", "upper_bound", "objective_coefficient"):
            if key in reaction:
                reaction[key] = float(reaction[key])
        reaction["metabolites"] = {name: float(value) for name, value in reaction["metabolites"].items()}
    write_text(path, json.dumps(content, indent=1, sort_keys=True, allow_nan=False, default=as_plain) + "\n")


def _notes(model: cobra.Model) -> dict[str, object]:
    """The model's notes, sorted, with the constraints that it has now."""
    constraints = constraints_of(model)
    notes = {name: text for name, text in (model.notes or {}).items() if name != CONSTRAINTS_NOTE}
    notes |= {CONSTRAINTS_NOTE: as_text(constraints)} if constraints else {}
    return dict(sorted(notes.items()))


def without_nan(value: object) -> object:
    """Notes as JSON holds them: keys as texts, numbers that are none or endless as texts."""
    if isinstance(value, Mapping):
        return {str(key): without_nan(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(entry) for entry in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def as_plain(value: object) -> object:
    """A numpy value, set or tuple as JSON can hold it."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, set | frozenset | tuple):
        return sorted(value, key=str)
    return str(value)


# Finding the file ----------------------------------------------------------------------------------------------


def bundled(name: str) -> Path:
    """The file of a model that COBRApy bundles; never the network."""
    folder = Path(cobra.__file__).parent / "data"
    files = {}
    for ending in (".xml.gz", ".xml", ".json"):
        for path in sorted(folder.glob(f"*{ending}")):
            files.setdefault(path.name.removesuffix(ending), path)
    if name not in files:
        known = sorted(files)
        raise ModelError(f"cobra:{name}: COBRApy bundles {', '.join(known)}{suggestion(name, known)}")
    return files[name]


def existing(source: str) -> Path:
    """The path of a file that must exist."""
    path = Path(source)
    try:
        if path.is_file():
            return path
    except OSError as error:
        raise ModelError(f"{source}: {error.strerror}") from error
    if re.match(r"[A-Za-z]{2,}:", source):
        scheme = source.split(":")[0]
        raise ModelError(f"{source}: no source {scheme!r}; allowed: {ALLOWED}{suggestion(scheme, ['cobra', 'bigg'])}")
    if path.is_dir():
        raise ModelError(f"{source}: is a folder; allowed: {ALLOWED}")
    if not path.parent.is_dir():
        raise ModelError(f"{source}: no such file; nor is there a folder {path.parent}")
    before, sign, part = source.rpartition("#")
    if sign and not part and Path(before).is_file():
        raise ModelError(f"{source}: no name behind #")
    if sign and Path(before).is_file():
        raise ModelError(f"{source}: only a MATLAB file has several models to choose from by #")
    near = near_files(path, models=True)
    raise ModelError(f"{source}: no such file" + (f"; did you mean {', '.join(near)}?" if near else ""))


def kind_of(path: Path) -> tuple[str, Callable | None]:
    """The format that a file's name tells, and how to open what it packs."""
    ending = path.suffix.casefold()
    unpack = PACKINGS.get(ending)
    if unpack:
        ending = Path(path.stem).suffix.casefold()
    if ending not in FORMATS:
        raise ModelError(f"{path.name}: unknown kind of file {ending!r}; allowed: {ALLOWED}")
    return FORMATS[ending], unpack


def unpacked(stored: bytes, opened: Callable | None, shown: str) -> bytes:
    """A file's content without its packing, of which a few bytes may stand for endless ones."""
    if opened is None:
        return stored
    try:
        with opened(io.BytesIO(stored)) as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ModelError(f"{shown}: unpacked it has more than {MOST_BYTES} bytes; no model is as large")
        return content
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ModelError(f"{shown}: not a whole packed file: {first_line(error)}") from error


def from_bigg(name: str, cache: Path) -> Path:
    """The cached file of a BiGG model, downloaded if it is not there yet; its checksum stands beside it."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", name):
        raise ModelError(f"bigg:{name}: a BiGG id has letters, digits and _ only, such as bigg:e_coli_core")
    path = cache / f"{name}.json.gz"
    noted = cache / f"{name}.json.gz.sha256"
    if not path.is_file():
        noted.unlink(missing_ok=True)
        write_bytes(path, download(name, path))
    digest = sha256(path.read_bytes()).hexdigest()
    if not noted.is_file():
        write_text(noted, f"{digest}  {path.name}\n")
    if (noted.read_text(encoding="utf-8").split() or [""])[0] != digest:
        raise ModelError(
            f"bigg:{name}: {path} is not what was stored (checksum differs from {noted.name}); "
            "delete both files to get the model again"
        )
    return path


def download(name: str, path: Path) -> bytes:
    """The packed JSON of a BiGG model, checked to be whole."""
    address = f"{os.environ.get('KNOCKFLOW_BIGG', BIGG).rstrip('/')}/{name}.json.gz"
    by_hand = f"without a connection, put the file by hand at {path}"
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            content = received(answer, name)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            raise ModelError(f"bigg:{name}: BiGG has no such model ({address}); its ids: {BIGG_LIST}") from error
        raise ModelError(f"bigg:{name}: {address} answers {error.code} {error.reason}; {by_hand}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise ModelError(
            f"bigg:{name}: cannot be downloaded from {address}: {first_line(reason)}; {by_hand}"
        ) from error
    try:
        with gzip.open(io.BytesIO(content)) as file:
            json.loads(file.read(MOST_BYTES))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ModelError(f"bigg:{name}: what {address} sent is no packed JSON model; {by_hand}") from error
    return content


def received(answer, name: str) -> bytes:
    """What a server sends, as long as it is not endless and does not take for ever."""
    end, content = time.monotonic() + MOST_SECONDS, bytearray()
    while piece := answer.read1(1 << 20):
        content += piece
        if len(content) > MOST_PACKED:
            raise ModelError(f"bigg:{name}: the server sends over {MOST_PACKED} bytes; no packed model is as large")
        if time.monotonic() > end:
            raise ModelError(f"bigg:{name}: it takes more than {MOST_SECONDS} s; {len(content)} bytes are here")
    # Like `read` at once, an answer that ends early is no whole one.
    if answer.length:
        raise http.client.IncompleteRead(bytes(content), answer.length)
    return bytes(content)


# What the readers say ------------------------------------------------------------------------------------------


class Messages(logging.Handler):
    """Keeps the texts of log records."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record's text."""
        self.texts.append(record.getMessage())


@contextmanager
def cobra_messages() -> Iterator[list[str]]:
    """Collect what COBRApy logs and warns of, instead of letting it reach the terminal."""
    logger = logging.getLogger("cobra")
    before = (logger.handlers, logger.propagate, logger.level)
    catcher = Messages()
    logger.handlers, logger.propagate = [catcher], False
    logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield catcher.texts
        catcher.texts += [str(entry.message) for entry in caught if not issubclass(entry.category, DeprecationWarning)]
    finally:
        logger.handlers, logger.propagate = before[0], before[1]
        logger.setLevel(before[2])


def said(messages: Iterable[str]) -> list[Finding]:
    """One warning per different message; where messages differ only in the reaction or species, these are listed."""
    about: dict[str, list[str]] = {}
    for message in messages:
        text = " ".join(message.split())
        named = NAMED_OBJECT.search(text)
        ids = about.setdefault(NAMED_OBJECT.sub("", text), [])
        if named:
            ids.append(re.sub(r"^[RM]_", "", named["id"]))
    return [
        Finding(WHOLE_MODEL, "format", WARNING, ";".join(ids), "", f"the reader says: {text}" + shown(ids))
        for text, ids in about.items()
    ]


def shown(ids: list[str]) -> str:
    """The end of a message about several objects."""
    return f" ({len(ids)} times: {first_few(ids)})" if ids else ""
