"""The OpenAPI document: FastAPI's, with the hot paths laid in and what holds for every endpoint said once."""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from json import loads
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel

from conduet.app.directory import BASE
from conduet.kit.json import dumps
from conduet.kit.openapi import ErrorBody, all_failures, failures

DESCRIPTION = """
Everything that Conduet does, over HTTP. The dashboard uses nothing else.

Management endpoints take a developer token (`cdt_acc_…`) and answer under `/v1` too; all others take a project key
(`cdt_…`). Errors always have the same body. Every answer carries `X-Request-Id`, and the three `X-RateLimit-*` headers;
`X-RateLimit-Reset` is in milliseconds since 1970.
"""
METHODS = ("get", "post", "put", "patch", "delete")
SECURITY = {
    "projectKey": {"type": "http", "scheme": "bearer", "description": "A key of one project: `cdt_…`."},
    "developerToken": {"type": "http", "scheme": "bearer", "description": "A developer token: `cdt_acc_…`."},
}
HEADERS: dict[str, Any] = {
    "X-Request-Id": {"description": "The request, in the server's log.", "schema": {"type": "string"}},
    "X-RateLimit-Limit": {"description": "Requests in a window.", "schema": {"type": "integer"}},
    "X-RateLimit-Remaining": {"description": "How many are left.", "schema": {"type": "integer"}},
    "X-RateLimit-Reset": {"description": "The window's end, ms since 1970.", "schema": {"type": "integer"}},
}
EVERYWHERE: dict[str, Any] = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
# The first part of a path below the API's base says who may ask.
DEVELOPER = frozenset(("projects", "session", "sessions", "members", "invitations", "tokens", "passkeys", "audit"))
PUBLIC = frozenset(("schema", "channels", "files", "sign-in", "run-links"))

_WORD = re.compile(r"\W+")

Operation = dict[str, Any]


def describe(api: FastAPI, more: Mapping[str, Any]) -> bytes:
    """The document of `api` as JSON; `more` are the path items of routes that FastAPI does not know."""
    _spell_out(api)
    document = get_openapi(
        title="Conduet", version=version("conduet"), description=DESCRIPTION, routes=api.routes, servers=[{"url": "/"}]
    )
    below: dict[str, Any] = document.get("paths", {})
    _restore_nulls(api, below)
    paths = {**{BASE + path: item for path, item in below.items()}, **more}
    shared = {str(status): _whole(str(status), response) for status, response in all_failures().items()}
    for method, path, operation in _operations(paths):
        _complete(method, path, operation)
        _refer(operation, shared)
    hoisted = [_hoist(content) for _, _, operation in _operations(paths) for content in _contents(operation)]
    components = document.setdefault("components", {})
    components["responses"] = {_name(status): response for status, response in shared.items()}
    components["securitySchemes"] = SECURITY
    components["headers"] = HEADERS
    schemas = components.setdefault("schemas", {})
    for name, schema in _error_schemas().items():
        schemas.setdefault(name, schema)
    for definitions in hoisted:
        schemas.update(definitions)
    _name_repeated(paths, schemas)
    # FastAPI's own 422, which is never answered.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    document["paths"] = dict(sorted(paths.items()))
    return dumps(document)


def _spell_out(api: FastAPI) -> None:
    """Writes out the schemas that routes name by their models: that takes long, and nobody else asks for them."""
    for route in api.routes:
        if isinstance(route, APIRoute) and route.openapi_extra:
            route.openapi_extra = _spelled(route.openapi_extra)


def _spelled(part: Any) -> Any:
    match part:
        case type() if issubclass(part, BaseModel):
            return part.model_json_schema()
        case dict():
            return {name: _spelled(value) for name, value in cast("dict[str, Any]", part).items()}
        case list():
            return [_spelled(value) for value in cast("list[Any]", part)]
        case _:
            return part


