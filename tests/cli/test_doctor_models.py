"""What `conduet doctor` says of models: those that answer, those that do not, and those that run nearby."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from conduet.cli.doctor_models import model_findings, nearby_findings
from conduet.cli.finding import Finding
from tests.providers.playing import Playing, Reply, playing, wire

MODELS = b'{"object": "list", "data": [{"id": "qwen3:8b"}, {"id": "other"}]}'


class Listing(BaseHTTPRequestHandler):
    """A server of models, or of something else."""

    body = MODELS

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/v1/models" else 404)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing."""


@contextmanager
def nearby(body: bytes = MODELS) -> Generator[int]:
    """The port of a server on this machine."""
    kind = type("Answering", (Listing,), {"body": body})
    with HTTPServer(("127.0.0.1", 0), kind) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


async def asked(server: Playing, chosen: str | None, **environment: str) -> list[Finding]:
    """What is found with a provider at that server."""
    told = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-1", **environment}
    return await asyncio.to_thread(lambda: list(model_findings(chosen, told)))


async def test_each_model_is_asked_once() -> None:
    async with playing(Reply(wire("openai/text"))) as server:
        findings = await asked(server, "openai:one,openai:two")
        assert [finding.state for finding in findings] == ["ok", "ok"]
        assert findings[0].message.startswith("openai:one answered in ")
        assert sorted(each.body["model"] for each in server.asked) == ["one", "two"]


async def test_a_key_that_is_not_accepted_is_told() -> None:
    refusal = Reply.json({"error": {"message": "Incorrect API key"}}, status=401)
    async with playing(refusal) as server:
        (finding,) = await asked(server, "openai:one")
    assert finding.state == "wrong"
    assert finding.message.startswith("openai:one: The model's provider does not accept the key")
    assert "MODEL_UNAUTHORIZED" in finding.message
    assert "sk-1" not in finding.message


async def test_a_provider_without_a_model_says_how_to_name_one() -> None:
    async with playing(Reply()) as server:
        (finding,) = await asked(server, None)
        assert not server.asked
    assert finding == Finding(
        "model", "note", "openai is configured; name a model of it, such as CONDUET_MODEL=openai:MODEL, to have it used"
    )


@pytest.mark.parametrize(
    ("chosen", "environment", "state", "message"),
    [
        (None, {}, "note", "none configured: local:extractive answers"),
        ("local:extractive", {}, "ok", "local:extractive is built in"),
        ("gpt", {}, "wrong", "CONDUET_MODEL: 'gpt' does not name a model"),
        ("openai:gpt", {}, "wrong", "openai:gpt: The provider 'openai' of the model is not configured"),
        (None, {"OPENAI_BASE_URL": "ftp://x"}, "wrong", "OPENAI_BASE_URL: it is not an http or https URL"),
    ],
)
def test_what_is_configured_is_told(chosen: str | None, environment: dict[str, str], state: str, message: str) -> None:
    (finding,) = model_findings(chosen, environment)
    assert finding.state == state
    assert finding.message.startswith(message)


def test_a_server_nearby_is_told_with_the_line_that_would_use_it() -> None:
    with nearby() as port:
        assert [*nearby_findings({}, own_port=8000, ports={port: "Ollama"})] == [
            Finding(
                "Ollama",
                "note",
                f"found at 127.0.0.1:{port}, not used; to use it, start the server with "
                f"OPENAI_BASE_URL=http://127.0.0.1:{port}/v1 CONDUET_MODEL=openai:qwen3:8b",
            )
        ]


def test_what_is_used_already_or_is_no_server_of_models_is_not_told() -> None:
    with nearby() as port:
        used = {"OPENAI_BASE_URL": f"http://localhost:{port}/v1"}
        assert not [*nearby_findings(used, own_port=8000, ports={port: "Ollama"})]
        assert not [*nearby_findings({}, own_port=port, ports={port: "llama.cpp"})]
    assert not [*nearby_findings({}, own_port=8000, ports={port: "Ollama"})]
    for body in (b"<html>", b'{"data": [{"id": "\\u001b[31m"}]}', b"[]"):
        with nearby(body) as port:
            assert not [*nearby_findings({}, own_port=8000, ports={port: "Ollama"})]
