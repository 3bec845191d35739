"""What a document says of the outside beside its steps: where pipelines publish, and where teams hear of handoffs."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from pydantic import BaseModel, ValidationError

from conduet.engine.channel.target import Target
from conduet.engine.document import is_zone
from conduet.engine.facts import Facts
from conduet.engine.graph import Document
from conduet.engine.mistakes import below, mistakes_of
from conduet.engine.problem import Problem
from conduet.engine.shape import Pipeline
from conduet.engine.shape import Target as Outlet
from conduet.engine.template import compile_template
from conduet.engine.values import Json
from conduet.kit.clock import now
from conduet.kit.cron import next_time

LITERAL: Final = "A secret stands in the project's `secrets`: write `{{secrets.NAME}}` here."


def check_pipelines(document: Document) -> Iterator[Problem]:
    """What is wrong with schedules and targets."""
    for index, pipeline in enumerate(document.shape.pipelines):
        path = f"pipelines[{index}]"
        yield from _schedule(pipeline, path)
        if not pipeline.targets:
            told = "There is nowhere to publish what it writes."
            yield Problem("warning", "NO_TARGET", told, f"{path}.targets", fix="Add a target.")
        for number, outlet in enumerate(pipeline.targets):
            yield from _target(outlet, document.facts, f"{path}.targets[{number}]")


def check_handoffs(document: Document) -> Iterator[Problem]:
    """What is wrong with time zones, and with the rooms of teams."""
    handoff = document.shape.behaviour_config.handoff
    for index, target in enumerate(handoff.targets if handoff else ()):
        path = f"behaviourConfig.handoff.targets[{index}]"
        if target.time_zone is not None and not is_zone(target.time_zone):
            told = f"There is no time zone {target.time_zone!r}."
            fix = "Use a name such as `Europe/Vienna`."
            yield Problem("error", "UNKNOWN_TIME_ZONE", told, f"{path}.timeZone", fix=fix)
        for number, outlet in enumerate(target.connectors):
            where = f"{path}.connectors[{number}]"
            kind = document.facts.rooms.get(outlet.connector)
            if kind is None:
                yield _unknown(outlet, document.facts.rooms, where)
            else:
                yield from _invalid(kind, outlet.config, f"{where}.config")


def literal_secrets(kind: type[Target], config: Mapping[str, Json]) -> Iterator[str]:
    """The names of secret fields that hold something else than a template."""
    for name in sorted(kind.secrets() & config.keys()):
        if not (value := config[name]) or "{{" not in str(value):
            yield name


def _schedule(pipeline: Pipeline, path: str) -> Iterator[Problem]:
    if pipeline.schedule is not None:
        try:
            next_time(pipeline.schedule.cron, pipeline.schedule.time_zone, after=now())
        except ValueError as error:
            fix = "Correct it, or remove the schedule."
            yield Problem("error", "WRONG_SCHEDULE", str(error), f"{path}.schedule", fix=fix)


def _target(outlet: Outlet, facts: Facts, path: str) -> Iterator[Problem]:
    kind = facts.targets.get(outlet.connector)
    if kind is None:
        yield _unknown(outlet, facts.targets, path)
        return
    path = f"{path}.config"
    for name in literal_secrets(kind, outlet.config):
        yield Problem("error", "LITERAL_SECRET", LITERAL, f"{path}.{name}", fix="Add a secret, and name it here.")
    for where, source in _texts(outlet.config, path):
        template = compile_template(source)
        for told in template.problems:
            yield Problem("error", "INVALID_TEMPLATE", told, where, fix="Correct it.")
        for read in sorted(template.paths):
            name, _, inside = read.partition(".")
            if name != "secrets":
                told = f"`{read}` is not known here: only `secrets` are."
                yield Problem("error", "UNKNOWN_VARIABLE", told, where, fix="Write it out, or keep it as a secret.")
            elif inside not in facts.secrets:
                told = f"There is no secret {inside!r}."
                yield Problem("error", "UNKNOWN_SECRET", told, where, fix="Add it to the project's secrets.")
    yield from _invalid(kind, outlet.config, path)


def _unknown(outlet: Outlet, known: Mapping[str, object], path: str) -> Problem:
    told = f"There is no connector {outlet.connector!r} here; there are {', '.join(known)}."
    return Problem("error", "UNKNOWN_CONNECTOR", told, f"{path}.connector", fix="Choose one that exists.")


def _invalid(kind: type[BaseModel], config: Mapping[str, Json], path: str) -> Iterator[Problem]:
    """What its own model says, but of what is only known when templates are filled in."""
    raw = cast("dict[str, Json]", config)
    try:
        kind.model_validate(raw)
    except ValidationError as error:
        templates = {where for where, _ in _texts(raw, path)}
        for mistake in mistakes_of(error, raw, path):
            if mistake.path not in templates:
                fix = "Fill it in as the connector needs it."
                yield Problem("error", "INVALID_CONFIG", mistake.message, mistake.path, fix=fix)


def _texts(value: Json, path: str) -> Iterator[tuple[str, str]]:
    """The templates in a configuration, each with its path."""
    if isinstance(value, str):
        if "{{" in value:
            yield path, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, below(path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, below(path, index))
