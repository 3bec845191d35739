"""The embedding models of a server: the one that is chosen, and those that made the vectors of before."""

import asyncio
from collections.abc import Mapping

from conduet.knowledge.index import model_key
from conduet.llm.embedding import Embedder
from conduet.llm.errors import NotConfigured
from conduet.llm.name import ModelName
from conduet.llm.provider import Provider
from conduet.llm.remote_embedding import EmbeddingProvider, RemoteEmbedder, opened


class Embedders:
    """`built_in` is the model that comes along, None where it cannot run; `chosen` is one of `providers`, else that.

    Raises `ValueError` for a name of which there is no embedding model here.
    """

    def __init__(
        self, built_in: Embedder | None, *, chosen: str | None = None, providers: Mapping[str, Provider] | None = None
    ) -> None:
        self._built_in = built_in
        self._providers = providers or {}
        self._chosen: tuple[EmbeddingProvider, str] | None = None
        self._opened: Embedder | None = None
        self._opening = asyncio.Lock()
        if chosen is not None:
            self._chosen = self._found(ModelName.parse(chosen))

    @property
    def name(self) -> str:
        """The name of the model of new vectors; empty where there is none."""
        if self._chosen is not None:
            provider, model = self._chosen
            return provider.full_name(model)
        return self._built_in.model if self._built_in else ""

    @property
    def key(self) -> str:
        """The `model_key` of that model; empty where there is none, or it has not answered yet."""
        known = self._opened if self._chosen is not None else self._built_in
        return model_key(known) if known else ""

    async def chosen(self) -> Embedder:
        """The model of new vectors. Raises a `ModelError`: `NotConfigured` where there is none."""
        if self._chosen is None:
            if self._built_in is None:
                raise NotConfigured("The built-in embedding model cannot run here.")
            return self._built_in
        async with self._opening:
            if self._opened is None:
                self._opened = await opened(*self._chosen)
            return self._opened

    def of(self, key: str) -> Embedder | None:
        """The model that made the vectors of that key (`model_key`); None when it is not there any more."""
        if self._built_in is not None and key == model_key(self._built_in):
            return self._built_in
        name, _, dim = [*key.rsplit(" ", 2), "", ""][:3]
        try:
            provider, model = self._found(ModelName.parse(name))
            return RemoteEmbedder(provider, model, dim=int(dim))
        except ValueError:
            return None

    def _found(self, name: ModelName) -> tuple[EmbeddingProvider, str]:
        provider = self._providers.get(name.provider)
        if isinstance(provider, EmbeddingProvider):
            return provider, name.model
        able = sorted(type_ for type_, each in self._providers.items() if isinstance(each, EmbeddingProvider))
        others = f"; those that do: {', '.join(able)}" if able else ""
        raise ValueError(f"no provider {name.provider!r} with embedding models is configured{others}")
