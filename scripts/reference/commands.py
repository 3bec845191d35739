"""The page of the command line."""

import inspect
from collections.abc import Iterator

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from conduet.cli.main import app
from scripts.reference.table import table

HEAD = """# Commands

`conduet --help` and `conduet COMMAND --help` say the same. An answer goes to standard output, everything else
to standard error; a mistake is one sentence and an exit code other than 0.
"""


def page() -> str:
    """Every command with its arguments and options."""
    return HEAD + "".join(_commands(get_command(app), "conduet"))


def _commands(command: object, name: str) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for word, child in command.commands.items():
            yield from _commands(child, f"{name} {word}")
    elif isinstance(command, TyperCommand):
        arguments = [
            parameter.metavar or str(parameter.name).upper()
            for parameter in command.params
            if isinstance(parameter, TyperArgument)
        ]
        yield f"\n## `{' '.join((name, *arguments))}`\n\n{inspect.cleandoc(command.help or '')}\n"
        options = [parameter for parameter in command.params if isinstance(parameter, TyperOption)]
        if options:
            yield "\n" + table(("option", "environment", "what it does"), map(_option, options))


def _option(option: TyperOption) -> tuple[str, str, str]:
    flags = ", ".join(f"`{flag}`" for flag in (*option.opts, *option.secondary_opts))
    variable = f"`{option.envvar}`" if option.envvar else ""
    return flags, variable, option.help or ""
