"""Whatever is asked, however it is asked: one error body, the headers of the contract, and never a 500."""

import re
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduet.app.edge import Edge
from conduet.errors import ConduetError
from tests.conftest import Owned, new_client

CODES = {kind.status: kind.code for kind in (ConduetError, *ConduetError.__subclasses__())}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "NONSENSE")

NAMES = (
    "X-Request-Id",
    "If-Match",
    "Idempotency-Key",
    "Origin",
    "Cookie",
    "X-User-Hash",
    "Last-Event-ID",
    "Content-Type",
    "X-CSRF-Token",
    "X-Forwarded-For",
    "Accept",
    "Range",
    "Expect",
)

segments = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).map(
    lambda text: quote(text, safe="")
)
junk = st.lists(segments, max_size=6).map(lambda parts: "/" + "/".join(parts))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(["versionId", "variables", "name", "message", "userId"])
kinds = st.sampled_from(["text", "launch", "button", "media", "event", "x"])
mores = st.dictionaries(
    st.sampled_from(["versionId", "variables", "name", "message", "userId"]), json_values, max_size=2
)


def interact(kind: str, payload: object, more: dict[str, object]) -> dict[str, object]:
    return {"action": {"type": kind, "payload": payload}, **more}


actions = st.builds(interact, kinds, json_values, st.dictionaries(fields, json_values, max_size=2))
header_values = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40).map(
    lambda text: text.strip().encode("latin-1")
)
headers = st.dictionaries(st.sampled_from(NAMES), header_values, max_size=4)


def assert_manners(answer: httpx2.Response) -> None:
    assert answer.status_code < 500, answer.text
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", answer.headers["X-Request-Id"])
    for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"):
        assert answer.headers[name].isdigit()
    if answer.status_code >= 400 and answer.request.method != "HEAD" and not is_page(answer):
        assert_error_body(answer)


def is_page(answer: httpx2.Response) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


def assert_error_body(answer: httpx2.Response) -> None:
    body = answer.json()
    assert body.keys() <= {"error", "code", "details"}
    assert body["code"] == CODES[answer.status_code]
    assert isinstance(body["error"], str)
    assert body["error"]
    for detail in body.get("details", ()):
        assert detail.keys() == {"path", "message"}
        assert isinstance(detail["path"], str)
    if answer.status_code == 405:
        assert answer.headers["Allow"]
    if answer.status_code == 429:
        assert int(answer.headers["Retry-After"]) >= 1


def address(app: Edge, *, number: int, parts: list[str]) -> str:
    """One of the addresses that the application knows, its parameters filled in."""
    # An answer that has no end is never there as a whole.
    left_out = ("/metrics", "/events")
    known = sorted(template for template, _ in app.directory.places() if not template.endswith(left_out))
    template = known[number % len(known)]
    for part in parts:
        template = re.sub(r"\{[^}]*\}", lambda _, part=part: part, template, count=1)
    return re.sub(r"\{[^}]*\}", "x", template)


queries = st.text(st.characters(codec="ascii", categories=["L", "N", "P"], exclude_characters="#"), max_size=12)


async def send(
    client: httpx2.AsyncClient, method: str, path: str, *, body: Any, sent: dict[str, bytes], query: str
) -> httpx2.Response:
    extra: dict[str, Any] = {}
    if isinstance(body, bytes):
        extra["content"] = body
    elif body is not None and method not in ("GET", "HEAD"):
        extra["json"] = body
    given = [(name.encode(), value) for name, value in sent.items()]
    return await client.request(method, path + (f"?{query}" if query else ""), headers=given, **extra)


@pytest.mark.parametrize("who", ["nobody", "impostor", "owner", "key"])
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(METHODS),
    number=st.integers(0, 999),
    parts=st.lists(st.sampled_from(["PROJECT", "user_1", "x"]) | segments, min_size=3, max_size=3),
    body=st.none() | st.binary(max_size=60) | json_values | actions,
    sent=headers,
    query=queries,
)
async def test_a_known_address_answers_with_manners(
    server: Edge,
    owner: httpx2.AsyncClient,
    project: Owned,
    who: str,
    method: str,
    number: int,
    parts: list[str],
    body: object,
    sent: dict[str, bytes],
    query: str,
) -> None:
    keys = {"impostor": "cdt_" + "x" * 43, "owner": owner.headers["Authorization"].split()[1], "key": project.key}
    path = address(server, number=number, parts=[project.id if part == "PROJECT" else part for part in parts])
    async with new_client(server, key=keys.get(who)) as client:
        assert_manners(await send(client, method, path, body=body, sent=sent, query=query))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=st.sampled_from(METHODS), path=junk, base=st.sampled_from(["", "/v1", "/api/v1", "/api/v1/projects/x"]))
async def test_an_unknown_address_is_told_with_manners(server: Edge, method: str, path: str, base: str) -> None:
    async with new_client(server) as client:
        answer = await send(client, method, base + path, body=None, sent={}, query="")
    assert_manners(answer)
