"""What a project keeps its assistant away from: topics, and personal data on their way to a model and back."""

import re
import unicodedata
from dataclasses import replace
from typing import Final

from conduet.agents.fence import in_fences
from conduet.engine.shape import Guard
from conduet.llm.message import Assistant, Message, ModelRequest, System, Text, ToolResult, User

REFUSED: Final = "I cannot help with that here."
"""What is said in place of what is held back."""

HELD_BACK: Final = "(held back)"
"""What a model is shown in place of words of the user's that are held back."""

_WORD: Final = re.compile(r"\w+")
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_CARD: Final = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])")
_PERSONAL: Final = (
    ("[e-mail]", re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")),
    ("[bank account]", re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("[phone]", re.compile(r"(?<![A-Za-z0-9])(?:\+|00)[0-9](?:[ ()/.-]{0,3}[0-9]){7,14}\b")),
    # Neither a day such as 05/11/2026, nor what stands behind the point of a number.
    (
        "[phone]",
        re.compile(
            r"(?<![A-Za-z0-9])(?<![0-9][.,])(?![0-9]{2}[/-][0-9]{2}[/-][0-9]{4}(?![0-9]))0[0-9](?:[ /-]?[0-9]){6,12}\b"
        ),
    ),
)


class Watch:
    """Looks over what is said, by plain patterns: fast, and no promise that nothing slips through."""

    __slots__ = ("_guard", "_topics")

    def __init__(self, guard: Guard | None) -> None:
        self._guard = guard
        topics = guard.blocked_topics if guard else ()
        self._topics = tuple(f" {folded} " for topic in topics if (folded := _folded(topic)))

    @property
    def holds_back(self) -> bool:
        """Whether an answer is looked over as a whole before anybody sees it."""
        return bool(self._topics) or self._masks

    def refuses(self, text: str) -> str | None:
        """Why a text is not let through, for who builds; `None` when it is."""
        why = self.names_topic(text)
        if why is None and self._guard is not None and self._guard.personal_data == "block" and _masked(text) != text:
            return "there are personal data in it"
        return why

    def names_topic(self, text: str) -> str | None:
        """Why a text is not let through for what it is about; `None` when it is."""
        if not self._topics:
            return None
        folded = f" {_folded(text)} "
        topic = next((topic.strip() for topic in self._topics if topic in folded), None)
        return None if topic is None else f"the topic {topic!r} is blocked"

    def over(self, message: User) -> User:
        """A user's message with its words masked."""
        if isinstance(message.content, str):
            return replace(message, content=self.masked(message.content))
        parts = (Text(self.masked(part.text)) if isinstance(part, Text) else part for part in message.parts)
        return replace(message, content=tuple(parts))

    def request(self, request: ModelRequest) -> ModelRequest:
        """A request as a model may see it: personal data are masked but in the project's own words."""
        return replace(request, messages=tuple(map(self._message, request.messages))) if self._masks else request

    def masked(self, text: str) -> str:
        """The text with personal data replaced by what they are, where the project wants that."""
        return _masked(text) if self._masks else text

    @property
    def _masks(self) -> bool:
        return self._guard is not None and self._guard.personal_data != "off"

    def _message(self, message: Message) -> Message:
        match message:
            case System(text=text):
                return replace(message, text=in_fences(text, _masked))
            case User():
                return self.over(message)
            case Assistant(text=text):
                return replace(message, text=_masked(text))
            case ToolResult(content=content):
                return replace(message, content=_masked(content))


def _folded(text: str) -> str:
    """The words of a text, whatever stands between them or unseen within them."""
    return " ".join(_WORD.findall(_UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold())))


def _masked(text: str) -> str:
    for name, pattern in _PERSONAL:
        text = pattern.sub(name, text)
    return _CARD.sub(_card, text)


def _card(found: re.Match[str]) -> str:
    """The mask of a card; other long numbers, such as times and orders, hardly ever have its check digit (ISO 7812)."""
    digits = [int(letter) for letter in reversed(found[0]) if letter.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return "[card]" if (sum(digits[::2]) + sum(doubled)) % 10 == 0 else found[0]
