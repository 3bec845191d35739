"""Holds every answer that a test gets against the OpenAPI document."""

from functools import cache
from typing import Any, NoReturn
from urllib.parse import quote

import httpx2
import jsonschema_rs

from conduet.app.edge import Edge

NAME = "urn:described"


class Described:
    """The document of `app`; nothing is held against it before it is loaded."""

    def __init__(self, app: Edge) -> None:
        self._app = app
        self._document: dict[str, Any] = {"paths": {}}
        self._registry = jsonschema_rs.Registry([])
        self._validator = cache(self._make_validator)

    async def load(self) -> None:
        """Asks for the document."""
        transport = httpx2.ASGITransport(self._app, client=("198.51.100.1", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://conduet.test") as client:
            self._document = resolved((await client.get("/openapi.json")).raise_for_status().json())
        self._registry = jsonschema_rs.Registry([(NAME, self._document)])

    async def check(self, answer: httpx2.Response) -> None:
        """Fails for a status that the document does not tell of, or a body that is not what it says."""
        method, path, status = answer.request.method, answer.request.url.path, str(answer.status_code)
        place = self._app.directory.find(path, method)
        if place is None or place.route is None:
            return
        # Management answers under both bases, and is described under one.
        template = "/api/v1/" + place.template.removeprefix("/api").removeprefix("/v1/")
        operation = self._document["paths"].get(template, {}).get(method.lower())
        if operation is None:
            return
        told = operation["responses"].get(status)
        assert told, f"{method} {template} is not described to answer {status}"
        if "content" not in told:
            assert not await answer.aread(), f"{method} {template} is described to answer {status} without a body"
            return
        media_type = answer.headers.get("Content-Type", "").split(";")[0]
        assert media_type in told["content"], f"{method} {template} is not described to answer {media_type}"
        if media_type == "application/json" and "schema" in told["content"][media_type]:
            await answer.aread()
            self._validator(template, method.lower(), status).validate(answer.json())

    def _make_validator(self, template: str, method: str, status: str) -> jsonschema_rs.Draft202012Validator:
        names = ("paths", template, method, "responses", status, "content", "application/json", "schema")
        pointer = "/".join(quote(name.replace("~", "~0").replace("/", "~1")) for name in names)
        return jsonschema_rs.Draft202012Validator({"$ref": f"{NAME}#/{pointer}"}, registry=self._registry)


def resolved(document: dict[str, Any]) -> dict[str, Any]:
    """The document with every response said where it is answered."""
    shared = document["components"]["responses"]
    for item in document["paths"].values():
        for operation in item.values():
            responses = operation["responses"]
            for status, response in responses.items():
                if "$ref" in response:
                    responses[status] = shared[response["$ref"].rpartition("/")[2]]
    return document


def make_validator(schema: dict[str, Any], *, components: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """A validator of a schema that refers to `components`, and to nothing elsewhere."""

    def refuse(uri: str) -> NoReturn:
        raise LookupError(uri)

    return jsonschema_rs.Draft202012Validator({**schema, "components": components}, retriever=refuse)
