"""A question whose answer is understood by what is meant."""

from contextlib import aclosing
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.agents.asking import Asking, Question, asks_models
from conduet.engine.action import Answer, words_of
from conduet.engine.fields import Scripted, control
from conduet.engine.meaning import entities_in, ranked
from conduet.engine.shape import Id, Many, Shape
from conduet.engine.signal import Leave, NoMatch
from conduet.engine.step import Family, Happenings, WaitingStep
from conduet.engine.trace import Text
from conduet.engine.values import Json
from conduet.engine.visit import Visit
from conduet.engine.wording import fold

CLOSE: Final = 0.05
"""By how little the nearest intent leads the next where a model is asked."""

_TASK: Final = "Which of the choices does the sentence mean? Answer with its id and nothing else."


class Meaning(Shape):
    """What may be meant."""

    id: Annotated[Id, Field(description="The port that the flow leaves by.", json_schema_extra=control("text"))]
    name: Annotated[str, Field(description="What it is called.", json_schema_extra=control("text", needed=True))] = ""
    description: Annotated[
        str | None, Field(description="What is meant by it, for a model.", json_schema_extra=control("textarea"))
    ] = None
    utterances: Annotated[Many[str], Field(description="How people say it.", json_schema_extra=control("list"))] = ()

    def is_named(self, said: str) -> bool:
        """Whether that is its name or one of its utterances, without regard to case and punctuation."""
        return said in {fold(words) for words in (self.name, *self.utterances) if words.strip()}


class IntentStep(WaitingStep):
    """Wait for the user's words and leave by what is meant."""

    type: ClassVar[str] = "intent"
    family: ClassVar[Family] = "listen"
    fixed_ports: ClassVar[tuple[str, ...]] = ("noMatch",)
    ports_from: ClassVar[tuple[str, ...]] = ("intents",)
    example: ClassVar[dict[str, JsonValue]] = {
        "text": "What can I do for you?",
        "intents": [
            {"id": "book", "name": "book", "utterances": ["I want a bike", "rent a bike"]},
            {"id": "hours", "name": "opening hours", "description": "Asks when the shop is open."},
        ],
        "threshold": 0.7,
    }

    text: Annotated[Scripted, Field(description="The question.", json_schema_extra=control("textarea"))] = Scripted("")
    intents: Annotated[Many[Meaning], Field(description="What may be meant.", json_schema_extra=control("list"))] = ()
    threshold: Annotated[
        float | None,
        Field(
            ge=0,
            le=1,
            description="How close the meaning must be, from 0 to 1; left out, what suits the embedding model.",
            json_schema_extra=control("number"),
        ),
    ] = None

    async def ask(self, visit: Visit) -> Happenings:
        if self.text:
            yield Text(visit.text(self.text))

    async def answer(self, visit: Visit, answer: Answer) -> Happenings:
        said = fold(words_of(answer) or "")
        found = next((meaning.id for meaning in self.intents if said and meaning.is_named(said)), None)
        if found is None and said:
            found = await self._meant(visit, words_of(answer) or "")
        if found is None:
            yield NoMatch()
            return
        for name, value in entities_in(visit.facts, words_of(answer) or ""):
            visit.assign(name, value)
        yield Leave(found)

    async def _meant(self, visit: Visit, said: str) -> str | None:
        """The intent that is nearest; where the next one is nearly as near, a model chooses if there is one."""
        told = {each.id: (each.name, *each.utterances) for each in self.intents}
        ranking = await ranked(visit.turn.context, said, told, threshold=self.threshold)
        if ranking is None or ranking.best is None or ranking.margin >= CLOSE or not asks_models(visit.turn):
            return ranking.best if ranking else None
        near = {each.intent for each in ranking.scores if each.score >= ranking.scores[0].score - CLOSE}
        choices: list[Json] = [
            {
                "id": str(each.id),
                "name": each.name,
                "about": each.description or "",
                "as in": ", ".join(each.utterances[:5]),
            }
            for each in self.intents
            if each.id in near
        ]
        question = Question(_TASK, sentence=said, data={"choices": choices}, has_persona=False, max_tokens=50)
        asking = Asking(visit.turn, question)
        async with aclosing(asking.silent(visit.place())) as traces:
            async for trace in traces:
                visit.note(trace)
        chosen = asking.said.strip().strip('"`.')
        return chosen if chosen in near else ranking.best

    async def missed(self, visit: Visit) -> Happenings:
        yield Leave("noMatch")
