import time

import pytest

from conduet.projects.demo import read_demo
from tests.testing.playing import Object, all_played


@pytest.mark.slow
def test_a_thousand_conversation_tests_take_less_than_half_a_minute() -> None:
    demo: Object = read_demo()
    given = demo["tests"]
    tests = [{**given[number % len(given)], "id": f"t{number}"} for number in range(1000)]
    began = time.monotonic()
    results = all_played(tests, demo)
    assert time.monotonic() - began < 30
    assert all(result.ok for result in results)
