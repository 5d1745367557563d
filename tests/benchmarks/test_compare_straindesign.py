"""StrainDesign finds the same values, where its environment is present (`make peers` makes it)."""

import pytest
from compare_straindesign import KINDS, PEERS, SOLVERS, Peer, Question, ask_knockflow, ask_peer, make_case, verdict

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not PEERS.exists(), reason="no environment of peers: make peers, or KNOCKFLOW_PEERS"),
]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return make_case(tmp_path_factory.mktemp("peer"), "EX_succ_e")


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("kind", KINDS)
def test_both_give_the_same_best_succinate_by_one_removal(case, kind, solver):
    question = Question("EX_succ_e", 1, kind)
    ours, theirs = ask_knockflow(case, question, 60), ask_peer(case, question, Peer(solver), 60)
    assert verdict(ours, theirs) == "agree", (ours, theirs)
