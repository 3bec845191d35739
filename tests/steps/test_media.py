"""The step `media`."""

import pytest

from tests.engine.talk import Talk, line, step


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file"])
async def test_media_are_shown_as_a_trace_of_their_kind(kind: str) -> None:
    shown = step(
        "show", "media", kind=kind, url="https://a.example/{{sys.userId}}", alt="A {{sys.platform}}", mimeType="x/y"
    )
    talk = Talk(line(shown, step("say", "message", text="There.")))
    media, text = await talk.traces("launch", None)
    assert (media.type, media.payload()) == (
        kind,
        {"url": "https://a.example/user_1", "alt": "A api", "mimeType": "x/y"},
    )
    assert text.payload() == {"message": "There."}


async def test_what_is_not_said_is_left_out() -> None:
    (media,) = await Talk(line(step("show", "media", url="https://a.example/x.png"))).traces("launch", None)
    assert media.payload() == {"url": "https://a.example/x.png"}


async def test_without_an_address_the_step_is_unfinished() -> None:
    assert await Talk(line(step("show", "media"))).launch() == ["error UNFINISHED_STEP"]
