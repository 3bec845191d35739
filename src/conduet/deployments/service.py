"""Deployments as developers see them: made, configured, switched off and removed, and their logs."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from conduet.accounts.audit_store import Deed, add_entry, audited
from conduet.accounts.principal import Principal, ProjectScope
from conduet.deployments import delivery_store, message_store, store
from conduet.deployments.configuration import Configurations
from conduet.deployments.delivery_store import Delivery
from conduet.deployments.fetching import end_fetching, plan_fetching
from conduet.deployments.message_store import Arrived
from conduet.deployments.outbox import add_sending
from conduet.deployments.pages import ChatPage, Pages
from conduet.deployments.schemas import Checked, DeploymentPatch, NewDeployment, TestMessage
from conduet.deployments.store import Deployment, Health
from conduet.engine.channel.channel import Channel, ListeningChannel
from conduet.engine.channel.outbound import Line, SendFailure, TraceJson
from conduet.engine.outside import Unreachable
from conduet.errors import BadRequest, NotFound, Unavailable
from conduet.kit.clock import iso, milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json
from conduet.projects.store import PRODUCTION, resolve_version

MOST: Final = 100
"""How many deployments a project may have."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A deployment, how it does, and what its channel is like."""

    deployment: Deployment
    health: Health
    secrets_set: Sequence[str]
    listens: bool
    page: ChatPage | None


