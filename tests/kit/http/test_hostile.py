"""Servers that answer too much, too slowly, or nonsense: each costs a bounded time and a bounded memory."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import Awaitable, Callable

import pytest

from conduet.kit.http import AllowPrivate, Outgoing, OutgoingError, Place
from conduet.kit.http.errors import BadResponse, Interrupted, InvalidCall, ResponseTooLarge, TimedOut
from conduet.kit.http.guard import Guard
from conduet.kit.http.session import Door
from tests.kit.http.conftest import Answer, Names, Serve, get, page
from tests.kit.http.within import MB, within

pytestmark = pytest.mark.slow

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
Write = Callable[[asyncio.StreamWriter], Awaitable[None]]


def zeros(megabytes: int, *, container: int) -> bytes:
    """So many megabytes of zeros, packed a thousandfold; made from one piece, as to pack a gigabyte takes seconds."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    start = packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH)
    body = start + piece * (megabytes - 1) + packer.flush()
    if container == zlib.MAX_WBITS:
        return b"\x78\x9c" + body + b"\0\0\0\0"
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + body + bytes(8)


def dripping(data: bytes, *, seconds: float, head: bytes = b"") -> Write:
    """Writes `head` at once and `data` byte by byte, for ever."""

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            for byte in data:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(seconds)

    return write


def pouring(data: bytes, *, head: bytes = b"") -> Write:
    """Writes `head` and then `data` over and over, as fast as it is read."""

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(data)
            await writer.drain()
            await asyncio.sleep(0)

    return write


