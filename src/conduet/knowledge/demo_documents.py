"""The demo's knowledge base: a dozen documents of a bike shop, ready to be searched as they are added."""

from base64 import b64decode
from importlib.resources import files
from typing import Any, Final

import orjson

from conduet.accounts.principal import ProjectScope
from conduet.kit.db import Tx
from conduet.kit.ids import new_id
from conduet.knowledge.document_store import Document, put_document
from conduet.knowledge.index import NewChunk, Origin, ReadyChunk
from conduet.knowledge.index_store import PackedVectors, put_chunks, put_vectors

FOLDER: Final = files("conduet.knowledge").joinpath("demo")
STORED: Final = FOLDER.joinpath("documents.json")
"""Written by `scripts/generate_demo_knowledge.py` from the texts beside it."""


def add_demo_documents(tx: Tx, scope: ProjectScope, *, now_ms: int) -> None:
    """Adds the documents of the demo to its project."""
    stored = orjson.loads(STORED.read_bytes())
    for each in stored["documents"]:
        _add(tx, scope, each, model=stored["model"], now_ms=now_ms)


def _add(tx: Tx, scope: ProjectScope, stored: dict[str, Any], *, model: str, now_ms: int) -> None:
    found: list[dict[str, Any]] = stored["chunks"]
    new = Document(
        new_id("doc"),
        stored["name"],
        "text",
        status="ready",
        progress=100,
        chunk_count=len(found),
        size=stored["size"],
        mime="text/markdown",
        created_at=now_ms,
    )
    put_document(tx, scope, new)
    chunks = [
        ReadyChunk(NewChunk(each["content"], each["headings"]), each["stemCount"], b64decode(each["stems"]))
        for each in found
    ]
    ids = put_chunks(tx, scope.project_id, new.id, origin=Origin(new.name), chunks=chunks)
    vectors = {
        id_: PackedVectors(b64decode(each["whole"]), b64decode(each["sentences"]))
        for id_, each in zip(ids, found, strict=True)
    }
    put_vectors(tx, scope.project_id, model, vectors=vectors)
