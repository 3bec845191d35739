"""Answers a message: the turns that it leads to, and the messages that come of them, each exactly once."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any, Final, cast

import orjson
from pydantic import TypeAdapter

from conduet.conversations.scope import Asker, ConversationScope
from conduet.conversations.spoken import spoken
from conduet.conversations.store.events import list_events
from conduet.conversations.store.reading import find_conversation, last_platform
from conduet.conversations.store.repeat import Key
from conduet.conversations.turn import Ask
from conduet.conversations.turns import Turns
from conduet.deployments import message_store, store
from conduet.deployments.attachments import Attachments, Fetched, keep_all
from conduet.deployments.configuration import Configurations
from conduet.deployments.message_store import DONE, FAILED, Contact, StoredMessage
from conduet.deployments.outbox import add_answers
from conduet.deployments.store import Deployment
from conduet.engine.action import Action, ApprovalAction, ButtonAction, ClientAction, action_json
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.outbound import Line, Message, TraceJson
from conduet.engine.service import find
from conduet.errors import ConduetError, Conflict, NotFound, RateLimited, Unavailable
from conduet.jobs.store import Running
from conduet.jobs.worker import Later
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.exchange import Exchange
from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps

LAUNCH: Final[dict[str, Json]] = {"type": "launch", "payload": None}
BUSY_SECONDS: Final = 1.0
WEB: Final = "web"
OFF: Final = "The deployment is off, or was removed."

_action: Final[TypeAdapter[Action]] = TypeAdapter(Action)


class Turning:
    """Runs the jobs of messages that came in."""

    def __init__(self, database: Database, configurations: Configurations, turns: Turns, line: Line) -> None:
        self._database = database
        self._configurations = configurations
        self._turns = turns
        self._attachments = Attachments(line)

    async def run(self, running: Running) -> None:
        """Answers one message, or says why that will never be."""
        deployment_id, message_id = cast("list[str]", running.payload)
        deployment = await self._database.read(lambda tx: store.find_by_address(tx, deployment_id))
        message = deployment and await self._database.read(partial(_waiting, deployment, message_id))
        if deployment is None or message is None:
            await self._database.write(running.finish)
            return
        if not deployment.enabled:
            await self._database.write(partial(_fail, running, deployment, message_id, NotFound(OFF)))
            return
        channel = await asyncio.to_thread(self._configurations.open, deployment)
        if not isinstance(channel, ListeningChannel):
            await self._database.write(partial(_fail, running, deployment, message_id, NotFound(OFF)))
            return
        if not message.planned:
            fetched = await self._attachments.fetch(channel, message)
            message = await self._database.write(partial(_planned, deployment, message, fetched))
        try:
            traces = await self._take(deployment, message)
        except _Hopeless as failure:
            await self._database.write(partial(_fail, running, deployment, message_id, failure.error))
            return
        answers = channel.write(traces)
        await self._database.write(partial(_answer, running, deployment, message, answers))

    def dead(self, tx: Tx, running: Running, reason: str) -> None:
        """Notes that a message was given up."""
        deployment_id, message_id = cast("list[str]", running.payload)
        message_store.settle(tx, running.scope, deployment_id, message_id, status=FAILED, problem=reason)

    async def _take(self, deployment: Deployment, message: StoredMessage) -> Sequence[TraceJson]:
        """The traces of the turns, each taken once however often this runs."""
        traces: list[TraceJson] = []
        asker = _asker(deployment, message.user_id)
        for number, raw in enumerate(message.actions):
            action = _action.validate_python(raw)
            body = dumps(action_json(action))
            name = f"channel:{deployment.id}:{message.id}:{number}"
            key = Key(hashlib.sha256(name.encode()).hexdigest(), hashlib.sha256(body).digest())
            is_last = number == len(message.actions) - 1
            variables = message.variables if is_last else None
            ask = Ask(asker, deployment.version_id, action, body, variables, key=key)
            traces += await self._turn(ask)
        return traces

    async def _turn(self, ask: Ask) -> Sequence[TraceJson]:
        try:
            answer = await self._turns.take(ask, Exchange(new_id("req"), "")).answer()
        except RateLimited as error:
            raise Later(float(error.headers["Retry-After"])) from None
        except Unavailable:
            raise
        except Conflict as error:
            # Of these two it says that nobody has asked; of any other, that somebody else is talking just now.
            if isinstance(ask.action, ApprovalAction | ClientAction):
                raise _Hopeless(error) from None
            raise Later(BUSY_SECONDS) from None
        except ConduetError as error:
            raise _Hopeless(error) from None
        if answer.turn_id is None:
            told: dict[str, str] = orjson.loads(answer.body)
            raise _Hopeless(NotFound(told["error"]))
        found: list[dict[str, Any]] = orjson.loads(spoken(answer.body))
        return found


class Telling:
    """Runs the jobs that send on what has happened in a conversation beside its user's turns."""

    def __init__(self, database: Database, configurations: Configurations) -> None:
        self._database = database
        self._configurations = configurations

    async def run(self, running: Running) -> None:
        """Sends a user what they have not heard of."""
        user_id = cast("str", running.payload)
        scope = running.scope

        def work(tx: Tx) -> None:
            running.finish(tx)
            contact = message_store.find_contact(tx, scope, user_id)
            deployment = contact and store.find_by_address(tx, contact.deployment_id)
            if contact is None or deployment is None:
                return
            if last_platform(tx, ConversationScope(scope, user_id)) == WEB:
                # One of two who turned out to be one: they are at a page now, and hear of it there.
                return
            channel = self._configurations.open(deployment)
            number, bodies = contact.heard_to, list[bytes]()
            while (heard := list_events(tx, _asker(deployment, user_id), after=number)).events:
                number = heard.events[-1][0]
                bodies += (body for _, body in heard.events)
            message_store.set_heard(tx, scope, user_id, number=number)
            if isinstance(channel, ListeningChannel):
                traces = orjson.loads(spoken(b"[" + b",".join(bodies) + b"]"))
                add_answers(tx, scope, contact, [*_written(channel, traces)], now=milliseconds(now()))

        await self._database.write(work)


