"""Every command in the tutorial and the guides does what it says, on a server that has just been started first."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.channels.vectors import CHANNELS
from tests.channels.vendors import LISTENING
from tests.cli.served import CONDUET, Served, conduet, environment, served

DOCS = Path("docs").absolute()
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
COMMANDS = {
    page: BLOCK.findall(page.read_text(encoding="utf-8"))
    for page in sorted([DOCS / "tutorial.md", *(DOCS / "guides").rglob("*.md")])
}
PAGES = [page for page, commands in COMMANDS.items() if commands]
DEMO = "/api/v1/projects/proj_demo"
# An answer of 400 or more fails the command.
STRICT = 'set -eu\ncurl() { command curl --fail-with-body "$@"; }\n'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, httpx2.Client]]:
    """One server for all pages, and its owner."""
    with served(tmp_path_factory.mktemp("guides") / "data") as running:
        token = conduet("token", "create", "--name", "guides", "--data", str(running.data)).stdout.strip()
        with httpx2.Client(base_url=running.url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as owner:
            yield running, owner


@pytest.fixture
def running(server: tuple[Served, httpx2.Client]) -> Iterator[Served]:
    """The server, whose demo is afterwards as it was before."""
    running, owner = server
    demo = owner.get(DEMO).raise_for_status().json()
    yield running
    owner.post(f"{DEMO}/persist", json=demo).raise_for_status()


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_commands_of_a_page_work_one_after_the_other(page: Path, running: Served, tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "conduet").symlink_to(CONDUET)
    script = STRICT + "\n".join(COMMANDS[page]).replace("http://127.0.0.1:8000", running.url)
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        env=environment(CONDUET_DATA=str(running.data), PATH=os.environ["PATH"]),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"code":' not in done.stdout


@pytest.mark.parametrize("name", sorted(LISTENING))
def test_a_channels_guide_has_the_steps_that_the_dashboard_shows_and_the_index_leads_to_it(name: str) -> None:
    words = " ".join((DOCS / "guides" / "channels" / f"{name}.md").read_text(encoding="utf-8").split())
    kind = CHANNELS[name]
    for step in kind.steps:
        assert step.replace("{webhook}", "the webhook address") in words
    for field in kind.model_fields.values():
        assert not field.is_required() or f'"{field.alias}": ' in words, field.alias
    for page in (DOCS / "index.md", DOCS / "guides" / "channels.md"):
        assert f"channels/{name}.md)" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), f"{page}: {target}"
