"""A run as it is told: a line for each job that is done, the answer, what failed, or where Ctrl-C has left it."""

import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_knockflow.refusals import locked

NOTHING_TO_DO = "Nothing to be done"
AGAIN = re.compile(r"Trying to restart job (\d+)\.")
CRASH = re.compile(r"^Fatal Python error: (.+)$", re.MULTILINE)
"""What the log of a job has where a library has ended it (`knockflow.base.stage`)."""
FIRST_LINES = 30
"""Lines of one error that are shown; its log has all."""


@dataclass(frozen=True)
class Facts:
    """What the Snakefile knows of a run.

    Parameters
    ----------
    answer, report
        The files with the answer and with the report; None where the workflow has not been read.
    begun_in
        The folder that the command was given in.
    rules
        Says which rules have part in the run once it is planned.
    """

    answer: str | None = None
    report: str | None = None
    begun_in: str = "."
    rules: Callable[[], set[str]] = set


@dataclass(frozen=True)
class Job:
    """A job that has begun."""

    rule: str
    wildcards: Mapping[str, str]
    log: Sequence[str]
    read: Sequence[str] = ()

    @property
    def label(self) -> str:
        """The job as jobs call themselves."""
        from knockflow.base.terminal import label

        return label(self.rule, self.wildcards)

    @property
    def messages(self) -> list[tuple[str, str]]:
        """What it has logged."""
        from knockflow.base.stage import read_log

        return read_log(self.log[0]) if self.log else []

    @property
    def errors(self) -> list[str]:
        """The errors among them; else that a library has ended it, if one has."""
        return [text for level, text in self.messages if level == "ERROR"] or self._crash()

    def _crash(self) -> list[str]:
        try:
            ends = CRASH.findall(Path(self.log[0]).read_text(encoding="utf-8", errors="replace"))
        except (IndexError, OSError):
            return []
        read = f"; it read {', '.join(self.read)}" if self.read else ""
        return [f"a library has ended it ({end}), as at a damaged file{read}; its log has the place" for end in ends]


