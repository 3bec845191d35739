"""Expressions: what they mean, and what is refused."""

import pytest

from conduet.engine.expression import SOURCE_BYTES, ExpressionError, compile_expression
from conduet.engine.values import Json

NAMES: dict[str, Json] = {
    "name": "Ann",
    "age": 17,
    "nothing": None,
    "empty": "",
    "index": 1,
    "key": "unit price",
    "list": [1, 2, 3],
    "order": {"items": [{"price": 1.5}, {"price": 2}], "unit price": 5, "in": 1},
    "digits": "17",
}


def value(source: str, names: dict[str, Json] = NAMES) -> Json:
    return compile_expression(source).evaluate(names)


def refusal(source: str, names: dict[str, Json] = NAMES) -> str:
    with pytest.raises(ExpressionError) as refused:
        value(source, names)
    assert refused.value.message == str(refused.value)
    return refused.value.message


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("name", "Ann"),
        ("order.items[1].price", 2),
        ("order.items[-1].price", 2),
        ("order['unit price']", 5),
        ('order["items"][0]["price"]', 1.5),
        ("order[key]", 5),
        ("list[index]", 2),
        ("list[3 / 3]", 2),
        ("order.in", 1),
        ("(order.items|first).price", 1.5),
        ("order.items[index - 1].price", 1.5),
        ("name[0]", "A"),
        ("[4, 5][1]", 5),
        ("{'a': {'b': 1}}.a.b", 1),
    ],
)
def test_a_path_leads_into_variables(source: str, expected: Json):
    assert value(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "nobody",
        "nobody.x[0]",
        "nothing.x",
        "name.x",
        "name.upper",
        "order.keys",
        "order['__class__']",
        "list[9]",
        "list[-4]",
        "list['0']",
        "list[1.5]",
        "list[true]",
        "list[name]",
        "order[0]",
        "(list|first).x",
    ],
)
def test_a_path_that_leads_nowhere_is_null(source: str):
    assert value(source) is None


def test_an_expression_tells_which_paths_it_reads():
    source = "customer.name if order['unit price'] > 3 else lines[0].items[i].x|default(other)"

    expected = {"customer.name", 'order["unit price"]', "lines[0].items", "i", "other"}
    assert compile_expression(source).paths == expected
    assert compile_expression("customer [ 'name' ] . first").paths == {"customer.name.first"}
    assert compile_expression("1 + 2").paths == frozenset()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("12", 12),
        ("1.5", 1.5),
        ("3.0", 3),
        ("1e3", 1000),
        ("2.5e-1", 0.25),
        ('"it\'s"', "it's"),
        (r"'it\'s'", "it's"),
        (r"'a\n\t\\b\/\d'", "a\n\t\\b/\\d"),
        (r"'\u00e9\ud83d\ude00'", "é😀"),
        ("true", True),
        ("True", True),
        ("false", False),
        ("null", None),
        ("none", None),
        ("[1, 'a', [null]]", [1, "a", [None]]),
        ("[]", []),
        ("{'a': name, \"b\": {}}", {"a": "Ann", "b": {}}),
    ],
)
def test_a_literal_is_itself(source: str, expected: Json):
    got = value(source)

    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("6 / 2", 3),
        ("7 / 2", 3.5),
        ("7 % 3", 1),
        ("-7 % 3", 2),
        ("5.5 % 2", 1.5),
        ("1.5 + 1.5", 3),
        ("-age", -17),
        ("--age", 17),
        ("---age", -17),
        ("2 * -3", -6),
        ("'a' + 'b' + name", "abAnn"),
        ("nobody + 'b' + nothing", "b"),
        ("nobody + nothing", ""),
        ("[1] + list", [1, 1, 2, 3]),
        ("170141183460469231731687303715884105726 + 1", 170141183460469231731687303715884105727),
        ("1e200 * 1e100", 1e300),
    ],
)
def test_arithmetic(source: str, expected: Json):
    got = value(source)

    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 == 1.0", True),
        ("digits == 17", False),
        ("digits == '17'", True),
        ("true == 1", False),
        ("false == null", False),
        ("nobody == null", True),
        ("[1, {'a': true}] == [1.0, {'a': true}]", True),
        ("[1, {'a': true}] == [1.0, {'a': 1}]", False),
        ("[1] == [1, 2]", False),
        ("{'a': 1} == {'b': 1}", False),
        ("[] == {}", False),
        ("1 != 2", True),
        ("age >= 17", True),
        ("age > 17", False),
        ("age <= 17", True),
        ("age < 17.5", True),
        ("'a' < 'b'", True),
        ("'B' < 'a'", True),
        ("1 < 2 < 3", True),
        ("1 < 3 < 2", False),
        ("1 < 2 > 3", False),
        ("nobody < 3", False),
        ("nobody > 3", False),
        ("3 >= nothing", False),
        ("2 in list", True),
        ("2.0 in list", True),
        ("'2' in list", False),
        ("null in [null]", True),
        ("'nn' in name", True),
        ("'unit price' in order", True),
        ("'x' in order", False),
        ("nobody in name", False),
        ("nobody in order", False),
        ("1 in nobody", False),
        ("4 not in list", True),
        ("1 not in list", False),
        ("not 4 in list", True),
        ("not age == 17", False),
    ],
)
def test_values_are_compared_as_typed(source: str, expected: bool):
    assert value(source) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("true and name", "Ann"),
        ("empty and name", ""),
        ("nobody or empty or 'x'", "x"),
        ("false or 0", 0),
        ("true or false and false", True),
        ("not empty", True),
        ("!empty && !(age == 3) || false", True),
        ("age != 17 || '&& || !' == '&& || !'", True),
        ("'adult' if age >= 18 else 'minor'", "minor"),
        ("'a' if age > 60 else 'b' if age > 16 else 'c'", "b"),
        ("(1 if false else 2) + 1", 3),
    ],
)
def test_logic_gives_the_value_that_decided(source: str, expected: Json):
    assert value(source) == expected


