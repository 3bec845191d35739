"""Turns through HTTP: one action in, all traces out, and what stays of it."""

from tests.conftest import Owned


async def test_a_turn_answers_with_its_traces(project: Owned) -> None:
    answer = await project.client.post("/api/v1/conversations/u1/interact", json={"action": {"type": "launch"}})
    print(answer.text, answer.headers)
    assert answer.status_code == 200
