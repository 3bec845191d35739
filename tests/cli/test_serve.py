"""`conduet serve`: what it prints, and what keeps it from starting."""

import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest

from benchmarks.processes import free_port
from conduet.migrations import newest
from tests.cli.forked import Forked
from tests.cli.served import Served, conduet, served
from tests.engine.talk import line, step

pytestmark = pytest.mark.slow

ACTION = '{"action": {"type": "text", "payload": "Hi"}}'
BEGUN = "POST /api/v1/conversations/kim/interact HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n"
SECRETS = re.compile(r"cdt_\w+|token=\w+")


def test_the_first_start_prints_a_curl_that_can_be_pasted_and_the_second_prints_no_secret(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data, popen=subprocess.Popen) as first:
        curl = first.printed[first.printed.index("curl") :].split("\n\n")[0]
        command = shlex.split(curl.replace("\\\n", ""))
        answer = subprocess.run(command, capture_output=True, timeout=30, check=True).stdout
        assert [trace["type"] for trace in orjson.loads(answer)] == ["text", "text", "buttons"]
        assert str(data) in first.printed
        assert "Ctrl-C" in first.printed
        link = re.search(r"http://\S+token=\S+", first.printed)
        assert link
        assert httpx2.get(link[0], timeout=60).status_code == 200
    assert first.process.returncode == 0
    with served(data, popen=subprocess.Popen) as second:
        assert not SECRETS.search(second.printed)
        assert httpx2.get(second.url + "/readyz", timeout=60).status_code == 200


def test_the_folder_that_holds_everything_is_its_owners_alone(tmp_path: Path) -> None:
    with served(tmp_path / "data") as running:
        assert running.data.stat().st_mode & 0o077 == 0


def test_no_demo_leaves_the_demo_out(tmp_path: Path) -> None:
    with served(tmp_path / "data", "--no-demo") as running:
        assert "curl" not in running.printed
        token = conduet("token", "create", "--name", "t", "--data", str(running.data)).stdout.strip()
        listed = httpx2.get(running.url + "/api/v1/projects", headers={"Authorization": f"Bearer {token}"}, timeout=60)
        assert listed.json() == []


def test_the_demo_asks_its_own_service_in_every_process_and_without_it_says_so(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data, "--workers", "2") as running:
        token = conduet("token", "create", "--name", "t", "--data", str(data)).stdout.strip()
        for _ in range(6):
            assert re.search(r"Ana has time on \w+day at \d+:00 for new brakes \(about 45 €\)", _booked(running, token))
    with served(data, "--no-demo") as running:
        booked = _booked(running, token)
        assert "ADDRESS_REFUSED" in booked
        assert "Ana has time soon" in booked


