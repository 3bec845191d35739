"""JSON: each object of a list as one row, all else by its path; JSON lines too."""

import json
from collections.abc import Iterator
from typing import Final, TypeAlias

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.section import LoadFailed, Section
from conduet.kit.loading.source import Source

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
LEVELS: Final = 64
# An object that comes to more than this many characters is told in parts, by what is in it.
ROW_CHARACTERS: Final = 1000


class Json(Loader):
    """JSON, or one JSON value a line."""

    type = "json"
    extensions = (".json", ".jsonl", ".ndjson")
    mimes = ("application/json", "application/x-ndjson", "application/jsonl")

    def sections(self, source: Source) -> Iterator[Section]:
        if source.extension in {".jsonl", ".ndjson"}:
            for number, line in enumerate(source.lines(), 1):
                if line.strip():
                    yield from _told(_parsed(line, first=number), ())
        else:
            yield from _told(_parsed(source.text(), first=1), ())


def _parsed(text: str, *, first: int) -> Value:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise LoadFailed(f"The file is no JSON: line {first + error.lineno - 1:,} cannot be read.") from None


def _told(value: Value, path: tuple[str, ...]) -> Iterator[Section]:
    if len(path) > LEVELS:
        raise LoadFailed(f"The JSON is nested more than {LEVELS} levels deep.")
    match value:
        case list():
            for item in value:
                yield from _told(item, path)
        case dict():
            yield from _object(value, path)
        case _:
            if text := _text(value):
                yield Section(text, path)


def _object(value: dict[str, Value], path: tuple[str, ...]) -> Iterator[Section]:
    """An object as one row where it is a plain one, else what it holds under its keys."""
    whole = len(_row(value)) <= ROW_CHARACTERS and not any(map(_is_deep, value.values()))
    if row := _row(value if whole else {key: inner for key, inner in value.items() if not _is_nested(inner)}):
        yield Section(row, path, kind="table")
    if not whole:
        for key, inner in value.items():
            if _is_nested(inner):
                yield from _told(inner, (*path, key))


def _is_nested(value: Value) -> bool:
    return isinstance(value, list | dict)


def _is_deep(value: Value) -> bool:
    """Whether a value is, or holds, an object: with the key before each of its fields, it says more."""
    return isinstance(value, dict) or (isinstance(value, list) and any(map(_is_nested, value)))


def _row(value: dict[str, Value]) -> str:
    return "; ".join(f"{key}: {text}" for key, inner in value.items() if (text := _text(inner)))


def _text(value: Value) -> str:
    """A value as people read it: lists with commas."""
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value.strip()
        case list():
            return ", ".join(filter(None, map(_text, value)))
        case dict():
            return _row(value)
        case _:
            return str(value)
