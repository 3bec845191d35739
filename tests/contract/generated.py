"""A client made of the OpenAPI document alone: a function an operation, as generators of clients make them."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx2

from tests.described import make_validator, resolved

Operation = Callable[..., Awaitable[httpx2.Response]]


def operations(document: dict[str, Any], client: httpx2.AsyncClient) -> dict[str, Operation]:
    """The functions by the names of their operations; each takes what its operation says, and nothing else.

    A body is held to its schema before it is sent, and an answer to the schema of its status.
    """
    document = resolved(document)
    found: dict[str, Operation] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            name = operation["operationId"]
            assert name.isidentifier(), name
            assert name not in found, name
            found[name] = _made(client, method.upper(), path, operation, document["components"])
    return found


def _made(
    client: httpx2.AsyncClient, method: str, path: str, operation: dict[str, Any], components: dict[str, Any]
) -> Operation:
    known = {(each["name"], each["in"]): each for each in operation.get("parameters", ())}
    inside = re.findall(r"\{(\w+)\}", path)
    assert {name for name, where in known if where == "path"} == {*inside}, path
    bodies: dict[str, Any] = operation.get("requestBody", {}).get("content", {})

    async def call(*, body: Any = None, file: Any = None, **parameters: str) -> httpx2.Response:
        names = {name for name, where in known if where in ("path", "query")}
        assert parameters.keys() <= names, f"{path} knows no {parameters.keys() - names}"
        address = path.format(**{name: parameters[name] for name in inside})
        query = {name: value for name, value in parameters.items() if name not in inside}
        sent = _sent(bodies, body, file, components)
        answer = await client.request(method, address, params=query, **sent)
        _check(operation["responses"][str(answer.status_code)], answer, components)
        return answer

    return call


def _sent(bodies: Mapping[str, Any], body: Any, file: Any, components: dict[str, Any]) -> dict[str, Any]:
    if file is not None:
        fields = bodies["multipart/form-data"]["schema"]["properties"].items()
        return {"files": {name: file for name, schema in fields if schema.get("format") == "binary"}}
    if body is None:
        return {}
    make_validator(bodies["application/json"]["schema"], components=components).validate(body)
    return {"json": body}


def _check(told: dict[str, Any], answer: httpx2.Response, components: dict[str, Any]) -> None:
    if not answer.content:
        assert "content" not in told
        return
    content, kind = told["content"], answer.headers["Content-Type"].split(";")[0]
    assert kind in content
    if kind == "application/json":
        make_validator(content[kind]["schema"], components=components).validate(answer.json())
