"""A vendor that answers each person's messages otherwise: well, with nonsense, late, or not at all."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope

from tests.channels.vendors import Vendor

Mood: TypeAlias = tuple[int, str] | None
"""A status and a body; `None`: no answer, though everything has arrived."""

LATER: Mapping[str, str] = {"throttled": "451 later", "broken": "450 a fault", "declined": "554 no"}


class Moody:
    """Its API, and its mail server. What is asked for who is `slow` waits for `release`, for who is `late` for ever."""

    def __init__(self, vendor: Vendor) -> None:
        self.release = asyncio.Event()
        self.asked: Counter[str] = Counter()
        self.bodies: dict[str, list[str]] = {}
        self._good = json.dumps(vendor.good)
        told = " ".join(str(value) for value in vendor.config.values())
        words = {"message": told, "code": 0}
        refusal = json.dumps({"error": words, "errcode": 40013, "errmsg": told, "description": told, "message": told})
        self._moods: Mapping[str, Mood] = {
            "throttled": (429, json.dumps({"parameters": {"retry_after": 0}})),
            "broken": (500, "<html>Oops</html>"),
            "html": (200, "<html>Fine!</html>"),
            "empty": (200, ""),
            "cut": (200, self._good[:-3]),
            "shape": (200, '[{"id": {"id": []}}]'),
            "declined": (200, json.dumps(vendor.bad)),
            "refused": (401, refusal),
            "silent": None,
        }

    async def answer(self, request: web.Request) -> web.Response:
        body = f"{request.path_qs} {await request.text()}"
        if request.path.endswith("stable_token"):
            return web.json_response({"access_token": "wx-token", "expires_in": 7200})
        mood = await self._mood(body)
        if mood is None and request.transport is not None:
            request.transport.close()
        status, text = mood or (204, "")
        return web.Response(status=status, text=text, headers={"Retry-After": "0"} if status == 429 else None)

    async def post(self, server: SMTP, envelope: Envelope) -> str | None:
        to = envelope.rcpt_tos[0]
        if not to.endswith(".example.com"):
            return None
        first = self.asked[name := to.removeprefix("u@").split(".")[0]] == 0
        mood = await self._mood(to)
        if mood is None and server.transport is not None:
            server.transport.close()
        return LATER.get(name, "250 kept") if first else "250 kept"

    async def _mood(self, body: str) -> Mood:
        """How it is disposed to who is named there; after the first time, well.

        No name is of hex digits alone: ids, which stand in every address, would spell it now and then.
        """
        names = (*self._moods, "taken", "slow", "late", "one", "long")
        name = next((name for name in names if name in body), "")
        self.asked[name] += 1
        self.bodies.setdefault(name, []).append(body)
        if name in ("slow", "late"):
            await (self.release.wait() if name == "slow" or self.asked[name] == 1 else asyncio.sleep(0))
        return self._moods.get(name, (200, self._good)) if self.asked[name] == 1 else (200, self._good)
