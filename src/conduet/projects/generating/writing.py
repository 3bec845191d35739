"""A project from a brief by a model: a plan, then a document, which is held against `check` and repaired."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from pydantic import ValidationError

from conduet.engine.check import Problem
from conduet.engine.document import compile_document
from conduet.engine.plugins import Plugins
from conduet.errors import At, BadRequest, PayloadTooLarge
from conduet.kit.json import DOCUMENT_LEVELS, Json, parse
from conduet.llm.answer import ModelAnswer
from conduet.llm.message import Assistant, Message, ModelRequest, System, User
from conduet.llm.models import Models
from conduet.llm.name import Chain
from conduet.projects.document import DEFAULTS, JsonObject, complete
from conduet.projects.generating.brief import Brief
from conduet.projects.generating.mending import cut, tidied
from conduet.projects.generating.plan import SCHEMA, Plan
from conduet.projects.generating.telling import TOLD, planning, repairing, writing
from conduet.projects.problems import problems_of

REPAIRS: Final = 2
"""How often a model is told what is wrong with its document."""

CUTS: Final = 50
"""How often what stays wrong is taken out; each time may show something that hung on it."""

LEAST_STEPS: Final = 3
"""A flow with fewer steps does nothing for anybody."""


class Useless(Exception):
    """The model gave nothing that a project could be made of."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A document with what is wrong with it; `is_whole` when its shape is right."""

    document: JsonObject
    mistakes: Sequence[At | Problem]
    is_whole: bool

    @property
    def weight(self) -> tuple[bool, int, int]:
        """Less is better."""
        errors = sum(1 for each in self.mistakes if isinstance(each, At) or each.severity == "error")
        return not self.is_whole, errors, len(self.mistakes)

    @property
    def is_good(self) -> bool:
        return self.weight[:2] == (False, 0)


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
        best: _Judged | None = None
        for _ in range(1 + REPAIRS):
            told = await self._ask(messages)
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
        return await asyncio.to_thread(self._mended, best)

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

    def _read(self, told: str, plan: Plan, brief: Brief) -> _Judged:
        return self._judged(tidied(_object_in(told), plan, brief))

    def _judged(self, document: JsonObject) -> _Judged:
        try:
            filled = complete(document)
            return _Judged(filled, problems_of(compile_document(filled, self.plugins)), is_whole=True)
        except BadRequest as error:
            mistakes = error.details or (At("", error.message),)
            return _Judged(document, mistakes, is_whole=False)

    def _mended(self, best: _Judged) -> JsonObject:
        """The document without what the model left wrong."""
        for _ in range(CUTS):
            if best.is_good:
                break
            wrong = [each.path for each in best.mistakes if isinstance(each, At) or each.severity == "error"]
            document = cast(JsonObject, _copied(best.document))
            if not cut(document, wrong):
                break
            best = self._judged(document)
        if not best.is_good or not _does_something(best.document):
            raise Useless
        return best.document


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


def _copied(document: Json) -> Json:
    if isinstance(document, dict):
        return {name: _copied(value) for name, value in document.items()}
    return [_copied(each) for each in document] if isinstance(document, list) else document


def _does_something(document: JsonObject) -> bool:
    """Whether there is a flow, or somebody who was told what to do."""
    behaviour = document["behaviourConfig"]
    if document["framework"] == "agentic":
        return isinstance(behaviour, dict) and behaviour != DEFAULTS["behaviourConfig"]
    workflows = cast(list[dict[str, Json]], document["workflows"])
    return any(len(cast(list[Json], each["steps"])) >= LEAST_STEPS for each in workflows)
