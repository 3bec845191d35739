"""What holds for every wire format, however its bytes are cut."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduet.llm.errors import BrokenStream, ModelError
from conduet.llm.event import CallDelta, CallEnded, CallStarted, Event, Finished, TextDelta, Usage
from conduet.llm.remote import decode
from conduet.llm.sse import EventReader
from conduet.llm.transport import Direct
from tests.providers.playing import FORMATS, HELLO, WIRE, Reply, ask, assembled, direct, events, playing, wire

FILES = sorted(str(path.relative_to(WIRE).with_suffix("")) for path in WIRE.rglob("*.sse"))
ANSWERS = ("text", "calls", "json", "length", "unknown")


def read(name: str, pieces: list[bytes]) -> tuple[list[Event], str | None]:
    """What the bytes of a file mean, and the code of the error that they end with."""
    kind = FORMATS[name.partition("/")[0]]
    source, reader = EventReader(), kind.model_construct(opener=Direct()).reader("m")
    told: list[Event] = []
    try:
        for data in (*(data for piece in pieces for data in source.feed(piece)), *source.end()):
            told += reader.read(decode(data))
        told += reader.end()
    except ModelError as error:
        return told, error.code
    return told, None


@pytest.mark.parametrize("name", FILES)
@settings(deadline=None)
@given(data=st.data())
def test_any_split_of_the_bytes_gives_the_same_events(name: str, data: st.DataObject) -> None:
    body = wire(name)
    cuts = data.draw(st.lists(st.integers(0, len(body)), max_size=30).map(sorted))
    pieces = [body[start:end] for start, end in pairwise([0, *cuts, len(body)])]
    whole, in_pieces = read(name, [body]), read(name, pieces)
    assert stable(in_pieces[0]) == stable(whole[0])
    assert in_pieces[1] == whole[1]


@pytest.mark.parametrize("name", FILES)
def test_a_byte_at_a_time_gives_the_same_events(name: str) -> None:
    body = wire(name)
    assert stable(read(name, [bytes([byte]) for byte in body])[0]) == stable(read(name, [body])[0])


def stable(told: list[Event]) -> list[Event]:
    """Events with the ids that we made up (they begin as ours do) made the same."""
    known: dict[str, str] = {}

    def fixed(identifier: str) -> str:
        return known.setdefault(identifier, f"call_{len(known)}")

    return [
        CallStarted(event.index, fixed(event.id), event.name)
        if isinstance(event, CallStarted)
        else CallEnded(event.index, type(event.call)(fixed(event.call.id), event.call.name, event.call.arguments))
        if isinstance(event, CallEnded)
        else event
        for event in told
    ]


@pytest.mark.parametrize("kind", FORMATS)
async def test_text_streams_as_it_comes_and_usage_is_counted_alike(kind: str) -> None:
    told = await ask(FORMATS[kind], Reply(wire(f"{kind}/text")))
    assert [event.text for event in told if isinstance(event, TextDelta)] == ["Hello", ", wörld", " 👋!"]
    answer = assembled(told)
    assert (answer.text, answer.finish, answer.calls) == ("Hello, wörld 👋!", "stop", ())
    assert isinstance(told[-1], Finished)
    assert [type(event) for event in told].count(Usage) == 1
    assert (answer.usage.input, answer.usage.output, answer.usage.cached) == (1117, 46, 1024)


@pytest.mark.parametrize("kind", FORMATS)
async def test_calls_side_by_side_stream_their_arguments(kind: str) -> None:
    told = await ask(FORMATS[kind], Reply(wire(f"{kind}/calls")))
    answer = assembled(told)
    assert (answer.text, answer.finish) == ("Let me look.", "calls")
    assert [(call.name, call.parsed()) for call in answer.calls] == [
        ("find_order", {"number": "A-1009"}),
        ("opening_hours", {}),
    ]
    started = [event for event in told if isinstance(event, CallStarted)]
    assert [event.index for event in started] == [0, 1]
    assert [event.id for event in started] == [call.id for call in answer.calls]
    assert len({event.id for event in started}) == 2
    for event in (event for event in told if isinstance(event, CallEnded)):
        pieces = [part.arguments for part in told if isinstance(part, CallDelta) and part.index == event.index]
        assert "".join(pieces) == event.call.arguments


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "google"])
async def test_broken_arguments_are_given_to_the_caller_as_they_are(kind: str) -> None:
    answer = assembled(await ask(FORMATS[kind], Reply(wire(f"{kind}/broken_arguments"))))
    assert [call.arguments for call in answer.calls] == ['{"number": A-1']


@pytest.mark.parametrize("kind", FORMATS)
async def test_structured_output_comes_as_text(kind: str) -> None:
    assert assembled(await ask(FORMATS[kind], Reply(wire(f"{kind}/json")))).text == '{"city":"Vienna"}'


@pytest.mark.parametrize("kind", FORMATS)
async def test_what_is_not_known_is_passed_over(kind: str) -> None:
    told = await ask(FORMATS[kind], Reply(wire(f"{kind}/unknown")))
    answer = assembled(told)
    assert (answer.text, answer.calls, answer.finish) == ("Hello", (), "stop")


@pytest.mark.parametrize("kind", FORMATS)
async def test_an_answer_that_is_cut_off_at_its_limit_says_so(kind: str) -> None:
    answer = assembled(await ask(FORMATS[kind], Reply(wire(f"{kind}/length"))))
    assert (answer.text, answer.finish) == ("It was a dark and", "length")


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("seed", range(3))
async def test_the_same_over_a_real_connection_in_pieces(kind: str, name: str, seed: int) -> None:
    body = wire(f"{kind}/{name}")
    step = (3, 17, 211)[seed]
    told = await ask(FORMATS[kind], Reply(body, cuts=range(step, len(body), step)))
    assert stable(told) == stable(read(f"{kind}/{name}", [body])[0])


@pytest.mark.parametrize("kind", FORMATS)
async def test_a_stream_that_ends_before_its_end_is_broken(kind: str) -> None:
    body = wire(f"{kind}/text")
    whole = body[: body.index(b"w\xc3\xb6rld")]
    with pytest.raises(BrokenStream):
        await ask(FORMATS[kind], Reply(whole[: whole.rindex(b"data:")]))


@pytest.mark.parametrize("kind", FORMATS)
async def test_a_stream_that_ends_in_the_middle_of_an_event_is_broken(kind: str) -> None:
    body = wire(f"{kind}/text")
    with pytest.raises(BrokenStream):
        await ask(FORMATS[kind], Reply(body[: body.index(b"w\xc3\xb6rld") + 2]))


@pytest.mark.parametrize("kind", FORMATS)
async def test_one_connection_serves_one_call_after_the_other(kind: str) -> None:
    async with playing(Reply(wire(f"{kind}/text"))) as server, direct() as opener:
        provider = server.provider(FORMATS[kind], opener)
        for _ in range(3):
            await events(provider)
        assert len(server.connections) == 1


@pytest.mark.parametrize("kind", FORMATS)
async def test_closing_early_ends_the_connection(kind: str) -> None:
    async with playing(Reply(wire(f"{kind}/text"), then="hang")) as server, direct() as opener:
        stream = server.provider(FORMATS[kind], opener).stream("m", HELLO)
        await anext(stream)
        assert server.under_way == 1
        await stream.aclose()
        async with asyncio.timeout(30):
            await server.idle.wait()
