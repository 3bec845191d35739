"""The traces of a turn on their way out, held back while a step ahead may rewrite what the assistant says."""

from collections.abc import Iterable, Iterator

from conduet.engine.trace import Text, Trace
from conduet.engine.wording import pieces


class Reply:
    """Passes traces on; while `withholds`, keeps them from the first text on, so that their order stays."""

    __slots__ = ("_held", "withholds")

    def __init__(self) -> None:
        self.withholds = False
        self._held: list[Trace] = []

    @property
    def text(self) -> str:
        """What is held back of the assistant's words, as one text."""
        return "\n\n".join(trace.message for trace in self._held if isinstance(trace, Text))

    def rewrite(self, text: str) -> None:
        """One text in place of all that are held back; none in place of them when it is empty."""
        first = next((index for index, trace in enumerate(self._held) if isinstance(trace, Text)), len(self._held))
        others = [trace for trace in self._held if not isinstance(trace, Text)]
        self._held = [*others[:first], *([Text(text)] if text else ()), *others[first:]]

    def passed(self, traces: Iterable[Trace]) -> Iterator[Trace]:
        """Those of `traces` that may be seen now; a long text in pieces that each fit a trace."""
        for trace in traces:
            if self.withholds and (self._held or isinstance(trace, Text)):
                self._held.append(trace)
            else:
                yield from _in_pieces(trace)

    def released(self) -> Iterator[Trace]:
        """What was held back, once nothing can change it any more."""
        held, self._held = self._held, []
        for trace in held:
            yield from _in_pieces(trace)


def _in_pieces(trace: Trace) -> Iterator[Trace]:
    if isinstance(trace, Text):
        yield from map(Text, pieces(trace.message))
    else:
        yield trace
