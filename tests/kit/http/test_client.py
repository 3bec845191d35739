"""A call as its caller sees it: what goes out, what comes back, who gets what when it is sent elsewhere."""

import gzip
import re
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from conduet.kit.http import AllowPrivate, Outgoing, Place, Refused
from conduet.kit.http.body import PIECE
from conduet.kit.http.errors import BadRedirect, BadResponse, InvalidCall, Unreachable
from tests.kit.http.conftest import Names, Serve, get, page


async def test_the_answer_comes_back_whole(outgoing: Outgoing, serve: Serve):
    server = await serve(page(b'{"a": [1]}', "Content-Type: application/json", "X-Two: 1", "X-Two: 2", status=404))
    answer = await outgoing.request(
        "GET",
        f"{server.url}/a b/ü?x=1#part",
        query={"y": "a&b", "z": "ü"},
        timeout_seconds=5,
        admit={server.place},
    )
    assert (answer.status, answer.ok, answer.json(), answer.text()) == (404, False, {"a": [1]}, '{"a": [1]}')
    assert [pair for pair in answer.headers if pair[0] == "X-Two"] == [("X-Two", "1"), ("X-Two", "2")]
    assert answer.header("content-type") == "application/json"
    assert answer.url == f"{server.url}/a%20b/%C3%BC?x=1&y=a%26b&z=%C3%BC"
    assert server.requests[0].target == "/a%20b/%C3%BC?x=1&y=a%26b&z=%C3%BC"
    assert timedelta() <= datetime.now(UTC) - answer.sent_at < timedelta(seconds=5)
    assert 0 < answer.duration_ms < 5000


