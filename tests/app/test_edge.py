"""What all requests and answers have in common."""

import gzip
import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from structlog.testing import capture_logs

from tests.app.edges import ALLOWED, make_edge
from tests.conftest import new_client

MB = 1024 * 1024


@pytest.fixture
async def odd() -> AsyncIterator[httpx2.AsyncClient]:
    """A client of endpoints that misbehave."""
    async with new_client(make_edge()) as client:
        yield client


def assert_manners(answer: httpx2.Response) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", answer.headers["X-Request-Id"])
    assert int(answer.headers["X-RateLimit-Limit"]) >= int(answer.headers["X-RateLimit-Remaining"]) >= 0
    assert int(answer.headers["X-RateLimit-Reset"]) > 1_700_000_000_000
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"


def assert_error(answer: httpx2.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["Content-Type"] == "application/json"
    assert isinstance(answer.json()["error"], str)
    assert_manners(answer)


async def test_an_unknown_path_is_not_found(odd: httpx2.AsyncClient) -> None:
    for path in ("/", "/nothing", "/api/v1/nothing", "/v1/nothing", "/api/v1/projects/bodies/"):
        assert_error(await odd.get(path), 404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/api/v1/hot/a", "GET, HEAD, OPTIONS, POST"),
        ("/api/v1/projects/bodies", "OPTIONS, POST"),
        ("/v1/projects/bodies/a", "DELETE, OPTIONS"),
    ],
)
async def test_a_method_that_an_address_does_not_take_is_told_with_those_it_takes(
    odd: httpx2.AsyncClient, path: str, allow: str
) -> None:
    for method in ("PATCH", "TRACE", "NONSENSE"):
        answer = await odd.request(method, path)
        assert_error(answer, 405, "METHOD_NOT_ALLOWED")
        assert answer.headers["Allow"] == allow


async def test_options_tells_the_methods(odd: httpx2.AsyncClient) -> None:
    answer = await odd.options("/api/v1/hot/a")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert_manners(answer)
    assert_error(await odd.options("/api/v1/nothing"), 404, "NOT_FOUND")


async def test_head_is_get_without_the_body(odd: httpx2.AsyncClient) -> None:
    for path in ("/api/v1/hot/a", "/api/v1/page"):
        got, head = await odd.get(path), await odd.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert abs(int(head.headers["Content-Length"]) - int(got.headers["Content-Length"])) < 20
    assert_manners(await odd.head("/api/v1/hot/a"))


async def test_head_of_a_stream_ends(odd: httpx2.AsyncClient) -> None:
    answer = await odd.head("/api/v1/stream")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", ["/api/v1/bug", "/api/v1/cold-bug"])
async def test_a_bug_is_a_500_that_tells_nothing_and_a_log_line_that_tells_everything(
    odd: httpx2.AsyncClient, path: str
) -> None:
    with capture_logs() as lines:
        answer = await odd.get(path, headers={"X-Request-Id": "my-request"})
    assert_error(answer, 500, "INTERNAL")
    assert "my-request" in answer.json()["error"]
    assert "s3cret" not in answer.text
    failed = next(line for line in lines if line["event"] == "failed")
    assert (failed["request_id"], failed["path"], failed["log_level"]) == ("my-request", path, "error")
    assert isinstance(failed["exc_info"], KeyError)


async def test_an_error_that_the_contract_has_no_word_for_is_a_bad_request(odd: httpx2.AsyncClient) -> None:
    answer = await odd.get("/api/v1/teapot")
    assert_error(answer, 400, "BAD_REQUEST")
    assert answer.json()["error"] == "short and stout"


async def test_an_error_of_ours_keeps_its_status(odd: httpx2.AsyncClient) -> None:
    assert_error(await odd.get("/api/v1/refused"), 409, "CONFLICT")


async def test_a_sane_request_id_is_kept_and_another_replaced(odd: httpx2.AsyncClient) -> None:
    kept = await odd.get("/api/v1/hot/a", headers={"X-Request-Id": "a.B_9-x"})
    assert kept.headers["X-Request-Id"] == kept.json()["id"] == "a.B_9-x"
    for bad in ("", "a b", "a" * 129, "é", "a/b"):
        answer = await odd.get("/api/v1/hot/a", headers=[(b"X-Request-Id", bad.encode("latin-1"))])
        assert answer.headers["X-Request-Id"].startswith("req_")


