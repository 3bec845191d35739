"""What a model says in one answer, on its way to the user."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from conduet.agents.guard import REFUSED, Watch
from conduet.agents.links import Hosts, Outlet
from conduet.agents.trace import CompletionContinue, CompletionEnd, CompletionStart
from conduet.engine.trace import Debug, Trace
from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import ModelError
from conduet.llm.event import TextDelta
from conduet.llm.models import Told


class Speech:
    """Run `traces` to its end, then there is an `answer` or an `error`; `said` is what the user has seen.

    Where the project has a guard, nothing is seen before all of it was looked over.
    """

    __slots__ = ("_outlet", "_said", "_watch", "answer", "error", "is_held_back")

    def __init__(self, hosts: Hosts, watch: Watch | None = None) -> None:
        self._outlet = Outlet(hosts)
        self._watch = watch or Watch(None)
        self._said: str | None = None
        self.answer: ModelAnswer | None = None
        self.error: ModelError | None = None
        self.is_held_back = False
        """Whether something else was said in place of the answer."""

    @property
    def said(self) -> str:
        """The text without the links that were left out; nothing where there was only white space."""
        said = self._outlet.said if self._said is None else self._said
        return said if said.strip() else ""

    @property
    def left_out(self) -> set[str]:
        """The hosts whose links were left out."""
        return self._outlet.left_out

    async def traces(self, told: AsyncGenerator[Told]) -> AsyncGenerator[Trace, None]:
        """The deltas of an answer as traces; its links are seen to before anybody sees them."""
        is_begun, is_held = False, self._watch.holds_back
        try:
            async with aclosing(told) as events:
                async for event in events:
                    piece = self._taken(event)
                    if piece and not is_held:
                        if is_begun:
                            yield CompletionContinue(piece)
                        elif self.said:
                            is_begun = True
                            yield CompletionStart(self.said)
        except ModelError as error:
            self.error = error
        rest = self._outlet.end()
        if is_held and (why := self._looked_over()):
            yield Debug("warning", f"An answer was held back: {why} (`behaviourConfig.guard`).")
        if is_begun:
            yield CompletionEnd(rest, self.said)
        elif self.said:
            yield CompletionStart(self.said)
            yield CompletionEnd("", self.said)

    def _taken(self, event: Told) -> str:
        """What may be let out now that this has come."""
        if isinstance(event, ModelAnswer):
            self.answer = event
        return self._outlet.feed(event.text) if isinstance(event, TextDelta) else ""

    def _looked_over(self) -> str | None:
        """Puts what may be said in place of the answer; why, where that is none of it."""
        why = self._watch.refuses(self._outlet.said)
        self.is_held_back = why is not None
        self._said = REFUSED if why else self._watch.masked(self._outlet.said)
        return why
