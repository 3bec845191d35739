"""Templates: text in which `{{ … }}` stands for the value of an expression."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from conduet.engine.expression import SOURCE_BYTES, Expression, ExpressionError, compile_expression
from conduet.engine.language.evaluation import TOO_LARGE, Evaluation
from conduet.engine.language.tokens import closing
from conduet.engine.values import RESULT_BYTES, Json, json_bytes, text_bytes, to_text

_SHORT: Final = 512
_LONG: Final = 8192
_NO_JSON: Final = "the value is no JSON, or nested too deeply"
_TOLD: Final = 20
"""How many broken parts are told: a text full of them has one cause."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a template became; `missing` are the paths that led nowhere, `broken` says what is shown as typed."""

    value: Json
    missing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedText(Rendered):
    """What a template became, as text."""

    value: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One `{{ … }}`: as typed, and what it computes."""

    typed: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template: `paths` are those it reads, `problems` says what cannot be parsed, which is shown as typed.

    `constant` is what it always becomes when nothing in it is computed.
    """

    source: str
    parts: tuple[str | Slot, ...] = field(repr=False)
    paths: frozenset[str]
    problems: tuple[str, ...]
    constant: tuple[Rendered, RenderedText] | None = field(repr=False)

    def render(self, names: Mapping[str, Json], *, zone: str = "UTC") -> Rendered:
        """The template filled in; one that is exactly one `{{ … }}` keeps the type of its value. Never raises.

        `zone` is the IANA name of the time zone in which the `date` filter shows a moment.
        """
        if self.constant is not None:
            return self.constant[0]
        rendering = _Rendering(Evaluation(names, zone))
        return rendering.result(rendering.value(self))

    def text(self, names: Mapping[str, Json], *, zone: str = "UTC") -> RenderedText:
        """The template filled in as text, also where it is exactly one `{{ … }}`. Never raises."""
        if self.constant is not None:
            return self.constant[1]
        rendering = _Rendering(Evaluation(names, zone))
        value = rendering.text(self)
        missing, broken = rendering.told()
        return RenderedText(value, missing, broken)


def render_json(value: Json, names: Mapping[str, Json], *, zone: str = "UTC") -> Rendered:
    """A JSON value in which every text but the keys is a template, filled in within the bounds of one. Never raises."""
    rendering = _Rendering(Evaluation(names, zone))
    try:
        filled = rendering.json(value)
    except RecursionError:
        filled = value
        rendering.broken.append("the value is nested too deeply")
    return rendering.result(filled)


@dataclass(slots=True)
class _Rendering:
    """One rendering: its templates share the fuel of one evaluation and the room for one result."""

    evaluation: Evaluation
    broken: list[str] = field(default_factory=list[str])
    room: int = RESULT_BYTES

    def result(self, value: Json) -> Rendered:
        missing, broken = self.told()
        return Rendered(value, missing, broken)

    def told(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return tuple(dict.fromkeys(self.evaluation.missing)), tuple(self.broken[:_TOLD])

    def json(self, value: Json) -> Json:
        if isinstance(value, str):
            return self.within(value) if "{{" in value else value
        if isinstance(value, list):
            return [self.json(item) for item in value]
        if isinstance(value, dict):
            return {key: self.json(item) for key, item in value.items()}
        return value

    def within(self, source: str) -> Json:
        """A text of a JSON value filled in, or as typed where the whole would become too large."""
        if self.room < 0:
            return source
        filled = self.value(compile_template(source))
        try:
            self.room -= text_bytes(filled) if isinstance(filled, str) else json_bytes(filled)
        except (ValueError, RecursionError):
            return self.as_typed(source, _NO_JSON)
        return self.as_typed(source, TOO_LARGE) if self.room < 0 else filled

    def value(self, template: Template) -> Json:
        match template.parts:
            case (Slot() as slot,):
                return self.slot(slot)
            case _:
                return self.text(template)

    def text(self, template: Template) -> str:
        self.broken.extend(template.problems)
        pieces: list[str] = []
        length = 0
        for part in template.parts:
            piece = part if isinstance(part, str) else self.shown(part)
            pieces.append(piece)
            length += len(piece)
            if length > RESULT_BYTES:
                return self.as_typed(template.source, TOO_LARGE)
        text = "".join(pieces)
        return self.as_typed(template.source, TOO_LARGE) if text_bytes(text) > RESULT_BYTES else text

    def shown(self, slot: Slot) -> str:
        value = self.slot(slot)
        if isinstance(value, str):
            return value
        try:
            text = to_text(value)
            self.evaluation.make(len(text))
        except ExpressionError as error:
            return self.as_typed(slot.typed, error.message)
        except (ValueError, RecursionError):
            return self.as_typed(slot.typed, _NO_JSON)
        return text

    def slot(self, slot: Slot) -> Json:
        """The value; empty text where it is `null` because a variable is missing."""
        known = len(self.evaluation.missing)
        try:
            value = slot.expression.evaluate_in(self.evaluation)
        except ExpressionError as error:
            return self.as_typed(slot.typed, error.message)
        return "" if value is None and len(self.evaluation.missing) > known else value

    def as_typed(self, typed: str, why: str) -> str:
        self.broken.append(_problem(typed, why))
        return typed


def compile_template(source: str) -> Template:
    """Reads a template. Never raises: what cannot be parsed stays text and is told in `problems`."""
    if len(source) <= _SHORT:
        return _short(source)
    return _long(source) if len(source) <= _LONG else _compiled(source)


def _compiled(source: str) -> Template:
    parts, problems = _read(source)
    paths = frozenset[str]().union(*(part.expression.paths for part in parts if isinstance(part, Slot)))
    constant = None if any(isinstance(part, Slot) for part in parts) else _constant(source, problems)
    return Template(source, parts, paths, problems, constant)


def _constant(source: str, broken: tuple[str, ...] = ()) -> tuple[Rendered, RenderedText]:
    return Rendered(source, broken=broken), RenderedText(source, broken=broken)


_short = lru_cache(maxsize=4096)(_compiled)
_long = lru_cache(maxsize=256)(_compiled)


def _read(source: str) -> tuple[tuple[str | Slot, ...], tuple[str, ...]]:
    """The parts of a template and what is wrong in it."""
    if "{{" not in source:
        return (source,), ()
    if len(source) > SOURCE_BYTES or text_bytes(source) > SOURCE_BYTES:
        return (source,), (_problem(source, f"the template is longer than {SOURCE_BYTES // 1024} KB"),)
    parts: list[str | Slot] = []
    problems: list[str] = []
    text_from = end = 0
    while (start := source.find("{{", end)) >= 0:
        closed = closing(source, start + 2)
        if closed is None:
            following = source.find("{{", start + 2)
            end = len(source) if following < 0 else following
            closed = source.find("}}", start + 2, end)
        if closed < 0:
            problems.append(_problem(source[start:end], "`{{` is never closed by `}}`"))
            continue
        end = closed + 2
        try:
            slot = Slot(source[start:end], compile_expression(source[start + 2 : closed]))
        except ExpressionError as error:
            problems.append(_problem(source[start:end], error.message))
            continue
        parts += [source[text_from:start], slot] if start > text_from else [slot]
        text_from = end
    if text_from < len(source):
        parts.append(source[text_from:])
    return tuple(parts), tuple(problems[:_TOLD])


def _problem(typed: str, why: str) -> str:
    """Where it is and what it is, in one line."""
    return f"{typed[:60]}{'…' if len(typed) > 60 else ''}: {why}"
