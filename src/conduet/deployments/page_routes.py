"""`/chat/{slug}`: a deployment's chat page, for whoever has its address."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from conduet.deployments.page_words import FROM_RIGHT, WORDS
from conduet.deployments.pages import OpenPage, Pages
from conduet.kit.db import Database
from conduet.kit.exchange import exchange
from conduet.limits.wide import WideLimits

# The widget needs no more: its styles are made by its script, pictures are wherever an agent's messages say.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'nonce-{nonce}'; connect-src 'self'; "
    "img-src 'self' data: blob: http: https:; media-src 'self' blob: http: https:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
PAGE: Final = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{robots}<title>{title}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style nonce="{nonce}">{style}</style>
{head}</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
NOINDEX: Final = '<meta name="robots" content="noindex">\n'
SCRIPT: Final = '<script src="/widget.js" defer></script>\n'
# As dark as the widget is there.
GROUND: Final = ":root{{color-scheme:{scheme}}}body{{margin:0;background:light-dark(#fff,#1c1e22)}}"
# Read, not seen: the widget shows its own title.
NAMED: Final = "h1{position:absolute;inline-size:1px;block-size:1px;margin:-1px;overflow:hidden;clip-path:inset(50%)}"
SAID: Final = (
    "body{min-block-size:100dvh;display:grid;place-items:center;font:16px/24px system-ui,sans-serif;"
    "color:light-dark(#1a1c20,#eef0f3);text-align:center}main{padding:24px;max-inline-size:32rem}"
    "h1{margin:0 0 8px;font-size:20px;line-height:28px;font-weight:600}p{margin:0;text-wrap:pretty}"
)
SCHEMES: Final = {"auto": "light dark", "light": "light", "dark": "dark"}


def page_routes(database: Database, pages: Pages, limits: WideLimits) -> Sequence[Route]:
    """The route of all chat pages; asking for one is counted by address, so that nobody tries out names."""

    async def show(request: Request) -> Response:
        await limits.count_address(exchange(request.scope))
        spoken = _spoken(request.headers.get("accept-language", ""))
        page = await database.read(partial(pages.visit, slug=request.path_params["slug"]))
        if page is None:
            return _said("missing", spoken, status=404)
        lang = page.channel.language or spoken
        return _said("paused", lang) if page.key is None else _chat(page, page.key, lang)

    return [Route("/chat/{slug}", show)]


def _chat(page: OpenPage, key: str, lang: str) -> Response:
    channel = page.channel
    attributes = {
        **channel.attributes(),
        "lang": lang,
        "mode": "page",
        "version": page.version_id,
        "key": key,
    }
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    properties = "".join(f"{name}:{value};" for name, value in channel.properties().items())
    body = f"<h1>{escape(page.title)}</h1>\n<conduet-chat {written}></conduet-chat>"
    style = f"{NAMED}conduet-chat{{{properties}}}"
    scheme = SCHEMES.get(attributes.get("theme", "auto"), SCHEMES["auto"])
    return _page(page.title, body, lang, style=style, head=SCRIPT, scheme=scheme, indexed=channel.indexed)


def _said(what: str, lang: str, *, status: int = 200) -> Response:
    title, more = WORDS[lang if lang in WORDS else "en"][what]
    body = f"<h1>{escape(title)}</h1>\n<p>{escape(more)}</p>"
    return _page(title, body, lang, style=SAID, status=status)


def _page(
    title: str,
    body: str,
    lang: str,
    *,
    style: str,
    head: str = "",
    scheme: str = SCHEMES["auto"],
    indexed: bool = False,
    status: int = 200,
) -> Response:
    nonce = secrets.token_urlsafe(16)
    text = PAGE.format(
        lang=escape(lang),
        dir="rtl" if lang in FROM_RIGHT else "ltr",
        robots="" if indexed else NOINDEX,
        title=escape(title),
        nonce=nonce,
        style=GROUND.format(scheme=scheme) + style,
        head=head,
        body=body,
    )
    headers: Mapping[str, str] = {
        "Content-Security-Policy": POLICY.format(nonce=nonce),
        "Vary": "Accept-Language",
        **({} if indexed else {"X-Robots-Tag": "noindex"}),
    }
    return HTMLResponse(text, status, headers)


def _spoken(accepted: str) -> str:
    """The language of `Accept-Language` that is best for the visitor, of those that the widget speaks."""
    found = max(_wanted(accepted), default=(0.0, 0, "en"))
    return found[2]


def _wanted(accepted: str) -> Iterator[tuple[float, int, str]]:
    for place, part in enumerate(accepted[:500].split(",")):
        tag, _, weight = part.partition(";")
        lang = tag.strip().split("-")[0].lower()
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if lang in WORDS and quality > 0:
            yield quality, -place, lang
