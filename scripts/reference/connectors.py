"""The page of connectors."""

import json
from collections.abc import Iterator
from typing import cast

from conduet.engine.connector import Connector
from conduet.engine.describe import describe_connectors
from conduet.kit.json import Json
from conduet.kit.plugin import discover
from scripts.reference.fields import Object, fields_table

HEAD = """# Connectors

A tool of type `integration` does something at a service: its `config` is `{provider, action, credentials, inputs}`.
Credentials and inputs are templates; a secret is written `{{secrets.NAME}}`, and never stands in a project itself. A
running server tells the same as JSON Schema at `/api/v1/schema`.

What goes wrong is told in the service's own words, with one of the codes `UNAUTHORIZED`, `NOT_FOUND`, `RATE_LIMITED`,
`REFUSED`, `SERVICE_DOWN`, `BAD_RESPONSE`, `WRONG_INPUT` and `TIMED_OUT`, or that of any other call without an answer.
A call is tried once more where nothing can happen twice by it: nobody was reached, or the service asks to come again
within the ten seconds that a tool has.
"""


def page() -> str:
    """Every connector with its credentials and actions."""
    connectors = describe_connectors(discover("conduet.connectors", Connector))
    return HEAD + "".join(_connector(cast(Object, told)) for told in connectors)


def _connector(told: Object) -> str:
    parts = [
        f"## `{told['type']}`",
        str(told["description"]),
        f"Credentials:\n\n{fields_table(cast(Object, told['credentialsSchema']))}",
    ]
    for action in cast(list[Object], told["actions"]):
        parts += _action(action, provider=told["type"])
    return "\n" + "\n\n".join(part.rstrip() for part in parts) + "\n"


def _action(told: Object, *, provider: Json) -> Iterator[str]:
    example = {"provider": provider, "action": told["name"], "credentials": {}, "inputs": told["example"]}
    yield f"### `{told['name']}`"
    yield str(told["description"])
    yield f"Inputs:\n\n{fields_table(cast(Object, told['inputsSchema']))}"
    yield f"```json\n{json.dumps(example, ensure_ascii=False)}\n```"
