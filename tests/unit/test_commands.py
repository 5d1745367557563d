"""`python -m knockflow`: a new configuration, a check, a key explained, two runs compared."""

import subprocess
import sys

import pytest
import yaml

from knockflow import __version__
from knockflow.base.tables import SUMMARY
from knockflow.commands import main
from knockflow.model.curation import Finding
from knockflow.report.forecast import guessed_time, warned
from knockflow.settings.explain import keys
from knockflow.settings.proposal import Proposal
from knockflow.settings.schema import read_schema

NEW = ["new", "--model", "cobra:textbook", "--product", "succinate", "--oxygen", "0"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_configuration_is_written_and_tells_what_to_expect(here, capsys):
    assert main([*NEW, "--substrate", "glucose=10", "--interventions", "2", "--level", "reactions"]) == 0
    told = capsys.readouterr().out
    case = yaml.safe_load((here / "my-config.yaml").read_text())["cases"]["succ"]
    assert case["product"] == "EX_succ_e"
    assert case["medium"] == {"EX_glc__D_e": 10, "EX_o2_e": 0}
    assert case["targets"] == {"level": "reactions"}
    assert "growth: 0.2117 1/h" in told
    assert "at most 11.8299 mmol/gDW/h at min_growth; the wild type makes 0.0000 to 0.0000" in told
    assert main(["check", "my-config.yaml"]) == 0
    assert capsys.readouterr().out in told


def test_the_model_of_a_configuration_in_another_folder_is_found(here, capsys, core_case):
    from cobra.io import save_json_model

    save_json_model(core_case.model, here / "core.json")
    (here / "below").mkdir()
    assert main(["new", "--model", "core.json", "--product", "succinate", "--output", "below/my.yaml"]) == 0
    assert yaml.safe_load((here / "below/my.yaml").read_text())["cases"]["succ"]["model"] == "../core.json"


def test_half_an_intervention_is_none(here, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda asked: "2.5" if asked.startswith("Interventions") else "")
    assert main([*NEW, "--substrate", ""]) == 1
    assert "2.5 is no whole number" in capsys.readouterr().err


def test_nothing_is_written_over_and_nothing_refused_is_left(here, capsys):
    (here / "my-config.yaml").write_text("mine")
    assert main(NEW) == 1
    assert "is there already" in capsys.readouterr().err
    assert (here / "my-config.yaml").read_text() == "mine"
    assert main([*NEW, "--output", "other.yaml", "--interventions", "-1"]) == 1
    assert not (here / "other.yaml").exists()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--product", "sucinate"], "did you mean EX_succ_e (succinate)?"),
        (["--product", "lactate"], None),
        (["--product", "oxaloacetate"], "`oxaloacetate` is in the cell as oaa_c, and no exchange reaction"),
        (["--product", "1,4-butanediol"], "docs/how-to/heterologous.md"),
        (["--substrate", "glucose=much"], "`much` is no number"),
        (["--substrate", "gluose"], "glucose"),
        (["--model", "cobra:texbook"], "textbook"),
    ],
)
def test_a_wrong_word_is_told_with_what_comes_near(here, capsys, flags, said):
    status = main([*NEW, *flags])
    assert status == (0 if said is None else 1)
    assert (said or "EX_lac__D_e") in "".join(capsys.readouterr())


