"""What an agent can show beside text: buttons, cards, badges and pictures."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Final, cast

from conduet.agents.builtin import Builtin, Done, parameters, text
from conduet.agents.links import Hosts
from conduet.agents.stage import Stage
from conduet.engine.trace import Badge, Button, Card, CardButton, Carousel, Image, Trace
from conduet.engine.values import Json
from conduet.llm.message import ToolSpec

SHOWN: Final = "Shown to the user."
MOST: Final = 10
_BUTTONS: Final[Json] = {
    "type": "array",
    "maxItems": MOST,
    "items": parameters(
        {"label": text("What it shows and sends."), "url": text("What it opens, if anything.")}, "label"
    ),
}
_CARD: Final[Mapping[str, Json]] = {
    "title": text("A few words."),
    "description": text("A sentence or two."),
    "imageUrl": text("The address of a picture."),
    "url": text("Where it leads."),
    "buttons": _BUTTONS,
}


class Show(Builtin):
    """Shows something, and is offered where the project asks for it by its name in `uiBuiltins`."""

    option: ClassVar[str]
    description: ClassVar[str]
    takes: ClassVar[dict[str, Json]]

    def spec(self, stage: Stage) -> ToolSpec | None:
        if self.option not in stage.agent.rich:
            return None
        return ToolSpec(self.name, self.description, self.takes)

    async def use(self, stage: Stage, args: Mapping[str, Json], *, place: str) -> Done:
        hosts = Hosts(stage.agent.allowed_hosts)
        refused = [url for url in _addresses(args) if not hosts.allow(url)]
        if refused:
            told = f"Not shown: this project does not allow the address {refused[0][:200]!r}. Leave addresses out."
            return Done(told, is_error=True)
        shown = self.shown(stage, args)
        return Done(SHOWN, traces=() if shown is None else (shown,))

    @abstractmethod
    def shown(self, stage: Stage, args: Mapping[str, Json]) -> Trace | None:
        """What the user sees; `None` for what comes at the end of the turn."""


class ShowButtons(Show):
    """Quick replies under what is said."""

    name: ClassVar[str] = "show_buttons"
    option: ClassVar[str] = "showButtons"
    description: ClassVar[str] = "Show quick replies under your answer, a few words each."
    takes: ClassVar[dict[str, Json]] = parameters(
        {"buttons": {"type": "array", "minItems": 1, "maxItems": MOST, "items": text("What it shows and sends.")}},
        "buttons",
    )

    def shown(self, stage: Stage, args: Mapping[str, Json]) -> Trace | None:
        labels = cast("list[str]", args["buttons"])
        stage.memory.buttons = tuple(Button(f"button{n}", label, label) for n, label in enumerate(labels, 1))
        return None


class ShowCard(Show):
    """A picture, words and buttons."""

    name: ClassVar[str] = "show_card"
    option: ClassVar[str] = "showCard"
    description: ClassVar[str] = "Show a card: a picture, words and buttons."
    takes: ClassVar[dict[str, Json]] = parameters(_CARD, "title")

    def shown(self, stage: Stage, args: Mapping[str, Json]) -> Trace:
        return _card(args)


class ShowCarousel(Show):
    """Cards side by side."""

    name: ClassVar[str] = "show_carousel"
    option: ClassVar[str] = "showCarousel"
    description: ClassVar[str] = "Show several cards side by side."
    takes: ClassVar[dict[str, Json]] = parameters(
        {"cards": {"type": "array", "minItems": 1, "maxItems": MOST, "items": parameters(_CARD, "title")}}, "cards"
    )

    def shown(self, stage: Stage, args: Mapping[str, Json]) -> Trace:
        return Carousel(tuple(_card(card) for card in cast("list[dict[str, Json]]", args["cards"])))


class ShowBadge(Show):
    """A word or two that stand out."""

    name: ClassVar[str] = "show_badge"
    option: ClassVar[str] = "showBadge"
    description: ClassVar[str] = "Show a word or two that stand out, such as the state of an order."
    takes: ClassVar[dict[str, Json]] = parameters(
        {"text": text("A word or two."), "tone": {"type": "string", "enum": ["ok", "warn", "bad", "info"]}}, "text"
    )

    def shown(self, stage: Stage, args: Mapping[str, Json]) -> Trace:
        match args.get("tone"):
            case ("ok" | "warn" | "bad" | "info") as tone:
                return Badge(str(args["text"]), tone)
            case _:
                return Badge(str(args["text"]))


class ShowImage(Show):
    """A picture."""

    name: ClassVar[str] = "show_image"
    option: ClassVar[str] = "showImage"
    description: ClassVar[str] = "Show a picture by its address."
    takes: ClassVar[dict[str, Json]] = parameters(
        {"url": text("Its address."), "alt": text("What it shows, in words.")}, "url", "alt"
    )

    def shown(self, stage: Stage, args: Mapping[str, Json]) -> Trace:
        return Image(str(args["url"]), str(args["alt"]))


def _card(args: Mapping[str, Json]) -> Card:
    buttons = cast("list[dict[str, Json]]", args.get("buttons", []))
    return Card(
        str(args["title"]),
        _text(args, "description"),
        _text(args, "imageUrl"),
        _text(args, "url"),
        tuple(
            CardButton(f"button{n}", str(each["label"]), str(each["label"]), _text(each, "url"))
            for n, each in enumerate(buttons, 1)
        ),
    )


def _text(args: Mapping[str, Json], name: str) -> str | None:
    value = args.get(name)
    return value if isinstance(value, str) and value else None


def _addresses(value: Json | Mapping[str, Json]) -> list[str]:
    """Every address in what is to be shown."""
    if isinstance(value, Mapping):
        own = [each for name in ("url", "imageUrl") if (each := _text(value, name))]
        return [*own, *(url for item in value.values() for url in _addresses(item))]
    return [url for item in value for url in _addresses(item)] if isinstance(value, list) else []
