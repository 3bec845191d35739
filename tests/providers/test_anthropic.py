"""Messages: what is sent, signed thoughts that go back, and where the cache is marked."""

from dataclasses import replace

from inline_snapshot import snapshot

from conduet.llm.message import Assistant, Echo, ModelRequest, System, ToolResult, User
from conduet.llm.transport import Direct
from conduet.providers.anthropic import Anthropic
from tests.providers.asking import FULL
from tests.providers.complaints import anthropic
from tests.providers.playing import FIND_ORDER, KEY, Reply, ask, assembled, direct, events, playing, sent, wire

BODY = snapshot(
    {
        "model": "m",
        "max_tokens": 500,
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {
                        "type": "image",
                        "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="},
                    },
                    {"type": "image", "source": {"type": "url", "url": "https://shop.example/bike.jpg"}},
                ],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "text", "text": "Let me look."},
                    {"type": "tool_use", "id": "call_1", "name": "find_order", "input": {"number": "1"}},
                    {"type": "tool_use", "id": "call_2", "name": "opening_hours", "input": {}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "call_1", "content": "Order 1 is on its way."},
                    {
                        "type": "tool_result",
                        "tool_use_id": "call_2",
                        "content": "The shop did not answer.",
                        "is_error": True,
                    },
                ],
            },
        ],
        "stream": True,
        "system": [
            {"type": "text", "text": "You are a bicycle shop.", "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": "The customer's name is Ann."},
        ],
        "tools": [
            {
                "name": "find_order",
                "description": "Finds an order by its number.",
                "input_schema": {
                    "type": "object",
                    "properties": {"number": {"type": "string"}},
                    "required": ["number"],
                },
            },
            {
                "name": "opening_hours",
                "description": "When the shop is open.",
                "input_schema": {"type": "object", "properties": {}},
            },
        ],
        "tool_choice": {"type": "tool", "name": "find_order"},
        "temperature": 0.2,
        "output_config": {
            "format": {
                "type": "json_schema",
                "schema": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}},
                    "required": ["city"],
                    "additionalProperties": False,
                },
            }
        },
    }
)


async def test_a_request_with_everything_in_it() -> None:
    asked = await sent(Anthropic, FULL)
    assert asked.path == "/v1/messages"
    assert (asked.headers["x-api-key"], asked.headers["anthropic-version"]) == (KEY, "2023-06-01")
    assert asked.body == BODY


async def test_thoughts_go_back_as_they_came_to_the_model_that_had_them() -> None:
    answer = assembled(await ask(Anthropic, Reply(wire("anthropic/thinking"))))
    assert (answer.text, answer.reasoning) == ("Let me look.", "Two things are needed.")
    assert answer.usage.reasoning == 32
    assert isinstance(answer.echo, Echo)
    request = ModelRequest((User("Hello"), answer.message(), ToolResult(answer.calls[0].id, "find_order", "fine")))
    assert (await sent(Anthropic, request)).body["messages"][1] == snapshot(
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Two things are needed.", "signature": "EqQBCgIYAhIM1gbcDa9GJwZA2b3h"},
                {"type": "redacted_thinking", "data": "EmwKAhgBEgy3va3pzix"},
                {"type": "text", "text": "Let me look."},
                {"type": "tool_use", "id": "toolu_01T1x1fJ34qAmk2tNTrN7Up6", "name": "find_order", "input": {}},
            ],
        }
    )
    other = replace(answer.message(), echo=Echo("anthropic:other", answer.echo.items))
    content = (await sent(Anthropic, ModelRequest((User("Hello"), other)))).body["messages"][1]["content"]
    assert [block["type"] for block in content] == ["text", "tool_use"]


async def test_usage_counts_what_was_read_from_the_cache_and_written_to_it_as_input() -> None:
    usage = assembled(await ask(Anthropic, Reply(wire("anthropic/text")))).usage
    assert (usage.input, usage.cached, usage.cache_written, usage.output) == (25 + 68 + 1024, 1024, 68, 46)


async def test_an_answer_that_fills_the_context_is_cut_off() -> None:
    assert assembled(await ask(Anthropic, Reply(wire("anthropic/context_filled")))).finish == "length"


async def test_a_block_may_begin_with_its_text() -> None:
    begun = b'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text",'
    body = wire("anthropic/text").replace(begun + b'"text":""', begun + b'"text":"Oh. "')
    assert assembled(await ask(Anthropic, Reply(body))).text == "Oh. Hello, wörld 👋!"


async def test_the_last_four_marks_count() -> None:
    messages = tuple(User(str(number), again=True) for number in range(6))
    content = (await sent(Anthropic, ModelRequest((System("S", again=True), *messages)))).body
    assert content["system"] == [{"type": "text", "text": "S"}]
    assert ["cache_control" in block for block in content["messages"][0]["content"]] == [False, False] + [True] * 4


async def test_a_conversation_in_which_nobody_has_spoken_begins_all_the_same() -> None:
    for messages in ((), (System("S"),), (System("S"), Assistant("Welcome!"))):
        first = (await sent(Anthropic, ModelRequest(messages))).body["messages"][0]
        assert first == {"role": "user", "content": [{"type": "text", "text": "(The conversation begins.)"}]}


async def test_texts_without_a_character_are_left_out() -> None:
    request = ModelRequest((System(""), User("Hello"), Assistant(" "), User("?")))
    body = (await sent(Anthropic, request)).body
    assert "system" not in body
    assert body["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": text} for text in ("Hello", "?")]}
    ]


async def test_a_model_that_cannot_be_held_to_a_schema_is_asked_without() -> None:
    refusal = anthropic(400, "invalid_request_error", "output_config: Extra inputs are not permitted")
    async with playing(refusal, Reply(wire("anthropic/json"))) as server, direct() as opener:
        assert assembled(await events(server.provider(Anthropic, opener), FULL)).text == '{"city":"Vienna"}'
    assert ["output_config" in asked.body for asked in server.asked] == [True, False]


async def test_every_choice_of_tools_has_its_word() -> None:
    for choice, told in (("auto", None), ("none", {"type": "none"}), ("required", {"type": "any"})):
        body = (await sent(Anthropic, ModelRequest((User("?"),), tools=(FIND_ORDER,), tool_choice=choice))).body  # pyright: ignore[reportArgumentType]  # a choice by its name, as parametrized
        assert body.get("tool_choice") == told


def test_only_anthropic_itself_has_a_default_and_prices() -> None:
    own = Anthropic.from_environment({"ANTHROPIC_API_KEY": KEY}, Direct())
    other = Anthropic.from_environment({"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://127.0.0.1:1"}, Direct())
    assert own is not None
    assert other is not None
    assert (own.default_model(), own.priced_as()) == ("claude-sonnet-5-5", "anthropic")
    assert (other.default_model(), other.priced_as()) == (None, None)
