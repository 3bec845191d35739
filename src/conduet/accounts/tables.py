"""Rows of accounts, their members and every secret that opens something; secrets are kept as SHA-256 only."""

import sqlalchemy as sa
from sqlalchemy import event

from conduet.kit.db import metadata, project_column

account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)


def _account() -> sa.Column[str]:
    key = sa.ForeignKey("account.id", ondelete="CASCADE")
    return sa.Column("account_id", sa.String, key, nullable=False, index=True)


def _member() -> sa.Column[str]:
    key = sa.ForeignKey("member.id", ondelete="CASCADE")
    return sa.Column("member_id", sa.String, key, nullable=False, index=True)


member = sa.Table(
    "member",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("role", sa.String, nullable=False),
    # What they sign in by, case folded; one on the whole server. The password is kept as argon2id.
    sa.Column("login", sa.String, unique=True, index=True),
    sa.Column("password", sa.String),
    # Who they are to the server's identity provider: its issuer and their subject there.
    sa.Column("subject", sa.String, unique=True, index=True),
    # By which address it may know them at first, case folded: an owner says so, never the member.
    sa.Column("email", sa.String, index=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

invitation = sa.Table(
    "invitation",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(),
    sa.Column("hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("email", sa.String, index=True),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

passkey = sa.Table(
    "passkey",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _member(),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("credential", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    # What the authenticator counted last: a lower one is a copy.
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("last_used_at", sa.BigInteger),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

challenge = sa.Table(
    "challenge",
    metadata,
    # What was asked of an authenticator or an identity provider: it is answered once.
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    # Encrypted JSON: what for, and for an identity provider's answer its nonce and code verifier.
    sa.Column("facts", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
)

audit_entry = sa.Table(
    "audit_entry",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("account_id", sa.String, nullable=False),
    # Plain ids, so that an entry outlives what it tells of.
    sa.Column("project", sa.String),
    sa.Column("member", sa.String),
    sa.Column("member_name", sa.String),
    sa.Column("credential", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("target", sa.String),
    # JSON: what it was, and what it is now; secrets never.
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("ix_audit_entry_account_id_id", "account_id", "id"),
)


_TOLD = "the audit list is never changed"
_ABORT = f"BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"
_EACH = "FOR EACH ROW EXECUTE FUNCTION keep_audit_entry()"
_RAISE = f"BEGIN RAISE EXCEPTION '{_TOLD}'; END"
_KEPT = (
    ("sqlite", f"CREATE TRIGGER audit_entry_keeps_update BEFORE UPDATE ON audit_entry {_ABORT}"),
    ("sqlite", f"CREATE TRIGGER audit_entry_keeps_delete BEFORE DELETE ON audit_entry {_ABORT}"),
    ("postgresql", f"CREATE FUNCTION keep_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$ {_RAISE} $$"),
    ("postgresql", f"CREATE TRIGGER audit_entry_keeps BEFORE UPDATE OR DELETE ON audit_entry {_EACH}"),
)
# No statement changes or removes an entry, whoever sends it.
for _dialect, _statement in _KEPT:
    event.listen(audit_entry, "after_create", sa.DDL(_statement).execute_if(dialect=_dialect))

developer_token = sa.Table(
    "developer_token",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(),
    _member(),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("prefix", sa.String, nullable=False),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("last_used_at", sa.BigInteger),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

sign_in_link = sa.Table(
    "sign_in_link",
    metadata,
    sa.Column("hash", sa.LargeBinary, primary_key=True),
    _member(),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False, unique=True),
    _member(),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

project_key = sa.Table(
    "project_key",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    project_column(index=True),
    # The project's own: a copy, so that a key is looked up in one row.
    _account(),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("prefix", sa.String, nullable=False),
    sa.Column("require_identity", sa.Boolean, nullable=False),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("last_used_at", sa.BigInteger),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

allowed_origin = sa.Table(
    "allowed_origin",
    metadata,
    sa.Column("key_id", sa.String, sa.ForeignKey("project_key.id", ondelete="CASCADE"), primary_key=True),
    # Scheme, host and port; asked by itself when a browser sends a preflight, which carries no key.
    sa.Column("origin", sa.String, primary_key=True, index=True),
    project_column(index=True),
    # The order in which they were given.
    sa.Column("position", sa.Integer, nullable=False),
)

identity = sa.Table(
    "identity",
    metadata,
    project_column(primary_key=True),
    # Encrypted: signs the user ids of the project's widgets.
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)
