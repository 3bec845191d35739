"""References and schemas of an OpenAPI document, made into JSON Schema that stands alone."""

from collections.abc import Iterator, Mapping
from typing import Final

from conduet.kit.json import Json
from conduet.projects.document import JsonObject

LEVELS: Final = 12
NODES: Final = 2_000
"""How deep and how large the schema of one tool may be; what lies beyond is anything."""

MOST_REFERENCES: Final = 32

_KEPT: Final = (
    "type",
    "description",
    "enum",
    "const",
    "default",
    "format",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "required",
)
_LISTS: Final = ("anyOf", "oneOf", "allOf")


class Elsewhere(Exception):
    """Something is in another document, or nowhere: why, for people."""


class References:
    """Finds what is referred to within one document; nothing is ever fetched."""

    def __init__(self, document: JsonObject) -> None:
        self._document = document

    def resolved(self, value: Json) -> JsonObject:
        """The object, or the one that its `$ref` leads to; empty for anything else. Raises `Elsewhere`."""
        for _ in range(MOST_REFERENCES):
            if not isinstance(value, dict):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            value = self._find(reference)
        raise Elsewhere("its references lead round in circles")

    def _find(self, reference: str) -> Json:
        if not reference.startswith("#/"):
            raise Elsewhere(f"it refers to another document ({reference[:100]}), and none is fetched")
        found: Json = self._document
        for part in reference[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict) and name in found:
                found = found[name]
            elif isinstance(found, list) and name.isascii() and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            else:
                raise Elsewhere(f"it refers to {reference[:100]}, which is not there")
        return found


class Schemas:
    """Makes schemas of requests; `is_cut` tells whether one was too deep, too large or recursive to be kept whole."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._nodes: Iterator[int] = iter(range(NODES))
        self.is_cut = False

    def plain(self, schema: Json) -> JsonObject:
        """The schema as it stands alone. Raises `Elsewhere`."""
        return self._plain(schema, ())

    def _plain(self, schema: Json, above: tuple[int, ...]) -> JsonObject:
        found = self._references.resolved(schema)
        if id(found) in above or len(above) >= LEVELS or next(self._nodes, None) is None:
            self.is_cut = True
            return {}
        inside = (*above, id(found))
        told: JsonObject = {name: found[name] for name in _KEPT if name in found}
        if isinstance(schema, dict) and isinstance(schema.get("description"), str):
            told["description"] = schema["description"]
        properties = found.get("properties")
        if isinstance(properties, dict):
            told["properties"] = {
                name: self._plain(each, inside) for name, each in properties.items() if not self._is_read_only(each)
            }
        if "items" in found:
            told["items"] = self._plain(found["items"], inside)
        if "additionalProperties" in found:
            more = found["additionalProperties"]
            told["additionalProperties"] = more if isinstance(more, bool) else self._plain(more, inside)
        for name in _LISTS:
            choices = found.get(name)
            if isinstance(choices, list) and choices:
                told[name] = [self._plain(each, inside) for each in choices]
        return _modern(found, told)

    def _is_read_only(self, schema: Json) -> bool:
        return self._references.resolved(schema).get("readOnly") is True


def _modern(found: Mapping[str, Json], told: JsonObject) -> JsonObject:
    """What OpenAPI 3.0 says in a way of its own, as JSON Schema says it."""
    kind = told.get("type")
    if found.get("nullable") is True and isinstance(kind, str):
        told["type"] = [kind, "null"]
        choices = told.get("enum")
        if isinstance(choices, list) and None not in choices:
            told["enum"] = [*choices, None]
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        limit = found.get(exclusive)
        if limit is True and bound in told:
            told[exclusive] = told.pop(bound)
        elif limit is not None and not isinstance(limit, bool):
            told[exclusive] = limit
    required, properties = told.get("required"), told.get("properties")
    if isinstance(required, list):
        kept = [name for name in required if not isinstance(properties, dict) or name in properties]
        told["required"] = kept
        if not kept:
            del told["required"]
    elif required is not None:
        del told["required"]
    return told
