"""The HTTP protocol over a real connection: what never reaches an endpoint, and how connections end."""

import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from conduet.app import server
from tests.app.edges import make_edge
from tests.app.serving import serving, talk


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server of endpoints that misbehave."""
    with serving(make_edge()) as port:
        yield port


def parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return int(first.split()[1]), headers, body


def assert_error(answer: bytes, status: int, code: str) -> None:
    told, headers, body = parsed(answer)
    assert (told, json.loads(body)["code"]) == (status, code)
    assert headers["content-type"] == "application/json"
    assert headers["connection"] == "close"
    assert {"x-request-id", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= headers.keys()


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"FOO / HTTP/1.1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET  HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: minus\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    ],
)
def test_what_is_no_http_is_a_bad_request_with_the_error_body(port: int, sent: bytes) -> None:
    assert_error(talk(port, sent), 400, "BAD_REQUEST")


def test_a_broken_body_is_a_bad_request(port: int) -> None:
    sent = b"POST /api/v1/projects/bodies HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    assert_error(talk(port, sent), 400, "BAD_REQUEST")


def test_nonsense_after_a_request_is_refused_after_its_answer(port: int) -> None:
    answer = talk(port, b"GET /api/v1/hot/a HTTP/1.1\r\nHost: a\r\n\r\n", b"nonsense\r\n\r\n")
    assert answer.count(b"HTTP/1.1 ") <= 2
    assert b'"code":"BAD_REQUEST"' in answer


def test_a_head_that_is_too_large_is_a_bad_request(port: int) -> None:
    assert_error(talk(port, b"GET / HTTP/1.1\r\n", *[b"X-A: " + b"a" * 1000 + b"\r\n"] * 66), 400, "BAD_REQUEST")


def test_a_head_that_does_not_come_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.1)
    with serving(make_edge()) as port:
        assert talk(port) == b""
        assert talk(port, b"GET / HTTP/1.1\r\nX-A: ") == b""


SLOW = b"POST /api/v1/projects/bodies HTTP/1.1\r\nHost: a\r\nContent-Length: 14\r\n\r\n{"


def test_a_body_that_does_not_come_is_a_bad_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "BODY_SECONDS", 0.1)
    with serving(make_edge()) as port:
        assert_error(talk(port, SLOW), 400, "BAD_REQUEST")
        refused = talk(port, b"POST /api/v1/nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{")
        assert refused.count(b"HTTP/1.1 ") == 1, "what was answered before its body came is not answered again"


def test_a_body_that_comes_fast_enough_may_take_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "BODY_SECONDS", 0.02)
    monkeypatch.setattr(server, "BODY_BYTES", 0)
    with serving(make_edge()) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(SLOW)
        time.sleep(0.2)
        connection.sendall(b'"things": []}')
        status, _, body = parsed(connection.recv(65_536))
    assert (status, json.loads(body)) == (200, {"things": 0, "limit": 1})


def test_a_large_body_is_refused_and_its_sender_hears_of_it(port: int) -> None:
    head = b"POST /api/v1/hot/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    piece = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    assert_error(talk(port, head, *[piece] * 40), 413, "PAYLOAD_TOO_LARGE")


def test_a_connection_serves_one_request_after_another(port: int) -> None:
    get = b"GET /api/v1/hot/a HTTP/1.1\r\nHost: a\r\n\r\n"
    head = b"HEAD /api/v1/hot/a HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = talk(port, get, head, get + head, b"GET /api/v1/hot/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 5
    assert answer.count(b'{"address"') == 3


def test_an_offer_of_http_2_or_a_websocket_is_declined_without_a_word(port: int) -> None:
    for upgrade in (b"h2c", b"websocket"):
        sent = (
            b"GET /api/v1/hot/a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: " + upgrade + b"\r\n\r\n"
        )
        assert parsed(talk(port, sent, wait_seconds=1))[0] == 200


def test_an_answer_that_breaks_off_breaks_the_connection(port: int) -> None:
    answer = talk(port, b"GET /api/v1/half HTTP/1.1\r\nHost: a\r\n\r\n")
    assert b"data: 1" in answer
    assert not answer.endswith(b"0\r\n\r\n")
    assert b"s3cret" not in answer


def test_what_still_runs_when_the_server_stops_is_told_so() -> None:
    answers: list[bytes] = []
    with serving(make_edge(), grace_seconds=1) as port:
        waiting = threading.Thread(
            target=lambda: answers.append(talk(port, b"GET /api/v1/wait HTTP/1.1\r\nHost: a\r\n\r\n"))
        )
        waiting.start()
        assert talk(port, b"GET /api/v1/hot/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").startswith(
            b"HTTP/1.1 200"
        )
    waiting.join()
    assert_error(answers[0], 503, "UNAVAILABLE")
