"""Writes docs/reference/ and the web client's description of the API from the code.

With --check it writes nothing and fails on a file that is stale.

python -m scripts.generate_reference [--check]
"""

import sys
from pathlib import Path

from scripts.reference import (
    channels,
    commands,
    connectors,
    contract,
    endpoints,
    errors,
    openapi,
    roles,
    settings,
    steps,
    tools,
)

PAGES = {
    "docs/reference/channels.md": channels.page,
    "docs/reference/commands.md": commands.page,
    "docs/reference/connectors.md": connectors.page,
    "docs/reference/contract.md": contract.page,
    "docs/reference/endpoints.md": endpoints.page,
    "docs/reference/errors.md": errors.page,
    "docs/reference/roles.md": roles.page,
    "docs/reference/settings.md": settings.page,
    "docs/reference/steps.md": steps.page,
    "docs/reference/tools.md": tools.page,
    "web/client/openapi.json": openapi.page,
}


def main(arguments: list[str]) -> int:
    """Writes or compares every page; the exit code is 1 when one is stale."""
    check = "--check" in arguments
    stale: list[Path] = []
    for name, page in PAGES.items():
        path, text = Path(name), page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for path in stale:
        print(f"{path} is stale: run `make gen`" if check else f"{path} written")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
