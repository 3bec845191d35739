"""Something to look at, to hear, to keep, or to choose from."""

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue

from conduet.engine.action import Answer, ButtonAction, TextAction
from conduet.engine.choosing import pressed, written
from conduet.engine.facts import Facts
from conduet.engine.fields import Scripted, control
from conduet.engine.flaw import Flaw
from conduet.engine.shape import Id, Many, Shape
from conduet.engine.signal import Leave, NoMatch
from conduet.engine.step import Connected, Family, Happenings, Overlays, WaitingStep, dead_port
from conduet.engine.trace import MEDIA, Card, CardButton, Carousel, Trace
from conduet.engine.visit import Visit


class CardChoice(Shape):
    """A button of a card."""

    id: Annotated[Id, Field(description="The port that the flow leaves by.", json_schema_extra=control("text"))]
    label: Annotated[
        Scripted, Field(description="What the button shows.", json_schema_extra=control("text", needed=True))
    ] = Scripted("")
    value: Annotated[
        Scripted | None,
        Field(description="What the button sends; its id when left out.", json_schema_extra=control("text")),
    ] = None
    url: Annotated[Scripted | None, Field(description="What the button opens.", json_schema_extra=control("text"))] = (
        None
    )

    def shown(self, visit: Visit) -> CardButton:
        """The button filled in."""
        value = visit.text(self.value) if self.value else self.id
        return CardButton(self.id, visit.text(self.label), value, visit.text(self.url) if self.url else None)


class CardParts(Shape):
    """What a card shows."""

    title: Annotated[Scripted, Field(description="The title of a card.", json_schema_extra=control("text"))] = Scripted(
        ""
    )
    description: Annotated[
        Scripted, Field(description="What a card says below its title.", json_schema_extra=control("textarea"))
    ] = Scripted("")
    image_url: Annotated[Scripted, Field(description="The picture of a card.", json_schema_extra=control("text"))] = (
        Scripted("")
    )
    url: Annotated[
        Scripted, Field(description="Where it lies, or what a card opens.", json_schema_extra=control("text"))
    ] = Scripted("")
    buttons: Annotated[
        Many[CardChoice], Field(description="The buttons of a card.", json_schema_extra=control("list"))
    ] = ()

    def card(self, visit: Visit) -> Card:
        """The card filled in."""
        return Card(
            title=visit.text(self.title),
            description=visit.text(self.description) or None,
            image_url=visit.text(self.image_url) or None,
            url=visit.text(self.url) or None,
            buttons=tuple(button.shown(visit) for button in self.buttons),
        )


class MediaStep(CardParts, WaitingStep):
    """Show an image, a video, a recording, a file, a card, or cards side by side."""

    type: ClassVar[str] = "media"
    family: ClassVar[Family] = "talk"
    ports_from: ClassVar[tuple[str, ...]] = ("buttons", "cards.buttons")
    example: ClassVar[dict[str, JsonValue]] = {
        "kind": "card",
        "title": "{{model}}",
        "description": {"en": "From 15 euros a day", "de": "Ab 15 Euro am Tag"},
        "imageUrl": "https://bikes.example/{{model}}.jpg",
        "buttons": [
            {"id": "book", "label": "Book it"},
            {"id": "more", "label": "More", "url": "https://bikes.example"},
        ],
    }

    kind: Annotated[
        Literal["image", "video", "audio", "file", "card", "carousel"],
        Field(description="What it is.", json_schema_extra=control("select")),
    ] = "image"
    alt: Annotated[
        Scripted, Field(description="What it shows, for who cannot see it.", json_schema_extra=control("text"))
    ] = Scripted("")
    mime_type: Annotated[
        str | None, Field(description="Its MIME type, such as `image/png`.", json_schema_extra=control("text"))
    ] = None
    cards: Annotated[
        Many[CardParts], Field(description="The cards of a `carousel`.", json_schema_extra=control("list"))
    ] = ()
    channels: Overlays

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        if self.kind == "carousel" and not self.cards:
            yield Flaw("REQUIRED", "There are no cards.", "cards", "Add one.")
        if self.kind in MEDIA and not self.url:
            yield Flaw("REQUIRED", "This field is empty.", "url", "Fill it in.")
        titled = [("", self)] if self.kind == "card" else []
        titled += [(f"cards[{index}].", card) for index, card in enumerate(self.cards) if self.kind == "carousel"]
        for path, card in titled:
            if not card.title:
                yield Flaw("REQUIRED", "A card needs a title.", f"{path}title", "Fill it in.")

    def waits(self, exits: Connected, facts: Facts) -> bool:
        return any(button.id in exits for button in self._buttons())

    def loose(self, exits: Connected, facts: Facts) -> Iterator[Flaw]:
        opens = {button.id for button in self._buttons() if button.url}
        for path, port in self.branching():
            if port not in exits and port not in opens:
                yield dead_port(port, path)

    async def ask(self, visit: Visit) -> Happenings:
        yield self._shown(visit)
        if not self._can_be_answered(visit):
            yield Leave()

    async def answer(self, visit: Visit, answer: Answer) -> Happenings:
        shown = [button.shown(visit) for button in self._buttons()]
        match answer:
            case TextAction(payload=text):
                found = written(shown, text)
            case ButtonAction(payload=press):
                found = pressed(shown, press.value) or written(shown, press.label)
            case _:
                found = None
        yield Leave(found) if found else NoMatch()

    async def missed(self, visit: Visit) -> Happenings:
        yield Leave()

    def _shown(self, visit: Visit) -> Trace:
        if self.kind == "carousel":
            return Carousel(tuple(card.card(visit) for card in self.cards))
        if self.kind == "card":
            return self.card(visit)
        return MEDIA[self.kind](visit.text(self.url), visit.text(self.alt) or None, self.mime_type)

    def _buttons(self) -> Iterable[CardChoice]:
        if self.kind == "carousel":
            return [button for card in self.cards for button in card.buttons]
        return self.buttons if self.kind == "card" else ()

    def _can_be_answered(self, visit: Visit) -> bool:
        return any(visit.leads(button.id) for button in self._buttons())