async def test_headers_that_an_endpoint_leaves_go_out(odd: httpx2.AsyncClient) -> None:
    assert (await odd.get("/api/v1/hot/a")).headers["X-Turn-Id"] == "turn_1"


async def test_each_request_is_one_log_line(odd: httpx2.AsyncClient) -> None:
    with capture_logs() as lines:
        await odd.get("/api/v1/hot/a?token=s3cret")
    assert [(line["event"], line["method"], line["path"], line["status"]) for line in lines] == [
        ("request", "GET", "/api/v1/hot/a", 200)
    ]
    assert "s3cret" not in repr(lines)


async def test_a_request_without_a_key_counts_for_its_address(odd: httpx2.AsyncClient) -> None:
    remaining = [(await odd.get("/api/v1/hot/a")).headers["X-RateLimit-Remaining"] for _ in range(2)]
    assert remaining in (["299", "298"], ["299", "299"])


@pytest.mark.parametrize("shown", [{"Cookie": "a=b"}, {"Authorization": "Bearer nonsense"}])
async def test_showing_something_that_nobody_looks_at_does_not_escape_counting(
    odd: httpx2.AsyncClient, shown: dict[str, str]
) -> None:
    for path in ("/api/v1/hot/a", "/api/v1/page"):
        remaining = [int((await odd.get(path, headers=shown)).headers["X-RateLimit-Remaining"]) for _ in range(3)]
        assert remaining[2] < remaining[1] or remaining[1] < remaining[0], remaining
    for _ in range(602):
        answer = await odd.get("/api/v1/page", headers=shown)
        if answer.status_code == 429:
            break
    else:
        pytest.fail("nothing was limited")
    assert_error(answer, 429, "RATE_LIMITED")


async def test_a_nul_in_an_address_is_a_bad_request(odd: httpx2.AsyncClient) -> None:
    for path in ("/%00", "/api/v1/hot/%00", "/api/v1/hot/a%00b", "/v1/projects/bodies/%00"):
        for method in ("GET", "DELETE"):
            assert_error(await odd.request(method, path), 400, "BAD_REQUEST")


async def test_the_301st_request_of_a_minute_without_a_key_is_limited_and_pages_and_preflights_are_not(
    odd: httpx2.AsyncClient,
) -> None:
    # Twice as many, because a new minute may begin meanwhile.
    for _ in range(602):
        answer = await odd.get("/api/v1/hot/a")
        if answer.status_code == 429:
            break
        assert answer.status_code == 200
    else:
        pytest.fail("nothing was limited")
    assert_error(answer, 429, "RATE_LIMITED")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert_error(await odd.get("/api/v1/nothing", headers={"Authorization": "Bearer nonsense"}), 429, "RATE_LIMITED")
    assert (await odd.options("/api/v1/hot/a")).status_code == 204
    assert (await odd.get("/nothing")).status_code == 404


# Bodies


async def test_a_body_is_checked_by_path(odd: httpx2.AsyncClient) -> None:
    answer = await odd.post("/api/v1/projects/bodies?limit=0", json={"things": [{"text": "a"}, {"text": 1}, {}]})
    assert_error(answer, 400, "BAD_REQUEST")
    assert [detail["path"] for detail in answer.json()["details"]] == [
        "query.limit",
        "things[1].text",
        "things[2].text",
    ]
    assert answer.json()["error"].startswith("query.limit: Input should be greater than or equal to 1")


async def test_a_missing_body_is_a_bad_request(odd: httpx2.AsyncClient) -> None:
    answer = await odd.post("/api/v1/projects/bodies")
    assert_error(answer, 400, "BAD_REQUEST")
    assert answer.json()["details"] == [{"path": "", "message": "A JSON body is needed."}]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"things": NaN}',
        b'{"things": [], "a": "\\u0000"}',
        b'{"things": [], "a": "\\ud800"}',
        b"\xff\xfe",
        b'{"things": []} x',
        b"\xef\xbb\xbf{}",
    ],
)
async def test_what_is_not_strict_json_is_a_bad_request(odd: httpx2.AsyncClient, body: bytes) -> None:
    answer = await odd.post("/api/v1/projects/bodies", content=body, headers={"Content-Type": "application/json"})
    assert_error(answer, 400, "BAD_REQUEST")


