"""One question to a language model."""

import re
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue

from conduet.agents.agent import model_flaws
from conduet.agents.asking import Asking, Question
from conduet.engine.facts import Facts
from conduet.engine.fields import Line, control
from conduet.engine.flaw import Flaw
from conduet.engine.shape import JsonObject
from conduet.engine.signal import Fail, Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.trace import Debug, Text
from conduet.engine.values import MISSING, Json, read_json, to_json, to_text
from conduet.engine.visit import Visit
from conduet.kit.json_schema import JsonSchema, WrongSchema

_FENCE: Final = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.DOTALL)
"""JSON as models like to wrap it."""


@dataclass(frozen=True, slots=True)
class _Found:
    value: Json


class Prompt(Step):
    """Call a language model once and keep what it answers."""

    type: ClassVar[str] = "prompt"
    family: ClassVar[Family] = "ai"
    fixed_ports: ClassVar[tuple[str, ...]] = ("next", "error")
    example: ClassVar[dict[str, JsonValue]] = {
        "system": "You sort letters.",
        "prompt": "Is this a complaint? {{letter}}",
        "output": "json",
        "schema": {"type": "object", "properties": {"complaint": {"type": "boolean"}}, "required": ["complaint"]},
        "saveTo": "sorted",
    }

    system: Annotated[Line, Field(description="What the model is.", json_schema_extra=control("textarea"))] = Line("")
    prompt: Annotated[
        Line, Field(description="What the model is asked.", json_schema_extra=control("textarea", needed=True))
    ] = Line("")
    model: Annotated[
        str | None, Field(description="The model, when not the project's.", json_schema_extra=control("model"))
    ] = None
    temperature: Annotated[
        float | None,
        Field(ge=0, le=2, description="How freely the model writes.", json_schema_extra=control("number")),
    ] = None
    max_tokens: Annotated[
        int | None,
        Field(ge=1, description="How long the answer may be, in tokens.", json_schema_extra=control("number")),
    ] = None
    output: Annotated[
        Literal["text", "json"], Field(description="What the model writes.", json_schema_extra=control("select"))
    ] = "text"
    schema_: Annotated[
        JsonObject | None,
        Field(
            alias="schema",
            description="For `json`: the JSON Schema that the answer fits.",
            json_schema_extra=control("json"),
        ),
    ] = None
    save_to: Annotated[
        str, Field(description="The variable that keeps the answer.", json_schema_extra=control("variable"))
    ] = ""
    say: Annotated[
        bool, Field(description="Whether the answer is said to the user.", json_schema_extra=control("switch"))
    ] = False

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        yield from model_flaws(self.model)
        if self.schema_ is not None:
            try:
                JsonSchema(self.schema_)
            except WrongSchema as error:
                yield Flaw("WRONG_SCHEMA", str(error), "schema", "Write a JSON Schema.")

    async def run(self, visit: Visit) -> Happenings:
        mock = visit.mocked()
        if mock is not MISSING:
            async for happening in self._keep(visit, mock, is_told=False):
                yield happening
            return
        streams = self.say and self.output == "text" and not visit.reply.withholds
        asking = Asking(visit.turn, self._question())
        asked = asking.traces(visit.place()) if streams else asking.silent(visit.place())
        async with aclosing(asked) as traces:
            async for trace in traces:
                yield trace
        found = self._read(asking.said)
        if isinstance(found, str) and self.output == "json" and asking.error is None:
            visit.note(Debug("warning", f"The model is asked once more: {found}"))
            asking.again(f"{found} Send the whole answer again, corrected: JSON and nothing else.")
            async with aclosing(asking.silent(visit.place())) as traces:
                async for trace in traces:
                    yield trace
            found = self._read(asking.said)
        if asking.error is not None:
            yield Fail(asking.error.code, asking.error.message)
        elif isinstance(found, str):
            yield Fail("BAD_ANSWER", found)
        else:
            async for happening in self._keep(visit, found.value, is_told=streams):
                yield happening

    def _question(self) -> Question:
        system = str(self.system.source)
        if self.output == "json":
            shape = "" if self.schema_ is None else f" that fits this JSON Schema:\n{to_json(self.schema_)}"
            system = f"{system}\n\nAnswer with JSON and nothing else{shape}".strip()
        return Question(
            prompt=str(self.prompt.source),
            system=system,
            model=self.model,
            temperature=self.temperature,
            max_tokens=self.max_tokens,
            schema=self.schema_ if self.output == "json" else None,
            is_said=self.say and self.output == "text",
        )

    def _read(self, said: str) -> "_Found | str":
        """What was answered, or what is wrong with it."""
        if self.output == "text":
            return _Found(said)
        fenced = _FENCE.fullmatch(said.strip())
        try:
            value = read_json(fenced[1] if fenced else said)
        except ValueError:
            return "The answer is not valid JSON."
        mistake = JsonSchema(self.schema_).mistake(value) if self.schema_ is not None else None
        return _Found(value) if mistake is None else f"The answer does not fit the schema: {mistake}."

    async def _keep(self, visit: Visit, value: Json, *, is_told: bool) -> Happenings:
        visit.gave = value
        if self.save_to:
            visit.assign(self.save_to, value)
        if self.say and not is_told:
            yield Text(to_text(value))
        yield Leave()
