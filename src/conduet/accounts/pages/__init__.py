"""The few pages that the server itself writes: plain HTML and one style, no script, nothing from elsewhere."""

import hashlib
from base64 import b64encode
from importlib.resources import files

from minijinja import Environment
from starlette.responses import HTMLResponse

_TEMPLATES = ("frame.html", "sign_in.html", "home.html")


class Pages:
    """Writes pages; reads their files once, when it is made."""

    def __init__(self) -> None:
        folder = files(__name__)
        self._style = (folder / "page.css").read_text("utf-8")
        self._environment = Environment(
            templates={name: (folder / name).read_text("utf-8") for name in _TEMPLATES},
        )
        style = b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        self._headers = {
            "Cache-Control": "no-store",
            # Nothing but the one style, which its hash names, and forms to this server.
            "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'",
        }

    def sign_in(self, token: str | None) -> HTMLResponse:
        """Asks to sign in with a link's `token`, or tells how to get a link."""
        return self._page("sign_in.html", title="Sign in", token=token)

    def problem(self, problem: str, *, status: int) -> HTMLResponse:
        """Tells what went wrong, and how to sign in."""
        return self._page("sign_in.html", title="Sign in", status=status, problem=problem)

    def home(self, *, csrf: str, has_demo: bool, curl: str | None = None) -> HTMLResponse:
        """What a signed-in person sees; `curl` holds a key that was just made."""
        return self._page("home.html", title="Welcome", csrf=csrf, has_demo=has_demo, curl=curl)

    def _page(self, template: str, *, title: str, status: int = 200, **values: object) -> HTMLResponse:
        body = self._environment.render_template(template, title=title, style=self._style, **values)
        return HTMLResponse(body, status, self._headers)
