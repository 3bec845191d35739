"""What is left of a deleted project: nothing, in any table there is or will be."""

from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from conduet.kit.db import Database, Tx
from conduet.migrations.schema import schema
from tests.conftest import Owned

# Filled by making the project, or not about one.
ACCOUNTS = ("account", "member", "developer_token", "session", "sign_in_link", "invitation", "passkey", "challenge")
APART = frozenset((*ACCOUNTS, "audit_entry", "alembic_version"))


def of_a_project() -> list[sa.Table]:
    """Every table that has a project, those that others refer to first."""
    return [table for table in schema().sorted_tables if "project_id" in table.c]


def row(tx: Tx, table: sa.Table, project_id: str) -> Mapping[str, Any]:
    """A row for `project_id` that the table takes, whatever its columns are called."""
    values: dict[str, Any] = {}
    for column in table.c:
        if column.name == "project_id":
            values[column.name] = project_id
        elif column.foreign_keys:
            target = next(iter(column.foreign_keys)).column
            values[column.name] = tx.execute(_some(target, project_id)).scalar()
        elif not column.nullable and column.server_default is None:
            values[column.name] = _value(column)
    return values


def _some(target: sa.Column[Any], project_id: str) -> sa.Select[Any]:
    found = sa.select(target)
    table = target.table
    return found.where(table.c.project_id == project_id) if "project_id" in table.c else found.limit(1)


def _value(column: sa.Column[Any]) -> object:
    kind = column.type.python_type
    return {str: "filled", int: 987_654, bytes: b"filled", bool: True, float: 0.5}[kind]


@pytest.mark.parametrize("table", of_a_project(), ids=lambda table: table.name)
def test_every_table_lets_go_of_its_project(table: sa.Table) -> None:
    keys = [key for key in table.c.project_id.foreign_keys if key.column.table.name == "project"]
    assert [key.ondelete for key in keys] == ["CASCADE"]


def test_every_table_is_about_a_project_or_known_not_to_be() -> None:
    assert {table.name for table in schema().sorted_tables} - {table.name for table in of_a_project()} == (
        APART - {"alembic_version"}
    ) | {"project"}


async def test_a_deleted_project_leaves_no_row_anywhere(
    owner: httpx2.AsyncClient, project: Owned, database: Database
) -> None:
    def fill(tx: Tx) -> None:
        for table in of_a_project():
            if not _count(tx, table, project.id):
                tx.execute(sa.insert(table).values(**row(tx, table, project.id)))

    def count(tx: Tx) -> dict[str, int]:
        return {table.name: _count(tx, table, project.id) for table in of_a_project()}

    database.write_now(fill)
    assert all(database.read_now(count).values())
    assert (await owner.delete(f"/api/v1/projects/{project.id}")).status_code == 204
    assert not any(database.read_now(count).values())
    assert database.read_now(lambda tx: _mentions(tx, project.id)) == []


def _count(tx: Tx, table: sa.Table, project_id: str) -> int:
    return tx.execute(
        sa.select(sa.func.count()).select_from(table).where(table.c.project_id == project_id)
    ).scalar_one()


def _mentions(tx: Tx, text: str) -> list[str]:
    """Columns of text in which `text` still stands; the audit list goes on telling who removed a project."""
    return [
        f"{table.name}.{column.name}"
        for table in schema().sorted_tables
        for column in table.c
        if table.name != "audit_entry"
        if isinstance(column.type, sa.String) and tx.execute(sa.select(column).where(column == text).limit(1)).first()
    ]
