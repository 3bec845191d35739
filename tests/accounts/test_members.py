"""Members: invited by a link, each with a role, signing in by a password of their own."""

import asyncio
import time
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from pwdlib import PasswordHash
from sqlalchemy.exc import DBAPIError

from conduet.accounts import members, own
from conduet.accounts.member_store import ListedMember, change_member, put_password
from conduet.accounts.passwords import Passwords
from conduet.app.edge import Edge
from conduet.kit.db import Database, Tx
from tests.accounts.team import PASSWORD, Person, Team, login
from tests.conftest import new_client

# As it is where servers run: the tests' own is made quick when they begin.
RECOMMENDED = PasswordHash.recommended


async def test_who_is_invited_joins_with_the_role_they_were_invited_to(team: Team, boss: Person) -> None:
    grace = await team.invited(boss, "viewer", login(boss, "grace"))
    who = (await grace.client.get("/api/v1/session")).json()
    assert (who["role"], who["memberId"]) == ("viewer", grace.id)
    members = (await boss.client.get("/api/v1/members")).json()
    assert [(each["id"], each["role"]) for each in members] == [(boss.id, "owner"), (grace.id, "viewer")]


async def test_everybody_says_what_they_are_called_themselves(team: Team, boss: Person) -> None:
    grace = await team.invited(boss, "agent", login(boss, "grace"))
    before = {each["id"]: each["name"] for each in (await boss.client.get("/api/v1/members")).json()}
    assert (await grace.client.put("/api/v1/session/name", json={"name": "Grace Hopper"})).status_code == 204
    for name in ("", " ", "x" * 129):
        assert (await grace.client.put("/api/v1/session/name", json={"name": name})).status_code == 400
    after = {each["id"]: each["name"] for each in (await boss.client.get("/api/v1/members")).json()}
    assert after == {**before, grace.id: "Grace Hopper"}
    told = (await boss.client.get("/api/v1/audit?action=member.changed")).json()[0]
    assert (told["memberId"], told["target"], told["after"]["name"]) == (grace.id, grace.id, "Grace Hopper")


async def test_an_invitation_can_be_looked_at_and_works_once(team: Team, boss: Person) -> None:
    made = (await boss.post("/invitations", {"name": "Grace", "role": "agent"})).json()
    assert made["path"] == f"/sign-in?invitation={made['token']}"
    guest, other = await team.somebody(), await team.somebody()
    for _ in range(2):
        seen = await guest.post("/sign-in/invited", {"token": made["token"]})
        assert seen.json() == {"account": "Test", "name": "Grace", "role": "agent"}
    body = {"token": made["token"], "login": login(boss, "grace"), "password": PASSWORD}
    assert (await guest.enter("/sign-in/invitation", body)).status_code == 200
    again = await other.enter("/sign-in/invitation", {**body, "login": login(boss, "other")})
    assert (again.status_code, "ask for a new one" in again.json()["error"]) == (401, True)
    assert (await boss.client.get("/api/v1/invitations")).json() == []


async def test_an_invitation_can_be_taken_back(team: Team, boss: Person) -> None:
    made = (await boss.post("/invitations", {"name": "Grace", "role": "agent"})).json()
    assert (await boss.client.delete(f"/api/v1/invitations/{made['id']}")).status_code == 204
    guest = await team.somebody()
    assert (await guest.post("/sign-in/invited", {"token": made["token"]})).status_code == 404
    body = {"token": made["token"], "login": login(boss, "grace"), "password": PASSWORD}
    assert (await guest.enter("/sign-in/invitation", body)).status_code == 401


