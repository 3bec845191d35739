"""The dashboard and the widget: files that `npm run build` made, and one page for every route of the dashboard."""

import re
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from conduet.errors import NotFound

FOLDER = Path(__file__).with_name("static")
# The dashboard tells these apart by itself; any other address is not there.
PAGES = ("/", "/sign-in", "/settings", "/p/{rest:path}")
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"
# Any page may load the widget: what it then may ask for, its key says.
ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
# Best first.
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
# Styles that a component or an editor writes show the page's nonce; pictures are wherever an agent's messages say.
POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob: "
    "http: https:; media-src 'self' blob: http: https:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MISSING = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Conduet</title>
<h1>Conduet is running</h1>
<p>This installation has no dashboard: it was made with CONDUET_SKIP_WEB=1, or without npm. Install it again without
that setting. The <a href="/docs">API reference</a> and the command line work.</p>
</html>
"""

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def web_routes(folder: Path = FOLDER) -> Sequence[Route]:
    """The routes of the dashboard, whose built files are in `folder`; where there are none, a page says so."""

    # Both in a thread, as they read files.
    def page(_: Request) -> Response:
        try:
            text = (folder / "index.html").read_text("utf-8")
        except FileNotFoundError:
            return HTMLResponse(MISSING, 404)
        nonce = secrets.token_urlsafe(16)
        policy = POLICY.format(scripts=_hashes(text), nonce=nonce)
        return HTMLResponse(text.replace("{{nonce}}", nonce), headers={"Content-Security-Policy": policy})

    def asset(request: Request) -> Response:
        return _asset(folder / "assets" / request.path_params["name"], request, cache=FOR_EVER)

    def widget(request: Request) -> Response:
        return _asset(folder / "widget.js", request, cache=A_WHILE, more=ANYWHERE)

    def part_of_widget(request: Request) -> Response:
        return _asset(folder / "widget" / request.path_params["name"], request, cache=FOR_EVER, more=ANYWHERE)

    def icon(request: Request) -> Response:
        return _asset(folder / "favicon.svg", request, cache="public, max-age=86400")

    return [
        *(Route(path, page) for path in PAGES),
        Route("/assets/{name}", asset),
        Route("/widget.js", widget),
        Route("/widget/{name}", part_of_widget),
        Route("/favicon.svg", icon),
    ]


@lru_cache(maxsize=4)
def _hashes(page: str) -> str:
    """What allows the page's own inline scripts and no others."""
    digests = (sha256(script.encode()).digest() for script in _INLINE.findall(page))
    return " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)


def _asset(path: Path, request: Request, *, cache: str, more: Mapping[str, str] = MappingProxyType({})) -> Response:
    media_type = TYPES.get(path.suffix)
    if media_type is None or path.name.startswith("."):
        raise NotFound
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding", **more}
    accepted = {part.split(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
    for encoding, ending in ENCODINGS:
        packed = path.with_name(path.name + ending)
        if encoding in accepted and packed.is_file():
            return Response(
                packed.read_bytes(), headers={**headers, "Content-Encoding": encoding}, media_type=media_type
            )
    try:
        return Response(path.read_bytes(), headers=headers, media_type=media_type)
    except (FileNotFoundError, ValueError):
        raise NotFound from None
