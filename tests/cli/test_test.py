"""`conduet test`: a file needs nothing else, a project its server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from conduet.projects.demo import read_demo
from tests.cli.served import Served, conduet, served
from tests.engine.talk import line, step
from tests.testing.playing import LAUNCH, Object, case, turn

pytestmark = pytest.mark.slow

GREEN = case(turn(LAUNCH, {"contains": "Hello"}), id="greets", name="Greets")
RED = case(turn(LAUNCH, {"contains": "Good day"}), id="polite", name="Is polite")
SKIPPED = case(turn(LAUNCH, {"judge": "It is kind."}), id="kind")


def project(folder: Path, *tests: Object, **more: Any) -> Path:
    """A file with a project of one step."""
    flow = line(step("hello", "message", text="Hello!"), primary=True)
    file = folder / "shop.json"
    file.write_text(json.dumps({"name": "Shop", "workflows": [flow], "tests": [*tests], **more}))
    return file


def test_a_green_file_is_an_exit_of_0(tmp_path: Path) -> None:
    done = conduet("test", str(project(tmp_path, GREEN)))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "ok    Greets (greets)\n1 test: 1 passed.\n"


def test_a_red_file_is_an_exit_of_1_that_says_where_and_what(tmp_path: Path) -> None:
    done = conduet("test", str(project(tmp_path, GREEN, RED, SKIPPED)))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        "ok    Greets (greets)",
        "FAIL  Is polite (polite)",
        "      turn 1, step main/hello",
        '      expected  a text that contains "Good day"',
        '      got       "Hello!"',
        "skip  kind",
        '      turn 1: judge needs a model, and none is set up: "It is kind."',
        "3 tests: 1 passed, 1 failed, 1 skipped.",
    ]


def test_as_json_there_is_nothing_else_on_stdout(tmp_path: Path) -> None:
    done = conduet("test", str(project(tmp_path, GREEN, RED)), "--json")
    assert (done.returncode, done.stderr) == (1, "")
    results = json.loads(done.stdout)
    assert [(result["id"], result["ok"]) for result in results] == [("greets", True), ("polite", False)]
    assert results[1]["stepId"] == "hello"


def test_junit_is_written_beside_the_answer(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    file = str(project(tmp_path, GREEN, RED))
    done = conduet("test", file, "--junit", str(report), "--json")
    assert done.returncode == 1
    json.loads(done.stdout)
    suite = ET.fromstring(report.read_bytes())[0]
    assert suite.attrib == {"name": "Shop", "tests": "2", "failures": "1", "errors": "0", "skipped": "0"}
    written = report.read_bytes()
    conduet("test", file, "--junit", str(report))
    assert report.read_bytes() == written


def test_the_demo_is_green_as_a_file_without_a_server_a_key_or_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    file.write_text(json.dumps(read_demo()))
    gone = str(tmp_path / "gone")
    done = conduet("test", str(file), CONDUET_DATA=gone, CONDUET_DATABASE_URL="postgresql://nobody@127.0.0.1:1/gone")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]


def test_code_in_a_file_runs(tmp_path: Path) -> None:
    flow = line(step("price", "code", code="return {say: `${6 * 7} bikes`}"), primary=True)
    done = conduet("test", str(project(tmp_path, case(turn(LAUNCH, {"contains": "42 bikes"})), workflows=[flow])))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_folder_is_tested_as_a_file_is(tmp_path: Path) -> None:
    document = json.loads(project(tmp_path, GREEN, RED).read_text())
    folder = tmp_path / "shop"
    for kind in ("workflows", "tests"):
        (folder / kind).mkdir(parents=True)
        for part in document[kind]:
            (folder / kind / f"{part['id']}.json").write_text(json.dumps(part))
        document[kind] = [part["id"] for part in document[kind]]
    (folder / "project.json").write_text(json.dumps(document))
    done = conduet("test", str(folder))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "2 tests: 1 passed, 1 failed.")


def test_a_file_without_tests_is_green_and_says_so(tmp_path: Path) -> None:
    done = conduet("test", str(project(tmp_path)))
    assert (done.returncode, done.stdout) == (0, "0 tests: nothing to run.\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not valid JSON"),
        ("[]", "a project is a JSON object"),
        ('{"workflows": [], "tests": [{"id": "a", "turns": [{}]}]}', "tests[0].turns[0].action"),
        ('{"workflows": [{"id": "m", "steps": [{"id": "s", "type": "nope"}]}]}', "workflows[0].steps[0].type"),
    ],
)
def test_a_file_that_is_no_project_is_told_in_words(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "broken.json"
    file.write_text(text)
    done = conduet("test", str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_what_cannot_be_done_is_one_sentence(tmp_path: Path) -> None:
    file = str(project(tmp_path, GREEN))
    for arguments, told in (
        (("gone.json",), "there is no file gone.json"),
        (("some/where",), "there is no file some/where"),
        ((file, "--version", "production"), "--version"),
        ((file, "--junit", str(tmp_path / "no" / "report.xml")), "cannot be written"),
        (("demo",), "CONDUET_TOKEN"),
    ):
        done = conduet("test", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_nothing_that_a_terminal_obeys_is_printed(tmp_path: Path) -> None:
    file = project(tmp_path, {**GREEN, "name": "\x1b[31mred\nnew line\x9b"})
    assert conduet("test", str(file)).stdout == "ok    �[31mred�new line� (greets)\n1 test: 1 passed.\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("test") / "data") as running:
        yield running


def test_a_project_is_tested_by_its_server(running: Served, tmp_path: Path) -> None:
    token = conduet("token", "create", "--name", "test", "--data", str(running.data)).stdout.strip()
    there = {"CONDUET_URL": running.url, "CONDUET_TOKEN": token}
    report = tmp_path / "report.xml"
    for name in ("proj_demo", "demo"):
        done = conduet("test", name, "--junit", str(report), **there)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.endswith(" passed.\n")
    of_server, of_file = (conduet("test", name, "--json", **there) for name in ("demo", str(_demo(tmp_path))))
    assert of_server.stdout == of_file.stdout
    assert ET.fromstring(report.read_bytes())[0].attrib["failures"] == "0"
    refused = conduet("test", "demo", "--version", "production", **there)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Nothing is published yet" in refused.stderr
    assert "there is no project gone" in conduet("test", "gone", **there).stderr


def _demo(folder: Path) -> Path:
    file = folder / "demo.json"
    file.write_text(json.dumps(read_demo()))
    return file
