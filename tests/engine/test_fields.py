"""What a builder wrote, beside what it was compiled to."""

from copy import deepcopy

from conduet.engine.fields import Formula, Items, Pattern, Scripted, Value


def test_fields_are_equal_when_their_sources_are() -> None:
    assert Scripted("a") == Scripted("a") != Scripted("b")
    assert Formula("a") != Scripted("a")
    assert hash(Value({"a": [1]})) == hash(Value({"a": [1]}))
    assert repr(Pattern("[a-z]")) == "Pattern('[a-z]')"


def test_a_copy_is_the_field_itself_because_nothing_in_it_changes() -> None:
    text = Scripted("{{a}}")
    assert deepcopy([text])[0] is text


def test_what_is_empty_is_false() -> None:
    assert not any([Scripted(""), Scripted({"en": " "}), Formula(" "), Items(""), Items([]), Value(None), Pattern("")])
    assert all(
        [Scripted({"en": "", "de": "x"}), Formula("x"), Items("x"), Items([0]), Value(""), Value(0), Pattern("x")]
    )