def _written(channel: ListeningChannel, traces: Sequence[TraceJson]) -> Iterator[Message]:
    """The messages of what happened, those of a person apart: they may be written at other times."""
    for by_person, run in groupby(traces, key=lambda trace: find(trace["payload"], "person") is not None):
        yield from (replace(message, by_person=by_person) for message in channel.write([*run]))


class _Hopeless(Exception):
    """A turn that will not be taken however often it is asked for."""

    def __init__(self, error: ConduetError) -> None:
        super().__init__(error.message)
        self.error = error


def _asker(deployment: Deployment, user_id: str) -> Asker:
    return Asker(ConversationScope(deployment.scope, user_id), deployment.channel, deployment.channel)


def _waiting(deployment: Deployment, message_id: str, tx: Tx) -> StoredMessage | None:
    return message_store.find_waiting(tx, deployment.scope, deployment.id, message_id)


def _planned(deployment: Deployment, message: StoredMessage, fetched: Fetched, tx: Tx) -> StoredMessage:
    """The message with all there is to do for it, settled at the first try: a greeting begins the conversation."""
    asker = _asker(deployment, message.user_id)
    kept_files = keep_all(tx, asker.scope, message, fetched, now=milliseconds(now()))
    actions = [_pressed(tx, deployment, message, action) for action in kept_files]
    if deployment.config.get("launchFirst", True) and LAUNCH not in actions:
        kept = find_conversation(tx, asker)
        if kept is None or not kept.state:
            actions = [LAUNCH, *actions]
    message_store.plan(tx, deployment.scope, deployment.id, message, actions)
    return replace(message, actions=actions, planned=True)


def _pressed(tx: Tx, deployment: Deployment, message: StoredMessage, action: Json) -> Json:
    """The button that a typed number stands for, where buttons were shown as a numbered text."""
    if not isinstance(action, dict) or action["type"] != "text":
        return action
    typed = str(action["payload"]).strip().rstrip(".)")
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 3):
        return action
    shown = message_store.list_numbered(tx, deployment.scope, deployment.id, message.outside_id)
    if not 0 < int(typed) <= len(shown):
        return action
    button = shown[int(typed) - 1]
    pressed = {"type": "button", "payload": {"label": button.label, "value": button.value}}
    return action_json(ButtonAction.model_validate(pressed))


def _answer(
    running: Running, deployment: Deployment, message: StoredMessage, answers: Sequence[Message], tx: Tx
) -> None:
    running.finish(tx)
    message_store.settle(tx, deployment.scope, deployment.id, message.id, status=DONE)
    contact = Contact(deployment.id, message.user_id, message.outside_id, message.to)
    add_answers(tx, deployment.scope, contact, answers, now=milliseconds(now()))


def _fail(running: Running, deployment: Deployment, message_id: str, error: ConduetError, tx: Tx) -> None:
    running.finish(tx)
    scope = deployment.scope
    message_store.settle(tx, scope, deployment.id, message_id, status=FAILED, problem=error.message)
    if error.status == NotFound.status and deployment.enabled:
        # There is no such version: it would be so for each message.
        store.set_problem(tx, scope, deployment.id, error.message)
