"""A project with a pipeline, and what it publishes to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.deployments.calling import Line, Place
from tests.engine.talk import step, workflow
from tests.webhooks.receiving import PATIENCE_SECONDS

SECRET = "a-secret-that-both-sides-know"
WRITER = workflow("writer", step("say", "message", text="Our shop opens on Saturdays."), wires="start > say")


@dataclass
class Press:
    """A project that publishes: its owner, and the systems outside."""

    line: Line
    own_place: Place

    @property
    def path(self) -> str:
        return f"{self.line.path}/runs"

    @property
    def owner(self) -> httpx2.AsyncClient:
        return self.line.owner

    def webhook(self, name: str = "cms") -> dict[str, Any]:
        """A target at the project's own receiver."""
        config = {"url": f"{self.line.receiver.url}/{name}", "secret": "{{secrets.CMS}}"}
        return {"connector": "webhook", "config": config}

    def slack(self, name: str = "slack") -> dict[str, Any]:
        """A target of which a double would be seen: `answers` of the receiver say how it is taken."""
        config = {"botToken": "{{secrets.CMS}}", "channel": "C1", "baseUrl": f"{self.line.receiver.url}/{name}"}
        return {"connector": "slack", "config": config}

    async def save(self, *workflows: dict[str, Any], publish: bool = False, **pipeline: Any) -> None:
        """Saves one pipeline `news`, and publishes it where asked."""
        whole = {
            "id": "news",
            "name": "News",
            "enabled": True,
            "schedule": None,
            "workflowId": "writer",
            "approval": "person",
            "targets": [self.webhook()],
            **pipeline,
        }
        main = workflow("main", step("hi", "message", text="Hello!"), wires="start > hi")
        variables = [{"name": name, "type": "text", "default": ""} for name in ("reviewNote", "previousText")]
        body = {
            "framework": "outbound",
            "workflows": [{**main, "primary": True}, *(workflows or (WRITER,))],
            "variables": variables,
            "secrets": [{"name": "CMS", "value": SECRET}],
            "pipelines": [whole],
        }
        saved = await self.owner.patch(self.line.path, json=body)
        assert saved.status_code == 200, saved.text
        if publish:
            published = await self.owner.post(f"{self.line.path}/publish", json={})
            assert published.status_code == 201, published.text

    async def begin(self, **headers: str) -> dict[str, Any]:
        """A new run."""
        made = await self.owner.post(self.path, json={"pipelineId": "news"}, headers=headers)
        assert made.status_code == 201, made.text
        return made.json()

    async def post(self, run: dict[str, Any], what: str, **body: Any) -> httpx2.Response:
        return await self.owner.post(f"{self.path}/{run['id']}/{what}", json=body)

    async def read(self, run: dict[str, Any]) -> dict[str, Any]:
        answer = await self.owner.get(f"{self.path}/{run['id']}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def until(self, run: dict[str, Any], is_so: str | Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The run, once it has a status, or once it is so."""
        found: dict[str, Any] = {}
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    found = await self.read(run)
                    if found["status"] == is_so if isinstance(is_so, str) else is_so(found):
                        return found
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"never {is_so}: {found}") from None

    async def waiting(self) -> dict[str, Any]:
        """A run whose text waits for a person."""
        return await self.until(await self.begin(), "waiting")
