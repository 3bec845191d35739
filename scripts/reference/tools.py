"""The page of tool types."""

import json
from typing import cast

from conduet.engine.describe import describe_tools
from conduet.engine.tool import Tool
from conduet.kit.plugin import discover
from scripts.reference.fields import Object, fields_table

HEAD = """# Tools

Every tool has `{id, name, description, type, parameters, config, enabled, approval}`: `name` is what a model calls it
by (`[a-zA-Z0-9_-]{1,64}`), `description` what the model reads of it, `parameters` the JSON Schema of what it takes.
Below is what stands in `config`. A running server tells the same as JSON Schema at `/api/v1/schema`; what a tool of
type `integration` can do is on the page of [connectors](connectors.md).
"""


def page() -> str:
    """Every tool type with its fields and an example."""
    return HEAD + "".join(_tool(cast(Object, told)) for told in describe_tools(discover("conduet.tools", Tool)))


def _tool(told: Object) -> str:
    example = json.dumps({"type": told["type"], "config": told["example"]}, ensure_ascii=False)
    parts = (
        f"## `{told['type']}`",
        str(told["description"]),
        fields_table(cast(Object, told["configSchema"])),
        f"```json\n{example}\n```",
    )
    return "\n" + "\n\n".join(part.rstrip() for part in parts) + "\n"
