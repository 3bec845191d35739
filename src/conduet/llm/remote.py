"""A provider behind HTTP: a subclass says what is sent and what each event means, and does no I/O itself."""

import asyncio
import re
from abc import abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Protocol

import orjson
from pydantic import Field, PrivateAttr, SecretStr, SkipValidation

from conduet.kit.json import Json, dumps
from conduet.llm.errors import BrokenStream, MalformedAnswer, ModelError
from conduet.llm.event import Event, TextDelta
from conduet.llm.failure import Complaint, failure_of, read_complaint
from conduet.llm.message import ModelRequest
from conduet.llm.provider import Provider
from conduet.llm.sse import EventReader
from conduet.llm.transport import Incoming, Opener

ERROR_BYTES: Final = 64 * 1024
"""How much of an error's body is read."""

DRAIN_SECONDS: Final = 0.1
"""How long the end of a body is waited for after the last event: a connection that was read to its end is kept."""

OK: Final = 200
NOT_TAKEN: Final = frozenset({400, 422})


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent: a POST of JSON."""

    url: str
    headers: Mapping[str, str]
    body: dict[str, Json]


class Reader(Protocol):
    """Understands the events of one answer."""

    def read(self, event: Json) -> Iterable[Event]:
        """What the data of one event means; nothing for one that is not known, or comes when it is done.

        Raises a `ModelError`.
        """
        ...

    @property
    def is_done(self) -> bool:
        """Whether the provider has said that nothing more comes."""
        ...

    def end(self) -> Iterable[Event]:
        """What remains to be said when the stream is over. Raises `BrokenStream` when the answer is not whole."""
        ...


class RemoteProvider(Provider):
    """A provider whose server answers a POST with server-sent events of JSON.

    Models of one provider differ in what they take, and no table of that stays true: a parameter of `dispensable` that
    a model turns down is left out (or given its other name), now and from then on.
    """

    dispensable: ClassVar[Mapping[str, str | None]] = {}
    """Parameters that an answer is still good without; the value is another name to try."""

    opener: Annotated[SkipValidation[Opener], Field(exclude=True, repr=False, description="Who sends the requests.")]
    _unfit: dict[str, set[str]] = PrivateAttr(default_factory=dict[str, set[str]])

    @abstractmethod
    def call(self, model: str, request: ModelRequest) -> Call:
        """What is sent to ask for that answer."""

    @abstractmethod
    def reader(self, model: str) -> Reader:
        """Who understands the answer."""

    async def stream(self, model: str, request: ModelRequest) -> AsyncGenerator[Event]:
        """As `Provider` says."""
        reader, source = self.reader(model), EventReader()
        async with self._answered(self.call(model, request), model) as answer:
            chunks = answer.chunks()
            async for chunk in chunks:
                events = _read(reader, source.feed(chunk))
                for event in events if request.is_followed else joined(events):
                    yield event
                if reader.is_done:
                    break
            else:
                for data in source.end():
                    for event in reader.read(_decode_last(data)):
                        yield event
            if not source.count:
                raise MalformedAnswer("The answer of the model's server is no stream of events.")
            for event in reader.end():
                yield event
            if not answer.is_over:
                await _drain(chunks)

    async def whole(self, call: Call, model: str) -> Json:
        """An answer that is one JSON value. Raises a `ModelError`."""
        async with self._answered(call, model) as answer:
            return await asyncio.to_thread(decode, b"".join([chunk async for chunk in answer.chunks()]))

    @asynccontextmanager
    async def _answered(self, call: Call, model: str) -> AsyncGenerator[Incoming]:
        """The head of an answer with status 200; what the provider says when there is none holds no key of ours."""
        try:
            async with self._accepted(call, model) as answer:
                yield answer
        except ModelError as error:
            for value in vars(self).values():
                if isinstance(value, SecretStr):
                    error.said = error.said.replace(value.get_secret_value(), "[key]")
            raise

    @asynccontextmanager
    async def _accepted(self, call: Call, model: str) -> AsyncGenerator[Incoming]:
        """The head of an answer with status 200; tries again without the parameters that the model does not take."""
        unfit = self._unfit.get(model, set[str]())
        self._trim(call.body, unfit)
        headers = {"Content-Type": "application/json", **call.headers}
        while True:
            async with self.opener.post(call.url, headers=headers, body=dumps(call.body)) as answer:
                if answer.status == OK:
                    yield answer
                    return
                complaint = read_complaint(_parsed(await _start(answer)))
                failure = failure_of(complaint, status=answer.status, headers=answer.headers)
                found = self._turned_down(call.body, complaint) if answer.status in NOT_TAKEN else None
            if found is None:
                raise failure
            unfit = self._unfit[model] = unfit | {found}
            self._trim(call.body, unfit)

    def full_name(self, model: str) -> str:
        """The model as projects name it."""
        return f"{self.type}:{model}"

    def _trim(self, body: dict[str, Json], unfit: set[str]) -> None:
        for name in unfit & body.keys():
            value, other = body.pop(name), self.dispensable[name]
            if other is not None and other not in unfit:
                body[other] = value

    def _turned_down(self, body: dict[str, Json], complaint: Complaint) -> str | None:
        """The parameter that the provider does not take, if the answer is good without it."""
        for name in self.dispensable:
            if name in body and (
                complaint.parameter.partition(".")[0] == name or re.search(rf"\b{name}\b", complaint.said)
            ):
                return name
        return None

    @classmethod
    def _wired(cls, opener: Opener) -> dict[str, Any]:
        return {"opener": opener}


def _read(reader: Reader, events: Iterable[bytes]) -> Iterator[Event]:
    """What these events mean, as far as there is one to come."""
    for data in events:
        yield from reader.read(decode(data))
        if reader.is_done:
            return


def joined(events: Iterator[Event]) -> Iterator[Event]:
    """The same, with texts that follow one another in one piece."""
    texts: list[str] = []
    try:
        for event in events:
            if isinstance(event, TextDelta):
                texts.append(event.text)
                continue
            if texts:
                yield TextDelta("".join(texts))
                texts = []
            yield event
    except ModelError:
        if texts:
            yield TextDelta("".join(texts))
        raise
    if texts:
        yield TextDelta("".join(texts))


def decode(data: bytes) -> Json:
    """The JSON of an event; the word `[DONE]`, with which some streams end, as a text. Raises `MalformedAnswer`."""
    if data == b"[DONE]":
        return "[DONE]"
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise MalformedAnswer("The model's answer is not valid JSON.") from None


def _decode_last(data: bytes) -> Json:
    """The JSON of an event that had no end. Raises `BrokenStream` when it is only the first half of one."""
    try:
        return decode(data)
    except MalformedAnswer:
        raise BrokenStream from None


async def _drain(chunks: AsyncIterator[bytes]) -> None:
    """Reads what may come after the last event, so that the connection can be kept."""
    with suppress(TimeoutError, ModelError):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in chunks:
                pass


async def _start(answer: Incoming) -> bytes:
    """The first part of a body, which is all that an error needs; as far as it came, if it breaks off."""
    body = b""
    with suppress(BrokenStream, MalformedAnswer):
        async for chunk in answer.chunks():
            body += chunk
            if len(body) > ERROR_BYTES:
                break
    return body


def _parsed(body: bytes) -> Json:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
