"""Where a link leads: a run is read by `GET`, which decides nothing, and decided about by `POST`."""

import asyncio
from typing import Annotated, Final

from fastapi import Path, Request

from conduet.errors import BadRequest, NotFound
from conduet.kit.crypto import KeyRing
from conduet.kit.exchange import exchange
from conduet.kit.json import parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router
from conduet.kit.schema import parsed
from conduet.limits.wide import WideLimits
from conduet.outbound import schemas
from conduet.outbound.links import GONE, Link, unseal
from conduet.outbound.schemas import Deciding, ShownRun, read_time
from conduet.outbound.service import Actor, Runs, Seen

PATH: Final = "/run-links/{token}"

Token = Annotated[str, Path(alias="token", examples=["AbCd…"])]

_TAKEN: Final = {"approve": ("text", "publish_at"), "reject": ("note",), "retry": ("note",)}
_NAMES: Final = {"text": "text", "publish_at": "publishAt", "note": "note"}


def link_routes(runs: Runs, limits: WideLimits, *, ring: KeyRing) -> Router:
    """`/run-links/{token}`, opened by the token and by no key."""
    router = Router(tags=["Outbound"])

    async def opened(request: Request, token: str) -> Link:
        await limits.count_address(exchange(request.scope))
        # A key that it does not know is looked for in the key file.
        return await asyncio.to_thread(unseal, ring, token)

    async def read(request: Request, token: Token) -> ShownRun:
        link = await opened(request, token)
        seen = await _seen(runs, link)
        if seen.run.updated_at != link.stamp:
            raise NotFound(GONE)
        return ShownRun.of(seen)

    async def decide(request: Request, token: Token) -> ShownRun:
        link = await opened(request, token)
        await _seen(runs, link)
        said = parsed(Deciding, parse(await request.body()))
        return ShownRun.of(await _decided(runs, link, said))

    router.add_api_route(
        PATH,
        read,
        methods=["GET"],
        summary="Read the run that a link is about",
        responses={**success(schemas.RUN), **failures(404, 429)},
    )
    router.add_api_route(
        PATH,
        decide,
        methods=["POST"],
        summary="Decide about a run by a link",
        description="`approve` takes `text` and `publishAt`, `reject` and `retry` a `note`. A link is about one text: "
        "when it was written again, somebody has decided, or there is a newer link, it is a 409.",
        responses={**success(schemas.APPROVED), **failures(400, 404, 409, 413, 415, 429)},
        openapi_extra=takes(Deciding, {"decision": "approve"}),
    )
    return router


async def _seen(runs: Runs, link: Link) -> Seen:
    try:
        return await runs.by_link(link.maker, link.run_id)
    except NotFound:
        raise NotFound(GONE) from None


async def _decided(runs: Runs, link: Link, said: Deciding) -> Seen:
    for name in _NAMES:
        if getattr(said, name) is not None and name not in _TAKEN[said.decision]:
            raise BadRequest.at(_NAMES[name], f"`{said.decision}` does not take it.")
    if said.decision == "reject" and said.note is None:
        raise BadRequest.at("note", "Say why.")
    actor, stamp = Actor(link.maker, "link", link.approver), link.stamp
    match said.decision:
        case "approve":
            when = read_time(said.publish_at, "publishAt")
            return await runs.approve(actor, link.run_id, text=said.text, publish_at=when, stamp=stamp)
        case "reject":
            return await runs.reject(actor, link.run_id, note=str(said.note), stamp=stamp)
        case "retry":
            return await runs.retry(actor, link.run_id, note=said.note, stamp=stamp)
