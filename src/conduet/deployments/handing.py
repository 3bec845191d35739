"""Tells a team elsewhere than in the inbox what is handed to it, and brings its answers to the user, each once."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, cast
from urllib.parse import quote

from pydantic import ValidationError

from conduet.accounts.principal import ProjectScope
from conduet.conversations.inbox.answering import answer
from conduet.conversations.inbox.schemas import Attachment, Reply
from conduet.conversations.scope import ConversationScope
from conduet.conversations.states import States
from conduet.conversations.store import inbox
from conduet.conversations.store.inbox import OPEN, Entry
from conduet.deployments import delivery_store, message_store, store
from conduet.deployments.configuration import Configurations
from conduet.deployments.delivery_store import Delivery
from conduet.deployments.message_store import DONE, FAILED, Contact, StoredMessage
from conduet.deployments.outbox import SYSTEM, add_answers
from conduet.deployments.store import Deployment
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.outbound import Line
from conduet.engine.channel.room import Place, Room, Told
from conduet.engine.outside import Unreachable
from conduet.engine.values import Json
from conduet.errors import ConduetError, Conflict, NotFound, Unavailable
from conduet.jobs.store import Running
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx

ANSWER: Final = "handoff-answer"
"""The kind of the job that brings a team's answer to the user."""


class Handing:
    """Runs the jobs that tell a team of conversations, and those that bring its answers.

    `place` is where people reach the dashboard, such as `https://agents.example`; without it links are relative.
    """

    def __init__(
        self, database: Database, configurations: Configurations, states: States, line: Line, *, place: str
    ) -> None:
        self._database = database
        self._configurations = configurations
        self._states = states
        self._line = line
        self._place = place.rstrip("/")

    async def tell(self, running: Running) -> None:
        """Tells a team of a conversation that was handed to it, at each of its connectors."""
        await self._database.write(partial(self._tell, running))

    async def tell_more(self, running: Running) -> None:
        """Tells it there what the user has written since."""
        await self._database.write(partial(self._tell_more, running))

    async def answer(self, running: Running) -> None:
        """Brings an answer to the user; where that cannot be, the team hears why."""
        deployment_id, message_id = cast("list[str]", running.payload)
        scope = running.scope
        deployment = await self._database.read(lambda tx: store.find_by_address(tx, deployment_id))
        message = await self._database.read(lambda tx: message_store.find_waiting(tx, scope, deployment_id, message_id))
        if deployment is None or message is None:
            await self._database.write(running.finish)
            return
        channel = await asyncio.to_thread(self._configurations.open, deployment)
        name = message.name or await self._name_of(channel, message)

        def done(tx: Tx) -> None:
            running.finish(tx)
            message_store.settle(tx, scope, deployment_id, message_id, status=DONE)

        try:
            conversation = ConversationScope(scope, message.user_id)
            await answer(self._states, conversation, _reply(message), name, also=done)
        except (Conflict, NotFound) as error:
            await self._database.write(partial(self._refuse, running, deployment, message, error))

    def dead(self, tx: Tx, running: Running, reason: str) -> None:
        """Notes that an answer was given up."""
        deployment_id, message_id = cast("list[str]", running.payload)
        message_store.settle(tx, running.scope, deployment_id, message_id, status=FAILED, problem=reason)

    async def _name_of(self, channel: object, message: StoredMessage) -> str:
        if not isinstance(channel, ListeningChannel):
            return SYSTEM
        try:
            return await channel.name_of(message.outside_id, self._line)
        except Unreachable:
            return "The team"

    def _tell(self, running: Running, tx: Tx) -> None:
        running.finish(tx)
        payload = cast("Mapping[str, Any]", running.payload)
        conversation = ConversationScope(running.scope, str(payload["user"]))
        entry = _still(tx, conversation, payload)
        if entry is None:
            return
        for connector in payload["connectors"]:
            try:
                self._tell_at(tx, conversation, entry, connector)
            except ConduetError as error:
                told = f"{connector['connector']} was not told of this conversation: {error.message}"
                at = milliseconds(now())
                inbox.add_note(tx, conversation, member_id="", member_name=SYSTEM, text=told, now=at)

    def _tell_at(self, tx: Tx, conversation: ConversationScope, entry: Entry, connector: Mapping[str, Any]) -> None:
        kind = self._configurations.channels.get(connector["connector"])
        if kind is None or not issubclass(kind, ListeningChannel) or kind.room is None:
            raise NotFound("nobody can be told there.")
        try:
            room: Room = kind.room.model_validate(connector["config"])
        except ValidationError:
            raise NotFound("its configuration is not valid.") from None
        deployment = _find(tx, conversation.project, kind.type, room.deployment_id)
        channel = cast("ListeningChannel", self._configurations.open(deployment))
        for place in room.places():
            _add(tx, channel, deployment, entry, place, self._told(conversation, entry))

    def _told(self, conversation: ConversationScope, entry: Entry) -> Told:
        path = f"/p/{conversation.project.project_id}/inbox/{quote(entry.user_id, safe='')}"
        return Told(entry.user_id, entry.platform, entry.target, entry.reason, entry.summary, self._place + path)

    def _tell_more(self, running: Running, tx: Tx) -> None:
        running.finish(tx)
        payload = cast("Mapping[str, Any]", running.payload)
        conversation = ConversationScope(running.scope, str(payload["user"]))
        if _still(tx, conversation, payload) is None:
            return
        for first in delivery_store.list_threads(
            tx, running.scope, conversation.user_id, handed_at=payload["handedAt"]
        ):
            self._say(tx, running.scope, first, str(payload["text"]))

    def _say(self, tx: Tx, scope: ProjectScope, first: Delivery, text: str) -> None:
        """Adds words to a thread; nothing where its deployment is gone."""
        deployment = store.find_by_address(tx, first.deployment_id)
        if deployment is None or not deployment.enabled:
            return
        try:
            channel = self._configurations.open(deployment)
        except Unavailable:
            return
        if isinstance(channel, ListeningChannel):
            to = thread_of(first)
            contact = Contact(deployment.id, first.user_id, first.outside_id, to)
            add_answers(tx, scope, contact, channel.write([_text(text)]), now=milliseconds(now()))

    def _refuse(
        self, running: Running, deployment: Deployment, message: StoredMessage, error: ConduetError, tx: Tx
    ) -> None:
        running.finish(tx)
        scope = deployment.scope
        message_store.settle(tx, scope, deployment.id, message.id, status=FAILED, problem=error.message)
        to = cast("Mapping[str, Any]", message.to)
        first = delivery_store.find_delivery(tx, scope, str(to["thread"]))
        if first is not None:
            self._say(tx, scope, first, f"The user was not told this. {error.message}")


