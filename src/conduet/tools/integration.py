"""Something done at a service that a connector knows."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import BaseModel, Field, JsonValue, PrivateAttr, ValidationError

from conduet.engine.connector import ActionType, ConnectorType
from conduet.engine.facts import Facts
from conduet.engine.fields import Value, control
from conduet.engine.mistakes import message_of
from conduet.engine.template import Template
from conduet.engine.tool import Flaw, Tool, ToolFailure, ToolUse
from conduet.engine.values import Json
from conduet.kit.schema import path_of

EMPTY: Final = ("", None)


class IntegrationTool(Tool):
    """Do something at a service: post a message, add a row, open a ticket, book a time."""

    type: ClassVar[str] = "integration"
    reads_secrets: ClassVar[bool] = True
    example: ClassVar[dict[str, JsonValue]] = {
        "provider": "slack",
        "action": "post-message",
        "credentials": {"token": "{{secrets.SLACK_TOKEN}}"},
        "inputs": {"channel": "C0123456789", "text": "{{args.text}}"},
    }

    provider: Annotated[str, Field(description="The connector.", json_schema_extra=control("select", needed=True))] = ""
    action: Annotated[str, Field(description="What is done.", json_schema_extra=control("select", needed=True))] = ""
    credentials: Annotated[
        dict[str, Value],
        Field(
            default_factory=dict,
            description="What the service asks for, by name; secrets as `{{secrets.NAME}}`.",
            json_schema_extra=control("json"),
        ),
    ]
    inputs: Annotated[
        dict[str, Value],
        Field(
            default_factory=dict,
            description="What the action takes, by name.",
            json_schema_extra=control("json"),
        ),
    ]
    _connector: ConnectorType | None = PrivateAttr(None)

    def ready(self, facts: Facts) -> Self:
        ready = self.model_copy()
        ready._connector = facts.connectors.get(self.provider)
        return ready

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        connector = facts.connectors.get(self.provider)
        if connector is None:
            if self.provider:
                yield _unknown("connector", self.provider, "provider", facts.connectors)
            return
        yield from _unfilled(connector.credentials, self.credentials, "credentials")
        yield from _exposed(connector.credentials, self.credentials)
        action = connector.find_action(self.action)
        if action is not None:
            yield from _unfilled(action, self.inputs, "inputs")
        elif self.action:
            yield _unknown("action", self.action, "action", [known.name for known in connector.actions])

    async def run(self, use: ToolUse) -> Json:
        connector = self._connector
        action = connector.find_action(self.action) if connector else None
        if connector is None or action is None:
            raise ToolFailure("NOT_AVAILABLE", f"There is no {self.action!r} of {self.provider!r} here.")
        # Credentials, and what a service hands out for them, are kept nowhere.
        return await use.once(lambda unkept: self._act(connector, action, unkept))

    async def _act(self, connector: ConnectorType, action: ActionType, use: ToolUse) -> Json:
        credentials = _filled(connector.credentials, self.credentials, use, "credentials")
        return await _filled(action, self.inputs, use, "inputs").run(credentials, use)


def _filled(model: type[Any], given: Mapping[str, Value], use: ToolUse, where: str) -> Any:
    """The model with its templates filled in; raises `ToolFailure` that tells no value."""
    values = {name: use.value(value) for name, value in given.items()}
    optional = {str(field.alias) for field in model.model_fields.values() if not field.is_required()}
    try:
        return model.model_validate(
            {name: value for name, value in values.items() if name not in optional or value not in EMPTY}
        )
    except ValidationError as error:
        told = "; ".join(f"{where}.{path}: {message}" for path, message in _mistakes(error))
        raise ToolFailure("WRONG_INPUT", f"Nothing was done: {told}.") from None


def _mistakes(error: ValidationError) -> Iterator[tuple[str, str]]:
    for detail in error.errors(include_url=False, include_input=False, include_context=False):
        told = message_of(detail["type"], detail["msg"].removeprefix("Value error, "))
        yield path_of(detail["loc"]), told.removesuffix(".")


def _unfilled(model: type[BaseModel], given: Mapping[str, Value], where: str) -> Iterator[Flaw]:
    """What is missing, not known, or wrong whatever the conversation holds."""
    fields = {str(field.alias): field for field in model.model_fields.values()}
    for name in given:
        if name not in fields:
            yield _unknown("field", name, f"{where}.{name}", fields)
    for name, field in fields.items():
        if field.is_required() and not _is_filled(given.get(name)):
            yield Flaw("REQUIRED", f"This is missing: {field.description}", f"{where}.{name}", "Fill it in.")
    fixed = {
        name: value.source for name, value in given.items() if name in fields and _is_filled(value) and _is_fixed(value)
    }
    try:
        model.model_validate(fixed)
    except ValidationError as error:
        for path, message in _mistakes(error):
            if path.partition(".")[0].partition("[")[0] in fixed:
                yield Flaw("WRONG_INPUT", f"{message}.", f"{where}.{path}", "Correct it.")


def _exposed(model: type[BaseModel], given: Mapping[str, Value]) -> Iterator[Flaw]:
    """Secrets that stand in the document, where everybody who reads it reads them."""
    for field in model.model_fields.values():
        value = given.get(str(field.alias))
        if value and field.json_schema_extra == control("secret") and not _reads_secret(value):
            told = "This is a secret, and everybody who may read the project can read it here."
            fix = "Keep it among the project's secrets, and write `{{secrets.NAME}}`."
            yield Flaw("EXPOSED_SECRET", told, f"credentials.{field.alias}", fix)


def _unknown(noun: str, name: str, path: str, known: Iterable[str]) -> Flaw:
    close = get_close_matches(name, known, n=1)
    fix = f"Did you mean `{close[0]}`?" if close else f"There are {', '.join(sorted(known)) or 'none'}."
    return Flaw(f"UNKNOWN_{noun.upper()}", f"There is no {noun} {name!r}.", path, fix)


def _is_filled(value: Value | None) -> bool:
    return value is not None and value.source not in EMPTY


def _is_fixed(value: Value) -> bool:
    """Whether no template in it computes anything."""
    return all(isinstance(part, Template) and part.constant is not None for part in value.parts())


def _reads_secret(value: Value) -> bool:
    return any(path.startswith("secrets.") for part in value.parts() for path in part.paths)
