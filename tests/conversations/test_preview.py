"""The dashboard's preview of the widget: what is said there is what is tried, and nobody else can say so of theirs."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx2
import pytest

from conduet.accounts.session_store import add_link
from conduet.accounts.store import add_account
from conduet.app.edge import Edge
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from tests.conftest import new_client, new_key

OWN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Site:
    """A project, its owner at a browser, and the widget key of its chat page."""

    server: Edge
    owner: httpx2.AsyncClient
    path: str
    key: str

    async def launch(self, user_id: str, *, headers: dict[str, str], cookies: bool) -> None:
        """A page is opened, in the owner's browser or in another's."""
        async with new_client(self.server, key=self.key, headers=headers) as page:
            if cookies:
                page.cookies.update(self.owner.cookies)
            body = {"action": {"type": "launch"}, "versionId": "development"}
            answer = await page.post(f"/api/v1/conversations/{user_id}/interact", json=body)
            assert answer.status_code == 200, answer.text

    async def platforms(self, query: str = "") -> list[str]:
        """Where those came from whose conversations are told of."""
        answer = await self.owner.get(f"{self.path}/transcripts{query}")
        return [each["platform"] for each in answer.json()]


@pytest.fixture
async def site(server: Edge, database: Database) -> AsyncIterator[Site]:
    ada = database.write_now(lambda tx: add_account(tx, name="Test", owner="Ada", now_ms=milliseconds(now())))
    link = database.write_now(lambda tx: add_link(tx, ada, now_ms=milliseconds(now())))
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(new_client(server, headers=OWN))
        entered = await owner.post("/api/v1/sign-in", json={"token": link})
        owner.headers["X-CSRF-Token"] = entered.json()["csrfToken"]
        project = (await owner.post("/api/v1/projects", json={"name": "Shop"})).json()["id"]
        key = await new_key(owner, project, type="widget", allowedOrigins=["https://shop.example"])
        yield Site(server, owner, f"/api/v1/projects/{project}", key)


async def test_a_preview_in_the_dashboard_counts_nowhere(site: Site) -> None:
    await site.launch("preview-1", headers=OWN, cookies=True)
    assert await site.platforms() == []
    assert await site.platforms("?include=dashboard") == ["dashboard"]
    assert (await site.owner.get(f"{site.path}/analytics")).json()["conversations"] == 0


@pytest.mark.parametrize(
    ("user_id", "site_of", "cookies"),
    [("preview-1", "same-origin", False), ("preview-1", "cross-site", True), ("visitor-1", "same-origin", True)],
    ids=["a stranger", "another site", "the chat page"],
)
async def test_nothing_else_is_a_preview(site: Site, user_id: str, site_of: str, cookies: bool) -> None:
    await site.launch(user_id, headers={"Sec-Fetch-Site": site_of}, cookies=cookies)
    assert await site.platforms() == ["web"]
