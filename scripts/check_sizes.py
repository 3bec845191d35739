"""Fails on a source file over 400 lines and a Python function over 60, each named with its place.

python scripts/check_sizes.py [FOLDER …]
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

FILE_LINES = 400
FUNCTION_LINES = 60
SOURCES = ("*.py", "*.ts", "*.tsx")
# Written by others, or by alembic.
LEFT_OUT = {"node_modules", "schema.d.ts", "static", "versions"}


def main(folders: list[str]) -> int:
    """Prints each mistake; the exit code is 1 when there is one."""
    files = [path for folder in folders for path in _sources(Path(folder))]
    mistakes = [mistake for path in files for mistake in _mistakes(path)]
    for mistake in mistakes:
        print(mistake)
    if not mistakes:
        print(f"{len(files)} files, none too long.")
    return 1 if mistakes else 0


def _sources(folder: Path) -> Iterator[Path]:
    for pattern in SOURCES:
        for path in sorted(folder.rglob(pattern)):
            if not LEFT_OUT.intersection(path.parts):
                yield path


def _mistakes(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines > FILE_LINES:
        yield f"{path}: {lines} lines, at most {FILE_LINES}"
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(text, str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
