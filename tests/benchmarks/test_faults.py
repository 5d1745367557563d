"""Each fault of docs/faults.md once: nothing but equal bytes or a refusal with its reason."""

import pytest
from faults import TRIED, tried

pytestmark = [pytest.mark.workflow, pytest.mark.long]


def test_no_fault_ends_in_other_bytes_or_a_traceback():

    found = tried(1)
    assert set(found) == set(TRIED)
    bad = [(name, told) for name, outcomes in found.items() for told in outcomes if told != told.lower()]
    assert bad == []
