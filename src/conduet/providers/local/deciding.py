"""What the built-in model does in a round: the first of a fixed order of things that fits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from conduet.kit.json import Json, dumps
from conduet.llm.brief import Way
from conduet.llm.message import ToolCall
from conduet.providers.local.collecting import Collecting, Gathered
from conduet.providers.local.nearness import SURE, Nearness, plain
from conduet.providers.local.quoting import Quote, quoted, sentences
from conduet.providers.local.scene import KNOWLEDGE, Result, Scene
from conduet.providers.local.tooling import answered, called_for
from conduet.providers.local.words import HEARD, QUESTIONS, say

SHORT: Final = 6
"""Up to so many words may be nothing but politeness."""

BUTTONS: Final = "show_buttons"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, or a tool that is called."""

    text: str = ""
    call: ToolCall | None = None


class Deciding:
    """One round."""

    def __init__(self, scene: Scene, nearness: Nearness) -> None:
        self._scene = scene
        self._nearness = nearness
        self._language = scene.brief.language
        self._collecting = Collecting(scene, nearness)

    async def answer(self) -> Answer:
        """What is done next."""
        scene = self._scene
        if scene.results:
            return await self._after(scene.results[-1])
        if not scene.said:
            return self._asking(self._say("hello", name=scene.brief.name), await self._collecting.pending())
        # What is a number or a date is an answer; what is only text may be a greeting.
        if not await self._collecting.is_plain_answer() and (polite := await self._polite()):
            return polite
        if call := await answered(scene):
            return Answer(call=call)
        return await self._went() or await self._collected() or await self._informed()

    async def quote(self) -> Answer | None:
        """An answer out of the passages that came along; `None` when none has to do with what is asked."""
        scene = self._scene
        quote = await quoted(scene.brief.asked, scene.passages or (), nearness=self._nearness, language=self._language)
        return Answer(_listed(quote)) if quote else None

    async def _after(self, result: Result) -> Answer:
        """What follows from a tool's result."""
        match result.name:
            case "kb_search" | "show_buttons":
                return await self._informed()
            case "resolve":
                return Answer(self._say("goodbye"))
            case "set_variables" | "take_exit":
                pending = await self._collecting.pending()
                if result.is_error:
                    return self._asking(self._say("failed"), pending)
                if result.name == "set_variables" and (way := self._collecting.ready()):
                    return self._call("take_exit", {"exitId": way.id, **self._collecting.values})
                return self._asking("" if pending else self._say("done"), pending)
            case "advance_phase" | "handoff":
                return await self._informed(otherwise=self._say("done"))
            case _:
                return self._reported(result)

    async def _polite(self) -> Answer | None:
        """A greeting, thanks, a good-bye, the wish for a person."""
        scene = self._scene
        said = scene.said
        if scene.offers("escalate") and scene.before.endswith(self._say("offer")) and _is_yes(said):
            return self._call("escalate", {"reason": "The assistant could not help, and the user wants a person."})
        words = {name: HEARD[name] for name in ("person", "hello", "welcome", "goodbye")}
        short = len(plain(said).split()) <= SHORT and not said.endswith("?")
        meant = await self._meant(said, words if short else {"person": words["person"]})
        if meant == "person" and scene.offers("escalate"):
            return self._call("escalate", {"reason": "The user asks for a person."})
        if meant == "goodbye" and scene.offers("resolve"):
            return self._call("resolve", {"reason": "The user has said good-bye."})
        if meant == "hello":
            return self._asking(self._say("hello", name=scene.brief.name), await self._collecting.pending())
        if meant in ("welcome", "goodbye"):
            pending = await self._collecting.pending(begun=True)
            # Who is still asked something is not asked whether there is anything else.
            return self._asking(sentences(self._say(meant))[0] if pending else self._say(meant), pending)
        return None

    async def _went(self) -> Answer | None:
        """A phase that follows, or an exit that needs nothing, where the user says what it is for."""
        scene = self._scene
        phases = {way.id: _sentences(way) for way in scene.brief.phases} if scene.offers("advance_phase") else {}
        exits = {way.id: _sentences(way) for way in scene.brief.exits} if scene.offers("take_exit") else {}
        if self._collecting.asked is None and (to := await self._meant(scene.said, phases)):
            return self._call("advance_phase", {"to": to})
        taken = await self._meant(scene.said, exits)
        if taken and not next(way for way in scene.brief.exits if way.id == taken).collects:
            return self._call("take_exit", {"exitId": taken})
        return None

    async def _collected(self) -> Answer | None:
        """The answer to a question, or the next question."""
        gathered = await self._collecting.heard()
        if gathered is None:
            if _is_question(self._scene.said):
                return None
            pending = await self._collecting.pending()
            if pending is None:
                way = await self._collecting.meant_again()
                return self._call("take_exit", {"exitId": way.id}) if way else None
            return self._asking("", pending)
        if gathered is Gathered.UNREAD:
            return None if _is_question(self._scene.said) else Answer(self._collecting.again())
        name, value = gathered.name, gathered.value
        if name in self._settable():
            return self._call("set_variables", {name: value})
        if way := self._collecting.ready():
            return self._call("take_exit", {"exitId": way.id, **self._collecting.values})
        return self._asking("", await self._collecting.pending())

    async def _informed(self, otherwise: str = "") -> Answer:
        """A tool that looks something up, a passage of the knowledge base, or the word that there is neither."""
        scene = self._scene
        if not scene.results:
            wanted = await called_for(scene, self._nearness)
            if isinstance(wanted, ToolCall):
                return Answer(call=wanted)
            if wanted is not None:
                return Answer(wanted)
        if scene.passages is None and scene.offers(KNOWLEDGE) and scene.said:
            return self._call(KNOWLEDGE, {self._query(): scene.said})
        quote = await quoted(scene.said, scene.passages or (), nearness=self._nearness, language=self._language)
        begun = await self._collecting.pending(begun=True)
        if quote is None and not scene.before and (first := await self._collecting.pending()):
            # What the user began with is why the agent is there.
            return self._asking(otherwise, first)
        if quote is None:
            return self._asking(otherwise or self._unknown(), begun)
        if quote.titles and scene.offers(BUTTONS):
            if not scene.has_called(BUTTONS):
                return self._call(BUTTONS, {"buttons": [*quote.titles]})
            return self._asking(quote.text, begun)
        return self._asking(_listed(quote), begun)

    def _reported(self, result: Result) -> Answer:
        """What a tool of the project has found."""
        if result.is_error:
            return Answer(f"{self._say('failed')}{self._offer()}")
        lines = _lines(result.data)
        if len(lines) == 1:
            return Answer(f"{self._say('found')} {lines[0]}")
        return Answer("\n".join([self._say("found"), *(f"- {line}" for line in lines)]) if lines else self._say("done"))

    def _unknown(self) -> str:
        topics = ", ".join(self._scene.brief.replies)
        told = f" {self._say('help', topics=topics)}" if topics else ""
        return f"{self._say('unknown')}{told}{self._offer()}"

    def _offer(self) -> str:
        return f" {self._say('offer')}" if self._scene.offers("escalate") else ""

    async def _meant(self, said: str, options: Mapping[str, tuple[str, ...]]) -> str | None:
        """The option that is plainly meant."""
        ranked = await self._nearness.rank(said, options)
        return ranked[0][0] if ranked and ranked[0][1] >= SURE else None

    def _asking(self, text: str, question: str | None) -> Answer:
        return Answer(" ".join(part for part in (text, question) if part) or self._unknown())

    def _call(self, name: str, arguments: Mapping[str, Json]) -> Answer:
        number = len(self._scene.heard) * 100 + len(self._scene.results) + 1
        return Answer(call=ToolCall(f"call_{number}", name, dumps(dict(arguments)).decode()))

    def _say(self, key: str, **values: str) -> str:
        return say(key, self._language, **values)

    def _settable(self) -> frozenset[str]:
        spec = self._scene.tools.get("set_variables")
        properties = spec.schema["properties"] if spec else None
        return frozenset(properties) if isinstance(properties, dict) else frozenset()

    def _query(self) -> str:
        properties = self._scene.tools[KNOWLEDGE].schema["properties"]
        return next(iter(properties), "query") if isinstance(properties, dict) else "query"


def _listed(quote: Quote) -> str:
    """A quote and the titles to choose from, as text."""
    return quote.text + "".join(f"\n- {title}" for title in quote.titles)


def _sentences(way: Way) -> tuple[str, ...]:
    return (way.description, way.id.replace("_", " ").replace("-", " "))


def _is_yes(said: str) -> bool:
    return plain(said) in {plain(each) for each in HEARD["yes"]}


def _is_question(said: str) -> bool:
    words = plain(said).split()
    return said.rstrip().endswith("?") or (bool(words) and words[0] in QUESTIONS)


def _lines(data: Json) -> list[str]:
    """What a tool returned, a line for each part."""
    match data:
        case None | "":
            return []
        case dict():
            return [f"{name}: {_short(value)}" for name, value in data.items() if value is not None]
        case list():
            return [_short(value) for value in data]
        case _:
            return [_short(data)]


def _short(value: Json) -> str:
    return value if isinstance(value, str) else dumps(value).decode()
