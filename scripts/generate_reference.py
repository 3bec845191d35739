"""Writes docs/reference/ from the code; with --check it writes nothing and fails on a page that is stale.

python -m scripts.generate_reference [--check]
"""

import sys
from pathlib import Path

from scripts.reference import commands, connectors, endpoints, errors, settings, steps, tools

FOLDER = Path("docs/reference")
PAGES = {
    "commands.md": commands.page,
    "connectors.md": connectors.page,
    "endpoints.md": endpoints.page,
    "errors.md": errors.page,
    "settings.md": settings.page,
    "steps.md": steps.page,
    "tools.md": tools.page,
}


def main(arguments: list[str]) -> int:
    """Writes or compares every page; the exit code is 1 when one is stale."""
    check = "--check" in arguments
    stale: list[Path] = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        path, text = FOLDER / name, page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not check:
                path.write_text(text, encoding="utf-8")
    for path in stale:
        print(f"{path} is stale: run `make gen`" if check else f"{path} written")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
