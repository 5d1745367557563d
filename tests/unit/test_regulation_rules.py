"""Rules of genes: truth tables against Python's own, every error of syntax and of a table, symbols in a model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import network

from knockflow.base.errors import ConfigError, FileError, ModelError
from knockflow.language.boolean_rules import OFF, ON, atoms, fold, joined, opposite, parse, symbols
from knockflow.layers.regulation.resolve import resolve
from knockflow.layers.regulation.rules import UNKNOWN, RuleRow, read_rules

NAMES = ("b0001", "glc__D_e", "3hpppn_e", "Stress")


@st.composite
def texts(draw, depth=3):
    """A rule as text, and the same as a Python expression over `v`."""
    kind = draw(st.sampled_from(["name", "constant", "not", "and", "or"] if depth else ["name", "constant"]))
    if kind == "name":
        name = draw(st.sampled_from(NAMES))
        return name, f"v[{name!r}]"
    if kind == "constant":
        word, value = draw(st.sampled_from([("true", True), ("OFF", False), ("1", True), ("0", False), ("On", True)]))
        return word, str(value)
    if kind == "not":
        text, python = draw(texts(depth - 1))
        return f"{draw(st.sampled_from(['not', 'NOT']))} ({text})", f"(not ({python}))"
    parts = draw(st.lists(texts(depth - 1), min_size=2, max_size=3))
    word = draw(st.sampled_from([kind, kind.upper()]))
    if draw(st.booleans()):
        parts = [(f"({text})", f"({python})") for text, python in parts]
    return f" {word} ".join(text for text, _ in parts), f" {kind} ".join(python for _, python in parts)


def assignments(names):
    return ({name: bool(bits >> k & 1) for k, name in enumerate(names)} for bits in range(2 ** len(names)))


@given(texts())
def test_rules_have_the_truth_table_that_python_gives_them(pair):
    text, python = pair
    rule = parse(text)
    for values in assignments(NAMES):
        wanted = eval(python, {"v": values})
        assert fold(rule, {("symbol", name): value for name, value in values.items()}) == ("const", wanted)


@given(texts(), st.sampled_from(NAMES), st.booleans())
def test_what_is_put_in_does_not_come_back(pair, name, value):
    text, python = pair
    rule = fold(parse(text), {("symbol", name): value})
    assert name not in symbols(rule)
    for values in assignments(NAMES):
        left = fold(rule, {("symbol", other): bit for other, bit in values.items()})
        assert left == ("const", eval(python, {"v": values | {name: value}}))


def test_operators_bind_as_in_python():
    assert parse("not a and b or c") == (
        "or",
        (("and", (("not", ("symbol", "a")), ("symbol", "b"))), ("symbol", "c")),
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("R>=5", ("compare", "R", ">=", 5.0)),
        ("o2_e <= -1.5e-3", ("compare", "o2_e", "<=", -0.0015)),
        ("3hpppn_e>.5", ("compare", "3hpppn_e", ">", 0.5)),
        ("( R < +2 )", ("compare", "R", "<", 2.0)),
        ("not not x", ("not", ("not", ("symbol", "x")))),
        ("On", ON),
        ("oNe", ("symbol", "oNe")),
        ("nan", ("symbol", "nan")),
        ("1_2", ("symbol", "1_2")),
        ("EX_glc-D[e] > 0", ("compare", "EX_glc-D[e]", ">", 0.0)),
    ],
)
def test_words_and_comparisons(text, rule):
    assert parse(text) == rule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the rule is empty"),
        ("  ", "the rule is empty"),
        ("a and", "its end where an id"),
        ("a b", "`b` where `and`, `or` or its end"),
        ("(a or b", "a bracket is not closed"),
        ("(a b)", "`b` where a bracket is to be closed"),
        ("a)", "`)` where `and`, `or` or its end"),
        ("and a", "`and` where an id"),
        ("not", "its end where an id"),
        ("()", "`)` where an id"),
        ("a > b", "`b` where a number is expected after `a >`"),
        ("a >", "its end where a number is expected after `a >`"),
        ("a > > 3", "`>` where a number"),
        ("3 > a", "an id stands on the left"),
        ("true > 0", "an id stands on the left"),
        ("a > inf", "`inf` where a number"),
        ("5", "the number 5 where an id"),
        ("a = 3", "`=` where `and`, `or` or its end"),
        ("a == b", "`=` where"),
        ("a & b", "`&` where"),
        ("a or !b", "`!` where an id"),
        ("1 > 0 > 2", "an id stands on the left"),
        ("a > 0 > 2", "`>` where `and`, `or` or its end"),
        ("(" * 5000, "nested too deeply"),
    ],
)
def test_bad_syntax_is_named_with_its_rule(text, said):
    with pytest.raises(ModelError) as error:
        parse(text)
    assert said in str(error.value)
    assert text.strip()[:20] in str(error.value)


def test_rules_are_simplified():
    a, b = ("symbol", "a"), ("symbol", "b")
    assert joined("and", (a, ON, ("and", (b, a)))) == ("and", (a, b))
    assert joined("or", (a, OFF, a)) == a
    assert joined("or", (a, ON)) == ON
    assert joined("and", ()) == ON
    assert joined("or", ()) == OFF
    assert opposite(("not", a)) == a
    assert opposite(ON) == OFF


def test_atoms_and_symbols():
    rule = parse("not (a or R > 2) and (a or true)")
    assert atoms(rule) == {("symbol", "a"), ("compare", "R", ">", 2.0)}
    assert symbols(rule) == {"a", "R"}


# Tables -----------------------------------------------------------------------------------------------------------


def written(tmp_path, text):
    path = tmp_path / "rules.tsv"
    path.write_text(text)
    return path


def test_a_table_is_read(tmp_path):
    path = written(tmp_path, "gene\tname\tkind\trule\tnote\nb1\tArcA\tgene\tnot o2_e > 0\tx\nb2\t\t\tb1\t")
    rows = read_rules(path)
    assert rows == {
        "b1": RuleRow(parse("not o2_e > 0"), "not o2_e > 0", "gene", "ArcA"),
        "b2": RuleRow(("symbol", "b1"), "b1"),
    }


def test_a_table_may_call_its_genes_id(tmp_path):
    assert list(read_rules(written(tmp_path, "id\trule\nb1\ttrue\n"))) == ["b1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gene\tname\nb1\tx\n", "no column rule"),
        ("locus\trule\nb1\ttrue\n", "no column gene"),
        ("gene\trule\nb1\n", "line 2 has not 2 cells"),
    ],
)
def test_a_table_without_its_columns(tmp_path, text, said):
    with pytest.raises(FileError, match=said):
        read_rules(written(tmp_path, text))


def test_all_that_is_wrong_with_a_table_is_said_at_once(tmp_path):
    path = written(
        tmp_path,
        "gene\trule\tkind\nb1\ttrue\t\nb1\ta\t\nb2\ta and\t\nb3\t\t\n\tb1\t\nand\tb1\t\n12\tb1\t\nb4\tb1\tgenes\n",
    )
    with pytest.raises(FileError) as error:
        read_rules(path)
    lines = str(error.value).splitlines()
    assert [line.removeprefix(f"{path}: ").split(":")[0] for line in lines] == [
        "line 3, b1",
        "line 4, b2",
        "line 5, b3",
        "line 6, no id",
        "line 7, and",
        "line 8, 12",
        "line 9, b4",
    ]
    assert "it has a row already" in lines[0]
    assert "rule `a and`" in lines[1]
    assert "the rule is empty" in lines[2]
    assert "did you mean gene?" in lines[6]


# Resolution -------------------------------------------------------------------------------------------------------

REACTIONS = {
    "EX_s": ({"s": -1}, -10, 1000),
    "EX_o": ({"o": -1}, 0, 1000),
    "SOURCE": ({"t": 1}, 0, 3),
    "UP": ({"s": -1, "x": 1}, 0, 1000),
    "OTHER": ({"s": -1, "x": 0.5, "u": 1, "t": -1}, 0, 1000),
    "END": ({"u": -1}, 0, 1000),
    "BIO": ({"x": -1, "o": -0.0}, 0, 1000),
}
GENES = {"UP": "b0001 and b0002", "OTHER": "b0003"}


def resolved(rules, conditions=None, names=None, kinds=None):
    model = network(REACTIONS, rules=GENES)
    rows = {name: RuleRow(parse(text), text, (kinds or {}).get(name, "")) for name, text in rules.items()}
    return resolve(model, rows, conditions or {}, names or {})


def why_of(regulation, symbol):
    return next((note["status"], note["why"]) for note in regulation.notes if note["symbol"] == symbol)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("s > 2", ("uptake", "EX_s", ">", 2.0)),
        ("s", ("uptake", "EX_s", ">", 0.0)),
        ("not s <= 2", ("uptake", "EX_s", ">", 2.0)),
        ("s < 2", ("uptake", "EX_s", "<", 2.0)),
        ("UP > 2", ("flux", "UP", ">", 2.0)),
        ("UP >= 2", ("not", ("flux", "UP", "<", 2.0))),
        ("UP <= 2", ("not", ("flux", "UP", ">", 2.0))),
        ("UP", ("or", (("flux", "UP", ">", 0.0), ("flux", "UP", "<", 0.0)))),
        ("growth > 0", ("flux", "BIO", ">", 0.0)),
        ("b0001", ("gene", "b0001")),
        ("b0001 > 0", ("gene", "b0001")),
        ("b0001 < 1", ("not", ("gene", "b0001"))),
        ("b0001 < 0 or s", ("uptake", "EX_s", ">", 0.0)),
        ("b0001 >= 0 and s", ("uptake", "EX_s", ">", 0.0)),
        ("t > 2 and s", ("uptake", "EX_s", ">", 0.0)),
        ("t > 3", OFF),
        ("x > 0", OFF),
        ("x <= 0 and UP > 0", ("flux", "UP", ">", 0.0)),
        ("nothing or b0001", ("gene", "b0001")),
        ("not nothing < 5 and b0001", ("gene", "b0001")),
    ],
)
def test_what_words_are_in_a_model(text, rule):
    found = resolved({"b0003": text})
    assert found.rules["b0003"] == rule
    assert {"b0001", "b0002", "b0003"} == found.genes


def test_conditions_are_values():
    assert resolved({"b0003": "pH < 4"}, {"pH": 7}).rules == {"b0003": OFF}
    assert resolved({"b0003": "pH < 4 or not Stress"}, {"pH": 3, "Stress": True}).rules == {}
    assert why_of(resolved({"b0003": "pH < 4"}), "pH")[0] == UNKNOWN


def test_a_condition_replaces_the_rule_of_its_symbol():
    found = resolved({"b0003": "b9999", "b9999": "s > 0"}, {"b9999": False})
    assert found.rules["b0003"] == OFF
    found = resolved({"b0003": "b9999", "b9999": "s > 0"}, {"b9999": True})
    assert found.rules == {"b0003": ("gene", "b9999")}
    assert "b9999" in found.genes
    assert resolved({"b0003": "b0001"}, {"b0001": False}).rules == {"b0003": OFF, "b0001": OFF}


def test_what_can_be_removed_is_not_folded_and_what_cannot_is():
    found = resolved({"b0003": "b9999 and Pool", "b9999": "true", "Pool": "not false", "b0001": "true"})
    assert found.rules == {"b0003": ("gene", "b9999")}
    assert found.genes == {"b0001", "b0002", "b0003", "b9999"}
    assert why_of(found, "Pool") == ("constant on", "no gene")


@pytest.mark.parametrize(
    ("symbol", "kind", "gene"),
    [("b1334", "", True), ("B1334", "", True), ("surplusFDP", "", False), ("NRI_hi", "gene", True), ("b77", "", False)],
)
def test_which_symbols_are_genes(symbol, kind, gene):
    found = resolved({"b0003": symbol, symbol: "s > 0"}, kinds={symbol: kind})
    assert (symbol in found.genes) is gene
    assert found.rules["b0003"] == ("gene", symbol)


def test_a_condition_of_the_table_is_no_gene():
    found = resolved({"b0003": "b0009", "b0009": "s > 0"}, kinds={"b0009": "condition"})
    assert "b0009" not in found.genes


def test_unknown_symbols_are_named_with_the_nearest_match_and_their_rules():
    found = resolved({"b0003": "sturz or BOI > 0", "b0009": "not sturz"})
    assert why_of(found, "BOI") == (
        UNKNOWN,
        "nothing of that name in table, model or conditions; did you mean BIO?; in the rules of b0003",
    )
    assert why_of(found, "sturz")[1].endswith("in the rules of b0003, b0009")
    assert found.rules == {"b0003": OFF}


def test_notes_say_what_becomes_of_every_rule():
    found = resolved(
        {"b0001": "not nothing", "b0002": "nothing", "b0003": "b7777 and s > 0", "b7777": "s", "b8888": "s"}
    )
    assert why_of(found, "b0001") == ("constant on", "")
    assert why_of(found, "b0002") == ("constant off", "")
    assert why_of(found, "b0003") == ("depends", "on EX_s, b7777")
    assert why_of(found, "b8888") == ("unused", "no reaction's gene rule depends on it")
    assert why_of(resolved({"b0003": "x > 0"}), "x")[0] == "no exchange"
    assert set(found.rules) == {"b0002", "b0003", "b7777"}


def test_cycles_are_found_and_kept():
    found = resolved({"b0001": "b9001", "b9001": "not b9002", "b9002": "not b9001", "b0003": "b0003 or s > 0"})
    assert found.cycles == [("b0003",), ("b9001", "b9002")]
    assert found.rules["b9002"] == ("not", ("gene", "b9001"))


def test_names_of_the_table_become_those_of_the_model():
    found = resolved({"b0003": "Growth > 0 and yxx", "yxx": "false"}, names={"Growth": "BIO", "yxx": "b0002"})
    assert found.rules == {"b0002": OFF, "b0003": OFF}
    assert resolved({"b0003": "Growth > 0"}, names={"Growth": "BIO"}).rules["b0003"] == ("flux", "BIO", ">", 0.0)


def test_a_table_may_use_the_word_growth_for_itself():
    assert resolved({"b0003": "growth", "growth": "s > 0"}).rules["growth"] == ("uptake", "EX_s", ">", 0.0)


@pytest.mark.parametrize(
    ("conditions", "names", "said"),
    [
        ({"Stres": True}, {}, "layers.regulation.conditions: `Stres` is in no rule of the table; did you mean Stress?"),
        ({}, {"Growht": "BIO"}, "layers.regulation.names: `Growht` is in no rule of the table; did you mean Growth?"),
        ({}, {"Growth": "BOI"}, "layers.regulation.names: Growth: the model has no `BOI`; did you mean BIO?"),
        ({"Growth": True}, {"Growth": "BIO"}, "layers.regulation.names: Growth: conditions give it a value, too"),
        ({}, {"b0009": "b0003"}, "layers.regulation.names: the table has more than one row for `b0003`"),
    ],
)
def test_conditions_and_names_that_refer_to_nothing(conditions, names, said):
    with pytest.raises(ConfigError) as error:
        resolved({"b0003": "Stress or Growth > 0", "b0009": "true"}, conditions, names)
    assert said in str(error.value).splitlines()
