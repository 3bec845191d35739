"""The few pages that the server itself writes: plain HTML and one style, no script, nothing from elsewhere."""

import hashlib
from base64 import b64encode
from functools import cache
from importlib.resources import files

from minijinja import Environment
from starlette.responses import HTMLResponse


@cache
def _style() -> str:
    return (files(__name__) / "page.css").read_text("utf-8")


@cache
def _policy() -> str:
    """Nothing but the one style, which its hash names, and forms to this server."""
    style = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _templates() -> Environment:
    names = ("frame.html", "sign_in.html", "home.html")
    return Environment(templates={name: (files(__name__) / name).read_text("utf-8") for name in names})


def sign_in_page(*, token: str | None, problem: str | None = None, status: int = 200) -> HTMLResponse:
    """Asks to sign in with a link's `token`, or tells how to get a link."""
    return _page("sign_in.html", status=status, title="Sign in", token=token, problem=problem)


def home_page(*, csrf: str, has_demo: bool, curl: str | None = None) -> HTMLResponse:
    """What a signed-in person sees; `curl` holds a key that was just made."""
    return _page("home.html", title="Welcome", csrf=csrf, has_demo=has_demo, curl=curl)


def problem_page(problem: str, *, status: int) -> HTMLResponse:
    """Tells what went wrong and how to sign in."""
    return sign_in_page(token=None, problem=problem, status=status)


def _page(template: str, *, title: str, status: int = 200, **values: object) -> HTMLResponse:
    body = _templates().render_template(template, title=title, style=_style(), **values)
    return HTMLResponse(body, status, {"Content-Security-Policy": _policy(), "Cache-Control": "no-store"})
