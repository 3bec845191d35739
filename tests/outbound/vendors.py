"""The APIs of X and LinkedIn as they are documented: tokens that are bought anew, pictures, and posts."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope

SPENT = {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}


@dataclass
class X:
    """Sells each pair once: a refresh token that was used buys nothing, and only the last access token opens."""

    good: str = "refresh-0"
    access: str = "access-0"
    sold: int = 0
    seconds: int = 7200
    slow_seconds: float = 0.0
    fails: list[int] = field(default_factory=list[int])
    bought: list[str] = field(default_factory=list[str])
    authorized: list[str] = field(default_factory=list[str])
    posts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    media: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    alts: dict[str, str] = field(default_factory=dict[str, str])
    refuses: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    async def answer(self, request: web.Request) -> web.Response:
        name = request.path.rpartition("/")[2]
        if name in self.files:
            return web.Response(body=self.files[name])
        if request.path.endswith("/2/oauth2/token"):
            return await self._sell(request)
        if (left := self.refuses.get(name)) and (status := left.pop(0)):
            return web.json_response({"detail": "Refused."}, status=status)
        if request.headers.get("Authorization") != f"Bearer {self.access}":
            return web.json_response({"title": "Unauthorized", "detail": "Unauthorized"}, status=401)
        if request.path.endswith("/2/media/upload"):
            return await self._upload(request)
        if request.path.endswith("/2/media/metadata"):
            told = await request.json()
            self.alts[told["id"]] = told["metadata"]["alt_text"]["text"]
            return web.json_response({"data": {"id": told["id"]}})
        assert request.path.endswith("/2/tweets")
        self.posts.append(await request.json())
        return web.json_response({"data": {"id": str(len(self.posts))}}, status=201)

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["media"]
        assert isinstance(file, web.FileField)
        self.media.append({"category": form["media_category"], "type": form["media_type"], "content": file.file.read()})
        told = {"id": f"m{len(self.media)}", "media_key": f"3_m{len(self.media)}", "expires_after_secs": 86400}
        return web.json_response({"data": told})

    async def _sell(self, request: web.Request) -> web.Response:
        form = {name: values[0] for name, values in parse_qs(await request.text()).items()}
        assert (form["grant_type"], form["client_id"]) == ("refresh_token", "app")
        self.authorized.append(request.headers.get("Authorization", ""))
        self.bought.append(form["refresh_token"])
        if self.fails and (status := self.fails.pop(0)):
            return web.json_response({"error": "server_error"}, status=status)
        if form["refresh_token"] != self.good:
            return web.json_response(SPENT, status=400)
        self.sold += 1
        self.good, self.access = f"refresh-{self.sold}", f"access-{self.sold}"
        pair = {"token_type": "bearer", "expires_in": self.seconds}
        told = {**pair, "access_token": self.access, "refresh_token": self.good}
        # It is sold before the answer arrives.
        await asyncio.sleep(self.slow_seconds)
        return web.json_response(told)

    async def post(self, server: SMTP, envelope: Envelope) -> str | None:
        raise AssertionError(server, envelope)


@dataclass
class LinkedIn:
    """Names a place for each picture, takes it there, and posts with those that have come."""

    url: str = ""
    place: str = ""
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    kept: dict[str, tuple[str, bytes]] = field(default_factory=dict[str, tuple[str, bytes]])
    posts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    begun: int = 0

    async def answer(self, request: web.Request) -> web.Response:
        name = request.path.rpartition("/")[2]
        if name in self.files:
            return web.Response(body=self.files[name])
        assert request.headers["Authorization"] == "Bearer a-secret-that-both-sides-know"
        if request.method == "PUT":
            self.kept[f"urn:li:image:{name}"] = (request.headers["Content-Type"], await request.read())
            return web.Response(status=201)
        assert request.headers["X-Restli-Protocol-Version"] == "2.0.0"
        if request.path.endswith("/rest/images"):
            assert request.query["action"] == "initializeUpload"
            assert (await request.json())["initializeUploadRequest"] == {"owner": "urn:li:organization:1"}
            self.begun += 1
            place = f"{self.place or self.url}/dms-uploads/{self.begun}"
            return web.json_response({"value": {"uploadUrl": place, "image": f"urn:li:image:{self.begun}"}})
        assert request.path.endswith("/rest/posts")
        self.posts.append(await request.json())
        return web.Response(status=201, headers={"x-restli-id": f"urn:li:share:{len(self.posts)}"})

    async def post(self, server: SMTP, envelope: Envelope) -> str | None:
        raise AssertionError(server, envelope)
