"""What the web client's types are made from: the OpenAPI document without what types do not tell."""

import json

from conduet.kit.json import Json
from scripts.reference.endpoints import read_document

LEFT_OUT = frozenset(("example", "examples", "headers", "info", "securitySchemes", "security", "tags", "title"))
# Whose keys are names that somebody chose, not words of OpenAPI.
NAMES = frozenset(("properties", "schemas", "paths", "responses", "$defs"))


def page() -> str:
    """The document, indented so that a change of it is readable."""
    document = read_document()
    lean = {"openapi": document["openapi"], "info": {"title": "Conduet", "version": "1"}, **_lean(dict(document))}
    return json.dumps(lean, ensure_ascii=False, indent=1) + "\n"


def _lean(words: dict[str, Json]) -> dict[str, Json]:
    kept = {word: value for word, value in words.items() if word not in LEFT_OUT}
    return {word: _named(value) if word in NAMES else _any(value) for word, value in kept.items()}


def _named(value: Json) -> Json:
    return {name: _any(inner) for name, inner in value.items()} if isinstance(value, dict) else _any(value)


def _any(value: Json) -> Json:
    if isinstance(value, dict):
        return _lean(value)
    return [_any(inner) for inner in value] if isinstance(value, list) else value
