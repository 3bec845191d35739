"""Passwords: argon2id, off the event loop, two at a time."""

import asyncio
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pwdlib import PasswordHash

AT_ONCE = 2
"""How many are hashed at once: each takes 64 MB and some 0.3 s."""
LEAST, MOST = 10, 200
"""How long a password is, in characters: NIST SP 800-63B asks for length and for nothing else."""


def folded(login: str) -> str:
    """A sign-in name as it is kept and compared: without what only looks different."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


class Passwords:
    """Hashes passwords and checks them."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether it is the password that was kept; without one it takes as long, and is not."""
        async with self._room:
            return await asyncio.to_thread(self._fits, _normal(password), kept)

    def _fits(self, password: str, kept: str | None) -> bool:
        # Made for everybody, or the first unknown name would take longer than a known one.
        nobodys = self._nobodys
        is_right = self._hasher.verify(password, nobodys if kept is None else kept)
        return is_right and kept is not None

    @cached_property
    def _hasher(self) -> "PasswordHash":
        # Imported at the first password: a server that nobody signs in to by one does without its megabytes.
        from pwdlib import PasswordHash

        return PasswordHash.recommended()

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody's")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
