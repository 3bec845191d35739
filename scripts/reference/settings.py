"""The page of settings."""

from conduet.settings import Settings
from scripts.reference.table import table

HEAD = """# Settings

Each setting is read from the environment when a command starts; `conduet serve` has flags for the first ones,
which come before the environment. The model providers' own variables (`OPENAI_API_KEY`, `OPENAI_BASE_URL`,
`ANTHROPIC_API_KEY`, …) keep their names.

"""


def page() -> str:
    """Every setting with its default."""
    rows = (
        (f"`CONDUET_{name.upper()}`", _default(field.get_default()), field.description or "")
        for name, field in Settings.model_fields.items()
    )
    return HEAD + table(("variable", "default", "what it is"), rows)


def _default(value: object) -> str:
    if value in (None, ()):
        return "none"
    return f"`./{value}`" if str(value) == "data" else f"`{value}`"
