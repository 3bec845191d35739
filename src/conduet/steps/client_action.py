"""Something that the page does."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.action import Answer, ClientAction
from conduet.engine.facts import Facts
from conduet.engine.fields import Line, Scripted, Value, control
from conduet.engine.flaw import Flaw
from conduet.engine.shape import Id, Many, Shape
from conduet.engine.signal import Leave, NoMatch
from conduet.engine.step import Connected, Family, Happenings, WaitingStep
from conduet.engine.trace import ClientAction as Asked
from conduet.engine.visit import Visit


class Way(Shape):
    """What the page may answer."""

    id: Annotated[Id, Field(description="The port that the flow leaves by.", json_schema_extra=control("text"))]
    label: Annotated[Scripted, Field(description="What it means, for people.", json_schema_extra=control("text"))] = (
        Scripted("")
    )


class ClientActionStep(WaitingStep):
    """Ask the page to do something: show a form, take a date or a payment."""

    type: ClassVar[str] = "client-action"
    family: ClassVar[Family] = "talk"
    ports_from: ClassVar[tuple[str, ...]] = ("paths",)
    example: ClassVar[dict[str, JsonValue]] = {
        "name": "pick-date",
        "payload": {"from": "{{firstDay}}"},
        "paths": [{"id": "picked", "label": "A day was picked"}, {"id": "cancelled"}],
        "wait": True,
        "saveTo": "day",
    }

    name: Annotated[
        Line, Field(description="What the page knows it by.", json_schema_extra=control("text", needed=True))
    ] = Line("")
    payload: Annotated[
        Value,
        Field(description="What the page is given; texts in it are templates.", json_schema_extra=control("json")),
    ] = Value(None)
    paths: Annotated[Many[Way], Field(description="What the page may answer.", json_schema_extra=control("list"))] = ()
    wait: Annotated[bool, Field(description="Wait for the page's answer.", json_schema_extra=control("switch"))] = True
    save_to: Annotated[
        str,
        Field(description="The variable that keeps what the answer brings.", json_schema_extra=control("variable")),
    ] = ""

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        if self.paths and not self.wait:
            told = "The answer is not waited for: the flow leaves by `next` alone."
            yield Flaw("NO_ANSWER", told, "paths", "Wait for the answer, or remove the paths.", "warning")

    def waits(self, exits: Connected, facts: Facts) -> bool:
        return self.wait

    def loose(self, exits: Connected, facts: Facts) -> Iterator[Flaw]:
        return super().loose(exits, facts) if self.wait else iter(())

    async def ask(self, visit: Visit) -> Happenings:
        if "callId" not in visit.memory:
            visit.memory["callId"] = visit.new_id("call")
        payload = visit.value(self.payload)
        visit.gave = payload
        paths = tuple((path.id, visit.text(path.label)) for path in self.paths)
        yield Asked(str(visit.memory["callId"]), visit.text(self.name), payload, paths, self.wait)
        if not self.wait:
            yield Leave()

    async def answer(self, visit: Visit, answer: Answer) -> Happenings:
        if not isinstance(answer, ClientAction) or answer.payload.path not in self.ports():
            yield NoMatch()
            return
        if self.save_to and answer.payload.payload is not None:
            visit.assign(self.save_to, answer.payload.payload)
        yield Leave(answer.payload.path)

    async def missed(self, visit: Visit) -> Happenings:
        async for happening in self.ask(visit):
            yield happening
