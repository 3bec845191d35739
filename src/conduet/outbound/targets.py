"""Where a run goes: each target configured with the project's secrets, and its limits checked."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from pydantic import ValidationError

from conduet.accounts.principal import ProjectScope
from conduet.engine.channel.target import Post, Target
from conduet.engine.mistakes import mistakes_of
from conduet.engine.outlets import LITERAL, literal_secrets
from conduet.engine.template import render_json
from conduet.errors import At, BadRequest
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.crypto import KeyRing, UndecryptableError
from conduet.kit.db import Tx
from conduet.kit.json import Json
from conduet.outbound.delivery_store import count_tried
from conduet.outbound.run_store import Run
from conduet.outbound.token_store import find_token
from conduet.projects.secrets import read_secrets
from conduet.projects.store import DEVELOPMENT

PATIENCE_MS: Final = 60_000
"""How long a post may wait for its target's rate without anybody being told."""

Secrets = Mapping[str, str]


class Targets:
    """Opens the targets of runs; `kinds` are all target types by their names."""

    def __init__(self, kinds: Mapping[str, type[Target]], *, ring: KeyRing) -> None:
        self._kinds = kinds
        self._ring = ring

    def uploads(self, run: Run) -> bool:
        """Whether one of the run's targets takes its pictures as files."""
        kinds = (self._kinds.get(str(each.get("connector"))) for each in run.targets)
        return any(kind is not None and kind.picture_files is not None for kind in kinds)

    def secrets(self, tx: Tx, scope: ProjectScope, *, version_id: str) -> Secrets:
        """The secrets that runs of that version publish with. Raises `BadRequest` for unreadable ones."""
        environment = "development" if version_id == DEVELOPMENT else "production"
        try:
            return read_secrets(tx, scope, ring=self._ring, environment=environment)
        except UndecryptableError as error:
            raise BadRequest(f"{error}.") from None

    def open(self, run: Run, number: int, secrets: Secrets) -> Target:
        """The target of that number. Raises `BadRequest` by path, below `targets`."""
        path = f"targets[{number}]"
        entry = run.targets[number]
        connector = str(entry.get("connector"))
        kind = self._kinds.get(connector)
        if kind is None:
            told = f"There is no target {connector!r}; there are {', '.join(self._kinds)}."
            raise BadRequest.at(f"{path}.connector", told)
        config = cast("dict[str, Json]", entry.get("config") or {})
        for name in literal_secrets(kind, config):
            raise BadRequest.at(f"{path}.config.{name}", LITERAL)
        filled = render_json(config, {"secrets": dict(secrets)})
        if filled.missing or filled.broken:
            wrong = ", ".join(f"`{each}`" for each in (*filled.missing, *filled.broken))
            raise BadRequest.at(f"{path}.config", f"It has no value: {wrong}.")
        try:
            return kind.model_validate(filled.value)
        except ValidationError as error:
            found = mistakes_of(error, filled.value, f"{path}.config")
            raise BadRequest(f"{found[0].path}: {found[0].message}", details=found) from None

    def problems(self, tx: Tx, run: Run, text: str, secrets: Secrets, *, at: int) -> list[At]:
        """Why the targets would not take the text at that time (ms since 1970), each by its path."""
        if not run.targets:
            return [At("targets", "The pipeline has none: there is nowhere to publish.")]
        found: list[At] = []
        for number in range(len(run.targets)):
            try:
                target = self.open(run, number, secrets)
            except BadRequest as error:
                found += error.details or [At(f"targets[{number}]", error.message)]
                continue
            told = (
                *target.problems(Post(text, run.pictures)),
                *_too_often(tx, run, target, at=at),
                *_revoked(tx, run, target),
            )
            found += [At(f"targets[{number}]", each) for each in told]
        return found


def free_at(tx: Tx, run: Run, target: Target, *, now: int) -> int:
    """When the target takes another post by its rate, in ms since 1970; `now` or before: at once."""
    if target.rate is None:
        return now
    length = target.rate.seconds * 1000
    count, first = count_tried(tx, run, target.account, since=now - length)
    return now if first is None or count < target.rate.count else first + length + 1


def _revoked(tx: Tx, run: Run, target: Target) -> Iterator[str]:
    """Why it lets nobody in any more, as it said when it was asked last."""
    found = target.token_line and find_token(tx, run.scope, target.token_line)
    if found and found.problem:
        yield found.problem


def _too_often(tx: Tx, run: Run, target: Target, *, at: int) -> Iterator[str]:
    free = free_at(tx, run, target, now=at)
    if free > at + PATIENCE_MS:
        yield f"{target.type} takes no more posts before {iso(from_milliseconds(free))}: set a later `publishAt`."
