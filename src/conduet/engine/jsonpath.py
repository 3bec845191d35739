"""JSONPath (RFC 9535) over an answer from outside: what it finds, in bounded time whatever path and answer are."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from conduet.engine.patterns import Pattern, PatternError, compile_pattern
from conduet.engine.values import MISSING, Json, Missing

if TYPE_CHECKING:
    from jsonpath import JSONPath, JSONPathEnvironment
    from jsonpath.filter import BaseExpression

SOURCE_LENGTH: Final = 1024
"""The longest path, in characters."""

NODES: Final = 50_000
"""How many values a path may go through."""

VALUES: Final = 100_000
"""How many values an answer may hold that a path looks through by more than names and indexes."""


class PathError(ValueError):
    """A path that cannot be read, or that finds no end; the text says why, for people."""


def compile_path(source: str) -> "JSONPath":
    """Reads a path such as `$.body.items[*].name`; raises `PathError`."""
    if len(source) > SOURCE_LENGTH:
        raise PathError(f"the path is longer than {SOURCE_LENGTH:,} characters")
    return _compiled(source)


def find(path: "JSONPath", value: Json) -> Json | Missing:
    """What the path finds: the one match, several as a list, `MISSING` for none; raises `PathError`."""
    from jsonpath import JSONPathError

    if not path.singular_query() and _is_large(value):
        raise PathError(f"the answer holds more than {VALUES:,} values, too many to look through")
    matches: Iterable[Any] = [_root(value)]
    for segment in path.segments:
        matches = segment.resolve(matches)
    try:
        found = [cast("Json", match.obj) for match in matches]
    except (JSONPathError, RecursionError):  # among them the library's own bound on depth
        raise PathError("the answer is nested too deeply for the path, or of another kind than it takes") from None
    if len(found) > 1:
        return found
    return found[0] if found else MISSING


@lru_cache(maxsize=1024)
def _compiled(source: str) -> "JSONPath":
    # Imported when it is needed: it takes 100 ms.
    from jsonpath import JSONPath, JSONPathError

    if not source.startswith("$"):
        raise PathError("a path begins with `$`, as in `$.body.name`")
    try:
        path = _environment().compile(source)
    except JSONPathError as error:
        raise PathError(f"it is no JSONPath: {str(error.args[0]).rstrip('.')}") from None
    except (ValueError, ArithmeticError, RecursionError):  # numbers and depths that the library did not think of
        raise PathError("it is no JSONPath") from None
    assert isinstance(path, JSONPath)  # noqa: S101  # RFC 9535 has no unions of paths
    if any(_wanders(expression) for expression in _filters(path)):
        raise PathError("a filter may look at `@` without `..`, and at `$` only by names and indexes")
    return path


@cache
def _environment() -> "JSONPathEnvironment":
    """The library with RE2 for its regular expressions: its own take exponential time."""
    from jsonpath import JSONPathEnvironment
    from jsonpath.function_extensions import Match, Search

    class Matches(Match):
        def __call__(self, value: object, pattern: object) -> bool:
            return _matched(value, pattern, lambda compiled, text: compiled.fullmatch(text))

    class Finds(Search):
        def __call__(self, value: object, pattern: object) -> bool:
            return _matched(value, pattern, lambda compiled, text: compiled.search(text))

    environment = JSONPathEnvironment(strict=True)
    environment.function_extensions |= {"match": Matches(), "search": Finds()}
    return environment


def _matched(value: object, pattern: object, look: Callable[[Pattern, str], object]) -> bool:
    """Whether a text matches; a pattern that RE2 refuses never does, as RFC 9535 has it."""
    if not isinstance(value, str) or not isinstance(pattern, str):
        return False
    try:
        return look(compile_pattern(pattern), value) is not None
    except PatternError:
        return False


def _root(value: Json) -> Any:
    """The value as the library walks over it, with the steps counted."""
    from jsonpath import JSONPathMatch

    left = [NODES]

    class Counted(JSONPathMatch):
        """A value on the way."""

        __slots__ = ()

        def new_child(self, obj: object, key: int | str) -> JSONPathMatch:
            left[0] -= 1
            if left[0] < 0:
                raise PathError(f"the path goes through more than {NODES:,} values")
            # Where a value lies is not asked for: the library would write it down for each.
            return Counted(filter_context={}, obj=obj, parent=None, path="", parts=(), root=self.root)

        def add_child(self, *children: JSONPathMatch) -> None:
            """Nobody asks for those either."""

    return Counted(filter_context={}, obj=value, parent=None, path="", parts=(), root=cast("Any", value))


def _is_large(value: Json) -> bool:
    """Whether it holds more values than may be looked through: what filters look at is not counted otherwise."""
    ahead, seen = [value], 0
    while ahead and seen <= VALUES:
        each = ahead.pop()
        if isinstance(each, dict):
            ahead += each.values()
        elif isinstance(each, list):
            ahead += each
        seen += 1
    return seen + len(ahead) > VALUES


def _filters(path: "JSONPath") -> Iterator["BaseExpression"]:
    from jsonpath.selectors import Filter

    for segment in path.segments:
        for selector in segment.selectors:
            if isinstance(selector, Filter):
                yield from _within(selector.expression)


def _within(expression: "BaseExpression") -> Iterator["BaseExpression"]:
    """An expression and all in it, the filters of its queries too."""
    yield expression
    for child in expression.children():
        yield from _within(child)


def _wanders(expression: "BaseExpression") -> bool:
    """Whether a query in a filter could go through the whole answer for each value that the filter looks at."""
    from jsonpath.filter import FilterQuery, RootFilterQuery
    from jsonpath.segments import JSONPathRecursiveDescentSegment

    if not isinstance(expression, FilterQuery):
        return False
    path = expression.path
    if isinstance(expression, RootFilterQuery):
        return not path.singular_query()
    return any(isinstance(segment, JSONPathRecursiveDescentSegment) for segment in path.segments)
