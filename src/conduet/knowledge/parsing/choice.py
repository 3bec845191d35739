"""Which loader reads a document: its content decides, then its name, then its MIME type."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.section import LoadFailed
from conduet.kit.loading.source import Source
from conduet.kit.plugin import discover

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@cache
def installed() -> Mapping[str, type[Loader]]:
    """The loaders that come with Conduet and those of installed packages; `ValueError` for a `type` twice."""
    return discover("conduet.loaders", Loader)


def choose(source: Source) -> Loader:
    """The loader of a document. Raises `LoadFailed` when there is none for it."""
    loaders = installed().values()
    for loader in loaders:
        if loader.claims(source):
            return loader()
    if source.head.startswith(_OLD_OFFICE):
        raise LoadFailed(
            "The file is protected by a password, or in the format of Office before 2007: save it without a password,"
            " as DOCX, XLSX or PPTX."
        )
    mime = source.mime.partition(";")[0].strip().lower()
    for loader in loaders:
        if source.extension in loader.extensions:
            return _fitting(loader, source)
    for loader in loaders:
        if mime in loader.mimes:
            return _fitting(loader, source)
    if _is_text(source):
        return installed()["txt"]()
    known = ", ".join(name.upper() for name in installed())
    raise LoadFailed(f"This is no format that can be read. These are: {known}.")


def _fitting(loader: type[Loader], source: Source) -> Loader:
    """A loader of text gets text; one that tells its files by their content got none of them."""
    if "claims" in vars(loader) and not _is_text(source):
        raise LoadFailed(f"The file is broken, or no {loader.type.upper()} file: open it, save it anew, and try again.")
    if "claims" in vars(loader):
        return installed()["txt"]()
    if source.head.startswith((b"PK\x03\x04", b"%PDF-")) or not _is_text(source):
        raise LoadFailed(f"The file is named {source.extension or loader.type}, but what is in it is no such text.")
    return loader()


def _is_text(source: Source) -> bool:
    """Whether the beginning holds no zero bytes, other than UTF-16 does, and few controls."""
    if source.encoding.startswith(("utf-16", "utf-32")):
        return True
    head = source.head[:8192]
    controls = sum(byte < 9 or 13 < byte < 27 for byte in head)
    return controls <= len(head) // 100
