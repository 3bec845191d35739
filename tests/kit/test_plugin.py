"""Plugins are found in their package and behind entry points."""

import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import ClassVar

import pytest

from conduet.kit import plugin
from conduet.kit.plugin import discover


class Shape:
    type: ClassVar[str]


SQUARE = "from {here} import Shape\nclass Base(Shape):\n    pass\nclass Square(Base):\n    type = 'square'\n"
CIRCLE = "from {here} import Shape\nfrom shapes.square import Square\nclass Circle(Shape):\n    type = '{type}'\n"


@pytest.fixture
def shapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An importable package with one plugin in one file."""
    package = tmp_path / "shapes"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "square.py").write_text(SQUARE.format(here=__name__))
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__, sys.modules[Shape.__module__]))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield package
    for name in [name for name in sys.modules if name.partition(".")[0] == "shapes"]:
        del sys.modules[name]


def test_classes_with_a_type_are_found_in_the_files_that_declare_them(shapes: Path) -> None:
    (shapes / "circle.py").write_text(CIRCLE.format(here=__name__, type="circle"))
    found = discover("shapes", Shape)
    assert {name: kind.__name__ for name, kind in found.items()} == {"circle": "Circle", "square": "Square"}
    with pytest.raises(TypeError):
        found["square"] = Shape  # type: ignore[index]  # that it cannot be changed is what is tried


def test_two_plugins_of_one_type_are_a_mistake(shapes: Path) -> None:
    (shapes / "circle.py").write_text(CIRCLE.format(here=__name__, type="square"))
    with pytest.raises(ValueError, match=r"shapes\.circle and shapes\.square both declare the shapes type 'square'"):
        discover("shapes", Shape)


def test_a_plugin_may_come_from_another_wheel(shapes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shapes_more.py").write_text(CIRCLE.format(here=__name__, type="circle"))

    wheel = tmp_path / "shapes_more-1.dist-info"
    wheel.mkdir()
    (wheel / "entry_points.txt").write_text("[shapes]\nmore = shapes_more\n")
    monkeypatch.setattr(plugin, "_installed", entry_points)
    assert [*discover("shapes", Shape)] == ["circle", "square"]
    assert shapes.is_dir()
