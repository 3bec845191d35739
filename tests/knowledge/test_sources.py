"""Pages of the web over HTTP: a site becomes documents, is looked at again, and goes as it came."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from conduet.app.create import create_app
from conduet.jobs.tables import job
from conduet.kit.db import Database, open_database
from conduet.settings import Settings
from tests.conftest import DIALECTS, described, migrated_database, new_client, new_token, started
from tests.knowledge.sites import Site, html, served

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """A server that may read pages of this machine, one of its owners, and its database."""

    client: httpx2.AsyncClient
    database: Database


@pytest.fixture(scope="module", params=DIALECTS)
async def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    folder = tmp_path_factory.mktemp("sources")
    async with _serving(request.param, folder) as place:
        yield place


@asynccontextmanager
async def _serving(dialect: str, folder: Path) -> AsyncGenerator[Place]:
    with migrated_database(dialect, folder) as url:
        settings = Settings(data=folder, database_url=url, allow_private_urls="on", crawl_pause=0.0, demo=False)
        app = create_app(settings)
        async with started(app):
            await described(app).load()
            database = open_database(url, run_dir=settings.run_dir)
            async with new_client(app, key=new_token(database)) as client:
                yield Place(client, database)
            database.close_now()


class Base:
    """The knowledge base of a new project."""

    def __init__(self, place: Place, project_id: str) -> None:
        self.path = f"/api/v1/projects/{project_id}/knowledge-base"
        self.client = place.client
        self._database = place.database

    async def add(self, url: str, *, name: str = "Shop", **crawl: Any) -> str:
        """Has an address read; the id of its first document."""
        made = await self.client.post(f"{self.path}/upload", json={"name": name, "url": url, "crawl": crawl})
        assert made.status_code == 201, made.text
        assert made.json() == {"id": made.json()["id"], "name": name, "type": "url", "status": "processing"}
        return made.json()["id"]

    async def read(self, url: str, **how: Any) -> dict[str, Any]:
        """Has an address read; its first document once that is over."""
        return await self.ended(await self.add(url, **how))

    async def ended(self, document_id: str) -> dict[str, Any]:
        """A document once it is ready or has failed."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = await self.get(document_id)
                if found["status"] != "processing":
                    return found
                await asyncio.sleep(0.05)

    async def get(self, document_id: str) -> dict[str, Any]:
        """A document."""
        return (await self.client.get(f"{self.path}/{document_id}")).raise_for_status().json()

    async def delete(self, document_id: str) -> None:
        """Deletes a document."""
        assert (await self.client.delete(f"{self.path}/{document_id}")).status_code == 204

    async def pages(self, **query: str) -> dict[str, dict[str, Any]]:
        """The documents by the ends of their addresses."""
        listed = (await self.client.get(self.path, params=query)).raise_for_status().json()["documents"]
        return {"/" + each["url"].split("/", 3)[3]: each for each in listed}

    async def find(self, query: str) -> list[dict[str, Any]]:
        """What is found for a question."""
        return (await self.client.post(f"{self.path}/search", json={"query": query})).raise_for_status().json()

    async def look_again(self, document_id: str) -> None:
        """Lets the next look at a source be due, and waits until it and what it brought are over."""
        due = sa.update(job).where(job.c.kind == "crawl", job.c.key == document_id).values(run_at=0)
        assert self._database.write_now(lambda tx: tx.execute(due)).rowcount == 1
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if not self.jobs(due_only=True):
                    return
                await asyncio.sleep(0.05)

    def jobs(self, *, due_only: bool = False) -> list[tuple[str, str]]:
        """Kind and key of the project's jobs."""
        mine = sa.select(job.c.kind, job.c.key).where(job.c.project_id == self.path.split("/")[4])
        if due_only:
            mine = mine.where(sa.or_(job.c.every.is_(None), job.c.run_at == 0))
        return [tuple(row) for row in self._database.read_now(lambda tx: tx.execute(mine).all())]


