"""Revisions as entity tags, and the `If-Match` that names one (RFC 9110, section 13.1.1)."""

import re

from conduet.errors import BadRequest, PreconditionFailed

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS = re.compile(rf"\s*{_TAG}(?:\s*,\s*{_TAG})*\s*")


def etag(revision: int) -> str:
    """The value of `ETag` for a revision."""
    return f'"{revision}"'


def check_if_match(header: str | None, revision: int) -> None:
    """Lets a change pass when `header` names `revision`, is `*`, or is not there.

    Raises `PreconditionFailed` with the present `ETag` when it names others, and `BadRequest` when it is malformed.
    """
    if header is None or header.strip() == "*":
        return
    if not _TAGS.fullmatch(header):
        raise BadRequest.at("header.If-Match", f"If-Match takes what ETag gave, in quotes: {etag(revision)}.")
    # A weak tag never matches: a change must not rest on something that is only nearly the same.
    if etag(revision) not in re.findall(_TAG, header):
        raise PreconditionFailed(headers={"ETag": etag(revision)})
