"""Files that users send: told by their content, opened by their address alone, and gone in time."""

import hashlib
import hmac
from collections.abc import Mapping

import httpx2
import pytest

from conduet.app.edge import Edge
from conduet.conversations.store.files import AN_HOUR, KEPT_MS, PROJECT_BYTES, get_file, purge
from conduet.conversations.store.sweep import sweep
from conduet.conversations.tables import user_file
from conduet.errors import NotFound
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from tests.conftest import Owned, new_client, new_key, new_token
from tests.conversations.talking import HELLO, Talker, save

MB = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
PDF = b"%PDF-1.7\n" + b"page"
SCRIPT = b"<script>alert(document.cookie)</script>"
ORIGIN = "https://shop.example"


async def send(
    client: httpx2.AsyncClient,
    content: bytes = PNG,
    name: str = "wheel.png",
    *,
    user: str = "ada",
    mime: str = "image/png",
    base: str = "/api/v1",
    headers: Mapping[str, str] | None = None,
) -> httpx2.Response:
    files = {"file": (name, content, mime)}
    return await client.post(f"{base}/conversations/{user}/files", files=files, headers=headers)


def below(url: str) -> str:
    return httpx2.URL(url).path


async def test_a_file_is_kept_and_sent_as_an_attachment_that_runs_nothing(
    client: httpx2.AsyncClient, project: Owned
) -> None:
    sent = (await send(project.client, name="Mein Rad é.png")).json()
    assert (sent["mimeType"], sent["name"], sent["size"]) == ("image/png", "Mein Rad é.png", len(PNG))
    assert sent["url"].startswith("http://conduet.test/api/v1/files/file_")
    got = await client.get(below(sent["url"]))
    assert (got.status_code, got.content, got.headers["Content-Type"]) == (200, PNG, "image/png")
    assert got.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Mein%20Rad%20%C3%A9.png"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


async def test_an_agent_is_told_of_it_by_a_media_action(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, HELLO)
    sent = (await send(project.client)).json()
    action = {"type": "media", "payload": {"url": sent["url"], "mimeType": sent["mimeType"]}}
    assert await Talker(project.client, "ada").act(action) == ["Hello!"]


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (SCRIPT, "cat.png", "image/png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>", "cat.svg", "image/svg+xml"),
        (b"\n\n%PDF-1.7\n", "page.pdf", "application/pdf"),
        (b"GIF8", "short.gif", "image/gif"),
        (b"RIFF\0\0\0\0WAVE", "sound.webp", "image/webp"),
        (b"MZ\x90\0", "setup.png", "image/png"),
        (b"", "nothing.png", "image/png"),
    ],
)
async def test_what_is_no_picture_or_pdf_by_its_content_is_refused(
    project: Owned, content: bytes, name: str, mime: str
) -> None:
    refused = await send(project.client, content, name, mime=mime)
    assert (refused.status_code, refused.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_file_that_is_two_things_is_only_ever_the_harmless_one(
    client: httpx2.AsyncClient, project: Owned
) -> None:
    for content, name, mime, kept in (
        (b"GIF89a/*" + SCRIPT, "x.html", "text/html", "x.html.gif"),
        (PDF + SCRIPT, "../../etc/pass\\wd.svg", "image/svg+xml", "wd.svg.pdf"),
        (PNG + SCRIPT, "a\r\nSet-Cookie: b=c.htm", "text/html", "a%0D%0ASet-Cookie: b=c.htm.png"),
    ):
        sent = (await send(project.client, content, name, mime=mime)).json()
        assert sent["name"] == kept
        got = await client.get(below(sent["url"]))
        assert got.headers["Content-Type"] in ("image/gif", "application/pdf", "image/png")
        assert "Set-Cookie" not in got.headers


async def test_what_is_no_upload_or_too_large_is_refused(project: Owned) -> None:
    path = "/api/v1/conversations/ada/files"
    assert (await project.client.post(path, json={"file": "x"})).status_code == 415
    assert (await project.client.post(path, files={"picture": ("x.png", PNG)})).status_code == 400
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"--x\r\nnonsense", b"--x\r\n\r\n--x--", b"", b"\xff" * 1000):
        assert (await project.client.post(path, content=body, headers=broken)).status_code == 400, body
    two = [("file", ("a.png", PNG)), ("file", ("b.png", PNG))]
    assert (await project.client.post(path, files=two)).status_code == 400
    assert (
        await project.client.post(path, content=PNG, headers={"Content-Type": "multipart/form-data"})
    ).status_code == 400
    for size in (10 * MB + 1, 12 * MB):
        large = await send(project.client, PNG.ljust(size, b"\0"))
        assert (large.status_code, large.json()["code"]) == (413, "PAYLOAD_TOO_LARGE"), size
    assert (await send(project.client, PNG.ljust(10 * MB, b"\0"))).status_code == 201


