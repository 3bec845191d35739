"""Writes what the demo's knowledge base is searched by: `python -m scripts.generate_demo_knowledge`.

The first start then has its chunks, words and vectors at once, and loads no model for them.
"""

import asyncio
from base64 import b64encode
from pathlib import Path
from typing import Any

import orjson

from conduet.knowledge.demo_documents import FOLDER, STORED
from conduet.knowledge.index import NewChunk, Origin, model_key, pack_vectors, ready, texts_to_embed, title_of
from conduet.knowledge.parsing.reader import Reader
from conduet.providers.minilm import MiniLm


async def made() -> dict[str, Any]:
    """The documents as they are stored."""
    embedder = MiniLm()
    try:
        documents = [await _document(path, embedder) for path in sorted(Path(str(FOLDER)).glob("*.md"))]
        return {"model": model_key(embedder), "documents": documents}
    finally:
        embedder.close()


async def _document(path: Path, embedder: MiniLm) -> dict[str, Any]:
    text = path.read_text("utf-8")
    name = text.partition("\n")[0].removeprefix("# ")
    read = [each.chunk async for each in Reader().chunks(path, name=path.name)]
    chunks = [NewChunk(each.content, each.headings, each.page) for each in read]
    stored: list[dict[str, Any]] = []
    for each in ready(chunks, Origin(name)):
        title = title_of(name, each.chunk.headings)
        vectors = await embedder.embed(texts_to_embed(title, each.chunk.content), query=False)
        packed = {"stems": each.stems, "whole": pack_vectors(vectors[:1]), "sentences": pack_vectors(vectors[1:])}
        stored.append(
            {
                "content": each.chunk.content,
                "headings": each.chunk.headings,
                "stemCount": each.stem_count,
                **{field: b64encode(value).decode() for field, value in packed.items()},
            }
        )
    return {"name": name, "size": len(text.encode()), "chunks": stored}


if __name__ == "__main__":
    Path(str(STORED)).write_bytes(orjson.dumps(asyncio.run(made()), option=orjson.OPT_INDENT_2) + b"\n")
