"""No flow brings a real server to call where it should not, and nobody else waits for those who try.

The attacks run inside a network namespace (`siege.py`), once for all tests of this file.
"""

import json
from typing import Any

import pytest

from tests.conversations.besieged import ATTACKS
from tests.kit.http.attacks import INSIDE
from tests.kit.http.namespace import run_inside

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def siege() -> dict[str, Any]:
    return run_inside("tests.conversations.siege", timeout_seconds=180)


def test_the_attacks_really_reach_out(siege: dict[str, Any]):
    assert len(ATTACKS) >= 100
    assert siege["hits"] >= 10


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=[f"{each.method} {each.url}" for each in ATTACKS])
def test_an_attack_ends_in_a_plain_error(siege: dict[str, Any], number: int):
    end, attack = siege["attacks"][number], ATTACKS[number]
    (error,) = [trace["payload"] for trace in json.loads(end["answer"])["traces"] if trace["type"] == "error"]
    assert error["code"] == attack.code, error
    assert end["reached"] == []
    assert end["touched"] == []
    assert INSIDE not in end["answer"]


def test_others_are_answered_all_the_while(siege: dict[str, Any]):
    assert siege["longest_seconds"] < 3
