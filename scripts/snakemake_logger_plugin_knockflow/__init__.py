"""What a run says on the terminal: a line for each stage, the answer at its end, and an error last.

A logger plugin of Snakemake, which `profiles/default` asks for where it is installed. With `--dry-run`, `--verbose`,
`--quiet` and `--debug-dag`, and for all that is not a run, Snakemake's own words are left as they are. So they are in
its log, `.snakemake/log`, in any case.

The library is imported late: the workflow brings its own copy, which must be the first that is imported.
"""

import logging
import os
import signal
import sys
import threading

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_knockflow.refusals import locked, refusal
from snakemake_logger_plugin_knockflow.run import Facts, Run

TOLD = "KNOCKFLOW_TERMINAL"
"""As in `knockflow.base.terminal`."""


class LogHandler(LogHandlerBase):
    """Hears what Snakemake logs, and writes what people want to know of it."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def __post_init__(self) -> None:
        settings = self.common_settings
        self._stream = sys.stdout if settings.stdout else sys.stderr
        self._as_it_is = bool(settings.dryrun or settings.verbose or settings.debug_dag or settings.quiet)
        self._theirs = _handler_of_snakemake(settings, self._stream)
        self._held: list[logging.LogRecord] = []
        self._run: Run | None = None
        self._begun_in = os.getcwd()
        self._facts = Facts()
        self._over = False
        if not self._as_it_is and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._interrupt)
            sys.excepthook = _without_traceback(sys.excepthook)

    def learn(self, facts: dict) -> None:
        """Hear from the Snakefile what the run is about: the fields of `Facts`."""
        self._facts = Facts(**facts, begun_in=self._begun_in)
        if not self._as_it_is:
            os.environ[TOLD] = "1"

    def emit(self, record: logging.LogRecord) -> None:
        """Write what a record is worth, or Snakemake's own words of what is no run."""
        try:
            if self._as_it_is:
                self._theirs.handle(record)
            elif self._run is not None:
                self._run.hear(record)
            elif getattr(record, "event", None) == LogEvent.WORKFLOW_STARTED:
                self._held.clear()
                self._run = Run(self._write, self._facts)
            elif record.levelno >= logging.ERROR:
                self._refuse(record)
            else:
                # Of a run nobody wants to read what comes before it.
                self._held.append(record)
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """Write the answer, or what has gone wrong: Snakemake closes its handlers once all is done."""
        if not self._over:
            self._over = True
            for record in self._held:
                self._theirs.handle(record)
            if self._run is not None:
                self._run.end()
        super().close()

    def _write(self, text: str) -> None:
        # Names within models may hold any character.
        shown = "".join(sign if sign == "\n" or sign.isprintable() else " " for sign in text)
        self._stream.write(f"{shown}\n")
        self._stream.flush()

    def _refuse(self, record: logging.LogRecord) -> None:
        self._held.clear()
        if lock := locked(record.getMessage()):
            self._write(lock)
        elif (said := refusal(record)) is None:
            self._theirs.handle(record)
        else:
            self._write(f"The configuration is refused, and nothing was run:\n{said}")

    def _interrupt(self, number: int, frame: object) -> None:
        if self._run is not None and not self._run.interrupted:
            self._run.interrupted = True
            self._write("\nStopping: what is under way is brought to an end; Ctrl-C again ends it at once.")
        signal.default_int_handler(number, frame)


def _handler_of_snakemake(settings: object, stream: object) -> logging.Handler:
    """The handler that Snakemake would have written with."""
    from snakemake.logging import ColorizingTextHandler, DefaultFilter, DefaultFormatter

    names = ("quiet", "debug_dag", "verbose", "dryrun", "printshellcmds")
    return ColorizingTextHandler(
        nocolor=settings.nocolor,
        stream=stream,
        formatter=DefaultFormatter(settings.quiet, settings.show_failed_logs),
        filter=DefaultFilter(*(getattr(settings, name) for name in names)),
    )


def _without_traceback(hook):
    """Python's last word on an error, but none on Ctrl-C."""

    def quietly(kind, error, trace):
        if not issubclass(kind, KeyboardInterrupt):
            hook(kind, error, trace)

    return quietly