class Deployments:
    """The deployments of all projects, each seen through its scope."""

    def __init__(self, database: Database, configurations: Configurations, pages: Pages, line: Line) -> None:
        self._database = database
        self._pages = pages
        self._line = line
        self._configurations = configurations

    async def list(self, scope: ProjectScope) -> Sequence[Seen]:
        """The project's deployments, in the order they were made."""

        def work(tx: Tx) -> Sequence[Seen]:
            found = store.list_deployments(tx, scope)
            return [self._seen(tx, each) for each in found]

        return await self._database.read(work)

    async def get(self, scope: ProjectScope, deployment_id: str) -> Seen:
        """One deployment. Raises `NotFound`."""

        def work(tx: Tx) -> Seen:
            return self._seen(tx, store.get_deployment(tx, scope, deployment_id))

        return await self._database.read(work)

    async def add(self, principal: Principal, new: NewDeployment) -> Seen:
        """A new deployment. Raises `BadRequest` by path."""
        scope = principal.scope
        deployment_id, at = new_id("dep"), milliseconds(now())
        config: dict[str, Json] = {**new.config}
        sealed = self._configurations.seal(scope, deployment_id, new.channel, config)
        made = Deployment(
            id=deployment_id,
            scope=scope,
            channel=new.channel,
            name=new.name or new.channel.capitalize(),
            config=sealed.shown,
            secrets=sealed.secrets,
            enabled=new.enabled,
            version_id=new.version_id,
            problem=None,
            created_at=at,
            updated_at=at,
        )

        def work(tx: Tx) -> Seen:
            _check_version(tx, scope, new.version_id)
            if len(store.list_deployments(tx, scope)) >= MOST:
                raise BadRequest(f"A project has at most {MOST} deployments.")
            store.add_deployment(tx, made)
            plan_fetching(tx, made, self._configurations.open(made), known=False)
            self._pages.settle(tx, principal, made)
            return self._seen(tx, made)

        deed = Deed("deployment.made", made.id, after=_facts(made))
        return await self._database.write(audited(principal, work, deed))

    async def change(self, principal: Principal, deployment_id: str, patch: DeploymentPatch) -> Seen:
        """The deployment after a change, which takes effect at once. Raises `NotFound`, and `BadRequest` by path."""
        scope = principal.scope

        def work(tx: Tx) -> Seen:
            found = store.get_deployment(tx, scope, deployment_id, lock=True)
            if patch.channel not in (None, found.channel):
                raise BadRequest.at("channel", f"A deployment stays on its channel, {found.channel}: make another one.")
            if patch.version_id is not None:
                _check_version(tx, scope, patch.version_id)
            changed = self._changed(found, patch)
            store.update_deployment(tx, changed)
            if patch.config is not None or changed.enabled != found.enabled:
                self._plan_fetching(tx, found, changed)
            if deed := _change(found, changed, patch):
                add_entry(tx, principal, deed)
            self._pages.settle(tx, principal, changed)
            return self._seen(tx, changed)

        return await self._database.write(work)

    async def remove(self, principal: Principal, deployment_id: str) -> None:
        """Removes a deployment; what is on its way is not sent any more. Raises `NotFound`."""

        def work(tx: Tx) -> None:
            removed = store.get_deployment(tx, principal.scope, deployment_id)
            self._pages.remove(tx, principal, removed)
            store.remove_deployment(tx, principal.scope, deployment_id)
            end_fetching(tx, principal.scope, deployment_id)
            add_entry(tx, principal, Deed("deployment.removed", removed.id, _facts(removed)))

        await self._database.write(work)

    async def deliveries(self, scope: ProjectScope, deployment_id: str) -> Sequence[Delivery]:
        """The last messages that went out. Raises `NotFound`."""

        def work(tx: Tx) -> Sequence[Delivery]:
            store.get_deployment(tx, scope, deployment_id)
            return delivery_store.list_deliveries(tx, scope, deployment_id)

        return await self._database.read(work)

    async def messages(self, scope: ProjectScope, deployment_id: str) -> Sequence[Arrived]:
        """The last messages that came in. Raises `NotFound`."""

        def work(tx: Tx) -> Sequence[Arrived]:
            store.get_deployment(tx, scope, deployment_id)
            return message_store.list_messages(tx, scope, deployment_id)

        return await self._database.read(work)

    async def resend(self, scope: ProjectScope, deployment_id: str, delivery_id: str) -> Delivery:
        """Sends a message again that failed, or of which nothing is known. Raises `NotFound` and `Conflict`."""

        def work(tx: Tx) -> Delivery:
            store.get_deployment(tx, scope, deployment_id)
            found = delivery_store.renew(tx, scope, deployment_id, delivery_id)
            add_sending(tx, scope, deployment_id, found.user_id)
            return found

        return await self._database.write(work)

    async def check(self, scope: ProjectScope, deployment_id: str) -> Checked:
        """What the channel's vendor says of the credentials; who is told is nobody. Raises `NotFound`."""
        found = await self._database.read(lambda tx: store.get_deployment(tx, scope, deployment_id))
        channel = await asyncio.to_thread(self._configurations.open, found)
        if not isinstance(channel, ListeningChannel):
            return Checked(status="unasked", account=None, problem=None)
        try:
            account = await channel.check(self._line)
        except SendFailure as failure:
            status = "unknown" if failure.again else "refused"
            return Checked(status=status, account=None, problem=channel.without_secrets(failure.message))
        except Unreachable as failure:
            return Checked(status="unknown", account=None, problem=channel.without_secrets(failure.message))
        if account is None:
            return Checked(status="unasked", account=None, problem=None)
        if found.problem is not None:
            await self._database.write(partial(self._mend, found))
        return Checked(status="accepted", account=account, problem=None)

    def kind(self, channel: str) -> type[Channel]:
        """The channel type of that name. Raises `BadRequest`."""
        return self._configurations.kind(channel)

    async def test(self, scope: ProjectScope, deployment_id: str, asked: TestMessage) -> Delivery:
        """A message on its way to somebody at the channel. Raises `NotFound`, and `BadRequest` when nobody is named."""
        found = await self._database.read(lambda tx: store.get_deployment(tx, scope, deployment_id))
        channel = await asyncio.to_thread(self._configurations.open, found)
        if not isinstance(channel, ListeningChannel):
            raise BadRequest(f"Nobody can be written to by the channel {found.channel}: they come by themselves.")
        if not found.enabled:
            raise BadRequest("The deployment is off: switch it on first.")
        traces: list[TraceJson] = [{"type": "text", "payload": {"message": asked.text}, "time": iso(now())}]
        messages = channel.write(traces)

        def work(tx: Tx) -> Delivery:
            contact = message_store.find_at(tx, scope, found, asked.to)
            if contact is None:
                raise BadRequest.at("to", "Nobody has written here yet: say whom to write to.")
            added = delivery_store.add_deliveries(tx, scope, contact, messages, now=milliseconds(now()))
            add_sending(tx, scope, found.id, contact.user_id)
            return added[0]

        return await self._database.write(work)

    def _mend(self, found: Deployment, tx: Tx) -> None:
        store.set_problem(tx, found.scope, found.id, None)
        self._plan_fetching(tx, found, found)

    def _plan_fetching(self, tx: Tx, before: Deployment, after: Deployment) -> None:
        """Fetches mail as the deployment is after a change; another password leads to the same mailbox."""
        then, channel = self._box(before), self._configurations.open(after)
        plan_fetching(tx, after, channel, known=then is not None and then == self._box(after))

    def _box(self, deployment: Deployment) -> tuple[str, str, str] | None:
        try:
            channel = self._configurations.open(deployment)
        except Unavailable:
            return None
        box = channel.mailbox if isinstance(channel, ListeningChannel) else None
        return box and (box.host, box.user, box.folder)

    def _changed(self, found: Deployment, patch: DeploymentPatch) -> Deployment:
        changed = replace(found, updated_at=milliseconds(now()))
        if patch.name is not None:
            changed = replace(changed, name=patch.name)
        if patch.enabled is not None:
            changed = replace(changed, enabled=patch.enabled)
        if patch.version_id is not None:
            changed = replace(changed, version_id=patch.version_id, problem=None)
        if patch.config is not None:
            config: dict[str, Json] = {**patch.config}
            sealed = self._configurations.patched(found, config)
            changed = replace(changed, config=sealed.shown, secrets=sealed.secrets, problem=None)
        return changed

    def _seen(self, tx: Tx, found: Deployment) -> Seen:
        health = store.read_health(tx, found.scope, found.id)
        kind = self._configurations.channels.get(found.channel)
        listens = kind is not None and issubclass(kind, ListeningChannel)
        secrets = sorted(self._configurations.secrets(found))
        return Seen(found, health, secrets, listens, self._pages.get(tx, found))


def _check_version(tx: Tx, scope: ProjectScope, version_id: str) -> None:
    """Raises `BadRequest` for a version that there is not; nothing has to be published yet."""
    if version_id == PRODUCTION:
        return
    try:
        resolve_version(tx, scope, version_id)
    except NotFound as error:
        raise BadRequest.at("versionId", error.message) from None


def _facts(deployment: Deployment) -> dict[str, Json]:
    """A deployment as the audit list has it: nothing of its configuration, where an address may hold a secret."""
    return {
        "name": deployment.name,
        "channel": deployment.channel,
        "enabled": deployment.enabled,
        "versionId": deployment.version_id,
    }


def _change(before: Deployment, after: Deployment, patch: DeploymentPatch) -> Deed | None:
    """What became another, and which fields of the configuration were set; `None` for neither."""
    was, became = _facts(before), _facts(after)
    changed = [name for name in was if was[name] != became[name]]
    if not changed and not patch.config:
        return None
    told = {name: became[name] for name in changed}
    if patch.config:
        told["config"] = [*sorted(patch.config)]
    return Deed("deployment.changed", after.id, {name: was[name] for name in changed}, told)
