"""A web site for the tests to crawl: a real server on loopback."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web

Answer = tuple[int, dict[str, str], bytes]


def html(body: str, head: str = "") -> Answer:
    """A page whose title is what comes before the first tag."""
    page = f"<html><head><title>{body.split('<', maxsplit=1)[0]}</title>{head}</head><body>{body}</body></html>"
    return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()


class Site:
    """Answers with what it is told, by path; a page has an ETag that follows from its content."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.sent: list[str] = []
        """The paths whose content was sent, not only that it has not changed."""
        self.first = asyncio.Event()
        """Set once anything was asked."""
        self.port = 0

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def forget(self) -> None:
        """Forgets what was asked."""
        self.asked.clear()
        self.sent.clear()

    async def serve(self, request: web.Request) -> web.Response:
        """The answer to a request."""
        self.first.set()
        self.asked.append(request.path_qs)
        status, headers, body = self.pages.get(request.path_qs, (404, {}, b""))
        tag = f'"{hash(body)}"'
        if status == 200 and request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        self.sent.append(request.path_qs)
        return web.Response(status=status, headers={**headers, "ETag": tag}, body=body)


@asynccontextmanager
async def served() -> AsyncGenerator[Site]:
    """A site without pages, served."""
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.port = runner.addresses[0][1]
    try:
        yield site
    finally:
        await runner.cleanup()
