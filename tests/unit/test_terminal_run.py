"""A run as it is told: Snakemake's records in, the lines that people read out."""

import io
import logging
import sys
from types import SimpleNamespace

import pytest
from snakemake.exceptions import LockException
from snakemake_interface_logger_plugins.common import LogEvent

from knockflow.base.terminal import TOLD as TOLD_TO_JOBS
from snakemake_logger_plugin_knockflow import TOLD, LogHandler
from snakemake_logger_plugin_knockflow.refusals import locked, refusal
from snakemake_logger_plugin_knockflow.run import Facts, Run

STARTED = {"event": LogEvent.WORKFLOW_STARTED}


def record(text="", level=logging.INFO, **extra):
    made = logging.LogRecord("snakemake.logging", level, "", 0, text, None, None)
    made.__dict__.update(extra)
    return made


@pytest.fixture
def told(tmp_path):
    """A run that writes into a list, with two jobs that have begun: one of a case, one of a formulation."""
    (tmp_path / "answer.txt").write_text("core: at least 2\n")
    facts = Facts(str(tmp_path / "answer.txt"), str(tmp_path / "report.html"), str(tmp_path), lambda: {"report"})
    lines = []
    run = Run(lines.append, facts)
    run.hear(record(event=LogEvent.RUN_INFO, stats={"curate": 1, "design": 1, "all": 1, "total": 3}))
    begin(run, tmp_path, 1, "curate", case="core")
    begin(run, tmp_path, 2, "design", case="core", formulation="best")
    return SimpleNamespace(run=run, lines=lines, folder=tmp_path)


def begin(run, folder, jobid, rule, **wildcards):
    logs = [str(folder / f"{rule}.log")]
    run.hear(record(event=LogEvent.JOB_INFO, jobid=jobid, rule_name=rule, wildcards=wildcards, log=logs))


def log(told, rule, *messages):
    lines = [f"2026-01-01 12:00:00,123 {level} {text}\n" for level, text in messages]
    (told.folder / f"{rule}.log").write_text("".join(lines))


def fail(told, jobid, rule):
    told.run.hear(record("RuleException:\nCalledProcessError", logging.ERROR, event=LogEvent.ERROR))
    told.run.hear(record(event=LogEvent.JOB_ERROR, jobid=jobid, rule_name=rule, log=[str(told.folder / f"{rule}.log")]))
    told.run.hear(record("Exiting because a job execution failed.", logging.ERROR))


def test_a_line_for_each_job_that_is_done_and_the_answer_last(told):
    log(told, "curate", ("INFO", "first"), ("INFO", "95 reactions"), ("WARNING", "odd"))
    told.run.hear(record(event=LogEvent.JOB_FINISHED, job_id=1))
    told.run.hear(record(event=LogEvent.JOB_FINISHED, job_id=2))
    told.run.hear(record("Building DAG of jobs..."))
    told.run.hear(record(event=LogEvent.PROGRESS, done=1, total=3))
    told.run.end()
    assert told.lines == [
        "2 jobs: 1 curate, 1 design",
        "[1/2] core curate: 95 reactions",
        "[2/2] core/best design: done",
        "\ncore: at least 2",
        "The report is report.html",
    ]


def test_no_number_is_left_out_of_the_count(told):
    told.run.hear(record(event=LogEvent.RUN_INFO, stats={"summary": 1, "report": 1, "check": 1, "all": 1}))
    for jobid, rule in enumerate(("summary", "report", "check"), 3):
        begin(told.run, told.folder, jobid, rule)
        log(told, rule, ("INFO", f"{rule} made"))
        told.run.hear(record(event=LogEvent.JOB_FINISHED, job_id=jobid))
    assert told.lines[-3:] == [
        "[1/3] summary: summary made",
        "[2/3] report: report made",
        "[3/3] check: check made",
    ]


