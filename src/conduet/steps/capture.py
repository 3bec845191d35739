"""A question whose answer is kept."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue

from conduet.agents.asking import Asking as Asked
from conduet.agents.asking import Question, asks_models
from conduet.engine.action import Answer, words_of
from conduet.engine.answers import HINTS, READERS, SLOW, Asking
from conduet.engine.facts import Facts
from conduet.engine.fields import Pattern, Scripted, control
from conduet.engine.flaw import Flaw
from conduet.engine.meaning import named_in
from conduet.engine.shape import Entity
from conduet.engine.signal import Leave, NoMatch
from conduet.engine.step import Family, Happenings, WaitingStep
from conduet.engine.trace import Text
from conduet.engine.values import Json
from conduet.engine.visit import Visit

_TASK: Final = (
    "Which of the choices does the sentence name? Answer with it and nothing else, with NONE for none of them."
)


class Capture(WaitingStep):
    """Ask for something and keep the answer in a variable."""

    type: ClassVar[str] = "capture"
    family: ClassVar[Family] = "listen"
    fixed_ports: ClassVar[tuple[str, ...]] = ("next", "noMatch")
    example: ClassVar[dict[str, JsonValue]] = {
        "text": "What is your e-mail address?",
        "variable": "email",
        "type": "email",
        "retries": 1,
        "retryText": "That does not look like an e-mail address. Once more, please.",
    }

    text: Annotated[Scripted, Field(description="The question.", json_schema_extra=control("textarea"))] = Scripted("")
    variable: Annotated[
        str, Field(description="Where the answer is kept.", json_schema_extra=control("variable", needed=True))
    ] = ""
    kind: Annotated[
        Literal["text", "number", "email", "phone", "date", "url", "regex", "entity"],
        Field(alias="type", description="What counts as an answer.", json_schema_extra=control("select")),
    ] = "text"
    pattern: Annotated[
        Pattern | None,
        Field(
            description="For `regex`: the expression (RE2's) that the whole answer must match.",
            json_schema_extra=control("code"),
        ),
    ] = None
    entity: Annotated[
        str,
        Field(
            description="For `entity`: the id or the name of the project's entity; the one called as the variable "
            "when empty.",
            json_schema_extra=control("text"),
        ),
    ] = ""
    retries: Annotated[
        int,
        Field(
            ge=0,
            le=100,
            description="How often the question is asked again before the flow leaves by `noMatch`.",
            json_schema_extra=control("number"),
        ),
    ] = 2
    retry_text: Annotated[
        Scripted,
        Field(
            description="What is said then; without it, what is wrong is told and the question asked again.",
            json_schema_extra=control("textarea"),
        ),
    ] = Scripted("")

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        if self.kind == "regex" and not self.pattern:
            yield Flaw(
                "REQUIRED", "The pattern is empty.", "pattern", "Write the expression that the answer must match."
            )
        if self.kind == "entity" and self._entity(facts) is None:
            told = f"There is no entity {self.entity or self.variable!r}."
            yield Flaw("UNKNOWN_ENTITY", told, "entity", "Choose one that the project has.")

    async def ask(self, visit: Visit) -> Happenings:
        if self.text:
            yield Text(visit.text(self.text))

    async def answer(self, visit: Visit, answer: Answer) -> Happenings:
        said = (words_of(answer) or "").strip()
        value = await self._read(said, visit) if said else None
        if value is None:
            yield NoMatch()
            return
        visit.assign(self.variable, value)
        yield Leave()

    async def missed(self, visit: Visit) -> Happenings:
        asked = visit.memory.get("retries")
        again = asked if isinstance(asked, int) else 0
        if again >= self.retries:
            yield Leave("noMatch")
            return
        visit.memory["retries"] = again + 1
        if self.retry_text:
            yield Text(visit.text(self.retry_text))
            return
        if self.kind in HINTS:
            yield Text(visit.text(HINTS[self.kind]))
        async for happening in self.ask(visit):
            yield happening

    async def _read(self, said: str, visit: Visit) -> Json:
        """The value that was said; `None` when it is no answer."""
        if self.kind == "regex":
            return said if self.pattern and self.pattern.compiled.fullmatch(said) else None
        if self.kind == "entity":
            return await self._named(said, visit)
        facts = visit.facts
        asking = Asking(visit.language, facts.language, facts.time_zone, datetime.fromisoformat(visit.now))
        read = READERS[self.kind]
        return await asyncio.to_thread(read, said, asking) if self.kind in SLOW else read(said, asking)

    def _entity(self, facts: Facts) -> Entity | None:
        wanted = self.entity or self.variable
        return next((each for each in facts.entities.values() if wanted in (each.id, each.name)), None)

    async def _named(self, said: str, visit: Visit) -> str | None:
        """The value of the entity that was named; a model is asked where no word fits and there is one."""
        entity = self._entity(visit.facts)
        found = named_in(entity, said) if entity else None
        if entity is None or found is not None or not asks_models(visit.turn):
            return found
        values: list[Json] = [each.value for each in entity.values]
        question = Question(_TASK, sentence=said, data={"choices": values}, has_persona=False, max_tokens=50)
        asking = Asked(visit.turn, question)
        async with aclosing(asking.silent(visit.place())) as traces:
            async for trace in traces:
                visit.note(trace)
        chosen = asking.said.strip().strip('"`.')
        return chosen if chosen in values else None
