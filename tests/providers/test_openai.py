"""Chat Completions: what is sent, to OpenAI and to others that speak it, and what only some of them answer."""

import json
from dataclasses import replace
from typing import Any

import pytest
from inline_snapshot import snapshot

from conduet.llm.errors import RequestRejected
from conduet.llm.event import TextDelta
from conduet.llm.message import Assistant, Echo, ModelRequest, Only, Text, ToolCall, User
from conduet.llm.transport import Direct
from conduet.providers.openai import OpenAI
from tests.providers.asking import FULL
from tests.providers.complaints import openai
from tests.providers.playing import HELLO, KEY, Reply, ask, assembled, direct, events, playing, sent, wire

BODY = snapshot(
    {
        "model": "m",
        "messages": [
            {"role": "system", "content": "You are a bicycle shop."},
            {"role": "system", "content": "The customer's name is Ann."},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}},
                    {"type": "image_url", "image_url": {"url": "https://shop.example/bike.jpg"}},
                ],
            },
            {
                "role": "assistant",
                "content": "Let me look.",
                "tool_calls": [
                    {
                        "id": "call_1",
                        "type": "function",
                        "function": {"name": "find_order", "arguments": '{"number":"1"}'},
                    },
                    {"id": "call_2", "type": "function", "function": {"name": "opening_hours", "arguments": "{}"}},
                ],
            },
            {"role": "tool", "tool_call_id": "call_1", "content": "Order 1 is on its way."},
            {"role": "tool", "tool_call_id": "call_2", "content": "The shop did not answer."},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "find_order",
                    "description": "Finds an order by its number.",
                    "parameters": {
                        "type": "object",
                        "properties": {"number": {"type": "string"}},
                        "required": ["number"],
                    },
                },
            },
            {
                "type": "function",
                "function": {
                    "name": "opening_hours",
                    "description": "When the shop is open.",
                    "parameters": {"type": "object", "properties": {}},
                },
            },
        ],
        "tool_choice": {"type": "function", "function": {"name": "find_order"}},
        "temperature": 0.2,
        "max_tokens": 500,
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "answer",
                "schema": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}},
                    "required": ["city"],
                    "additionalProperties": False,
                },
                "strict": True,
            },
        },
    }
)


async def test_a_request_with_everything_in_it() -> None:
    asked = await sent(OpenAI, FULL)
    assert asked.path == "/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body == BODY


def body_for(base_url: str, request: ModelRequest = FULL, model: str = "gpt-6.1-terra") -> dict[str, Any]:
    return OpenAI(base_url=base_url, opener=Direct()).call(model, request).body


def test_openai_itself_has_names_of_its_own() -> None:
    body = body_for("https://api.openai.com/v1")
    assert body["max_completion_tokens"] == 500
    assert "max_tokens" not in body
    assert body["prompt_cache_key"] == "proj_1/order"


def test_tools_that_may_be_chosen_freely_need_no_word_about_it() -> None:
    assert "tool_choice" not in body_for("http://x", replace(FULL, tool_choice="auto"))
    assert body_for("http://x", replace(FULL, tool_choice="required"))["tool_choice"] == "required"
    assert body_for("http://x", replace(FULL, tool_choice=Only("x")))["tool_choice"] == {
        "type": "function",
        "function": {"name": "x"},
    }


@pytest.mark.parametrize(
    ("base_url", "endpoint"),
    [
        ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1/chat/completions"),
        (
            "https://shop.openai.azure.com/openai/deployments/gpt?api-version=2026-01-01",
            "https://shop.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2026-01-01",
        ),
    ],
)
def test_the_base_url_may_be_anybodys(base_url: str, endpoint: str) -> None:
    provider = OpenAI(base_url=base_url, opener=Direct())
    assert provider.call("m", HELLO).url == endpoint
    assert provider.call("m", HELLO).headers == {}


