"""An HTTP call as it is configured in a step or a tool: what is sent, and what is kept of the answer."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Protocol
from urllib.parse import urlencode

from pydantic import Field

from conduet.engine.fields import JsonPath, Line, Value, control
from conduet.engine.flaw import Flaw
from conduet.engine.jsonpath import PathError
from conduet.engine.mistakes import below
from conduet.engine.outside import Request, Response
from conduet.engine.shape import Many, Shape
from conduet.engine.template import compile_template
from conduet.engine.trace import Debug, Trace
from conduet.engine.values import MISSING, Json, Missing, read_json, to_json, to_text
from conduet.kit.http.header import problem_of

MOST_RETRIES: Final = 5

_TYPES: Final[Mapping[str, str]] = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain; charset=utf-8",
}


class Filler(Protocol):
    """What fills templates in, with remarks."""

    def value(self, value: Value) -> Json: ...

    def text(self, value: Value, /) -> str: ...


class UnfitBody(ValueError):
    """A body that cannot be sent as its type has it; the text says why, for people."""


class Kept(Shape):
    """A part of the answer, and the variable that keeps it."""

    path: Annotated[
        JsonPath,
        Field(
            description="Where it is in `{status, headers, body}`: a JSONPath such as `$.body.order.id`.",
            json_schema_extra=control("text", needed=True),
        ),
    ] = JsonPath("")
    variable: Annotated[
        str, Field(description="The variable that keeps it.", json_schema_extra=control("variable", needed=True))
    ] = ""


class WebCall(Shape):
    """The fields that an `api` step and an `api` tool share."""

    method: Annotated[
        Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"],
        Field(description="The HTTP method.", json_schema_extra=control("select")),
    ] = "GET"
    url: Annotated[Line, Field(description="The address.", json_schema_extra=control("text", needed=True))] = Line("")
    headers: Annotated[
        dict[str, Value],
        Field(
            default_factory=dict, description="Headers by name; secrets belong here.", json_schema_extra=control("json")
        ),
    ]
    query: Annotated[
        dict[str, Value],
        Field(
            default_factory=dict,
            description="What is added to the address behind `?`, by name.",
            json_schema_extra=control("json"),
        ),
    ]
    body: Annotated[
        Value,
        Field(
            description="What is sent: any JSON, an object for a form, or text; texts in it are templates.",
            json_schema_extra=control("json"),
        ),
    ] = Value(None)
    body_type: Annotated[
        Literal["json", "form", "text"], Field(description="How it is sent.", json_schema_extra=control("select"))
    ] = "json"
    timeout_ms: Annotated[
        int,
        Field(
            ge=1,
            le=60_000,
            description="How long the call may take in all, in milliseconds.",
            json_schema_extra=control("number"),
        ),
    ] = 10_000
    retries: Annotated[
        int,
        Field(
            ge=0,
            le=MOST_RETRIES,
            description="How often a failed call is tried again, where nothing can happen twice by it.",
            json_schema_extra=control("number"),
        ),
    ] = 0
    map: Annotated[Many[Kept], Field(description="What is kept of the answer.", json_schema_extra=control("list"))] = ()

    def call_flaws(self) -> Iterator[Flaw]:
        """What keeps the call from being made, as far as it can be seen before its templates are filled in."""
        url = str(self.url.source).strip()
        if url and "{{" not in url and not url.lower().startswith(("http://", "https://")):
            yield Flaw("BAD_URL", f"{url[:100]!r} is no http or https address.", "url", "Begin it with https://.")
        for name in self.headers:
            if problem := problem_of(name):
                yield Flaw("BAD_HEADER", problem, below("headers", name[:100]), "Correct or remove it.")
        try:
            _form_of(self.body, self.body_type)
        except UnfitBody as error:
            yield Flaw("UNREADABLE", f"The body cannot be sent: {error}.", "body", "Correct it, or its type.")

    def request(self, filler: Filler) -> Request:
        """What is sent; raises `UnfitBody`."""
        headers = {name: filler.text(value) for name, value in self.headers.items()}
        body = self._body(filler)
        if body is not None and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = _TYPES[self.body_type]
        return Request(
            method=self.method,
            url=filler.text(self.url).strip(),
            headers=headers,
            query={name: filler.text(value) for name, value in self.query.items()},
            body=body,
            timeout_seconds=self.timeout_ms / 1000,
            retries=self.retries,
        )

    def keep(self, response: Response, assign: Callable[[str, Json], object], note: Callable[[Trace], None]) -> None:
        """Sets the variables that the answer has something for."""
        told = told_of(response)
        for part in self.map:
            found = look_up(part.path, told, note)
            if found is not MISSING:
                assign(part.variable, found)

    def _body(self, filler: Filler) -> bytes | None:
        if self.body.source in (None, ""):
            return None
        written = filler.value(_form_of(self.body, self.body_type))
        try:
            return _WRITERS[self.body_type](written).encode()
        except UnfitBody:
            raise
        except (ValueError, RecursionError):
            raise UnfitBody("a value in it is no JSON, or nested too deeply") from None


def shown(request: Request) -> dict[str, Json]:
    """A request as it is shown to people: `{method, url, headers, query, body}`."""
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "query": dict(request.query),
        "body": None if request.body is None else request.body.decode(),
    }


def told_of(response: Response) -> dict[str, Json]:
    """An answer as paths see it: `{status, headers, body}`."""
    return {"status": response.status, "headers": dict(response.headers), "body": response.value()}


def look_up(path: JsonPath, told: Json, note: Callable[[Trace], None]) -> Json | Missing:
    """What a path finds; `MISSING`, with a remark where the path is to blame."""
    try:
        return path.find(told)
    except PathError as error:
        note(Debug("error", f"The path `{path.source}` finds nothing: {error}."))
        return MISSING


def mocked_response(mock: Json) -> Response:
    """The answer that a mock stands for: `{status, headers, body}`, each with a default; any other JSON is a body."""
    parts: Mapping[str, Json] = {"body": mock}
    if isinstance(mock, dict) and mock.keys() <= {"status", "headers", "body"}:
        parts = mock
    status, headers, body = parts.get("status"), parts.get("headers"), parts.get("body", "")
    named = headers.items() if isinstance(headers, dict) else ()
    return Response(
        status if isinstance(status, int) else 200,
        {name.lower(): to_text(value) for name, value in named},
        body if isinstance(body, str) else to_json(body),
    )


def _form(written: Json) -> str:
    if not isinstance(written, dict):
        raise UnfitBody("a form is an object of names and values")
    pairs: list[tuple[str, str]] = []
    for name, value in written.items():
        pairs += [(name, to_text(item)) for item in (value if isinstance(value, list) else [value])]
    return urlencode(pairs)


_WRITERS: Final[Mapping[str, Callable[[Json], str]]] = {"json": to_json, "form": _form, "text": to_text}


def _form_of(body: Value, body_type: str) -> Value:
    """The body in the form in which it is filled in: a text that is sent as JSON is read as JSON first."""
    source = body.source
    if isinstance(source, str) and source and body_type == "json" and not _is_one_slot(source):
        return _read(source)
    is_object = isinstance(source, dict) or (isinstance(source, str) and (not source or _is_one_slot(source)))
    if body_type == "form" and source is not None and not is_object:
        raise UnfitBody("a form is an object of names and values")
    return body


def _is_one_slot(source: str) -> bool:
    """Whether a text is one `{{…}}`, which keeps the type of its value."""
    parts: tuple[Any, ...] = compile_template(source).parts
    return len(parts) == 1 and not isinstance(parts[0], str)


@lru_cache(maxsize=256)
def _read(source: str) -> Value:
    try:
        return Value(read_json(source))
    except ValueError as error:
        raise UnfitBody(f"it is not valid JSON ({error}); write it as JSON, its texts as templates") from None
