"""A real IMAP server (pymap), which keeps mail in memory, and a look at what lies there."""

import asyncio
import imaplib
import ssl
from argparse import Namespace
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pysasl import SASLAuth
from pysasl.hashing import BuiltinHash

USER: Final = "help@shop.example"
PASSWORD: Final = "do-not-tell-this"
QUICK: Final = BuiltinHash(rounds=1)
# It looks for these in all packages that are installed, twice with each connection.
SASLAuth.defaults = cache(SASLAuth.defaults)


@dataclass
class PostOffice:
    """An account at the server; `port` is what it listens at, in the open for the test itself."""

    port: int
    open_port: int

    async def put(self, *mails: bytes, folder: str = "INBOX", at: datetime | None = None) -> None:
        """Lets mails come, unread."""

        def work(imap: imaplib.IMAP4) -> None:
            for mail in mails:
                imap.append(folder, "", _date(at), mail)

        await self._ask(work)

    async def unread(self, folder: str = "INBOX") -> int:
        """How many are unread."""

        def work(imap: imaplib.IMAP4) -> int:
            imap.select(folder, readonly=True)
            return len((imap.search(None, "UNSEEN")[1][0] or b"").split())

        return int(await self._ask(work))

    async def mark_unread(self, folder: str = "INBOX") -> None:
        """Takes the marks away, as a server does that died before it had written them down."""

        def work(imap: imaplib.IMAP4) -> None:
            imap.select(folder)
            imap.store("1:*", "-FLAGS", r"(\Seen)")

        await self._ask(work)

    async def make_anew(self, folder: str) -> None:
        """Makes a folder, of the same name as one before it: its numbers and their validity are others."""

        def work(imap: imaplib.IMAP4) -> None:
            imap.delete(folder)
            imap.create(folder)

        await self._ask(work)

    async def _ask(self, work: Any) -> Any:
        def run() -> Any:
            with imaplib.IMAP4("127.0.0.1", self.open_port) as imap:
                imap.login(f'"{USER}"', PASSWORD)
                return work(imap)

        return await asyncio.to_thread(run)


@asynccontextmanager
async def post_office(security: str = "none", tls: ssl.SSLContext | None = None) -> AsyncGenerator[PostOffice]:
    """Opens the server around a block."""
    told = {"cert": None, "key": None, "tls": security == "starttls", "proxy_protocol": None, "passlib_cfg": None}
    args = Namespace(**told, host=None, port="0", debug=False, demo_data=False, demo_user=USER, demo_password=PASSWORD)
    backend, config = await DictBackend.init(args, ssl_context=tls, hash_context=QUICK)
    config.apply_context()
    serve = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
    _, plain = await DictBackend.init(Namespace(**{**vars(args), "tls": False}), hash_context=QUICK)
    plain.set_cache = config.set_cache
    peek = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, plain))
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls if security == "tls" else None)
    back = await asyncio.start_server(peek, "127.0.0.1", 0)
    try:
        yield PostOffice(*(each.sockets[0].getsockname()[1] for each in (server, back)))
    finally:
        server.close()
        back.close()


def _date(at: datetime | None) -> str:
    return imaplib.Time2Internaldate(at or datetime.now(UTC))
