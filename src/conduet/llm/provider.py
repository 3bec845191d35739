"""What a provider is: where models run, its settings as fields, and one method that streams an answer."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from conduet.llm.event import Event
from conduet.llm.message import ModelRequest
from conduet.llm.transport import Opener

AT_ONCE: Final = 1024
"""How many calls of a provider run at once when nothing is said: more than one process can well serve."""


@dataclass(frozen=True, slots=True)
class Variable:
    """The environment variables that a setting is read from, the first that is set; in `Annotated`, beside `Field`.

    `{TYPE}` in a name stands for the provider's type in upper case.
    """

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isascii()
    except ValueError:
        is_one = False
    if not is_one:
        raise ValueError("it is not an http or https URL")
    return url


BaseUrl: TypeAlias = Annotated[str, AfterValidator(_checked)]
"""Where a provider's server is; what is asked of it is added to the path."""


class Provider(BaseModel, ABC):
    """Where models run; a subclass is one file in `providers/` with its `type`, the prefix of `provider:model`."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        protected_namespaces=(),
        defer_build=True,
    )

    type: ClassVar[str]

    converses: ClassVar[bool] = True
    """Whether it can be asked anything in words; else only what comes with a `brief` (`ModelRequest`)."""

    at_once: Annotated[
        int, Field(ge=1, description="How many calls run at once; more wait."), Variable("{TYPE}_MAX_CONCURRENCY")
    ] = AT_ONCE

    @abstractmethod
    def stream(self, model: str, request: ModelRequest) -> AsyncGenerator[Event]:
        """The answer as it is made: deltas, at most one `Usage` that counts it all, and `Finished` last.

        Raises a `ModelError`, and lets go of whatever it holds when it is closed early. It sets no deadlines and tries
        nothing again: who calls it does.
        """

    def default_model(self) -> str | None:
        """The model to take when only the provider is known; None when there is no telling."""
        return None

    def priced_as(self) -> str | None:
        """Whose prices hold for its models, as the table of prices names it; None when they are not known."""
        return self.type

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], opener: Opener) -> Self | None:
        """The provider as the environment configures it; None when none of its variables is set.

        Raises `ValueError` naming the variable that has no good value, or that is missing.
        """
        variables = {name: variable for name, variable, _ in cls._variables()}
        found = {name: value for name in variables if (value := _read(environment, variables[name])) is not None}
        if not found:
            return None
        try:
            return cls(**found, **cls._wired(opener))
        except ValidationError as error:
            wrong = error.errors(include_input=False, include_url=False)[0]
            names = variables.get(str(wrong["loc"][0]), ("?",))
            raise ValueError(f"{names[0]}: {wrong['msg'].removeprefix('Value error, ')}") from None

    @classmethod
    def settings(cls) -> "tuple[Setting, ...]":
        """What can be set, and where, for the pages that tell of it."""
        return tuple(Setting(names, field.description or "") for _, names, field in cls._variables())

    @classmethod
    def _wired(cls, opener: Opener) -> dict[str, Any]:
        """What a provider is given beside its settings."""
        return {}

    @classmethod
    def _variables(cls) -> "Iterator[tuple[str, tuple[str, ...], FieldInfo]]":
        kind = cls.type.upper().replace("-", "_")
        for name, field in cls.model_fields.items():
            for variable in field.metadata:
                if isinstance(variable, Variable):
                    yield name, tuple(text.replace("{TYPE}", kind) for text in variable.names), field


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a provider: the variables it is read from, and what it says."""

    names: tuple[str, ...]
    description: str


ProviderType: TypeAlias = type[Provider]


def configured(
    kinds: Mapping[str, ProviderType], environment: Mapping[str, str], opener: Opener
) -> dict[str, Provider]:
    """The providers of which something is set in `environment`, by their type; raises as `from_environment` does."""
    made = {name: kind.from_environment(environment, opener) for name, kind in kinds.items()}
    return {name: provider for name, provider in made.items() if provider is not None}


def _read(environment: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((value for name in names if (value := environment.get(name, "").strip())), None)
