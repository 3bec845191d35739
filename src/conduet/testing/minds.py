"""What conversation tests think with."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from conduet.conversations.minds import Minds
from conduet.llm.embedding import Embedder
from conduet.llm.models import Models
from conduet.providers.local import BUILT_IN, Local

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from conduet.llm.embedding import Vectors

KEPT: Final = 2_000
"""Of how many texts the vectors are kept: a project's tests say the same in every run, and to one another."""


def built_in(embedder: Embedder | None) -> Minds:
    """The built-in model alone: it needs no key, and says the same each time."""
    remembering = None if embedder is None else Remembering(embedder)
    return Minds(Models({Local.type: Local(embedder=remembering)}), BUILT_IN, remembering)


class Remembering:
    """An `Embedder` that is asked for the same text once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    @property
    def model(self) -> str:
        return self._embedder.model

    @property
    def sha256(self) -> str:
        return self._embedder.sha256

    @property
    def dim(self) -> int:
        return self._embedder.dim

    @property
    def intent_threshold(self) -> float:
        return self._embedder.intent_threshold

    async def embed(self, texts: Sequence[str], *, query: bool) -> "Vectors":
        """The vectors of `texts`, in their order."""
        import numpy as np

        unknown = [*dict.fromkeys(text for text in texts if text not in self._vectors)]
        if unknown:
            self._vectors.update(zip(unknown, await self._embedder.embed(unknown, query=query), strict=True))
        found = np.stack([self._vectors[text] for text in texts])
        for text in texts:
            self._vectors.move_to_end(text)
        while len(self._vectors) > KEPT:
            self._vectors.popitem(last=False)
        return found
