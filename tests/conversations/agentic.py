"""A server for agentic projects of its own: models that play a script behind real HTTP, and who asks them."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.kit.db import Database, open_database
from conduet.migrations import migrate
from conduet.settings import Settings
from tests.agents.obeying import Answer
from tests.agents.talking import tool
from tests.conftest import Owned, migrated_database, new_client, new_key, new_token, started
from tests.conversations.agentic_wire import MODELS, answered
from tests.conversations.talking import Talker
from tests.providers.playing import Playing, playing

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

    @property
    def path(self) -> str:
        """The project's own, for who owns it."""
        return f"/api/v1/projects/{self.project.id}"

    async def save(self, **document: Any) -> None:
        """Changes the project's document."""
        saved = await self.owner.patch(self.path, json=document)
        assert saved.status_code == 200, saved.text


def harness(**config: Any) -> dict[str, Any]:
    """The part of a project's document that configures the harness."""
    return {"behaviourConfig": {"agentHarness": config}}


def coded(name: str, code: str, **more: Any) -> dict[str, Any]:
    """A tool of the project that runs a line of JavaScript."""
    return tool(name, config={"language": "javascript", "code": code}, **more)


def configured(url: str, *, kind: str = "openai") -> dict[str, str]:
    """The environment of a server whose provider of that kind is at `url`."""
    name = {"openai_responses": "OPENAI", "openai": "OPENAI", "anthropic": "ANTHROPIC", "google": "GOOGLE"}[kind]
    key = "GEMINI_API_KEY" if kind == "google" else f"{name}_API_KEY"
    return {key: KEY, f"{name}_BASE_URL": url}


def everywhere(url: str) -> dict[str, str]:
    """The environment of a server all of whose providers are at `url`."""
    return {name: value for kind in MODELS for name, value in configured(url, kind=kind).items()}


@dataclass
class House:
    """An application, the server that plays all its models, and agentic projects in it, one after the other."""

    app: Edge
    database: Database
    settings: Settings
    server: Playing
    owner: httpx2.AsyncClient
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def agent(self, kind: str, *answers: Answer, **document: Any) -> Place:
        """A new project whose model speaks that wire format and gives these answers, the last one for ever."""
        self.script(kind, *answers)
        behaviour = {"model": MODELS[kind], **document.pop("behaviourConfig", {})}
        return await self.place(framework="agentic", behaviourConfig=behaviour, **document)

    def script(self, kind: str, *answers: Answer) -> None:
        """What the models say from now on; what they were asked before is forgotten."""
        self.server.replies = [answered(kind, each) for each in answers]
        self.server.asked.clear()

    async def place(self, **document: Any) -> Place:
        """A new project with that document."""
        made = await self.owner.post("/api/v1/projects", json={"name": "Test"})
        assert made.status_code == 201, made.text
        key = await new_key(self.owner, made.json()["id"])
        client = await self.stack.enter_async_context(new_client(self.app, key=key))
        place = Place(self.app, self.database, self.owner, Owned(made.json()["id"], key, client))
        await place.save(**document)
        return place

    @asynccontextmanager
    async def again(self, place: Place) -> AsyncGenerator[Talker]:
        """The project's user as another process of the same server meets them."""
        app = create_app(self.settings, environment=everywhere(self.server.url))
        async with started(app), new_client(app, key=place.project.key) as client:
            yield Talker(client)


@asynccontextmanager
async def housing(settings: Settings, **more: str) -> AsyncGenerator[House]:
    """The application over the database of `settings`, with `more` in its environment."""
    migrate(settings.database)
    database = open_database(settings.database, run_dir=settings.run_dir)
    try:
        async with playing() as server:
            app = create_app(settings, environment={**everywhere(server.url), **more})
            async with started(app), new_client(app, key=new_token(database)) as owner, AsyncExitStack() as stack:
                yield House(app, database, settings, server, owner, stack)
    finally:
        database.close_now()


@asynccontextmanager
async def agentic(
    folder: Path, environment: Mapping[str, str], *, model: str | None = "openai:m", **document: Any
) -> AsyncGenerator[Place]:
    """The application over an empty database, with one agentic project."""
    with migrated_database("sqlite", folder) as url:
        settings = Settings(data=folder, database_url=url, model=model, demo=False)
        database = open_database(settings.database, run_dir=settings.run_dir)
        app = create_app(settings, environment=environment)
        try:
            async with started(app), new_client(app, key=new_token(database)) as owner, AsyncExitStack() as stack:
                house = House(app, database, settings, Playing(), owner, stack)
                yield await house.place(framework="agentic", **document)
        finally:
            database.close_now()
