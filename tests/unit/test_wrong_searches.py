"""Searches that are wrong are found out: by validation and certificates, or by the proof that no design is better.

Validation sees a design whose value does not hold. A better design that a search has missed it cannot see: all that is
listed is right then. The proof sees it, since it knows nothing of the search but the best value.
"""

import pytest
from certified import checker, content_of, written


@pytest.fixture(scope="module")
def certificates():
    return checker("check_certificates")


@pytest.fixture(scope="module")
def proofs():
    return checker("check_proof")


def found_by_validation(designs) -> bool:
    return not designs.validate()["verified"].all()


def test_a_bound_of_removal_that_leaks_is_seen_by_validation(core_case, tmp_path, certificates, monkeypatch):
    """A big-M that is too large: within a tolerance of whole numbers what is removed still runs a little."""
    from knockflow.follower.oracle import Follower

    own = Follower._set

    def leaking(follower, column, lower, upper):
        if lower == upper == 0:
            least, most = follower._own(column)
            lower, upper = max(least, -0.5), min(most, 0.5)
        own(follower, column, lower, upper)

    with monkeypatch.context() as patch:
        patch.setattr(Follower, "_set", leaking)
        designs = core_case.design("optknock", max_interventions=1)
    assert designs[0].interventions and found_by_validation(designs)
    written(tmp_path / "case", core_case, designs)
    assert "REJECTED" in certificates(tmp_path)


def test_growth_that_is_held_too_low_is_seen_by_validation(core_case, tmp_path, certificates, monkeypatch):
    """A ceiling of growth that is too low: states count that grow more slowly than the cell does."""
    from knockflow.follower.responses.growth import Growth

    def low(behaviour, follower, states):
        best = follower.max_growth(states)
        return states.reaching(0.8 * best.value) if best and follower.grows(best.value) else None

    with monkeypatch.context() as patch:
        patch.setattr(Growth, "hold", low)
        designs = core_case.design("optknock", max_interventions=1)
    assert designs[0].interventions and found_by_validation(designs)
    written(tmp_path / "case", core_case, designs)
    assert "REJECTED" in certificates(tmp_path)


def test_a_big_m_that_cuts_off_the_best_is_seen_by_the_proof_alone(
    core_case, tmp_path, certificates, proofs, monkeypatch
):
    """It says that its numbers are valid, and that nothing is better."""
    from knockflow.methods.single_level import big_m

    with monkeypatch.context() as patch:
        patch.setattr(big_m, "instance", lambda *_, **__: big_m.BigM(0.003, 0.003, 0.003, 0.003))
        designs = core_case.design("optknock", method="strong_duality", max_interventions=1, confirm=None)
    assert designs[0].interventions == () and not found_by_validation(designs)
    designs.record["proven"] = True
    written(tmp_path / "case", core_case, designs)
    assert certificates(tmp_path) == ""
    path = written(tmp_path / "case", core_case, designs, proven=True)
    assert "-FORti makes 0.678148" in content_of(path)["better"] and "REJECTED" in proofs(tmp_path)


def test_a_ceiling_that_rules_out_too_much_is_seen_by_the_proof_alone(
    core_case, tmp_path, certificates, proofs, monkeypatch
):
    """States that are slower than the ceiling rule out designs of the tree."""
    from knockflow.follower import region

    above = region.above
    with monkeypatch.context() as patch:
        patch.setattr(region, "above", lambda problem, level, margin: above(problem, 0.6 * level, margin))
        designs = core_case.design("robustknock", max_interventions=2)
    assert designs.record["proven"] and designs[0].value < 9.1 and not found_by_validation(designs)
    written(tmp_path / "case", core_case, designs)
    assert certificates(tmp_path) == ""
    path = written(tmp_path / "case", core_case, designs, proven=True)
    assert "-ACALD;-D_LACt2|LDH_D makes 9.098640 mmol/gDW/h" in content_of(path)["better"]
    assert "REJECTED" in proofs(tmp_path)
