"""From whatever was raised to the one error that a client sees."""

import pytest
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from conduet.app.failure import failure
from conduet.errors import ConduetError, NotFound, PayloadTooLarge


def test_what_fastapi_wraps_is_unwrapped() -> None:
    wrapped = HTTPException(400, "There was an error parsing the body")
    wrapped.__cause__ = PayloadTooLarge()
    assert failure(wrapped) is wrapped.__cause__


@pytest.mark.parametrize(
    ("status", "told", "code"),
    [
        (404, 404, "NOT_FOUND"),
        (405, 405, "METHOD_NOT_ALLOWED"),
        (413, 413, "PAYLOAD_TOO_LARGE"),
        (422, 400, "BAD_REQUEST"),
        (500, 500, "INTERNAL"),
        (502, 500, "INTERNAL"),
    ],
)
def test_a_status_becomes_the_contracts(status: int, told: int, code: str) -> None:
    failed = failure(HTTPException(status, "in words", headers={"Allow": "GET"}))
    assert (failed.status, failed.code) == (told, code)
    assert status >= 500 or failed.headers == {"Allow": "GET"}


def test_everything_else_is_a_bug_that_tells_nothing() -> None:
    for error in (KeyError("s3cret"), RuntimeError("s3cret"), HTTPException(500, "s3cret")):
        assert type(failure(error)) is ConduetError
        assert "s3cret" not in failure(error).message


def test_an_error_of_ours_is_itself() -> None:
    error = NotFound("gone")
    assert failure(error) is error


@pytest.mark.parametrize(
    ("loc", "path"),
    [
        (("body", "steps", 2, "config", "text"), "steps[2].config.text"),
        (("query", "limit"), "query.limit"),
        (("header", "if-match"), "header.If-Match"),
        (("path", "projectId"), "path.projectId"),
        (("body",), ""),
    ],
)
def test_a_mistake_is_told_by_its_path(loc: tuple[str | int, ...], path: str) -> None:
    error = RequestValidationError([{"loc": loc, "msg": "Value error, is odd", "type": "value_error"}])
    assert [detail.path for detail in failure(error).details] == [path]
    assert failure(error).message == (f"{path}: is odd" if path else "is odd")


def test_of_many_mistakes_the_first_hundred_are_told() -> None:
    errors = [{"loc": ("body", index), "msg": "is odd", "type": "value_error"} for index in range(1000)]
    failed = failure(RequestValidationError(errors))
    assert (failed.message, len(failed.details)) == ("[0]: is odd (and 999 more)", 100)
