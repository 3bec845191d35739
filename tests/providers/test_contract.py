"""What every provider promises: a name, a sentence, described settings, and no secret that can be read."""

from pathlib import Path

import pytest

from conduet.kit.plugin import discover
from conduet.llm.provider import Provider, ProviderType, configured
from conduet.llm.transport import Direct
from tests.providers.playing import FORMATS, KEY

PROVIDERS = discover("conduet.providers", Provider)
PRIVATE_KEYS = {
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GEMINI_API_KEY",
    "openai": "OPENAI_API_KEY",
    "openai-responses": "OPENAI_API_KEY",
}


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_a_provider_says_what_it_is_and_what_can_be_set(provider: ProviderType) -> None:
    assert provider.__doc__
    assert provider.__doc__.splitlines()[0].endswith((".", "…"))
    for setting in provider.settings():
        assert setting.description.endswith(".")
        assert all(name == name.upper() for name in setting.names)
    assert Path(__file__).with_name(f"test_{provider.type.replace('-', '_')}.py").exists()


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_a_provider_of_which_nothing_is_set_is_not_there(provider: ProviderType) -> None:
    assert provider.from_environment({"HOME": "/", "OPENAI_API_KEY": " "}, Direct()) is None


def test_what_is_set_is_there_with_no_key_in_sight() -> None:
    environment = dict.fromkeys(PRIVATE_KEYS.values(), KEY)
    found = configured(PROVIDERS, environment, Direct())
    assert set(PRIVATE_KEYS) <= set(found)
    assert KEY not in repr(found)
    assert KEY not in str([provider.model_dump() for provider in found.values()])


@pytest.mark.parametrize(
    "url", ["ftp://secret", "secret", "http://", "http://secret:99999", "http://[secret", "//secret"]
)
def test_a_base_url_that_is_none_is_told_without_showing_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^OPENAI_BASE_URL: it is not an http or https URL$") as caught:
        configured(PROVIDERS, {"OPENAI_BASE_URL": url}, Direct())
    assert "secret" not in str(caught.value)


def test_a_bad_setting_is_told_by_its_variable() -> None:
    with pytest.raises(ValueError, match=r"^ANTHROPIC_API_KEY: Field required"):
        configured(PROVIDERS, {"ANTHROPIC_BASE_URL": "http://127.0.0.1:1"}, Direct())
    kinds = {"openai-responses": FORMATS["openai_responses"]}
    with pytest.raises(ValueError, match=r"^OPENAI_RESPONSES_MAX_CONCURRENCY: Input should be greater"):
        configured(kinds, {"OPENAI_API_KEY": KEY, "OPENAI_RESPONSES_MAX_CONCURRENCY": "0"}, Direct())
