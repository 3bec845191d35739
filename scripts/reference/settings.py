"""The page of settings."""

from collections.abc import Iterator

from conduet.app.telemetry import VARIABLES
from conduet.kit.plugin import discover
from conduet.llm.provider import Provider
from conduet.settings import Settings
from scripts.reference.table import table

HEAD = """# Settings

Each setting is read from the environment when a command starts; `conduet serve` has flags for the first ones,
which come before the environment.

"""

PROVIDERS = """
## Model providers

A provider is there as soon as its key or its address is set; [Connect a model](../guides/models.md) tells how. Of two
names in a row the first that is set counts.

"""

TELEMETRY = """
## Spans

[Watching it](../guides/run-it-for-others.md#watching-it) tells what is in them. The other variables of
OpenTelemetry's exporter hold too.

"""


def page() -> str:
    """Every setting with its default."""
    rows = (
        (f"`CONDUET_{name.upper()}`", _default(field.get_default()), field.description or "")
        for name, field in Settings.model_fields.items()
    )
    settings = table(("variable", "default", "what it is"), rows)
    providers = table(("provider", "variable", "what it is"), _of_providers())
    spans = table(("variable", "what it is"), ((f"`{name}`", told) for name, told in VARIABLES.items()))
    return HEAD + settings + PROVIDERS + providers + TELEMETRY + spans


def _of_providers() -> Iterator[tuple[str, str, str]]:
    for name, provider in discover("conduet.providers", Provider).items():
        for setting in provider.settings():
            yield f"`{name}`", ", ".join(f"`{variable}`" for variable in setting.names), setting.description


def _default(value: object) -> str:
    if value in (None, ()):
        return "none"
    return f"`./{value}`" if str(value) == "data" else f"`{value}`"
