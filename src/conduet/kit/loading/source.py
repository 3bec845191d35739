"""A document as a loader gets it: an open file, what it is called, and its text in whatever encoding it is."""

import codecs
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import IO, Final

from conduet.kit.loading.section import LoadFailed

SAMPLE_BYTES: Final = 256 * 1024
PIECE_BYTES: Final = 1024 * 1024
UNPACKED_BYTES: Final = 200 * 1024 * 1024
UNPACKED_RATIO: Final = 200
MEMBERS: Final = 10_000
# Below this share of letters beyond ASCII a text is in a language of Western Europe, where Windows-1252 is what it is.
WESTERN_SHARE: Final = 0.25

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass
class Source:
    """`file` is at its start whenever a loader gets it, and can be sought; `declared` is the charset it came with."""

    file: IO[bytes]
    name: str = ""
    mime: str = ""
    language: str = "en"
    declared: str | None = None

    @property
    def extension(self) -> str:
        """`.pdf` of `Prices.PDF`; empty without one."""
        return PurePath(self.name).suffix.lower()

    @cached_property
    def head(self) -> bytes:
        """The first bytes of the file."""
        self.file.seek(0)
        head = self.file.read(SAMPLE_BYTES)
        self.file.seek(0)
        return head

    @cached_property
    def size(self) -> int:
        """Bytes of the file."""
        size = self.file.seek(0, io.SEEK_END)
        self.file.seek(0)
        return size

    @cached_property
    def members(self) -> frozenset[str]:
        """The names of what is in a zip file; empty when it is none.

        Raises `LoadFailed` for one that unpacks to far more than a document is.
        """
        if not self.head.startswith(b"PK"):
            return frozenset()
        try:
            with zipfile.ZipFile(self.file) as packed:
                entries = packed.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return frozenset()
        finally:
            self.file.seek(0)
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > UNPACKED_BYTES or unpacked > max(self.size, 100_000) * UNPACKED_RATIO or len(entries) > MEMBERS:
            raise LoadFailed(
                f"The file unpacks to {unpacked / 1e6:,.0f} MB, more than a document of its size may: split it, or save"
                " it anew with smaller pictures."
            )
        return frozenset(entry.filename for entry in entries)

    @cached_property
    def encoding(self) -> str:
        """The encoding of a text: its mark, UTF-8 where all of it is that, else what it most likely is."""
        head = self.head
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        if (wide := _wide(head[:4096])) is not None:
            return wide
        if self._decodes("utf-8"):
            return "utf-8"
        if self.declared and self._decodes(self.declared):
            return self.declared
        return _guess(head)

    def lines(self) -> Iterator[str]:
        """The lines of the text without their ends, in memory one by one; NULs are left out."""
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, encoding=self.encoding, errors="replace", newline=None)
        try:
            while line := text.readline(PIECE_BYTES):
                yield line.removesuffix("\n").replace("\0", "")
        finally:
            text.detach()

    def text(self) -> str:
        """All of the text."""
        return "\n".join(self.lines())

    def _decodes(self, encoding: str) -> bool:
        self.file.seek(0)
        try:
            decoder = codecs.getincrementaldecoder(encoding)()
            while piece := self.file.read(PIECE_BYTES):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except (UnicodeDecodeError, LookupError):
            return False
        finally:
            self.file.seek(0)
        return True


def _wide(head: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of Western text is zero."""
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 and even < odd // 8:
        return "utf-16-le"
    if even > len(head) // 4 and odd < even // 8:
        return "utf-16-be"
    return None


def _guess(sample: bytes) -> str:
    """The encoding of text that is no UTF: guessed, but for short Western texts, where guesses go wrong."""
    beyond = sum(byte > 0x7F for byte in sample)
    letters = sum(chr(byte).isalpha() for byte in sample if byte < 0x80)
    if beyond < WESTERN_SHARE * (beyond + letters):
        try:
            sample.decode("cp1252")
        except UnicodeDecodeError:
            pass
        else:
            return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"
