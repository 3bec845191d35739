"""Talking to a project over HTTP: documents of a few steps, and conversations as short lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.conftest import Owned
from tests.engine.talk import line, step, workflow

ASK = workflow(
    "main",
    step("hello", "message", text="Hello!"),
    step("name", "capture", text="Your name?", variable="name", type="text"),
    step("count", "set", assignments=[{"variable": "count", "expression": "count + 1"}]),
    step("thanks", "message", text="Thank you, {{name}}."),
    step("size", "buttons", text="Which size?", buttons=[{"id": "s", "label": "Small"}, {"id": "l", "label": "Large"}]),
    step("bye", "message", text="Bye."),
    step("end", "end", resolved=True),
    wires="start > hello, hello > name, name > count, count > thanks, thanks > size, size.s > bye, size.l > bye,"
    "bye > end",
)
VARIABLES = [
    {"name": "name", "type": "text", "client": True},
    {"name": "count", "type": "number", "default": 0},
    {"name": "tier", "type": "text", "default": "basic", "scope": "user"},
]
COUNTING = (
    line(
        step("read", "set", assignments=[{"variable": "seen", "expression": "count"}]),
        step("wait", "delay", seconds=0.02),
        step("add", "set", assignments=[{"variable": "count", "expression": "seen + 1"}]),
        step("say", "message", text="{{count}}"),
    ),
    [{"name": "count", "type": "number", "default": 0}, {"name": "seen", "type": "number"}],
)
"""A flow that would count wrong if two turns overlapped, and its variables."""

HELLO = line(step("hello", "message", text="Hello!"))


def slow(seconds: float) -> dict[str, Any]:
    """A flow that says something, takes a while, and says something again."""
    return line(
        step("one", "message", text="One."), step("wait", "delay", seconds=seconds), step("two", "message", text="Two.")
    )


async def save(owner: httpx2.AsyncClient, project: Owned, *workflows: dict[str, Any], **more: Any) -> None:
    """Makes these the project's workflows."""
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json={"workflows": list(workflows), **more})
    assert saved.status_code == 200, saved.text


async def publish(owner: httpx2.AsyncClient, project: Owned) -> str:
    """Publishes the draft; the version's id."""
    published = await owner.post(f"/api/v1/projects/{project.id}/publish", json={})
    assert published.status_code == 201, published.text
    return published.json()["id"]


@dataclass
class Talker:
    """One user of a project."""

    client: httpx2.AsyncClient
    user_id: str = "user_1"
    base: str = "/api/v1/conversations"
    last: httpx2.Response | None = None

    def path(self, rest: str) -> str:
        return f"{self.base}/{self.user_id}/{rest}"

    async def send(
        self, action: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx2.Response:
        self.last = await self.client.post(self.path("interact"), json={"action": action, **more}, headers=headers)
        return self.last

    async def act(self, action: Mapping[str, Any], **more: Any) -> list[str]:
        answer = await self.send(action, **more)
        assert answer.status_code == 200, answer.text
        return told(answer.json())

    async def say(self, text: str, **more: Any) -> list[str]:
        return await self.act({"type": "text", "payload": text}, **more)

    async def launch(self, **more: Any) -> list[str]:
        return await self.act({"type": "launch"}, **more)

    async def press(self, label: str, **more: Any) -> list[str]:
        return await self.act({"type": "button", "payload": {"label": label}}, **more)

    async def state(self) -> dict[str, Any]:
        answer = await self.client.get(self.path("state"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def turn_id(self) -> str:
        assert self.last is not None
        return self.last.headers["X-Turn-Id"]


def told(traces: list[dict[str, Any]]) -> list[str]:
    """Traces as lines, without `debug` and `step`."""
    return [_line(trace) for trace in traces if trace["type"] not in ("debug", "step")]


def _line(trace: dict[str, Any]) -> str:
    payload = trace["payload"]
    match trace["type"]:
        case "text":
            return payload["message"]
        case "buttons":
            return "".join(f"[{button['label']}]" for button in payload["buttons"])
        case "error":
            return f"error {payload['code']}"
        case kind:
            return kind
