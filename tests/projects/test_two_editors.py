"""Two people edit one large document at the same time: nothing is lost, and every conflict is told.

For longer than a moment, with the counts: `EDIT_SECONDS=60 sh scripts/with-postgres.sh .venv/bin/pytest -s -n 0
tests/projects/test_two_editors.py`.
"""

import asyncio
import os
import random
import time
from typing import Any

import httpx2
import pytest

from tests.conftest import Owned
from tests.engine.talk import step, workflow

STEPS = 500
SAVES = 6
SECONDS = float(os.environ.get("EDIT_SECONDS", "0"))
"""How long they edit at least."""


def large() -> dict[str, Any]:
    return workflow("main", *(step(f"s{number}", "message", text="0") for number in range(STEPS)))


class Editor:
    """A client that keeps the document's revision, and reads it again after each conflict."""

    def __init__(self, client: httpx2.AsyncClient, path: str, own: range) -> None:
        self.client = client
        self.path = path
        self.own = own
        self.written: dict[int, str] = {}
        self.revisions: list[str] = []
        self.conflicts = 0
        self.chance = random.Random(own.start)

    async def edit(self, tag: str, index_of: dict[str, int]) -> None:
        read = await self.client.get(self.path)
        count, until = 0, time.monotonic() + SECONDS
        while count < SAVES or time.monotonic() < until:
            count += 1
            number, text = self.chance.choice(self.own), f"{count} by {self.own.start}"
            place = f"/workflows/0/steps/{index_of[f's{number}']}/config/text"
            while True:
                saved = await self.client.patch(
                    self.path,
                    json=[{"op": "replace", "path": place, "value": text}],
                    headers={"If-Match": tag, "Content-Type": "application/json-patch+json"},
                )
                if saved.status_code == 200:
                    break
                assert (saved.status_code, saved.json()["code"]) == (412, "PRECONDITION_FAILED")
                assert saved.headers["ETag"] != tag
                self.conflicts += 1
                read = await self.client.get(self.path)
                tag = read.headers["ETag"]
            tag = saved.headers["ETag"]
            self.revisions.append(tag)
            self.written[number] = text
            await asyncio.sleep(0)


@pytest.mark.slow
async def test_two_clients_that_edit_at_once_lose_nothing(owner: httpx2.AsyncClient, project: Owned) -> None:
    path = f"/api/v1/projects/{project.id}"
    made = await owner.patch(path, json={"workflows": [large()]})
    assert made.status_code == 200, made.text
    steps = made.json()["workflows"][0]["steps"]
    index_of = {each["id"]: index for index, each in enumerate(steps)}
    editors = [Editor(owner, path, range(STEPS // 2)), Editor(owner, path, range(STEPS // 2, STEPS))]
    await asyncio.gather(*(each.edit(made.headers["ETag"], index_of) for each in editors))
    after = await owner.get(path)
    texts = {each["id"]: each["config"].get("text") for each in after.json()["workflows"][0]["steps"]}
    for editor in editors:
        assert {number: texts[f"s{number}"] for number in editor.written} == editor.written
    untouched = set(range(STEPS)) - {number for editor in editors for number in editor.written}
    assert {texts[f"s{number}"] for number in untouched} == {"0"}
    # Each save is a revision of its own, and they did meet.
    revisions = [revision for editor in editors for revision in editor.revisions]
    assert len({*revisions}) == len(revisions) >= 2 * SAVES
    conflicts = sum(editor.conflicts for editor in editors)
    assert conflicts > 0
    assert after.json()["revision"] == made.json()["revision"] + len(revisions)
    # For who runs it by hand.
    print(f"{len(revisions)} edits, {conflicts} conflicts told, 0 lost")  # noqa: T201  # what `pytest -s` is run for
