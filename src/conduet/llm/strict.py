"""Whether a JSON Schema is one that OpenAI and those that follow it can hold a model to exactly."""

from typing import Final

from conduet.kit.json import Json
from conduet.llm.look import look, look_list

NESTED: Final = ("properties", "$defs", "definitions")


def is_strict(schema: Json) -> bool:
    """Whether every object in the schema closes its properties and needs all of them.

    That is what `strict` asks for (https://platform.openai.com/docs/guides/structured-outputs); the request is refused
    for any other schema, so that for those the model is only told of it.
    """
    if isinstance(schema, list):
        return all(map(is_strict, schema))
    if not isinstance(schema, dict):
        return True
    properties = look(schema, "properties")
    if isinstance(properties, dict) or schema.get("type") == "object":
        named = set(properties) if isinstance(properties, dict) else set[str]()
        if schema.get("additionalProperties") is not False or named != {*map(str, look_list(schema, "required"))}:
            return False
    nested = [inner for key in NESTED if isinstance(held := schema.get(key), dict) for inner in held.values()]
    return all(map(is_strict, [*nested, look(schema, "items"), look(schema, "anyOf")]))
