"""Values in what a user says: what a question was answered with, and what a tool takes."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, cast

from conduet.engine.answers import READERS, SLOW, Asking
from conduet.engine.patterns import PatternError, compile_pattern
from conduet.kit.clock import now as present
from conduet.kit.json import Json
from conduet.llm.brief import Brief, Wanted
from conduet.llm.look import look_text
from conduet.providers.local.nearness import plain
from conduet.providers.local.words import HEARD, say

HINTS: Final[Mapping[str, re.Pattern[str]]] = {
    "email": re.compile(r"\b(e-?)?mail", re.IGNORECASE),
    "phone": re.compile(r"\b(tele)?(phone|fon)|\bmobile\b|\btel\b", re.IGNORECASE),
    "date": re.compile(r"\b(date|day|datum|tag|fecha)\b", re.IGNORECASE),
    "url": re.compile(r"\b(url|website|web address)\b", re.IGNORECASE),
    "number": re.compile(r"\b(how many|amount|quantity|count|anzahl)\b", re.IGNORECASE),
}
"""What a name or a description says of a text beyond its being one."""

SOUGHT: Final[Mapping[str, re.Pattern[str]]] = {
    "email": re.compile(r"[^\s<>,;]+@[^\s<>,;]+[^\s<>,;.!?]"),
    "phone": re.compile(r"\+?[0-9][0-9 ().\-/]{4,}[0-9]"),
    "number": re.compile(r"(?<![\w.,-])-?[0-9]+(?:\.[0-9]+)?(?![\w]|[.,][0-9])"),
    "date": re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b"),
    "url": re.compile(r"https?://[^\s<>]+[^\s<>.,;!?]"),
}
"""Where a value of a kind may stand in a sentence."""

LEADS: Final = re.compile(
    r"^(?:(?:well|ok|okay|yes|sure|hi|hello)[,. ]+)?"
    r"(?:(?:my|the)(?: \w+){1,3} is|my name's|name's|it is|it's|i am|i'm|this is|that is|that's|ich heiße"
    r"|ich bin|soy|me llamo|je suis|je m'appelle)\s+",
    re.IGNORECASE,
)
"""Words before an answer that are no part of it."""

CODE: Final = re.compile(r"(?<![\w-])#?([\w-]*[0-9][\w-]*)(?![\w-])")
CODE_NAME: Final = re.compile(r"number|code|\bid\b|\bno\b|nummer|reference|tracking|número|numéro", re.IGNORECASE)
NO: Final = frozenset({"no", "nope", "no thanks", "no thank you", "nein", "non"})
CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
LONGEST: Final = 60
"""The longest answer that is taken whole for a tool's argument, in characters."""


def spoken_name(name: str) -> str:
    """A name as people say it: `orderNumber` is `order number`."""
    return " ".join(CAMEL.sub(" ", name).replace("_", " ").replace("-", " ").replace(".", " ").split()).lower()


def question_for(name: str, description: str, language: str) -> str:
    """How a value is asked for: by its description where that is a question."""
    asked = description.strip()
    return asked if asked.endswith("?") else say("ask", language, what=spoken_name(name))


def kind_of(wanted: Wanted) -> str:
    """What counts as an answer, as a `capture` step calls it."""
    return wanted.kind if wanted.kind != "text" else _hinted(f"{spoken_name(wanted.name)} {wanted.description}", "text")


async def read_answer(said: str, kind: str, brief: Brief) -> Json:
    """The value of a whole answer; `None` when it is none."""
    words = LEADS.sub("", said).strip()
    if kind == "boolean":
        heard = plain(words)
        return True if heard in {plain(each) for each in HEARD["yes"]} else False if heard in NO else None
    if kind == "text":
        return words.rstrip(".!").strip() or None
    if kind not in READERS:
        return None
    found = await _read(words.rstrip(".!?"), kind, brief)
    sought = SOUGHT[kind].search(said)
    return await _read(sought.group(), kind, brief) if found is None and sought else found


async def read_argument(name: str, schema: Json, said: str, *, brief: Brief, whole: bool) -> Json:
    """What a sentence gives for a tool's argument; `whole`: the sentence answers a question for it."""
    told = schema if isinstance(schema, dict) else {}
    options = told.get("enum")
    if isinstance(options, list):
        heard = f" {plain(said)} "
        return next((each for each in options if isinstance(each, str) and f" {plain(each)} " in heard), None)
    about = f"{spoken_name(name)} {look_text(told, 'description')}"
    match told.get("type"):
        case "integer" | "number":
            found = await _sought(said, "number", brief)
            return None if told["type"] == "integer" and not isinstance(found, int) else found
        case "string" | None:
            return await _text(said, told, about=about, brief=brief, whole=whole)
        case _:
            return None


async def _text(said: str, schema: Mapping[str, Json], *, about: str, brief: Brief, whole: bool) -> Json:
    pattern = look_text(cast("Json", schema), "pattern")
    if pattern:
        return next((word for word in _words(said) if _matches(pattern, word)), None)
    kind = {"email": "email", "date": "date", "date-time": "date", "uri": "url"}.get(
        look_text(cast("Json", schema), "format")
    ) or _hinted(about, "text")
    if kind in SOUGHT:
        found = await (read_answer(said, kind, brief) if whole else _sought(said, kind, brief))
        return None if found is None else str(found)
    if CODE_NAME.search(about) and (code := CODE.search(said)):
        return code.group(1)
    answer = await read_answer(said, "text", brief)
    return answer if whole and isinstance(answer, str) and len(answer) <= LONGEST else None


async def _sought(said: str, kind: str, brief: Brief) -> Json:
    """The only value of a kind in a sentence."""
    found = SOUGHT[kind].findall(said)
    return await _read(found[0], kind, brief) if len(found) == 1 else None


async def _read(said: str, kind: str, brief: Brief) -> Json:
    moment = datetime.fromisoformat(brief.now) if brief.now else present()
    asking = Asking(brief.language, brief.project_language, brief.zone, moment)
    return await asyncio.to_thread(READERS[kind], said, asking) if kind in SLOW else READERS[kind](said, asking)


def _hinted(about: str, otherwise: str) -> str:
    return next((kind for kind, hint in HINTS.items() if hint.search(about)), otherwise)


def _words(said: str) -> Iterator[str]:
    for word in said.split():
        yield word.strip(".,;:!?#()\"'")


def _matches(pattern: str, word: str) -> bool:
    try:
        return bool(word and compile_pattern(f"^(?:{pattern})$").search(word))
    except PatternError:
        return False
