"""Pictures of posts: looked at when they are written, uploaded as they were approved, told to those who do not see."""

from itertools import pairwise
from typing import Any

import pytest

from tests.deployments.calling import PNG
from tests.engine.talk import step, workflow
from tests.outbound.press import Press
from tests.outbound.vendors import LinkedIn, X

JPEG = b"\xff\xd8\xff\xe0picture"
GIF = b"GIF89a picture"
ALT = "A bicycle before the shop"


@pytest.fixture
def x(press: Press) -> X:
    found = press.own_place.systems.apis[press.line.project] = X()
    return found


@pytest.fixture
def linkedin(press: Press) -> LinkedIn:
    found = press.own_place.systems.apis[press.line.project] = LinkedIn(press.line.receiver.url)
    return found


def at_x(press: Press) -> dict[str, Any]:
    config = {"refreshToken": "{{secrets.X_REFRESH}}", "clientId": "{{secrets.X_APP}}"}
    return {"connector": "x", "config": {**config, "baseUrl": press.line.receiver.url}}


def at_linkedin(press: Press) -> dict[str, Any]:
    config = {"accessToken": "{{secrets.CMS}}", "author": "urn:li:organization:1", "baseUrl": press.line.receiver.url}
    return {"connector": "linkedin", "config": config}


async def written(press: Press, target: dict[str, Any], *pictures: tuple[str, str]) -> dict[str, Any]:
    """A run that waits, with these pictures: the name and the alternative text of each."""
    steps = [
        step(f"p{number}", "media", kind="image", url=f"{press.line.receiver.url}/{name}", alt=alt)
        for number, (name, alt) in enumerate(pictures)
    ]
    names = ["start", "say", *(each["id"] for each in steps)]
    wires = ", ".join(f"{one} > {other}" for one, other in pairwise(names))
    writer = workflow("writer", step("say", "message", text="We open on Saturdays."), *steps, wires=wires)
    await press.save(writer, targets=[target])
    secrets = [{"name": "X_REFRESH", "value": "refresh-0"}, {"name": "X_APP", "value": "app"}]
    await press.owner.patch(press.line.path, json={"secrets": secrets})
    return await press.waiting()


async def published(press: Press, run: dict[str, Any]) -> dict[str, Any]:
    answer = await press.post(run, "approve")
    assert answer.status_code == 200, answer.text
    return await press.until(run, "published")


async def test_pictures_go_to_x_with_their_words_before_the_post(press: Press, x: X) -> None:
    x.files = {"a.png": PNG, "b.jpg": JPEG}
    run = await written(press, at_x(press), ("a.png", ALT), ("b.jpg", ""))
    assert run["problems"] == []
    url = press.line.receiver.url
    assert run["images"] == [f"{url}/a.png", f"{url}/b.jpg"]
    assert run["pictures"] == [
        {"url": f"{url}/a.png", "alt": ALT, "mimeType": "image/png", "size": len(PNG), "problem": None},
        {"url": f"{url}/b.jpg", "alt": "", "mimeType": "image/jpeg", "size": len(JPEG), "problem": None},
    ]
    await published(press, run)
    assert x.media == [
        {"category": "tweet_image", "type": "image/png", "content": PNG},
        {"category": "tweet_image", "type": "image/jpeg", "content": JPEG},
    ]
    assert x.alts == {"m1": ALT}
    assert x.posts == [{"text": "We open on Saturdays.", "media": {"media_ids": ["m1", "m2"]}}]


@pytest.mark.parametrize("count", [1, 2])
async def test_pictures_go_to_linkedin_one_or_several(press: Press, linkedin: LinkedIn, count: int) -> None:
    linkedin.files = {"a.png": PNG, "b.gif": GIF}
    run = await written(press, at_linkedin(press), *(("a.png", ALT), ("b.gif", ""))[:count])
    await published(press, run)
    kept = {"urn:li:image:1": ("image/png", PNG), "urn:li:image:2": ("image/gif", GIF)}
    assert linkedin.kept == dict([*kept.items()][:count])
    first = {"id": "urn:li:image:1", "altText": ALT}
    several = {"multiImage": {"images": [first, {"id": "urn:li:image:2"}]}}
    assert linkedin.posts[0]["content"] == ({"media": first} if count == 1 else several)


async def test_what_a_target_would_not_take_is_told_before_the_approval(press: Press, x: X) -> None:
    x.files = {"a.gif": GIF, "large.png": PNG + bytes(5_000_000), "a.png": PNG}
    run = await written(press, at_x(press), ("a.gif", ""), ("large.png", ""), ("gone.png", ""), ("a.png", "a" * 1_001))
    told = [each["message"] for each in run["problems"]]
    assert told[0] == "Picture 1 is image/gif; x takes JPEG, PNG, WebP."
    assert told[1].startswith("Picture 2 has 5,000,")
    assert told[2].startswith("Picture 3 cannot be uploaded to x: The file was answered with status 401")
    assert told[3] == "The alternative text of picture 4 has 1,001 characters; at most 1,000."
    assert (await press.post(run, "approve")).status_code == 400
    five = await written(press, at_x(press), *(("a.png", "") for _ in range(5)))
    assert [each["message"] for each in five["problems"]] == ["There are 5 pictures; x takes at most 4."]


async def test_a_picture_that_was_changed_after_the_approval_is_not_published(press: Press, x: X) -> None:
    x.files = {"a.png": PNG}
    run = await written(press, at_x(press), ("a.png", ALT))
    x.files = {"a.png": PNG + b"another"}
    await press.post(run, "approve")
    failed = await press.until(run, "failed")
    assert "is another one than was approved" in failed["problem"]
    assert (x.media, x.posts) == ([], [])


async def test_an_upload_that_fails_is_done_again_and_nothing_is_posted_twice(press: Press, x: X) -> None:
    x.files, x.refuses = {"a.png": PNG}, {"upload": [500], "metadata": [503]}
    done = await published(press, await written(press, at_x(press), ("a.png", ALT)))
    assert (done["targets"][0]["attempts"], len(x.posts)) == (3, 1)
    assert x.posts[0]["media"] == {"media_ids": ["m2"]}
    x.refuses = {"upload": [413]}
    run = await written(press, at_x(press), ("a.png", ALT))
    await press.post(run, "approve")
    failed = await press.until(run, "failed")
    assert failed["problem"] == "x: X refused the message (status 413): Refused."


async def test_no_token_goes_to_a_place_that_is_not_linkedins(press: Press, linkedin: LinkedIn) -> None:
    linkedin.files, linkedin.place = {"a.png": PNG}, "https://linkedin.com.evil.example"
    run = await written(press, at_linkedin(press), ("a.png", ""))
    await press.post(run, "approve")
    failed = await press.until(run, "failed")
    assert "not its own" in failed["problem"]
    assert linkedin.posts == []


async def test_words_of_a_picture_are_part_of_what_is_approved(press: Press, x: X) -> None:
    x.files = {"a.png": PNG}
    hashes = set[str]()
    for alt in ("", ALT):
        run = await written(press, at_x(press), ("a.png", alt))
        hashes.add((await published(press, run))["approval"]["sha256"])
    assert len(hashes) == 2
