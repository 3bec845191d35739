"""Plugins: one class in one file each, found in a package and in installed wheels."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import ClassVar, Protocol, TypeVar


class Plugin(Protocol):
    """What every kind of plugin has: the name that documents and settings call it by."""

    type: ClassVar[str]


P = TypeVar("P", bound=Plugin)

# Reading them opens the files of every installed package: 10 ms.
_installed = cache(entry_points)


def discover(package: str, base: type[P]) -> Mapping[str, type[P]]:
    """Every subclass of `base` in the modules of `package` and behind the entry points of that group, by its `type`.

    Nothing registers itself on import: the mapping is built by this call, read-only, in alphabetical order. Raises
    `ValueError` when two plugins have the same `type`.
    """
    found: dict[str, type[P]] = {}
    for plugin in _candidates(package, base):
        known = found.setdefault(plugin.type, plugin)
        if known is not plugin:
            raise ValueError(
                f"{known.__module__} and {plugin.__module__} both declare the {package} type {plugin.type!r}."
            )
    return MappingProxyType(dict(sorted(found.items())))


def _candidates(package: str, base: type[P]) -> Iterator[type[P]]:
    for module in iter_modules(import_module(package).__path__):
        yield from _declared(import_module(f"{package}.{module.name}"), base)
    for point in _installed().select(group=package):
        yield from _declared(import_module(point.module), base)


def _declared(module: ModuleType, base: type[P]) -> Iterator[type[P]]:
    """The plugins that `module` itself declares; a class without a `type` of its own is a base of others."""
    for value in vars(module).values():
        if (
            isinstance(value, type)
            and issubclass(value, base)
            and value.__module__ == module.__name__
            and "type" in vars(value)
        ):
            yield value
