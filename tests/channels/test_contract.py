"""What every channel has, whoever wrote it."""

from pathlib import Path
from typing import Any

import pytest

from conduet.engine.channel.channel import Channel, ListeningChannel
from conduet.engine.describe import describe_channels
from tests.channels.vectors import CHANNELS, received

EVERY = pytest.mark.parametrize("kind", CHANNELS.values(), ids=CHANNELS)


@EVERY
def test_its_name_its_file_and_its_test_are_the_same(kind: type[Channel]) -> None:
    assert kind.__module__ == f"conduet.channels.{kind.type}"
    folder = Path("tests/deployments" if kind.type in ("web", "webhook") else "tests/channels")
    assert any(folder.glob(f"test_{'deployments' if kind.type == 'web' else kind.type}*.py"))


@EVERY
def test_it_says_in_a_sentence_where_people_write(kind: type[Channel]) -> None:
    told = (kind.__doc__ or "").strip()
    assert told.endswith(".")
    assert len(told) < 120


@EVERY
def test_its_example_is_a_configuration(kind: type[Channel]) -> None:
    configured = kind.model_validate(kind.example)
    assert kind.secrets() <= {field.alias for field in kind.model_fields.values()}
    if isinstance(configured, ListeningChannel):
        assert kind.secrets(), "what comes has to be proven by something"
        assert tuple(configured.write([])) == ()


@EVERY
def test_its_fields_are_described_and_have_a_control(kind: type[Channel]) -> None:
    [told] = describe_channels({kind.type: kind})
    assert isinstance(told, dict)
    schema = told["configSchema"]
    assert isinstance(schema, dict)
    for name, field in kind.model_fields.items():
        extra = field.json_schema_extra
        assert isinstance(extra, dict), name
        assert extra["control"], name
        assert field.description, name


@EVERY
def test_a_request_that_proves_nothing_is_refused(kind: type[Channel]) -> None:
    configured = kind.model_validate(kind.example)
    nothing: dict[str, Any] = {"method": "POST", "query": {}, "headers": {}, "body": "{}"}
    if isinstance(configured, ListeningChannel):
        assert received(configured, nothing) == 401
