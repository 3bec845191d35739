"""What a step's configuration holds beside plain JSON: texts, values, expressions and patterns, compiled once."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from pydantic import GetCoreSchemaHandler, JsonValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from conduet.engine.expression import Expression, ExpressionError, compile_expression
from conduet.engine.jsonpath import PathError, compile_path, find
from conduet.engine.patterns import PatternError, compile_pattern
from conduet.engine.template import Template, compile_template
from conduet.engine.values import Json, Missing

S = TypeVar("S")


class Written(ABC, Generic[S]):
    """What a builder wrote in a field, beside what it was compiled to; equal when the sources are."""

    __slots__ = ("source",)

    def __init__(self, source: S) -> None:
        self.source = source

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.source == cast("Written[S]", other).source

    def __hash__(self) -> int:
        return hash((type(self), repr(self.source)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.source!r})"

    def __bool__(self) -> bool:
        """Whether anything was filled in."""
        return bool(self.source)

    def __deepcopy__(self, memo: object) -> "Written[S]":
        return self

    @property
    def essential(self) -> bool:
        """Whether nothing can come of it when it cannot be read; a template is then still shown as typed."""
        return False

    def parts(self) -> Iterator[Template | Expression]:
        """The templates and expressions in it, for checks."""
        yield from ()

    def problems(self) -> Iterator[str]:
        """What in it cannot be read."""
        yield from ()

    @classmethod
    @abstractmethod
    def json_type(cls) -> CoreSchema:
        """What the field is in JSON."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            cls, cls.json_type(), serialization=core_schema.plain_serializer_function_ser_schema(_source_of)
        )


class Scripted(Written[str | dict[str, str]]):
    """A template that the user reads: one text, or one for each language (`{"en": …, "de": …}`)."""

    __slots__ = ("_by_language", "_only", "templates")

    def __init__(self, source: str | dict[str, str]) -> None:
        super().__init__(source)
        texts = {"": source} if isinstance(source, str) else source
        self.templates: Mapping[str, Template] = {key: compile_template(text) for key, text in texts.items()}
        self._only = next(iter(self.templates.values())) if len(texts) == 1 else None
        self._by_language = {key.casefold(): template for key, template in self.templates.items()}

    def __bool__(self) -> bool:
        return any(text.strip() for text in ([self.source] if isinstance(self.source, str) else self.source.values()))

    def parts(self) -> Iterator[Template | Expression]:
        yield from self.templates.values()

    def problems(self) -> Iterator[str]:
        return (problem for template in self.templates.values() for problem in template.problems)

    def pick(self, languages: Sequence[str]) -> Template:
        """The template for the first of `languages` (folded tags, best first) that there is, else the first written."""
        if self._only is not None:
            return self._only
        found = (template for language in languages if (template := self._by_language.get(language)))
        return next(found, None) or next(iter(self.templates.values()))

    @classmethod
    def json_type(cls) -> CoreSchema:
        text = core_schema.str_schema(strict=True)
        return core_schema.union_schema([text, core_schema.dict_schema(text, text, min_length=1, strict=True)])


class Value(Written[JsonValue]):
    """Any JSON value whose texts are templates; a text that is one `{{…}}` keeps the value's type."""

    __slots__ = ("template",)

    def __init__(self, source: Json) -> None:
        super().__init__(source)
        self.template = compile_template(source) if isinstance(source, str) else None

    def __bool__(self) -> bool:
        return self.source is not None

    def parts(self) -> Iterator[Template | Expression]:
        return _templates(self.source)

    def problems(self) -> Iterator[str]:
        return (problem for template in _templates(self.source) for problem in template.problems)

    @classmethod
    def json_type(cls) -> CoreSchema:
        return core_schema.any_schema()


class Line(Value):
    """A template that becomes text which no user reads: an address, a header."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return bool(str(self.source).strip())

    @classmethod
    def json_type(cls) -> CoreSchema:
        return core_schema.str_schema(strict=True)


class JsonPath(Written[str]):
    """A JSONPath into an answer from outside."""

    __slots__ = ("problem",)

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.problem: str | None = None
        if source.strip():
            try:
                compile_path(source)
            except PathError as error:
                self.problem = str(error)

    def __bool__(self) -> bool:
        return bool(self.source.strip())

    def find(self, value: Json) -> Json | Missing:
        """What it finds: the one match, several as a list, `MISSING` for none; raises `PathError`."""
        return find(compile_path(self.source), value)

    @property
    def essential(self) -> bool:
        return True

    def problems(self) -> Iterator[str]:
        if self.problem is not None:
            yield self.problem

    @classmethod
    def json_type(cls) -> CoreSchema:
        return core_schema.str_schema(strict=True)


class Formula(Written[str]):
    """An expression over variables, as in a template's braces."""

    __slots__ = ("expression", "problem")

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.expression: Expression | None = None
        self.problem: str | None = None
        try:
            self.expression = compile_expression(source)
        except ExpressionError as error:
            self.problem = error.message

    def __bool__(self) -> bool:
        return bool(self.source.strip())

    def parts(self) -> Iterator[Template | Expression]:
        if self.expression is not None:
            yield self.expression

    @property
    def essential(self) -> bool:
        return True

    def problems(self) -> Iterator[str]:
        if self.problem is not None and self:
            yield self.problem

    @classmethod
    def json_type(cls) -> CoreSchema:
        return core_schema.str_schema(strict=True)


class Items(Written[str | list[JsonValue]]):
    """A list: an expression, a text that is one `{{…}}`, or the list itself, its texts templates."""

    __slots__ = ("part",)

    def __init__(self, source: str | list[JsonValue]) -> None:
        super().__init__(source)
        self.part = Formula(source) if isinstance(source, str) and "{{" not in source else Value(source)

    def __bool__(self) -> bool:
        return bool(self.source.strip() if isinstance(self.source, str) else self.source)

    def parts(self) -> Iterator[Template | Expression]:
        return self.part.parts()

    @property
    def essential(self) -> bool:
        return self.part.essential

    def problems(self) -> Iterator[str]:
        return self.part.problems()

    @classmethod
    def json_type(cls) -> CoreSchema:
        text, items = (
            core_schema.str_schema(strict=True),
            core_schema.list_schema(core_schema.any_schema(), strict=True),
        )
        return core_schema.union_schema([text, items])


class Pattern(Written[str]):
    """A regular expression of RE2; one it refuses is a mistake of shape."""

    __slots__ = ("compiled",)

    def __init__(self, source: str) -> None:
        super().__init__(source)
        try:
            self.compiled = compile_pattern(source)
        except PatternError as error:
            raise PydanticCustomError("pattern", "{reason}", {"reason": str(error)}) from None

    @classmethod
    def json_type(cls) -> CoreSchema:
        return core_schema.str_schema(strict=True)


def control(name: str, **hints: JsonValue) -> dict[str, JsonValue]:
    """The hints that a form reads beside the JSON Schema, for `Field(json_schema_extra=…)`.

    `name` is one of `text textarea number switch select code expression secret model variable variables workflow tool
    tools playbook playbooks channels list json`;
    `needed=True` tells that the field may not stay empty in a published project. Of an object `keys` says as what its
    names count, and `rest` its values, so that a variable is found in them when it is renamed.
    """
    return {"control": name, **hints}


def _source_of(written: Written[Any]) -> Any:
    return written.source


def _templates(value: Json) -> Iterator[Template]:
    if isinstance(value, str):
        yield compile_template(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _templates(item)
    elif isinstance(value, list):
        for item in value:
            yield from _templates(item)
