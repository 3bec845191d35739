"""The tests that there are, by name."""

import ast
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[2]


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests in a file of the repository."""
    tree = ast.parse((_ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
