"""Known secrets are found in every spelling that they are likely to come back in."""

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.conversations.masking import Masks
from conduet.engine.values import Json

SECRETS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=8, max_size=60).filter(
    lambda text: len(text.strip()) >= 8
)
AROUND = st.text(st.characters(codec="ascii"), max_size=8)


def _spelt(secret: str) -> list[str]:
    return [
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret),
        json.dumps(secret, ensure_ascii=False),
        html.escape(secret),
        secret.encode().hex(),
    ]


@given(SECRETS, AROUND, AROUND)
def test_no_spelling_of_a_secret_is_left(secret: str, before: str, after: str) -> None:
    masks = Masks({"KEY": secret})
    for spelt in _spelt(secret):
        assert "[secret KEY]" in masks.text(f"{before}{spelt}{after}")
        assert spelt not in masks.text(f"{before}{spelt}{after}")


@given(SECRETS, st.binary(max_size=7), st.binary(max_size=7))
def test_base64_of_something_longer_gives_nothing_of_a_secret_away(secret: str, before: bytes, after: bytes) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        coded = encode(before + secret.encode() + after).decode()
        left = Masks({"KEY": secret}).text(coded)
        assert left.count("[secret KEY]") == 1
        # What is left around the mask holds but a part of the first and of the last byte.
        assert len(left) - len("[secret KEY]") <= (len(before) + len(after) + 2) * 4 / 3 + 4


@pytest.mark.parametrize(
    ("secrets", "said", "masked"),
    [
        ({"A": "abcd-efgh", "B": "abcd"}, "abcd-efgh abcd", "[secret A] [secret B]"),
        ({"A": "  padded  "}, "it is padded", "it is [secret A]"),
        ({"A": "abc"}, "abc is too short to hide", "abc is too short to hide"),
        ({"A": ""}, "nothing", "nothing"),
        ({}, "nothing", "nothing"),
    ],
)
def test_what_is_found(secrets: dict[str, str], said: str, masked: str) -> None:
    assert Masks(secrets).text(said) == masked


def test_every_text_of_a_value_is_looked_through() -> None:
    value: Json = {"token": "hush-hush", "hush-hush": [1, True, None, {"deep": ["say hush-hush"]}]}
    masked: Json = {"token": "[secret KEY]", "[secret KEY]": [1, True, None, {"deep": ["say [secret KEY]"]}]}
    assert Masks({"KEY": "hush-hush"}).json(value) == masked
    assert Masks({}).json(value) == value


@given(SECRETS, st.integers(1, 3))
def test_a_body_of_json_is_read_before_a_secret_is_looked_for(secret: str, times: int) -> None:
    """Some writers of JSON spell `+`, `&` or `<` by their numbers, and some answers hold JSON in the texts of JSON."""
    said: Json = {"echo": secret}
    for _ in range(times):
        said = {"echo": _with_escapes(said)}
    left = Masks({"KEY": secret}).body(_with_escapes(said))
    for _ in range(times + 1):
        read = json.loads(left)
        left = read["echo"]
    assert left.strip() == "[secret KEY]"


@pytest.mark.parametrize("said", ["a \\u002b that is no JSON", '{"a": "\\u002b"}', '{"n": 1e400, "a": "\\u002b"}', ""])
def test_a_body_without_secrets_stays_as_it_came(said: str) -> None:
    assert Masks({"KEY": "hush-hush"}).body(said) == said


def test_a_secret_in_the_name_of_a_host_is_found_in_lower_case_too() -> None:
    assert Masks({"KEY": "sk-Live-42"}).text("api.examplesk-live-42 not found") == "api.example[secret KEY] not found"


def _with_escapes(value: Json) -> str:
    """JSON whose texts have some characters by their numbers, as cautious writers have it."""
    written = json.dumps(value, ensure_ascii=False)
    return re.sub(r"(?<=[^\\])[+&<>'=/]", lambda found: f"\\u{ord(found[0]):04X}", written)
