"""Why a run has not begun: our own message without Snakemake's frame, or what is wrong with a file it cannot read."""

import logging
import re
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


def _fault_of(file: str) -> str | None:
    """What is wrong with a configuration file, with its line; None where nothing is."""
    try:
        from knockflow.errors import ConfigError
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