async def test_a_call_says_who_it_is_and_which_trace_it_belongs_to(outgoing: Outgoing, serve: Serve):
    server = await serve()
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    await get(outgoing, server, trace_id=trace_id)
    await get(outgoing, server, trace_id=trace_id)
    await get(outgoing, server)
    first, second, third = server.requests
    parents = [request.header("traceparent") or "" for request in server.requests]
    assert all(re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", parent) for parent in parents)
    assert [parent.split("-")[1] == trace_id for parent in parents] == [True, True, False]
    assert len({parent.split("-")[2] for parent in parents}) == 3
    assert first.header("User-Agent") == "Conduet"
    assert second.header("Accept-Encoding") == "gzip, deflate"
    assert third.header("Content-Type") is None


async def test_a_caller_s_own_headers_stand(outgoing: Outgoing, serve: Serve):
    server = await serve()
    own = {"traceparent": "00-1-1-00", "User-Agent": "Mine/1", "X-Name": " Zoë ", "Accept": "text/html"}
    await get(outgoing, server, headers=own)
    request = server.requests[0]
    assert request.header("traceparent") == "00-1-1-00"
    assert request.header("user-agent") == "Mine/1"
    assert request.header("accept") == "text/html"
    assert (request.header("x-name") or "").encode("latin-1").decode() == "Zoë"


async def test_headers_may_be_pairs_and_repeat(outgoing: Outgoing, serve: Serve):
    server = await serve()
    await get(outgoing, server, headers=[("X-A", "1"), ("X-A", "2")], query=[("q", "1"), ("q", "2")])
    assert [value for name, value in server.requests[0].headers if name == "X-A"] == ["1", "2"]
    assert server.requests[0].target == "/?q=1&q=2"


@pytest.mark.parametrize("size", [0, 3, 3_000_000])
async def test_a_body_is_sent_as_it_is(outgoing: Outgoing, serve: Serve, size: int):
    server = await serve()
    body = b"x" * size
    await outgoing.request("POST", server.url, body=body, timeout_seconds=5, admit={server.place})
    assert server.requests[0].body == body
    assert server.requests[0].header("content-length") == str(size)
    assert server.requests[0].header("transfer-encoding") is None


async def test_no_cookie_goes_from_one_call_to_another(outgoing: Outgoing, serve: Serve):
    server = await serve(page(b"", "Set-Cookie: session=secret; Path=/"))
    await get(outgoing, server)
    await get(outgoing, server)
    assert server.requests[1].header("cookie") is None


async def test_a_connection_is_used_again(outgoing: Outgoing, serve: Serve):
    server = await serve()
    for _ in range(3):
        assert (await get(outgoing, server)).body == b"hello"
    assert server.connections == 1


@pytest.mark.parametrize(
    ("status", "method", "becomes", "keeps_body"),
    [
        (301, "GET", "GET", False),
        (301, "POST", "GET", False),
        (302, "POST", "GET", False),
        (302, "PUT", "PUT", True),
        (303, "POST", "GET", False),
        (303, "DELETE", "GET", False),
        (303, "HEAD", "HEAD", False),
        (307, "POST", "POST", True),
        (308, "PATCH", "PATCH", True),
    ],
)
async def test_a_redirect_keeps_or_changes_the_method(
    outgoing: Outgoing, serve: Serve, status: int, method: str, becomes: str, keeps_body: bool
):
    server = await serve(page(b"", "Location: ../new?x=1", status=status), page())
    answer = await outgoing.request(
        method,
        f"{server.url}/a/b",
        headers={"Content-Type": "text/plain", "X-Key": "1"},
        body=b"body" if method not in ("GET", "HEAD") else None,
        timeout_seconds=5,
        admit={server.place},
    )
    second = server.requests[1]
    assert (second.method, second.target) == (becomes, "/new?x=1")
    assert second.body == (b"body" if keeps_body else b"")
    assert (second.header("Content-Type") is not None) == (keeps_body or method == becomes)
    assert second.header("X-Key") == "1"
    assert answer.url == f"{server.url}/new?x=1"


async def test_another_origin_gets_no_header_that_could_be_a_credential(outgoing: Outgoing, serve: Serve):
    other = await serve()
    server = await serve(page(b"", f"Location: {other.url}/", status=307))
    secrets = {"Authorization": "Bearer 1", "Cookie": "a=1", "X-Api-Key": "1", "Private-Token": "1"}
    await outgoing.request(
        "POST",
        server.url,
        headers={**secrets, "Accept": "text/plain", "Content-Type": "text/csv"},
        body=b"1,2",
        timeout_seconds=5,
        admit={server.place, other.place},
    )
    assert {name for name, _ in server.requests[0].headers} >= set(secrets)
    received = other.requests[0]
    assert not {name for name, _ in received.headers} & set(secrets)
    assert (received.header("accept"), received.header("content-type"), received.body) == (
        "text/plain",
        "text/csv",
        b"1,2",
    )


async def test_a_redirect_is_the_answer_when_none_is_to_be_followed(outgoing: Outgoing, serve: Serve):
    server = await serve(page(b"moved", "Location: http://10.0.0.5/", status=302))
    answer = await get(outgoing, server, redirects=0)
    assert (answer.status, answer.body) == (302, b"moved")


@pytest.mark.parametrize("status", [300, 302, 304, 305, 306])
async def test_a_redirect_that_leads_nowhere_is_the_answer(outgoing: Outgoing, serve: Serve, status: int):
    location = [] if status == 302 else ["Location: /elsewhere"]
    server = await serve(page(b"", *location, status=status))
    assert (await get(outgoing, server)).status == status
    assert len(server.requests) == 1


async def test_five_redirects_are_followed_and_no_sixth(outgoing: Outgoing, serve: Serve):
    hop = page(b"", "Location: /next", status=302)
    server = await serve(*[hop] * 5, page(b"there"), *[hop] * 6)
    assert (await get(outgoing, server)).body == b"there"
    with pytest.raises(BadRedirect):
        await get(outgoing, server)
    assert len(server.requests) == 12


async def test_a_redirect_out_of_what_is_admitted_is_refused(outgoing: Outgoing, serve: Serve):
    inner = await serve()
    server = await serve(page(b"", f"Location: {inner.url}/", status=302))
    with pytest.raises(Refused):
        await get(outgoing, server)
    assert inner.connections == 0


async def test_a_kept_connection_serves_no_call_without_the_admission(outgoing: Outgoing, serve: Serve):
    server = await serve()
    await get(outgoing, server)
    with pytest.raises(Refused):
        await outgoing.request("GET", server.url, timeout_seconds=5)
    with pytest.raises(Refused):
        await outgoing.request("GET", server.url, timeout_seconds=5, admit={Place("127.0.0.1", server.port + 1)})
    assert (len(server.requests), server.connections) == (1, 1)
    await get(outgoing, server)
    assert (len(server.requests), server.connections) == (2, 1)


async def test_a_kept_connection_to_a_name_serves_no_call_without_the_admission(serve: Serve):
    server = await serve()
    names = Names(service_example=[["127.0.0.1"]])
    outgoing = Outgoing(AllowPrivate(), resolver=names)
    url = f"http://service.example:{server.port}/"
    await outgoing.request("GET", url, timeout_seconds=5, admit={Place("service.example", server.port)})
    with pytest.raises(Refused) as refused:
        await outgoing.request("GET", url, timeout_seconds=5)
    assert "127.0.0.1" not in refused.value.message
    assert len(server.requests) == 1
    await outgoing.close()


async def test_an_address_that_a_name_was_admitted_with_is_not_admitted_itself(serve: Serve):
    server = await serve()
    names = Names(service_example=[["127.0.0.1"]])
    outgoing = Outgoing(AllowPrivate.parse(f"service.example:{server.port}"), resolver=names)
    await outgoing.request("GET", f"http://service.example:{server.port}/", timeout_seconds=5)
    with pytest.raises(Refused):
        await outgoing.request("GET", f"{server.url}/", timeout_seconds=5)
    assert len(server.requests) == 1
    await outgoing.close()


async def test_a_name_is_looked_up_once_for_a_connection_and_anew_for_the_next(serve: Serve):
    server = await serve(page(b"", "Connection: close"))
    names = Names(rebind_example=[["127.0.0.1"], ["127.0.0.2"]])
    place = Place("rebind.example", server.port)
    outgoing = Outgoing(AllowPrivate(), resolver=names)
    await outgoing.request("GET", f"http://rebind.example:{server.port}/", timeout_seconds=5, admit={place})
    assert names.asked == ["rebind.example"]
    with pytest.raises(Unreachable):
        await outgoing.request("GET", f"http://rebind.example:{server.port}/", timeout_seconds=5, admit={place})
    assert len(server.requests) == 1
    await outgoing.close()


@pytest.mark.parametrize("address", ["nonsense", "", "127.0.0.1%"])
async def test_a_resolver_s_nonsense_leads_nowhere(address: str):
    outgoing = Outgoing(AllowPrivate(), resolver=Names(odd_example=[[address]]))
    with pytest.raises((Unreachable, Refused)):
        await outgoing.request("GET", "http://odd.example/", timeout_seconds=5)
    await outgoing.close()


async def test_an_unknown_name_and_a_closed_port_are_told_plainly(serve: Serve):
    server = await serve()
    outgoing = Outgoing(AllowPrivate(everywhere=True), resolver=Names(empty_example=[[]]))
    with pytest.raises(Unreachable, match=r"^nowhere\.example could not be found\.$"):
        await outgoing.request("GET", "http://nowhere.example/", timeout_seconds=5)
    with pytest.raises(Unreachable, match=r"^empty\.example could not be found\.$"):
        await outgoing.request("GET", "http://empty.example/", timeout_seconds=5)
    closed = server.port
    await server.stop()
    with pytest.raises(Unreachable, match=r"^127\.0\.0\.3 could not be reached\.$"):
        await outgoing.request("GET", f"http://127.0.0.3:{closed}/", timeout_seconds=5)
    await outgoing.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "begin with http:// or https://"),
        ("example.com", "begin with http:// or https://"),
        ("http://", "begin with http:// or https://"),
        ("https://user:password@example.com/", "header"),
        ("http://exa mple.com/", "'exa mple.com' is not the name of a host"),
        ("http://-a.example/", "'-a.example' is not the name of a host"),
        ("http://a..example/", "is not the name of a host"),
        ("http://example.com:99999/", "port"),
        ("http://example.com:0/", "port 0"),
        ("http://[::g]/", "not an IPv6 address"),
        ("http://[v1.a]/", "only an IPv6 address stands in brackets"),
        ("http://a%zz.example/", "is not the name of a host"),
        ("http://\u200d.example/", "cannot be read"),
        ("http://example.com/\n", "line break"),
        ("http://example.com/" + "a" * 8192, "longer than 8192"),
        ("http://example.com/users/../admin", "lead to another path"),
        ("http://example.com/users/%2E%2e/admin", "lead to another path"),
        ("http://example.com/users/..%2Fadmin", "lead to another path"),
        ("http://example.com/users/..;a=b/admin", "lead to another path"),
        ("http://example.com/users/..%5cadmin", "lead to another path"),
        ("http://example.com/users/./all", "lead to another path"),
        ("http://example.com/users/..", "lead to another path"),
        ("http://example.com/users/..?a", "lead to another path"),
    ],
)
async def test_a_url_that_cannot_be_called_says_why(outgoing: Outgoing, url: str, says: str):
    with pytest.raises(InvalidCall) as invalid:
        await outgoing.request("GET", url, timeout_seconds=5)
    assert says in invalid.value.message