@dataclass
class Run:
    """What has been heard of a run so far."""

    write: Callable[[str], None]
    facts: Facts
    interrupted: bool = False
    total: int = 0
    done: int = 0
    running: dict[int, Job] = field(default_factory=dict)
    failed: dict[int, tuple[Job, list[str]]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def hear(self, record: logging.LogRecord) -> None:
        """Take note of a record, and write a line if it is worth one."""
        match getattr(record, "event", None):
            case LogEvent.RUN_INFO:
                self._begin(record.stats)
            case LogEvent.JOB_INFO:
                named, files = dict(record.wildcards or {}), (record.log, getattr(record, "input", ()))
                self.running[record.jobid] = Job(
                    record.rule_name, named, *(list(map(str, part or ())) for part in files)
                )
            case LogEvent.JOB_FINISHED:
                self._finish(record.job_id)
            case LogEvent.JOB_ERROR:
                self._fail(record.jobid, record.rule_name, record.log)
            case LogEvent.GROUP_ERROR:
                for job in record.job_error_info:
                    self._fail(job["jobid"], job["rule_name"], [*job["log"], *record.aux_logs])
            case LogEvent.ERROR:
                self.errors.append(record.getMessage())
            case None:
                self._say(record)

    def _say(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.levelno >= logging.ERROR:
            self.errors.append(text)
        elif again := AGAIN.match(text):
            self._retry(int(again[1]))
        elif record.levelno >= logging.WARNING or text.startswith(NOTHING_TO_DO):
            self.write(text)

    def _begin(self, stats: Mapping[str, int]) -> None:
        """Say how much there is to do."""
        counts = {rule: count for rule, count in stats.items() if rule not in ("total", "all")}
        self.total = sum(counts.values())
        listed = ", ".join(f"{count} {rule}" for rule, count in counts.items())
        self.write(f"{self.total} job{'' if self.total == 1 else 's'}: {listed}")

    def _finish(self, jobid: int) -> None:
        job = self.running.pop(jobid, None)
        self.failed.pop(jobid, None)
        if job is None or job.rule == "all":
            return
        self.done += 1
        last = next((text for level, text in reversed(job.messages) if level == "INFO"), "done")
        self.write(f"[{self.done:>{len(str(self.total))}}/{self.total}] {job.label}: {last}")

    def _fail(self, jobid: int, rule: str, log: Sequence[str]) -> None:
        job = self.running.pop(jobid, None) or Job(rule, {}, [])
        if self.interrupted and not job.errors:
            self.running[jobid] = job
            return
        self.failed[jobid] = (job, list(map(str, log or job.log)))
        if self.running:
            self.write(f"{job.label}: failed; what is under way goes on to its end")

    def _retry(self, jobid: int) -> None:
        """Say that a job which has failed begins again, as profiles of clusters ask; only its last failure counts."""
        if jobid in self.failed:
            job, _ = self.failed[jobid]
            said = (job.errors or ["it has ended without a message, as a job does that a cluster kills"])[-1]
            self.write(f"{job.label}: {said.splitlines()[0]}; it is tried again")
        self.errors.clear()

    def end(self) -> None:
        """Say how it has ended; what is to be read first comes last."""
        if self.failed or self.errors or self.interrupted:
            self._end_badly()
        else:
            self._answer()

    def _answer(self) -> None:
        """The answer's own file, if this run was to make it."""
        path = Path(self.facts.answer or "")
        if self.facts.answer and path.is_file() and _plain(self.facts.rules()) & {"report"}:
            self.write("\n" + path.read_text(encoding="utf-8").rstrip("\n"))
            self.write(f"The report is {self._from_here(self.facts.report)}")

    def _end_badly(self) -> None:
        if "check" in _plain({job.rule for job, _ in self.failed.values()}):
            self._answer()
        if self.interrupted:
            self._stopped()
        for job, logs in self.failed.values():
            self._explain(job, logs)
        if not self.failed and not self.interrupted:
            self.write("\n" + "\n".join(locked(text) or text for text in self.errors))

    def _stopped(self) -> None:
        from knockflow.base.terminal import STOPPED

        self.write(f"\nStopped by Ctrl-C with {self.done} of {self.total} jobs done.")
        for job in self.running.values():
            said = [text.removeprefix(STOPPED) for _, text in job.messages if text.startswith(STOPPED)]
            self.write(f"{job.label}: {said[-1] if said else 'begins anew'}")
        self.write("The same command goes on from here: what is done is kept.")

    def _explain(self, job: Job, logs: Sequence[str]) -> None:
        """A failed job's own message, after where its log is."""
        said = Job(job.rule, job.wildcards, logs, job.read).errors
        lines = said[-1].splitlines() if said else _bare(self.errors)
        if len(lines) > FIRST_LINES:
            lines = [*lines[: FIRST_LINES - 2], f"... {len(lines) - FIRST_LINES + 1} more lines in the log", lines[-1]]
        where = ", ".join(map(self._from_here, logs[:1])) or "none"
        self.write(f"\n{job.label} failed. What is done is kept; mend this and give the same command again.")
        self.write(f"Log: {where}")
        self.write("\n".join(f"ERROR {line}" if number == 0 else line for number, line in enumerate(lines)))

    def _from_here(self, path: str | None) -> str:
        """A path as one would write it in the folder that the command was given in."""
        whole = Path(path or "").absolute()
        begun = Path(self.facts.begun_in).absolute()
        return os.path.relpath(whole, begun) if whole.is_relative_to(begun) else str(whole)


def _plain(rules: set[str]) -> set[str]:
    """Rules without the prefix that a module may give them."""
    return {rule.rpartition("_")[2] for rule in rules}


def _bare(errors: Sequence[str]) -> list[str]:
    """What is left of Snakemake's words on a job that has ended without one of its own."""
    lines = [line.strip() for text in errors for line in text.splitlines()]
    told = [line for line in lines if "died with" in line or "non-zero exit status" in line or "Missing" in line]
    return [f"it has ended without a message; {line}" for line in told[:1]] or ["it has ended without a message"]
