"""The one place that speaks aiohttp to providers: connections that are kept, errors in our words.

Imported with the first call: aiohttp takes 140 ms.
"""

import io
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import contextmanager
from typing import Final

import aiohttp
from yarl import URL

from conduet.llm.errors import (
    BrokenStream,
    MalformedAnswer,
    Unreachable,
    Untrusted,
)

IDLE_SECONDS: Final = 15.0
"""Most servers close what idles for a minute or less; a call that meets such a close would have to be made again."""

LARGE_BODY: Final = 512 * 1024  # aiohttp warns of larger `bytes`, as it would write them at once


class Session:
    """A pool without a bound of its own: how many calls run at once is said for each provider."""

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(),
            # Deltas are tiny, and compressed ones are held back until there are enough of them.
            headers={"Accept-Encoding": "identity", "User-Agent": "Conduet"},
            skip_auto_headers=("Content-Type",),
        )

    async def send(self, url: str, *, headers: Mapping[str, str], body: bytes) -> "Answer":
        """The head of the answer. Raises `Unreachable`, `Untrusted`, `MalformedAnswer`."""
        data = io.BytesIO(body) if len(body) > LARGE_BODY else body
        with _in_our_words(Unreachable):
            answer = await self._session.post(URL(url, encoded=True), data=data, headers=headers, allow_redirects=False)
        return Answer(answer, max_bytes=self._max_bytes)

    async def close(self) -> None:
        """Ends all connections."""
        await self._session.close()


class Answer:
    """An answer whose body is still on its way."""

    def __init__(self, answer: aiohttp.ClientResponse, *, max_bytes: int) -> None:
        self.status = answer.status
        self._answer = answer
        self._max_bytes = max_bytes

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers; the names in lower case."""
        return {name.lower(): value for name, value in self._answer.headers.items()}

    @property
    def is_over(self) -> bool:
        """Whether the body was read to its end."""
        return self._answer.content.at_eof()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises `BrokenStream`, `MalformedAnswer`."""
        size = 0
        with _in_our_words(BrokenStream):
            async for chunk in self._answer.content.iter_any():
                size += len(chunk)
                if size > self._max_bytes:
                    raise MalformedAnswer("The model's answer is too large.")
                yield chunk

    def release(self) -> None:
        """Keeps the connection when the body was read to its end, else ends it."""
        self._answer.release()


@contextmanager
def _in_our_words(broken: type[Unreachable | BrokenStream]) -> Generator[None]:
    """aiohttp's errors name addresses inside; none of their text goes further. `broken`: what a lost connection is."""
    try:
        yield
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError):
        raise Untrusted from None
    except aiohttp.ClientConnectorError:
        raise Unreachable from None
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientPayloadError):
        raise broken() from None
    except (aiohttp.ClientError, aiohttp.http.HttpProcessingError):
        raise MalformedAnswer("The answer of the model's server is not valid HTTP.") from None
