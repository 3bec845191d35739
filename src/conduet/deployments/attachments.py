"""Files that people send at channels: fetched with the deployment's credentials, and kept as a page's are."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

import structlog

from conduet.conversations.scope import ConversationScope
from conduet.conversations.store.files import File, keep_file
from conduet.deployments.message_store import StoredMessage
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.outbound import Line, SendFailure
from conduet.engine.outside import Unreachable
from conduet.errors import PayloadTooLarge
from conduet.kit.db import Tx
from conduet.kit.json import Json
from conduet.kit.media_type import UNKNOWN, fitting_name, told_by

MOST: Final = 10
"""How many files of one message are fetched."""

Fetched: TypeAlias = Mapping[int, bytes]
"""Files by the number of the action that told of them."""

log = structlog.get_logger()


class Attachments:
    """Fetches files through the address check."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def fetch(self, channel: ListeningChannel, message: StoredMessage) -> Fetched:
        """The files of a message; one that cannot be had stays told by what the vendor calls it."""
        found: dict[int, bytes] = {}
        for number, url in _told(message.actions):
            try:
                request = await channel.media(url, self._line)
                if request is not None:
                    found[number] = await self._line.fetch(request)
            except (SendFailure, Unreachable) as failure:
                log.warning("attachment not fetched", channel=channel.type, problem=failure.message)
        return found


def keep_all(tx: Tx, scope: ConversationScope, message: StoredMessage, fetched: Fetched, *, now: int) -> list[Json]:
    """The message's actions, with the addresses of what is kept."""
    actions = [*message.actions]
    for number, content in fetched.items():
        kind = told_by(content)
        try:
            file_id = keep_file(tx, scope, File(fitting_name("file", kind), kind, content), now=now)
        except PayloadTooLarge:
            continue
        told = cast("dict[str, Any]", actions[number])["payload"]["mimeType"]
        payload: Json = {
            "url": f"{message.origin}/api/v1/files/{file_id}",
            "mimeType": told if kind == UNKNOWN else kind,
        }
        actions[number] = {"type": "media", "payload": payload}
    return actions


def _told(actions: Sequence[Json]) -> Sequence[tuple[int, str]]:
    """The addresses of files, with the number of the action that tells each."""
    found = [
        (number, str(cast("dict[str, Any]", action["payload"])["url"]))
        for number, action in enumerate(actions)
        if isinstance(action, dict) and action["type"] == "media"
    ]
    return found[:MOST]
