"""A server for agentic projects of its own: models that play a script behind real HTTP, and who asks them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.kit.db import Database, open_database
from conduet.migrations import migrate
from conduet.settings import Settings
from tests.conftest import Owned, new_client, new_key, new_token, started
from tests.conversations.talking import Talker

KEY = "sk-do-not-tell-anybody-this"


@dataclass
class Place:
    """The running application, a project in it, and who owns it."""

    app: Edge
    database: Database
    owner: httpx2.AsyncClient
    project: Owned

    def talker(self, user_id: str = "user_1") -> Talker:
        """A user of the project."""
        return Talker(self.project.client, user_id)

    async def save(self, **document: Any) -> None:
        """Changes the project's document."""
        saved = await self.owner.patch(f"/api/v1/projects/{self.project.id}", json=document)
        assert saved.status_code == 200, saved.text


def configured(url: str, *, kind: str = "openai") -> dict[str, str]:
    """The environment of a server whose provider of that kind is at `url`."""
    name = {"openai_responses": "OPENAI", "openai": "OPENAI", "anthropic": "ANTHROPIC", "google": "GOOGLE"}[kind]
    key = "GEMINI_API_KEY" if kind == "google" else f"{name}_API_KEY"
    return {key: KEY, f"{name}_BASE_URL": url}


@asynccontextmanager
async def agentic(
    folder: Path, environment: Mapping[str, str], *, model: str | None = "openai:m", **document: Any
) -> AsyncGenerator[Place]:
    """The application over an empty database, with one agentic project."""
    settings = Settings(data=folder, model=model, demo=False)
    migrate(settings.database)
    database = open_database(settings.database, run_dir=settings.run_dir)
    app = create_app(settings, environment=environment)
    try:
        async with started(app), new_client(app, key=new_token(database)) as owner:
            made = await owner.post("/api/v1/projects", json={"name": "Test"})
            assert made.status_code == 201, made.text
            identifier = made.json()["id"]
            changed = {"framework": "agentic", **document}
            saved = await owner.patch(f"/api/v1/projects/{identifier}", json=changed)
            assert saved.status_code == 200, saved.text
            key = await new_key(owner, identifier)
            async with new_client(app, key=key) as client:
                yield Place(app, database, owner, Owned(identifier, key, client))
    finally:
        database.close_now()
