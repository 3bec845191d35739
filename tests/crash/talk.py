"""Users who keep a server busy with numbered words, each remembering what it sent and what it was answered."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import orjson

from benchmarks.client import Answer, Connection

LAUNCH: Final = ""
GONE: Final = (ConnectionError, asyncio.IncompleteReadError)


def document() -> dict[str, Any]:
    """A flow that never ends and keeps, in its variables, every word it was ever told, in order, and their number."""
    assignments = [
        {"variable": "count", "expression": "count + 1"},
        {"variable": "words", "value": "{{words}}{{word}} "},
    ]
    steps: list[dict[str, Any]] = [
        {"id": "start", "type": "start", "config": {}},
        {"id": "ask", "type": "capture", "config": {"text": "And?", "variable": "word", "type": "text"}},
        {"id": "keep", "type": "set", "config": {"assignments": assignments}},
        {"id": "reply", "type": "message", "config": {"mode": "scripted", "text": "{{count}}: {{word}}"}},
    ]
    around = (("start", "ask"), ("ask", "keep"), ("keep", "reply"), ("reply", "ask"))
    connections = [
        {"id": f"c{index}", "source": source, "sourcePort": "next", "target": target}
        for index, (source, target) in enumerate(around)
    ]
    variables = [
        {"name": "count", "type": "number", "default": 0},
        {"name": "words", "type": "text", "default": ""},
        {"name": "word", "type": "text"},
    ]
    placed = [{**step, "position": {"x": 0, "y": 80 * index}} for index, step in enumerate(steps)]
    workflow = {"id": "main", "name": "Main", "primary": True, "steps": placed, "connections": connections}
    return {"variables": variables, "workflows": [workflow]}


@dataclass(slots=True)
class Sent:
    """One action: its word (none for the `launch`), its idempotency key, and its answer once there is one."""

    word: str
    key: str = field(default_factory=lambda: uuid4().hex)
    traces: bytes | None = None
    turn_id: str | None = None


@dataclass(slots=True)
class User:
    """One user; `sent` is everything sent so far, in order."""

    id: str
    connection: Connection
    sent: list[Sent] = field(default_factory=list[Sent])
    failures: list[str] = field(default_factory=list[str])

    async def talk(self, until: asyncio.Event) -> None:
        """Sends one word after the other until told to stop or the server is gone."""
        while not until.is_set():
            try:
                await self.say()
            except GONE:
                return

    async def say(self) -> None:
        """Sends the next word."""
        self.sent.append(Sent(f"{self.id}-{len(self.sent)}" if self.sent else LAUNCH))
        await self._send(self.sent[-1])

    async def go_on(self, *, again: bool) -> float:
        """What the user does once the server is back; returns the seconds until it is answered.

        With `again` an action that was not answered is sent once more with its key, as a careful client does; else it
        is left, and the user says something new.
        """
        begun = time.perf_counter()
        last = self.sent[-1] if self.sent else None
        if again and last and last.traces is None:
            await self._send(last)
        else:
            await self.say()
        return time.perf_counter() - begun

    async def state(self) -> dict[str, Any]:
        """What the server says of the conversation."""
        answer = await self.connection.send("GET", f"/api/v1/conversations/{self.id}/state")
        if answer.status != 200:
            self.failures.append(f"state: {answer.status} {answer.body[:200]!r}")
        return orjson.loads(answer.body)

    async def _send(self, sent: Sent) -> None:
        action = {"type": "text", "payload": sent.word} if sent.word else {"type": "launch", "payload": None}
        body = orjson.dumps({"action": action, "versionId": "production"})
        headers = {"Content-Type": "application/json", "Idempotency-Key": sent.key}
        path = f"/api/v1/conversations/{self.id}/interact"
        answer = await self.connection.post(path, body, headers=headers)
        if answer.status != 200 or not _fits(answer, sent.word):
            self.failures.append(f"{sent.word or 'launch'}: {answer.status} {answer.body[:200]!r}")
        sent.traces, sent.turn_id = answer.body, answer.headers.get("x-turn-id")


def _fits(answer: Answer, word: str) -> bool:
    """Whether the answer is one to this word, and whole."""
    texts = [trace["payload"]["message"] for trace in orjson.loads(answer.body)]
    return texts[-1] == "And?" and (not word or (len(texts) == 2 and texts[0].endswith(f": {word}")))