async def test_a_name_and_password_sign_in_however_the_name_is_written(team: Team, boss: Person) -> None:
    grace = await team.invited(boss, "editor", login(boss, "grace"))
    again = await team.somebody()
    entered = await again.enter(
        "/sign-in/password", {"login": login(boss, "GRACE").replace("G", "\uff27"), "password": PASSWORD}
    )
    assert (entered.status_code, again.id) == (200, grace.id)


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(team: Team, boss: Person) -> None:
    await team.invited(boss, "editor", login(boss, "grace"))
    guest = await team.somebody()
    wrong = await guest.enter("/sign-in/password", {"login": login(boss, "grace"), "password": "wrong horse battery"})
    unknown = await guest.enter("/sign-in/password", {"login": login(boss, "nobody"), "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


async def test_guessing_is_slowed_down_for_a_name_whether_it_is_there_or_not(team: Team, boss: Person) -> None:
    guest = await team.somebody()
    body = {"login": login(boss, "nobody"), "password": PASSWORD}
    statuses = [(await guest.enter("/sign-in/password", body)).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    assert (await guest.post("/sign-in/password", body)).headers["Retry-After"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": "Grace", "role": "boss"}, "role"),
        ({"name": " ", "role": "agent"}, "name"),
        ({"role": "agent"}, "name"),
        ({"name": "Grace", "role": "agent", "more": 1}, "more"),
    ],
)
async def test_a_strange_invitation_is_told_what_is_wrong(body: object, path: str, boss: Person) -> None:
    refused = await boss.post("/invitations", body)
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, path)


@pytest.mark.parametrize("password", ["short", "x" * 201])
async def test_a_password_is_long_enough(password: str, team: Team, boss: Person) -> None:
    made = (await boss.post("/invitations", {"name": "Grace", "role": "agent"})).json()
    guest = await team.somebody()
    body = {"token": made["token"], "login": login(boss, "grace"), "password": password}
    refused = await guest.enter("/sign-in/invitation", body)
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "password")


async def test_a_sign_in_name_belongs_to_one(team: Team, boss: Person) -> None:
    await team.invited(boss, "editor", login(boss, "grace"))
    made = (await boss.post("/invitations", {"name": "Other", "role": "agent"})).json()
    guest = await team.somebody()
    body = {"token": made["token"], "login": login(boss, "Grace"), "password": PASSWORD}
    assert (await guest.enter("/sign-in/invitation", body)).status_code == 409
    # Nothing was used up.
    body["login"] = login(boss, "other")
    assert (await guest.enter("/sign-in/invitation", body)).status_code == 200


async def test_a_new_role_holds_from_the_next_request_on(team: Team, boss: Person) -> None:
    grace = await team.invited(boss, "viewer", login(boss, "grace"))
    assert (await grace.post("/projects", {"name": "Shop"})).status_code == 403
    changed = await boss.client.patch(f"/api/v1/members/{grace.id}", json={"role": "editor"})
    assert changed.json()["role"] == "editor"
    assert (await grace.post("/projects", {"name": "Shop"})).status_code == 201


async def test_a_removed_member_is_out_at_once_with_their_tokens(team: Team, boss: Person, server: Edge) -> None:
    grace = await team.invited(boss, "editor", login(boss, "grace"))
    token = (await grace.post("/tokens", {"name": "Deploy"})).json()["token"]
    async with new_client(server, key=token) as program:
        assert (await program.get("/api/v1/projects")).status_code == 200
        assert (await boss.client.delete(f"/api/v1/members/{grace.id}")).status_code == 204
        assert (await program.get("/api/v1/projects")).status_code == 401
    assert (await grace.client.get("/api/v1/session")).status_code == 401


async def test_an_account_keeps_an_owner(team: Team, boss: Person) -> None:
    assert (await boss.client.patch(f"/api/v1/members/{boss.id}", json={"role": "viewer"})).status_code == 409
    assert (await boss.client.delete(f"/api/v1/members/{boss.id}")).status_code == 409
    await team.invited(boss, "owner", login(boss, "grace"))
    assert (await boss.client.delete(f"/api/v1/members/{boss.id}")).status_code == 204


