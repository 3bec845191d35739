"""`conduet chat`: a conversation in the terminal, over the same API that everybody uses."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import cast

import aiohttp

from conduet.cli.remote import find_project, refuse, speak
from conduet.cli.say import note, out
from conduet.kit.json import Json

TURN_SECONDS = 150


@dataclass(slots=True)
class Talk:
    """One user's conversation with one project; remembers the buttons that were shown last."""

    http: aiohttp.ClientSession
    project_id: str
    user_id: str
    version: str
    trace: bool
    buttons: list[dict[str, Json]] = field(default_factory=list[dict[str, Json]])

    async def send(self, action: dict[str, Json]) -> None:
        """Takes one turn and shows it."""
        self.buttons = []
        body = {"userId": self.user_id, "action": action, "versionId": self.version}
        path = f"/api/v1/projects/{self.project_id}/chat/stream"
        async with self.http.post(path, json=body) as response:
            if response.status != 200:
                await refuse(response)
            async for trace in _events(response):
                self._show(trace)

    def action(self, line: str) -> dict[str, Json]:
        """What a typed line means: a number or a label presses a button that was shown, anything else is text."""
        for number, button in enumerate(self.buttons, 1):
            if line in (str(number), button["label"]):
                return {"type": "button", "payload": {"label": button["label"], "value": button["value"]}}
        return {"type": "text", "payload": line}

    def _show(self, trace: dict[str, Json]) -> None:
        payload = cast(dict[str, Json], trace["payload"])
        if trace["type"] == "buttons":
            self.buttons = cast(list[dict[str, Json]], payload["buttons"])
        if self.trace:
            out(json.dumps(trace, ensure_ascii=False))
            return
        match trace["type"]:
            case "text":
                out(str(payload["message"]))
            case "buttons":
                for number, button in enumerate(self.buttons, 1):
                    out(f"  {number}. {button['label']}")
            case "image" | "video" | "audio" | "file":
                out(f"[{trace['type']}] {payload['url']}")
            case "error":
                note(f"error: {payload['message']}")
            case "end":
                note("(the conversation has ended; the next message begins it again)")
            case _:
                pass


def chat(project: str, *, version: str, user: str | None, trace: bool) -> None:
    """Talks until an empty line or the end of the input."""

    async def talk(http: aiohttp.ClientSession) -> None:
        project_id = await find_project(http, project)
        talk = Talk(http, project_id, user or f"chat-{secrets.token_hex(4)}", version, trace)
        await talk.send({"type": "launch", "payload": None})
        while line := (await asyncio.to_thread(input, "> ")).strip():
            await talk.send(talk.action(line))

    try:
        speak(talk, purpose="chat", seconds=TURN_SECONDS)
    except (KeyboardInterrupt, EOFError):
        note("")


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Json]]:
    async for line in response.content:
        data = line.decode().rstrip("\n")
        if data.startswith("data: ") and data != "data: [DONE]":
            yield json.loads(data.removeprefix("data: "))
