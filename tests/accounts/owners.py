"""Accounts, projects and keys, written straight into a database."""

from conduet.accounts.key_store import ProjectKey, add_key
from conduet.accounts.principal import AccountScope, KeyType, ProjectScope
from conduet.accounts.store import Member, add_account, add_token
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from conduet.kit.ids import new_id
from conduet.projects.store import StoredDocument, Summary, add_project


async def an_owner(database: Database) -> Member:
    return await database.write(lambda tx: add_account(tx, name="Test", owner="Ada", now_ms=milliseconds(now())))


async def a_token(database: Database, owner: Member, *, expires_at: int | None = None) -> tuple[str, str]:
    """Its id and the token."""
    moment = milliseconds(now())
    return await database.write(lambda tx: add_token(tx, owner, name="laptop", now_ms=moment, expires_at=expires_at))


async def a_project(database: Database, owner: Member) -> ProjectScope:
    made = new_id("proj")
    summary = Summary(
        id=made,
        name="Test",
        description="",
        framework="conversation-flow",
        language="en",
        slug=made,
        revision=1,
        created_at=1,
        updated_at=1,
    )
    await database.write(lambda tx: add_project(tx, owner.account, summary, StoredDocument("{}", 1)))
    return ProjectScope(made)


async def a_key(
    database: Database,
    project: ProjectScope,
    owner: Member,
    *,
    type: KeyType = "secret",  # noqa: A002  # the contract's word
    origins: tuple[str, ...] = (),
    require_identity: bool = False,
    expires_at: int | None = None,
) -> tuple[ProjectKey, str]:
    """The key and its secret."""
    account: AccountScope = owner.account
    return await database.write(
        lambda tx: add_key(
            tx,
            project,
            account=account,
            name="key",
            type=type,
            allowed_origins=origins,
            require_identity=require_identity,
            expires_at=expires_at,
            now_ms=milliseconds(now()),
        )
    )