def thread_of(delivery: Delivery) -> Json:
    """The address of what comes after a message in its thread."""
    to = cast("dict[str, Json]", delivery.to)
    return {**to, "thread": to["thread"] or delivery.id}


def _add(tx: Tx, channel: ListeningChannel, deployment: Deployment, entry: Entry, place: Place, told: Told) -> None:
    """Adds the first message of a thread, and what of it is too long for one behind it."""
    at = milliseconds(now())
    to: dict[str, Json] = {"handoff": entry.handed_at, "thread": None, **place.to, "subject": told.subject}
    first, *more = channel.write([_text(told.words)])
    contact = Contact(deployment.id, entry.user_id, place.outside_id, to)
    add_answers(tx, deployment.scope, contact, [first], now=at)
    if more:
        added = delivery_store.list_threads(tx, deployment.scope, entry.user_id, handed_at=entry.handed_at)
        begun = next(each for each in added if each.outside_id == place.outside_id)
        after = Contact(deployment.id, entry.user_id, place.outside_id, thread_of(begun))
        add_answers(tx, deployment.scope, after, more, now=at)


def _find(tx: Tx, scope: ProjectScope, channel: str, deployment_id: str | None) -> Deployment:
    found = [each for each in store.list_deployments(tx, scope) if each.channel == channel and each.enabled]
    if deployment_id is not None:
        found = [each for each in found if each.id == deployment_id]
    if not found:
        raise NotFound(f"the project has no deployment of {channel!r} that is on.")
    return found[0]


def _still(tx: Tx, conversation: ConversationScope, payload: Mapping[str, Any]) -> Entry | None:
    """The conversation's entry, if people have it still since that handoff."""
    entry = inbox.find(tx, conversation)
    is_same = entry is not None and entry.status in OPEN and entry.handed_at == payload["handedAt"]
    return entry if is_same else None


def _reply(message: StoredMessage) -> Reply:
    """The words and files of an answer."""
    texts: list[str] = []
    files: list[Attachment] = []
    for raw in message.actions:
        action = cast("Mapping[str, Any]", raw)
        if action["type"] == "media":
            files.append(Attachment(url=action["payload"]["url"], mime_type=action["payload"].get("mimeType")))
        else:
            texts.append(str(action["payload"]))
    return Reply(text="\n\n".join(texts), attachments=files[:10])


def _text(words: str) -> dict[str, Json]:
    return {"type": "text", "payload": {"message": words}}
