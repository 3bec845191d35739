"""What a deployment is configured with: checked by its channel's own model, its secrets encrypted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from pydantic import ValidationError

from conduet.accounts.principal import ProjectScope
from conduet.deployments import store
from conduet.deployments.store import Deployment
from conduet.engine.channel.channel import Channel
from conduet.engine.mistakes import mistakes_of
from conduet.errors import BadRequest, Unavailable
from conduet.kit.crypto import KeyRing, UndecryptableError
from conduet.kit.db import Tx
from conduet.kit.json import DOCUMENT_LEVELS, Json, dumps, parse
from conduet.projects.patch import merge_patch

FIELD: Final = "deployment.secrets"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration as it is stored: what may be shown, and the encrypted secrets, where there are any."""

    shown: Mapping[str, Json]
    secrets: bytes | None


class Configurations:
    """Seals, opens and checks configurations; `channels` are all channel types by their names."""

    def __init__(self, channels: Mapping[str, type[Channel]], *, ring: KeyRing) -> None:
        self.channels = channels
        self._ring = ring

    def kind(self, channel: str) -> type[Channel]:
        """The channel type of that name. Raises `BadRequest`."""
        found = self.channels.get(channel)
        if found is None:
            raise BadRequest.at("channel", f"There is no channel {channel!r}; there are {', '.join(self.channels)}.")
        return found

    def seal(self, scope: ProjectScope, deployment_id: str, channel: str, raw: Mapping[str, Json]) -> Configuration:
        """A configuration to store. Raises `BadRequest` by path."""
        kind = self.kind(channel)
        _check(kind, raw)
        hidden = {name: raw[name] for name in raw if name in kind.secrets()}
        shown = {name: raw[name] for name in raw if name not in hidden}
        sealed = self._ring.encrypt(dumps(hidden).decode(), row=_row(scope, deployment_id), field=FIELD)
        return Configuration(shown, sealed if hidden else None)

    def patched(self, deployment: Deployment, patch: Mapping[str, Json]) -> Configuration:
        """The configuration after a merge patch: secrets that it does not name stay. Raises `BadRequest` by path."""
        merged = merge_patch({**deployment.config, **self.secrets(deployment)}, dict(patch))
        return self.seal(deployment.scope, deployment.id, deployment.channel, cast("dict[str, Json]", merged))

    def open(self, deployment: Deployment) -> Channel:
        """The channel, configured.

        Raises `Unavailable` when this server cannot: its type came from a package that is gone, or its key is.
        """
        kind = self.channels.get(deployment.channel)
        if kind is None:
            raise Unavailable(f"This server has no channel {deployment.channel!r}.")
        try:
            return kind.model_validate({**deployment.config, **self.secrets(deployment)})
        except ValidationError:
            raise Unavailable("This server cannot read the deployment's configuration any more.") from None

    def secrets(self, deployment: Deployment) -> Mapping[str, Json]:
        """The secrets by the names of their fields. Raises `Unavailable`."""
        if deployment.secrets is None:
            return {}
        plain = self.decrypt(deployment.secrets, row=_row(deployment.scope, deployment.id), field=FIELD)
        return cast("dict[str, Json]", parse(plain.encode(), levels=DOCUMENT_LEVELS))

    def decrypt(self, stored: bytes, *, row: str, field: str) -> str:
        """What was encrypted for a field. Raises `Unavailable`."""
        try:
            return self._ring.decrypt(stored, row=row, field=field)
        except UndecryptableError as error:
            raise Unavailable(f"{error}.") from None


def reseal_deployments(tx: Tx, ring: KeyRing) -> int:
    """Encrypts the secrets of every deployment with the ring's first key; how many there were to do."""
    count = 0
    for scope, deployment_id, stored in store.list_secrets(tx):
        if not ring.is_current(stored):
            row = _row(scope, deployment_id)
            sealed = ring.encrypt(ring.decrypt(stored, row=row, field=FIELD), row=row, field=FIELD)
            store.set_secrets(tx, scope, deployment_id, secrets=sealed)
            count += 1
    return count


def _check(kind: type[Channel], raw: Mapping[str, Json]) -> None:
    try:
        kind.model_validate(dict(raw))
    except ValidationError as error:
        found = mistakes_of(error, dict(raw), "config")
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise BadRequest(f"{found[0].path}: {found[0].message}{more}", details=found) from None


def _row(scope: ProjectScope, deployment_id: str) -> str:
    return f"{scope.project_id}/{deployment_id}"
