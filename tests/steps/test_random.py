"""The step `random`: chance by weight, and the same for one user where it sticks."""

from typing import Any

import pytest

from tests.engine.talk import FakeContext, Talk, step, workflow

SAY = [step("say_a", "message", text="a"), step("say_b", "message", text="b")]
WIRES = "start > random, random.a > say_a, random.b > say_b"


def talk(context: FakeContext, *paths: dict[str, Any], **config: object) -> Talk:
    return Talk(
        workflow("main", step("random", "random", paths=list(paths), **config), *SAY, wires=WIRES), context=context
    )


@pytest.mark.parametrize(("drawn", "expected"), [(0.0, "a"), (0.74, "a"), (0.75, "b"), (0.9999999999999999, "b")])
async def test_a_path_is_taken_as_often_as_it_weighs(drawn: float, expected: str) -> None:
    assert await talk(FakeContext(dealt=[drawn]), {"id": "a", "weight": 3}, {"id": "b"}).launch() == [expected]


@pytest.mark.parametrize("drawn", [0.0, 0.5, 0.9999999999999999])
async def test_a_path_without_weight_is_never_taken(drawn: float) -> None:
    assert await talk(FakeContext(dealt=[drawn]), {"id": "a", "weight": 0}, {"id": "b", "weight": 0.1}).launch() == [
        "b"
    ]
    assert await talk(FakeContext(dealt=[drawn]), {"id": "b", "weight": 0.1}, {"id": "a", "weight": 0}).launch() == [
        "b"
    ]


async def test_a_sticky_path_is_the_same_for_a_user_and_asks_for_no_chance() -> None:
    taken: set[str] = set()
    for number in range(40):
        context = FakeContext(user_id=f"user_{number}")
        sticky = talk(context, {"id": "a"}, {"id": "b"}, sticky=True)
        first, second = await sticky.launch(), await sticky.launch()
        assert first == second
        assert not [place for place in context.entries if "random" in place]
        taken.update(first)
    assert taken == {"a", "b"}


@pytest.mark.parametrize("paths", [[], [{"id": "a", "weight": 0}]])
async def test_without_a_path_to_take_the_step_is_unfinished(paths: list[dict[str, Any]]) -> None:
    random = Talk(workflow("main", step("random", "random", paths=paths), wires="start > random"))
    assert await random.launch() == ["error UNFINISHED_STEP"]
