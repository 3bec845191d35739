"""Passkeys: added by who is signed in, opening the account they are of, and nothing on the second try."""

import json
from typing import Any

import httpx2
import pytest

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.kit.db import Database
from conduet.settings import Settings
from tests.accounts.authenticator import Authenticator, decoded, encoded
from tests.accounts.team import OWN, PASSWORD, Person, Team, login
from tests.conftest import new_client, started


async def add(person: Person, authenticator: Authenticator, name: str = "Laptop") -> httpx2.Response:
    options = await person.post("/passkeys/options", {"current": None})
    assert options.status_code == 200, options.text
    return await person.post("/passkeys", {"name": name, "credential": authenticator.make(options.json())})


async def asked(person: Person) -> dict[str, Any]:
    answer = await person.post("/sign-in/passkey/options", None)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def enter(person: Person, credential: object) -> httpx2.Response:
    return await person.enter("/sign-in/passkey", {"credential": credential})


@pytest.fixture
async def key(boss: Person) -> Authenticator:
    """A passkey of the owner's."""
    made = Authenticator()
    assert (await add(boss, made)).status_code == 201
    return made


async def test_a_passkey_signs_its_member_in_without_a_name(team: Team, boss: Person, key: Authenticator) -> None:
    elsewhere = await team.somebody()
    options = await asked(elsewhere)
    assert (options["rpId"], options["userVerification"], options["allowCredentials"]) == (
        "conduet.test",
        "preferred",
        [],
    )
    entered = await enter(elsewhere, key.sign(options))
    assert (entered.status_code, elsewhere.id) == (200, boss.id)
    assert (await elsewhere.client.get("/api/v1/session")).json()["role"] == "owner"
    listed = (await elsewhere.client.get("/api/v1/passkeys")).json()
    assert [each["name"] for each in listed] == ["Laptop"]
    assert listed[0]["lastUsedAt"]


async def test_it_is_asked_for_as_one_that_the_authenticator_finds_and_holds_once(
    boss: Person, key: Authenticator
) -> None:
    options = (await boss.post("/passkeys/options", {"current": None})).json()
    chosen = options["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "preferred")
    assert [each["id"] for each in options["excludeCredentials"]] == [encoded(key.credential)]
    assert decoded(options["user"]["id"]).decode() == boss.id


async def test_passkeys_are_named_and_removed(team: Team, boss: Person, key: Authenticator) -> None:
    made = (await boss.client.get("/api/v1/passkeys")).json()[0]["id"]
    renamed = await boss.client.patch(f"/api/v1/passkeys/{made}", json={"name": "Old laptop"})
    assert renamed.json()["name"] == "Old laptop"
    assert (await boss.client.delete(f"/api/v1/passkeys/{made}")).status_code == 204
    assert (await boss.client.get("/api/v1/passkeys")).json() == []
    elsewhere = await team.somebody()
    refused = await enter(elsewhere, key.sign(await asked(elsewhere)))
    assert (refused.status_code, "may have been removed" in refused.json()["error"]) == (401, True)
    told = [each["action"] for each in (await boss.client.get("/api/v1/audit")).json()]
    assert told[:3] == ["passkey.removed", "passkey.renamed", "passkey.added"]


async def test_an_answer_is_good_once(team: Team, key: Authenticator) -> None:
    elsewhere = await team.somebody()
    answer = key.sign(await asked(elsewhere))
    assert (await enter(elsewhere, answer)).status_code == 200
    again = await enter(await team.somebody(), answer)
    assert (again.status_code, "answered already" in again.json()["error"]) == (401, True)


async def test_a_challenge_is_used_up_by_a_wrong_answer_too(team: Team, key: Authenticator) -> None:
    elsewhere = await team.somebody()
    options = await asked(elsewhere)
    wrong = key.sign(options)
    wrong["response"]["signature"] = encoded(b"nonsense")
    assert (await enter(elsewhere, wrong)).status_code == 401
    assert (await enter(elsewhere, key.sign(options))).status_code == 401


async def test_a_challenge_is_good_for_five_minutes(team: Team, key: Authenticator, database: Database) -> None:
    from conduet.accounts.tables import challenge

    elsewhere = await team.somebody()
    options = await asked(elsewhere)
    database.write_now(lambda tx: tx.execute(challenge.update().values(expires_at=challenge.c.expires_at - 300_000)))
    assert (await enter(elsewhere, key.sign(options))).status_code == 401


async def test_a_challenge_to_add_one_signs_nobody_in(team: Team, boss: Person, key: Authenticator) -> None:
    options = (await boss.post("/passkeys/options", {"current": None})).json()
    answer = key.sign({"rpId": "conduet.test", "challenge": options["challenge"]})
    assert (await enter(await team.somebody(), answer)).status_code == 401


@pytest.mark.parametrize("origin", ["https://conduet.test", "http://evil.example", "http://conduet.test:81", "null"])
async def test_another_pages_answer_opens_nothing(origin: str, team: Team, boss: Person, key: Authenticator) -> None:
    elsewhere = await team.somebody()
    key.origin = origin
    assert (await enter(elsewhere, key.sign(await asked(elsewhere)))).status_code == 401
    options = (await boss.post("/passkeys/options", {"current": None})).json()
    refused = await boss.post("/passkeys", {"name": "Evil", "credential": Authenticator(origin).make(options)})
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "credential")