async def test_json_that_is_too_deep_is_too_large(odd: httpx2.AsyncClient) -> None:
    body = b'{"things": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    answer = await odd.post("/api/v1/projects/bodies", content=body, headers={"Content-Type": "application/json"})
    assert_error(answer, 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "a"])
async def test_another_content_type_than_json_is_not_supported(odd: httpx2.AsyncClient, media_type: str) -> None:
    answer = await odd.post("/api/v1/projects/bodies", content=b'{"things": []}', headers={"Content-Type": media_type})
    assert_error(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_compressed_body_is_said_to_be_one(odd: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = await odd.post("/api/v1/projects/bodies", content=gzip.compress(b'{"things": []}'), headers=headers)
    assert_error(answer, 415, "UNSUPPORTED_MEDIA_TYPE")
    assert "uncompressed" in answer.json()["error"]


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "application/x+json", None]
)
async def test_json_is_taken_by_its_name_and_without_one(odd: httpx2.AsyncClient, media_type: str | None) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    answer = await odd.post("/v1/projects/bodies", content=b'{"things": []}', headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"things": 0, "limit": 1})


@pytest.mark.parametrize("path", ["/api/v1/projects/bodies", "/api/v1/hot/a"])
async def test_a_body_over_its_limit_is_too_large_however_it_comes(odd: httpx2.AsyncClient, path: str) -> None:
    text = b'{"things": [], "a": "' + b"a" * MB + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(text), 65_536):
            yield text[start : start + 65_536]

    for headers in ({}, {"Content-Length": "10"}):
        for content in (text, pieces()):
            answer = await odd.post(path, content=content, headers={"Content-Type": "application/json", **headers})
            assert_error(answer, 413, "PAYLOAD_TOO_LARGE")
            assert answer.headers["Connection"] == "close"


async def test_a_body_of_just_the_limit_is_read(odd: httpx2.AsyncClient) -> None:
    answer = await odd.post("/api/v1/hot/a", content=b"a" * MB)
    assert answer.json() == {"bytes": MB}


# Pages of other origins


async def test_a_preflight_is_answered_for_origins_of_widget_keys_only(odd: httpx2.AsyncClient) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = await odd.options("/api/v1/hot/a", headers={"Origin": ALLOWED, **asked})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    for other in ("https://shop.example:444", "http://shop.example", "https://evil.example", "null", ""):
        answer = await odd.options("/api/v1/hot/a", headers={"Origin": other, **asked})
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


async def test_pages_of_an_allowed_origin_may_read_answers_and_errors_alike(odd: httpx2.AsyncClient) -> None:
    for path in ("/api/v1/hot/a", "/api/v1/nothing", "/api/v1/bug"):
        answer = await odd.get(path, headers={"Origin": ALLOWED})
        assert answer.headers["Access-Control-Allow-Origin"] == ALLOWED
        exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
        assert {
            "X-Request-Id",
            "X-Turn-Id",
            "X-RateLimit-Reset",
            "Retry-After",
            "ETag",
            "Link",
            "Idempotent-Replayed",
        } <= {*exposed}
    for path, origin in (("/api/v1/hot/a", "https://evil.example"), ("/nothing", ALLOWED)):
        answer = await odd.get(path, headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Vary"] == "Origin"


# What stands between


async def test_a_page_has_a_policy_and_https_is_kept_to_only_under_https(odd: httpx2.AsyncClient) -> None:
    answer = await odd.get("/api/v1/page")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in answer.headers
    secure = await odd.get("https://conduet.test/api/v1/page")
    assert "max-age" in secure.headers["Strict-Transport-Security"]


async def test_a_proxy_is_believed_only_when_it_is_trusted() -> None:
    said = {"X-Forwarded-For": "203.0.113.7, 198.51.100.1", "X-Forwarded-Proto": "https"}
    async with new_client(make_edge()) as client:
        told = (await client.get("/api/v1/hot/a", headers=said)).json()
        assert (told["address"] != "203.0.113.7", told["scheme"]) == (True, "http")
    async with new_client(make_edge(trusted=("198.18.0.0/15", "198.51.100.1"))) as client:
        answer = await client.get("/api/v1/hot/a", headers=said)
        assert (answer.json()["address"], answer.json()["scheme"]) == ("203.0.113.7", "https")
        assert "Strict-Transport-Security" in answer.headers
