"""JSON Schemas that anybody may have written: nothing is fetched for one, and holding a value against it ends soon."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NoReturn, cast
from urllib.parse import unquote

from conduet.kit.json import Json, dumps
from conduet.kit.schema import path_of

NODES: Final = 10_000
"""How much a schema may hold, each of its parts counted as often as references lead there."""

TARGETS: Final = 500
LEVELS: Final = 128
"""How often a schema may lead back to itself; no value is nested that deep."""

WORK: Final = 20_000_000
"""The bound of a schema's size times that of a value in units of 16 bytes: about a fifth of a second."""

TOLD: Final = 200
NAMES: Final = ("$dynamicRef", "$recursiveRef")


# The library is loaded by the first schema: it takes 5 MB.


class WrongSchema(ValueError):
    """What is no JSON Schema, or none that is taken; `path` is inside it, the text says why, for people."""

    def __init__(self, message: str, path: Sequence[int | str] = ()) -> None:
        super().__init__(message)
        self.path = path


class JsonSchema:
    """A schema ready to check with: drafts 6 to 2020-12, its patterns RE2-like.

    The library takes exponential time for a few references that each lead to two others (16 of them take 7 s), so that
    the schema is measured with its references followed.
    """

    __slots__ = ("_size", "_validator")

    def __init__(self, source: Mapping[str, Any]) -> None:
        """Raises `WrongSchema`."""
        if "draft-04" in str(source.get("$schema")):
            raise WrongSchema("Draft 4 of JSON Schema is too old: draft 6 and later are taken.", ("$schema",))
        self._validator = _compiled(source)
        self._size = _size(source)

    def mistake(self, value: Json) -> str | None:
        """The first thing that is wrong with a value, by path and in words; `None` when it fits."""
        import jsonschema_rs

        try:
            length = len(dumps(value))
        except TypeError:
            return "it is nested too deeply, or has a number of more than 64 bits in it"
        if (length // 16 + 1) * self._size > WORK:
            return "it is too large to be checked"
        try:
            self._validator.validate(value)
        except jsonschema_rs.ValidationError as error:
            told = error.message[:TOLD]
            return f"{path_of(error.instance_path)}: {told}" if error.instance_path else told
        return None


def _compiled(source: Mapping[str, Any]) -> Any:
    import jsonschema_rs

    try:
        return jsonschema_rs.validator_for(
            dict(source), retriever=_refuse, pattern_options=jsonschema_rs.RegexOptions()
        )
    except jsonschema_rs.ValidationError as error:
        told = error.message.partition(" and retrieving it failed")[0][:TOLD].rstrip(".")
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Referencing):
            raise WrongSchema(f"A schema stands by itself, and nothing is fetched for it: {told}.") from None
        raise WrongSchema(f"This is no JSON Schema: {told}.", error.instance_path) from None
    except ValueError as error:
        raise WrongSchema(f"This is no JSON Schema: {str(error)[:TOLD]}.") from None


def _refuse(_uri: str) -> NoReturn:
    raise ValueError("other documents are not fetched")


def _size(source: Mapping[str, Any]) -> int:
    """How much there is in a schema when every reference is followed, again and again where it leads back."""
    own: dict[str, int] = {}
    leads: dict[str, Counter[str]] = {}
    waiting = ["#"]
    while waiting:
        target = waiting.pop()
        if target in own:
            continue
        own[target], leads[target] = _measured(_at(source, target), is_root=target == "#")
        waiting += leads[target]
        if own[target] > NODES or len(own) > TARGETS:
            raise _too_large()
    size = dict(own)
    for _ in range(LEVELS):
        following = {at: own[at] + sum(times * size[to] for to, times in leads[at].items()) for at in own}
        if following["#"] > NODES:
            raise _too_large()
        if following == size:
            break
        size = following
    return size["#"]


def _too_large() -> WrongSchema:
    return WrongSchema(f"The schema is too large: with its references followed it has more than {NODES:,} parts.")


def _measured(part: Any, *, is_root: bool) -> tuple[int, Counter[str]]:
    """How many values lie in a part of a schema, and how often it refers to which place."""
    count = 0
    found: Counter[str] = Counter()
    for value in _values(part):
        count += 1
        if isinstance(value, dict):
            node = cast("dict[str, Any]", value)
            if not (is_root and value is part) and isinstance(node.get("$id"), str):
                raise WrongSchema("A schema within the schema has an `$id` of its own, which is not taken.")
            if any(isinstance(node.get(name), str) for name in NAMES):
                raise WrongSchema("Of references only `$ref` is taken.")
            reference = node.get("$ref")
            if isinstance(reference, str):
                if reference != "#" and not reference.startswith("#/"):
                    raise WrongSchema(f"The reference {reference[:TOLD]!r} is not one like `#/$defs/name`.")
                found[reference] += 1
    return count, found


def _values(part: Any) -> Iterator[Any]:
    """All values in a part, itself included, without going deeper than Python may."""
    waiting = [part]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting += cast("dict[str, Any]", value).values()
        elif isinstance(value, list):
            waiting += cast("list[Any]", value)


def _at(source: Any, pointer: str) -> Any:
    """What a JSON Pointer (RFC 6901) leads to; nothing where the library did not look either."""
    for step in unquote(pointer).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(source, dict):
            source = cast("dict[str, Any]", source).get(name)
        elif isinstance(source, list) and name.isascii() and name.isdecimal():
            items = cast("list[Any]", source)
            source = items[int(name[:9])] if int(name[:9]) < len(items) else None
        else:
            return None
    return source
