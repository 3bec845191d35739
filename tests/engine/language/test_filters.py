"""The filters, one behaviour a row."""

import pytest

from conduet.engine.expression import ExpressionError, compile_expression
from conduet.engine.values import Json

NAMES: dict[str, Json] = {
    "name": "ann o'neil",
    "nothing": None,
    "empty": "",
    "list": [3, "a", None, 2.0],
    "order": {"b": 1, "a": [True, "é"]},
    "at": "2026-07-01T22:30:00Z",
}


def value(source: str, zone: str = "UTC") -> Json:
    return compile_expression(source).evaluate(NAMES, zone=zone)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("name|upper", "ANN O'NEIL"),
        ("'ÉA'|lower", "éa"),
        ("1.0|upper", "1"),
        ("' a b\n'|trim", "a b"),
        ('"it\'s a dog’s life"|title', "It's A Dog’s Life"),
        ("'héllo'|length", 5),
        ("list|length", 4),
        ("order|length", 2),
        ("nobody|length", 0),
        ("list|first", 3),
        ("list|last", 2.0),
        ("name|first", "a"),
        ("empty|first", None),
        ("[]|last", None),
        ("list|join", "3a2"),
        ("list|join(', ')", "3, a, , 2"),
        ("[[1, 2], {'a': 1}]|join(';')", '[1,2];{"a":1}'),
        ("2.5|round", 3),
        ("-2.5|round", -3),
        ("2.675|round(2)", 2.68),
        ("3|round(2)", 3),
        ("1234|round(-2)", 1200),
        ("' 3.7 '|round", 4),
        ("1e30|round", 1e30),
        ("0.1 + 0.2|round(1)", 0.30000000000000004),
        ("(0.1 + 0.2)|round(2)", 0.3),
        ("name|replace('n', 'N')", "aNN o'Neil"),
        ("name|replace('', '-')", "ann o'neil"),
        ("12321|replace(2, '')", "131"),
        ("order|json", '{"b":1,"a":[true,"é"]}'),
        ("nothing|json", "null"),
        ("'a \"b\"'|json", '"a \\"b\\""'),
        ("'a b/ü&c'|urlencode", "a%20b%2F%C3%BC%26c"),
        ("order|urlencode", "b=1&a=true&a=%C3%A9"),
        ("{'a b': null}|urlencode", "a%20b="),
        ("nobody|default('you')", "you"),
        ("nothing|default(1)", 1),
        ("nobody|default", ""),
        ("empty|default('x')", ""),
        ("empty|default('x', true)", "x"),
        ("0|default(5, true)", 5),
        ("name|default('x', true)", "ann o'neil"),
        ("nobody.first|upper|default('x')", "x"),
        ("name|upper|replace('ANN', 'Bo')|length", 9),
        ("-2.5|round|upper", "-3"),
    ],
)
def test_a_filter_makes_of_a_value(source: str, expected: Json):
    got = value(source)

    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    "name",
    ["upper", "lower", "trim", "title", "first", "last", "join", "round", "replace('a', 'b')", "date", "urlencode"],
)
def test_null_stays_null_so_that_a_default_may_follow(name: str):
    assert value(f"nobody|{name}") is None
    assert value(f"nobody|{name}|default('x')") == "x"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("list|upper", "`upper` needs text, not a list"),
        ("order|replace('a', 'b')", "`replace` needs text, not an object"),
        ("{'a': {}}|urlencode", "`urlencode` needs text, not an object"),
        ("1|length", "`length` needs text, a list or an object, not a number"),
        ("order|first", "`first` needs a list or text, not an object"),
        ("name|join", "`join` needs a list, not text"),
        ("list|join([])", "`join` needs text, not a list"),
        ("name|round", "`round` needs a number, not text"),
        ("1|round('x')", "`round` takes a whole number of decimal places, at most 15"),
        ("1|round(16)", "`round` takes a whole number of decimal places, at most 15"),
        ("1|round(1.5)", "`round` takes a whole number of decimal places, at most 15"),
        ("1|date(2)", "the pattern of `date` is text such as `%d.%m.%Y`, not a number"),
        ("true|date", "`date` needs ISO 8601 text or a number of seconds since 1970"),
        ("'tomorrow'|date", "`date` needs ISO 8601 text or a number of seconds since 1970"),
        ("1e30|date", "the date lies outside the years 1 to 9999"),
        ("0|date('%Q')", "`%Q` is not known in a date pattern"),
        ("0|date('%')", "`%` is not known in a date pattern"),
        ("0|date('%1000000d')", "`%1` is not known in a date pattern"),
    ],
)
def test_a_filter_tells_what_it_needs(source: str, message: str):
    with pytest.raises(ExpressionError) as refused:
        value(source)
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("source", "utc", "berlin"),
    [
        ("at|date", "2026-07-01T22:30:00Z", "2026-07-02T00:30:00+02:00"),
        ("at|date('%d.%m.%Y %H:%M')", "01.07.2026 22:30", "02.07.2026 00:30"),
        ("at|date('%-d. %B, %-I %p %Z – 100%%')", "1. July, 10 PM UTC – 100%", "2. July, 12 AM CEST – 100%"),
        ("0|date", "1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00"),
        ("'86400'|date('%F')", "1970-01-02", "1970-01-02"),
        ("1782945000.5|date('%T')", "22:30:00", "00:30:00"),
        ("1782945000000|date", "2026-07-01T22:30:00Z", "2026-07-02T00:30:00+02:00"),
        ("'2026-07-01T22:30:00-05:00'|date('%H:%M')", "03:30", "05:30"),
        ("'2026-07-01T08:00'|date('%H:%M %z')", "08:00 +0000", "08:00 +0200"),
        ("' 2026-07-01 '|date", "2026-07-01", "2026-07-01"),
        ("'2026-07-01'|date('%A')", "Wednesday", "Wednesday"),
        ("0|date('%-M')", "0", "0"),
        ("0|date('plain')", "plain", "plain"),
        ("0|date('')", "", ""),
    ],
)
def test_a_date_is_shown_in_the_zone_of_the_project(source: str, utc: str, berlin: str):
    assert value(source) == utc
    assert value(source, "Europe/Berlin") == berlin


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "Europe", "", "a\0b"])
def test_a_zone_that_is_none_is_an_error(zone: str):
    with pytest.raises(ExpressionError, match="there is no time zone"):
        value("0|date", zone)


def test_a_date_at_the_edge_of_the_calendar_is_an_error_in_a_zone_beyond_it():
    with pytest.raises(ExpressionError, match="outside the years"):
        value("'9999-12-31T23:30:00Z'|date", "Europe/Berlin")
