"""Bodies as they come: whatever they are, they are read or refused, never a surprise."""

import json
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conduet.conversations.wire import (
    Chat,
    NewState,
    Replay,
    parse_body,
    parse_interact,
    parse_user_id,
    parse_variables,
)
from conduet.errors import BadRequest, ConduetError

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)
kinds = st.sampled_from(["text", "launch", "button", "media", "event", "client", ""]) | st.text(max_size=5)
actions = st.fixed_dictionaries({}, optional={"type": kinds | values, "payload": values, "more": values})
bodies = st.fixed_dictionaries(
    {}, optional={"action": actions | values, "versionId": st.text() | values, "variables": values, "userId": values}
)


PARSERS: tuple[Callable[[bytes], object], ...] = (
    parse_interact,
    parse_variables,
    partial(parse_body, model=Chat),
    partial(parse_body, model=NewState),
    partial(parse_body, model=Replay),
)


def status_of(parse: Callable[[bytes], object], sent: bytes) -> int:
    try:
        parse(sent)
    except ConduetError as error:
        return error.status
    return 200


@given(bodies | values)
@example({"action": {"type": ["text"]}})
@example({"action": {"type": None}})
def test_any_json_is_read_or_refused(body: object) -> None:
    sent = json.dumps(body).encode()
    assert {status_of(parse, sent) for parse in PARSERS} <= {200, 400, 413}


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(sent: bytes) -> None:
    assert {status_of(parse, sent) for parse in PARSERS} <= {200, 400, 413}


@given(st.text(max_size=140))
@example("a\n")
@example("")
def test_a_user_id_is_what_its_alphabet_says(text: str) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@+-"
    if 1 <= len(text) <= 128 and all(character in alphabet for character in text):
        assert parse_user_id(text) == text
    else:
        with pytest.raises(BadRequest):
            parse_user_id(text)


def test_an_action_keeps_its_payload_as_it_came() -> None:
    found, action = parse_interact(
        b'{"action": {"type": "button", "payload": {"label": "Yes", "value": {"b": 1, "a": [1.50]}}}}'
    )
    assert action == {"type": "button", "payload": {"label": "Yes", "value": {"b": 1, "a": [1.5]}}}
    assert found.version_id == "development"
