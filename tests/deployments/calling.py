"""A server of its own with a project on a `webhook` channel, and the customer's system at the other end of it."""

import asyncio
import hmac
import json
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from typing import Any, Protocol

import httpx2
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.kit.db import Database, open_database
from conduet.settings import Settings
from tests.channels.vendors import VENDORS, Sent
from tests.conftest import described, new_client, new_token, started
from tests.engine.talk import line, step
from tests.kit.http.post_office import PostOffice, post_office
from tests.webhooks.receiving import PATIENCE_SECONDS, Receiver

PNG = b"\x89PNG\r\n\x1a\npicture"
SECRET = "a-secret-that-both-sides-know"
ECHO = line(
    step("ask", "capture", text="Hello!", variable="said", type="text"), step("say", "message", text="Hi {{said}}.")
)


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None, delivery: str = "d-1") -> dict[str, str]:
    """The headers that a customer's system sends with `body`."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.digest(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()
    return {
        "Content-Type": "application/json",
        "X-Conduet-Delivery": delivery,
        "X-Conduet-Timestamp": timestamp,
        "X-Conduet-Signature": f"sha256={digest}",
    }


@dataclass
class Line:
    """A project on a channel: its owner, its customer's system, and what that is told."""

    app: Edge
    database: Database
    owner: httpx2.AsyncClient
    outside: httpx2.AsyncClient
    project: str
    receiver: Receiver
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def path(self) -> str:
        return f"/api/v1/projects/{self.project}"

    async def deploy(self, channel: str = "webhook", **more: Any) -> dict[str, Any]:
        """A new deployment; of a webhook, at the receiver."""
        config = {"url": f"{self.receiver.url}/chat", "secret": SECRET} if channel == "webhook" else {}
        body: dict[str, Any] = {"channel": channel, "config": config, **more}
        made = await self.owner.post(f"{self.path}/deployments", json=body)
        assert made.status_code == 201, made.text
        return made.json()

    async def open(self, name: str, **config: Any) -> dict[str, Any]:
        """A new deployment of a vendor's channel, whose API is the receiver."""
        vendor = VENDORS[name]
        place = {vendor.place: f"{self.receiver.url}/vendor"} if vendor.place else {}
        return await self.deploy(name, config={**vendor.config, **place, **config})

    async def post(self, deployment: Mapping[str, Any], sent: Sent) -> httpx2.Response:
        """What a vendor sends."""
        return await self.outside.post(
            deployment["webhookUrl"], content=sent.body, headers=sent.headers, params=sent.query
        )

    def said(self, deployment: Mapping[str, Any], user: str, text: str, *, number: str, **more: Any) -> Sent:
        """A user writes at a vendor's channel."""
        vendor = VENDORS[deployment["channel"]]
        return self.sign(deployment, vendor.body(user, text, number), number=number, **more)

    def sign(self, deployment: Mapping[str, Any], body: bytes, **more: Any) -> Sent:
        """A body as the vendor of a deployment sends it."""
        vendor, url = VENDORS[deployment["channel"]], f"http://conduet.test{deployment['webhookUrl']}"
        return vendor.sent(vendor.config, body, url=url, **more)

    async def save(self, *workflows: dict[str, Any], **more: Any) -> None:
        body = {"workflows": [*workflows], "variables": [{"name": "said", "type": "text"}], **more}
        saved = await self.owner.patch(self.path, json=body)
        assert saved.status_code == 200, saved.text

    async def publish(self, *workflows: dict[str, Any], **more: Any) -> None:
        await self.save(*workflows, **more)
        published = await self.owner.post(f"{self.path}/publish", json={})
        assert published.status_code == 201, published.text

    async def tell(self, deployment: Mapping[str, Any], said: Any, *, delivery: str | None = None) -> httpx2.Response:
        """What the customer's system sends."""
        body = json.dumps(said).encode()
        headers = signed(body, delivery=delivery or f"d-{next(self.numbers)}")
        return await self.outside.post(deployment["webhookUrl"], content=body, headers=headers)

    async def say(self, deployment: Mapping[str, Any], user: str, text: str) -> None:
        told = await self.tell(deployment, {"userId": user, "message": text})
        assert (told.status_code, told.json()) == (200, {"accepted": True})

    async def log(self, deployment: Mapping[str, Any], name: str = "deliveries") -> list[dict[str, Any]]:
        answer = await self.owner.get(f"{self.path}/deployments/{deployment['id']}/{name}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def until(
        self, deployment: Mapping[str, Any], is_so: Callable[[list[dict[str, Any]]], bool], *, name: str = "deliveries"
    ) -> list[dict[str, Any]]:
        """What came or went, once it is so."""
        pause = 0.02
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if is_so(found := await self.log(deployment, name)):
                    return found
                await asyncio.sleep(pause)
                pause = min(1.5 * pause, 0.2)


