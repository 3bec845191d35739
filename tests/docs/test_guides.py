"""Every command in the tutorial and the guides does what it says, on a server of a first start."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.served import CONDUET, environment, served

DOCS = Path("docs").absolute()
PAGES = sorted([DOCS / "tutorial.md", *(DOCS / "guides").glob("*.md")])
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
# An answer of 400 or more fails the command.
STRICT = 'set -eu\ncurl() { command curl --fail-with-body "$@"; }\n'


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_commands_of_a_page_work_one_after_the_other(page: Path, tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "conduet").symlink_to(CONDUET)
    commands = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    with served(tmp_path / "data") as running:
        script = STRICT + commands.replace("http://127.0.0.1:8000", running.url)
        done = subprocess.run(
            ["sh", "-c", script],
            cwd=tmp_path,
            env=environment(CONDUET_DATA=str(running.data), PATH=os.environ["PATH"]),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert '"code":' not in done.stdout


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), f"{page}: {target}"