async def test_the_query_counts_to_the_length_of_the_url(outgoing: Outgoing):
    with pytest.raises(InvalidCall) as invalid:
        await outgoing.request("GET", "http://example.com/", query={"q": "a" * 8192}, timeout_seconds=5)
    assert "longer than 8192" in invalid.value.message


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({"Content-Length": "3"}, "set by the server itself"),
        ({"host": "x"}, "set by the server itself"),
        ({"": "x"}, "not the name of a header"),
        ({"A B": "x"}, "not the name of a header"),
        ({"Ä": "x"}, "not the name of a header"),
        ({"X": "a\nb"}, "line break"),
        ({"X": "a\x00b"}, "line break or a control character"),
    ],
)
async def test_a_header_that_cannot_be_sent_says_why(outgoing: Outgoing, headers: dict[str, str], says: str):
    with pytest.raises(InvalidCall) as invalid:
        await outgoing.request("GET", "http://127.0.0.1/", headers=headers, timeout_seconds=5)
    assert says in invalid.value.message


async def test_a_method_that_nobody_knows_is_told(outgoing: Outgoing):
    with pytest.raises(InvalidCall, match="BREW"):
        await outgoing.request("BREW", "http://127.0.0.1/", timeout_seconds=5)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "http:/nowhere", "//a@b/", "/a\\b", "http://[", "?\x7f"])
