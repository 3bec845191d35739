"""What is said in a turn, as a channel's messages are made of it: the traces that are for the person, put together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, cast

from conduet.engine.channel.outbound import TraceJson
from conduet.engine.trace import MEDIA, CardButton

APOLOGY: Final = "Sorry, something went wrong. Try again in a moment."


@dataclass(frozen=True, slots=True)
class Said:
    """Words, in markdown, and the buttons that were shown under them."""

    text: str
    buttons: tuple[CardButton, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture, a film, a recording or a file (`kind`: `image video audio file`), by its address."""

    kind: str
    url: str
    caption: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A picture, words and buttons."""

    title: str
    description: str = ""
    image_url: str = ""
    url: str = ""
    buttons: tuple[CardButton, ...] = ()

    @property
    def words(self) -> str:
        """Its title, its description and its address, in markdown."""
        parts = (f"**{self.title}**", self.description, self.url)
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards side by side, or one alone."""

    cards: tuple[ShownCard, ...]


Part: TypeAlias = Said | Shown | Cards


def parts_of(traces: Sequence[TraceJson]) -> Sequence[Part]:
    """The parts, in their order. Where something failed and nothing was said, there is one apology."""
    found: list[Part] = []
    failed = False
    for trace in traces:
        payload = cast("dict[str, Any]", trace["payload"])
        kind = str(trace["type"])
        if "ref" in payload or (kind in MEDIA and not payload["url"]):
            # What is too long for a trace is too long for a message; and a file that is nowhere is none.
            continue
        if kind == "buttons":
            _add_buttons(found, _buttons(payload["buttons"]))
        elif kind in {"text", "badge"}:
            words = str(payload["message" if kind == "text" else "text"])
            if words.strip():
                # No vendor takes a message of spaces.
                found.append(Said(words))
        elif kind in MEDIA:
            found.append(
                Shown(kind, str(payload["url"]), str(payload.get("alt") or ""), str(payload.get("name") or ""))
            )
        elif kind in ("card", "carousel"):
            found.append(Cards(tuple(_card(each) for each in (payload["cards"] if kind == "carousel" else [payload]))))
        failed = failed or kind == "error"
    return found or ([Said(APOLOGY)] if failed else [])


def apart(parts: Sequence[Part]) -> Iterator[Said | Shown]:
    """The parts for a channel without cards: a card is its picture, then its words with its buttons."""
    for part in parts:
        if not isinstance(part, Cards):
            yield part
            continue
        for card in part.cards:
            if card.image_url:
                yield Shown("image", card.image_url)
            yield Said(card.words, card.buttons)


def _add_buttons(found: list[Part], buttons: tuple[CardButton, ...]) -> None:
    """Puts buttons under the words before them."""
    last = found[-1] if found else None
    if isinstance(last, Said) and not last.buttons:
        found[-1] = replace(last, buttons=buttons)
    else:
        found.append(Said("", buttons))


def _buttons(told: list[dict[str, Any]]) -> tuple[CardButton, ...]:
    return tuple(
        CardButton(str(each["id"]), str(each["label"]), str(each.get("value") or each["label"]), each.get("url"))
        for each in told
    )


def _card(told: dict[str, Any]) -> ShownCard:
    return ShownCard(
        str(told["title"]),
        str(told.get("description") or ""),
        str(told.get("imageUrl") or ""),
        str(told.get("url") or ""),
        _buttons(told.get("buttons") or []),
    )