def test_a_flag_that_is_missing_is_named_where_nobody_can_be_asked(here, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert main(["new", "--model", "cobra:textbook"]) == 1
    assert "--product is missing" in capsys.readouterr().err


def test_warnings_of_a_kind_are_one_line():
    duplicate = Finding("R", "duplicate", "warning", why="same stoichiometry as Q")
    blocked = [Finding(f"B{number}", "blocked", "warning", why="a dead end") for number in range(200)]
    assert list(warned([duplicate, *blocked])) == [
        "note: R: same stoichiometry as Q",
        "note: blocked: B0, B1, B2, B3 and 196 more (why: curation.tsv of a run)",
    ]


def test_without_a_command_there_is_help_and_the_version_is_told(capsys):
    assert main([]) == 2
    assert "write a configuration" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"Knockflow {__version__}\n"


def test_names_that_mean_something_to_yaml_are_quoted():
    text = Proposal("a", "my: model.xml", "EX_1,4(e)", {"EX_no": 1.0, "12": 2.0}).text()
    case = yaml.safe_load(text)["cases"]["a"]
    assert (case["model"], case["product"], case["medium"]) == ("my: model.xml", "EX_1,4(e)", {"EX_no": 1, "12": 2})


def driven(conditions: str) -> str:
    """A configuration of a case with energies of reaction."""
    return (
        "cases: {a: {model: 'cobra:textbook', product: EX_succ_e, layers: {thermodynamics: concentrations}, "
        f"conditions: {conditions}}}}}\nformulations: {{b: {{kind: optknock}}}}"
    )


def marked(column: str) -> str:
    """A configuration of a case with a table of essential genes."""
    return (
        "cases: {a: {model: 'cobra:textbook', product: EX_succ_e, essential_genes: {table: screen.tsv, "
        f"column: {column}}}}}}}\nformulations: {{b: {{kind: optknock}}}}"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("cases: {a: {model: nowhere.xml, product: x}}\nformulations: {b: {kind: optknock}}", "nowhere.xml"),
        ("cases: {a: {modl: cobra:textbook}}\nformulations: {b: {kind: optknock}}", "model"),
        (
            "cases: {a: {model: 'cobra:textbook', product: EX_suc_e}}\nformulations: {b: {kind: optknock}}",
            "cases.a.product",
        ),
        (
            driven("{concentrations: {atp_c: [1e-2, 1e-3]}}"),
            "cases.a.conditions: concentrations.atp_c is 0.01 to 0.001",
        ),
        (marked("gne"), "screen.tsv: no column `gne`; did you mean gene?"),
        (driven("{concentrations: {atpc: [1e-3, 1e-2]}}"), "cases.a: thermodynamics: concentrations.atpc is no metab"),
    ],
)
def test_a_check_names_the_key(here, capsys, content, said):
    (here / "screen.tsv").write_text("gene\tsource\nb2779\tA\n")
    (here / "c.yaml").write_text(content)
    assert main(["check", "c.yaml"]) == 1
    assert said in capsys.readouterr().err


def test_every_key_is_explained_with_its_default(capsys):
    schema = read_schema()
    for name, part in keys(schema, schema):
        assert main(["explain", name]) == 0
        told = capsys.readouterr().out
        assert part["description"] in told and "default" in told
    assert main(["explain", "max_intervention"]) == 1
    assert "max_interventions" in capsys.readouterr().err


def run_of(folder, *rows):
    empty = dict.fromkeys(SUMMARY.names, "")
    SUMMARY.write(folder / "summary.tsv", [empty | {"case": "a", "formulation": "f"} | row for row in rows])
    return str(folder)


def test_runs_are_compared_by_designs_numbers_and_verdicts(tmp_path, capsys):
    one = {"rank": 1, "interventions": "-A", "growth_per_h": 0.5, "verified": True, "status": "optimal"}
    first = run_of(tmp_path / "1", one, {"rank": 2, "interventions": "-B", "status": "optimal"})
    same = run_of(
        tmp_path / "2", one | {"growth_per_h": 0.500001}, {"rank": 2, "interventions": "-B", "status": "optimal"}
    )
    assert main(["compare", first, same]) == 0
    other = run_of(tmp_path / "3", one | {"growth_per_h": 0.6, "verified": False})
    capsys.readouterr()
    assert main(["compare", first, other]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "a/f: -A: growth_per_h 0.500000, then 0.600000",
        "a/f: -A: verified true, then false",
        "a/f: -B: only in the first run, rank 2",
    ]
    assert main(["compare", first, str(tmp_path)]) == 1
    assert "no summary.tsv" in capsys.readouterr().err


def test_times_are_guessed_by_size_and_depth():
    assert guessed_time(62, 3) == "seconds"
    assert "minute" in guessed_time(900, 3)
    assert "time limit" in guessed_time(900, 5)


def test_it_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "knockflow", "explain", "min_growth"], capture_output=True, text=True)
    assert done.returncode == 0 and "1/h" in done.stdout
