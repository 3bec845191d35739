"""Every error of a model has a code of its own, words, and a place in the tree that its module opens with."""

from collections.abc import Iterator

from conduet.llm import errors
from conduet.llm.errors import ModelError, Passing


def kinds(root: type[ModelError] = ModelError) -> Iterator[type[ModelError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


def test_codes_and_words_are_each_errors_own() -> None:
    found = [*kinds()]
    assert len({kind.code for kind in found}) == len({kind.default for kind in found}) == len(found)
    assert all(kind.code.startswith(("MODEL_", "BUDGET_")) for kind in found)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    assert errors.__doc__ is not None
    listed: dict[str, str] = {}
    for line in errors.__doc__.splitlines():
        words = line.replace("│", " ").replace("├──", " ").replace("└──", " ").split()
        if len(words) > 1 and words[1].startswith(("MODEL_", "BUDGET_")):
            listed[words[0]] = words[1]
    assert listed == {kind.__name__: kind.code for kind in kinds()}


def test_only_what_passes_leads_to_another_model_and_only_before_the_first_token() -> None:
    for kind in kinds():
        error = kind()
        assert error.may_try_another == issubclass(kind, Passing)
        error.after_first_token = True
        assert not error.may_try_another
