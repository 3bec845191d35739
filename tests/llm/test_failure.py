"""What a provider complains of becomes one of our errors, whatever shape it has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.kit.json import Json
from conduet.llm.errors import ContextTooLong, MalformedAnswer, ModelError, RateLimited, RequestRejected, ServerFailed
from conduet.llm.failure import Complaint, failure_of, read_complaint

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "message", "code", "type", "status", "details", "retryDelay", "param", "detail"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(json_values, st.none() | st.integers(200, 599))
def test_any_body_with_any_status_is_some_error(body: Json, status: int | None) -> None:
    failure = failure_of(read_complaint(body), status=status)
    assert isinstance(failure, ModelError)
    assert failure.message
    assert failure.status == status


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait_is_read_from_the_headers(headers: dict[str, str], seconds: float | None) -> None:
    failure = failure_of(Complaint(), status=429, headers=headers)
    assert isinstance(failure, RateLimited)
    assert failure.retry_after_seconds == seconds


@pytest.mark.parametrize(("delay", "seconds"), [("36s", 36.0), ("0.5s", 0.5), ("soon", None)])
def test_or_from_the_body_as_google_writes_it(delay: str, seconds: float | None) -> None:
    body: Json = {"error": {"code": 429, "details": [{"@type": "x"}, {"retryDelay": delay}]}}
    assert failure_of(read_complaint(body), status=429).retry_after_seconds == seconds


def test_what_a_provider_says_is_kept_apart_and_short() -> None:
    failure = failure_of(read_complaint({"error": {"message": "one\n two " + "x" * 1000}}), status=500)
    assert isinstance(failure, ServerFailed)
    assert failure.said.startswith("one two xx")
    assert len(failure.said) == 500
    assert "one" not in failure.message


@pytest.mark.parametrize(
    ("status", "kind"), [(None, ServerFailed), (204, MalformedAnswer), (418, RequestRejected), (599, ServerFailed)]
)
def test_a_complaint_without_words_is_judged_by_its_status(status: int | None, kind: type[ModelError]) -> None:
    assert type(failure_of(Complaint(), status=status)) is kind


def test_a_rate_limit_on_tokens_is_no_long_conversation() -> None:
    said = "Too many tokens per minute for the context window of this tier."
    assert type(failure_of(Complaint(said=said), status=429)) is RateLimited
    assert type(failure_of(Complaint(said=said), status=400)) is ContextTooLong
