"""Makes a project from a brief, whatever the brief and whatever the model does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from conduet.accounts.principal import Principal, ProjectScope
from conduet.analytics.store import DASHBOARD
from conduet.analytics.usage_store import ModelUse, Uses, add_uses
from conduet.engine.plugins import Plugins
from conduet.errors import BadRequest
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from conduet.kit.ids import new_id
from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import ModelError
from conduet.llm.models import Models
from conduet.llm.name import Chain
from conduet.projects.document import JsonObject
from conduet.projects.draft import Draft
from conduet.projects.generating.brief import Brief
from conduet.projects.generating.composing import compose
from conduet.projects.generating.judging import Useless
from conduet.projects.generating.writing import Writer
from conduet.projects.service import Projects

SECONDS: Final = 240.0
"""How long a model may take for all of it; then the project is composed."""

TEMPLATES: Final = "templates"
NOTHING: Final = "brief"


@dataclass(frozen=True, slots=True)
class Generated:
    """A new project; `origin` tells what it was made by: `model openai:…`, `templates faq, support` or `brief`."""

    draft: Draft
    origin: str


class Generator:
    """`chain` are the server's models; where the first of them cannot write, projects are composed."""

    def __init__(
        self, database: Database, projects: Projects, plugins: Plugins, *, models: Models, chain: Chain
    ) -> None:
        self._database = database
        self._projects = projects
        self._plugins = plugins
        self._models = models
        self._chain = chain

    async def generate(self, principal: Principal, brief: Brief) -> Generated:
        """A new project that is finished: nothing refuses to publish it."""
        writer = Writer(self._models, self._chain, self._plugins)
        written = await self._written(writer, brief) if self._models.converse(self._chain) else None
        if written is not None:
            try:
                draft = await self._projects.create(principal, {**written, "slug": None})
            except BadRequest as error:
                structlog.get_logger().warning("generated_project_refused", problem=error.message)
            else:
                await self._count(draft, writer.answers)
                return Generated(draft, f"model {writer.answers[-1].model}")
        composition = await asyncio.to_thread(compose, brief)
        draft = await self._projects.create(principal, composition.document)
        await self._count(draft, writer.answers)
        origin = f"{TEMPLATES} {', '.join(composition.templates)}" if composition.templates else NOTHING
        return Generated(draft, origin)

    async def _written(self, writer: Writer, brief: Brief) -> JsonObject | None:
        try:
            async with asyncio.timeout(SECONDS):
                return await writer.write(brief)
        except (ModelError, Useless, TimeoutError) as error:
            structlog.get_logger().warning("project_not_written_by_model", problem=str(error) or type(error).__name__)
            return None

    async def _count(self, draft: Draft, answers: Sequence[ModelAnswer]) -> None:
        """Adds what the model took to the project's use: work of the dashboard, as `chat` is."""
        if not answers:
            return
        duration_ms = round(sum(answer.duration_seconds for answer in answers) * 1000)
        models = [ModelUse.of(answer) for answer in answers]
        uses = Uses(new_id("gen"), DASHBOARD, milliseconds(now()), duration_ms, models)
        scope = ProjectScope(draft.summary.id)
        await self._database.write(lambda tx: add_uses(tx, scope, uses))
