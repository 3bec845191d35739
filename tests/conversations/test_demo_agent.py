"""What the demo's agent says with no key at all: the built-in model, through HTTP."""

import httpx2

from conduet.projects.demo import read_demo
from tests.conftest import Owned
from tests.conversations.talking import Talker, publish

GIVEN = ("name", "variables", "workflows", "intents", "events", "behaviourConfig", "language")
CALLS = ("tool_call", "tool-call")


async def test_a_bike_is_rented_without_any_key(owner: httpx2.AsyncClient, project: Owned) -> None:
    demo = read_demo()
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json={name: demo[name] for name in GIVEN})
    assert saved.status_code == 200, saved.text
    await publish(owner, project)
    user = Talker(project.client)
    await user.say("Hi")
    said = [
        [line for line in await user.say(words) if line not in CALLS]
        for words in (
            "I would like to rent a bike",
            "2027-05-03",
            "Thank you!",
            "for 3 days, please",
            "it's ann@example.org",
        )
    ]
    assert said == [
        ["Which day would you like to have it?"],
        ["For how many days?"],
        ["You are welcome. For how many days?"],
        ["What is your email?"],
        [
            "Done! A bike is yours from 2027-05-03 for 3 days, which comes to 45 €. We confirm it to ann@example.org.",
            "What can we do for you?",
            "[Book a repair][See prices][Opening hours][Nothing, thanks]",
        ],
    ]


async def test_a_mind_can_be_changed_and_a_person_asked_for(owner: httpx2.AsyncClient, project: Owned) -> None:
    demo = read_demo()
    await owner.patch(f"/api/v1/projects/{project.id}", json={name: demo[name] for name in GIVEN})
    await publish(owner, project)
    user = Talker(project.client)
    await user.say("Hi")
    await user.say("I would like to rent a bike")
    assert "All right, no bike is kept." in await user.say("Never mind, I have changed my mind")
    await user.say("I would like to rent a bike")
    assert "A person takes over from here." in await user.say("I want to talk to a human")


async def test_what_was_not_asked_for_is_begun_only_where_it_is_plainly_meant(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    demo = read_demo()
    await owner.patch(f"/api/v1/projects/{project.id}", json={name: demo[name] for name in GIVEN})
    await publish(owner, project)
    for number, (said, is_meant) in enumerate(
        (
            ("could I hire one of your bikes tomorrow", True),
            ("bike rental", True),
            ("Hello!", False),
            ("Hi there", False),
            ("Do you sell helmets?", False),
            ("tomorrow at nine", False),
        )
    ):
        user = Talker(project.client, f"user_{number}")
        assert ("Which day would you like to have it?" in await user.say(said)) is is_meant, said