async def test_a_redirect_out_of_the_web_is_told(outgoing: Outgoing, serve: Serve, location: str):
    server = await serve(page(b"", f"Location: {location}", status=302))
    with pytest.raises(BadRedirect):
        await get(outgoing, server)
    assert len(server.requests) == 1


async def test_a_large_answer_comes_back_whole(outgoing: Outgoing, serve: Serve):
    body = b"0123456789abcdef" * 200_000
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    server = await serve(
        page(body),
        page(gzip.compress(body, 1), "Content-Encoding: gzip"),
        page(packer.compress(bytes(PIECE + 5)) + packer.flush(), "Content-Encoding: deflate"),
    )
    for _ in range(2):
        assert (await get(outgoing, server)).body == body
    assert (await get(outgoing, server)).body == bytes(PIECE + 5)


async def test_what_is_not_json_is_told(outgoing: Outgoing, serve: Serve):
    server = await serve(page(b"<html>"), page(b"[" * 100 + b"]" * 100), page(b"\xef\xbb\xbf[1]"))
    for _ in range(2):
        answer = await get(outgoing, server)
        with pytest.raises(BadResponse):
            answer.json()
    assert (await get(outgoing, server)).json() == [1]


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"Zo\xeb", "Zoë"),
        ('text/plain; charset="windows-1252"', b"\x80", "€"),
        ("text/plain; charset=shift_jis", "東京".encode("shift_jis"), "東京"),
        ("text/plain", "Zoë".encode(), "Zoë"),
        ("text/plain", b"\xff", "\ufffd"),
        ("text/plain; charset=punycode", b"abc-", "abc-"),
        ("text/plain; charset=zip", b"abc", "abc"),
        ("text/plain; charset=unicode_escape", b"\\x41", "\\x41"),
        ("text/plain; charset=no\x7fsuch", b"abc", "abc"),
        ("", b"abc", "abc"),
    ],
)
async def test_a_text_is_read_in_its_charset(
    outgoing: Outgoing, serve: Serve, content_type: str, body: bytes, text: str
):
    server = await serve(page(body, *([f"Content-Type: {content_type}"] if content_type else [])))
    assert (await get(outgoing, server)).text() == text


async def test_a_header_that_is_no_utf_8_does_no_harm(outgoing: Outgoing, serve: Serve):
    server = await serve(b"HTTP/1.1 200 OK\r\nX-Name: Zo\xeb\r\nX-Good: Zo\xc3\xab\r\nContent-Length: 0\r\n\r\n")
    answer = await get(outgoing, server)
    assert (answer.header("x-name"), answer.header("x-good")) == ("Zo\ufffd", "Zoë")


async def test_a_body_can_be_read_as_it_comes(outgoing: Outgoing, serve: Serve):
    server = await serve(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n")
    async with outgoing.stream("GET", server.url, timeout_seconds=5, admit={server.place}) as incoming:
        assert incoming.status == 200
        assert b"".join([piece async for piece in incoming.chunks()]) == b"abcde"


def test_what_is_slow_to_import_waits_for_the_first_call():
    program = (
        "import sys, conduet.kit.http; sys.exit(any(name in sys.modules for name in ('aiohttp', 'yarl', 'httpx2')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
