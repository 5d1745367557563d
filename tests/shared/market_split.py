"""A program that no solver closes in time, and waiting for what must come."""

import random
import time

import pyomo.environ as pyo


def halves(n: int = 60, rows: int = 5, slack: bool = True) -> pyo.ConcreteModel:
    """Market split: no solver closes it in time; without slack hardly any point is feasible."""
    numbers = random.Random(1)
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(n), domain=pyo.Binary)
    model.more = pyo.Var(range(rows), domain=pyo.NonNegativeReals)
    model.less = pyo.Var(range(rows), domain=pyo.NonNegativeReals)
    shares = [[numbers.randint(0, 99) for _ in range(n)] for _ in range(rows)]
    model.half = pyo.Constraint(
        range(rows),
        rule=lambda m, i: sum(shares[i][j] * m.x[j] for j in range(n)) + m.more[i] - m.less[i] == sum(shares[i]) // 2,
    )
    if not slack:
        model.more.fix(0)
        model.less.fix(0)
        model.worth = pyo.Objective(expr=sum(numbers.random() * model.x[j] for j in range(n)))
    else:
        model.worth = pyo.Objective(expr=sum(model.more[i] + model.less[i] for i in range(rows)))
    return model


def wait_for(true, seconds=60):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)
