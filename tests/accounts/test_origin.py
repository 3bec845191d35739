"""Web origins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.accounts.origin import parse_origin


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("http://shop.example:443", "http://shop.example:443"),
        ("HTTPS://Shop.Example:8443", "https://shop.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_scheme_host_and_port(text: str, origin: str) -> None:
    assert parse_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "*",
        "https://*",
        "https://*.shop.example",
        "shop.example",
        "//shop.example",
        "https://",
        "https://shop.example/",
        "https://shop.example/path",
        "https://shop.example?",
        "https://shop.example#",
        "https://user@shop.example",
        "https://shop.example:",
        "https://shop.example:0",
        "https://shop.example:65536",
        "https://shop.example:1e3",
        "https://shop..example",
        "https://shop.example.",
        "https://bücher.example",
        "https://[::1",
        "https://[::gg]",
        "https://[1.2.3.4]",
        "ftp://shop.example",
        "file://",
        " https://shop.example",
        "https://shop.example\n",
        "https://shop.example:\u0664\u0664\u0663",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert parse_origin(text) is None


@given(st.text())
def test_what_was_parsed_stays_as_it_is(text: str) -> None:
    for candidate in (text, f"https://{text}"):
        origin = parse_origin(candidate)
        assert origin is None or parse_origin(origin) == origin
