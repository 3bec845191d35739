"""What was said, as each channel would show it."""

from typing import Any

import httpx2
import pytest

from tests.conftest import Owned

ASKED = {
    "traces": [
        {"type": "text", "payload": {"message": "Which **size**?"}},
        {
            "type": "buttons",
            "payload": {
                "buttons": [{"id": name, "label": name.title(), "value": name} for name in ("small", "medium", "large")]
            },
        },
        {"type": "typing", "payload": {"seconds": 1}},
    ]
}
ODD: tuple[dict[str, Any], ...] = (
    {"type": "text", "payload": {}},
    {"type": "buttons", "payload": {"buttons": [{}]}},
    {"type": "buttons", "payload": {"buttons": "x"}},
    {"type": "carousel", "payload": {"cards": [{"title": "x", "buttons": 3}]}},
)
SIZES = ["Small", "Medium", "Large"]


async def shown(owner: httpx2.AsyncClient, project: Owned, channel: str) -> httpx2.Response:
    return await owner.post(f"/api/v1/projects/{project.id}/channels/{channel}/preview", json=ASKED)


@pytest.mark.parametrize("channel", ["whatsapp", "messenger", "instagram", "telegram", "slack", "wechat"])
async def test_where_there_are_buttons_they_can_be_pressed(
    owner: httpx2.AsyncClient, project: Owned, channel: str
) -> None:
    (message,) = (await shown(owner, project, channel)).json()["messages"]
    assert "size" in message["text"]
    assert message["options"] == SIZES


@pytest.mark.parametrize("channel", ["sms", "email"])
async def test_where_there_are_none_they_are_numbers_to_write(
    owner: httpx2.AsyncClient, project: Owned, channel: str
) -> None:
    (message,) = (await shown(owner, project, channel)).json()["messages"]
    assert "2. Medium" in message["text"]
    assert (message["options"], message["numbered"]) == ([], SIZES)


async def test_what_is_no_channel_or_shows_what_the_page_shows_is_refused(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    for channel in ("pigeon", "web"):
        answer = await shown(owner, project, channel)
        assert answer.status_code == 400
        assert answer.json()["details"][0]["path"] == "channel"


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "slack", "email", "sms"])
async def test_what_no_turn_says_is_told_by_its_place_and_what_is_endless_is_not_taken(
    owner: httpx2.AsyncClient, project: Owned, channel: str
) -> None:
    path = f"/api/v1/projects/{project.id}/channels/{channel}/preview"
    said = {"type": "text", "payload": {"message": "Hello"}}
    for odd in ODD:
        answer = await owner.post(path, json={"traces": [said, odd]})
        assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, "traces[1].payload"), answer.text
    endless = {"traces": [{"type": "text", "payload": {"message": "*a " * 30_000}}]}
    assert (await owner.post(path, json=endless)).status_code == 413


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "slack", "sms", "messenger", "instagram", "wechat"])
async def test_words_that_nobody_sees_are_no_message(owner: httpx2.AsyncClient, project: Owned, channel: str) -> None:
    path = f"/api/v1/projects/{project.id}/channels/{channel}/preview"
    blank = {"type": "text", "payload": {"message": " \n\t "}}
    answer = await owner.post(path, json={"traces": [blank]})
    assert (answer.status_code, answer.json()) == (200, {"messages": []})
