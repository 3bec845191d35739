"""What people do with conversations that were handed to them, or that they take."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from conduet.accounts.member_store import get_member
from conduet.accounts.principal import Principal
from conduet.accounts.roles import RIGHTS
from conduet.accounts.store import list_member_names
from conduet.analytics.store import Message
from conduet.conversations.files import list_files
from conduet.conversations.inbox.answering import AGENT_HAS_IT, with_state
from conduet.conversations.inbox.schemas import (
    Answered,
    Inbox,
    InboxConversation,
    InboxEntry,
    InboxNote,
    InboxQueue,
    Reply,
    SaidMessage,
)
from conduet.conversations.inbox.telling import came, content, said, way_back
from conduet.conversations.scope import DEVELOPER, Asker, ConversationScope
from conduet.conversations.states import States, state_of
from conduet.conversations.store import events, inbox, repeat
from conduet.conversations.store.clock import present
from conduet.conversations.store.edit import Edit, Seat
from conduet.conversations.store.inbox import OPEN, RESOLVED, RETURNED, TAKEN, WAITING, Entry, Handed, Queue
from conduet.conversations.store.reading import find_conversation
from conduet.conversations.store.repeat import Key
from conduet.engine.document import Document
from conduet.engine.handing import PERSON
from conduet.engine.run import hand_back, hand_over, is_silent, rest
from conduet.engine.values import Json
from conduet.errors import At, BadRequest, Conflict, Forbidden, NotFound
from conduet.jobs.store import NewJob, add_job
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.db import Database, Tx
from conduet.kit.page import Page, Place, cut

DASHBOARD: Final = "dashboard"
SHOWN: Final = 200
"""How many of the last messages of a conversation, and of the files that came with it, are shown."""

READ: Final = 40
"""How many of those that were said while a person had it the agent reads."""


@dataclass(frozen=True, slots=True)
class Chair:
    """Who does something in which conversation."""

    principal: Principal
    scope: ConversationScope
    member_id: str

    @classmethod
    def of(cls, principal: Principal, user_id: str) -> "Chair":
        """Raises `Forbidden` for a credential that is no member's."""
        if principal.member_id is None:
            raise Forbidden("Only a member of the account does this.")
        return cls(principal, ConversationScope(principal.scope, user_id), principal.member_id)

    @property
    def asker(self) -> Asker:
        """As whom the conversation's state is changed."""
        return Asker(self.scope, DASHBOARD, DEVELOPER)


