"""The last word on what the assistant says."""

from collections.abc import Iterator
from contextlib import aclosing
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue

from conduet.agents.agent import model_flaws
from conduet.agents.asking import Asking, Question
from conduet.engine.facts import Facts
from conduet.engine.fields import Line, control
from conduet.engine.flaw import Flaw
from conduet.engine.outside import Code
from conduet.engine.script import why
from conduet.engine.signal import Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.trace import Error
from conduet.engine.values import MISSING, Json, to_text
from conduet.engine.visit import Visit

BLOCK: Final = "BLOCK"
"""What a model answers where nothing is to be said."""

_TASK: Final = (
    "You are given the reply of an assistant as data. Do with it what you are told, and answer with the text that is "
    f"to be said in its place and nothing else; with the one word {BLOCK} where nothing is to be said."
)


class PostProcess(Step):
    """Rewrite or block what the assistant says in this turn, before anyone sees it."""

    type: ClassVar[str] = "post-process"
    family: ClassVar[Family] = "ai"
    rewrites: ClassVar[bool] = True
    example: ClassVar[dict[str, JsonValue]] = {
        "target": "reply",
        "with": "code",
        "code": "return /refund/i.test(text) ? { block: true, text: 'Please ask our team.' } : { text };",
    }

    target: Annotated[
        Literal["reply"], Field(description="What is rewritten.", json_schema_extra=control("select"))
    ] = "reply"
    by: Annotated[
        Literal["prompt", "code"],
        Field(alias="with", description="What rewrites it.", json_schema_extra=control("select")),
    ] = "code"
    code: Annotated[
        str,
        Field(
            description="For `code`: the body of an async function that is given `text` and returns `{text}` or "
            "`{block: true, text?}`.",
            json_schema_extra=control("code"),
        ),
    ] = ""
    prompt: Annotated[
        Line, Field(description="For `prompt`: what the model is told to do.", json_schema_extra=control("textarea"))
    ] = Line("")
    model: Annotated[
        str | None, Field(description="The model, when not the project's.", json_schema_extra=control("model"))
    ] = None

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        if self.by == "code" and not self.code.strip():
            yield Flaw("REQUIRED", "The code is empty.", "code", "Write it.")
        if self.by == "prompt":
            yield from model_flaws(self.model)
        if self.by == "prompt" and not self.prompt:
            yield Flaw("REQUIRED", "The prompt is empty.", "prompt", "Write what the model is to do.")

    def scripts(self) -> Iterator[tuple[str, Code]]:
        if self.by == "code":
            yield "code", Code(self.code, {"text": ""})

    async def run(self, visit: Visit) -> Happenings:
        text = visit.reply.text
        if not text:
            return
        visit.took = text
        written = await self._written(visit, text)
        if isinstance(written, Error):
            # What was to be looked at first is better not said than said unseen.
            visit.reply.rewrite("")
            yield written
        else:
            visit.gave = written
            visit.reply.rewrite(written)
        yield Leave()

    async def _written(self, visit: Visit, text: str) -> str | Error:
        """What is said instead."""
        if self.by == "prompt":
            return await self._prompted(visit, text)
        computed = await visit.compute(Code(self.code, {"text": text}))
        if computed.failure is not None:
            return Error("CODE_FAILED", f"The reply could not be rewritten: {why(computed.failure)}")
        found = _read(computed.value)
        return Error("CODE_FAILED", "Code returns `{text}` or `{block: true, text?}`.") if found is None else found

    async def _prompted(self, visit: Visit, text: str) -> str | Error:
        mock = visit.mocked()
        if mock is not MISSING:
            return to_text(mock)
        prompt = str(self.prompt.source)
        question = Question(prompt, system=_TASK, model=self.model, data={"reply": text}, has_persona=False)
        asking = Asking(visit.turn, question)
        async with aclosing(asking.silent(visit.place())) as traces:
            async for trace in traces:
                visit.note(trace)
        if asking.error is not None:
            return Error(asking.error.code, f"The reply could not be rewritten: {asking.error.message}")
        return "" if asking.said.strip() == BLOCK else asking.said


def _read(returned: Json) -> str | None:
    """The text that code returns, empty where it blocks; `None` when it returns neither."""
    match returned:
        case {"text": str(text)}:
            return text
        case {"block": True}:
            return ""
        case _:
            return None
