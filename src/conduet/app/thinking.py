"""What the server thinks with, as its environment configures it: the providers of models, and the embedding model."""

from collections.abc import Mapping

from conduet.app.telemetry import Telemetry
from conduet.conversations.knowing import ProjectKnowledge
from conduet.conversations.minds import Minds
from conduet.kit.db import Database
from conduet.kit.plugin import discover
from conduet.knowledge.embedders import Embedders
from conduet.knowledge.embedding import Embedding
from conduet.knowledge.search import Search
from conduet.llm.embedding import Embedder
from conduet.llm.models import Models
from conduet.llm.name import Chain, parse_chain
from conduet.llm.provider import Provider, configured
from conduet.llm.transport import Direct
from conduet.providers.local import BUILT_IN, Local
from conduet.providers.minilm import MODEL, MiniLm, missing_packages


class Thinking:
    """`minds` for the turns of all projects, and what embeds their knowledge bases.

    `chosen` is `CONDUET_MODEL`, `embedding_model` is `CONDUET_EMBEDDING_MODEL`. Start and close it.

    Raises `ValueError` naming the variable that has no good value.
    """

    def __init__(
        self, chosen: str | None, environment: Mapping[str, str], database: Database, *, embedding_model: str | None
    ) -> None:
        self._telemetry = Telemetry(environment)
        self._opener = Direct()
        self._embedder = MiniLm()
        embedder = None if missing_packages() else self._embedder
        providers = configured(discover("conduet.providers", Provider), environment, self._opener)
        embedders = _embedders(embedding_model, embedder, providers)
        self.search = Search(database, embedders.of)
        self.embedding = Embedding(database, embedders)
        tracer = self._telemetry.tracer
        models = Models({**providers, Local.type: Local(embedder=embedder)}, tracer=tracer)
        knowledge = ProjectKnowledge(database, self.search)
        self.minds = Minds(models, _chain(chosen, models), embedder, knowledge, tracer)

    async def start(self) -> None:
        """Begins to look for knowledge bases that are to be embedded anew."""
        await self.embedding.start()

    async def close(self) -> None:
        """Ends all connections, and the embedder's threads, and tells the last spans."""
        await self.embedding.close()
        await self._opener.close()
        await self.search.close()
        self._embedder.close()
        await self._telemetry.close()


def _chain(chosen: str | None, models: Models) -> Chain:
    """What was chosen, else what the environment's keys allow, else the built-in model."""
    try:
        named = parse_chain(chosen)
    except ValueError as error:
        raise ValueError(f"CONDUET_MODEL: {error}") from None
    return named or models.offered() or BUILT_IN


def _embedders(chosen: str | None, built_in: Embedder | None, providers: Mapping[str, Provider]) -> Embedders:
    try:
        return Embedders(built_in, chosen=None if chosen == MODEL else chosen, providers=providers)
    except ValueError as error:
        raise ValueError(f"CONDUET_EMBEDDING_MODEL: {error}") from None
