"""The OpenAPI document says what there is, with an example for everything, and its examples are what it says."""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from conduet.app.edge import Edge
from conduet.app.web import PAGES
from tests.conftest import new_client
from tests.described import make_validator, resolved

# Pages for people and the description itself.
UNDESCRIBED = frozenset(
    (
        "/docs",
        "/docs/{name}",
        "/openapi.json",
        *PAGES,
        "/assets/{name}",
        "/favicon.svg",
        "/widget.js",
        "/widget/{name}",
        "/chat/{slug}",
    ),
)
WAYS = ("password", "invitation", "invited", "oidc", "oidc/callback", "passkey", "passkey/options")
SIGN_IN = ("/api/v1/sign-in", *(f"/api/v1/sign-in/{way}" for way in WAYS))
OPEN = frozenset(
    (
        "/api/v1/channels/{deploymentId}/webhook",
        "/api/v1/files/{fileId}",
        "/api/v1/run-links/{token}",
        "/api/v1/schema",
        *SIGN_IN,
    )
)

JSON = {"Content-Type": "application/json"}

Document = dict[str, Any]


@pytest.fixture
async def document(client: httpx2.AsyncClient) -> Document:
    """The document as clients get it."""
    answer = await client.get("/openapi.json")
    assert answer.status_code == 200
    return resolved(answer.json())


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def examples(content: dict[str, Any]) -> list[Any]:
    told = [content["example"]] if "example" in content else []
    return [*told, *(example["value"] for example in content.get("examples", {}).values())]


async def test_every_address_is_described_and_nothing_else(server: Edge, document: Document) -> None:
    described = {(method, path) for method, path, _ in operations(document)}
    there = {
        (method, path)
        for path, methods in server.directory.places()
        for method in methods - {"HEAD"}
        if path not in UNDESCRIBED and not path.startswith("/v1/")
    }
    assert described == there


async def test_every_operation_says_what_it_does_and_who_may_ask(document: Document) -> None:
    names = [operation.get("operationId") for _, _, operation in operations(document)]
    assert len(names) == len({*names} - {None})
    for method, path, operation in operations(document):
        place = f"{method} {path}"
        assert operation["summary"], place
        assert operation["tags"], place
        public = not path.startswith("/api/v1/") or path in OPEN
        assert bool(operation.get("security")) != public, place


async def test_every_operation_tells_its_errors_with_the_one_body(document: Document) -> None:
    for method, path, operation in operations(document):
        place = f"{method} {path}"
        responses = operation["responses"]
        assert "422" not in responses, place
        assert "500" in responses, place
        if path.startswith("/api/v1/"):
            assert "429" in responses, place
            assert path in OPEN or "401" in responses, place
        if "{" in path:
            assert {"400", "404"} <= responses.keys(), place
        if "requestBody" in operation:
            assert {"400", "413", "415"} <= responses.keys(), place
        for status, response in responses.items():
            if int(status) >= 400:
                schema = response["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ErrorBody"}, place
            assert {"X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} <= {
                *response["headers"]
            }, place


async def test_every_body_has_examples_that_are_what_its_schema_says(document: Document) -> None:
    without: list[str] = []
    for method, path, operation in operations(document):
        bodies = [("request", operation["requestBody"])] if "requestBody" in operation else []
        bodies += [(status, response) for status, response in operation["responses"].items() if int(status) < 400]
        for place, body in bodies:
            for media_type, content in body.get("content", {}).items():
                told = examples(content)
                without += [] if told else [f"{method} {path} {place} {media_type}"]
                if media_type.endswith("json") and "schema" in content:
                    for example in told:
                        make_validator(content["schema"], components=document["components"]).validate(example)
    assert without == []


async def test_the_document_is_small_enough_to_read(client: httpx2.AsyncClient) -> None:
    assert len((await client.get("/openapi.json")).content) < 576 * 1024


@pytest.mark.parametrize("body", [None, b"{", b'{"name": 1}', b"[" * 1000])
@pytest.mark.parametrize("key", [None, "cdt_" + "x" * 43, "cdt_acc_" + "x" * 43, "nonsense"])
async def test_who_shows_no_valid_key_is_told_so_whatever_the_body(
    server: Edge, document: Document, key: str | None, body: bytes | None
) -> None:
    async with new_client(server, key=key) as client:
        for method, path, operation in operations(document):
            if "security" in operation:
                address = re.sub(r"\{\w+\}", "x", path)
                answer = await client.request(
                    method, address, content=body, headers={"Content-Type": "application/json"}
                )
                assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED"), (method, path, answer.text)
                assert answer.headers["WWW-Authenticate"] == "Bearer"
