"""How far a solver has come, from excerpts of real logs of CBC 2.10.3, HiGHS 1.15, SCIP 10, Gurobi 13, CPLEX 22.2."""

import sys
import threading
import time

import pytest

from knockflow.numerics import mip_logs as progress
from knockflow.numerics.mip_logs import Progress, followed

CBC = """\
Continuous objective value is -11.8299 - 0.00 seconds
Cgl0004I processed model has 502 rows, 305 columns (99 integer (99 of which binary)) and 2064 elements
Cbc0010I After 0 nodes, 1 on tree, 1e+50 best solution, best possible -11.829862 (0.31 seconds)
Cbc0010I After 5000 nodes, 620 on tree, -0.81627624 best solution, best possible -11.829862 (17.54 seconds)
Cbc0012I Integer solution of -9.2746805 found by rounding after 166348 iterations and 5044 nodes (17.60 seconds)
Cbc0038I Full problem 502 rows 305 columns, reduced to 362 rows 208 columns - 28 fixed gives 287, 158 - still too large
Cbc0010I After 6000 nodes, 159 on tree, -9.2746805 best solution, best possible -11.829862 (21.43 seconds)
"""

HIGHS = """\
        Nodes      |    B&B Tree     |            Objective Bounds              |  Dynamic Constraints |       Work
Src  Proc. InQueue |  Leaves   Expl. | BestBound       BestSol              Gap |   Cuts   InLp Confl. | LpIters     Time

         0       0         0   0.00%   -11.82986167    inf                  inf        0      0      0         0     0.1s
       424       3       201  96.81%   -11.82986167    inf                  inf      989     33   1239     25127     5.1s
 T     530       3       234  96.77%   -11.82986167    -9.91075795       19.36%      915     42   1181     26713     3.5s
       430       0       206 100.00%   inf             inf                  inf     1058     36   1302     26367     5.3s
"""  # noqa: E501

SCIP = """\
 time | node  | left  |LP iter|LP it/n|mem/heur|mdpt |vars |cons |rows |cuts |sepa|confs|strbr|  dualbound   | primalbound  |  gap   | compl.
  0.0s|     1 |     0 |     6 |     - |  2294k |   0 |  60 |   9 |   9 |   0 |  0 |   0 |   0 | 5.568372e+00 |      --      |    Inf | unknown
r 0.0s|     1 |     0 |    22 |     - |shifting|   0 |  65 |   5 |  10 |   5 |  5 |   0 |   0 | 0.000000e+00 | 1.300000e+02 |    Inf | unknown
  3.9s| 14900 | 12883 | 47598 |   3.2 |    25M |  54 |  65 |   9 |  11 |1508 |  0 |  56 | 328 | 0.000000e+00 | 1.400000e+01 |    Inf | unknown
"""  # noqa: E501

GUROBI = """\
    Nodes    |    Current Node    |     Objective Bounds      |     Work
 Expl Unexpl |  Obj  Depth IntInf | Incumbent    BestBd   Gap | It/Node Time

     0     0    5.56837    0    5          -    5.56837      -     -    0s
     0     2    0.00000    0    9   39.00000    0.00000   100%     -    0s
H  146   194                      33.0000000    0.00000   100%   2.2    0s
*37495  3470              61       7.0000000    0.00000   100%   2.2    3s
 67859  4737 infeasible   54         7.00000    0.00000   100%   2.2    5s
"""

CPLEX = """\
   Node  Left     Objective  IInf  Best Integer    Best Bound    ItCnt     Gap

      0     0        5.5684     5                      5.5684        6
*     0+    0                         7553.0000        0.0000           100.00%
      0     0        0.0000     6      142.0000      Cuts: 11        8  100.00%
*    61    50      integral     0       21.0000        0.0000      142  100.00%
   7101  1034        7.7565     5       10.0000        0.0000    14478  100.00%
"""


