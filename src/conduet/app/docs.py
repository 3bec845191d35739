"""`/openapi.json` and `/docs`: what there is, from files that we serve ourselves."""

from collections.abc import Callable, Sequence
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from conduet.errors import NotFound

# Swagger UI as it was built by its makers.
FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css", "favicon-32x32.png": "image/png"}
OURS = {"docs.js": "text/javascript", "docs.css": "text/css"}
# Swagger UI styles its parts in place and draws its icons from data addresses.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
A_DAY = "public, max-age=86400"


def docs_routes(document: Callable[[], bytes]) -> Sequence[Route]:
    """The routes of the description; `document` gives the OpenAPI document as JSON."""
    page = (files("conduet.app") / "pages" / "docs.html").read_text("utf-8")
    assets: dict[str, Response] = {}

    # In a thread: the first time it takes a tenth of a second.
    def openapi(_: Request) -> Response:
        return Response(document(), media_type="application/json")

    async def docs(_: Request) -> Response:
        return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in assets:
            assets[name] = _read(name)
        return assets[name]

    return [Route("/openapi.json", openapi), Route("/docs", docs), Route("/docs/{name}", asset)]


def _read(name: str) -> Response:
    if name in FILES:
        source, media_type = files("fastapi_swagger.resources") / name, FILES[name]
    elif name in OURS:
        source, media_type = files("conduet.app") / "pages" / name, OURS[name]
    else:
        raise NotFound
    return Response(source.read_bytes(), media_type=media_type, headers={"Cache-Control": A_DAY})