def test_of_a_lock_it_says_the_whole_command_that_takes_it_away(told, monkeypatch):
    words = ["--snakefile", "a b/Snakefile", "--directory", "d", "--configfile", "my.yaml", "--until", "design"]
    monkeypatch.setattr(sys, "argv", ["/bin/snakemake", *words])
    lock = record(f"LockException:\n{LockException()}", logging.ERROR, event=LogEvent.ERROR)
    whole = "  /bin/snakemake --unlock --snakefile 'a b/Snakefile' --directory d --configfile my.yaml --until design\n"
    told.run.hear(lock)
    told.run.end()
    _, stream = heard(monkeypatch, [lock])
    for text in (told.lines[-1], stream.getvalue()):
        assert whole in text and "give the same command again" in text and "LockException" not in text
    monkeypatch.setattr(sys, "argv", ["/x/snakemake/__main__.py", "--cores", "1"])
    assert f"{sys.executable} -m snakemake --unlock --cores 1" in locked(lock.getMessage())
    assert locked("WorkflowError: something else") is None


def test_no_answer_of_a_run_that_was_not_to_make_it(told):
    told.run.facts = Facts(told.run.facts.answer, told.run.facts.report, rules=lambda: {"curate"})
    told.run.end()
    assert "answer" not in "".join(told.lines) and len(told.lines) == 1


def test_an_error_is_the_last_word_with_its_log(told):
    log(told, "curate", ("INFO", "first"), ("ERROR", "no reaction `A`;\ndid you mean B?"))
    fail(told, 1, "curate")
    told.run.hear(record(event=LogEvent.JOB_FINISHED, job_id=2))
    told.run.hear(record("WorkflowError:\nAt least one job did not complete", logging.ERROR, event=LogEvent.ERROR))
    told.run.hear(record("Complete log(s): x"))
    told.run.end()
    assert told.lines[1] == "core curate: failed; what is under way goes on to its end"
    assert told.lines[-2:] == ["Log: curate.log", "ERROR no reaction `A`;\ndid you mean B?"]
    assert "Exiting" not in "".join(told.lines) and "core: at least" not in "".join(told.lines)


def test_a_job_that_a_library_has_ended_names_its_files(told):
    files = ["a b.xml", "rules.tsv"]
    job = record(event=LogEvent.JOB_INFO, jobid=3, rule_name="read", wildcards={}, log=["x"], input=files)
    told.run.hear(job)
    (told.folder / "read.log").write_text('Fatal Python error: Segmentation fault\n\n  File "x.py", line 1 in f\n')
    told.run.hear(record("Command 'python x' died with <Signals.SIGSEGV: 11>.", logging.ERROR, event=LogEvent.ERROR))
    fail(told, 3, "read")
    told.run.end()
    said = "a library has ended it (Segmentation fault), as at a damaged file; it read a b.xml, rules.tsv"
    assert told.lines[-2:] == ["Log: read.log", f"ERROR {said}; its log has the place"]


def test_a_job_that_dies_without_a_word_is_told_by_what_snakemake_knows(told):
    told.run.hear(record("Command 'python x' died with <Signals.SIGKILL: 9>.", logging.ERROR, event=LogEvent.ERROR))
    fail(told, 1, "curate")
    told.run.end()
    assert told.lines[-1].startswith("ERROR it has ended without a message; ") and "SIGKILL" in told.lines[-1]


def test_a_long_error_is_cut_and_keeps_its_end(told):
    log(told, "curate", ("ERROR", "\n".join(f"line {number}" for number in range(40))))
    fail(told, 1, "curate")
    told.run.end()
    shown = told.lines[-1].splitlines()
    assert len(shown) == 30 and shown[0] == "ERROR line 0" and shown[-1] == "line 39" and "11 more lines" in shown[-2]


def test_a_failed_check_comes_after_the_answer(told):
    begin(told.run, told.folder, 3, "check")
    log(told, "check", ("ERROR", "1 of 2 designs verified"))
    fail(told, 3, "check")
    told.run.end()
    assert told.lines.index("\ncore: at least 2") < told.lines.index("ERROR 1 of 2 designs verified")
    assert told.lines[-1] == "ERROR 1 of 2 designs verified"


def test_a_job_that_a_retry_mends_has_not_failed(told):
    fail(told, 1, "curate")
    begin(told.run, told.folder, 1, "curate", case="core")
    told.run.hear(record(event=LogEvent.JOB_FINISHED, job_id=1))
    assert told.run.failed == {}


