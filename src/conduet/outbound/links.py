"""Links by which somebody without a login decides about one text of one run: sealed, and good for a while."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import Any, Final, cast

from conduet.accounts.principal import AccountScope, Principal, ProjectScope
from conduet.errors import NotFound
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing, UndecryptableError
from conduet.kit.json import dumps, parse

FIELD: Final = "outbound.link"
ROW: Final = "link"
LONGEST: Final = 2_000

GONE: Final = "There is no such link, or its time is over: ask who sent it for a new one."


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens: a run as it was at `stamp` (its last change), for `approver`, in the name of its `maker`."""

    maker: Principal
    run_id: str
    stamp: int
    approver: str
    until: int


def seal(ring: KeyRing, link: Link) -> str:
    """The link's token: nobody can read it or make another."""
    maker = link.maker
    told = {
        "kind": maker.kind,
        "credential": maker.credential_id,
        "account": maker.account.account_id,
        "project": maker.scope.project_id,
        "member": maker.member_id,
        "run": link.run_id,
        "stamp": link.stamp,
        "approver": link.approver,
        "until": link.until,
    }
    return urlsafe_b64encode(ring.encrypt(dumps(told).decode(), row=ROW, field=FIELD)).decode().rstrip("=")


def unseal(ring: KeyRing, token: str) -> Link:
    """What a token stands for. Raises `NotFound` for one that this server has not made, or whose time is over."""
    try:
        sealed = urlsafe_b64decode(token[:LONGEST] + "=" * (-len(token[:LONGEST]) % 4))
        told = cast("dict[str, Any]", parse(ring.decrypt(sealed, row=ROW, field=FIELD).encode()))
    except (Base64Error, ValueError, UndecryptableError):
        raise NotFound(GONE) from None
    if told["until"] <= milliseconds(now()):
        raise NotFound(GONE)
    maker = Principal(
        kind=told["kind"],
        credential_id=told["credential"],
        account=AccountScope(told["account"]),
        project=ProjectScope(told["project"]),
        member_id=told["member"],
    )
    return Link(maker, told["run"], told["stamp"], told["approver"], told["until"])
