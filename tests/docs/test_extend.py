"""The examples of docs/extend/ work, each from a wheel of its own, found by its entry point."""

import asyncio
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

pytestmark = pytest.mark.slow

EXTEND = Path("docs/extend").absolute()
BLOCK = re.compile(r"```(toml|json)\n(.*?)```", re.DOTALL)

BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"

USE = """
import asyncio, json, sys
from conduet.kit.sandbox.pool import Sandbox
from tests.engine.world import World
from tests.tools.using import failure, use

async def main(port, used, inputs, fails):
    world = World(Sandbox(), port=port)
    told = await (failure if fails else use)(world, used, **inputs)
    await world.outgoing.close()
    print(json.dumps(told))

asyncio.run(main(*json.loads(sys.argv[1])))
"""

TALK = """
import asyncio, json, sys
from tests.engine.talk import Talk, step, workflow

async def main(rate):
    talk = Talk(
        workflow(
            "main", {**rate, "id": "rate"}, step("good", "end", text="Thank you, {{stars}} stars!"),
            wires="start > rate, rate.happy > good, rate.noMatch > rate",
        ),
        variables=[{"name": "stars", "type": "number"}],
    )
    print(json.dumps([await talk.launch(), await talk.say("lovely"), await talk.press("\\u2605" * 4, "4")]))

asyncio.run(main(json.loads(sys.argv[1])))
"""


def blocks(page: str) -> dict[str, str]:
    """The settings of the package, and the tool, as the page shows them."""
    found: dict[str, str] = {}
    for kind, text in BLOCK.findall((EXTEND / page).read_text(encoding="utf-8")):
        found.setdefault(kind, text)
    return found


def install(page: str, module: str, folder: Path) -> Path:
    """Where the module lies once its wheel, built as the page says, is installed."""
    (folder / "pyproject.toml").write_text(blocks(page)["toml"], encoding="utf-8")
    (folder / module).write_bytes((EXTEND / module).read_bytes())
    built = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)], cwd=folder, capture_output=True, text=True, check=True
    )
    site = folder / "site"
    with zipfile.ZipFile(folder / built.stdout.strip().splitlines()[-1]) as wheel:
        wheel.extractall(site)
    return site


def used(site: Path, port: int, tool: dict[str, Any], inputs: dict[str, Any], *, fails: bool = False) -> Any:
    """What the tool comes to in a process that has the package installed."""
    given = json.dumps([port, {**tool, "id": "t", "name": "helper"}, inputs, fails])
    done = subprocess.run(
        [sys.executable, "-c", USE, given],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(site), str(Path.cwd())))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Far:
    """The other side: answers with what it is told, and remembers what it was sent."""

    def __init__(self) -> None:
        self.answer: tuple[int, str] = (200, "")
        self.sent: list[tuple[str, str, dict[str, str], str]] = []
        self.port = 0

    async def serve(self, request: web.Request) -> web.Response:
        self.sent.append((request.method, request.path, dict(request.headers), await request.text()))
        status, text = self.answer
        return web.Response(status=status, text=text)


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    far = Far()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", far.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    far.port = runner.addresses[0][1]
    yield far
    await runner.cleanup()


async def test_a_tool_type_comes_from_a_package_of_its_own(far: Far, tmp_path: Path) -> None:
    site = await asyncio.to_thread(install, "tool.md", "csv_rows.py", tmp_path)
    tool: dict[str, Any] = json.loads(blocks("tool.md")["json"])
    tool["config"]["url"] = f"http://127.0.0.1:{far.port}/prices.csv"
    far.answer = (200, "model,euros\r\nCity,12\r\nRoad,19,new\r\ncity,13\r\n")
    told = await asyncio.to_thread(used, site, far.port, tool, {"model": "CITY"})
    assert told == {"rows": [{"model": "City", "euros": "12"}, {"model": "city", "euros": "13"}], "count": 2}
    assert far.sent[0][:2] == ("GET", "/prices.csv")
    far.answer = (404, "")
    told = await asyncio.to_thread(used, site, far.port, tool, {"model": "city"}, fails=True)
    assert told == ["HTTP_ERROR", "The file was answered with status 404."]


async def test_a_connector_comes_from_a_package_of_its_own(far: Far, tmp_path: Path) -> None:
    site = await asyncio.to_thread(install, "connector.md", "ntfy.py", tmp_path)
    text = blocks("connector.md")["json"].replace("NTFY_TOKEN", "KEY")
    tool: dict[str, Any] = json.loads(text)
    tool["config"]["credentials"]["server"] = f"http://127.0.0.1:{far.port}"
    far.answer = (200, '{"id": "hwQ2YpKdmg", "event": "message", "topic": "bike-orders"}')
    assert await asyncio.to_thread(used, site, far.port, tool, {"text": "Come quickly"}) == {"id": "hwQ2YpKdmg"}
    method, path, headers, body = far.sent[0]
    assert (method, path, headers["Authorization"]) == ("POST", "/", "Bearer s3cr3t-value")
    assert json.loads(body) == {"topic": "bike-orders", "message": "Come quickly"}
    far.answer = (403, '{"code": 40301, "http": 403, "error": "forbidden"}')
    told = await asyncio.to_thread(used, site, far.port, tool, {"text": "x"}, fails=True)
    assert told[0] == "UNAUTHORIZED"
    assert told[1].endswith(": forbidden")


def test_a_step_type_comes_from_a_package_of_its_own(tmp_path: Path) -> None:
    site = install("step.md", "rating.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", TALK, blocks("step.md")["json"]],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(site), str(Path.cwd())))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    asked = ["How was it?", "[★] [★★] [★★★] [★★★★] [★★★★★]"]
    assert json.loads(done.stdout) == [asked, asked, ["Thank you, 4 stars!", "end"]]


def test_two_packages_with_one_type_are_told_by_name(tmp_path: Path) -> None:
    """Whoever installs both has to know which two it is."""
    first, second = tmp_path / "first", tmp_path / "second"
    sites: list[Path] = []
    for folder in (first, second):
        folder.mkdir()
        sites.append(install("connector.md", "ntfy.py", folder))
    (sites[1] / "ntfy.py").rename(sites[1] / "other.py")
    (entry,) = sites[1].glob("*.dist-info/entry_points.txt")
    entry.write_text("[conduet.connectors]\nother = other\n", encoding="utf-8")
    metadata = entry.with_name("METADATA")
    metadata.write_text(metadata.read_text().replace("conduet-ntfy", "conduet-other"), encoding="utf-8")
    entry.parent.rename(entry.parent.with_name("conduet_other-1.0.0.dist-info"))
    done = subprocess.run(
        [sys.executable, "-c", "from conduet.engine.plugins import Plugins; Plugins.installed()"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sites))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "ntfy and other both declare the conduet.connectors type 'ntfy'" in done.stderr
