"""Why a run has not begun: our own message without Snakemake's frame, or what is wrong with a file it cannot read."""

import logging
import re
import shlex
import sys
from collections.abc import Iterator, Sequence

_FRAME = re.compile(r'^(WorkflowError in file ".*", line \d+:|  File ".*", line \d+, in .*)$', re.MULTILINE)
_OURS = re.compile(r'^WorkflowError in file ".*/workflow/rules/(library|common)\.smk", line')


def refusal(record: logging.LogRecord) -> str | None:
    """What to say in the place of a record; None where Snakemake's own words serve."""
    text = record.getMessage()
    if _OURS.match(text):
        return _FRAME.sub("", text).strip()
    faults = [fault for file in _configuration_files(sys.argv[1:]) if (fault := _fault_of(file))]
    return "\n".join(faults) or None


def locked(text: str) -> str | None:
    """What to say in the place of Snakemake's words on a locked folder; None of other words."""
    if "Directory cannot be locked" not in text:
        return None
    folder = re.search(r"following directory:\n(.+)", text)
    program = [sys.argv[0]]
    if program[0].endswith("__main__.py"):
        program = [sys.executable, "-m", "snakemake"]
    return (
        f"{folder[1] if folder else 'This folder'} is locked, and nothing was run: another run is under way there, or "
        "one that was killed has left its lock.\n"
        "If none is under way, take the lock away with\n"
        f"  {shlex.join([*program, '--unlock', *sys.argv[1:]])}\n"
        "and give the same command again: what is done is kept, and a search goes on from its checkpoint."
    )


def _fault_of(file: str) -> str | None:
    """What is wrong with a configuration file, with its line; None where nothing is."""
    try:
        from knockflow.base.errors import ConfigError
        from knockflow.settings.strict import check_file
    except ImportError:
        return None
    try:
        check_file(file)
    except ConfigError as error:
        return str(error)
    return None


def _configuration_files(arguments: Sequence[str]) -> Iterator[str]:
    """The files that a command line gives as configurations."""
    given = False
    for word in arguments:
        option, equals, value = word.partition("=")
        if word.startswith("-"):
            given = option in ("--configfile", "--configfiles")
            if given and equals:
                yield value
        elif given:
            yield word
