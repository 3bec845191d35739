"""Responses: what is sent, and the reasoning that travels along."""

import json
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from conduet.llm.errors import RateLimited
from conduet.llm.message import Assistant, Echo, ModelRequest, ToolCall, ToolResult, User
from conduet.llm.transport import Direct
from conduet.providers.openai_responses import OpenAIResponses
from tests.providers.asking import FULL
from tests.providers.playing import HELLO, KEY, Reply, ask, assembled, direct, events, playing, sent, wire

BODY = snapshot(
    {
        "model": "m",
        "input": [
            {"role": "system", "content": "You are a bicycle shop."},
            {"role": "system", "content": "The customer's name is Ann."},
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "What is this?"},
                    {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo="},
                    {"type": "input_image", "image_url": "https://shop.example/bike.jpg"},
                ],
            },
            {"role": "assistant", "content": "Let me look."},
            {"type": "function_call", "call_id": "call_1", "name": "find_order", "arguments": '{"number":"1"}'},
            {"type": "function_call", "call_id": "call_2", "name": "opening_hours", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "call_1", "output": "Order 1 is on its way."},
            {"type": "function_call_output", "call_id": "call_2", "output": "The shop did not answer."},
        ],
        "stream": True,
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "tools": [
            {
                "type": "function",
                "name": "find_order",
                "description": "Finds an order by its number.",
                "parameters": {
                    "type": "object",
                    "properties": {"number": {"type": "string"}},
                    "required": ["number"],
                },
                "strict": False,
            },
            {
                "type": "function",
                "name": "opening_hours",
                "description": "When the shop is open.",
                "parameters": {"type": "object", "properties": {}},
                "strict": False,
            },
        ],
        "tool_choice": {"type": "function", "name": "find_order"},
        "temperature": 0.2,
        "max_output_tokens": 500,
        "text": {
            "format": {
                "type": "json_schema",
                "name": "answer",
                "schema": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}},
                    "required": ["city"],
                    "additionalProperties": False,
                },
                "strict": True,
            }
        },
        "prompt_cache_key": "proj_1/order",
    }
)


async def test_a_request_with_everything_in_it() -> None:
    asked = await sent(OpenAIResponses, FULL)
    assert asked.path == "/responses"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body == BODY


async def test_reasoning_goes_back_to_the_model_that_made_it_and_to_no_other() -> None:
    answer = assembled(await ask(OpenAIResponses, Reply(wire("openai_responses/calls"))))
    assert answer.reasoning == "Two things are needed."
    assert isinstance(answer.echo, Echo)
    results = [ToolResult(call.id, call.name, "fine") for call in answer.calls]
    request = ModelRequest((User("Hello"), answer.message(), *results))
    assert (await sent(OpenAIResponses, request)).body["input"] == snapshot(
        [
            {"role": "user", "content": "Hello"},
            {
                "id": "rs_1",
                "type": "reasoning",
                "summary": [{"type": "summary_text", "text": "Two things are needed."}],
                "encrypted_content": "gAAAAABm",
            },
            {
                "id": "msg_67ca8f1c",
                "type": "message",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "Let me look.", "annotations": []}],
            },
            {
                "id": "fc_2",
                "type": "function_call",
                "arguments": '{"number":"A-1009"}',
                "call_id": "call_DdmO9pD3xa9XTPNJ32zg2hcA",
                "name": "find_order",
            },
            {
                "id": "fc_3",
                "type": "function_call",
                "arguments": "{}",
                "call_id": "call_8d2bUqZ7kQ",
                "name": "opening_hours",
            },
            {"type": "function_call_output", "call_id": "call_DdmO9pD3xa9XTPNJ32zg2hcA", "output": "fine"},
            {"type": "function_call_output", "call_id": "call_8d2bUqZ7kQ", "output": "fine"},
        ]
    )
    other = replace(answer.message(), echo=Echo("openai-responses:other", answer.echo.items))
    bare = (await sent(OpenAIResponses, replace(request, messages=(User("Hello"), other)))).body["input"]
    assert [item.get("type") for item in bare] == [None, None, "function_call", "function_call"]


async def test_a_model_that_does_not_reason_is_asked_without() -> None:
    refusal = Reply.json(
        {
            "error": {
                "message": "Encrypted content is not supported with this model.",
                "type": "invalid_request_error",
                "param": "include",
                "code": None,
            }
        },
        status=400,
    )
    async with playing(refusal, Reply(wire("openai_responses/text"))) as server, direct() as opener:
        assert assembled(await events(server.provider(OpenAIResponses, opener), HELLO)).text
    assert ["include" in asked.body for asked in server.asked] == [True, False]


async def test_an_error_may_be_told_at_the_top_of_its_event_or_in_an_object() -> None:
    flat = {"type": "error", "code": "rate_limit_exceeded", "message": "Slow down.", "param": None}
    nested = {"type": "error", "error": {"type": "tokens", "code": "rate_limit_exceeded", "message": "Slow down."}}
    for event in (flat, nested):
        with pytest.raises(RateLimited) as caught:
            await ask(OpenAIResponses, Reply(f"data: {json.dumps(event)}\n\n".encode()))
        assert caught.value.said == "Slow down."


async def test_parts_of_what_never_began_are_passed_over() -> None:
    strange = [
        {"type": "response.output_text.delta", "delta": ""},
        {"type": "response.reasoning_text.delta", "delta": ""},
        {"type": "response.function_call_arguments.delta", "output_index": 7, "delta": "{"},
        {"type": "response.output_item.done", "output_index": 7, "item": None},
    ]
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in strange).encode()
    answer = assembled(await ask(OpenAIResponses, Reply(body + wire("openai_responses/text"))))
    assert (answer.text, answer.calls) == ("Hello, wörld 👋!", ())


async def test_what_is_not_asked_for_is_not_sent() -> None:
    body = (await sent(OpenAIResponses, replace(FULL, tool_choice="auto"))).body
    assert "tool_choice" not in body
    bare = (await sent(OpenAIResponses, ModelRequest((User("?"), Assistant("", (ToolCall("call_1", "x"),)))))).body
    assert bare.keys() == {"model", "input", "stream", "store", "include"}
    assert [item.get("type") for item in bare["input"]] == [None, "function_call"]


def test_its_prices_are_those_of_openai() -> None:
    own = OpenAIResponses.from_environment({"OPENAI_API_KEY": KEY}, opener=Direct())
    assert own is not None
    assert own.priced_as() == "openai"
    assert own.default_model() is None
