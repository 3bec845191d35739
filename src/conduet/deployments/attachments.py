"""Files that people send at channels, in the message itself or to be fetched with the deployment's credentials.

They are kept as a page's are.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

import structlog

from conduet.conversations.files import FILE_BYTES, TAKEN, TAKEN_TOLD
from conduet.conversations.scope import ConversationScope
from conduet.conversations.store.files import File, add_file, keep_file
from conduet.deployments import message_store
from conduet.deployments.message_store import StoredMessage
from conduet.deployments.store import Deployment
from conduet.engine.action import action_json
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.inbound import Enclosed, Incoming, attached, said
from conduet.engine.channel.outbound import Line, SendFailure
from conduet.engine.outside import Unreachable
from conduet.errors import PayloadTooLarge, RateLimited
from conduet.kit.db import Tx
from conduet.kit.json import Json
from conduet.kit.media_type import UNKNOWN, fitting_name, shown_name, told_by

MOST: Final = 10
"""How many files of one message are fetched, or kept."""

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


def keep_enclosed(
    tx: Tx,
    deployment: Deployment,
    incoming: Incoming,
    actions: Sequence[Json],
    user_id: str,
    *,
    origin: str,
    now: int,
) -> None:
    """Keeps the files that came in a message, which is stored with these actions, and has them told before its words.

    They come from anybody, as a page's do, and have the same limits; what is not taken, and why, is told in words.
    """
    if not incoming.files:
        return
    scope = ConversationScope(deployment.scope, user_id)
    media: list[Json] = []
    lines: list[str] = []
    for number, enclosed in enumerate(incoming.files):
        kind = told_by(enclosed.content)
        problem = _problem(enclosed, kind, number)
        if problem is None:
            try:
                file_id = add_file(tx, scope, File(fitting_name(enclosed.name, kind), kind, enclosed.content), now=now)
                media.append(action_json(attached(f"{origin}/api/v1/files/{file_id}", kind)))
            except (PayloadTooLarge, RateLimited) as error:
                problem = error.message
        if problem is not None:
            lines.append(f"[{shown_name(enclosed.name)} was not taken: {problem}]")
    words = [cast("dict[str, Any]", action)["payload"] for action in actions]
    texts: list[Json] = [action_json(said(each)) for each in (["\n".join([*words, *lines])] if lines else words)]
    message_store.set_actions(tx, deployment, incoming.id, [*media, *texts])


def _problem(enclosed: Enclosed, kind: str, number: int) -> str | None:
    """Why a file is not kept, in words for people."""
    if enclosed.problem:
        return enclosed.problem
    if number >= MOST:
        return f"A message has at most {MOST} files."
    if len(enclosed.content) > FILE_BYTES:
        return f"A file has at most {FILE_BYTES // (1024 * 1024)} MB."
    return None if kind in TAKEN else f"A file is {TAKEN_TOLD}, and this one is none by its content."


def _told(actions: Sequence[Json]) -> Sequence[tuple[int, str]]:
    """The addresses of files, with the number of the action that tells each."""
    found = [
        (number, str(cast("dict[str, Any]", action["payload"])["url"]))
        for number, action in enumerate(actions)
        if isinstance(action, dict) and action["type"] == "media"
    ]
    return found[:MOST]
