"""Step types as the API tells of them: what a form, a canvas and a palette need, with no word written twice."""

from collections.abc import Mapping

from pydantic.json_schema import GenerateJsonSchema

from conduet.engine.step import Step, WaitingStep
from conduet.engine.values import Json


class _ConfigSchema(GenerateJsonSchema):
    """JSON Schema without the titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def describe_steps(steps: Mapping[str, type[Step]]) -> list[Json]:
    """Each step type: `type`, `family`, `description`, `configSchema`, `ports`, `waits` and an `example` configuration.

    `ports` is `{fixed, from?, open?, bodies?}`: the ports a step of the type always has, the list fields whose items'
    `id`s are ports too (`cards.buttons` is one in another), whether there may be any other, and those whose flow comes
    back to the step. `waits` tells that it can wait for the user. In `configSchema` a field's `control` names the
    control of its form, and `needed` one that may not stay empty.
    """
    return [_described(kind) for kind in steps.values()]


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
        "family": kind.family,
        "description": (kind.__doc__ or "").strip(),
        "configSchema": kind.model_json_schema(schema_generator=_ConfigSchema),
        "ports": ports,
        "waits": issubclass(kind, WaitingStep),
        "example": dict(kind.example),
    }
