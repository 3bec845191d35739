"""A question whose answer is understood by what is meant."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.action import Answer, words_of
from conduet.engine.facts import Facts
from conduet.engine.fields import Scripted, control
from conduet.engine.flaw import Flaw
from conduet.engine.shape import Id, Many, Shape
from conduet.engine.signal import Leave, NoMatch
from conduet.engine.step import Family, Happenings, WaitingStep
from conduet.engine.trace import Text
from conduet.engine.visit import Visit
from conduet.engine.wording import fold


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
    intents: Annotated[
        Many[Meaning], Field(description="What may be meant.", json_schema_extra=control("list", needed=True))
    ] = ()
    threshold: Annotated[
        float | None,
        Field(
            ge=0,
            le=1,
            description="How close the meaning must be, from 0 to 1.",
            json_schema_extra=control("number"),
        ),
    ] = None

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        told = "What is meant is understood by name and utterance alone: understanding it needs a language model."
        yield Flaw("MODEL_NEEDED", told, "", "Write the utterances that people use.", "warning")

    async def ask(self, visit: Visit) -> Happenings:
        if self.text:
            yield Text(visit.text(self.text))

    async def answer(self, visit: Visit, answer: Answer) -> Happenings:
        said = fold(words_of(answer) or "")
        found = next((meaning.id for meaning in self.intents if said and meaning.is_named(said)), None)
        yield Leave(found) if found else NoMatch()

    async def missed(self, visit: Visit) -> Happenings:
        yield Leave("noMatch")