async def test_a_passkey_of_another_host_opens_nothing(team: Team, key: Authenticator) -> None:
    elsewhere = await team.somebody()
    options = {**await asked(elsewhere), "rpId": "evil.example"}
    assert (await enter(elsewhere, key.sign(options))).status_code == 401


async def test_nobody_enters_as_another_by_their_own_passkey(team: Team, boss: Person, key: Authenticator) -> None:
    grace = await team.invited(boss, "viewer", login(boss, "grace"))
    own = Authenticator()
    assert (await add(grace, own)).status_code == 201
    elsewhere = await team.somebody()
    # The other's name with an own signature, and an own passkey for the other.
    forged = own.sign(await asked(elsewhere))
    forged["id"] = forged["rawId"] = encoded(key.credential)
    assert (await enter(elsewhere, forged)).status_code == 401
    assert (await enter(elsewhere, own.sign(await asked(elsewhere), user=key.user))).status_code == 401
    theirs = (await boss.client.get("/api/v1/passkeys")).json()[0]["id"]
    assert (await grace.client.patch(f"/api/v1/passkeys/{theirs}", json={"name": "Mine"})).status_code == 404
    assert (await grace.client.delete(f"/api/v1/passkeys/{theirs}")).status_code == 404


async def test_what_one_was_asked_another_cannot_answer(team: Team, boss: Person) -> None:
    grace = await team.invited(boss, "viewer", login(boss, "grace"))
    options = (await boss.post("/passkeys/options", {"current": None})).json()
    refused = await grace.post("/passkeys", {"name": "Mine", "credential": Authenticator().make(options)})
    assert refused.status_code == 400
    assert (await grace.client.get("/api/v1/passkeys")).json() == []


async def test_a_credential_belongs_to_one(team: Team, boss: Person, key: Authenticator) -> None:
    grace = await team.invited(boss, "viewer", login(boss, "grace"))
    assert (await add(grace, key)).status_code == 409


@pytest.mark.parametrize("count", [0, 6])
async def test_a_counter_that_does_not_go_on_is_a_copy(count: int, team: Team, key: Authenticator) -> None:
    elsewhere = await team.somebody()
    key.count = 6
    assert (await enter(elsewhere, key.sign(await asked(elsewhere)))).status_code == 200
    key.count = count
    assert (await enter(await team.somebody(), key.sign(await asked(elsewhere)))).status_code == 401
    key.count = 7
    assert (await enter(await team.somebody(), key.sign(await asked(elsewhere)))).status_code == 200