def test_after_ctrl_c_the_best_so_far_and_that_the_command_goes_on(told):
    log(told, "design", ("INFO", "stopped: best so far 2.0 (-A); goes on from its checkpoint"), ("INFO", "ended by"))
    told.run.interrupted = True
    fail(told, 2, "design")
    told.run.end()
    assert told.lines[-4:] == [
        "\nStopped by Ctrl-C with 0 of 2 jobs done.",
        "core curate: begins anew",
        "core/best design: best so far 2.0 (-A); goes on from its checkpoint",
        "The same command goes on from here: what is done is kept.",
    ]


def test_what_is_no_run_is_left_to_snakemake(monkeypatch):
    handler, stream = heard(monkeypatch, [record("Congratulations, your workflow is in a good condition!")])
    assert stream.getvalue() == "Congratulations, your workflow is in a good condition!\n"
    assert not handler.filters


@pytest.mark.parametrize("setting", ["dryrun", "verbose", "quiet", "debug_dag"])
def test_who_asks_for_snakemake_s_own_words_has_them(monkeypatch, setting):
    monkeypatch.delenv(TOLD, raising=False)
    _, stream = heard(monkeypatch, [record("Workflow has started"), record("Building DAG")], **{setting: True})
    assert "Building DAG\n" in stream.getvalue() or setting == "quiet"


def test_of_a_run_its_preface_is_left_out_and_no_control_character_is_written(monkeypatch):
    records = [record("Assuming unrestricted shared filesystem usage."), record(**STARTED)]
    _, stream = heard(monkeypatch, [*records, record("a \x1b[31mname", logging.WARNING)])
    assert stream.getvalue() == "a  [31mname\n"


def heard(monkeypatch, records, **settings):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    names = ("stdout", "nocolor", "printshellcmds", "show_failed_logs", "dryrun", "verbose", "debug_dag")
    common = SimpleNamespace(**(dict.fromkeys(names, False) | {"quiet": set()} | settings))
    if settings.get("quiet"):
        from snakemake.settings.enums import Quietness

        common.quiet = {Quietness.PROGRESS}
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    handler = LogHandler(common, None)
    for one in records:
        handler.handle(one)
    handler.close()
    handler.close()
    return handler, stream


def test_the_configuration_s_faults_take_the_place_of_snakemake_s_frame(tmp_path, monkeypatch):
    frame = '  File "/x/workflow/rules/common.smk", line 51, in <module>'
    ours = record(f'WorkflowError in file "/x/workflow/rules/common.smk", line 51:\nmy.yaml: wrong\n{frame}')
    assert refusal(ours) == "my.yaml: wrong"
    path = tmp_path / "my.yaml"
    path.write_text("a:\n\tb: 1\n")
    theirs = record("WorkflowError:\nConfig file is not valid JSON or YAML.")
    for words in (["--configfile", str(path), "--cores", "1"], [f"--configfiles={path}"]):
        monkeypatch.setattr(sys, "argv", ["snakemake", *words])
        assert refusal(theirs) == f"{path}: line 2, column 1: a tab; YAML is indented and separated with spaces"
    path.write_text("a: 1\n")
    assert refusal(theirs) is None


def test_jobs_and_run_agree_on_who_tells_of_errors():
    assert TOLD == TOLD_TO_JOBS


def test_a_job_that_is_tried_again_is_told_and_counts_by_its_last_attempt(told):
    log(told, "design", ("INFO", "begun"))
    fail(told, 2, "design")
    told.run.hear(record("Trying to restart job 2."))
    begin(told.run, told.folder, 2, "design", case="core", formulation="best")
    told.run.hear(record(event=LogEvent.JOB_FINISHED, job_id=2))
    told.run.hear(record(event=LogEvent.JOB_FINISHED, job_id=1))
    told.run.end()
    assert any(
        "core/best design: it has ended without a message" in line and "tried again" in line for line in told.lines
    )
    assert "core: at least 2" in told.lines[-2]
