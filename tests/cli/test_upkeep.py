"""Commands that open the data folder themselves, also while it is served."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.cli.served import Served, conduet, served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("upkeep") / "data") as running:
        yield running


def test_token_create_prints_one_token_and_nothing_else(running: Served) -> None:
    made = conduet("token", "create", "--name", "laptop", "--data", str(running.data))
    assert made.returncode == 0
    token = made.stdout.removesuffix("\n")
    assert token.startswith("cdt_acc_")
    assert len(token.split()) == 1
    listed = httpx2.get(running.url + "/api/v1/projects", headers={"Authorization": f"Bearer {token}"}, timeout=60)
    assert [project["id"] for project in listed.json()] == ["proj_demo"]


def test_key_create_takes_an_id_or_a_slug_and_prints_one_key(running: Served) -> None:
    slug = json.loads(
        httpx2.get(running.url + "/api/v1/project", headers=_bearer(_key(running, "proj_demo")), timeout=60).content
    )["slug"]
    assert _key(running, slug).startswith("cdt_")


def test_a_widget_key_is_bound_to_its_origins(running: Served) -> None:
    key = _key(running, "proj_demo", "--type", "widget", "--origin", "https://shop.example")
    project = running.url + "/api/v1/project"
    assert httpx2.get(project, headers=_bearer(key, Origin="https://shop.example"), timeout=60).status_code == 200
    assert httpx2.get(project, headers=_bearer(key, Origin="https://evil.example"), timeout=60).status_code == 401


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing",), "nothing"),
        (("proj_demo", "--type", "master"), "--type"),
        (("proj_demo", "--name", " "), "--name"),
        (("proj_demo", "--origin", "https://shop.example"), "widget"),
        (("proj_demo", "--type", "widget", "--origin", "shop.example/path"), "--origin"),
    ],
)
def test_a_key_that_cannot_be_made_is_told_in_one_sentence(
    running: Served, arguments: tuple[str, ...], told: str
) -> None:
    refused = conduet("key", "create", *arguments, "--data", str(running.data))
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert told in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_link_prints_where_the_folder_is_served(running: Served) -> None:
    link = conduet("link", "--data", str(running.data)).stdout.strip()
    assert link.startswith(running.url)
    assert httpx2.get(link, timeout=60).status_code == 200


def test_migrate_says_the_version(running: Served) -> None:
    told = json.loads(conduet("migrate", "--json", "--data", str(running.data)).stdout)
    assert told["version"].isdigit()


def test_json_tells_what_was_made(running: Served) -> None:
    told = json.loads(conduet("token", "create", "--name", "ci", "--json", "--data", str(running.data)).stdout)
    assert told["name"] == "ci"
    assert told["token"].startswith("cdt_acc_")


def test_a_token_needs_a_name(running: Served) -> None:
    refused = conduet("token", "create", "--name", " ", "--data", str(running.data))
    assert (refused.returncode != 0, refused.stdout, "--name" in refused.stderr) == (True, "", True)


def test_a_file_that_is_no_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "conduet.sqlite").write_bytes(b"nothing of the kind" * 100)
    for command in (("serve", "--port", "0"), ("token", "create", "--name", "t"), ("migrate",)):
        refused = conduet(*command, "--data", str(tmp_path))
        assert refused.returncode != 0
        assert len(refused.stderr.strip().splitlines()) == 1, refused.stderr
        assert "not a database" in refused.stderr
    told = conduet("doctor", "--data", str(tmp_path))
    assert (told.returncode, "FAIL  database" in told.stdout) == (1, True)


def test_a_folder_that_was_never_served_is_told_in_one_sentence(tmp_path: Path) -> None:
    refused = conduet("token", "create", "--name", "t", "--data", str(tmp_path))
    assert refused.returncode != 0
    assert "conduet serve" in refused.stderr


def test_doctor_finds_nothing_wrong_with_a_folder_that_is_served(running: Served) -> None:
    port = running.url.rpartition(":")[2]
    told = conduet("doctor", "--json", "--data", str(running.data), CONDUET_PORT=port)
    assert told.returncode == 0
    states = {finding["name"]: finding["state"] for finding in json.loads(told.stdout)}
    assert states["database"] == states["secret key"] == states["server"] == "ok"


def test_doctor_exits_with_1_when_something_is_wrong(running: Served) -> None:
    told = conduet("doctor", "--data", str(running.data), CONDUET_SECRET_KEY="short")
    assert told.returncode == 1
    assert "FAIL  secret key" in told.stdout


def test_chat_talks_to_a_project_and_presses_buttons_by_number(running: Served) -> None:
    token = conduet("token", "create", "--name", "chat", "--data", str(running.data)).stdout.strip()
    talked = conduet("chat", "proj_demo", stdin="1\n\n", CONDUET_URL=running.url, CONDUET_TOKEN=token)
    assert talked.returncode == 0, talked.stderr
    assert "  1. " in talked.stdout
    traced = conduet("chat", "proj_demo", "--trace", stdin="\n", CONDUET_URL=running.url, CONDUET_TOKEN=token)
    kinds = [json.loads(line.removeprefix("> "))["type"] for line in traced.stdout.splitlines() if "{" in line]
    assert [kind for kind in kinds if kind != "step"][-1] == "buttons"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({}, "CONDUET_TOKEN"),
        ({"CONDUET_TOKEN": "cdt_acc_wrong"}, "token"),
        ({"CONDUET_TOKEN": "cdt_acc_x", "CONDUET_URL": "http://127.0.0.1:1"}, "CONDUET_URL"),
        ({"CONDUET_TOKEN": "cdt_acc_x", "CONDUET_URL": "nowhere"}, "CONDUET_URL"),
        ({"CONDUET_TOKEN": "cdt_acc_x", "CONDUET_URL": "http://127.0.0.1:port"}, "CONDUET_URL"),
    ],
)
def test_chat_that_cannot_begin_says_what_to_do(running: Served, variables: dict[str, str], told: str) -> None:
    refused = conduet("chat", "proj_demo", **{"CONDUET_URL": running.url, **variables})
    assert refused.returncode != 0
    assert told in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_help_teaches_every_command() -> None:
    told = conduet("--help").stdout
    for command in ("serve", "token", "key", "link", "chat", "doctor", "migrate"):
        assert command in told


def _key(running: Served, *arguments: str) -> str:
    made = conduet("key", "create", *arguments, "--data", str(running.data))
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def _bearer(key: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", **more}