async def test_an_address_opens_that_file_and_nothing_else(client: httpx2.AsyncClient, project: Owned) -> None:
    path = below((await send(project.client)).json()["url"])
    for tried in (
        path[:-1],
        f"{path}/../{path}",
        f"{path}%2F",
        f"{path}%00",
        "/api/v1/files/file_",
        "/api/v1/files/%25",
    ):
        assert (await client.get(tried)).status_code in (400, 404), tried
    assert (await client.post(path)).status_code == 405


async def test_nobody_sends_files_without_end(project: Owned) -> None:
    for _ in range(AN_HOUR):
        assert (await send(project.client, user="bob")).status_code == 201
    refused = await send(project.client, user="bob")
    assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMITED")
    assert 3_500 < int(refused.headers["Retry-After"]) <= 3_600
    assert (await send(project.client, user="carol")).status_code == 201


async def test_a_project_keeps_so_much_and_no_more(project: Owned, database: Database) -> None:
    assert (await send(project.client)).status_code == 201
    whole = user_file.update().where(user_file.c.project_id == project.id).values(size=PROJECT_BYTES - 1)
    database.write_now(lambda tx: tx.execute(whole))
    assert (await send(project.client, user="bob")).status_code == 413


async def test_files_go_after_30_days_and_with_their_user(
    client: httpx2.AsyncClient, project: Owned, database: Database
) -> None:
    kept, old, gone = [(await send(project.client, user=user)).json()["url"] for user in ("ada", "bob", "carol")]
    file_id = old.rpartition("/")[2]
    moment = milliseconds(now())
    with pytest.raises(NotFound):
        database.read_now(lambda tx: get_file(tx, file_id, now=moment + KEPT_MS + 1000))
    aged = user_file.update().where(user_file.c.id == file_id).values(created_at=moment - KEPT_MS - 1)
    database.write_now(lambda tx: tx.execute(aged))
    assert (await client.get(below(old))).status_code == 404
    database.write_now(sweep)
    left = database.read_now(lambda tx: tx.execute(user_file.select().where(user_file.c.id == file_id)).all())
    assert left == []
    assert (await project.client.delete("/api/v1/users/carol")).status_code == 204
    assert (await client.get(below(gone))).status_code == 404
    assert (await client.get(below(kept))).status_code == 200
    database.write_now(lambda tx: purge(tx, now=0))


async def test_a_page_sends_files_for_its_own_users_only(
    server: Edge, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, HELLO)
    await Talker(project.client, "alice").launch()
    secret = (await owner.post(f"/api/v1/projects/{project.id}/identity-secret")).json()
    identity = next(iter(secret.values()))
    key = await new_key(owner, project.id, type="widget", allowedOrigins=[ORIGIN])
    async with new_client(server, key=key, headers={"Origin": ORIGIN}) as page:
        assert (await send(page, user="visitor")).status_code == 201
        assert (await send(page, user="alice")).status_code == 404
        proof = hmac.new(identity.encode(), b"alice", hashlib.sha256).hexdigest()
        assert (await send(page, user="alice", headers={"X-User-Hash": proof})).status_code == 201
        assert (await send(page, user="visitor", headers={"Origin": "https://evil.example"})).status_code == 401


