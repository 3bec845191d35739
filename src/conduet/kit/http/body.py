"""An answer's body, decompressed piece by piece and never past its limit."""

import zlib
from collections.abc import Iterator

from conduet.kit.http.errors import BadResponse

PIECE = 64 * 1024
MEMBERS = 64  # gzip streams may follow one another; each costs work and may hold nothing
ACCEPT_ENCODING = "gzip, deflate"

GZIP_BITS = 16 + zlib.MAX_WBITS
DEFLATED = 8  # the method in the first byte of a zlib header (RFC 1950)


class Body:
    """Takes bytes off the wire and gives what they stand for, at most 64 KiB at once.

    One encoding is taken: chains of them only serve to blow up (CVE-2022-32206 of curl). Raises `BadResponse` for
    an encoding that nobody asked for and for damaged data.
    """

    def __init__(self, encoding: str | None) -> None:
        self._encoding = (encoding or "").strip().lower().removeprefix("x-")
        if self._encoding not in ("", "identity", "gzip", "deflate"):
            raise BadResponse("The answer is compressed in a way that was not asked for.")
        self._stream: zlib._Decompress | None = None  # pyright: ignore[reportPrivateUsage]  # zlib gives its type no other name
        self._members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What `data` adds."""
        if self._encoding in ("", "identity"):
            yield data
            return
        while data:
            stream = self._open(data)
            try:
                piece = stream.decompress(data, PIECE)
            except zlib.error:
                raise BadResponse("The answer's compression is damaged.") from None
            if piece:
                yield piece
            data = stream.unconsumed_tail or stream.unused_data

    def end(self) -> Iterator[bytes]:
        """What is left when the wire has nothing more. Raises `BadResponse` when something is missing."""
        if self._stream is None:
            return
        if piece := self._stream.flush():
            yield piece
        if not self._stream.eof:
            raise BadResponse("The answer's compression ends in the middle.")

    def _open(self, data: bytes) -> "zlib._Decompress":  # pyright: ignore[reportPrivateUsage]  # zlib gives its type no other name
        """The stream that `data` belongs to: the one that runs, or the next."""
        if self._stream is None or self._stream.eof:
            self._members += 1
            if self._members > (MEMBERS if self._encoding == "gzip" else 1):
                raise BadResponse("The answer's compression is damaged.")
            self._stream = zlib.decompressobj(self._bits(data))
        return self._stream

    def _bits(self, data: bytes) -> int:
        if self._encoding == "gzip":
            return GZIP_BITS
        # `deflate` means zlib's format; some servers send what is inside it bare.
        return zlib.MAX_WBITS if data[0] & 0x0F == DEFLATED else -zlib.MAX_WBITS
