"""Every way a provider can fail ends in an answer of the fallback, or in one clear error."""

import json

import pytest

from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import ModelError, Passing
from conduet.llm.event import TextDelta
from conduet.llm.models import Models, Patience
from conduet.llm.name import parse_chain
from conduet.llm.provider import Provider
from conduet.llm.remote import RemoteProvider
from conduet.providers.openai import OpenAI
from conduet.providers.scripted import Scripted
from tests.providers.complaints import COMPATIBLE, COMPLAINTS
from tests.providers.playing import FORMATS, HELLO, KEY, Reply, direct, playing, wire

ONCE = Patience(retries=0)
HASTY = Patience(first_token_seconds=0.2, total_seconds=20, retries=0)
SHORT = Patience(first_token_seconds=20, total_seconds=0.5, retries=0)
CHAIN = parse_chain(["first:m", "scripted:main"])
ALL = [(kind, code) for kind, complaints in COMPLAINTS.items() for code in complaints]
PASSING = {kind.code for kind in Passing.__subclasses__()}

IN_STREAM = {
    "hangs before it": (Reply(then="hang"), "MODEL_TIMED_OUT"),
    "cut before it": (Reply(then="cut"), "MODEL_UNREACHABLE"),
    "cut after the head": (Reply(b": hello\n\n", then="cut"), "MODEL_STREAM_BROKEN"),
    "ends after the head": (Reply(b": hello\n\n"), "MODEL_ANSWER_MALFORMED"),
    "hangs after the head": (Reply(b": hello\n\n", then="hang"), "MODEL_TIMED_OUT"),
    "malformed": (Reply(b'data: {"choices": [\n\n'), "MODEL_ANSWER_MALFORMED"),
    "no stream": (Reply.json({"id": "chatcmpl-1", "choices": []}), "MODEL_ANSWER_MALFORMED"),
    "too large": (Reply(b"data: " + b"x" * (2 * 1024 * 1024)), "MODEL_ANSWER_MALFORMED"),
}
FILES = {
    "overloaded": "MODEL_OVERLOADED",
    "empty": "MODEL_ANSWER_EMPTY",
}


async def outcome(
    kind: type[RemoteProvider], reply: Reply, *, patience: Patience = ONCE
) -> tuple[str, ModelError | None]:
    """What the user gets to read, and the error, when the provider answers so and another model stands behind it."""
    async with playing(reply) as server, direct() as opener:
        providers: dict[str, Provider] = {
            "first": server.provider(kind, opener),
            "scripted": Scripted.saying("OK"),
        }
        return await told_by(Models(providers, patience=patience))


async def failure(kind: type[RemoteProvider], reply: Reply, *, patience: Patience = ONCE) -> ModelError:
    """The error, when there is no other model."""
    async with playing(reply) as server, direct() as opener:
        models = Models({"first": server.provider(kind, opener)}, patience=patience)
        with pytest.raises(ModelError) as caught:
            await models.answer(CHAIN[:1], HELLO)
        return caught.value


async def told_by(models: Models) -> tuple[str, ModelError | None]:
    text, answer = "", None
    try:
        async for told in models.stream(CHAIN, HELLO):
            text += told.text if isinstance(told, TextDelta) else ""
            answer = told if isinstance(told, ModelAnswer) else answer
    except ModelError as error:
        return text, error
    assert answer is not None
    assert answer.text == text
    return text, None


@pytest.mark.parametrize(("kind", "code"), ALL)
async def test_a_refused_request_falls_back_where_another_model_may_do_better(kind: str, code: str) -> None:
    text, error = await outcome(FORMATS[kind], COMPLAINTS[kind][code])
    if code in PASSING:
        assert (text, error) == ("OK", None)
    else:
        assert text == ""
        assert error is not None
        assert error.code == code


@pytest.mark.parametrize(("kind", "code"), ALL)
async def test_a_refused_request_is_told_with_what_the_provider_says(kind: str, code: str) -> None:
    error = await failure(FORMATS[kind], COMPLAINTS[kind][code])
    assert error.code == code
    assert error.message
    assert [attempt.error for attempt in error.attempts] == [code]
    assert error.status == COMPLAINTS[kind][code].status
    assert error.said
    assert error.retry_after_seconds == (7 if code == "MODEL_RATE_LIMITED" else None)


@pytest.mark.parametrize("server", COMPATIBLE)
async def test_servers_that_only_speak_the_format_complain_in_their_own_words(server: str) -> None:
    reply, code = COMPATIBLE[server]
    assert (await failure(OpenAI, reply)).code == code


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("how", IN_STREAM)
async def test_a_stream_that_fails_before_its_first_token_falls_back(kind: str, how: str) -> None:
    reply, code = IN_STREAM[how]
    patience = HASTY if reply.then == "hang" else ONCE
    assert await outcome(FORMATS[kind], reply, patience=patience) == ("OK", None)
    assert (await failure(FORMATS[kind], reply, patience=patience)).code == code


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", FILES)
async def test_an_error_or_nothing_at_all_in_the_stream_falls_back(kind: str, name: str) -> None:
    reply = Reply(wire(f"{kind}/{name}"))
    assert await outcome(FORMATS[kind], reply) == ("OK", None)
    assert (await failure(FORMATS[kind], reply)).code == FILES[name]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("then", ["cut", "hang", "end"])
