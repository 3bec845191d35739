"""A step type in a package of its own: ask for one to five stars, and go on by how many there were."""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.action import Answer, words_of
from conduet.engine.fields import Scripted, control
from conduet.engine.signal import Leave, NoMatch
from conduet.engine.step import Family, Happenings, WaitingStep
from conduet.engine.trace import Button, Buttons, Text
from conduet.engine.visit import Visit

MOST = 5


class Rating(WaitingStep):
    """Ask for one to five stars and keep the number."""

    type: ClassVar[str] = "rating"
    family: ClassVar[Family] = "listen"
    fixed_ports: ClassVar[tuple[str, ...]] = ("happy", "unhappy", "noMatch")
    example: ClassVar[dict[str, JsonValue]] = {"text": "How was it?", "variable": "stars", "happyFrom": 4}

    text: Annotated[
        Scripted, Field(description="The question.", json_schema_extra=control("textarea", needed=True))
    ] = Scripted("")
    variable: Annotated[
        str, Field(description="Where the number is kept.", json_schema_extra=control("variable", needed=True))
    ] = ""
    happy_from: Annotated[
        int, Field(ge=1, le=MOST, description="From how many stars on.", json_schema_extra=control("number"))
    ] = 4

    async def ask(self, visit: Visit) -> Happenings:
        yield Text(visit.text(self.text))
        yield Buttons(tuple(Button(str(stars), "★" * stars, str(stars)) for stars in range(1, MOST + 1)))

    async def answer(self, visit: Visit, answer: Answer) -> Happenings:
        words = words_of(answer) or ""
        stars = words.count("★") or (int(words) if words in ("1", "2", "3", "4", "5") else 0)
        if 1 <= stars <= MOST and visit.assign(self.variable, stars):
            yield Leave("happy" if stars >= self.happy_from else "unhappy")
        else:
            yield NoMatch()

    async def missed(self, visit: Visit) -> Happenings:
        yield Leave("noMatch")
