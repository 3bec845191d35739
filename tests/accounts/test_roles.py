"""Every endpoint asked by a member of every role: what the reference page says is what happens."""

import re
from pathlib import Path

import httpx2
import pytest

from conduet.accounts.member_store import add_member
from conduet.accounts.roles import ROLES, Role
from conduet.accounts.store import add_account, add_token
from conduet.app.edge import Edge
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database, Tx
from tests.conftest import new_client

PAGE = Path("docs/reference/roles.md")
ROW = re.compile(r"^\| `(?P<method>[A-Z]+) (?P<path>/[^`]+)` \|(?P<may>.*)\|$", re.MULTILINE)


def a_member(database: Database, role: Role) -> str:
    """The token of a member with this role."""
    moment = milliseconds(now())

    def work(tx: Tx) -> str:
        owner = add_account(tx, name="Test", owner="Ada", now_ms=moment)
        member = add_member(tx, owner.account, name="Grace", role=role, now_ms=moment)
        return add_token(tx, member, name="test", now_ms=moment)[1]

    return database.write_now(work)


def allowed(role: Role) -> list[tuple[str, str, bool]]:
    """The page's rows: method, path, and whether this role may."""
    place = ROLES.index(role)
    return [
        (row["method"], row["path"], row["may"].split("|")[place].strip() == "yes")
        for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_may_what_the_page_says_and_nothing_else(
    role: Role, server: Edge, database: Database, client: httpx2.AsyncClient
) -> None:
    surprises: list[str] = []
    async with new_client(server, key=a_member(database, role)) as member:
        for method, path, may in allowed(role):
            # The answer of one has no end; the other is for a browser's session, whatever the role.
            if path.endswith(("/events", "/session/password")):
                continue
            concrete = re.sub(r"\{\w+\}", "none", path)
            answer = await member.request(method, concrete)
            if (answer.status_code == 403) == may:
                surprises.append(f"{method} {path}: {answer.status_code}")
    assert surprises == []


def test_the_page_has_what_each_role_is_for() -> None:
    rows = {f"{method} {path.removeprefix('/api/v1')}" for role in ROLES for method, path, may in allowed(role) if may}
    agent = {f"{method} {path.removeprefix('/api/v1')}" for method, path, may in allowed("agent") if may}
    viewer = {f"{method} {path.removeprefix('/api/v1')}" for method, path, may in allowed("viewer") if may}
    editor = {f"{method} {path.removeprefix('/api/v1')}" for method, path, may in allowed("editor") if may}
    assert "POST /projects/{projectId}/approvals/{approvalId}" in agent
    assert "PATCH /projects/{projectId}" in editor - viewer - agent
    assert "GET /projects/{projectId}" in viewer - agent
    assert "GET /projects/{projectId}/conversations/{userId}/turns/{turnId}/calls" in viewer - agent
    assert {"DELETE /projects/{projectId}", "POST /invitations", "GET /audit"} <= rows - editor


@pytest.mark.parametrize("base", ["/api/v1", "/v1"])
@pytest.mark.parametrize("end", ["%0A", "%0D%0A", "%20", "/", "%2F", "%3F", ";a", "/."])
async def test_no_way_of_writing_an_address_gives_a_right(
    base: str, end: str, server: Edge, database: Database
) -> None:
    async with new_client(server, key=a_member(database, "editor")) as editor:
        body = {"name": "Eve", "role": "owner"}
        assert (await editor.post(f"{base}/invitations{end}", json=body)).status_code in (403, 404, 405)
        project = (await editor.post(f"{base}/projects", json={"name": "Shop"})).json()["id"]
        for name in ("api-keys", "identity-secret"):
            made = await editor.post(f"{base}/projects/{project}/{name}{end}", json={"name": "Key"})
            assert made.status_code in (403, 404, 405)
    async with new_client(server, key=a_member(database, "viewer")) as viewer:
        assert (await viewer.get(f"{base}/audit{end}")).status_code in (403, 404, 405)
