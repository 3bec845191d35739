"""Gemini: what is sent, signatures that go back, and calls that another model made."""

import json
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from conduet.llm.errors import EmptyAnswer
from conduet.llm.message import Assistant, Echo, ModelRequest, System, ToolCall, ToolResult, User
from conduet.llm.transport import Direct
from conduet.providers.google import Google
from tests.providers.asking import FULL
from tests.providers.playing import FIND_ORDER, KEY, Reply, ask, assembled, sent, wire

BODY = snapshot(
    {
        "contents": [
            {
                "role": "user",
                "parts": [
                    {"text": "What is this?"},
                    {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}},
                    {"fileData": {"mimeType": "image/jpeg", "fileUri": "https://shop.example/bike.jpg"}},
                ],
            },
            {
                "role": "model",
                "parts": [
                    {"text": "Let me look."},
                    {
                        "functionCall": {"id": "call_1", "name": "find_order", "args": {"number": "1"}},
                        "thoughtSignature": "skip_thought_signature_validator",
                    },
                    {"functionCall": {"id": "call_2", "name": "opening_hours", "args": {}}},
                ],
            },
            {
                "role": "user",
                "parts": [
                    {
                        "functionResponse": {
                            "id": "call_1",
                            "name": "find_order",
                            "response": {"result": "Order 1 is on its way."},
                        }
                    },
                    {
                        "functionResponse": {
                            "id": "call_2",
                            "name": "opening_hours",
                            "response": {"error": "The shop did not answer."},
                        }
                    },
                ],
            },
        ],
        "systemInstruction": {"parts": [{"text": "You are a bicycle shop."}, {"text": "The customer's name is Ann."}]},
        "generationConfig": {
            "temperature": 0.2,
            "maxOutputTokens": 500,
            "responseMimeType": "application/json",
            "responseJsonSchema": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
                "additionalProperties": False,
            },
        },
        "tools": [
            {
                "functionDeclarations": [
                    {
                        "name": "find_order",
                        "description": "Finds an order by its number.",
                        "parametersJsonSchema": {
                            "type": "object",
                            "properties": {"number": {"type": "string"}},
                            "required": ["number"],
                        },
                    },
                    {"name": "opening_hours", "description": "When the shop is open."},
                ]
            }
        ],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["find_order"]}},
    }
)


async def test_a_request_with_everything_in_it() -> None:
    asked = await sent(Google, FULL)
    assert (asked.path, dict(asked.query)) == ("/models/m:streamGenerateContent", {"alt": "sse"})
    assert asked.headers["x-goog-api-key"] == KEY
    assert asked.body == BODY


async def test_signatures_go_back_with_the_parts_they_came_with() -> None:
    answer = assembled(await ask(Google, Reply(wire("google/calls"))))
    assert (answer.text, answer.reasoning) == ("Let me look.", "Two things are needed.")
    assert (answer.usage.output, answer.usage.reasoning) == (46, 32)
    assert isinstance(answer.echo, Echo)
    results = [ToolResult(call.id, call.name, "fine") for call in answer.calls]
    request = ModelRequest((User("Hello"), answer.message(), *results))
    assert (await sent(Google, request)).body["contents"][1:] == snapshot(
        [
            {
                "role": "model",
                "parts": [
                    {"text": "Two things are needed.", "thought": True},
                    {"text": "Let me look."},
                    {
                        "functionCall": {"name": "find_order", "args": {"number": "A-1009"}, "id": "8f2b1a3c"},
                        "thoughtSignature": "CsEBAdHtim9",
                    },
                    {"functionCall": {"name": "opening_hours", "args": {}, "id": "9c3d"}},
                ],
            },
            {
                "role": "user",
                "parts": [
                    {"functionResponse": {"id": "8f2b1a3c", "name": "find_order", "response": {"result": "fine"}}},
                    {"functionResponse": {"id": "9c3d", "name": "opening_hours", "response": {"result": "fine"}}},
                ],
            },
        ]
    )
    other = replace(answer.message(), echo=Echo("google:other", answer.echo.items))
    parts = (await sent(Google, ModelRequest((User("Hello"), other)))).body["contents"][1]["parts"]
    assert [part.get("thoughtSignature") for part in parts] == [None, "skip_thought_signature_validator", None]


async def test_calls_without_an_id_get_one_of_ours() -> None:
    (call,) = assembled(await ask(Google, Reply(wire("google/old_calls")))).calls
    assert (call.name, call.parsed()) == ("find_order", {"number": "A-1009"})
    assert call.id.startswith("call_")


def test_a_name_stays_in_its_place_of_the_url() -> None:
    provider = Google.from_environment({"GOOGLE_API_KEY": KEY}, opener=Direct())
    assert provider is not None
    url = provider.call("../x?key=1#y", ModelRequest((User("Hello"),))).url
    assert url.endswith("/v1beta/models/..%2Fx%3Fkey%3D1%23y:streamGenerateContent?alt=sse")


async def test_a_conversation_in_which_nobody_has_spoken_begins_all_the_same() -> None:
    for messages in ((), (System("S"),), (System("S"), Assistant("Welcome!"))):
        first = (await sent(Google, ModelRequest(messages))).body["contents"][0]
        assert first == {"role": "user", "parts": [{"text": "(The conversation begins.)"}]}


async def test_what_is_empty_or_not_asked_for_is_not_sent() -> None:
    said = Assistant("", (ToolCall("call_1", "find_order"),))
    request = ModelRequest((System(""), User("?"), said, User(()), User("!")), tools=(FIND_ORDER,))
    body = (await sent(Google, request)).body
    assert body.keys() == {"contents", "tools"}
    assert [len(content["parts"]) for content in body["contents"]] == [1, 1, 1]


async def test_parts_that_are_none_are_passed_over() -> None:
    content = {"candidates": [{"content": {"parts": [None, {"text": "Hi"}]}, "finishReason": "STOP"}]}
    assert assembled(await ask(Google, Reply(f"data: {json.dumps(content)}\n\n".encode()))).text == "Hi"


async def test_every_choice_of_tools_has_its_word() -> None:
    for choice, mode in (("none", "NONE"), ("required", "ANY")):
        request = ModelRequest((User("?"),), tools=(FIND_ORDER,), tool_choice=choice)  # pyright: ignore[reportArgumentType]  # a choice by its name, as parametrized
        assert (await sent(Google, request)).body["toolConfig"] == {"functionCallingConfig": {"mode": mode}}


def test_only_google_itself_has_a_default_and_prices() -> None:
    own = Google.from_environment({"GEMINI_API_KEY": KEY}, Direct())
    other = Google.from_environment({"GEMINI_API_KEY": KEY, "GOOGLE_BASE_URL": "http://127.0.0.1:1"}, Direct())
    assert own is not None
    assert other is not None
    assert (own.default_model(), own.priced_as()) == ("gemini-3.8-flash", "google")
    assert (other.default_model(), other.priced_as()) == (None, None)


async def test_a_reason_to_finish_that_is_not_known_counts_when_something_was_said() -> None:
    def body(text: str) -> bytes:
        content = {"candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": "SOMETHING_NEW"}]}
        return f"data: {json.dumps(content)}\n\n".encode()

    assert assembled(await ask(Google, Reply(body("Hi")))).text == "Hi"
    with pytest.raises(EmptyAnswer):
        await ask(Google, Reply(body("")))
