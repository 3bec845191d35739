"""The page of endpoints."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from httpx2 import ASGITransport, AsyncClient

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.kit.json import Json
from conduet.settings import Settings
from scripts.reference.table import table

HEAD = """# Endpoints

A running server describes each of them with its bodies and examples at `/docs`, and as OpenAPI at
`/openapi.json`. Those below `/api/v1/projects` also answer below `/v1/projects`. Errors have [one
body](errors.md).

"""
SECURITY = {"projectKey": "project key", "developerToken": "developer token"}

Object = dict[str, Json]


def page() -> str:
    """Every endpoint with who may ask and what it does."""
    return HEAD + table(("method and path", "opened by", "does"), _rows(read_document()))


def read_document() -> dict[str, Object]:
    """The OpenAPI document, as a server of this version answers it."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_fetch(create_app(Settings(data=Path(folder)))))


async def _fetch(app: Edge) -> dict[str, Object]:
    async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1") as client:
        return (await client.get("/openapi.json")).json()


def _rows(document: dict[str, Object]) -> Iterator[tuple[str, str, str]]:
    for path, item in document["paths"].items():
        for method, operation in cast(dict[str, Object], item).items():
            opened = cast(list[Object], operation.get("security") or [])
            by = " or ".join(SECURITY[name] for choice in opened for name in choice)
            yield f"`{method.upper()} {path}`", by or "anybody", str(operation.get("summary", ""))