def lines(text: str, count: int) -> str:
    return "".join(text.splitlines(keepends=True)[:count])


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (progress.read_cbc, "", Progress()),
        (progress.read_cbc, lines(CBC, 1), Progress(None, None, -11.8299)),
        (progress.read_cbc, lines(CBC, 3), Progress(0, None, -11.829862)),
        (progress.read_cbc, lines(CBC, 4), Progress(5000, -0.81627624, -11.829862)),
        (progress.read_cbc, lines(CBC, 5), Progress(5044, -9.2746805, -11.829862)),
        (progress.read_cbc, CBC, Progress(6000, -9.2746805, -11.829862)),
        (progress.read_highs, lines(HIGHS, 3), Progress()),
        (progress.read_highs, lines(HIGHS, 5), Progress(424, None, -11.82986167)),
        (progress.read_highs, lines(HIGHS, 6), Progress(530, -9.91075795, -11.82986167)),
        (progress.read_highs, HIGHS, Progress(430, None, None)),
        (progress.read_highs, HIGHS.replace("       430", "    12345k"), Progress(12_345_000, None, None)),
        (progress.read_scip, lines(SCIP, 1), Progress()),
        (progress.read_scip, lines(SCIP, 2), Progress(1, None, 5.568372)),
        (progress.read_scip, lines(SCIP, 3), Progress(1, 130.0, 0.0)),
        (progress.read_scip, SCIP, Progress(14900, 14.0, 0.0)),
        (progress.read_gurobi, lines(GUROBI, 3), Progress()),
        (progress.read_gurobi, lines(GUROBI, 4), Progress(0, None, 5.56837)),
        (progress.read_gurobi, lines(GUROBI, 6), Progress(146, 33.0, 0.0)),
        (progress.read_gurobi, lines(GUROBI, 7), Progress(37495, 7.0, 0.0)),
        (progress.read_gurobi, GUROBI, Progress(67859, 7.0, 0.0)),
        (progress.read_cplex, lines(CPLEX, 3), Progress()),
        (progress.read_cplex, lines(CPLEX, 5), Progress(0, 7553.0, 0.0)),
        (progress.read_cplex, lines(CPLEX, 6), Progress(61, 21.0, 0.0)),
        (progress.read_cplex, CPLEX, Progress(7101, 10.0, 0.0)),
    ],
)
def test_the_last_that_a_log_says(read, text, expected):
    assert read(text) == expected


def followed_for(log, seconds: float) -> list[Progress]:
    told = []
    with followed(log, progress.read_cbc, lambda met, _: told.append(met)):
        time.sleep(seconds)
    return told


def test_a_growing_log_is_followed_to_the_end_of_the_run(monkeypatch, tmp_path):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.05)
    log, told, before = tmp_path / "solver.log", [], threading.active_count()
    with followed(log, progress.read_cbc, lambda met, _: told.append(met)):
        time.sleep(0.3)
        log.write_text(CBC)
        time.sleep(0.3)
    assert (told[0], told[-1]) == (Progress(), progress.read_cbc(CBC))
    assert threading.active_count() == before


def test_a_line_that_is_still_being_written_does_not_count(monkeypatch, tmp_path):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.05)
    log = tmp_path / "solver.log"
    log.write_text(CBC[: CBC.rindex(" (21.43")])
    assert set(followed_for(log, 0.2)) == {Progress(5044, -9.2746805, -11.829862)}


def test_only_the_end_of_a_long_log_is_read(monkeypatch, tmp_path):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.05)
    log = tmp_path / "solver.log"
    log.write_text(CBC + "x" * progress.TAIL + "\n")
    assert set(followed_for(log, 0.2)) == {Progress()}


def test_nobody_is_told_where_nobody_asks(tmp_path):
    before = threading.active_count()
    with followed(tmp_path / "solver.log", progress.read_cbc, None):
        assert threading.active_count() == before


def test_lines_reach_the_terminal_while_pyomo_catches_what_is_written(capfd, monkeypatch, tmp_path):
    from pyomo.common.tee import capture_output

    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.05)
    monkeypatch.setattr(sys, "stderr", sys.__stderr__)
    with (
        followed(
            tmp_path / "solver.log", progress.read_cbc, lambda _, terminal: print("here", file=terminal, flush=True)
        ),
        capture_output(capture_fd=True),
    ):
        time.sleep(0.2)
    assert "here" in capfd.readouterr().err
