"""A schema is strict where every object closes its properties and needs them all."""

import pytest

from conduet.kit.json import Json
from conduet.llm.strict import is_strict


def closed(**properties: Json) -> dict[str, Json]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        closed(),
        closed(a={"type": "string"}, b={"type": "array", "items": closed(c={})}),
        closed(a={"anyOf": [closed(), {"type": "null"}]}) | {"$defs": {"x": closed()}},
    ],
)
def test_strict_at_every_depth(schema: Json) -> None:
    assert is_strict(schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        closed(a={}) | {"required": []},
        closed(a={}) | {"additionalProperties": True},
        {"properties": {"a": {}}},
        closed(a={"type": "array", "items": {"type": "object"}}),
        closed(a={"anyOf": [{"type": "object"}]}),
        closed() | {"$defs": {"x": {"type": "object"}}},
    ],
)
def test_one_open_object_is_enough_not_to_be(schema: Json) -> None:
    assert not is_strict(schema)
