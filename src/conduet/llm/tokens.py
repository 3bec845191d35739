"""How many tokens a text will be, near enough to trim a history by, without a tokenizer of each model.

Held against `o200k_base`, the tokenizer of OpenAI's models: prose in English, German, French, Spanish, Chinese,
Japanese and Korean, JSON and code come out at 1.0 to 1.15 times its count, Cyrillic, Arabic and Hindi at 1.2 to 1.6, a
few emoji at half. Other tokenizers make up to a third more of a text, so above is the better side to be wrong on. Where
it matters, what a call cost, the provider's own count is taken.
"""

import re
from collections.abc import Iterable
from typing import Final

from conduet.llm.message import Assistant, Image, Message, ModelRequest, Text, ToolResult, User

OVERHEAD: Final = 4
"""Tokens that a message costs beside its text."""

IMAGE: Final = 1000
"""Tokens of a picture: providers count from 85 to 1,600 by its size."""

LETTERS_A_TOKEN: Final = 4.4
OTHER_ASCII_A_TOKEN: Final = 2.0
DENSE_A_TOKEN: Final = 1.3
OTHERS_A_TOKEN: Final = 2.4
LETTERS: Final = re.compile(r"[A-Za-z ]+")
DENSE: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
"""Scripts in which a character is about a token."""


def estimate_text(text: str) -> int:
    """The tokens of a text."""
    if not text:
        return 0
    letters = sum(map(len, LETTERS.findall(text)))
    ascii_others = len(text.encode("ascii", "ignore")) - letters
    dense = len(DENSE.findall(text))
    others = len(text) - letters - ascii_others - dense
    count = (
        letters / LETTERS_A_TOKEN + ascii_others / OTHER_ASCII_A_TOKEN + dense / DENSE_A_TOKEN + others / OTHERS_A_TOKEN
    )
    return max(1, round(count))


def fits(messages: Iterable[Message], tokens: int) -> bool:
    """Whether messages are so short that no count of them can be above that many tokens."""
    longest = 0
    for message in messages:
        match message:
            case Assistant(calls=()):
                longest += OVERHEAD + len(message.text)
            case User(content=str(text)) | ToolResult(content=text):
                longest += OVERHEAD + len(text)
            case _:
                longest += estimate(message)
    return longest <= tokens


def estimate(message: Message) -> int:
    """The tokens of a message."""
    match message:
        case User():
            parts = message.parts
            pictures = sum(isinstance(part, Image) for part in parts)
            text = sum(estimate_text(part.text) for part in parts if isinstance(part, Text))
            return OVERHEAD + pictures * IMAGE + text
        case Assistant():
            calls = sum(OVERHEAD + estimate_text(call.name) + estimate_text(call.arguments) for call in message.calls)
            return OVERHEAD + estimate_text(message.text) + calls
        case ToolResult():
            return OVERHEAD + estimate_text(message.content)
        case _:
            return OVERHEAD + estimate_text(message.text)


def estimate_request(request: ModelRequest) -> int:
    """The tokens of all that a model is told: messages, tools, and the schema of its answer."""
    tools = sum(
        OVERHEAD + estimate_text(tool.name + tool.description) + estimate_text(repr(tool.parameters))
        for tool in request.tools
    )
    schema = estimate_text(repr(request.schema)) if request.schema else 0
    return sum(map(estimate, request.messages)) + tools + schema
