"""The workflow of a pipeline writes, in a turn without a user: taken once, however often this runs."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, cast

import orjson

from conduet.conversations.journal import Build
from conduet.conversations.scope import DEVELOPER, Asker, ConversationScope
from conduet.conversations.spoken import spoken
from conduet.conversations.store.repeat import Key
from conduet.conversations.turn import Ask
from conduet.conversations.turns import Turns
from conduet.engine.action import LaunchAction, action_json
from conduet.engine.channel.outbound import Line
from conduet.engine.channel.target import Picture
from conduet.engine.outside import Unreachable
from conduet.errors import BadRequest, ConduetError, Conflict, RateLimited, Unavailable
from conduet.jobs.store import Running
from conduet.jobs.worker import Later
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.exchange import Exchange
from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps
from conduet.outbound.outbox import release
from conduet.outbound.run_store import Approval, Run, change_run, find_run
from conduet.outbound.targets import Targets
from conduet.projects.documents import Documents
from conduet.projects.store import resolve_version

PLATFORM: Final = "outbound"
NOTE: Final = "reviewNote"
FORMER: Final = "previousText"
"""The variables by which a workflow that writes again knows what was asked for, and what it wrote before."""

BUSY_SECONDS: Final = 1.0
_WAITS: Final = frozenset(("buttons", "approval", "client-action", "handoff", "escalation", "listen"))


@dataclass(frozen=True, slots=True)
class Written:
    """What a workflow has said, or why that is no post."""

    text: str = ""
    pictures: tuple[Picture, ...] = ()
    problem: str | None = None


class Generating:
    """Runs the jobs in which workflows write."""

    def __init__(self, database: Database, documents: Documents, turns: Turns, targets: Targets, line: Line) -> None:
        self._database = database
        self._documents = documents
        self._turns = turns
        self._targets = targets
        self._line = line

    async def run(self, running: Running) -> None:
        """Has the workflow write, and hands on to a person, or to the targets where nobody has to be asked."""
        run_id, number = cast("tuple[str, int]", running.payload)
        run = await self._database.read(lambda tx: find_run(tx, running.scope, run_id))
        if run is None or run.status != "generating" or run.round != number:
            await self._database.write(running.finish)
            return
        written = await self._write(run)
        if self._targets.uploads(run):
            written = replace(written, pictures=tuple([await self._seen(each) for each in written.pictures]))
        await self._database.write(partial(self._hand_on, running, run, written))

    def dead(self, tx: Tx, running: Running, reason: str) -> None:
        """Notes that it was given up."""
        run_id, _ = cast("tuple[str, int]", running.payload)
        run = find_run(tx, running.scope, run_id)
        if run is not None:
            change_run(tx, run, before=("generating",), now=milliseconds(now()), status="failed", problem=reason)

    async def _write(self, run: Run) -> Written:
        try:
            answer = await self._turns.take(await self._ask(run), Exchange(new_id("req"), "")).answer()
        except RateLimited as error:
            raise Later(float(error.headers["Retry-After"])) from None
        except Unavailable:
            raise
        except Conflict:
            raise Later(BUSY_SECONDS) from None
        except ConduetError as error:
            return Written(problem=error.message)
        if answer.turn_id is None:
            told: dict[str, str] = orjson.loads(answer.body)
            return Written(problem=told["error"])
        traces: list[dict[str, Any]] = orjson.loads(spoken(answer.body))
        return read_post(traces)

    async def _seen(self, picture: Picture) -> Picture:
        """A picture with what it is, so that what a target would not take is told before anybody approves it."""
        try:
            file = await self._line.file(picture.url)
        except Unreachable as failure:
            return replace(picture, problem=failure.message)
        sha256 = hashlib.sha256(file.content).hexdigest()
        return replace(picture, mime_type=file.mime_type, size=len(file.content), sha256=sha256)

    async def _ask(self, run: Run) -> Ask:
        """The turn: of a conversation of its own in each round, with the same key whenever it is asked for."""
        resolved = await self._database.read(lambda tx: resolve_version(tx, run.scope, run.version_id))
        document = await self._documents.get(run.scope, resolved.revision)
        workflow_id = str(run.pipeline.get("workflowId"))
        workflow = document.workflows.get(workflow_id)
        if workflow is None or workflow.start is None:
            raise BadRequest.at("workflowId", f"There is no workflow {workflow_id!r}, or it has no start.")
        name = f"{run.id}:{run.round}"
        action = LaunchAction(type="launch", payload=None)
        body = dumps(action_json(action))
        variables: dict[str, Json] = {NOTE: run.note or "", FORMER: run.text or ""}
        return Ask(
            Asker(ConversationScope(run.scope, f"outbound:{name}"), PLATFORM, DEVELOPER),
            run.version_id,
            action,
            body,
            variables if run.round > 1 else None,
            key=Key(hashlib.sha256(name.encode()).hexdigest(), hashlib.sha256(body).digest()),
            build=Build((workflow_id, workflow.start.id)),
        )

    def _hand_on(self, running: Running, run: Run, written: Written, tx: Tx) -> None:
        running.finish(tx)
        at = milliseconds(now())
        change = partial(change_run, tx, run, before=("generating",), now=at)
        values: dict[str, Any] = {"text": written.text, "pictures": written.pictures}
        if written.problem is not None:
            change(status="failed", problem=written.problem, **values)
            return
        if run.pipeline.get("approval") != "none":
            change(status="waiting", **values)
            return
        ready = replace(run, text=written.text, pictures=written.pictures)
        try:
            secrets = self._targets.secrets(tx, run.scope, version_id=run.version_id)
            problems = self._targets.problems(tx, ready, written.text, secrets, at=at)
        except BadRequest as error:
            change(status="failed", problem=error.message, **values)
            return
        if problems:
            told = " ".join(f"{each.path}: {each.message}" for each in problems)
            change(status="failed", problem=told, **values)
        elif change(pictures=written.pictures):
            approval = Approval("pipeline", None, at, ready.digest(written.text))
            release(tx, ready, approval, text=written.text, publish_at=at, before="generating")


def read_post(traces: Sequence[Mapping[str, Any]]) -> Written:
    """The post that traces make: their texts, a paragraph each, and their pictures."""
    texts: list[str] = []
    pictures: list[Picture] = []
    problem: str | None = None
    for trace in traces:
        kind, payload = trace["type"], trace["payload"]
        if kind == "text":
            texts.append(str(payload["message"]).strip())
        elif kind == "image":
            pictures.append(Picture(str(payload["url"]), str(payload.get("alt") or "")))
        elif kind == "error":
            problem = problem or f"The workflow failed: {payload['message']}"
        elif kind in _WAITS:
            problem = problem or f"The workflow waits for somebody (`{kind}`): in a pipeline there is nobody."
    text = "\n\n".join(each for each in texts if each)
    return Written(text, tuple(pictures), problem or (None if text else "The workflow said nothing."))
