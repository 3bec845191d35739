"""Compiled documents, kept in memory as long as they are used."""

import asyncio
from collections import OrderedDict
from typing import cast

from conduet.accounts.principal import ProjectScope
from conduet.engine.document import Document, compile_document
from conduet.engine.plugins import Plugins
from conduet.errors import BadRequest, Unavailable
from conduet.kit.db import Database
from conduet.kit.json import DOCUMENT_LEVELS, parse
from conduet.projects import store
from conduet.projects.converters import convert
from conduet.projects.document import JsonObject
from conduet.projects.store import StoredDocument

CACHE_BYTES = 8 * 1024 * 1024
"""How much JSON the cached documents may come from; compiled they take some twenty times as much memory."""

_Key = tuple[str, int]


def read_document(stored: StoredDocument) -> JsonObject:
    """The JSON of a stored document, in today's schema."""
    return convert(cast(JsonObject, parse(stored.text.encode(), levels=DOCUMENT_LEVELS)), stored.schema_version)


class Documents:
    """The compiled document of each revision that turns run on; the least recently used go first."""

    def __init__(self, database: Database, plugins: Plugins, *, capacity_bytes: int = CACHE_BYTES) -> None:
        self._database = database
        self._plugins = plugins
        self._capacity_bytes = capacity_bytes
        self._size_bytes = 0
        self._compiled: OrderedDict[_Key, tuple[Document, int]] = OrderedDict()
        self._compiling: dict[_Key, asyncio.Task[Document]] = {}

    async def get(self, scope: ProjectScope, revision: int) -> Document:
        """The document of `revision`, compiled.

        Raises `NotFound` when nothing kept the revision, and `Unavailable` when this server cannot run it (a plugin
        came from a package that is gone).
        """
        key = (scope.project_id, revision)
        found = self._compiled.get(key)
        if found is not None:
            self._compiled.move_to_end(key)
            return found[0]
        compiling = self._compiling.get(key)
        if compiling is None:
            compiling = self._compiling[key] = asyncio.create_task(self._compile(key))
            compiling.add_done_callback(lambda _: self._compiling.pop(key, None))
        # Shielded: whoever asked first may go away while others wait for the same document.
        return await asyncio.shield(compiling)

    async def _compile(self, key: _Key) -> Document:
        scope = ProjectScope(key[0])
        stored = await self._database.read(lambda tx: store.get_document(tx, scope, key[1]))
        document = await asyncio.to_thread(self._compiled_from, stored)
        self._keep(key, document, size_bytes=len(stored.text))
        return document

    def _compiled_from(self, stored: StoredDocument) -> Document:
        try:
            return compile_document(read_document(stored), self._plugins)
        except BadRequest as error:
            raise Unavailable(f"This server cannot run the project's document any more. {error.message}") from error

    def _keep(self, key: _Key, document: Document, *, size_bytes: int) -> None:
        self._compiled[key] = (document, size_bytes)
        self._size_bytes += size_bytes
        while self._size_bytes > self._capacity_bytes and len(self._compiled) > 1:
            _, (_, freed_bytes) = self._compiled.popitem(last=False)
            self._size_bytes -= freed_bytes
