"""Recorded deliveries in the vendors' shapes, and what a channel makes of them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from conduet.engine.action import Action, action_json
from conduet.engine.channel.channel import Channel, ListeningChannel
from conduet.engine.channel.inbound import Inbound, Received
from conduet.errors import ConduetError
from conduet.kit.plugin import discover

FILE = json.loads(Path("tests/channels/fixtures/vectors.json").read_bytes())
CHANNELS = discover("conduet.channels", Channel)

_actions: TypeAdapter[tuple[Action, ...]] = TypeAdapter(tuple[Action, ...])


def configured(name: str, **more: Any) -> ListeningChannel:
    """A channel with the configuration that the vectors are signed for."""
    channel = CHANNELS[name].model_validate({**FILE["config"][name], **more})
    assert isinstance(channel, ListeningChannel)
    return channel


def vectors(name: str, *, method: str = "POST") -> Any:
    """The vectors of a channel, for `parametrize`."""
    found = [each for each in FILE["vectors"] if each["channel"] == name and each["method"] == method]
    return pytest.mark.parametrize("vector", found, ids=[each["name"] for each in found])


def inbound(vector: dict[str, Any]) -> Inbound:
    """The request of a vector."""
    headers = {key.lower(): value for key, value in vector["headers"].items()}
    body = (vector.get("body") or "").encode()
    return Inbound(vector["method"], "https://conduet.test/hook", vector["query"], headers, body, datetime.now(UTC))


def received(channel: ListeningChannel, vector: dict[str, Any]) -> Received | int:
    """What a channel makes of a vector, or the status that it refuses it with."""
    request = inbound(vector)
    try:
        channel.verify(request)
        return channel.read(request)
    except ConduetError as error:
        return error.status


def actions_of(found: Received) -> list[Any]:
    return [action_json(action) for message in found.messages for action in message.actions]


def holds(wanted: Any, found: Any) -> bool:
    """Whether all that is wanted is there."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(holds(wanted[key], found.get(key)) for key in wanted)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportUnknownVariableType]  # JSON of any shape
    return bool(wanted == found)


def check(channel: ListeningChannel, vector: dict[str, Any]) -> None:
    """Fails unless a vector comes to what it says."""
    expect, found = vector["expect"], received(channel, vector)
    if expect["status"] != 200:
        assert found == expect["status"]
        return
    assert isinstance(found, Received)
    actions = actions_of(found)
    if "same delivery again" in vector["name"]:
        assert len(found.messages) == 1
    elif "action" in expect:
        wanted = expect["action"]
        extra = 1 if "then" in expect else 0
        assert len(actions) == len(wanted) + extra, actions
        for want, action in zip(wanted, actions, strict=False):
            assert holds(want, action), action
    if "user" in expect:
        assert [message.user for message in found.messages] == [expect["user"]]
    if "delivery" in expect:
        assert [status.state for status in found.statuses] == [expect["delivery"]]