async def test_azure_takes_the_key_in_a_header_of_its_own() -> None:
    provider = OpenAI.from_environment(
        {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://shop.openai.azure.com/openai/v1"}, opener=Direct()
    )
    assert provider is not None
    assert provider.call("m", HELLO).headers == {"Authorization": f"Bearer {KEY}", "api-key": KEY}


def test_only_the_models_of_openai_have_a_default_and_a_price() -> None:
    own = OpenAI.from_environment({"OPENAI_API_KEY": KEY}, opener=Direct())
    other = OpenAI.from_environment({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}, opener=Direct())
    assert own is not None
    assert other is not None
    assert (own.default_model(), own.priced_as()) == ("gpt-6.1-terra", "openai")
    assert (other.default_model(), other.priced_as()) == (None, None)


async def test_a_parameter_that_a_model_does_not_take_is_left_out_from_then_on() -> None:
    refusal = Reply.json(
        {
            "error": {
                "message": "Unsupported value: 'temperature' does not support 0.2 with this model.",
                "type": "invalid_request_error",
                "param": "temperature",
                "code": "unsupported_value",
            }
        },
        status=400,
    )
    async with playing(refusal, Reply(wire("openai/text"))) as server, direct() as opener:
        provider = server.provider(OpenAI, opener)
        for _ in range(2):
            assert assembled(await events(provider, FULL)).text == "Hello, wörld 👋!"
    assert ["temperature" in asked.body for asked in server.asked] == [True, False, False]


async def test_a_parameter_of_another_name_is_sent_by_that_name() -> None:
    refusal = openai(
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        kind="invalid_request_error",
        code="unsupported_parameter",
    )
    async with playing(refusal, Reply(wire("openai/text"))) as server, direct() as opener:
        await events(server.provider(OpenAI, opener), FULL)
    assert server.asked[0].body["max_tokens"] == 500
    assert "max_tokens" not in server.asked[1].body
    assert server.asked[1].body["max_completion_tokens"] == 500


async def test_a_server_that_takes_neither_name_is_asked_without() -> None:
    refusals = [openai(422, f"Extra inputs: {name}", kind="x") for name in ("max_tokens", "max_completion_tokens")]
    async with playing(*refusals, Reply(wire("openai/text"))) as server, direct() as opener:
        await events(server.provider(OpenAI, opener), FULL)
    assert not {"max_tokens", "max_completion_tokens"} & server.asked[-1].body.keys()


async def test_what_an_answer_needs_is_never_left_out() -> None:
    async with playing(openai(400, "Invalid 'tools[0]'.", kind="x")) as server, direct() as opener:
        with pytest.raises(RequestRejected):
            await events(server.provider(OpenAI, opener), FULL)
    assert len(server.asked) == 1


async def test_calls_that_are_all_numbered_0_are_told_apart_by_their_ids() -> None:
    answer = assembled(await ask(OpenAI, Reply(wire("openai/ollama_calls"))))
    assert [(call.id, call.parsed()) for call in answer.calls] == [
        ("call_a1", {"number": "1"}),
        ("call_b2", {"number": "2"}),
    ]


async def test_calls_without_numbers_or_ids_are_understood() -> None:
    parts = [
        {"function": {"name": "find_order", "arguments": "{"}},
        {"function": {"arguments": "}"}},
    ]
    chunks = [{"choices": [{"index": 0, "delta": {"tool_calls": [part]}}]} for part in parts]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    (call,) = assembled(await ask(OpenAI, Reply(body.encode()))).calls
    assert (call.name, call.arguments) == ("find_order", "{}")
    assert call.id.startswith("call_")


async def test_reasoning_is_kept_apart_and_goes_back_with_its_calls() -> None:
    told = await ask(OpenAI, Reply(wire("openai/deepseek_reasoning")))
    assert not [event for event in told if isinstance(event, TextDelta)]
    answer = assembled(told)
    assert answer.reasoning == "The user wants an order."
    assert (answer.usage.cached, answer.usage.reasoning) == (256, 20)
    assert answer.echo == Echo("openai:m", ({"reasoning_content": "The user wants an order."},))
    following = ModelRequest((User("Hello"), answer.message()))
    assert body_for("http://x", following, "m")["messages"] == snapshot(
        [
            {"role": "user", "content": "Hello"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "call_00_x", "type": "function", "function": {"name": "find_order", "arguments": "{}"}}
                ],
                "reasoning_content": "The user wants an order.",
            },
        ]
    )
    plain = ModelRequest((User("Hello"), Assistant("Hi")))
    assert body_for("http://x", plain)["messages"][1] == {"role": "assistant", "content": "Hi"}
    assert "reasoning_content" not in json.dumps(body_for("http://x", following, "another"))


async def test_openrouter_wants_the_details_of_its_reasoning_back() -> None:
    details = [{"type": "reasoning.encrypted", "data": str(number), "index": number} for number in range(2)]
    deltas = [{"reasoning": "Hm.", "reasoning_details": [detail]} for detail in details]
    call = {"tool_calls": [{"index": 0, "id": "call_1", "function": {"name": "find_order", "arguments": "{}"}}]}
    chunks = [{"choices": [{"index": 0, "delta": delta}]} for delta in [*deltas, call]]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    answer = assembled(await ask(OpenAI, Reply(body.encode())))
    assert (answer.reasoning, answer.text) == ("Hm.Hm.", "")
    assert answer.echo is not None
    assert list(answer.echo.items) == [{"reasoning_details": details}]


def test_broken_arguments_go_into_the_history_as_json() -> None:
    request = ModelRequest((Assistant("", (ToolCall("call_1", "find_order", '{"number": A-1'),)),))
    (message,) = body_for("http://x", request)["messages"]
    assert message["tool_calls"][0]["function"]["arguments"] == '{"invalid":"{\\"number\\": A-1"}'


async def test_words_alone_are_one_text_as_not_every_server_takes_parts() -> None:
    asked = await sent(OpenAI, ModelRequest((User((Text("The state."), Text("Hello"))),)))
    assert asked.body["messages"] == [{"role": "user", "content": "The state.\n\nHello"}]