async def test_a_passkey_is_tried_ten_times_in_five_minutes_from_one_address(team: Team, key: Authenticator) -> None:
    guest = await team.somebody()
    wrong = {**key.sign(await asked(guest)), "response": {"clientDataJSON": encoded(b"{}")}}
    statuses = [(await enter(guest, wrong)).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"rawId": "é"},
        {"rawId": "AAAA", "response": 1},
        {"rawId": "AAAA", "response": {"clientDataJSON": "AAAA"}},
        {"rawId": "AAAA", "response": {"clientDataJSON": encoded(b"[" * 5000)}},
        {"rawId": "AAAA", "response": {"clientDataJSON": encoded(json.dumps({"challenge": "!"}).encode())}},
    ],
)
async def test_a_strange_answer_is_refused(credential: object, team: Team) -> None:
    assert (await enter(await team.somebody(), credential)).status_code == 401


async def test_broken_parts_of_a_good_answer_are_refused(team: Team, boss: Person, key: Authenticator) -> None:
    guest = await team.somebody()
    for name in ("authenticatorData", "signature"):
        for broken in ("", "AAAA", None, 7):
            answer = key.sign(await asked(guest))
            answer["response"][name] = broken
            assert (await enter(await team.somebody(), answer)).status_code == 401
    for broken in ("", "AAAA", encoded(b"\xa0"), encoded(b"\xff" * 40), None):
        made = Authenticator().make((await boss.post("/passkeys/options", {"current": None})).json())
        made["response"]["attestationObject"] = broken
        assert (await boss.post("/passkeys", {"name": "Odd", "credential": made})).status_code == 400


async def test_an_older_session_adds_one_by_the_password_that_is_there(
    team: Team, boss: Person, database: Database
) -> None:
    from conduet.accounts.tables import session

    grace = await team.invited(boss, "viewer", login(boss, "grace"))
    older = (
        session.update().where(session.c.member_id == grace.id).values(created_at=session.c.created_at - 16 * 60_000)
    )
    database.write_now(lambda tx: tx.execute(older))
    for current in (None, "wrong horse battery"):
        refused = await grace.post("/passkeys/options", {"current": current})
        assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "current")
    assert (await grace.post("/passkeys/options", {"current": PASSWORD})).status_code == 200


async def test_a_token_adds_none(server: Edge, boss: Person) -> None:
    token = (await boss.post("/tokens", {"name": "Deploy"})).json()["token"]
    async with new_client(server, key=token) as program:
        assert (await program.post("/api/v1/passkeys/options", json={})).status_code == 403


async def test_who_is_removed_enters_by_no_passkey(team: Team, boss: Person) -> None:
    grace = await team.invited(boss, "viewer", login(boss, "grace"))
    own = Authenticator()
    await add(grace, own)
    assert (await boss.client.delete(f"/api/v1/members/{grace.id}")).status_code == 204
    guest = await team.somebody()
    assert (await enter(guest, own.sign(await asked(guest)))).status_code == 401


async def test_the_address_may_be_the_operators_word(settings: Settings, server: Edge, boss: Person) -> None:
    app = create_app(settings.model_copy(update={"public_url": "https://agents.example/"}))
    async with started(app), new_client(app) as client:
        options = (await client.post("/api/v1/sign-in/passkey/options", headers=OWN)).json()
        assert options["rpId"] == "agents.example"
    with pytest.raises(ValueError, match="CONDUET_PUBLIC_URL"):
        create_app(settings.model_copy(update={"public_url": "https://agents.example/app"}))


async def test_behind_a_trusted_proxy_the_origin_is_the_browsers(
    settings: Settings, server: Edge, key: Authenticator
) -> None:
    app = create_app(settings.model_copy(update={"trusted_proxies": ("198.18.0.0/15",)}))
    async with started(app), new_client(app, headers={"X-Forwarded-Proto": "https", **OWN}) as client:
        for origin, status in (("http://conduet.test", 401), ("https://conduet.test", 200)):
            key.origin = origin
            options = (await client.post("/api/v1/sign-in/passkey/options")).json()
            answer = await client.post("/api/v1/sign-in/passkey", json={"credential": key.sign(options)})
            assert answer.status_code == status
