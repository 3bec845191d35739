"""A question with ready answers."""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.action import Answer, ButtonAction, TextAction
from conduet.engine.choosing import pressed, written
from conduet.engine.fields import Scripted, control
from conduet.engine.shape import Id, Many, Shape
from conduet.engine.signal import Leave, NoMatch
from conduet.engine.step import Family, Happenings, Overlays, WaitingStep
from conduet.engine.trace import Button, Buttons, Text
from conduet.engine.visit import Visit


class Choice(Shape):
    """A ready answer."""

    id: Annotated[Id, Field(description="The port that the flow leaves by.", json_schema_extra=control("text"))]
    label: Annotated[
        Scripted, Field(description="What the button shows.", json_schema_extra=control("text", needed=True))
    ] = Scripted("")
    value: Annotated[
        Scripted | None,
        Field(description="What the button sends; its id when left out.", json_schema_extra=control("text")),
    ] = None


class ButtonsStep(WaitingStep):
    """Show buttons and wait for one of them to be pressed."""

    type: ClassVar[str] = "buttons"
    family: ClassVar[Family] = "listen"
    fixed_ports: ClassVar[tuple[str, ...]] = ("noMatch",)
    ports_from: ClassVar[tuple[str, ...]] = ("buttons",)
    example: ClassVar[dict[str, JsonValue]] = {
        "text": "Shall I book it?",
        "buttons": [{"id": "yes", "label": "Yes, please", "value": "yes"}, {"id": "no", "label": "No"}],
        "allowText": True,
    }

    text: Annotated[
        Scripted, Field(description="What is said above the buttons.", json_schema_extra=control("textarea"))
    ] = Scripted("")
    buttons: Annotated[
        Many[Choice], Field(description="The ready answers.", json_schema_extra=control("list", needed=True))
    ] = ()
    allow_text: Annotated[
        bool,
        Field(
            description="Leave by `noMatch` when something else is written; otherwise the buttons are shown again.",
            json_schema_extra=control("switch"),
        ),
    ] = True
    channels: Overlays

    async def ask(self, visit: Visit) -> Happenings:
        if self.text:
            yield Text(visit.text(self.text))
        yield Buttons(tuple(self._shown(visit)))

    async def answer(self, visit: Visit, answer: Answer) -> Happenings:
        shown = self._shown(visit)
        match answer:
            case TextAction(payload=text):
                found = written(shown, text)
            case ButtonAction(payload=press):
                found = pressed(shown, press.value) or written(shown, press.label)
            case _:
                found = None
        yield Leave(found) if found else NoMatch()

    async def missed(self, visit: Visit) -> Happenings:
        if self.allow_text:
            yield Leave("noMatch")
            return
        async for happening in self.ask(visit):
            yield happening

    def _shown(self, visit: Visit) -> list[Button]:
        return [
            Button(choice.id, visit.text(choice.label), visit.text(choice.value) if choice.value else choice.id)
            for choice in self.buttons
        ]
