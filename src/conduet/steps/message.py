"""Something the assistant says."""

from collections.abc import Iterator
from contextlib import aclosing
from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue

from conduet.agents.agent import model_flaws
from conduet.agents.asking import Asking, Question
from conduet.agents.guard import REFUSED
from conduet.engine.facts import Facts
from conduet.engine.fields import Line, Scripted, control
from conduet.engine.flaw import Flaw
from conduet.engine.shape import Many
from conduet.engine.step import Family, Happenings, Overlays, Step
from conduet.engine.trace import Error, Text
from conduet.engine.values import MISSING, to_text
from conduet.engine.visit import Visit
from conduet.llm.errors import HeldBack


class Message(Step):
    """Say something to the user."""

    type: ClassVar[str] = "message"
    family: ClassVar[Family] = "talk"
    example: ClassVar[dict[str, JsonValue]] = {
        "mode": "scripted",
        "text": {"en": "Hello {{name}}!", "de": "Hallo {{name}}!"},
        "variants": ["Welcome back, {{name}}."],
    }

    mode: Annotated[
        Literal["scripted", "generated"],
        Field(
            description="Say the text as it is written, or let a model write it.", json_schema_extra=control("select")
        ),
    ] = "scripted"
    text: Annotated[
        Scripted, Field(description="What is said, in markdown.", json_schema_extra=control("textarea"))
    ] = Scripted("")
    variants: Annotated[
        Many[Scripted],
        Field(
            description="Other ways to say it; the same one never comes twice running.",
            json_schema_extra=control("list"),
        ),
    ] = ()
    prompt: Annotated[
        Line, Field(description="What the model is told to write.", json_schema_extra=control("textarea"))
    ] = Line("")
    model: Annotated[
        str | None, Field(description="The model, when not the project's.", json_schema_extra=control("model"))
    ] = None
    channels: Overlays

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        if self.mode == "generated":
            yield from model_flaws(self.model)
        if self.mode == "generated" and not self.prompt:
            yield Flaw("REQUIRED", "The prompt is empty.", "prompt", "Write what the model is to say.")
        if self.mode == "scripted" and not self._wordings():
            yield Flaw("REQUIRED", "The text is empty.", "text", "Write what is said.")

    async def run(self, visit: Visit) -> Happenings:
        if self.mode == "generated":
            async for happening in self._generated(visit):
                yield happening
            return
        wordings = self._wordings()
        if wordings:
            yield Text(visit.text(wordings[0] if len(wordings) == 1 else self._other(wordings, visit)))

    async def _generated(self, visit: Visit) -> Happenings:
        mock = visit.mocked()
        if mock is not MISSING:
            yield Text(to_text(mock))
            return
        asking = Asking(visit.turn, Question(str(self.prompt.source), model=self.model, is_said=True))
        async with aclosing(asking.silent(visit.place())) as traces:
            async for trace in traces:
                yield trace
        if asking.error is None:
            yield Text(asking.said)
            return
        is_held_back, wordings = isinstance(asking.error, HeldBack), self._wordings()
        if wordings or is_held_back:
            yield Text(visit.text(wordings[0]) if wordings else REFUSED)
        if is_held_back:
            return
        yield Error(asking.error.code, asking.error.message, True if wordings else None)

    def _wordings(self) -> tuple[Scripted, ...]:
        return tuple(wording for wording in (self.text, *self.variants) if wording)

    @staticmethod
    def _other(wordings: tuple[Scripted, ...], visit: Visit) -> Scripted:
        """Any wording but the one that was said last."""
        last = visit.kept.get("said")
        choices = [index for index in range(len(wordings)) if index != last]
        chosen = choices[int(visit.random() * len(choices))]
        visit.kept["said"] = chosen
        return wordings[chosen]
