"""Templates: `{{ … }}` filled in, everything else as typed, and never an exception."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.engine.template import Rendered, compile_template, render_json
from conduet.engine.values import RESULT_BYTES, Json

NAMES: dict[str, Json] = {
    "name": "Ann",
    "age": 17,
    "half": 2.50,
    "yes": True,
    "nothing": None,
    "list": [1, "é"],
    "order": {"id": 7},
}


def rendered(source: str) -> Rendered:
    return compile_template(source).render(NAMES)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("Hello!", "Hello!"),
        ("{% if x %} {# no #} {x} }} #{y} ${z}", "{% if x %} {# no #} {x} }} #{y} ${z}"),
        ("Hello {{name}}!", "Hello Ann!"),
        ("{{name}}{{ age }}\n{{\nhalf\n}}", "Ann17\n2.5"),
        ("{{yes}} {{nothing}}.", "true ."),
        (" {{list}}", ' [1,"é"]'),
        ("No {{order.id}}, {{ 6 / 2 }} of {{ half * 2 }}", "No 7, 3 of 5"),
        ("{{ 'a}}b' }} {{ \"{{\" }}", "a}}b {{"),
        ("{{ {'a': {'b': 1}} }} {{{'a': 1}}}", '{"a":{"b":1}} {"a":1}'),
        ("{{ 'x' if age >= 18 else name|upper }} €", "ANN €"),
    ],
)
def test_a_template_is_filled_in(source: str, text: str):
    assert rendered(source) == Rendered(text)
    assert compile_template(source).problems == ()


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{list}}", [1, "é"]),
        ("{{ order }}", {"id": 7}),
        ("{{age}}", 17),
        ("{{ age + 0.5 }}", 17.5),
        ("{{ age > 3 }}", True),
        ("{{nothing}}", None),
        ("{{name}}", "Ann"),
    ],
)
def test_a_template_that_is_exactly_one_slot_keeps_the_type(source: str, value: Json):
    assert rendered(source) == Rendered(value)


@pytest.mark.parametrize(
    ("source", "text"),
    [("{{list}}", '[1,"é"]'), ("{{age}}", "17"), ("{{nothing}}", ""), ("{{name}}", "Ann"), ("plain", "plain")],
)
def test_a_template_can_always_be_text(source: str, text: str):
    assert compile_template(source).text(NAMES).value == text


@pytest.mark.parametrize(
    ("source", "value", "missing"),
    [
        ("{{nobody}}", "", ("nobody",)),
        ("a{{nobody.x}}b{{order.x[0]}}c{{nobody.x}}", "abc", ("nobody.x", "order.x[0]")),
        ("{{ nobody|upper }}", "", ("nobody",)),
        ("{{ 'Dear ' + nobody }}!", "Dear !", ("nobody",)),
        ("{{ order['first name'] }}", "", ('order["first name"]',)),
        ("{{ list[age] }}.", ".", ("list[age]",)),
        ("{{ nobody|default('you') }}", "you", ()),
        ("{{ nobody.x|upper|default(name) }}", "Ann", ()),
        ("{{ nobody|default(nemo) }}", "", ("nemo",)),
        ("{{ nobody == null }}", True, ("nobody",)),
        ("{{ nothing }}", None, ()),
    ],
)
def test_a_missing_variable_is_empty_and_told(source: str, value: Json, missing: tuple[str, ...]):
    assert rendered(source) == Rendered(value, missing=missing)


@pytest.mark.parametrize(
    ("source", "text", "problem"),
    [
        ("{{}} {{name}}", "{{}} Ann", "{{}}: the expression is empty"),
        (
            "{{ name() }} {{name}}",
            "{{ name() }} Ann",
            "{{ name() }}: nothing can be called: there are only filters, as in `name|upper`",
        ),
        ("{{{name}}}", "{{{name}}}", "{{{name}}}: a key in quotes is expected, not `name` (character 2)"),
        ("{{ it's }} {{name}}", "{{ it's }} Ann", "{{ it's }}: the text that begins with 's  has no closing quote"),
        (
            "{{ it's }} it's {{name}}",
            "{{ it's }} it's Ann",
            "{{ it's }}: the text that begins with 's  has no closing quote",
        ),
        ("{{ a } b }} {{name}}", "{{ a } b }} Ann", "{{ a } b }}: an operator is expected, not `}` (character 4)"),
        ("Hi {{ name, {{name}}", "Hi {{ name, Ann", "{{ name, : `{{` is never closed by `}}`"),
        ("{{name}} {{ age", "Ann {{ age", "{{ age: `{{` is never closed by `}}`"),
    ],
)
def test_what_cannot_be_parsed_is_shown_as_typed_and_told(source: str, text: str, problem: str):
    assert rendered(source) == Rendered(text, broken=(problem,))
    assert compile_template(source).problems == (problem,)


@pytest.mark.parametrize(
    ("source", "text", "broken"),
    [
        ("{{ 1 / 0 }} {{name}}", "{{ 1 / 0 }} Ann", "{{ 1 / 0 }}: a number cannot be divided by zero"),
        ("{{ name > 3 }}", "{{ name > 3 }}", "{{ name > 3 }}: `>` cannot compare text with a number"),
    ],
)
def test_what_has_no_value_is_shown_as_typed_and_told_when_it_happens(source: str, text: str, broken: str):
    assert rendered(source) == Rendered(text, broken=(broken,))
    assert compile_template(source).text(NAMES).broken == (broken,)
    assert compile_template(source).problems == ()


def test_a_template_tells_which_paths_it_reads():
    template = compile_template("{{ order.id }} {{ name|default(nick.name) }} {{ broken( }} plain")

    assert template.paths == {"order.id", "name", "nick.name"}


def test_a_template_is_compiled_once_unless_it_is_very_long():
    short, long, longest = "Hi {{name}}", "x" * 5_000 + "{{name}}", "x" * 20_000 + "{{name}}"

    assert compile_template(short) is compile_template(short)
    assert compile_template(long) is compile_template(long)
    assert compile_template(longest) is not compile_template(longest)


def test_a_date_is_shown_in_the_zone_of_the_project():
    template = compile_template("at {{ 0|date('%H:%M') }}")

    assert template.render({}, zone="Asia/Tokyo").value == "at 09:00"
    assert template.text({}, zone="Asia/Tokyo").value == "at 09:00"
    assert render_json(["{{ 0|date('%H') }}"], {}, zone="Asia/Tokyo").value == ["09"]


def test_every_text_of_a_json_value_is_a_template_but_the_keys_are_none():
    value: Json = {
        "{{name}}": ["{{list}}", "Hi {{name}} {{nobody}}", 3, None, True, {"a": "{{ 1/0 }} {{ ( }}", "b": "plain"}]
    }

    assert render_json(value, NAMES) == Rendered(
        {"{{name}}": [[1, "é"], "Hi Ann ", 3, None, True, {"a": "{{ 1/0 }} {{ ( }}", "b": "plain"}]},
        missing=("nobody",),
        broken=("{{ ( }}: a value is missing at the end", "{{ 1/0 }}: a number cannot be divided by zero"),
    )


def test_a_template_that_is_too_long_is_shown_as_typed():
    source = "é" * 33_000 + "{{name}}"

    assert rendered(source).value == source
    assert "longer than 64 KB" in rendered(source).broken[0]
    assert rendered("x" * 70_000) == Rendered("x" * 70_000)


def test_a_result_that_is_too_large_is_shown_as_typed():
    names: dict[str, Json] = {"text": "é" * (RESULT_BYTES // 4), "list": ["x" * (RESULT_BYTES + 1)]}

    assert len(str(compile_template("{{text}}{{text}}").render(names).value)) == RESULT_BYTES // 2
    for source in ("{{text}}{{text}}!", "{{text}}{{text}}{{text}}{{text}}{{text}}", "{{list}} "):
        assert compile_template(source).render(names).value == source
        assert "larger than 256 KB" in compile_template(source).render(names).broken[0]
    filled = render_json(["{{text}}", "{{text}}", "{{name}}"], {**names, "name": "Ann"})
    assert filled.value == [names["text"], names["text"], "{{name}}"]
    assert filled.broken == ("{{name}}: the result is larger than 256 KB",)


def test_what_comes_after_a_result_that_is_too_large_is_left_as_typed():
    filled = render_json(["{{text}}", "{{text}}", "{{text}}"], {"text": "x" * 200_000})

    assert filled.value == ["x" * 200_000, "{{text}}", "{{text}}"]
    assert filled.broken == ("{{text}}: the result is larger than 256 KB",)


def test_a_value_that_is_no_json_or_too_deep_is_shown_as_typed():
    deep: Json = []
    for _ in range(100_000):
        deep = [deep]
    names: dict[str, Json] = {"deep": deep, "nan": [float("nan")]}

    for source in ("{{deep}}", "{{nan}}"):
        assert compile_template(source).text(names).value == source
        assert compile_template(source).text(names).broken == (f"{source}: the value is no JSON, or nested too deeply",)
        assert render_json([source], names) == Rendered(
            [source], broken=(f"{source}: the value is no JSON, or nested too deeply",)
        )
    assert render_json(deep, names).broken == ("the value is nested too deeply",)


def test_few_of_many_broken_parts_are_told():
    assert len(compile_template("{{ ( }}" * 500).problems) == 20
    assert len(rendered("{{ 1/0 }}" * 500).broken) == 20


HARD = {
    "slots never closed": "{{" * 32_000,
    "slots never closed but for the last": "{{" * 32_000 + "}}",
    "texts that hold slots": "{{'}}" * 13_000,
    "texts in two kinds of quotes": "{{\"'}}" * 10_000,
    "texts that never end": "{{'\\'}}{{\"}}" * 5_000,
    "objects that never end": "{{ {'a':{'a':{'a':}}" * 3_000,
    "many slots of a large text": "{{large}}" * 7_000,
    "many slots of a large list": " {{many}}" * 7_000,
    "many slots with much to do": "{{many|json|length}}" * 3_000,
    "many errors": "{{1/0}}" * 9_000,
}


@pytest.mark.parametrize("source", HARD.values(), ids=HARD)
def test_a_template_that_is_made_to_be_slow_is_quick(source: str):
    names: dict[str, Json] = {"large": "x" * 200_000, "many": list(range(40_000))}
    began = time.process_time()

    result = compile_template(source).text(names)

    assert time.process_time() - began < 1
    assert len(result.value) <= RESULT_BYTES


def test_many_large_texts_of_a_json_value_are_bounded_together():
    names: dict[str, Json] = {"large": "x" * 200_000, "many": list(range(40_000))}
    began = time.process_time()

    for source in ("{{large}}", "{{many}} {{large}}", "{{ 'y' in large }}", "{{ many|json|length }}"):
        texts: list[Json] = [source] * 10_000
        assert len(json.dumps(render_json(texts, names).value)) < 1_000_000

    assert time.process_time() - began < 2


PIECES = st.sampled_from(
    ["{{", "}}", "{", "}", "'", '"', "\\", "|", "(", ")", "a", "nobody", "upper", " + ", "1", "/", "0", "é", "\n"]
)


@given(st.text() | st.lists(PIECES).map("".join))
def test_any_text_is_a_template(source: str):
    template = compile_template(source)
    names: dict[str, Json] = {"a": "text"}

    result = template.text(names)

    assert "{{" in source or result.value == source
    assert json.loads(json.dumps(template.render(names).value, allow_nan=False)) == template.render(names).value
    assert set(template.problems) <= set(result.broken)


@given(st.text(), st.text())
def test_a_value_is_put_in_as_it_is_and_never_read_as_a_template(before: str, text: str):
    before = before.replace("{", "(")

    assert compile_template(before + "{{a}}!").render({"a": "{{" + text}) == Rendered(before + "{{" + text + "!")
