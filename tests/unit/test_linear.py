"""Linear inequalities: what is read, with every variable on the left, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knockflow.base.errors import ConfigError
from knockflow.language.inequalities import Inequality, inequality


@pytest.mark.parametrize(
    ("text", "coefficients", "sense", "bound"),
    [
        ("R3 - 0.5 R1 <= 0.0", {"R3": 1, "R1": -0.5}, "<=", 0),
        ("1.0 R3 >= 1", {"R3": 1}, ">=", 1),
        ("2*R1 + R2 = 3", {"R1": 2, "R2": 1}, "=", 3),
        ("2 * R1+R2=3", {"R1": 2, "R2": 1}, "=", 3),
        ("R1<=5", {"R1": 1}, "<=", 5),
        ("-R1 <= -2", {"R1": -1}, "<=", -2),
        ("- 2 R1 + -3 R2 - -1 R4 <= 0", {"R1": -2, "R2": -3, "R4": 1}, "<=", 0),
        ("R1 + 2 <= 3 R2 - 4", {"R1": 1, "R2": -3}, "<=", -6),
        ("0.1 <= BIO", {"BIO": -1}, "<=", -0.1),
        ("R1 + R1 - 0.5 R1 >= 1", {"R1": 1.5}, ">=", 1),
        ("R1 + R2 - R2 >= 1", {"R1": 1}, ">=", 1),
        ("3 14BDOtpp <= 1", {"14BDOtpp": 3}, "<=", 1),
        ("3*14BDOtpp <= 1", {"14BDOtpp": 3}, "<=", 1),
        ("14BDOtpp - 4HBD >= 0", {"14BDOtpp": 1, "4HBD": -1}, ">=", 0),
        ("1e-3 R1 + 2.5E+3 R2 >= 1e-2", {"R1": 1e-3, "R2": 2500}, ">=", 0.01),
        (".5 R1 >= 3.", {"R1": 0.5}, ">=", 3),
        ("2 4-HBD.x + r_0001-b >= 1", {"4-HBD.x": 2, "r_0001-b": 1}, ">=", 1),
        ("1e5x + 3 1e-3b <= 1", {"1e5x": 1, "1e-3b": 3}, "<=", 1),
        ("EX_glc(e) + EX_o2[e] >= -10", {"EX_glc(e)": 1, "EX_o2[e]": 1}, ">=", -10),
    ],
)
def test_an_inequality_is_read(text, coefficients, sense, bound):
    assert inequality(text) == Inequality(coefficients, sense, bound)


def test_no_minus_zero():
    assert str(inequality("R1 <= 0").bound) == "0.0"


@pytest.mark.parametrize(("text", "use"), [("R1 < 5", "use `<=`"), ("R1 > 0", "use `>=`")])
def test_a_strict_inequality_is_refused(text, use):
    with pytest.raises(ConfigError, match=use) as refusal:
        inequality(text)
    assert f"`{text}`" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "none found"),
        ("R1", "none found"),
        ("R1 == 2", "`==` found"),
        ("R1 => 2", "`=>` found"),
        ("0 <= R1 <= 5", "`<=`, `<=` found"),
        ("R1 <=", "a side is empty"),
        ("<= 3", "a side is empty"),
        ("R1 R2 <= 3", "`R2` cannot be read"),
        ("2 3 R1 <= 1", "`3 R1` cannot be read"),
        ("R1 3 <= 1", "`3` cannot be read"),
        ("2 * 3 <= R1", "`2 \\* 3` cannot be read"),
        ("R1 * 2 <= 3", "`\\* 2` cannot be read"),
        ("R1 + <= 3", "`\\+` cannot be read"),
        ("2*(R1 + R2) <= 3", "cannot be read"),
        ("R1 / 2 <= 3", "`/ 2` cannot be read"),
        ("1 <= 2", "no reaction is left"),
        ("R1 - R1 <= 2", "no reaction is left"),
        ("1e999 R1 <= 2", "`1e999` is above 1e\\+09"),
    ],
)
def test_anything_else_is_refused_with_its_text(text, says):
    with pytest.raises(ConfigError, match=says) as refusal:
        inequality(text)
    assert str(refusal.value).startswith(f"`{text}`")
    assert "allowed: " in str(refusal.value) or "above" in says


IDS = st.from_regex(r"[A-Za-z0-9_]{0,3}[A-Za-z_][A-Za-z0-9_.-]{0,3}", fullmatch=True).filter(
    lambda name: not name.lower().strip("0123456789.").startswith("e")
)
NUMBERS = st.integers(-1000, 1000).filter(bool).map(lambda value: value / 8)


@given(st.dictionaries(IDS, NUMBERS, min_size=1, max_size=4), st.sampled_from(["<=", ">=", "="]), NUMBERS)
def test_what_is_written_is_read_back(coefficients, sense, bound):
    left = " + ".join(f"{value!r} {name}" for name, value in coefficients.items())
    assert inequality(f"{left} {sense} {bound!r}") == Inequality(coefficients, sense, bound)
    right = " ".join(f"{'-' if value > 0 else '+'} {abs(value)!r}*{name}" for name, value in coefficients.items())
    assert inequality(f"{-bound!r} {sense} {right}") == Inequality(coefficients, sense, bound)
