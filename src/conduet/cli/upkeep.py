"""Commands that open the data folder themselves: tokens, keys, sign-in links, migrations."""

from pathlib import Path

from conduet.accounts import key_store, session_store, store
from conduet.accounts.origin import parse_origin
from conduet.cli.opened import opened, served_address
from conduet.cli.say import answer, stop
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Tx
from conduet.projects.store import find_by_name

KINDS = ("secret", "widget")


def migrate(data: Path | None, *, as_json: bool) -> None:
    """Brings the database to this version and says which that is."""
    from conduet.migrations import newest

    with opened(data):
        answer(f"The database is of version {newest()}.", {"version": newest()}, as_json=as_json)


def link(data: Path | None, *, as_json: bool) -> None:
    """Prints a sign-in link for the owner."""
    from conduet.cli.start import sign_in_address

    with opened(data) as (settings, database):
        token = database.write_now(lambda tx: session_store.add_link(tx, _owner(tx), now_ms=milliseconds(now())))
        address = sign_in_address(served_address(settings), token)
    answer(address, {"url": address}, as_json=as_json)


def create_token(data: Path | None, *, name: str, as_json: bool) -> None:
    """Prints one developer token of the owner."""
    name = _name(name)
    with opened(data) as (_, database):
        token_id, token = database.write_now(
            lambda tx: store.add_token(tx, _owner(tx), name=name, now_ms=milliseconds(now()))
        )
    answer(token, {"id": token_id, "name": name, "token": token}, as_json=as_json)


def create_key(data: Path | None, *, project: str, kind: str, origins: list[str], name: str, as_json: bool) -> None:
    """Prints one key of a project."""
    if kind not in KINDS:
        stop(f"--type is secret or widget, not {kind}.")
    if origins and kind != "widget":
        stop("--origin goes with --type widget.")
    name = _name(name)
    allowed = [_origin(origin) for origin in origins]

    def add(tx: Tx) -> tuple[key_store.ProjectKey, str]:
        owner = _owner(tx)
        found = find_by_name(tx, owner.account, project)
        if found is None:
            stop(f"there is no project {project}: give its id or slug.")
        return key_store.add_key(
            tx,
            found,
            account=owner.account,
            name=name,
            type=kind,
            allowed_origins=allowed,
            now_ms=milliseconds(now()),
        )

    with opened(data) as (_, database):
        added, key = database.write_now(add)
    answer(key, {"id": added.id, "name": name, "type": kind, "key": key}, as_json=as_json)


def rotate_secrets(data: Path | None, *, as_json: bool) -> None:
    """Encrypts every stored secret anew, with a new key where the key is kept in the data folder."""
    from conduet.accounts.identity import reseal_identities
    from conduet.deployments.configuration import reseal_deployments
    from conduet.deployments.pages import reseal_pages
    from conduet.kit.crypto import KeyRing, UndecryptableError
    from conduet.outbound.tokens import reseal_tokens
    from conduet.projects.secrets import reseal_secrets
    from conduet.webhooks.signature import reseal_webhooks

    with opened(data) as (settings, database):
        try:
            ring = KeyRing.open(settings.secret_key, settings.data)
            if settings.secret_key is None:
                ring = KeyRing.rotate(settings.data)
            kinds = (
                reseal_identities,
                reseal_secrets,
                reseal_webhooks,
                reseal_deployments,
                reseal_pages,
                reseal_tokens,
            )
            count = database.write_now(lambda tx: sum(reseal(tx, ring) for reseal in kinds))
        except UndecryptableError as error:
            stop(str(error))
    text = f"{count} stored secrets are encrypted with the new key. Start the server anew, so that it uses it too."
    answer(text, {"encrypted": count}, as_json=as_json)


def _name(text: str) -> str:
    if not text.strip():
        stop("--name is empty: say what it is for, to know it by later.")
    return text.strip()


def _origin(text: str) -> str:
    origin = parse_origin(text)
    if origin is None:
        stop(f"--origin {text}: give scheme, host and port only, such as https://shop.example.")
    return origin


def _owner(tx: Tx) -> store.Member:
    owner = store.find_owner(tx)
    if owner is None:
        stop("there is no account yet: start `conduet serve` once.")
    return owner
