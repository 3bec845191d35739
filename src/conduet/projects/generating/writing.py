"""A project from a brief by a model: a plan, then a document, which is held against `check` and repaired."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from conduet.engine.plugins import Plugins
from conduet.errors import BadRequest, PayloadTooLarge
from conduet.kit.json import DOCUMENT_LEVELS, Json, parse
from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import ModelError
from conduet.llm.message import Assistant, Message, ModelRequest, System, User
from conduet.llm.models import Models
from conduet.llm.name import Chain
from conduet.projects.document import JsonObject
from conduet.projects.generating.brief import Brief
from conduet.projects.generating.judging import Judged, Useless, judge, mend
from conduet.projects.generating.mending import tidied
from conduet.projects.generating.plan import SCHEMA, Plan
from conduet.projects.generating.telling import TOLD, planning, repairing, writing

REPAIRS: Final = 2
"""How often a model is told what is wrong with its document."""


@dataclass(slots=True)
class Writer:
    """Asks a model; `answers` are those that it gave, with what they took."""

    models: Models
    chain: Chain
    plugins: Plugins
    answers: list[ModelAnswer] = field(default_factory=list[ModelAnswer])

    async def write(self, brief: Brief) -> JsonObject:
        """A project that is finished. Raises `ModelError`, and `Useless` when the answers come to none."""
        messages: list[Message] = [System(planning(brief)), User(brief.text)]
        plan = await self._plan(messages)
        task = await asyncio.to_thread(writing, brief.framework or plan.framework, self.plugins)
        messages.append(User(task))
        best: Judged | None = None
        for _ in range(1 + REPAIRS):
            try:
                told = await self._ask(messages)
            except ModelError:
                if best is None:
                    raise
                break
            try:
                judged = await asyncio.to_thread(self._read, told, plan, brief)
            except BadRequest as error:
                messages += (Assistant(told), User(repairing(error.message)))
                continue
            best = judged if best is None or judged.weight < best.weight else best
            if not judged.mistakes:
                break
            messages += (Assistant(told), User(repairing(judged.mistakes[:TOLD])))
        if best is None:
            raise Useless
        return await asyncio.to_thread(mend, best, self.plugins)

    async def _plan(self, messages: list[Message]) -> Plan:
        """The plan, which is asked for once more when it is none; it is then part of what was said."""
        for _ in range(2):
            told = await self._ask(messages, schema=SCHEMA)
            messages.append(Assistant(told))
            try:
                return Plan.model_validate(_object_in(told))
            except (BadRequest, ValidationError):
                messages.append(User(repairing("It is no JSON object of that form.")))
        raise Useless

    async def _ask(self, messages: Sequence[Message], *, schema: Mapping[str, Json] | None = None) -> str:
        answer = await self.models.answer(self.chain, ModelRequest(tuple(messages), schema=schema))
        self.answers.append(answer)
        return answer.text

    def _read(self, told: str, plan: Plan, brief: Brief) -> Judged:
        return judge(tidied(_object_in(told), plan, brief), self.plugins)


def _object_in(text: str) -> dict[str, Json]:
    """The JSON object in what a model wrote, whatever it put around. Raises `BadRequest`."""
    begin, end = text.find("{"), text.rfind("}")
    try:
        found = parse(text[begin : end + 1].encode() if 0 <= begin < end else b"", levels=DOCUMENT_LEVELS)
    except (BadRequest, PayloadTooLarge, UnicodeEncodeError) as error:
        raise BadRequest(f"It is no JSON object: {error}") from None
    if not isinstance(found, dict):
        raise BadRequest("It is no JSON object.")
    return found
