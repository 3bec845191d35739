"""Chat pages: each has a widget key of its own, which works on this server's own pages alone."""

from dataclasses import dataclass, replace
from typing import Final

from conduet.accounts.audit_store import Deed, add_entry
from conduet.accounts.key_store import add_key, remove_key, set_key_expiry
from conduet.accounts.origin import OWN
from conduet.accounts.principal import Principal
from conduet.deployments import page_store, store
from conduet.deployments.configuration import Configurations
from conduet.deployments.page_store import StoredPage
from conduet.deployments.store import Deployment
from conduet.engine.channel.page import PageChannel
from conduet.errors import BadRequest, NotFound
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Tx
from conduet.projects.store import get_project, resolve_version

FIELD: Final = "chat_page.key"


@dataclass(frozen=True, slots=True)
class ChatPage:
    """A page as those who work on its project see it; without a `key` somebody has revoked it."""

    slug: str
    key: str | None


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page as its visitor gets it; without a `key` nobody answers there just now."""

    channel: PageChannel
    title: str
    version_id: str
    key: str | None


class Pages:
    """The pages of all deployments."""

    def __init__(self, configurations: Configurations, ring: KeyRing) -> None:
        self._configurations = configurations
        self._ring = ring

    def get(self, tx: Tx, deployment: Deployment) -> ChatPage | None:
        """The deployment's page, if it has one. Raises `Unavailable` where this server cannot read its key."""
        page = page_store.get_page(tx, deployment.scope, deployment.id)
        return None if page is None else ChatPage(page.slug, self._key(page))

    def settle(self, tx: Tx, principal: Principal, deployment: Deployment) -> None:
        """Makes, moves or removes the page, so that it is as the deployment is configured now.

        While the deployment is off the key opens nothing; it stays the same, so that visitors go on where they were.
        A key that was revoked is made anew. Raises `BadRequest` for an address that is taken.
        """
        slug, found = deployment.config.get("slug"), page_store.get_page(tx, deployment.scope, deployment.id)
        if not isinstance(slug, str):
            return self.remove(tx, principal, deployment)
        page = found if found and found.key_id else self._made(tx, principal, deployment, slug)
        if page is not found or page.slug != slug:
            page = replace(page, slug=slug)
            if not page_store.put_page(tx, page):
                raise BadRequest.at("config.slug", f"Another chat page is at /chat/{slug} already: choose another one.")
        if page.key_id is not None:
            ends = None if deployment.enabled else milliseconds(now())
            set_key_expiry(tx, deployment.scope, page.key_id, ends)
        return None

    def remove(self, tx: Tx, principal: Principal, deployment: Deployment) -> None:
        """Removes the page, if there is one, and revokes its key."""
        page = page_store.get_page(tx, deployment.scope, deployment.id)
        if page is None:
            return
        page_store.remove_page(tx, deployment.scope, deployment.id)
        if page.key_id is not None:
            remove_key(tx, deployment.scope, page.key_id)
            add_entry(tx, principal, Deed("key.revoked", page.key_id))

    def visit(self, tx: Tx, slug: str) -> OpenPage | None:
        """What is at an address; `None` where nothing is. Raises `Unavailable` where this server cannot read it."""
        page = page_store.find_page(tx, slug)
        if page is None:
            return None
        deployment = store.get_deployment(tx, page.scope, page.deployment_id)
        channel = self._configurations.open(deployment)
        if not isinstance(channel, PageChannel):
            return None
        title = channel.title or get_project(tx, page.scope).name
        key = self._key(page) if deployment.enabled and _serves(tx, deployment) else None
        return OpenPage(channel, title, deployment.version_id, key)

    def _made(self, tx: Tx, principal: Principal, deployment: Deployment, slug: str) -> StoredPage:
        name, at = f"Chat page of {deployment.name}"[:128], milliseconds(now())
        key, secret = add_key(
            tx,
            deployment.scope,
            account=principal.account,
            name=name,
            now_ms=at,
            type="widget",
            allowed_origins=(OWN,),
        )
        add_entry(tx, principal, Deed("key.made", key.id, after={"name": name, "type": "widget"}))
        sealed = self._ring.encrypt(secret, row=deployment.id, field=FIELD)
        return StoredPage(slug, deployment.scope, deployment.id, key.id, sealed)

    def _key(self, page: StoredPage) -> str | None:
        if page.key_id is None:
            return None
        return self._configurations.decrypt(page.key, row=page.deployment_id, field=FIELD)


def reseal_pages(tx: Tx, ring: KeyRing) -> int:
    """Encrypts the key of every page with the ring's first key; how many there were to do."""
    stale = [page for page in page_store.list_pages(tx) if not ring.is_current(page.key)]
    for page in stale:
        plain = ring.decrypt(page.key, row=page.deployment_id, field=FIELD)
        page_store.put_page(tx, replace(page, key=ring.encrypt(plain, row=page.deployment_id, field=FIELD)))
    return len(stale)


def _serves(tx: Tx, deployment: Deployment) -> bool:
    """Whether what it serves is there: nothing may be published yet."""
    try:
        resolve_version(tx, deployment.scope, deployment.version_id)
    except NotFound:
        return False
    return True