@pytest.fixture
async def base(place: Place) -> Base:
    made = await place.client.post("/api/v1/projects", json={"name": "Test"})
    assert made.status_code == 201, made.text
    return Base(place, made.json()["id"])


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A home page, two pages that it leads to, and one behind these."""
    async with served() as site:
        site.pages = {
            "/": html("Home <p>We mend bicycles by the river.</p> <a href=/hours>h</a> <a href=/prices>p</a>"),
            "/hours": html("Hours <p>The shop is open from nine to six.</p> <a href=/hours/holidays>h</a>"),
            "/prices": html("Prices <p>A new tyre costs 26 euros.</p>"),
            "/hours/holidays": html("Holidays <p>In August the shop is closed.</p>"),
        }
        yield site


async def test_a_site_becomes_documents_under_the_first_of_them(base: Base, site: Site) -> None:
    crawl = {"mode": "site", "depth": 1, "include": ["/*"], "exclude": ["/prices"], "refresh": "daily"}
    first = await base.read(site.url("/"), **crawl)
    assert (first["status"], first["progress"], first["error"], first["sourceId"]) == ("ready", 100, None, first["id"])
    assert first["crawl"] == {**crawl, "maxPages": 200}
    pages = await base.pages(sourceId=first["id"])
    assert {path: (page["name"], page["status"]) for path, page in pages.items()} == {
        "/": ("Shop", "ready"),
        "/hours": ("Hours", "ready"),
    }
    assert pages["/hours"]["sourceId"] == first["id"]
    best = (await base.find("When is the shop open?"))[0]
    assert (best["documentName"], best["url"]) == ("Hours", site.url("/hours"))
    assert best["crawledAt"] == pages["/hours"]["crawledAt"]


async def test_a_sitemap_is_read_page_by_page(base: Base, site: Site) -> None:
    urls = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in ("/hours", "/prices"))
    site.pages["/sitemap.xml"] = (200, {"Content-Type": "text/xml"}, f"<urlset>{urls}</urlset>".encode())
    first = await base.read(site.url("/"), mode="sitemap", maxPages=1)
    assert (await base.pages()).keys() == {"/hours"}
    assert (first["name"], first["url"]) == ("Shop", site.url("/hours"))
    second = await base.read(site.url("/"), mode="sitemap")
    assert (await base.pages()).keys() == {"/hours", "/prices"}, "the second took the place of the first"
    assert first["id"] not in {page["id"] for page in (await base.pages()).values()}
    assert second["status"] == "ready"


@pytest.mark.slow
async def test_a_second_look_touches_only_what_has_changed(base: Base, site: Site) -> None:
    first = await base.read(site.url("/"), mode="site", depth=3, refresh="weekly")
    before = await base.pages()
    assert before.keys() == site.pages.keys()
    site.forget()
    site.pages["/prices"] = html("Prices <p>A new tyre costs 31 euros.</p>")
    del site.pages["/hours/holidays"]
    site.pages["/new"] = html("New <p>We rent out cargo bikes.</p>")
    site.pages["/"] = html("Home <a href=/hours>h</a> <a href=/prices>p</a> <a href=/new>n</a> <p>By the river.</p>")
    await base.look_again(first["id"])
    after = await base.pages()
    assert after.keys() == site.pages.keys()
    assert {path: after[path]["id"] for path in ("/", "/hours", "/prices")} == {
        path: before[path]["id"] for path in ("/", "/hours", "/prices")
    }
    assert "/hours" not in site.sent
    assert after["/hours"]["crawledAt"] > before["/hours"]["crawledAt"]
    assert (await base.find("When is the shop open?"))[0]["crawledAt"] == after["/hours"]["crawledAt"]
    best = (await base.find("What does a tyre cost?"))[0]
    assert "31 euros" in best["content"]
    assert not any("26 euros" in each["content"] for each in await base.find("tyre 26 euros"))


@pytest.mark.slow
async def test_a_site_that_is_down_leaves_all_as_it_was(base: Base, site: Site) -> None:
    first = await base.read(site.url("/"), mode="site", refresh="daily")
    kept = dict(site.pages)
    site.pages = {path: (503, {}, b"") for path in kept}
    await base.look_again(first["id"])
    pages = await base.pages()
    assert pages.keys() == kept.keys()
    assert {page["status"] for page in pages.values()} == {"ready"}
    assert "status 503" in pages["/"]["error"]
    site.pages = kept
    await base.look_again(first["id"])
    assert (await base.get(first["id"]))["error"] is None


async def test_a_page_that_was_deleted_stays_away_and_the_first_takes_all_with_it(base: Base, site: Site) -> None:
    first = await base.read(site.url("/"), mode="site", refresh="daily")
    await base.delete((await base.pages())["/prices"]["id"])
    site.pages["/prices"] = html("Prices <p>All is new here.</p>")
    await base.look_again(first["id"])
    assert "/prices" not in await base.pages()
    await base.delete(first["id"])
    assert (await base.pages(), base.jobs()) == ({}, [])
    assert await base.find("When is the shop open?") == []


async def test_what_could_not_be_read_is_told_at_the_first(base: Base, site: Site) -> None:
    site.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /prices\n")
    site.pages["/hours"] = (500, {}, b"")
    first = await base.read(site.url("/"), mode="site")
    assert first["status"] == "ready"
    assert first["error"].startswith("2 pages could not be read; the first is http://127.0.0.1")
    assert (await base.pages()).keys() == {"/"}
    failed = await base.read(site.url("/hours"), name="Hours")
    assert (failed["status"], failed["error"]) == ("failed", "The site answered with status 500.")
    broken = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.7 and then nothing")
    site.pages["/list.pdf"] = broken
    failed = await base.read(site.url("/list.pdf"), name="List")
    assert (failed["status"], failed["error"][:17]) == ("failed", "The PDF is broken")


async def test_a_source_can_be_deleted_while_it_is_read(base: Base, site: Site) -> None:
    first = await base.add(site.url("/"), mode="site", depth=3)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await site.first.wait()
    await base.delete(first)
    await asyncio.sleep(0.5)
    assert (await base.pages(), base.jobs()) == ({}, [])


@pytest.mark.parametrize(
    ("crawl", "where"),
    [
        ({"mode": "all"}, "crawl.mode"),
        ({"depth": 11}, "crawl.depth"),
        ({"maxPages": 0}, "crawl.maxPages"),
        ({"include": [""]}, "crawl.include[0]"),
        ({"refresh": "hourly"}, "crawl.refresh"),
    ],
)
async def test_a_crawl_that_makes_no_sense_is_refused_by_its_field(base: Base, crawl: Any, where: str) -> None:
    body = {"name": "Shop", "url": "http://127.0.0.1/", "crawl": crawl}
    refused = await base.client.post(f"{base.path}/upload", json=body)
    assert refused.status_code == 400
    assert [detail["path"] for detail in refused.json()["details"]] == [where]
