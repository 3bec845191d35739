"""A tool of somebody's package that has a mistake in its program."""

from typing import Any, ClassVar

import pytest
from structlog.testing import capture_logs

from conduet.engine.document import compile_document
from conduet.engine.plugins import Plugins
from conduet.engine.run import fresh_state, run
from conduet.engine.tool import Tool, ToolUse
from conduet.engine.values import Json
from tests.engine.talk import ACTION, PLUGINS, FakeContext
from tests.tools.using import MAIN, SECRETS, VARIABLES, tool


class Clumsy(Tool):
    """Fail by mistake."""

    type: ClassVar[str] = "clumsy"
    reads_secrets: ClassVar[bool] = True

    async def run(self, use: ToolUse) -> Json:
        raise ZeroDivisionError(SECRETS["KEY"])


async def test_it_fails_alone_and_neither_a_trace_nor_the_log_tells_what_was_at_hand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    plugins = Plugins(PLUGINS.steps, {**PLUGINS.tools, "clumsy": Clumsy}, PLUGINS.connectors)
    raw: dict[str, Any] = {"workflows": [MAIN], "tools": [tool("clumsy")], "variables": VARIABLES}
    document = compile_document(raw, plugins)
    state, context = fresh_state(document, "development"), FakeContext(held=SECRETS)
    launch = ACTION.validate_python({"type": "launch", "payload": None})
    with capture_logs() as logs:
        traces = [trace async for trace in run(document, state, launch, context)]
    (error,) = [trace.payload() for trace in traces if trace.type == "error"]
    told = "The tool `helper` failed by a mistake in its program."
    assert error == {"code": "TOOL_FAILED", "message": told, "handled": True}
    (line,) = logs
    assert (line["event"], line["tool"], line["error"]) == ("tool failed", "clumsy", "ZeroDivisionError")
    assert "test_wall.py" in line["at"]
    assert SECRETS["KEY"] not in str(logs) + str([trace.payload() for trace in traces]) + capsys.readouterr().err
