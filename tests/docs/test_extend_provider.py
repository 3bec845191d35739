"""The provider of docs/extend/ works from a wheel of its own, found by its entry point; the script there is one."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conduet.llm.message import ModelRequest, ToolResult, User
from conduet.llm.models import Models
from conduet.llm.name import parse_chain
from conduet.llm.transport import Direct
from conduet.providers.scripted import Scripted
from tests.docs.test_extend import blocks, install
from tests.providers.playing import KEY, Reply, playing

pytestmark = pytest.mark.slow

ASK = """
import asyncio, json, os, sys
from conduet.kit.plugin import discover
from conduet.llm.message import *
from conduet.llm.errors import ModelError
from conduet.llm.models import Models, Patience
from conduet.llm.name import parse_chain
from conduet.llm.provider import Provider, configured
from conduet.llm.record import write_answer
from conduet.llm.transport import Direct

tool = ToolSpec("find_order", "Finds an order.", {"properties": {"number": {"type": "string"}}})
call = ToolCall("call_1", "find_order", '{"number":"1"}')
request = ModelRequest(
    (System("Be kind."), User((Text("Hello"), Image(b"x"))), Assistant("", (call,)), ToolResult("call_1", "x", "fine")),
    tools=(tool,), tool_choice=Only("find_order"), temperature=0.5, max_tokens=9, schema={"type": "object"},
)

async def main():
    opener = Direct()
    providers = configured(discover("conduet.providers", Provider), os.environ, opener)
    models = Models(providers, patience=Patience(retries=0))
    try:
        told = write_answer(await models.answer(parse_chain("cohere:command-a-03-2025"), request))
    except ModelError as error:
        told = [error.code, error.said]
    await opener.close()
    print(json.dumps(told))

asyncio.run(main())
"""


def stream(*events: dict[str, Any]) -> bytes:
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events).encode()


def over(reason: str) -> dict[str, Any]:
    usage = {"billed_units": {"input_tokens": 5}, "tokens": {"input_tokens": 893, "output_tokens": 42}}
    return {"type": "message-end", "delta": {"finish_reason": reason, "usage": usage}}


def called(kind: str, **function: str) -> dict[str, Any]:
    call = {"id": "find_order_x", "type": "function", "function": function}
    return {"type": f"tool-call-{kind}", "index": 0, "delta": {"message": {"tool_calls": call}}}


BEGUN = {"type": "message-start", "id": "29f14a5a", "delta": {"message": {"role": "assistant"}}}
ANSWER = stream(
    BEGUN,
    {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": "I will look."}}},
    {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "Let me "}}}},
    {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "look."}}}},
    called("start", name="find_order", arguments=""),
    called("delta", arguments='{"number":'),
    called("delta", arguments='"1"}'),
    {"type": "tool-call-end", "index": 0},
    over("TOOL_CALL"),
)


async def asked(site: Path, port: int) -> Any:
    """What a process that has the package installed hears."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "COHERE_API_KEY": KEY,
        "COHERE_BASE_URL": f"http://127.0.0.1:{port}",
    }
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", ASK],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


async def test_a_provider_comes_from_a_package_of_its_own(tmp_path: Path) -> None:
    site = await asyncio.to_thread(install, "provider.md", "cohere.py", tmp_path)
    replies = [
        Reply(ANSWER),
        Reply(ANSWER[:-200]),
        Reply(stream(BEGUN, over("ERROR"))),
        Reply.json({"id": "x", "message": "invalid api token"}, status=401),
    ]
    async with playing(*replies) as server:
        answer = await asked(site, server.port)
        assert answer["text"] == "Let me look."
        assert answer["finish"] == "calls"
        assert answer["calls"] == [{"id": "find_order_x", "name": "find_order", "arguments": '{"number":"1"}'}]
        assert answer["usage"] == {"input": 893, "output": 42}
        assert [await asked(site, server.port) for _ in range(3)] == [
            ["MODEL_STREAM_BROKEN", ""],
            ["MODEL_SERVER_FAILED", "ERROR"],
            ["MODEL_UNAUTHORIZED", "invalid api token"],
        ]
    sent = server.asked[0]
    assert (sent.path, sent.headers["authorization"]) == ("/v2/chat", f"Bearer {KEY}")
    assert [message["role"] for message in sent.body["messages"]] == ["system", "user", "assistant", "tool"]
    assert (sent.body["tool_choice"], sent.body["max_tokens"]) == ("REQUIRED", 9)


async def test_the_script_on_the_page_is_one(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(blocks("provider.md")["json"], encoding="utf-8")
    scripted = Scripted.from_environment({"SCRIPTED_ANSWERS": str(path)}, Direct())
    assert scripted is not None
    models = Models({"scripted": scripted})

    async def said(*messages: User | ToolResult) -> str:
        answer = await models.answer(parse_chain("scripted:shop"), ModelRequest(messages))
        return answer.text or answer.calls[0].name

    assert await said(User("Hi")) == "Hello! How can I help?"
    assert await said(User("Where is my order?")) == "find_order"
    assert await said(ToolResult("call_1", "find_order", "It is on its way.")) == "Your order is on its way."
    assert await said(User("Get me the manager")) == "Hello! How can I help?"