class Desk:
    """The inboxes of all projects, each seen through its scope."""

    def __init__(self, database: Database, states: States) -> None:
        self._database = database
        self._states = states

    async def list(self, principal: Principal, page: Page, queue: Queue) -> tuple[Inbox, Place | None]:
        """A page of a queue, and where the next one begins."""

        def work(tx: Tx) -> tuple[Inbox, Place | None]:
            member_id, now = principal.member_id, present()
            found = inbox.list_entries(tx, principal.scope, page, queue, member_id=member_id, now=now)
            shown, following = cut(found, page, lambda each: Place(each.updated_at, each.user_id))
            counts = inbox.count(tx, principal.scope, member_id=member_id, now=now)
            names = list_member_names(tx, principal.account)
            queues: dict[Queue, InboxQueue] = {name: InboxQueue.of(count) for name, count in counts.items()}
            return Inbox(queues=queues, entries=[InboxEntry.of(each, names) for each in shown]), following

        return await self._database.read(work)

    async def get(self, chair: Chair) -> InboxConversation:
        """A conversation of the inbox. Raises `NotFound`."""

        def work(tx: Tx) -> InboxConversation:
            kept = find_conversation(tx, chair.asker)
            messages = kept.history[-SHOWN:] if kept else ()
            return InboxConversation(
                entry=_shown(tx, chair, inbox.get(tx, chair.scope)),
                messages=[SaidMessage.of(each) for each in messages],
                files=[*list_files(tx, chair.scope)][-SHOWN:],
                notes=[InboxNote.of(each) for each in inbox.list_notes(tx, chair.scope)],
            )

        return await self._database.read(work)

    async def take(self, chair: Chair) -> InboxEntry:
        """Has the conversation be the member's, whoever had it: the agent or nobody.

        Raises `NotFound`, and `Conflict` with who has it.
        """
        await self._exists(chair)
        taken: list[InboxEntry] = []

        async def change(document: Document, seat: Seat) -> Edit:
            state = state_of(document, seat)
            is_new = hand_over(state, since=iso(from_milliseconds(present())))

            def also(tx: Tx) -> None:
                if is_new or inbox.find(tx, chair.scope) is None:
                    handed = Handed(PERSON, "A person has taken the conversation over.")
                    inbox.hand_over(tx, chair.scope, handed, platform=DASHBOARD, now=present())
                entry = inbox.get(tx, chair.scope)
                taken.append(_shown(tx, chair, _seat(tx, chair, entry)))

            return replace(with_state(seat, state), also=also)

        await self._states.change(chair.asker, change)
        return taken[0]

    async def reply(self, chair: Chair, reply: Reply, key: Key | None) -> tuple[Answered | bytes, bool]:
        """Says something to the user, who hears of it once, now or later; takes the conversation if nobody has it.

        The answer, and whether it is the one that `key` was answered with before. Raises `NotFound`, and `Conflict`
        with who has the conversation.
        """
        await self._exists(chair)
        message = Message("person", content(reply), present())
        answered: list[Answered] = []

        async def change(document: Document, seat: Seat) -> Edit:
            state = state_of(document, seat)

            def also(tx: Tx) -> None:
                _once(tx, chair.scope, key)
                if not is_silent(state):
                    raise Conflict(AGENT_HAS_IT + " Take it first.")
                _seat(tx, chair, inbox.get(tx, chair.scope))
                name = _name(tx, chair)
                events.add(tx, chair.scope, said(reply, name), now=message.created_at)
                last = {"last_role": message.role, "last_text": message.content[: inbox.EXCERPT]}
                values = {"waiting_since": None, "snoozed_until": 0, "updated_at": message.created_at}
                entry = inbox.changed(tx, chair.scope, **values, **last)
                answer = Answered(entry=_shown(tx, chair, entry), message=SaidMessage.of(message))
                if key is not None:
                    body = answer.model_dump_json(by_alias=True).encode()
                    repeat.add_answer(tx, chair.scope, key, body, now=message.created_at)
                answered.append(answer)

            return replace(with_state(seat, state), said=(message,), also=also)

        try:
            await self._states.change(chair.asker, change)
        except _Repeated as repeated:
            return repeated.body, True
        return answered[0], False

    async def note(self, chair: Chair, text: str) -> InboxNote:
        """Notes something for the others. Raises `NotFound`."""

        def work(tx: Tx) -> InboxNote:
            inbox.lock(tx, chair.scope)
            name, now = _name(tx, chair), present()
            note = inbox.add_note(tx, chair.scope, member_id=chair.member_id, member_name=name, text=text, now=now)
            if inbox.find(tx, chair.scope) is not None:
                inbox.changed(tx, chair.scope, updated_at=now)
            return InboxNote.of(note)

        return await self._database.write(work)

    async def assign(self, chair: Chair, member_id: str | None) -> InboxEntry:
        """Gives the conversation to a member, or to whoever takes it.

        Raises `NotFound`, `BadRequest` for one who may not answer, and `Conflict` when no person has it.
        """

        def work(tx: Tx) -> InboxEntry:
            inbox.lock(tx, chair.scope)
            entry = _open(tx, chair.scope)
            if member_id is not None:
                _check_member(tx, chair.principal, member_id)
            now = present()
            if member_id is not None and member_id != entry.member_id:
                name = list_member_names(tx, chair.principal.account)[member_id]
                events.add(tx, chair.scope, [came(name)], now=now)
            status = WAITING if member_id is None else TAKEN
            changed = inbox.changed(tx, chair.scope, status=status, member_id=member_id, updated_at=now)
            return _shown(tx, chair, changed)

        return await self._database.write(work)

    async def snooze(self, chair: Chair, until: int) -> InboxEntry:
        """Has the conversation out of sight until then (ms since 1970). Raises `NotFound` and `Conflict`."""

        def work(tx: Tx) -> InboxEntry:
            inbox.lock(tx, chair.scope)
            _open(tx, chair.scope)
            add_job(tx, chair.scope.project, NewJob(inbox.WAKE, chair.scope.user_id, run_at=until))
            return _shown(tx, chair, inbox.changed(tx, chair.scope, snoozed_until=until, updated_at=present()))

        return await self._database.write(work)

    async def give(self, chair: Chair, note: str | None, *, resolves: bool = False) -> None:
        """Gives the conversation back to the agent, which goes on with the user's next action.

        It reads what was said meanwhile, and the note. What `resolves` settles the user's matter: then the agent begins
        anew. Raises `NotFound`, and `Conflict` when no person has it.
        """
        await self._exists(chair)

        async def change(document: Document, seat: Seat) -> Edit:
            state = state_of(document, seat)
            between = await self._database.read(lambda tx: _between(tx, chair))
            told: dict[str, Json] = {"said": between, "note": note} if between or note else {}
            if not hand_back(state, told):
                raise Conflict(AGENT_HAS_IT)
            if resolves:
                rest(state)
            status = RESOLVED if resolves else RETURNED
            also = partial(inbox.close, scope=chair.scope, status=status, now=present())
            event = way_back(resolved=resolves)
            return replace(with_state(seat, state), events=(event,), resolves=resolves, also=also)

        await self._states.change(chair.asker, change)

    async def entry(self, chair: Chair) -> InboxEntry:
        """The conversation as the inbox has it. Raises `NotFound`."""
        return await self._database.read(lambda tx: _shown(tx, chair, inbox.get(tx, chair.scope)))

    async def _exists(self, chair: Chair) -> None:
        """Raises `NotFound`: to take a seat would begin the conversation."""
        kept = await self._database.read(lambda tx: find_conversation(tx, chair.asker))
        if kept is None or not kept.revision:
            raise NotFound("There is no such conversation.")


