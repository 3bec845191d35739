"""Nobody is brought to call where it should not: each attack on a server that goes on serving others.

The attacks run inside a network namespace (`namespace.py`), once for all tests of this file.
"""

import re
from typing import Any

import pytest

from tests.kit.http.attacks import ATTACKS, INSIDE, NAMES, OUTSIDE, POLICIES, Attack, Policy
from tests.kit.http.namespace import run_inside

pytestmark = pytest.mark.slow

IDS = [f"{attack.method} {attack.url}" for attack in ATTACKS]


@pytest.fixture(scope="module")
def siege() -> dict[str, Any]:
    return run_inside("tests.kit.http.siege", timeout_seconds=120)


def test_there_are_attacks_enough_and_each_says_where_it_is_described():
    assert len({attack.url + repr(attack) for attack in ATTACKS}) == len(ATTACKS) >= 40
    assert all(attack.source for attack in ATTACKS)


def test_an_unguarded_client_walks_into_the_trap(siege: dict[str, Any]):
    control = siege["control"]
    assert control["bodies"] == [INSIDE, INSIDE, OUTSIDE, INSIDE]
    assert control["touched"] == [["10.0.0.5", 80], ["fd00:ec2::254", 80], ["127.0.0.1", 80]]
    assert control["reached"] == [*control["touched"], ["192.168.7.7", 4444]]


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=IDS)
def test_an_attack_is_refused_before_a_packet_is_sent(siege: dict[str, Any], number: int):
    end = siege["attacks"][number]
    assert end.get("code") == ATTACKS[number].code, end
    assert end["reached"] == []
    assert end["touched"] == []
    assert INSIDE not in end["message"]


@pytest.mark.parametrize("attack", NAMES, ids=lambda attack: attack.url)
def test_a_refusal_never_tells_what_a_name_resolved_to(siege: dict[str, Any], attack: Attack):
    message = siege["attacks"][ATTACKS.index(attack)]["message"]
    assert not re.search(r"\d+\.\d+|::|\bfd00\b", message), message


def test_others_are_served_all_the_while(siege: dict[str, Any]):
    bystander = siege["bystander"]
    assert bystander["running"]
    assert bystander["wrong"] == []
    assert bystander["answers"] > len(ATTACKS) / 4
    assert bystander["longest_seconds"] < 3


def test_a_name_server_that_does_not_answer_holds_up_nobody(siege: dict[str, Any]):
    silence = siege["silence"]
    assert silence["body"] == OUTSIDE
    assert silence["seconds"] < 0.8
    assert silence["asked"] == 1, "those who ask for the same name share one lookup"
    assert silence["ends"] == ["TimedOut"]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_a_policy_opens_what_it_names_and_no_more(siege: dict[str, Any], policy: Policy):
    assert siege["policies"][POLICIES.index(policy)] == [policy.end] * len(policy.urls)


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=IDS)
def test_no_other_door_lets_an_attack_through(siege: dict[str, Any], number: int):
    end = siege["other_doors"][number]
    assert end["reached"] == [], end
    assert end["touched"] == []
    assert INSIDE not in "".join(end["ends"])


def test_the_other_doors_are_open_to_the_public(siege: dict[str, Any]):
    by_httpx, by_socket = siege["other_doors"][-1]["ends"]
    assert by_httpx == OUTSIDE
    assert by_socket.endswith(OUTSIDE)
