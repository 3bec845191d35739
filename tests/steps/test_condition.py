"""The step `condition`: the first rule that holds."""

from typing import Any

import pytest

from tests.engine.talk import Talk, step, workflow

VARIABLES = [
    {"name": "plan", "default": "Gold"},
    {"name": "n", "type": "number", "default": 7},
    {"name": "tags", "type": "list", "default": ["new", "VIP"]},
    {"name": "who", "type": "object", "default": {"name": "Ann"}},
    {"name": "nothing"},
]


def talk(*rules: dict[str, Any]) -> Talk:
    sayings = [step(f"say_{rule['id']}", "message", text=str(rule["id"])) for rule in rules]
    wires = ", ".join(f"fork.{rule['id']} > say_{rule['id']}" for rule in rules)
    fork = step("fork", "condition", rules=list(rules))
    other = step("other", "message", text="else")
    return Talk(
        workflow("main", fork, *sayings, other, wires=f"start > fork, fork.else > other, {wires}"), variables=VARIABLES
    )


def rule(*conditions: tuple[object, ...], rule_id: str = "yes", **more: object) -> dict[str, Any]:
    tests = [dict(zip(("variable", "operator", "value"), condition, strict=False)) for condition in conditions]
    return {"id": rule_id, "conditions": tests, **more}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (("plan", "is", "gold"), True),
        (("plan", "isNot", "gold"), False),
        (("n", "is", "7.0"), True),
        (("n", "greaterThan", 6), True),
        (("n", "lessThan", "{{n}}"), False),
        (("n", "atLeast", 7), True),
        (("n", "atMost", 6.5), False),
        (("tags", "contains", "vip"), True),
        (("tags", "notContains", "old"), True),
        (("plan", "startsWith", "go"), True),
        (("plan", "endsWith", "LD"), True),
        (("nothing", "isEmpty"), True),
        (("plan", "isNotEmpty"), True),
        (("plan", "matches", "^G.ld$"), True),
        (("who.name", "is", "Ann"), True),
        (("tags[1]", "is", "vip"), True),
        (("sys.platform", "is", "api"), True),
    ],
)
async def test_a_condition_compares_a_variable(condition: tuple[object, ...], holds: bool) -> None:
    assert await talk(rule(condition)).launch() == ["yes" if holds else "else"]


async def test_all_or_any_of_a_rules_conditions_must_hold() -> None:
    both = (("plan", "is", "gold"), ("n", "is", 8))
    assert await talk(rule(*both, match="all")).launch() == ["else"]
    assert await talk(rule(*both, match="any")).launch() == ["yes"]


async def test_the_first_rule_that_holds_is_taken() -> None:
    rules = (
        rule(("n", "is", 8), rule_id="a"),
        {"id": "b", "expression": "n > 3 and plan == 'Gold'"},
        {"id": "c", "expression": "true"},
    )
    assert await talk(*rules).launch() == ["b"]


async def test_an_expression_that_cannot_be_read_or_has_no_value_does_not_hold_and_leaves_a_debug_trace() -> None:
    forked = talk(
        {"id": "a", "expression": "1 +"}, {"id": "b", "expression": "n / 0 > 1"}, {"id": "c", "expression": "nothing"}
    )
    assert await forked.launch() == ["else"]
    unreadable, worthless, missing = forked.debug
    assert unreadable.startswith("The expression `1 +` has no value: ")
    assert worthless.startswith("The expression `n / 0 > 1` has no value: ")
    assert missing == "`nothing` has no value in step `main/fork`."


async def test_a_pattern_that_is_refused_once_it_is_filled_in_never_matches() -> None:
    forked = talk(rule(("n", "matches", "({{plan}}")))
    assert await forked.launch() == ["else"]
    assert "RE2 refuses" in forked.debug[0]


@pytest.mark.parametrize(
    "unfinished",
    [
        {"id": "yes"},
        rule(("plan", "is")),
        rule(("", "is", 1)),
        rule(("unknown", "is", 1)),
        rule(("a..b", "is", 1)),
        rule(("sys.x", "is", 1)),
    ],
)
async def test_a_rule_without_what_it_needs_is_unfinished(unfinished: dict[str, Any]) -> None:
    assert await talk(unfinished).launch() == ["error UNFINISHED_STEP"]
