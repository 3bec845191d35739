"""The base of all loaders: how a file of one format becomes sections."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from conduet.kit.loading.section import Section
from conduet.kit.loading.source import Source


class Loader(ABC):
    """One format. It runs in a process of its own, which ends with the document.

    `extensions` come with their dot, in lower case; `mimes` without parameters. Import what is slow inside `sections`.
    """

    type: ClassVar[str]
    extensions: ClassVar[tuple[str, ...]] = ()
    mimes: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def claims(cls, source: Source) -> bool:
        """Whether the content alone shows that it is of this format; its name and MIME type count only after that."""
        return False

    @abstractmethod
    def sections(self, source: Source) -> Iterable[Section]:
        """The sections in the order of the document, one by one. Raises `LoadFailed` with a sentence for people."""