def _booked(running: Served, token: str) -> str:
    body = {
        "message": "Hi",
        "start": {"workflowId": "repair", "stepId": "calendar"},
        "variables": {"mechanic": "Ana", "job": "new brakes", "jobId": "brakes"},
    }
    path = running.url + "/api/v1/projects/proj_demo/chat"
    answer = httpx2.post(path, headers={"Authorization": f"Bearer {token}"}, json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_several_processes_serve_the_same_folder_and_settings(tmp_path: Path) -> None:
    several = served(tmp_path / "data", "--workers", "2", popen=subprocess.Popen, CONDUET_RATE_LIMIT="7/minute")
    with several as running:
        key = conduet("key", "create", "proj_demo", "--data", str(running.data)).stdout.strip()
        limits = set[str]()
        remaining = list[int]()
        for _ in range(6):
            answer = httpx2.post(
                running.url + "/api/v1/conversations/somebody/interact",
                headers={"Authorization": f"Bearer {key}"},
                json={"action": {"type": "launch", "payload": None}},
                timeout=60,
            )
            assert answer.status_code == 200, answer.text
            limits.add(answer.headers["X-RateLimit-Limit"])
            remaining.append(int(answer.headers["X-RateLimit-Remaining"]))
        assert limits == {"7"}
        assert remaining == [6, 5, 4, 3, 2, 1]


def test_processes_end_with_the_one_that_started_them_which_can_be_started_again(tmp_path: Path) -> None:
    options = "--workers", "2", "--port", str(free_port())
    with served(tmp_path / "data", *options) as killed:
        assert httpx2.get(killed.url + "/readyz", timeout=60).status_code == 200
        killed.kill()
        # At once, while its processes hold the port.
        with served(tmp_path / "data", *options) as again:
            assert httpx2.get(again.url + "/readyz", timeout=60).status_code == 200


def test_a_turn_that_outlives_who_started_its_process_keeps_nobody_from_starting(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data, "--workers", "2") as killed, ThreadPoolExecutor() as pool:
        token = conduet("token", "create", "--name", "t", "--data", str(data)).stdout.strip()
        shown = {"Authorization": f"Bearer {token}"}
        with httpx2.Client(base_url=f"{killed.url}/api/v1", headers=shown, timeout=60) as client:
            project = client.post("/projects", json={"name": "Slow"}).json()["id"]
            flow = line(step("wait", "delay", seconds=5), step("say", "message", text="done"))
            assert client.patch(f"/projects/{project}", json={"workflows": [flow]}).status_code == 200
            talk = f"/projects/{project}/conversations/somebody"
            launch = {"action": {"type": "launch"}, "versionId": "development"}
            turn = pool.submit(client.post, f"{talk}/interact/stream", json=launch)
            time.sleep(1)
            killed.kill()
            # At once, while that turn runs.
            with served(data, "--workers", "2") as again:
                assert httpx2.get(again.url + "/readyz", timeout=60).status_code == 200
                assert "done" in turn.result().text


def test_processes_import_nothing_from_the_folder_that_serve_is_called_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "structlog.py").write_text("raise RuntimeError('Not the one.')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with served(tmp_path / "data", "--workers", "2") as running:
        assert httpx2.get(running.url + "/readyz", timeout=60).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_processes_that_are_told_to_end_together_answer_what_was_asked_before(
    number: signal.Signals, tmp_path: Path
) -> None:
    with served(tmp_path / "data", "--workers", "2", popen=Grouped) as running:
        key = conduet("key", "create", "proj_demo", "--data", str(running.data)).stdout.strip()
        host, port = running.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=60) as asking:
            asking.sendall(BEGUN.format(host, key, len(ACTION)).encode())
            # Somebody reads it.
            assert asking.recv(1000).startswith(b"HTTP/1.1 100 ")
            os.killpg(running.process.pid, number)
            time.sleep(0.7)
            # Whoever waits for the one that started the others waits for them too.
            assert running.process.poll() is None
            asking.sendall(ACTION.encode())
            assert asking.recv(1000).startswith(b"HTTP/1.1 200 ")
        assert running.process.wait(30) == 0


class Grouped(Forked):
    """A `conduet` with a process group of its own, as a terminal and a container give it one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options, process_group=0)


def test_a_port_in_use_is_told_in_one_sentence(tmp_path: Path) -> None:
    with served(tmp_path / "data") as running:
        port = running.url.rpartition(":")[2]
        refused = conduet("serve", "--data", str(tmp_path / "other"), "--port", port)
    _is_one_sentence(refused, "--port")


def test_a_folder_that_is_served_already_is_told_in_one_sentence(tmp_path: Path) -> None:
    with served(tmp_path / "data"):
        refused = conduet("serve", "--data", str(tmp_path / "data"), "--port", "0")
    _is_one_sentence(refused, "--data")


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    _is_one_sentence(conduet("serve", "--data", str(tmp_path / "file" / "data"), "--port", "0"), "--data")


def test_a_database_of_a_newer_version_is_told_in_one_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(data):
        pass
    with closing(sqlite3.connect(data / "conduet.sqlite")) as database, database:
        database.execute("update alembic_version set version_num = '9999'")
    _is_one_sentence(conduet("serve", "--data", str(data), "--port", "0"), "9999", newest())
    _is_one_sentence(conduet("token", "create", "--name", "t", "--data", str(data)), "9999")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CONDUET_PORT", "many"),
        ("CONDUET_WORKERS", "0"),
        ("CONDUET_RATE_LIMIT", "often"),
        ("CONDUET_SECRET_KEY", "short"),
        ("CONDUET_DATABASE_URL", "mysql://nowhere/x"),
        ("CONDUET_DATABASE_URL", "postgresql://127.0.0.1:1/x"),
        ("CONDUET_DATABASE_URL", "postgresql://127.0.0.1:port/x"),
        ("CONDUET_DATABASE_URL", "postgres://127.0.0.1:1/x"),
        ("CONDUET_REDIS_URL", "nowhere"),
        ("CONDUET_ALLOW_PRIVATE_URLS", "maybe"),
        ("CONDUET_TRUSTED_PROXIES", "nobody"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told_by_its_name(tmp_path: Path, variable: str, value: str) -> None:
    refused = conduet("serve", "--data", str(tmp_path / "data"), **{"CONDUET_PORT": "0", variable: value})
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    assert refused.stdout == "", "what is shown once is not shown by a start that fails"
    assert variable.removeprefix("CONDUET_").split("_")[0].casefold() in refused.stderr.casefold()


def _is_one_sentence(refused: subprocess.CompletedProcess[str], *words: str) -> None:
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert len(refused.stderr.strip().splitlines()) == 1, refused.stderr
    assert all(word in refused.stderr for word in words), refused.stderr
