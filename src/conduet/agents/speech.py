"""What a model says in one answer, on its way to the user."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from conduet.agents.links import Hosts, Outlet
from conduet.agents.trace import CompletionContinue, CompletionEnd, CompletionStart
from conduet.engine.trace import Trace
from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import ModelError
from conduet.llm.event import TextDelta
from conduet.llm.models import Told


class Speech:
    """Run `traces` to its end, then there is an `answer` or an `error`; `said` is what the user has seen."""

    __slots__ = ("_outlet", "answer", "error")

    def __init__(self, hosts: Hosts) -> None:
        self._outlet = Outlet(hosts)
        self.answer: ModelAnswer | None = None
        self.error: ModelError | None = None

    @property
    def said(self) -> str:
        """The text without the links that were left out; nothing where there was only white space."""
        said = self._outlet.said
        return said if said.strip() else ""

    @property
    def left_out(self) -> set[str]:
        """The hosts whose links were left out."""
        return self._outlet.left_out

    async def traces(self, told: AsyncGenerator[Told]) -> AsyncGenerator[Trace, None]:
        """The deltas of an answer as traces; its links are seen to before anybody sees them."""
        is_begun = False
        try:
            async with aclosing(told) as events:
                async for event in events:
                    if isinstance(event, ModelAnswer):
                        self.answer = event
                    elif isinstance(event, TextDelta) and (piece := self._outlet.feed(event.text)):
                        if is_begun:
                            yield CompletionContinue(piece)
                        elif self.said:
                            is_begun = True
                            yield CompletionStart(self.said)
        except ModelError as error:
            self.error = error
        rest = self._outlet.end()
        if is_begun:
            yield CompletionEnd(rest, self.said)
        elif self.said:
            yield CompletionStart(self.said)
            yield CompletionEnd("", self.said)
