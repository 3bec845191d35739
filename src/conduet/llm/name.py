"""How a model is named: `provider:model`, or a list of such names to fall back along."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ModelName:
    """A model of a provider; what follows the first colon is the provider's own word for it."""

    provider: str
    model: str

    @classmethod
    def parse(cls, text: str) -> "ModelName":
        """The name that `text` is; raises `ValueError` saying what would be one."""
        provider, colon, model = text.strip().partition(":")
        if not colon or not provider or not model or not provider.replace("-", "").isalnum():
            raise ValueError(
                f"{text!r} does not name a model: write provider:model, such as openai:gpt-6.1-terra or "
                "anthropic:claude-sonnet-5-5."
            )
        return cls(provider, model)

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}"


Chain: TypeAlias = tuple[ModelName, ...]
"""Models to be asked one after the other until one answers."""


def parse_chain(value: str | Sequence[str] | None) -> Chain:
    """The chain that a step, a project or a setting names: one name, a list of them, or a comma list; empty for none.

    Raises `ValueError` for what is no name.
    """
    names = value.split(",") if isinstance(value, str) else value or ()
    return tuple(ModelName.parse(name) for name in names if name.strip())
