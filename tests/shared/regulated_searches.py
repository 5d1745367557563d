"""Random cases with rules of genes, and lists that may tie."""

import re

import pytest
from hypothesis import assume
from random_regulation import (
    problem_of,
)

from knockflow.base.errors import ConfigError

REFUSED = re.compile("no flux at all|needs a wild type that grows")

TIE = 2e-4
"""Thresholds of rules are worth so little that designs may tie by it: then either may be listed."""


def regulated_problem(given, objective=None):
    """The problem; forced interventions that contradict each other are no case."""
    try:
        problem = problem_of(given, objective)
    except ConfigError as error:
        assert REFUSED.search(str(error)), error
        assume(False)
    assume(problem.viable and problem.integer.any() and len(problem.growing().targets))
    return problem


def assert_alike(found, wanted):
    """That two lists of ranked designs are one, but for the choice among designs that tie."""
    if [entry.names for entry in found] != [entry.names for entry in wanted]:
        assert numbers(found) == [pytest.approx(pair, abs=TIE, rel=TIE) for pair in numbers(wanted)]


def numbers(ranked):
    return [(entry.value, entry.guarantee) for entry in ranked]