async def test_an_account_keeps_an_owner_whoever_changes_roles_at_once(
    team: Team, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    grace = await team.invited(boss, "editor", login(boss, "grace"))

    def slowly(tx: Tx, **more: Any) -> tuple[ListedMember, ListedMember]:
        slow: Any = _Slow(tx) if more["changes"] == {"role": "viewer"} else tx
        return change_member(slow, **more)

    monkeypatch.setattr(members, "change_member", slowly)
    path = f"/api/v1/members/{grace.id}"
    demoted = asyncio.create_task(boss.client.patch(path, json={"role": "viewer"}))
    await asyncio.sleep(0.1)
    # The one who is made an owner in the meantime is no owner any more once the first change is through.
    assert (await boss.client.patch(path, json={"role": "owner"})).status_code == 200
    assert (await boss.client.delete(f"/api/v1/members/{boss.id}")).status_code == 204
    assert (await demoted).status_code == 200
    assert [each["role"] for each in (await grace.client.get("/api/v1/members")).json()] == ["owner"]


async def test_a_token_may_what_its_member_may(team: Team, boss: Person, server: Edge) -> None:
    grace = await team.invited(boss, "viewer", login(boss, "grace"))
    token = (await grace.post("/tokens", {"name": "Reading"})).json()["token"]
    assert token not in (await grace.client.get("/api/v1/tokens")).text, "it is shown this once"
    async with new_client(server, key=token) as program:
        assert (await program.get("/api/v1/projects")).status_code == 200
        assert (await program.post("/api/v1/projects", json={"name": "Shop"})).status_code == 403
        assert (
            await program.put("/api/v1/session/password", json={"login": "x", "password": PASSWORD})
        ).status_code == 403


async def test_who_is_no_owner_sees_and_revokes_their_own_tokens_only(team: Team, boss: Person) -> None:
    grace = await team.invited(boss, "editor", login(boss, "grace"))
    hers = (await boss.post("/tokens", {"name": "Hers"})).json()["id"]
    own = (await grace.post("/tokens", {"name": "Own"})).json()["id"]
    assert [each["id"] for each in (await grace.client.get("/api/v1/tokens")).json()] == [own]
    assert {each["id"] for each in (await boss.client.get("/api/v1/tokens")).json()} == {hers, own}
    assert (await grace.client.delete(f"/api/v1/tokens/{hers}")).status_code == 404
    assert (await boss.client.delete(f"/api/v1/tokens/{own}")).status_code == 204


async def test_signing_out_everywhere_ends_every_session(team: Team, boss: Person) -> None:
    grace = await team.invited(boss, "editor", login(boss, "grace"))
    again = await team.somebody()
    await again.enter("/sign-in/password", {"login": login(boss, "grace"), "password": PASSWORD})
    sessions = (await again.client.get("/api/v1/sessions")).json()
    assert [each["current"] for each in sessions] == [True, False]
    assert (await again.client.delete("/api/v1/sessions")).status_code == 204
    for person in (grace, again):
        assert (await person.client.get("/api/v1/session")).status_code == 401


async def test_a_new_password_ends_all_other_sessions(team: Team, boss: Person) -> None:
    grace = await team.invited(boss, "editor", login(boss, "grace"))
    again = await team.somebody()
    await again.enter("/sign-in/password", {"login": login(boss, "grace"), "password": PASSWORD})
    body = {"login": login(boss, "grace"), "password": "another horse battery", "current": PASSWORD}
    assert (await again.client.put("/api/v1/session/password", json=body)).status_code == 204
    assert (await grace.client.get("/api/v1/session")).status_code == 401
    assert (await again.client.get("/api/v1/session")).status_code == 200
    wrong = await again.client.put("/api/v1/session/password", json={**body, "current": "no horse battery"})
    assert (wrong.status_code, wrong.json()["details"][0]["path"]) == (400, "current")


async def test_a_password_that_is_replaced_while_it_is_checked_signs_nobody_in(
    team: Team, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    grace = await team.invited(boss, "editor", login(boss, "grace"))
    late, fits = await team.somebody(), Passwords.fits

    async def slowly(self: Passwords, password: str, kept: str | None) -> bool:
        is_right = await fits(self, password, kept)
        monkeypatch.undo()
        body = {"login": login(boss, "grace"), "password": "another horse battery", "current": PASSWORD}
        assert (await grace.client.put("/api/v1/session/password", json=body)).status_code == 204
        return is_right

    monkeypatch.setattr(Passwords, "fits", slowly)
    answer = await late.enter("/sign-in/password", {"login": login(boss, "grace"), "password": PASSWORD})
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)


async def test_of_two_who_take_a_sign_in_name_at_once_one_is_told_that_it_is_taken(
    team: Team, boss: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await team.invited(boss, "agent", login(boss, name)) for name in ("grace", "edsger")]

    def after_looking(tx: Tx, member_id: str, **more: Any) -> None:
        slow: Any = _Slow(tx)
        put_password(slow, member_id, **more)

    monkeypatch.setattr(own, "put_password", after_looking)
    body = {"login": login(boss, "both"), "password": "another horse battery", "current": PASSWORD}
    asked = [person.client.put("/api/v1/session/password", json=body) for person in people]
    assert sorted(answer.status_code for answer in await asyncio.gather(*asked)) == [204, 409]


class _Slow:
    """A transaction in which nothing goes on for a while after each statement."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def execute(self, *args: Any) -> Any:
        done = self._tx.execute(*args)
        time.sleep(0.2)
        return done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


async def test_the_audit_list_tells_who_did_what_and_never_a_secret(team: Team, boss: Person) -> None:
    grace = await team.invited(boss, "viewer", login(boss, "grace"))
    await boss.client.patch(f"/api/v1/members/{grace.id}", json={"role": "editor"})
    project = (await grace.post("/projects", {"name": "Shop"})).json()["id"]
    key = (await boss.post(f"/projects/{project}/api-keys", {"name": "Web"})).json()
    answer = await boss.client.get("/api/v1/audit")
    told = [(each["memberId"], each["action"]) for each in answer.json()]
    assert (boss.id, "key.made") in told
    assert (grace.id, "member.joined") in told
    changed = next(each for each in answer.json() if each["action"] == "member.changed")
    assert (changed["before"]["role"], changed["after"]["role"]) == ("viewer", "editor")
    assert key["key"] not in answer.text
    assert PASSWORD not in answer.text
    of_project = (await boss.client.get("/api/v1/audit", params={"projectId": project})).json()
    assert {each["projectId"] for each in of_project} == {project}
    assert (await grace.client.get("/api/v1/audit")).status_code == 403


async def test_another_account_sees_and_changes_none_of_it(team: Team, boss: Person, owner: httpx2.AsyncClient) -> None:
    grace = await team.invited(boss, "editor", login(boss, "grace"))
    token = (await grace.post("/tokens", {"name": "Own"})).json()["id"]
    invited = (await boss.post("/invitations", {"name": "Else", "role": "agent"})).json()["id"]
    assert grace.id not in (await owner.get("/api/v1/members")).text
    assert (await owner.patch(f"/api/v1/members/{grace.id}", json={"role": "viewer"})).status_code == 404
    for path in (f"members/{grace.id}", f"tokens/{token}", f"invitations/{invited}"):
        assert (await owner.delete(f"/api/v1/{path}")).status_code == 404
    assert (await owner.get("/api/v1/audit")).json() == []


@pytest.mark.parametrize("path", ["/sign-in/password", "/sign-in/invitation", "/sign-in/invited"])
async def test_another_site_can_sign_nobody_in(path: str, client: httpx2.AsyncClient) -> None:
    body = {"token": "x", "login": "ada", "password": PASSWORD}
    refused = await client.post(f"/api/v1{path}", json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403


@pytest.mark.parametrize("statement", ["update audit_entry set action = 'x'", "delete from audit_entry"])
async def test_no_statement_changes_the_audit_list(statement: str, boss: Person, database: Database) -> None:
    await boss.post("/tokens", {"name": "Deploy"})
    with pytest.raises(DBAPIError, match="never changed"):
        database.write_now(lambda tx: tx.execute(sa.text(statement)))


async def test_a_password_is_kept_as_what_takes_memory_and_time_to_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PasswordHash, "recommended", RECOMMENDED)
    passwords = Passwords()
    kept = await passwords.hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert (await passwords.fits(PASSWORD, kept), await passwords.fits("another one", kept)) == (True, False)
