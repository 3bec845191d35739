"""One question to a model within a flow: what it is told, and what it answers."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from conduet.agents.agent import named_chain
from conduet.agents.fence import RULE, contents, fenced
from conduet.agents.guard import HELD_BACK, Watch
from conduet.agents.knowledge import ONLY
from conduet.agents.links import Hosts
from conduet.agents.prompt import VARIABLE, told
from conduet.agents.speech import Speech
from conduet.engine.action import words_of
from conduet.engine.trace import Debug, Trace
from conduet.engine.turn import Said, Turn
from conduet.engine.values import Json
from conduet.llm.brief import Brief
from conduet.llm.errors import EmptyAnswer, HeldBack, ModelError
from conduet.llm.message import Assistant, Message, ModelRequest, System, User

SECONDS: Final = 60.0
_SPEAKERS: Final = {"assistant": "Assistant", "person": "Person who took over", "event": "Event"}

SPOKEN_CHARACTERS: Final = 12_000
"""How much of what was said a model is shown."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `system` and `prompt` are the project's own words, `data` is what they are about.

    `sentence` are words of the user's that it is about, too. What `is_said` to the user may be a quote of the
    passages that were found, where no model can write.
    """

    prompt: str
    system: str = ""
    model: str | tuple[str, ...] | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    schema: Mapping[str, Json] | None = None
    data: Mapping[str, Json] | None = None
    sentence: str = ""
    has_persona: bool = True
    is_said: bool = False


class Asking:
    """Run `traces` to its end, then there are words `said`, or an `error`."""

    __slots__ = ("_asked", "_brief", "_more", "_question", "_turn", "error", "said")

    def __init__(self, turn: Turn, question: Question) -> None:
        self._turn = turn
        self._question = question
        self._brief = _brief(turn) if question.is_said and turn.passages else None
        self._asked = _messages(turn, question)
        self._more: tuple[Message, ...] = ()
        self.said = ""
        self.error: ModelError | None = None

    def again(self, told_so: str) -> None:
        """Asks once more after an answer that was not good, which the model is told."""
        self._more += (Assistant(self.said), User(told_so))

    async def traces(self, place: str) -> AsyncGenerator[Trace, None]:
        """The answer as it comes, its links seen to; `place` is where the journal keeps it."""
        turn, question = self._turn, self._question
        behaviour, world = turn.facts.behaviour, turn.context
        watch = Watch(behaviour.guard)
        self.said, self.error = "", None
        if why := self._refused(watch):
            yield Debug("warning", f"No model was asked: {why} (`behaviourConfig.guard`).")
            self.error = HeldBack()
            return
        chain = named_chain(question.model) or named_chain(behaviour.model) or world.chain
        request = ModelRequest(
            (*self._asked, *self._more),
            temperature=behaviour.temperature if question.temperature is None else question.temperature,
            max_tokens=question.max_tokens,
            schema=question.schema,
            brief=self._brief,
        )
        speech = Speech(Hosts(behaviour.allowed_hosts), watch)
        told = world.model(place, chain, watch.request(request), seconds=SECONDS)
        async with aclosing(speech.traces(told)) as traces:
            async for trace in traces:
                yield trace
        self.said, self.error = speech.said, speech.error
        if speech.is_held_back:
            self.error = HeldBack()
        if self.error is None and not self.said:
            self.error = EmptyAnswer()
        for host in sorted(speech.left_out):
            yield Debug("warning", f"A link to {host} was left out: `behaviourConfig.allowedHosts` does not name it.")

    def _refused(self, watch: Watch) -> str | None:
        """Why the question is not put: the user's words are not let through, or a variable in it names a topic."""
        words = words_of(self._turn.action) if self._question.has_persona and self._turn.action else None
        said = (each for each in (words, self._question.sentence) if each)
        system, asked = self._asked
        filled = (*contents(system.text, VARIABLE), *contents(str(asked.content), VARIABLE))
        reasons = (*(watch.refuses(each) for each in said), *(watch.names_topic(each) for each in filled))
        return next((why for why in reasons if why), None)

    async def silent(self, place: str) -> AsyncGenerator[Trace, None]:
        """The same, of which only the remarks are seen."""
        async with aclosing(self.traces(place)) as traces:
            async for trace in traces:
                if isinstance(trace, Debug):
                    yield trace


def asks_models(turn: Turn) -> bool:
    """Whether a model is configured that can be asked a question: the built-in one cannot."""
    return turn.context.converses(named_chain(turn.facts.behaviour.model) or turn.context.chain)


def _brief(turn: Turn) -> Brief | None:
    """The same as data: what is to be answered out of the passages."""
    asked = turn.sought or str(turn.system["lastUserMessage"])
    language = str(turn.system["language"])
    return Brief(turn.facts.name, language, turn.facts.language, asked=asked) if asked else None


def _messages(turn: Turn, question: Question) -> tuple[System, User]:
    facts = turn.facts

    def filled(text: str) -> str:
        return told(text, turn.names, facts.prompts, zone=facts.time_zone).strip()

    system = [
        filled(facts.behaviour.persona) if question.has_persona else "",
        filled(question.system),
        ONLY if question.has_persona and facts.behaviour.answer_only_from_sources else "",
        f"Answer in the language `{turn.system['language']}`." if question.has_persona else "",
        RULE,
    ]
    given = {"sentence": question.sentence} if question.sentence else {}
    data = [fenced(name, value) for name, value in {**given, **(question.data or {})}.items()]
    if turn.passages and question.has_persona:
        data.append(fenced("knowledge base", [*turn.passages]))
        turn.passages.clear()
    if question.has_persona and (spoken := spoken_in(turn)):
        data.append(fenced("conversation so far", spoken))
    told_first = "\n\n".join(part for part in system if part)
    return System(told_first), User("\n".join((*data, filled(question.prompt))))


def spoken_in(turn: Turn, history: Sequence[Said] | None = None) -> str:
    """What was said in the conversation, line by line; its end where that is long."""
    found = turn.history if history is None else history
    watch = Watch(turn.facts.behaviour.guard)
    return "\n".join(_line(each, watch) for each in found)[-SPOKEN_CHARACTERS:]


def _line(said: Said, watch: Watch) -> str:
    role, text = said
    if role == "user":
        return f"User: {HELD_BACK if watch.refuses(text) else watch.masked(text)}"
    return f"{_SPEAKERS[role]}: {watch.masked(text)}"
