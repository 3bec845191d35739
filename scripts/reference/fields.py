"""The fields of a JSON Schema as a table."""

import json
from collections.abc import Iterator
from typing import cast

from conduet.kit.json import Json
from scripts.reference.table import table

Object = dict[str, Json]


def fields_table(schema: Object) -> str:
    """A row for each field; nothing when there is none."""
    required = cast(list[str], schema.get("required", []))
    rows = list(_rows(cast(dict[str, Object], schema.get("properties", {})), required))
    return table(("field", "type", "default", "what it is"), rows) if rows else ""


def _rows(fields: dict[str, Object], required: list[str]) -> Iterator[tuple[str, str, str, str]]:
    for name, field in fields.items():
        default = json.dumps(field["default"], ensure_ascii=False) if "default" in field else ""
        needed = " *(needed)*" if field.get("needed") or name in required else ""
        secret = " *(secret)*" if field.get("control") == "secret" else ""
        told = f"{field.get('description', '')}{needed}{secret}"
        yield f"`{name}`", _kind(field), f"`{default}`" if default else "", told


def _kind(field: Object) -> str:
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in cast(list[str], field["enum"]))
    if "anyOf" in field:
        kinds = (_kind(kind) for kind in cast(list[Object], field["anyOf"]) if kind.get("type") != "null")
        return " or ".join(dict.fromkeys(kinds))
    return str(field.get("type", "object" if "$ref" in field else "any JSON"))