async def test_a_page_is_told_what_its_user_sent_where_it_was_said(
    server: Edge, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, HELLO)
    key = await new_key(owner, project.id, type="widget", allowedOrigins=[ORIGIN])
    async with new_client(server, key=key, headers={"Origin": ORIGIN}) as page:
        user, other = Talker(page, "visitor"), Talker(page, "other")

        async def share(name: str, content: bytes = PNG) -> str:
            sent = (await send(page, content, name, user="visitor")).json()
            # However its JSON was written.
            payload = {"mimeType": sent["mimeType"], "url": sent["url"]}
            await user.act({"payload": payload, "type": "media"})
            return sent["url"]

        async def history(talker: Talker) -> list[dict[str, object]]:
            return (await page.get(talker.path("state"))).json()["history"]

        first = await share("wheel.png")
        await user.say("Look at this.")
        second = await share("bill", PDF)
        said = await history(user)
        assert [(each["role"], each["content"]) for each in said] == [
            ("user", first),
            ("assistant", "Hello!"),
            ("user", "Look at this."),
            ("assistant", "Hello!"),
            ("user", second),
            ("assistant", "Hello!"),
        ]
        assert [each.get("file") for each in said if "file" in each] == [
            {"url": first, "mimeType": "image/png", "name": "wheel.png"},
            {"url": second, "mimeType": "application/pdf", "name": "bill.pdf"},
        ]
        assert said[0]["turnId"] == said[1]["turnId"]
        # What is counted as a message, and what clients of the API read, is as before.
        [transcript] = (await project.client.get("/api/v1/transcripts")).json()
        assert transcript["messageCount"] == 4
        told = (await project.client.get(user.path("state"))).json()
        assert [each["role"] for each in told["history"]] == ["assistant", "user", "assistant", "assistant"]
        await other.say("Hi")
        assert not any("file" in each for each in await history(other))
        # Reset: what was sent before is before.
        assert (await page.delete(user.path("state"))).status_code == 204
        assert await history(user) == []
        third = await share("new.png")
        assert [each["content"] for each in await history(user)] == [third, "Hello!"]


async def test_a_transcript_tells_what_the_user_sent_where_it_is_asked_to(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, HELLO)
    user = Talker(project.client, "ada")
    sent = (await send(project.client)).json()
    await user.act({"type": "media", "payload": {"url": sent["url"], "mimeType": sent["mimeType"]}})
    await user.say("Look at this.")
    [listed] = (await project.client.get("/api/v1/transcripts")).json()
    path = f"/api/v1/transcripts/{listed['id']}"
    assert "files" not in (await project.client.get(path, params={"include": "traces"})).json()
    whole = (await project.client.get(path, params={"include": "files,traces"})).json()
    assert [(each["url"], each["mimeType"], each["name"]) for each in whole["files"]] == [
        (sent["url"], "image/png", "wheel.png")
    ]
    assert whole["files"][0]["turnId"] == whole["traces"][0]["turnId"]
    # Of another conversation nothing.
    await user.act({"type": "launch"})
    other = Talker(project.client, "ben")
    await other.say("Hi")
    listed = (await project.client.get("/api/v1/transcripts", params={"userId": "ben"})).json()[0]
    told = (await project.client.get(f"/api/v1/transcripts/{listed['id']}", params={"include": "files"})).json()
    assert told["files"] == []


async def test_a_developer_sends_for_a_user_and_a_stranger_does_not(
    server: Edge, database: Database, owner: httpx2.AsyncClient, project: Owned
) -> None:
    for base in ("/api/v1", "/v1"):
        assert (await send(owner, base=f"{base}/projects/{project.id}")).status_code == 201
    async with new_client(server, key=new_token(database)) as stranger:
        assert (await send(stranger, base=f"/api/v1/projects/{project.id}")).status_code == 404
    async with new_client(server) as nobody:
        assert (await send(nobody)).status_code == 401
