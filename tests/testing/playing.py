"""Conversation tests played without a server, on documents of a few steps."""

import asyncio
from collections.abc import Sequence
from typing import Any

from conduet.engine.document import compile_document
from conduet.engine.plugins import Plugins
from conduet.kit.sandbox.pool import Sandbox
from conduet.testing.context import Stage
from conduet.testing.play import play_all
from conduet.testing.result import TestResult

PLUGINS = Plugins.installed()

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
        sandbox = Sandbox()
        try:
            stage = Stage(version_id, sandbox, owner="test")
            return await play_all(compiled.shape.tests, compiled, stage, seconds=seconds)
        finally:
            await sandbox.close()

    return asyncio.run(run())
