"""Code in a document, read while it is drawn: a mistake of syntax is told before anybody runs into it."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from conduet.engine.flaw import Flaw
from conduet.engine.graph import Document
from conduet.engine.mistakes import below
from conduet.engine.outside import Code
from conduet.engine.problem import Problem, problem_at
from conduet.kit.json import dumps
from conduet.kit.sandbox.outcome import Failure
from conduet.kit.sandbox.pool import Sandbox

KNOWN: Final = 4_096
"""Of how many pieces of code it is remembered whether they can be read."""

SECONDS: Final = 2.0
"""How long the code of one document may be read; what is not reached by then is told the next time."""

ONE_SECONDS: Final = 0.5


class CodeReader:
    """Reads the code of documents in the sandbox as it would be run, without running it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._known: OrderedDict[bytes, str | None] = OrderedDict()

    async def problems(self, document: Document, *, owner: str) -> Sequence[Problem]:
        """Code that cannot be read, in the order of the document; `owner` is whose place in the sandbox it takes."""
        found: list[Problem] = []
        loop = asyncio.get_running_loop()
        until = loop.time() + SECONDS
        for problem, code in _scripts(document):
            seconds = min(until - loop.time(), ONE_SECONDS)
            mistake = await self._mistake(code, owner=owner, seconds=seconds)
            if mistake is not None:
                found.append(replace(problem, message=mistake))
        return found

    async def _mistake(self, code: Code, *, owner: str, seconds: float) -> str | None:
        key = hashlib.sha256(dumps([code.source, *code.inputs])).digest()
        if key not in self._known:
            if seconds <= 0 or not code.source.strip():
                return None
            # It returns before anything of it is run; on one line with it, so that lines stay what they are.
            read = f"return; {code.source}"
            outcome = await self._sandbox.run(
                read,
                project=owner,
                inputs=code.inputs,
                timeout_seconds=seconds,
                now_ms=0,
                seed=0,
                # Whoever saves does not stand in line behind code that runs.
                wait_seconds=seconds,
            )
            if isinstance(outcome, Failure) and outcome.kind != "error":
                return None
            self._known[key] = _told(outcome) if isinstance(outcome, Failure) else None
            while len(self._known) > KNOWN:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]


def _told(failure: Failure) -> str:
    at = f"line {failure.line}: " if failure.line else ""
    return f"This cannot be read: {at}{failure.message.removeprefix('SyntaxError: ')}."


def _scripts(document: Document) -> Iterator[tuple[Problem, Code]]:
    """All code of a document, each with the problem that it is where it cannot be read."""
    for tool in document.tools.values():
        for path, code in tool.tool.scripts():
            where = below(tool.path, "config", path)
            yield Problem("error", "UNREADABLE", "", where, fix="Correct it."), code
    for node in document.nodes.values():
        for path, code in node.step.scripts():
            yield problem_at(node, Flaw("UNREADABLE", "", path, "Correct it.")), code
