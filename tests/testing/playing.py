"""Conversation tests played without a server, on documents of a few steps."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from conduet.engine.document import compile_document
from conduet.engine.plugins import Plugins
from conduet.kit.sandbox.pool import Sandbox
from conduet.providers.minilm import MiniLm
from conduet.testing.context import Stage
from conduet.testing.minds import built_in
from conduet.testing.play import play_all
from conduet.testing.result import TestResult

PLUGINS = Plugins.installed()

T = TypeVar("T")
Object = dict[str, Any]
LAUNCH: Object = {"type": "launch", "payload": None}


def say(text: str) -> Object:
    """The user writes something."""
    return {"type": "text", "payload": text}


def turn(action: Object, *expect: Object, **more: Any) -> Object:
    """A turn of a test."""
    return {"action": action, "expect": [*expect], **more}


def case(*turns: Object, **more: Any) -> Object:
    """A test of a document."""
    return {"id": "t", "turns": [*turns], **more}


def played(test: Object, *workflows: Object, version_id: str = "development", **more: Any) -> TestResult:
    """What a test comes to on a document of these workflows."""
    return all_played([test], {"workflows": [*workflows], **more}, version_id=version_id)[0]


def all_played(
    tests: Sequence[Object], document: Object, *, version_id: str = "development", seconds: float | None = None
) -> Sequence[TestResult]:
    """What tests come to on a document."""
    compiled = compile_document({**document, "tests": [*tests]}, PLUGINS)

    async def run() -> Sequence[TestResult]:
        stage = Stage(version_id, STAGEHAND.sandbox, "test", STAGEHAND.minds)
        return await play_all(compiled.shape.tests, compiled, stage, seconds=seconds)

    return STAGEHAND.run(run())


class Stagehand:
    """One event loop and one sandbox for all that is played: to start a process for each would take too long."""

    def __init__(self) -> None:
        self._runner: asyncio.Runner | None = None
        self.sandbox = Sandbox()
        self.embedder = MiniLm()
        self.minds = built_in(self.embedder)

    def run(self, playing: Coroutine[Any, Any, T]) -> T:
        """What comes of it."""
        self._runner = self._runner or asyncio.Runner()
        return self._runner.run(playing)

    def close(self) -> None:
        """Ends the processes, the threads and the loop."""
        self.embedder.close()
        if self._runner is not None:
            self._runner.run(self.sandbox.close())
            self._runner.close()


STAGEHAND = Stagehand()
