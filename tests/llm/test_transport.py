"""Two ways to a provider's server: ours, to anywhere, and that of projects, through the address check."""

import asyncio
import json

import pytest

from conduet.kit.http import AllowPrivate, Outgoing, Place
from conduet.llm.errors import (
    BrokenStream,
    MalformedAnswer,
    RequestRejected,
    TimedOut,
    Unreachable,
    Untrusted,
)
from conduet.llm.message import Image, ModelRequest, User
from conduet.llm.models import Models, Patience
from conduet.llm.name import parse_chain
from conduet.llm.transport import Checked, Direct
from conduet.providers.google import Google
from conduet.providers.openai import OpenAI
from tests.providers.playing import HELLO, Reply, ask, assembled, direct, events, playing, wire

TEXT = wire("openai/text")


async def test_a_project_cannot_reach_what_is_private() -> None:
    async with playing(Reply(TEXT)) as server:
        outgoing = Outgoing(AllowPrivate())
        with pytest.raises(RequestRejected, match="not allowed: only addresses on the public internet"):
            await events(server.provider(OpenAI, Checked(outgoing)))
        await outgoing.close()
    assert server.asked == []


async def test_a_project_reaches_what_is_open() -> None:
    async with playing(Reply(TEXT, cuts=range(1, len(TEXT), 100))) as server:
        outgoing = Outgoing(AllowPrivate(places=frozenset({Place("127.0.0.1", server.port)})))
        assert assembled(await events(server.provider(OpenAI, Checked(outgoing)))).text == "Hello, wörld 👋!"
        await outgoing.close()


async def test_failures_on_the_checked_way_are_those_of_a_model() -> None:
    async with playing(Reply(TEXT[:400], then="cut")) as server:
        outgoing = Outgoing(AllowPrivate(everywhere=True))
        opener = Checked(outgoing)
        with pytest.raises(BrokenStream):
            await events(server.provider(OpenAI, opener))
        secure = OpenAI(base_url=f"https://127.0.0.1:{server.port}", opener=opener)
        with pytest.raises(Untrusted):
            await events(secure)
    with pytest.raises(Unreachable):
        await events(server.provider(OpenAI, opener))
    await outgoing.close()


async def test_a_deadline_holds_on_the_checked_way_too() -> None:
    async with playing(Reply(then="hang")) as server:
        outgoing = Outgoing(AllowPrivate(everywhere=True))
        models = Models({"openai": server.provider(OpenAI, Checked(outgoing))}, patience=Patience(0.1, 0.1, 0))
        with pytest.raises(TimedOut):
            await models.answer(parse_chain("openai:m"), HELLO)
        await outgoing.close()


async def test_a_deadline_of_the_checked_way_itself_is_one_of_a_model() -> None:
    async with playing(Reply(then="hang")) as server:
        outgoing = Outgoing(AllowPrivate(everywhere=True))
        with pytest.raises(TimedOut):
            await events(server.provider(OpenAI, Checked(outgoing, seconds=0.1)))
        await outgoing.close()


async def test_an_answer_that_is_compressed_unasked_is_malformed_on_the_checked_way() -> None:
    async with playing(Reply(TEXT, headers={"Content-Encoding": "br"})) as server:
        outgoing = Outgoing(AllowPrivate(everywhere=True))
        with pytest.raises(MalformedAnswer):
            await events(server.provider(OpenAI, Checked(outgoing)))
        await outgoing.close()


async def test_what_is_no_http_is_malformed() -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"220 smtp.example ESMTP\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with direct() as opener:
        with pytest.raises(MalformedAnswer, match="not valid HTTP"):
            await events(OpenAI(base_url=base_url, opener=opener))
    server.close()
    await server.wait_closed()


async def test_what_comes_after_the_end_is_passed_over_and_the_last_event_needs_no_empty_line() -> None:
    more = b"data: {}\n\ndata: nonsense\n\n"
    replies = (Reply(TEXT + more), Reply(TEXT + more, cuts=[len(TEXT)], pause=0.02), Reply(TEXT.rstrip()))
    async with playing(*replies) as server, direct() as opener:
        for _ in replies:
            answer = assembled(await events(server.provider(OpenAI, opener)))
            assert (answer.text, answer.finish) == ("Hello, wörld 👋!", "stop")


async def test_the_last_event_may_hold_the_last_words() -> None:
    content = {"candidates": [{"content": {"parts": [{"text": "Hello"}]}, "finishReason": "STOP"}]}
    assert assembled(await ask(Google, Reply(f"data: {json.dumps(content)}".encode()))).text == "Hello"


async def test_a_server_that_does_not_end_after_the_end_is_left() -> None:
    async with playing(Reply(TEXT, then="hang")) as server, direct() as opener:
        async with asyncio.timeout(30):
            assert assembled(await events(server.provider(OpenAI, opener))).finish == "stop"


async def test_a_redirect_is_not_followed() -> None:
    async with playing(Reply(status=307, headers={"Location": "/elsewhere"})) as server, direct() as opener:
        with pytest.raises(MalformedAnswer):
            await events(server.provider(OpenAI, opener))
    assert len(server.asked) == 1


async def test_large_requests_are_sent() -> None:
    async with playing(Reply(TEXT)) as server, direct() as opener:
        request = ModelRequest((User((Image(b"\x00" * 3_000_000),)),))
        assert assembled(await events(server.provider(OpenAI, opener), request)).text
    assert len(str(server.asked[0].body)) > 4_000_000


async def test_an_answer_without_end_is_cut_off() -> None:
    chunk = b'data: {"choices":[{"delta":{"content":"' + b"x" * 60_000 + b'"}}]}\n\n'
    async with playing(Reply(chunk * 300)) as server, direct() as opener:
        with pytest.raises(MalformedAnswer, match="too large"):
            await events(server.provider(OpenAI, opener))


async def test_hundreds_of_calls_are_all_under_way_at_once() -> None:
    begun = TEXT[: TEXT.index(b"w\xc3\xb6rld")]
    async with playing(Reply(begun[: begun.rindex(b"data:")], then="hang")) as server, direct() as opener:
        provider = server.provider(OpenAI, opener)
        streams = [provider.stream("m", HELLO) for _ in range(400)]
        await asyncio.gather(*(anext(stream) for stream in streams))
        assert server.under_way == 400
        await asyncio.gather(*(stream.aclose() for stream in streams))


async def test_who_is_closed_opens_nothing_any_more() -> None:
    opener = Direct()
    await opener.close()
    with pytest.raises(Unreachable, match="shutting down"):
        await events(OpenAI(base_url="http://127.0.0.1:1", opener=opener))
