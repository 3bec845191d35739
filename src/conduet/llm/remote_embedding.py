"""Texts as vectors by the models of a provider behind HTTP."""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from conduet.kit.json import Json
from conduet.llm.errors import MalformedAnswer, TimedOut
from conduet.llm.remote import Call, RemoteProvider

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors

AT_ONCE: Final = 64
"""Texts of one request: some servers take no more."""

MAX_CHARACTERS: Final = 20_000
"""Of a text: less than the 8,192 tokens that models take; what comes after them is not embedded."""

QUERY_SECONDS: Final = 5.0
"""Somebody waits; without an answer by then, words alone are searched."""

BULK_SECONDS: Final = 60.0


class EmbeddingProvider(RemoteProvider):
    """A provider that has embedding models too."""

    @abstractmethod
    def embedding_call(self, model: str, texts: Sequence[str]) -> Call:
        """What is sent to ask for the vectors of `texts`."""

    @abstractmethod
    def read_vectors(self, answer: Json) -> Sequence[Json]:
        """The vectors of an answer, in the order of the texts."""


class RemoteEmbedder:
    """An `Embedder` whose vectors have `dim` numbers."""

    def __init__(self, provider: EmbeddingProvider, model: str, *, dim: int) -> None:
        self.model: Final = provider.full_name(model)
        self.sha256: Final = ""
        self.dim: Final = dim
        self.intent_threshold: Final = 0.30
        self._provider = provider
        self._name = model

    async def embed(self, texts: Sequence[str], *, query: bool) -> "Vectors":
        """As `Embedder` says. Raises a `ModelError`: `MalformedAnswer` for vectors of another length."""
        import numpy as np

        seconds = QUERY_SECONDS if query else BULK_SECONDS
        parts = [texts[start : start + AT_ONCE] for start in range(0, len(texts), AT_ONCE)]
        found = [await asked(self._provider, self._name, part, seconds=seconds) for part in parts]
        vectors = np.concatenate(found) if found else np.empty((0, self.dim), np.float32)
        if vectors.shape[1] != self.dim:
            raise MalformedAnswer(f"{self.model} made vectors of {vectors.shape[1]} numbers, not of {self.dim}.")
        return vectors


async def opened(provider: EmbeddingProvider, model: str) -> RemoteEmbedder:
    """The embedder of that name, asked for one vector to learn how long they are. Raises a `ModelError`."""
    vectors = await asked(provider, model, ["How long are your vectors?"], seconds=QUERY_SECONDS)
    return RemoteEmbedder(provider, model, dim=vectors.shape[1])


async def asked(provider: EmbeddingProvider, model: str, texts: Sequence[str], *, seconds: float) -> "Vectors":
    """The vectors of one request, each of length 1. Raises a `ModelError`."""
    # An empty text is refused by some.
    call = provider.embedding_call(model, [text[:MAX_CHARACTERS] or " " for text in texts])
    try:
        async with asyncio.timeout(seconds):
            answer = await provider.whole(call, model)
    except TimeoutError:
        raise TimedOut(f"{provider.full_name(model)} made no vectors within {seconds:.0f} seconds.") from None
    return await asyncio.to_thread(_vectors, provider.read_vectors(answer), len(texts), provider.full_name(model))


def _vectors(rows: Sequence[Json], count: int, name: str) -> "Vectors":
    import numpy as np

    try:
        vectors = np.array(rows, np.float32)
    except (TypeError, ValueError):
        vectors = np.empty(0, np.float32)
    if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
        raise MalformedAnswer(f"{name} did not answer with a vector for each text.")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), np.float32)
