"""Texts as vectors: the one interface to every embedding model."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[np.float32]
    """One row a text, [n, dim], each of length 1: a product of two rows is their cosine."""


class Embedder(Protocol):
    """An embedding model.

    `model`, `sha256` and `dim` say which one it is, and are kept beside its vectors: those of two models are never
    compared. `sha256` is that of its weights, empty where a provider runs it.
    """

    @property
    def model(self) -> str:
        """Its name, `provider:model`."""
        ...

    @property
    def sha256(self) -> str: ...

    @property
    def dim(self) -> int: ...

    @property
    def intent_threshold(self) -> float:
        """The score from which on an intent is meant (`conduet.llm.similarity`): models differ in what is far apart."""
        ...

    async def embed(self, texts: Sequence[str], *, query: bool) -> "Vectors":
        """The vectors of `texts`, in their order; a text longer than the model takes is cut.

        A `query` is something that somebody waits for, and goes before bulk work. Raises a `ModelError`:
        `NotConfigured` when the model cannot run here.
        """
        ...
