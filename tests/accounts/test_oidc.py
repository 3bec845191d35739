"""Signing in by an identity provider: who is let in, and what is not believed."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives import hashes, hmac, serialization

from conduet.app.create import create_app
from conduet.app.edge import Edge
from conduet.settings import Settings
from tests.accounts.provider import CLIENT, SECRET, Provider, SigningKey, serving
from tests.accounts.team import OWN, PASSWORD, Person, Team
from tests.conftest import new_client, started

Sign = Callable[[dict[str, Any]], str]
CALLBACK = "/api/v1/sign-in/oidc/callback"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with serving(Provider()) as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    """One that tells the truth."""
    running.claims, running.told, running.sign = {}, {}, None
    return running


@pytest.fixture(scope="module")
async def asker(settings: Settings, server: Edge, running: Provider) -> AsyncIterator[Edge]:
    told = {"oidc_issuer": running.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    app = create_app(settings.model_copy(update=told))
    async with started(app):
        yield app


@pytest.fixture
async def people(asker: Edge) -> AsyncIterator[Team]:
    """Whoever comes to the server that has a provider."""
    async with AsyncExitStack() as stack:
        yield Team(asker, stack)


async def go(person: Person, **errand: object) -> str:
    """Where the browser is sent."""
    sent = await person.post("/sign-in/oidc", errand)
    assert sent.status_code == 200, sent.text
    return sent.json()["url"]


async def back(person: Person, answer: dict[str, str]) -> str:
    """Where the browser is led when it comes back."""
    led = await person.client.get(CALLBACK, params=answer)
    assert led.status_code == 303, led.text
    return led.headers["location"]


async def enter(person: Person, provider: Provider, subject: str, **who: Any) -> str:
    return await back(person, provider.agree(await go(person), subject=subject, **who))


async def who(person: Person) -> dict[str, Any]:
    answer = await person.client.get("/api/v1/session")
    assert answer.status_code == 200, answer.text
    return answer.json()


def mail(person: Person, name: str) -> str:
    return f"{name}-{person.id[-12:]}@example.com"


async def invite(boss: Person, name: str, role: str = "editor", **more: object) -> dict[str, Any]:
    made = await boss.post("/invitations", {"name": name, "role": role, **more})
    assert made.status_code == 201, made.text
    return made.json()


@pytest.fixture
async def grace(boss: Person, people: Team, provider: Provider) -> Person:
    """Somebody who was invited by their address, and came in."""
    email = mail(boss, "grace")
    await invite(boss, "Grace", email=email.upper())
    person = await people.somebody()
    assert await enter(person, provider, f"grace-{boss.id}", email=email) == "/"
    person.id = (await who(person))["memberId"]
    return person


async def test_who_was_invited_by_their_address_joins_and_comes_back_by_who_they_are(
    boss: Person, people: Team, grace: Person, provider: Provider
) -> None:
    members = (await boss.client.get("/api/v1/members")).json()
    assert [(each["name"], each["role"], each["email"]) for each in members[1:]] == [
        ("Grace", "editor", mail(boss, "grace"))
    ]
    assert (await boss.client.get("/api/v1/invitations")).json() == []
    again = await people.somebody()
    # Whatever their address is by now.
    assert await enter(again, provider, f"grace-{boss.id}", email="new@example.com", verified=False) == "/"
    assert (await who(again))["memberId"] == grace.id
    told = [(each["action"], each["after"]) for each in (await boss.client.get("/api/v1/audit")).json()]
    host = provider.issuer.removeprefix("http://")
    assert told[:2] == [("session.begun", {"by": host}), ("member.joined", {"by": host})]


async def test_a_member_whose_address_an_owner_named_is_known_by_it(
    boss: Person, people: Team, provider: Provider
) -> None:
    email = mail(boss, "ada")
    assert (await boss.client.patch(f"/api/v1/members/{boss.id}", json={"email": email})).status_code == 200
    person = await people.somebody()
    assert await enter(person, provider, f"ada-{boss.id}", email=email) == "/"
    assert (await who(person))["memberId"] == boss.id
    # With another address they are nobody to the provider, until it names that one.
    await boss.client.patch(f"/api/v1/members/{boss.id}", json={"email": None})
    assert await enter(await people.somebody(), provider, f"ada-{boss.id}", email=email) == "/sign-in?refused=unknown"


async def test_an_invitations_link_is_taken_whatever_the_address(
    boss: Person, people: Team, provider: Provider
) -> None:
    made = await invite(boss, "Kim", "viewer")
    person = await people.somebody()
    url = await go(person, invitation=made["token"], next="/p/proj_demo/build?tab=a")
    led = await back(person, provider.agree(url, subject=f"kim-{boss.id}"))
    assert (led, (await who(person))["role"]) == ("/p/proj_demo/build?tab=a", "viewer")
    other = await people.somebody()
    url = await go(other, invitation=made["token"])
    assert await back(other, provider.agree(url, subject=f"lee-{boss.id}")) == "/sign-in?refused=uninvited"


async def test_strangers_are_refused_on_the_sign_in_page(boss: Person, people: Team, provider: Provider) -> None:
    guest = await people.somebody()
    assert await enter(guest, provider, "stranger", email="stranger@example.com") == "/sign-in?refused=unknown"
    assert await enter(guest, provider, "stranger") == "/sign-in?refused=unknown"
    assert (await guest.client.get("/api/v1/session")).status_code == 401


@pytest.mark.parametrize("verified", [False, None, "yes", 1])
async def test_an_address_counts_only_where_the_provider_says_that_it_is_theirs(
    verified: object, boss: Person, people: Team, provider: Provider
) -> None:
    email = mail(boss, "grace")
    await invite(boss, "Grace", email=email)
    provider.claims = {"email_verified": verified}
    guest = await people.somebody()
    assert await enter(guest, provider, "thief", email=email) == "/sign-in?refused=unverified"
    provider.claims = {"email_verified": "true"}
    assert await enter(guest, provider, f"grace-{boss.id}", email=email) == "/"


async def test_an_address_that_somebody_else_has_now_opens_nothing(
    boss: Person, people: Team, grace: Person, provider: Provider
) -> None:
    guest = await people.somebody()
    assert await enter(guest, provider, "successor", email=mail(boss, "grace")) == "/sign-in?refused=unknown"


async def test_a_member_cannot_give_themselves_anybodys_address(
    boss: Person, people: Team, team: Team, provider: Provider
) -> None:
    eve = await team.invited(boss, "editor", mail(boss, "boss"))
    change = await eve.client.patch(f"/api/v1/members/{eve.id}", json={"email": mail(boss, "boss")})
    assert change.status_code == 403
    # Their sign-in name is theirs to choose, and no address.
    guest = await people.somebody()
    assert await enter(guest, provider, f"boss-{boss.id}", email=mail(boss, "boss")) == "/sign-in?refused=unknown"


async def test_of_two_accounts_that_expect_somebody_none_is_chosen(
    boss: Person, owner: httpx2.AsyncClient, people: Team, provider: Provider
) -> None:
    email = mail(boss, "both")
    await invite(boss, "Both", email=email)
    await owner.post("/api/v1/invitations", json={"name": "Both", "role": "viewer", "email": email})
    guest = await people.somebody()
    assert await enter(guest, provider, f"both-{boss.id}", email=email) == "/sign-in?refused=unknown"


def unsigned(_: Provider) -> Sign:
    return lambda claims: jwt.encode(claims, "", algorithm="none")


def garbled(_: Provider) -> Sign:
    return lambda _: "no.token"


def by_public_key(running: Provider) -> Sign:
    """HS256 with what everybody knows as its secret: libraries that ask the token how to check it believe this."""
    public = running.keys[0].key.public_key()
    secret = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(claims: dict[str, Any]) -> str:
        head = {"alg": "HS256", "typ": "JWT", "kid": running.keys[0].name}
        parts = [urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in (head, claims)]
        seal = hmac.HMAC(secret, hashes.SHA256())
        seal.update(b".".join(parts))
        return b".".join([*parts, urlsafe_b64encode(seal.finalize()).rstrip(b"=")]).decode()

    return sign


def by_strange_key(running: Provider) -> Sign:
    strange = SigningKey(running.keys[0].name)
    return lambda claims: jwt.encode(claims, strange.key, algorithm="RS256", headers={"kid": strange.name})


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        {"exp": int(time.time()) - 120},
        {"exp": None},
        {"iat": int(time.time()) + 86_400},
        {"nbf": int(time.time()) + 86_400},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
    ],
)
async def test_a_token_that_says_something_else_is_not_believed(
    claims: dict[str, Any], people: Team, boss: Person, provider: Provider
) -> None:
    await invite(boss, "Grace", email=mail(boss, "grace"))
    provider.claims = claims
    guest = await people.somebody()
    assert await enter(guest, provider, "grace", email=mail(boss, "grace")) == "/sign-in?refused=failed"
    assert (await guest.client.get("/api/v1/session")).status_code == 401


@pytest.mark.parametrize("forge", [unsigned, by_public_key, by_strange_key, garbled])
async def test_a_token_that_is_signed_otherwise_is_not_believed(
    forge: Callable[[Provider], Sign], people: Team, boss: Person, provider: Provider
) -> None:
    await invite(boss, "Grace", email=mail(boss, "grace"))
    provider.sign = forge(provider)
    assert await enter(await people.somebody(), provider, "grace", email=mail(boss, "grace")) == (
        "/sign-in?refused=failed"
    )


async def test_a_key_that_is_new_at_the_provider_is_asked_for(
    boss: Person, people: Team, grace: Person, provider: Provider
) -> None:
    provider.keys.append(SigningKey(f"of-{boss.id}"))
    before = provider.asked.count("/keys")
    for _ in range(2):
        assert await enter(await people.somebody(), provider, f"grace-{boss.id}") == "/"
    assert provider.asked.count("/keys") == before + 1


async def test_a_way_back_is_good_once(boss: Person, people: Team, grace: Person, provider: Provider) -> None:
    person = await people.somebody()
    answer = provider.agree(await go(person), subject=f"grace-{boss.id}")
    assert await back(person, answer) == "/"
    assert await back(person, answer) == "/sign-in?refused=over"


async def test_nobody_is_made_to_come_in_as_somebody_else(
    boss: Person, people: Team, grace: Person, provider: Provider
) -> None:
    """Whoever began is who comes back: an attacker's way back opens nothing in another's browser (login CSRF)."""
    attacker, victim = await people.somebody(), await people.somebody()
    answer = provider.agree(await go(attacker), subject=f"grace-{boss.id}")
    assert await back(victim, answer) == "/sign-in?refused=over"
    await go(victim)
    assert await back(victim, answer) == "/sign-in?refused=over"


@pytest.mark.parametrize("change", [{"state": "guess"}, {"state": ""}, {"iss": "https://evil.example"}, {"code": "x"}])
async def test_a_way_back_that_was_changed_leads_nowhere(
    change: dict[str, str], boss: Person, people: Team, grace: Person, provider: Provider
) -> None:
    person = await people.somebody()
    answer = provider.agree(await go(person), subject=f"grace-{boss.id}")
    assert (await back(person, {**answer, **change})).startswith("/sign-in?refused=")
    assert (await person.client.get("/api/v1/session")).status_code == 401


async def test_who_says_no_there_is_told_so(people: Team, provider: Provider) -> None:
    person = await people.somebody()
    answer = provider.agree(await go(person), subject="grace")
    denied = {"error": "access_denied", "state": answer["state"]}
    assert await back(person, denied) == "/sign-in?refused=denied"


@pytest.mark.parametrize("following", ["//evil.example", "/\\evil.example", "https://evil.example", "x", "/a\nb"])
async def test_it_leads_to_own_pages_only(following: str, people: Team) -> None:
    refused = await (await people.somebody()).post("/sign-in/oidc", {"next": following})
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "next")


async def test_another_site_can_send_nobody_there(people: Team) -> None:
    guest = await people.somebody()
    answer = await guest.client.post("/api/v1/sign-in/oidc", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


async def test_the_cookie_of_the_errand_is_for_this_browser_alone(asker: Edge) -> None:
    async with new_client(asker, headers=OWN) as browser:
        sent = await browser.post("https://conduet.test/api/v1/sign-in/oidc", json={})
        cookie = sent.headers["set-cookie"]
        assert cookie.startswith("__Host-conduet_errand=")
        assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=300"))
        assert "redirect_uri=https%3A%2F%2Fconduet.test%2Fapi%2Fv1%2Fsign-in%2Foidc%2Fcallback" in sent.json()["url"]


async def test_the_sign_in_page_knows_of_it_only_where_it_is_set(people: Team, team: Team, provider: Provider) -> None:
    host = provider.issuer.removeprefix("http://")
    assert (await (await people.somebody()).client.get("/api/v1/sign-in")).json() == {"provider": host}
    without = await team.somebody()
    assert (await without.client.get("/api/v1/sign-in")).json() == {"provider": None}
    assert (await without.post("/sign-in/oidc", {})).status_code == 404
    assert (await without.client.get(CALLBACK)).status_code == 404


async def test_a_provider_that_calls_itself_otherwise_or_is_away_is_no_provider(
    settings: Settings, server: Edge, provider: Provider
) -> None:
    told = {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    provider.told = {"issuer": "https://evil.example"}
    for issuer in (provider.issuer, "http://127.0.0.1:9"):
        app = create_app(settings.model_copy(update={**told, "oidc_issuer": issuer}))
        async with started(app), new_client(app, headers=OWN) as client:
            assert (await client.post("/api/v1/sign-in/oidc", json={})).status_code == 503


@pytest.mark.parametrize(
    "told",
    [
        {"oidc_issuer": "https://accounts.example"},
        {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET},
        {"oidc_issuer": "http://accounts.example", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET},
    ],
)
def test_settings_that_make_no_sense_are_told(told: dict[str, str], settings: Settings) -> None:
    with pytest.raises(ValueError, match="CONDUET_OIDC_ISSUER"):
        create_app(settings.model_copy(update=told))


async def test_a_password_still_opens_what_it_did(boss: Person, team: Team) -> None:
    person = await team.invited(boss, "viewer", mail(boss, "kim"))
    again = await team.somebody()
    await again.enter("/sign-in/password", {"login": mail(boss, "kim"), "password": PASSWORD})
    assert again.id == person.id
