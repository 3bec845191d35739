"""What a project keeps its assistant away from: topics, and personal data on their way to a model and back."""

import re
from typing import Final

from conduet.engine.shape import Guard
from conduet.engine.wording import fold
from conduet.llm.message import Text, User

_PERSONAL: Final = (
    ("[e-mail]", re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")),
    ("[bank account]", re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("[card]", re.compile(r"\b[0-9](?:[ -]?[0-9]){12,18}\b")),
    (
        "[phone]",
        re.compile(r"(?<![A-Za-z0-9])(?:\+|00)[0-9](?:[ ()/.-]?[0-9]){7,14}\b|\b0[0-9](?:[ /-]?[0-9]){6,12}\b"),
    ),
)


class Watch:
    """Looks over what is said, by plain patterns: fast, and no promise that nothing slips through."""

    __slots__ = ("_guard", "_topics")

    def __init__(self, guard: Guard | None) -> None:
        self._guard = guard
        topics = guard.blocked_topics if guard else ()
        self._topics = tuple(f" {folded} " for topic in topics if (folded := fold(topic)))

    @property
    def holds_back(self) -> bool:
        """Whether an answer is looked over as a whole before anybody sees it."""
        return bool(self._topics) or (self._guard is not None and self._guard.personal_data != "off")

    def refuses(self, text: str) -> str | None:
        """Why a text is not let through, for who builds; `None` when it is."""
        folded = f" {fold(text)} "
        topic = next((topic.strip() for topic in self._topics if topic in folded), None)
        if topic is not None:
            return f"the topic {topic!r} is blocked"
        if self._guard is not None and self._guard.personal_data == "block" and _masked(text) != text:
            return "there are personal data in it"
        return None

    def over(self, message: User) -> User:
        """A user's message with its words masked."""
        parts = (Text(self.masked(part.text)) if isinstance(part, Text) else part for part in message.parts)
        return User(self.masked(message.content)) if isinstance(message.content, str) else User(tuple(parts))

    def masked(self, text: str) -> str:
        """The text with personal data replaced by what they are, where the project wants that."""
        return _masked(text) if self._guard is not None and self._guard.personal_data != "off" else text


def _masked(text: str) -> str:
    for name, pattern in _PERSONAL:
        text = pattern.sub(name, text)
    return text