async def test_a_stream_that_fails_after_its_first_token_never_falls_back(kind: str, then: str) -> None:
    body = wire(f"{kind}/text")
    begun = body[: body.index(b"w\xc3\xb6rld")]
    begun = begun[: begun.rindex(b"data:")]
    reply = Reply(begun, then=then)  # pyright: ignore[reportArgumentType]  # what a test gives may be of any kind
    text, error = await outcome(FORMATS[kind], reply, patience=SHORT if then == "hang" else ONCE)
    assert text == "Hello"
    assert error is not None
    assert error.code == ("MODEL_TIMED_OUT" if then == "hang" else "MODEL_STREAM_BROKEN")
    assert error.after_first_token
    assert not error.may_try_another


@pytest.mark.parametrize("kind", FORMATS)
async def test_an_error_in_the_stream_after_its_first_token_never_falls_back(kind: str) -> None:
    text, error = await outcome(FORMATS[kind], Reply(wire(f"{kind}/failing")))
    assert text == "Hel"
    assert error is not None
    assert (error.code, error.after_first_token) == ("MODEL_SERVER_FAILED", True)


@pytest.mark.parametrize("kind", FORMATS)
async def test_a_refusal_is_the_answer_and_no_other_model_is_asked(kind: str) -> None:
    text, error = await outcome(FORMATS[kind], Reply(wire(f"{kind}/refusal")))
    assert text == ""
    assert error is not None
    assert error.code == ("MODEL_CONTENT_FILTERED" if kind == "google" else "MODEL_DECLINED")
    assert error.said


@pytest.mark.parametrize("kind", ["openai", "openai_responses", "google"])
async def test_what_a_filter_withholds_is_told(kind: str) -> None:
    _, error = await outcome(FORMATS[kind], Reply(wire(f"{kind}/filtered")))
    assert error is not None
    assert error.code == "MODEL_CONTENT_FILTERED"


async def test_a_call_that_gemini_could_not_write_falls_back() -> None:
    assert await outcome(FORMATS["google"], Reply(wire("google/broken_arguments"))) == ("OK", None)


@pytest.mark.parametrize("kind", FORMATS)
async def test_a_provider_that_tells_the_key_is_not_quoted_with_it(kind: str) -> None:
    told = {"error": {"message": f"No such key: {KEY}!", "code": "invalid_api_key"}}
    in_stream = f"data: {json.dumps({'type': 'error', **told})}\n\n".encode()
    for reply in (Reply.json(told, status=401), Reply(in_stream)):
        error = await failure(FORMATS[kind], reply)
        assert (error.code, error.said) == ("MODEL_UNAUTHORIZED", "No such key: [key]!")


async def test_an_endless_error_is_read_only_in_part() -> None:
    error = await failure(OpenAI, Reply(b"x" * 1_000_000, 500))
    assert (error.code, error.said) == ("MODEL_SERVER_FAILED", "")


async def test_an_error_that_breaks_off_is_known_by_its_status() -> None:
    assert (await failure(OpenAI, Reply(b'{"error":', 429, then="cut"))).code == "MODEL_RATE_LIMITED"


@pytest.mark.parametrize("kind", FORMATS)
async def test_nobody_there_falls_back(kind: str) -> None:
    async with direct() as opener:
        async with playing(Reply()) as server:
            provider = server.provider(FORMATS[kind], opener)
        providers: dict[str, Provider] = {"first": provider, "scripted": Scripted.saying("OK")}
        assert await told_by(Models(providers, patience=ONCE)) == ("OK", None)


@pytest.mark.parametrize("kind", FORMATS)
async def test_a_server_without_tls_where_it_is_asked_for_falls_back(kind: str) -> None:
    async with playing(Reply(wire(f"{kind}/text"))) as server, direct() as opener:
        secure = server.provider(FORMATS[kind], opener).model_copy(
            update={"base_url": f"https://127.0.0.1:{server.port}"}
        )
        providers: dict[str, Provider] = {"first": secure, "scripted": Scripted.saying("OK")}
        assert await told_by(Models(providers, patience=ONCE)) == ("OK", None)
        with pytest.raises(ModelError) as caught:
            await Models({"first": secure}, patience=ONCE).answer(CHAIN[:1], HELLO)
    assert caught.value.code == "MODEL_TLS_FAILED"