def _restore_nulls(api: FastAPI, paths: dict[str, Any]) -> None:
    """Puts examples back as they were written: FastAPI leaves out every `null` in them."""
    for route in api.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                operation = paths[route.path_format][method.lower()]
                written = (route.openapi_extra or {}).get("requestBody", {})
                bodies = [(operation.get("requestBody", {}), written)]
                bodies += [(operation["responses"][str(status)], told) for status, told in route.responses.items()]
                for shown, original in bodies:
                    for media_type, content in original.get("content", {}).items():
                        examples = {name: content[name] for name in ("example", "examples") if name in content}
                        shown["content"][media_type].update(examples)


def _operations(paths: Mapping[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    for path, item in paths.items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def _complete(method: str, path: str, operation: Operation) -> None:
    """Adds what follows from the path: who may ask, the errors that this brings, the headers of all answers."""
    operation["operationId"] = _WORD.sub("_", f"{method} {path.removeprefix(BASE)}").strip("_")
    responses: dict[str, Any] = operation["responses"]
    responses.pop("422", None)
    first = path.removeprefix(f"{BASE}/").split("/", 1)[0]
    api = path.startswith(f"{BASE}/")
    statuses: set[int] = {500}
    if api:
        statuses |= {429, 503}
    if api and first not in PUBLIC:
        operation["security"] = [{"developerToken" if first in DEVELOPER else "projectKey": []}]
        statuses.add(401)
    if api and first in DEVELOPER:
        statuses.add(403)
    if "{" in path:
        statuses |= {400, 404}
    if operation.get("parameters"):
        statuses.add(400)
    if "requestBody" in operation:
        statuses |= {400, 413, 415}
    for status, response in failures(*statuses).items():
        responses.setdefault(str(status), response)
    operation["responses"] = {status: _whole(status, response) for status, response in sorted(responses.items())}


def _whole(status: str, response: Mapping[str, Any]) -> dict[str, Any]:
    """A response with what all have: the headers, and the body of errors."""
    whole = {name: value for name, value in response.items() if name != "model"}
    whole["headers"] = {**response.get("headers", {}), **EVERYWHERE}
    if int(status) >= 400:
        error = {"schema": {"$ref": "#/components/schemas/ErrorBody"}}
        content = response.get("content", {})
        whole["content"] = {**content, "application/json": {**content.get("application/json", {}), **error}}
    return whole


def _refer(operation: Operation, shared: Mapping[str, Any]) -> None:
    """Names the errors that are the same everywhere, in place of saying them over and over."""
    responses: dict[str, Any] = operation["responses"]
    for status, response in responses.items():
        if response == shared.get(status):
            responses[status] = {"$ref": f"#/components/responses/{_name(status)}"}


def _contents(operation: Operation) -> Iterator[dict[str, Any]]:
    for body in (operation.get("requestBody", {}), *operation["responses"].values()):
        yield from body.get("content", {}).values()


def _hoist(content: dict[str, Any]) -> dict[str, Any]:
    """Takes the definitions out of a body's schema: what points at them is read from the document's root."""
    if "$defs" not in content.get("schema", {}):
        return {}
    written = dumps(content["schema"]).replace(b'"$ref":"#/$defs/', b'"$ref":"#/components/schemas/')
    content["schema"] = loads(written)
    return content["schema"].pop("$defs")


def _name_repeated(paths: Mapping[str, Any], schemas: dict[str, Any]) -> None:
    """Names the bodies that several operations take, in place of writing each of them out."""
    written: dict[bytes, list[dict[str, Any]]] = {}
    for _, _, operation in _operations(paths):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            written.setdefault(dumps(content.get("schema", {})), []).append(content)
    for contents in written.values():
        schema: dict[str, Any] = contents[0].get("schema", {})
        title = schema.get("title")
        if len(contents) > 1 and title and schemas.setdefault(title, schema) == schema:
            for content in contents:
                content["schema"] = {"$ref": f"#/components/schemas/{title}"}


def _name(status: str) -> str:
    return f"Error{status}"


def _error_schemas() -> dict[str, Any]:
    schema = ErrorBody.model_json_schema(ref_template="#/components/schemas/{model}")
    for field in schema["properties"].values():
        # What is left out has no value: clients' types would have it always there.
        field.pop("default", None)
    return {**schema.pop("$defs", {}), "ErrorBody": schema}
