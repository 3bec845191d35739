"""The state of a conversation as clients read and change it, one after the other with its turns."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from conduet.accounts.principal import ProjectScope
from conduet.analytics.store import Message, StoredMessage
from conduet.conversations import queue
from conduet.conversations.approving import MARK, settled_by_hand
from conduet.conversations.scope import Asker
from conduet.conversations.store import edit as editing
from conduet.conversations.store import inbox, lease
from conduet.conversations.store.approvals import Settled
from conduet.conversations.store.clock import present
from conduet.conversations.store.edit import Edit, Seat
from conduet.conversations.store.reading import Kept, find_conversation
from conduet.conversations.store.shared import Shared, list_shared
from conduet.conversations.turn import dump, load
from conduet.conversations.variables import check_client, client_variables
from conduet.conversations.wire import HistoryEntry, NewState
from conduet.engine.document import Document
from conduet.engine.handing import PERSON
from conduet.engine.run import at_rest, fresh_state, is_silent, set_variables, user_scoped
from conduet.engine.state import State
from conduet.engine.values import Json
from conduet.errors import BadRequest, ConduetError, NotFound, Unavailable
from conduet.kit.clock import from_milliseconds, in_utc, iso, milliseconds
from conduet.kit.db import Database, Tx
from conduet.kit.etag import check_if_match
from conduet.kit.ids import new_id
from conduet.projects.documents import Documents
from conduet.projects.store import DEVELOPMENT, resolve_version

ATTEMPTS = 5
"""How often the draft is looked up again when a save came in between."""

Change = Callable[[Document, Seat], Awaitable[Edit]]
"""What a conversation becomes that nobody else changes meanwhile."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A state as it is answered, and the revision for its `ETag`."""

    revision: int
    body: dict[str, Json]


class States:
    """Reads and changes states; every change waits for its turn in the conversation."""

    def __init__(self, database: Database, documents: Documents) -> None:
        self._database = database
        self._documents = documents

    async def get(self, asker: Asker) -> Shown:
        """The state; a fresh one of a user who was never seen. Raises `NotFound` when it is not for the asker."""

        def read(tx: Tx) -> tuple[Kept | None, Sequence[Shared]]:
            return find_conversation(tx, asker), list_shared(tx, asker.scope, now=present()) if asker.is_page else ()

        found, shared = await self._database.read(read)
        kept = found or Kept(0, None, b"", (), 0)
        document = await self.document(asker.scope.project, kept.version_id)
        return _show(asker, kept, document, shared)

    async def put(self, asker: Asker, new: NewState, *, if_match: str | None) -> Shown:
        """Replaces the state whole. Raises `BadRequest` by path when a variable is of the wrong type."""
        history = [_message(index, entry) for index, entry in enumerate(new.history)]

        async def change(document: Document, seat: Seat) -> Edit:
            state = State(internal=dict(new.internal))
            set_variables(document, state, new.variables)
            first, after = seat.message_count, dump(state)
            kept = _settled(document, state, seat)
            moved = _moved(asker, was_silent=is_silent(state_of(document, seat)), silent=is_silent(state))
            edit = Edit(seat.version_id, after, at_rest(state), first, seat.transcript_id, history, settled=kept)
            return replace(edit, also=moved)

        await self.change(asker, change, if_match=if_match)
        return await self.get(asker)

    async def patch(self, asker: Asker, values: Mapping[str, Json], *, if_match: str | None) -> Shown:
        """Merges variables into the state, all or none. Raises `BadRequest` by path when one cannot be set."""

        async def change(document: Document, seat: Seat) -> Edit:
            if asker.is_page:
                check_client(document, values)
            state = state_of(document, seat)
            set_variables(document, state, values)
            return Edit(seat.version_id, dump(state), at_rest(state), seat.history_from, seat.transcript_id)

        await self.change(asker, change, if_match=if_match)
        return await self.get(asker)

    async def delete(self, asker: Asker, *, if_match: str | None) -> None:
        """Resets the conversation: only the user's own variables outlive it."""

        async def change(document: Document, seat: Seat) -> Edit:
            lasting = user_scoped(document, state_of(document, seat))
            state = fresh_state(document, seat.version_id or DEVELOPMENT)
            changed = {name: value for name, value in lasting.items() if state.variables.get(name) != value}
            state.variables |= changed
            gone = _settled(document, state, seat)
            return Edit(
                None,
                dump(state) if changed else b"",
                True,
                seat.message_count,
                None,
                settled=gone,
                forgets=True,
                also=partial(inbox.forget, scope=asker.scope),
            )

        await self.change(asker, change, if_match=if_match)

    async def change(self, asker: Asker, change: Change, *, if_match: str | None = None) -> None:
        """Changes the conversation once it is free.

        Raises what `change` raises, `PreconditionFailed`, and `Conflict` when it is busy for too long.
        """
        holder = lease.holder_of(self._database.worker, new_id("edit"))
        with self._database.hold(holder):
            await self._change(asker, change, holder, if_match)

    async def _change(self, asker: Asker, change: Change, holder: str, if_match: str | None) -> None:
        seat = await queue.enter(
            self._database, asker.scope, lambda tx, ticket: editing.take_seat(tx, asker, holder=holder, ticket=ticket)
        )
        if isinstance(seat, ConduetError):
            raise seat
        try:
            check_if_match(if_match, seat.revision)
            document = await self.document(asker.scope.project, seat.version_id)
            edit = await change(document, seat)
            save = partial(editing.save, asker=asker, seat=seat, edit=edit, holder=holder, now=present())
            is_saved = await self._database.write(save)
        except BaseException:
            await self._database.write(partial(lease.release, scope=asker.scope, holder=holder), durable=False)
            raise
        if not is_saved:
            raise Unavailable("The conversation went on without this change: send it again.")

    async def document(self, project: ProjectScope, version_id: str | None) -> Document:
        """The document that a conversation on `version_id` stands on; the draft when it stands on none."""
        for _ in range(ATTEMPTS):
            resolved = await self._database.glance(lambda tx: resolve_version(tx, project, version_id or DEVELOPMENT))
            try:
                return await self._documents.get(project, resolved.revision)
            except NotFound:
                # A save came in between: the draft is another revision now.
                continue
        raise Unavailable("The project is being saved just now: try again.")


