"""Each fault of docs/faults.md once: nothing but equal bytes or a refusal with its reason."""

import faults
import faults_of_runs
import pytest

pytestmark = [pytest.mark.workflow, pytest.mark.long]


@pytest.mark.parametrize("module", [faults, faults_of_runs], ids=["a search", "a run"])
def test_no_fault_ends_in_other_bytes_or_a_traceback(module):
    found = module.tried(1)
    assert set(module.TRIED) <= set(found)
    for name, outcomes in found.items():
        # What is amiss is written in capitals.
        assert all(told == told.lower() for told in outcomes), (name, outcomes)
