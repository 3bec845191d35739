"""A turn on its way back to whoever asked for it: in one piece, or as a stream."""

from collections.abc import AsyncIterator, Mapping

from starlette.responses import Response

from conduet.accounts.access import Access
from conduet.accounts.principal import Principal
from conduet.conversations.discreet import discreet_all, discreet_pieces
from conduet.conversations.resume import split
from conduet.conversations.spoken import spoken
from conduet.conversations.stream import Piece, follow_live, follow_stored, respond
from conduet.conversations.turn import TURN_ID
from conduet.conversations.turns import Answer, Taking

JSON = "application/json"
REPLAYED = "Idempotent-Replayed"


def whole(principal: Principal, answer: Answer) -> Response:
    """The JSON array of the turn's traces, or the error that an earlier request was answered with."""
    headers = {TURN_ID: answer.turn_id} if answer.turn_id else {}
    if answer.repeated:
        headers[REPLAYED] = "true"
    body = spoken(answer.body) if answer.turn_id else answer.body
    if answer.turn_id and principal.is_widget:
        body = discreet_all(body)
    return Response(body, answer.status, headers, media_type=JSON)


async def streamed(
    access: Access, principal: Principal, taking: Taking, *, headers: Mapping[str, str] | None = None
) -> Response:
    """The turn's events as they come. Raises why there will be none."""
    answer = await taking.begin()
    if answer is None:
        return stream(access, principal, taking.live.turn_id, follow_live(taking.live), headers=headers)
    if answer.turn_id is None:
        return whole(principal, answer)
    pieces = follow_stored(split(answer.body))
    return stream(access, principal, answer.turn_id, pieces, headers={**(headers or {}), REPLAYED: "true"})


def stream(
    access: Access,
    principal: Principal,
    turn_id: str,
    pieces: AsyncIterator[Piece],
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A stream that ends when its credential is revoked."""

    async def is_valid() -> bool:
        return await access.still_valid(principal)

    told = discreet_pieces(pieces) if principal.is_widget else pieces
    return respond(turn_id, told, is_valid=is_valid, headers=headers or {})