def _settled(document: Document, state: State, seat: Seat) -> Settled | None:
    """What becomes of the approvals of a stored state that `state` takes the place of; `None` when it has none."""
    return settled_by_hand(document, state, before=state_of(document, seat)) if MARK in seat.state else None


def state_of(document: Document, kept: Seat | Kept) -> State:
    """The state of a conversation as it was stored."""
    return load(document, kept.state, version_id=kept.version_id or DEVELOPMENT)


def _moved(asker: Asker, *, was_silent: bool, silent: bool) -> Callable[[Tx], None] | None:
    """What the inbox is told of a state that is put: whether a person has the conversation stands in it."""
    if silent == was_silent:
        return None
    scope, now_ms = asker.scope, present()
    if not silent:
        return partial(inbox.close, scope=scope, status=inbox.RETURNED, now=now_ms)
    handed = inbox.Handed(PERSON, "")
    return partial(inbox.hand_over, scope=scope, handed=handed, platform=asker.platform, now=now_ms)


def _show(asker: Asker, kept: Kept, document: Document, shared: Sequence[Shared]) -> Shown:
    state = state_of(document, kept)
    if asker.is_page:
        named: list[Json] = [*_with_files([{**_said(each), **_named(each)} for each in kept.history], shared)]
        shown: dict[str, Json] = {"variables": client_variables(document, state.variables), "history": named}
    else:
        history: list[Json] = [_said(each) for each in kept.history]
        shown = {"variables": state.variables, "history": history, "internal": state.internal}
    return Shown(
        kept.revision,
        {
            "userId": asker.scope.user_id,
            "versionId": kept.version_id,
            "revision": kept.revision,
            "updatedAt": iso(from_milliseconds(kept.updated_at)) if kept.updated_at else None,
            **shown,
        },
    )


def _said(said: Message) -> dict[str, Json]:
    return {"role": said.role, "content": said.content, "createdAt": iso(from_milliseconds(said.created_at))}


def _named(said: StoredMessage) -> dict[str, Json]:
    """What a page needs to say what its reader thinks of a message, and to show what they said."""
    return {"id": said.id, "turnId": said.turn_id, "rating": said.rating, "comment": said.comment}


def _with_files(said: Sequence[dict[str, Json]], shared: Sequence[Shared]) -> Iterator[dict[str, Json]]:
    """What was said, and before what was answered to it each file that the user sent."""
    waiting = [*shared]
    for each in said:
        while waiting and (waiting[0].turn_id == each["turnId"] or _time(waiting[0]) < str(each["createdAt"])):
            yield _file(waiting.pop(0))
        yield each
    yield from map(_file, waiting)


def _file(sent: Shared) -> dict[str, Json]:
    facts: dict[str, Json] = {"url": sent.url, "mimeType": sent.mime_type, "name": sent.name}
    named: dict[str, Json] = {"id": sent.turn_id, "turnId": sent.turn_id, "rating": None, "comment": None}
    return {"role": "user", "content": sent.url, "createdAt": _time(sent), **named, "file": facts}


def _time(sent: Shared) -> str:
    return iso(from_milliseconds(sent.sent_at))


def _message(index: int, entry: HistoryEntry) -> Message:
    if entry.created_at is None:
        return Message(entry.role, entry.content, present())
    try:
        moment = datetime.fromisoformat(entry.created_at)
        moment = in_utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except ValueError:
        raise BadRequest.at(f"history[{index}].createdAt", "A time is written as ISO 8601, in UTC with Z.") from None
    return Message(entry.role, entry.content, milliseconds(moment))
