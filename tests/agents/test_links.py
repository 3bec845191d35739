"""Links and pictures of hosts that a project does not allow do not get out, however the text is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.agents.links import Hosts, Outlet

HOSTS = Hosts(["shop.example", "*.cdn.example"])
EVIL = "evil.example"


def said(text: str, size: int) -> str:
    outlet = Outlet(HOSTS)
    pieces = [outlet.feed(text[start : start + size]) for start in range(0, len(text), size)]
    return "".join([*pieces, outlet.end()])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Look: ![a bike](https://evil.example/x.png?d=secret) nice", "Look: a bike nice"),
        ("![](https://evil.example/x.png)", "(picture left out)"),
        ("See [our shop](https://evil.example/) now", "See our shop now"),
        ("See [our shop](https://shop.example/a) now", "See [our shop](https://shop.example/a) now"),
        ('![b](https://img.cdn.example/b.png "B")', '![b](https://img.cdn.example/b.png "B")'),
        (
            "Go to https://evil.example/x?d=1 or https://shop.example/y.",
            "Go to (link left out) or https://shop.example/y.",
        ),
        ("<https://evil.example/a>", ""),
        ("<https://shop.example/a>", "<https://shop.example/a>"),
        ("<img src=//evil.example/x>", ""),
        ("[![a](https://evil.example/1)](https://evil.example/2)", "a"),
        ("[x](//evil.example/a)", "x"),
        ("[x](https:evil.example)", "x"),
        ("[x](https://shop.example\\@evil.example/)", "x"),
        ("[x](https://shop.example@evil.example/)", "x"),
        ("[x](&#104;ttps://evil.example/)", "x"),
        ("[x](javascript:alert(1))", "x)"),
        ("![x][1]\n\n[1]: https://evil.example/x", "![x][1]\n\n[1] : (link left out)"),
        ("![x][1]\n\n[1]: //evil.example/x", "![x][1]\n\n[1] : //evil.example/x"),
        ("[x](http://[)", "x"),
        ("www.evil.example/x", "(link left out)"),
        ("1 < 2 and a[0] is 3 [sic] (really)", "1 < 2 and a[0] is 3 [sic] (really)"),
        ("An [open bracket", "An [open bracket"),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_what_leads_elsewhere_is_left_out(text: str, shown: str, size: int) -> None:
    assert said(text, size) == shown


PARTS = st.sampled_from(
    [
        "[",
        "]",
        "(",
        ")",
        "!",
        "<",
        ">",
        " ",
        "\n",
        "a",
        f"https://{EVIL}/x",
        f"//{EVIL}",
        "https://shop.example/ ",
        ":",
        '"',
    ]
)


@given(st.lists(PARTS, max_size=40).map("".join), st.integers(1, 9))
def test_no_web_address_of_another_host_gets_out(text: str, size: int) -> None:
    shown = said(text, size)
    assert f"https://{EVIL}" not in shown
    assert f"](//{EVIL}" not in shown


def test_a_bracket_that_never_closes_holds_nothing_back_for_ever() -> None:
    outlet = Outlet(HOSTS)
    shown = "".join(outlet.feed("word ") for _ in range(10)) + outlet.feed("[") + outlet.feed("x " * 1500)
    assert len(shown) > 1500
