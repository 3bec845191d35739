"""What a connector is: a service with its credentials, and the things that a tool can do there, each a model."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from conduet.engine.use import ToolUse
from conduet.engine.values import Json


class Filled(BaseModel):
    """What templates were filled in to: camelCase, no unknown names; texts and numbers become each other as needed."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,
        defer_build=True,
    )


class Credentials(Filled):
    """What a service asks for; a field that is secret has `control("secret")`."""


CredentialsType: TypeAlias = type[Credentials]

C = TypeVar("C", bound=Credentials)


class ConnectorAction(Filled, ABC, Generic[C]):
    """One thing that can be done at a service: the fields are its inputs, the docstring says what it does."""

    name: ClassVar[str]
    example: ClassVar[dict[str, Json]] = {}

    @abstractmethod
    async def run(self, credentials: C, use: ToolUse) -> Json:
        """Does it, through `use`; raises `ToolFailure` when the service does not."""


ActionType: TypeAlias = type[ConnectorAction[Any]]


class Connector:
    """A service; a subclass is one file in `connectors/` with its `type`, which a tool names as `provider`."""

    type: ClassVar[str]
    display_name: ClassVar[str] = ""
    """What people call it, where that is not its `type` in plain words."""
    credentials: ClassVar[CredentialsType] = Credentials
    actions: ClassVar[tuple[ActionType, ...]] = ()

    @classmethod
    def find_action(cls, name: str) -> ActionType | None:
        """The action that a tool names."""
        return next((action for action in cls.actions if action.name == name), None)


ConnectorType: TypeAlias = type[Connector]
