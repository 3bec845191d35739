"""The way out of channels: through the address check that every outgoing call goes through."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from mimetypes import guess_type
from typing import Final
from urllib.parse import unquote, urlsplit

from conduet.conversations.store.files import get_file
from conduet.conversations.world import in_our_words, joined_headers
from conduet.engine.channel.outbound import Keep, SentFile
from conduet.engine.outside import CALL_SECONDS, Mail, Mailbox, Request, Response, Unreachable
from conduet.errors import NotFound
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from conduet.kit.http import Outgoing, imap
from conduet.kit.http.imap import check_mailbox, fetch_mail
from conduet.kit.http.smtp import MailServer, send_mail
from conduet.kit.media_type import UNKNOWN, fitting_name, told_by

ANSWER_BYTES: Final = 1024 * 1024
MOST_KEPT: Final = 1000
FILE_BYTES: Final = 25 * 1024 * 1024
FETCH_SECONDS: Final = 30.0
MAILBOX_SECONDS: Final = 60.0
NAME_LENGTH: Final = 200

_OWN: Final = re.compile(r"/api/v1/files/(file_[A-Za-z0-9_-]{43})\Z")


class OutgoingLine:
    """Calls the world for channels; with a `database` the files that are kept there need not be called for."""

    def __init__(self, outgoing: Outgoing, database: Database | None = None) -> None:
        self._outgoing = outgoing
        self._database = database
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()

    async def call(self, request: Request) -> Response:
        """The answer to an HTTP request, whatever its status; a redirect is an answer. Raises `Unreachable`."""
        with in_our_words():
            answer = await self._outgoing.request(
                request.method,
                request.url,
                headers=request.headers,
                query=request.query,
                body=request.body,
                timeout_seconds=request.timeout_seconds,
                max_bytes=ANSWER_BYTES,
                redirects=0,
            )
        return Response(answer.status, joined_headers(answer), answer.text())

    async def fetch(self, request: Request) -> bytes:
        """A file. Raises `Unreachable`, also for an answer that is none."""
        with in_our_words():
            answer = await self._outgoing.request(
                request.method,
                request.url,
                headers=request.headers,
                query=request.query,
                timeout_seconds=FETCH_SECONDS,
                max_bytes=FILE_BYTES,
            )
        if not 200 <= answer.status < 300:
            raise Unreachable("NO_FILE", f"The file was answered with status {answer.status}.")
        return answer.body

    def reaches(self, url: str) -> bool:
        """Whether a vendor can be told to fetch a file there: what is kept here may be at no public address."""
        return url.startswith("https://") and _OWN.search(url) is None

    async def file(self, url: str) -> SentFile:
        """A file that goes out. Raises `Unreachable`, also where there is none."""
        if (own := _OWN.search(url)) and self._database is not None:
            with suppress(NotFound):
                get = partial(get_file, file_id=own[1], now=milliseconds(now()))
                kept = await self._database.read(get)
                return SentFile(kept.name, kept.mime_type, kept.content)
        content = await self.fetch(Request("GET", url))
        kind, name = told_by(content), unquote(urlsplit(url).path.rpartition("/")[2])
        if kind == UNKNOWN:
            return SentFile(_plain(name), guess_type(name)[0] or UNKNOWN, content)
        return SentFile(fitting_name(name, kind), kind, content)

    async def send_mail(self, mail: Mail) -> None:
        """Hands a message to an SMTP server. Raises `Unreachable`."""
        server = MailServer(mail.host, mail.port, mail.security, mail.user, mail.password)
        with in_our_words():
            await send_mail(
                self._outgoing.guard,
                server,
                mail.content,
                sender=mail.sender,
                recipients=mail.recipients,
                timeout_seconds=mail.timeout_seconds,
            )

    async def fetch_mail(self, mailbox: Mailbox, since: datetime, keep: Keep) -> None:
        """Gives `keep` each mail that is new. Raises `Unreachable`, and what `keep` does."""
        with in_our_words():
            await fetch_mail(
                self._outgoing.guard, _box(mailbox), since=since, keep=keep, timeout_seconds=MAILBOX_SECONDS
            )

    async def check_mailbox(self, mailbox: Mailbox) -> None:
        """Signs in, and opens the mailbox. Raises `Unreachable`."""
        with in_our_words():
            await check_mailbox(self._outgoing.guard, _box(mailbox), timeout_seconds=CALL_SECONDS)

    async def kept(self, key: str, make: Callable[[], Awaitable[tuple[str, float]]], *, anew: bool = False) -> str:
        """A token that is kept until shortly before it is void; `anew`: whatever is kept is void already."""
        clock = asyncio.get_running_loop().time
        found = self._kept.get(key)
        if found is not None and not anew and clock() < found[1]:
            return found[0]
        token, seconds = await make()
        self._kept[key] = (token, clock() + seconds * 0.9)
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return token


def _plain(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable()).strip(" .")[:NAME_LENGTH] or "file"


def _box(mailbox: Mailbox) -> imap.Mailbox:
    return imap.Mailbox(mailbox.host, mailbox.port, mailbox.security, mailbox.user, mailbox.password, mailbox.folder)
