"""Plugins as the API tells of them: what a form, a canvas and a palette need, with no word written twice."""

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from conduet.engine.channel.channel import Channel, ListeningChannel
from conduet.engine.channel.target import Target
from conduet.engine.connector import ActionType, Connector, ConnectorType
from conduet.engine.step import Step, WaitingStep
from conduet.engine.tool import Tool
from conduet.engine.values import Json


class _FormSchema(GenerateJsonSchema):
    """JSON Schema without the titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def describe_steps(steps: Mapping[str, type[Step]]) -> list[Json]:
    """Each step type: `type`, `title`, `family`, `description`, `configSchema`, `ports`, `waits` and an `example`.

    `ports` is `{fixed, from?, open?, bodies?}`: the ports a step of the type always has, the list fields whose items'
    `id`s are ports too (`cards.buttons` is one in another), whether there may be any other, and those whose flow comes
    back to the step. `waits` tells that it can wait for the user. In `configSchema` a field's `control` names the
    control of its form, `needed` one that may not stay empty, and `keys` and `rest` the controls of what an object has.
    """
    return [_described(kind) for kind in steps.values()]


def describe_tools(tools: Mapping[str, type[Tool]]) -> list[Json]:
    """Each tool type: `type`, `title`, `description`, `configSchema` as that of a step, and an `example` of it."""
    return [
        {
            "type": kind.type,
            "title": _title(kind),
            "description": _sentence(kind),
            "configSchema": _form(kind),
            "example": dict(kind.example),
        }
        for kind in tools.values()
    ]


def describe_connectors(connectors: Mapping[str, ConnectorType]) -> list[Json]:
    """Each connector: `type` (a tool's `provider`), `title`, `description`, `credentialsSchema`, and its `actions`.

    An action is `{name, description, inputsSchema, example}`.
    """
    return [
        {
            "type": connector.type,
            "title": _title(connector),
            "description": _sentence(connector),
            "credentialsSchema": _form(connector.credentials),
            "actions": [_action(action) for action in connector.actions],
        }
        for connector in connectors.values()
    ]


def describe_channels(channels: Mapping[str, type[Channel]]) -> list[Json]:
    """Each channel: `type`, `title`, `description`, `configSchema` of a deployment, and an `example` of it.

    `secrets` are the fields that are never shown again, and `webhook` tells that its vendor calls a webhook of ours.
    `steps` are what there is to do at the vendor's.
    """
    return [
        {
            "type": kind.type,
            "title": _title(kind),
            "description": _sentence(kind),
            "configSchema": _form(kind),
            "secrets": [*sorted(kind.secrets())],
            "webhook": issubclass(kind, ListeningChannel),
            "steps": [*kind.steps],
            "example": dict(kind.example),
        }
        for kind in channels.values()
    ]


def describe_targets(targets: Mapping[str, type[Target]]) -> list[Json]:
    """Each publishing target: `type` (a pipeline's `connector`), `title`, `description`, `configSchema`, `example`.

    `secrets` are the fields that take a `{{secrets.NAME}}` only; `longest` and `mostImages` are what a post may have,
    `pictureFiles` what a picture may be where it is uploaded, and `rate` how many there may be in how many seconds.
    """
    return [
        {
            "type": kind.type,
            "title": _title(kind),
            "description": _sentence(kind),
            "configSchema": _form(kind),
            "secrets": [*sorted(kind.secrets())],
            "longest": kind.longest,
            "mostImages": kind.most_images,
            "pictureFiles": _pictures(kind),
            "rate": None if kind.rate is None else {"count": kind.rate.count, "seconds": kind.rate.seconds},
            "example": dict(kind.example),
        }
        for kind in targets.values()
    ]


def _pictures(kind: type[Target]) -> Json:
    files = kind.picture_files
    return None if files is None else {"types": dict(files.types), "bytes": files.size, "alt": files.alt}


def _action(action: ActionType) -> Json:
    return {
        "name": action.name,
        "description": _sentence(action),
        "inputsSchema": _form(action),
        "example": dict(action.example),
    }


@cache
def _form(model: type[BaseModel]) -> Json:
    return model.model_json_schema(schema_generator=_FormSchema)


def _title(kind: type[Step | Tool | Connector | Channel | Target]) -> str:
    return kind.display_name or kind.type.replace("-", " ").capitalize()


def _sentence(kind: type[object]) -> str:
    return (kind.__doc__ or "").strip()


def _described(kind: type[Step]) -> Json:
    ports: dict[str, Json] = {"fixed": [*kind.fixed_ports]}
    if kind.ports_from:
        ports["from"] = [*kind.ports_from]
    if kind.open_ports:
        ports["open"] = True
    if kind.bodies:
        ports["bodies"] = [*sorted(kind.bodies)]
    return {
        "type": kind.type,
        "title": _title(kind),
        "family": kind.family,
        "description": _sentence(kind),
        "configSchema": _form(kind),
        "ports": ports,
        "waits": issubclass(kind, WaitingStep),
        "example": dict(kind.example),
    }
