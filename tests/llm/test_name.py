"""Models are named `provider:model`, one or a list."""

import pytest

from conduet.llm.name import ModelName, parse_chain


@pytest.mark.parametrize(
    ("text", "provider", "model"),
    [
        ("openai:gpt-5-mini", "openai", "gpt-5-mini"),
        (" openai-responses:gpt-5 ", "openai-responses", "gpt-5"),
        ("openai:ft:gpt-4o:shop::1", "openai", "ft:gpt-4o:shop::1"),
        ("openai:llama3:8b", "openai", "llama3:8b"),
    ],
)
def test_the_first_colon_ends_the_provider(text: str, provider: str, model: str) -> None:
    assert ModelName.parse(text) == ModelName(provider, model)
    assert str(ModelName.parse(text)) == text.strip()


@pytest.mark.parametrize("text", ["gpt-5", "openai:", ":gpt-5", "open ai:gpt-5", "{{model}}:x"])
def test_what_names_no_model_is_told_how_to(text: str) -> None:
    with pytest.raises(ValueError, match="write provider:model"):
        ModelName.parse(text)


def test_a_chain_is_a_name_a_list_or_a_comma_list() -> None:
    both = (ModelName("openai", "a"), ModelName("google", "b"))
    assert parse_chain("openai:a, google:b") == parse_chain(["openai:a", "google:b"]) == both
    assert parse_chain("openai:a") == both[:1]
    assert parse_chain(None) == parse_chain("") == parse_chain([]) == ()