class _Repeated(Exception):
    """The request was made before, and was answered with this."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body


def _once(tx: Tx, scope: ConversationScope, key: Key | None) -> None:
    """Raises `_Repeated` where the key was answered before."""
    found = repeat.find(tx, scope, key, now=present()) if key is not None else None
    if found is not None:
        raise _Repeated(found.body)


def _seat(tx: Tx, chair: Chair, entry: Entry) -> Entry:
    """The entry with the member in it. Raises `Conflict` with who has it."""
    if entry.status == TAKEN:
        if entry.member_id == chair.member_id:
            return entry
        who = list_member_names(tx, chair.principal.account).get(entry.member_id or "", "Somebody else")
        raise Conflict(f"{who} has this conversation.", details=[At("member", who)])
    now = present()
    events.add(tx, chair.scope, [came(_name(tx, chair))], now=now)
    return inbox.changed(tx, chair.scope, status=TAKEN, member_id=chair.member_id, snoozed_until=0, updated_at=now)


def _open(tx: Tx, scope: ConversationScope) -> Entry:
    entry = inbox.get(tx, scope)
    if entry.status not in OPEN:
        raise Conflict(AGENT_HAS_IT)
    return entry


def _between(tx: Tx, chair: Chair) -> list[Json]:
    """What was said since the conversation was handed over."""
    entry, kept = inbox.find(tx, chair.scope), find_conversation(tx, chair.asker)
    if entry is None or kept is None:
        return []
    since = [each for each in kept.history if each.created_at >= entry.handed_at and each.role != "assistant"]
    return [{"role": each.role, "text": each.content} for each in since[-READ:]]


def _shown(tx: Tx, chair: Chair, entry: Entry) -> InboxEntry:
    return InboxEntry.of(entry, list_member_names(tx, chair.principal.account))


def _name(tx: Tx, chair: Chair) -> str:
    return list_member_names(tx, chair.principal.account)[chair.member_id]


def _check_member(tx: Tx, principal: Principal, member_id: str) -> None:
    try:
        member = get_member(tx, principal.account, member_id)
    except NotFound as error:
        raise BadRequest.at("memberId", error.message) from None
    if "answer" not in RIGHTS[member.role]:
        raise BadRequest.at("memberId", f"{member.name} is a {member.role}, who may not answer.")