@pytest.mark.parametrize("source", ["nobody", "nothing", "empty", "0", "false", "[]", "{}", "0.0"])
def test_nothing_and_what_is_empty_do_not_hold(source: str):
    assert not compile_expression(source).holds(NAMES)


@pytest.mark.parametrize("source", ["name", "1", "true", "[0]", "{'a': 0}", "'false'"])
def test_everything_else_holds(source: str):
    assert compile_expression(source).holds(NAMES)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", "a number cannot be divided by zero"),
        ("1 % (age - 17)", "a number cannot be divided by zero"),
        ("1e200 * 1e200", "the number is too large"),
        ("170141183460469231731687303715884105727 + 1", "the number is too large"),
        ("huge * 1.5", "the number is too large"),
        ("'a' + 1", "`+` cannot combine text with a number"),
        ("nobody + 1", "`+` cannot combine nothing with a number"),
        ("'a' * 3", "`*` cannot combine text with a number"),
        ("true + 1", "`+` cannot combine true or false with a number"),
        ("[1] + {}", "`+` cannot combine a list with an object"),
        ("-name", "`-` cannot negate text"),
        ("digits > 16", "`>` cannot compare text with a number"),
        ("[1] < [2]", "`<` cannot compare a list with a list"),
        ("1 in name", "`in` cannot look for a number in text"),
        ("1 in 5", "`in` cannot look for a number in a number"),
        ("1 not in order", "`in` cannot look for a number in an object"),
    ],
)
def test_what_has_no_value_is_told(source: str, message: str):
    assert refusal(source, {**NAMES, "huge": 10**400}) == message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "the expression is empty"),
        ("  \n", "the expression is empty"),
        ("1 +", "a value is missing at the end"),
        ("(1", "`)` is missing at the end"),
        ("1 if 2", "`else` is missing at the end"),
        ("[1, 2", "`,` or `]` is missing at the end"),
        ("{'a': 1", "`,` or `}` is missing at the end"),
        ("{'a' 1}", "`:` is expected, not `1` (character 6)"),
        ("{a: 1}", "a key in quotes is expected, not `a` (character 2)"),
        ("[1, ]", "a value is expected, not `]` (character 5)"),
        ("1 2", "an operator is expected, not `2` (character 3)"),
        ("a..b", "a name is expected, not `.` (character 3)"),
        ("a.!", "a name is expected, not `not` (character 3)"),
        ("if", "a value is expected, not `if` (character 1)"),
        ("a|", "a filter's name is missing at the end"),
        ("* 2", "a value is expected, not `*` (character 1)"),
        ("2 ** 3", "a value is expected, not `*` (character 4)"),
        ("list[0:1]", "`]` is expected, not `:` (character 7)"),
        ("a = 1", "`=` does not compare and nothing can be assigned: write `==`"),
        ("a ~ b", "`~` is not part of the language"),
        ("a is defined", "there are no `is` tests: compare with `==`, or write `x == null`"),
        ("range(3)", "nothing can be called: there are only filters, as in `name|upper`"),
        ("[name.upper()]", "nothing can be called: there are only filters, as in `name|upper`"),
        ("'abc", "the text that begins with 'abc has no closing quote"),
        (r"'\ud800'", "half a surrogate pair is no text"),
        (r"'\u0000'", "a text holds no NUL"),
        ("9" * 41, "the number is too large"),
        ("9" * 40, "the number is too large"),
        ("1e999", "the number is too large"),
        ("a|upper(1)", "`upper` takes no argument, not 1"),
        ("a|replace('x')", "`replace` takes 2 arguments, not 1"),
        ("a|round(1, 2)", "`round` takes at most 1, not 2"),
        ("a|default(1, 2, 3)", "`default` takes at most 2, not 3"),
        ("(" * 40 + "1" + ")" * 40, "the expression is nested deeper than 32 levels"),
        ("not " * 40 + "1", "the expression is nested deeper than 32 levels"),
        ("a" + ".b" * 70, "a path has at most 64 steps"),
        ("a" + "|upper" * 70, "a value has at most 64 filters"),
        ("'" + "x" * SOURCE_BYTES + "'", "the expression is longer than 64 KB"),
        ("'" + "é" * (SOURCE_BYTES // 2) + "'", "the expression is longer than 64 KB"),
    ],
)
def test_what_is_not_in_the_language_is_refused_in_words(source: str, message: str):
    with pytest.raises(ExpressionError) as refused:
        compile_expression(source)
    assert refused.value.message == message


def test_an_unknown_filter_is_refused_with_those_there_are():
    assert refusal("name|shout") == (
        "there is no filter `shout`; there are date, default, first, join, json, last, length, lower, replace, round, "
        "title, trim, upper, urlencode"
    )


def test_an_expression_is_compiled_once():
    assert compile_expression("age + 1 > 3") is compile_expression("age + 1 > 3")


def test_a_long_expression_need_not_be_a_deep_one():
    assert value("1" + " + 1" * 10_000) == 10_001
    assert value("-" * 30_001 + "1") == -1
    assert value("age" + " and age" * 5_000) == 17
    assert value("0" + " if false else 0" * 3_000) == 0