def texts(event: Mapping[str, Any]) -> list[str]:
    """What a delivery says."""
    return [trace["payload"]["message"] for trace in event["data"]["traces"] if trace["type"] == "text"]


class Api(Protocol):
    """Stands in for a vendor."""

    async def answer(self, request: web.Request) -> web.Response:
        """What its API answers."""
        ...

    async def post(self, server: SMTP, envelope: Envelope) -> str | None:
        """What its mail server answers; `None`: the mail is none of its own."""
        ...


class Systems:
    """The systems of all customers, each at a path of its own, which is the name of its project."""

    def __init__(self) -> None:
        self.url = ""
        self.mail_port = 0
        self.mails: list[EmailMessage] = []
        self.apis: dict[str, Api] = {}
        self._found: dict[str, Receiver] = {}

    def of(self, project: str) -> Receiver:
        return self._found.setdefault(project, Receiver(f"{self.url}/{project}"))

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # the name is the library's
        """Everybody's mail server."""
        found = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.mails.append(found)
        # Who came last is asked; the others are done.
        api = next(reversed(self.apis.values()), None)
        said = await api.post(server, envelope) if api else None
        return said or "250 kept"

    async def mail(self, count: int) -> list[EmailMessage]:
        """The messages, once so many have come."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if len(self.mails) >= count:
                    return self.mails
                await asyncio.sleep(0.02)

    async def answer(self, request: web.Request) -> web.Response:
        """As the customer's own system, and below `/vendor` as WhatsApp's API."""
        name, rest = request.path.lstrip("/").split("/", 1)
        if name in self.apis:
            return await self.apis[name].answer(request)
        found = self.of(name)
        if request.method == "GET" and rest.startswith("vendor/"):
            return self._file(request, rest)
        answer = await found.answer(request)
        if not rest.startswith("vendor/") or not answer.status < 300:
            return answer
        told = {"id": "media-1"} if rest.endswith("/media") else {"messages": [{"id": f"wamid.out{len(found.came)}"}]}
        return web.json_response(told)

    def _file(self, request: web.Request, rest: str) -> web.Response:
        """A file by the two steps that WhatsApp takes, for who shows the token."""
        if "Authorization" not in request.headers or rest.endswith("gone"):
            return web.json_response({"error": {"code": 100, "message": "Unsupported get request."}}, status=400)
        if rest.endswith("bytes"):
            return web.Response(body=PNG, content_type="text/html")
        return web.json_response({"url": f"{request.url.with_query(None)}/bytes", "verified_name": "Shop"})


@dataclass
class Place:
    """A running server, and what is around it."""

    app: Edge
    database: Database
    systems: Systems
    post: PostOffice

    @asynccontextmanager
    async def line(self) -> AsyncGenerator[Line]:
        """A new account with a project."""
        async with new_client(self.app, key=new_token(self.database)) as owner, new_client(self.app) as outside:
            project = (await owner.post("/api/v1/projects", json={"name": "Test"})).json()["id"]
            yield Line(self.app, self.database, owner, outside, project, self.systems.of(project))


@asynccontextmanager
async def calling(settings: Settings) -> AsyncGenerator[Place]:
    """Runs a server around a block."""
    async with AsyncExitStack() as stack:
        systems = Systems()
        runner = web.AppRunner(_application(systems), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        place = f"127.0.0.1:{runner.addresses[0][1]}"
        systems.url = f"http://{place}"
        office = await asyncio.get_running_loop().create_server(
            lambda: SMTP(systems, hostname="office"), "127.0.0.1", 0
        )
        stack.callback(office.close)
        systems.mail_port = office.sockets[0].getsockname()[1]
        post = await stack.enter_async_context(post_office())
        places = (place, *(f"127.0.0.1:{port}" for port in (systems.mail_port, post.port)))
        app = create_app(settings.model_copy(update={"allow_private_urls": ",".join(places)}))
        await stack.enter_async_context(started(app))
        await described(app).load()
        database = open_database(settings.database, run_dir=settings.run_dir)
        stack.callback(database.close_now)
        yield Place(app, database, systems, post)


def _application(systems: Systems) -> web.Application:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", systems.answer)
    return app
