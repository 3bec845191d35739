"""Pages of another origin with the widget on them: a second loopback port, whose pages a test writes."""

import json
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page

from tests.cli.served import Served, conduet, served
from tests.web.conftest import NewPage

Step = tuple[str, dict[str, Any]]
# Of each project: what a capture keeps, and what a page may say.
VARIABLES = [{"name": "said", "type": "text"}, {"name": "plan", "type": "text", "client": True}]


class Quiet(BaseHTTPRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the one it stands for
        del format, args


@contextmanager
def listening(handler: type[Quiet]) -> Generator[str]:
    """The address of a server that answers by `handler`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(slots=True)
class Model:
    """A model server of OpenAI's kind: streams the answer whose name is in what it is asked, a piece at a time."""

    url: str = ""
    answers: dict[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    def pieces(self, asked: bytes) -> Iterator[bytes]:
        """The events of an answer."""
        wanted = json.loads(asked)["messages"][-1]["content"]
        for text in next(pieces for name, pieces in self.answers.items() if name in str(wanted)):
            chunk = {"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"content": text}}]}
            yield f"data: {json.dumps(chunk)}\n\n".encode()
        yield b'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
        yield b"data: [DONE]\n\n"


@pytest.fixture(scope="session")
def model() -> Iterator[Model]:
    """What the site's agents think with."""
    found = Model()

    class Handler(Quiet):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for piece in found.pieces(asked):
                self.wfile.write(piece)
                # As fast as a model writes: each frame has some of it.
                time.sleep(0.002)

    with listening(Handler) as found.url:
        yield found


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Iterator[Served]:
    """A server whose demo is published: others look at one where nothing is."""
    data = tmp_path_factory.mktemp("widget") / "data"
    thinks = served(data, OPENAI_BASE_URL=f"{model.url}/v1", CONDUET_MODEL="openai:m", CONDUET_ALLOW_PRIVATE_URLS="on")
    with thinks as running:
        yield running


@dataclass(slots=True)
class Owner:
    """Whoever runs the site's agents: calls the management API."""

    url: str
    token: str

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer, which is a success."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/api/v1/{path}", sent, headers, method=method)
        try:
            with urlopen(request, timeout=60) as answer:
                text = answer.read()
        except HTTPError as refused:
            refused.add_note(refused.read().decode())
            raise
        return json.loads(text) if text else None

    def new_project(self, name: str, *steps: Step) -> str:
        """A published project whose flow has these steps, one after the other."""
        kinds = ({"type": "start"}, *({"type": kind, "config": config} for kind, config in steps))
        drawn = [{"config": {}, "position": {"x": 0, "y": 0}, **each, "id": f"s{at}"} for at, each in enumerate(kinds)]
        lines = [
            {"id": f"c{at}", "source": f"s{at}", "sourcePort": "next", "target": f"s{at + 1}"}
            for at in range(len(drawn) - 1)
        ]
        flow = {"id": "main", "name": "Main", "primary": True, "steps": drawn, "connections": lines}
        project: str = self.ask("POST", "projects", {"name": name})["id"]
        self.ask("PATCH", f"projects/{project}", {"workflows": [flow], "variables": VARIABLES})
        self.ask("POST", f"projects/{project}/publish", {})
        return project

    def new_key(self, project: str, origin: str, **more: object) -> str:
        """A widget key for pages of that origin."""
        key = {"name": "Page", "type": "widget", "allowedOrigins": [origin], **more}
        return str(self.ask("POST", f"projects/{project}/api-keys", key)["key"])


@pytest.fixture(scope="session")
def owner(site: Served) -> Owner:
    """The owner, who has published the demo."""
    token = conduet("token", "create", "--name", "widget", "--data", str(site.data)).stdout.strip()
    owner = Owner(site.url, token)
    owner.ask("POST", "projects/proj_demo/publish", {"name": "First"})
    return owner


@dataclass(slots=True)
class Host:
    """A site that somebody else runs: its pages by path, with their headers."""

    origin: str = ""
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict[str, tuple[str, dict[str, str]]])


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """That site."""
    found = Host()

    class Handler(Quiet):
        def do_GET(self) -> None:
            page = found.pages.get(self.path.split("?")[0])
            body, headers = page or ("", {})
            self.send_response(200 if page else 404)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

    with listening(Handler) as found.origin:
        yield found


@pytest.fixture(scope="session")
def key(owner: Owner, host: Host) -> str:
    """A widget key of the demo for that site."""
    return owner.new_key("proj_demo", host.origin)


Visit = Callable[..., Page]


@pytest.fixture
def visit(site: Served, host: Host, key: str, stranger: NewPage) -> Visit:
    """Opens a page of that site with the widget on it; further words are the tag's attributes."""

    def open_page(
        path: str = "/shop",
        *,
        attributes: str = "",
        headers: dict[str, str] | None = None,
        body: str = "<main><h1>Bikes</h1><p>What we sell. <a href='#more'>More</a></p></main>",
        lang: str = "en",
        page: Page | None = None,
        own_key: str = "",
        server: str = "",
        **options: object,
    ) -> Page:
        tag = f'<script src="{server or site.url}/widget.js" data-key="{own_key or key}" {attributes} defer></script>'
        document = (
            f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Shop</title>'
            f'<meta name="viewport" content="width=device-width">{tag}<body>{body}</body></html>'
        )
        host.pages[path] = (document, headers or {})
        page = page or stranger(**options)
        page.goto(host.origin + path)
        return page

    return open_page


def panel(page: Page) -> Locator:
    """The panel, open."""
    return page.locator("conduet-chat .panel")


def launch(page: Page) -> Locator:
    """Presses the launcher."""
    page.get_by_role("button", name="Chat", exact=True).click()
    return panel(page)


def say(page: Page, text: str) -> None:
    """Writes and sends."""
    field = panel(page).locator("textarea")
    field.fill(text)
    field.press("Enter")


# What can be pressed in the panel and is less high or wide than that; a mark in a text may be.
SMALL = """(panel, least) => [...panel.querySelectorAll("a, button, input:not([type=file])")]
  .filter(each => each.checkVisibility() && !each.closest("p, td, .text"))
  .map(each => ({ each, box: each.getBoundingClientRect() }))
  .filter(({ box }) => box.height < least || box.width < least)
  .map(({ each, box }) => `${each.outerHTML.slice(0, 80)} is ${box.width} by ${box.height}`)"""


def check_targets(page: Page, least: int = 24) -> None:
    """Fails on what is too small to be hit, in px."""
    assert panel(page).evaluate(SMALL, least) == []