async def silent(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Closes without a word."""


@pytest.mark.parametrize(("encoding", "container"), [("gzip", 31), ("x-gzip", 31), ("deflate", zlib.MAX_WBITS)])
async def test_a_bomb_of_a_gigabyte_goes_off_at_the_limit(
    outgoing: Outgoing, serve: Serve, encoding: str, container: int
):
    server = await serve(page(zeros(1024, container=container), f"Content-Encoding: {encoding}"))
    async with within(10):
        with pytest.raises(ResponseTooLarge):
            await get(outgoing, server)


async def test_a_bomb_in_a_bomb_stays_packed(outgoing: Outgoing, serve: Serve):
    inner = zeros(1024, container=31)
    server = await serve(page(gzip.compress(inner), "Content-Encoding: gzip"))
    assert (await get(outgoing, server)).body == inner


@pytest.mark.parametrize(
    "encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip,br", "identity, gzip", "nonsense", "gzip;q=1"]
)
async def test_a_compression_that_was_not_asked_for_is_not_taken(outgoing: Outgoing, serve: Serve, encoding: str):
    server = await serve(page(gzip.compress(b"x"), f"Content-Encoding: {encoding}"))
    with pytest.raises(BadResponse):
        await get(outgoing, server)


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"hello" * 1000)[:-9],
        gzip.compress(b"hello") + b"more",
        b"hello",
        gzip.compress(b"") * 65,
        gzip.compress(b"hello")[:-8] + bytes(8),
    ],
    ids=["cut off", "something behind", "not packed", "many members", "wrong sum"],
)
async def test_damaged_compression_is_told(outgoing: Outgoing, serve: Serve, body: bytes):
    server = await serve(page(body, "Content-Encoding: gzip"))
    with pytest.raises(BadResponse, match="compress"):
        await get(outgoing, server)


async def test_a_length_beyond_the_limit_is_not_waited_for(outgoing: Outgoing, serve: Serve):
    server = await serve(HEAD + b"Content-Length: 1000000000000\r\n\r\nx")
    async with within(4):
        with pytest.raises(ResponseTooLarge):
            await get(outgoing, server)


async def test_a_length_without_a_body_is_no_harm(outgoing: Outgoing, serve: Serve):
    server = await serve(HEAD + b"Content-Length: 1000000000000\r\n\r\n")
    answer = await outgoing.request("HEAD", server.url, timeout_seconds=5, admit={server.place})
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("size", [10, 11])
async def test_the_limit_is_exact(outgoing: Outgoing, serve: Serve, size: int):
    server = await serve(page(b"x" * size), CHUNKED + f"{size:x}\r\n".encode() + b"x" * size + b"\r\n0\r\n\r\n")
    for _ in range(2):
        if size > 10:
            with pytest.raises(ResponseTooLarge):
                await get(outgoing, server, max_bytes=10)
        else:
            assert len((await get(outgoing, server, max_bytes=10)).body) == size


@pytest.mark.parametrize(
    "answer",
    [
        pouring(b"x" * 65536, head=HEAD + b"\r\n"),
        pouring(b"10000\r\n" + b"x" * 65536 + b"\r\n", head=CHUNKED),
        pouring((b"10\r\n" + b"x" * 16 + b"\r\n") * 1000, head=CHUNKED),
    ],
    ids=["no length", "chunks", "small chunks"],
)
async def test_a_body_without_an_end_ends_at_the_limit(outgoing: Outgoing, serve: Serve, answer: Answer):
    server = await serve(answer)
    async with within(20):
        with pytest.raises(ResponseTooLarge):
            await get(outgoing, server, max_bytes=MB)


@pytest.mark.parametrize(
    "answer",
    [
        pouring(b"X-A: b\r\n", head=HEAD),
        pouring(b"x" * 4096, head=HEAD + b"X-A: "),
        pouring(b"x" * 4096, head=HEAD),
        pouring(b"x" * 4096, head=b"HTTP/1.1 200 "),
        pouring(b"x" * 4096),
        HEAD + b"X: y\r\n" * 200 + b"\r\n",
        HEAD + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
        pouring(b"X-A: b\r\n", head=CHUNKED + b"0\r\n"),
        pouring(b"HTTP/1.1 100 Continue\r\n\r\n"),
        pouring(b"x" * 4096, head=CHUNKED + b"1;"),
    ],
    ids=[
        "headers without end",
        "a value without end",
        "a name without end",
        "a reason without end",
        "a start without end",
        "too many headers",
        "too long a header",
        "trailers without end",
        "1xx without end",
        "a chunk extension without end",
    ],
)
async def test_a_head_without_an_end_is_cut_off(outgoing: Outgoing, serve: Serve, answer: Answer):
    server = await serve(answer)
    async with within(10):
        with pytest.raises((BadResponse, TimedOut, Interrupted, ResponseTooLarge)):
            await get(outgoing, server, timeout_seconds=1)


@pytest.mark.parametrize(
    "answer",
    [
        silent,
        dripping(b"x", seconds=0.05, head=HEAD + b"Content-Length: 1000\r\n\r\n"),
        dripping(b"1\r\nx\r\n", seconds=0.05, head=CHUNKED),
        dripping(b"X-A: b\r\n", seconds=0.05, head=HEAD),
        dripping(b"HTTP/1.1 200 OK\r\n", seconds=0.05),
        dripping(
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + bytes(90), seconds=0.05, head=HEAD + b"Content-Encoding: gzip\r\n\r\n"
        ),
    ],
    ids=["silence", "body", "chunks", "headers", "start", "compressed"],
)
async def test_the_deadline_is_for_the_whole_and_not_for_a_silence(outgoing: Outgoing, serve: Serve, answer: Answer):
    server = await serve(answer)
    async with within(3):
        with pytest.raises(TimedOut, match=r"within 0\.3 seconds"):
            await get(outgoing, server, timeout_seconds=0.3)


async def test_the_deadline_goes_on_over_redirects(outgoing: Outgoing, serve: Serve):
    async def late(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        writer.write(page(b"", "Location: /again", "Connection: close", status=302))

    server = await serve(late)
    async with within(3):
        with pytest.raises(TimedOut):
            await get(outgoing, server, timeout_seconds=0.4)
    # One for each would not end; where the machine stalls, it is over sooner.
    assert 1 < len(server.requests) <= 3


async def test_the_deadline_counts_the_lookup():
    class Slow:
        async def lookup(self, host: str) -> list[str]:
            await asyncio.sleep(60)
            return []

    outgoing = Outgoing(AllowPrivate(), resolver=Slow())
    async with within(3):
        with pytest.raises(TimedOut):
            await outgoing.request("GET", "http://slow.example/", timeout_seconds=0.3)
    await outgoing.close()


async def test_a_body_that_nobody_takes_does_not_hold_the_call(outgoing: Outgoing, serve: Serve):
    deafness = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await deafness.wait()
        writer.transport.abort()

    listener = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1024)
    port = listener.sockets[0].getsockname()[1]
    with pytest.raises(TimedOut):
        await outgoing.request(
            "POST",
            f"http://127.0.0.1:{port}",
            body=bytes(20 * MB),
            timeout_seconds=0.5,
            admit={Place("127.0.0.1", port)},
        )
    deafness.set()
    listener.close()
    await listener.wait_closed()


def test_a_connection_that_takes_no_more_bytes_is_given_up_by_the_kernel():
    """Closing it would wait for its buffer to empty: a deaf server could collect our connections."""
    door = Door(Guard(AllowPrivate(everywhere=True), Names()))
    with door.open_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80))) as opened:
        assert opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 30_000


async def test_a_slow_server_holds_up_nobody(outgoing: Outgoing, serve: Serve):
    slow, quick = await serve(silent), await serve()
    waiting = [asyncio.create_task(get(outgoing, slow, timeout_seconds=30)) for _ in range(100)]
    await asyncio.sleep(0.2)
    async with within(5):
        for _ in range(20):
            assert (await get(outgoing, quick)).body == b"hello"
    assert slow.connections == 64
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_caller_that_leaves_takes_its_connection_with_it(outgoing: Outgoing, serve: Serve):
    server = await serve(pouring(b"x" * 65536, head=HEAD + b"\r\n"))
    call = asyncio.create_task(get(outgoing, server, max_bytes=10**12, timeout_seconds=30))
    await asyncio.sleep(0.2)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    for _ in range(500):
        if server.cut:
            break
        await asyncio.sleep(0.01)
    assert server.cut == 1


async def test_a_time_out_of_the_reader_s_own_is_not_ours(outgoing: Outgoing, serve: Serve):
    server = await serve(silent)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await get(outgoing, server)
    other = await serve()
    with pytest.raises(TimeoutError, match="mine"):
        async with outgoing.stream("GET", other.url, timeout_seconds=5, admit={other.place}):
            raise TimeoutError("mine")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", BadResponse),
        (b"220 mail.inner.example ESMTP\r\n", BadResponse),
        (b"-ERR unknown command 'GET'\r\n", BadResponse),
        (b"<html>old</html>", BadResponse),
        (bytes(range(256)), BadResponse),
        (b"HTTP/1.1 abc OK\r\n\r\n", BadResponse),
        (HEAD + b"Content-Length: -1\r\n\r\n", BadResponse),
        (HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", BadResponse),
        (HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", BadResponse),
        (HEAD + b"X-A : b\r\nContent-Length: 0\r\n\r\n", BadResponse),
        (CHUNKED + b"xyz\r\n", (BadResponse, Interrupted)),
        (CHUNKED + b"ffffffffffffffffff\r\n", (BadResponse, Interrupted)),
    ],
)
async def test_what_is_not_http_is_told_without_repeating_it(
    outgoing: Outgoing, serve: Serve, answer: bytes, error: type[OutgoingError]
):
    server = await serve(answer)
    with pytest.raises(error) as bad:
        await get(outgoing, server, timeout_seconds=2)
    for word in (b"SSH", b"ESMTP", b"ERR", b"html", b"abc"):
        assert word.decode() not in bad.value.message
    assert bad.value.__suppress_context__


async def test_an_answer_that_breaks_off_is_interrupted(outgoing: Outgoing, serve: Serve):
    async def half(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Length: 100\r\n\r\nhalf")

    server = await serve(half, hang_up)
    for _ in range(2):
        with pytest.raises(Interrupted):
            await get(outgoing, server)


async def test_what_follows_an_answer_is_no_answer_to_the_next_call(outgoing: Outgoing, serve: Serve):
    """Response queue poisoning (PortSwigger, 2022)."""
    poison = page(b"poison")
    server = await serve(page(b"first") + poison, page(b"second"))
    assert (await get(outgoing, server, "/1")).body == b"first"
    assert (await get(outgoing, server, "/2")).body == b"second"
    assert server.connections == 2


async def test_a_switch_of_protocols_is_not_taken(outgoing: Outgoing, serve: Serve):
    server = await serve(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nwhatever")
    with pytest.raises(BadResponse):
        await get(outgoing, server)


@pytest.mark.parametrize(
    "text", ["\u010d\u010aHost: 10.0.0.5", "\u560d\u560aHost: 10.0.0.5", "%0d%0aHost: 10.0.0.5", "a%5c%0d%0ab"]
)
async def test_a_line_break_in_disguise_stays_in_its_place(outgoing: Outgoing, serve: Serve, text: str):
    """CVE-2016-2216 (Node.js) cut characters down to bytes, so that U+010D U+010A became CR LF."""
    server = await serve()
    await get(outgoing, server, f"/{text}?{text}", headers={"X-A": text}, query={"q": text})
    request = server.requests[0]
    assert request.header("host") == f"127.0.0.1:{server.port}"
    assert len([name for name, _ in request.headers if name.lower() == "host"]) == 1
    assert request.target.isascii()


async def test_the_decoy_of_another_port_changes_nothing(outgoing: Outgoing, serve: Serve):
    """Alt-Svc, Refresh and Link are not followed."""
    inner = await serve()
    server = await serve(
        page(
            f'<meta http-equiv="refresh" content="0; url={inner.url}">'.encode(),
            f'Alt-Svc: http/1.1="127.0.0.1:{inner.port}"; ma=60',
            f"Refresh: 0; url={inner.url}",
            f"Link: <{inner.url}>; rel=preload",
        )
    )
    for _ in range(2):
        await get(outgoing, server)
    assert inner.connections == 0


async def test_an_invalid_call_opens_no_connection(outgoing: Outgoing, serve: Serve):
    server = await serve()
    with pytest.raises(InvalidCall):
        await get(outgoing, server, headers={"X": "a\r\nb"})
    assert server.connections == 0
