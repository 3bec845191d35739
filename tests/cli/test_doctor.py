"""What `conduet doctor` says of the embedding model, where it runs and where it cannot, and of where spans are told."""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import conduet_minilm
from conduet.cli.doctor import doctor
from tests.knowledge.embedding_server import DIM, embedding_server


def found(capsys: pytest.CaptureFixture[str], name: str = "embedding model") -> dict[str, str]:
    findings = json.loads(capsys.readouterr().out)
    return next(finding for finding in findings if finding["name"] == name)


def test_doctor_runs_the_embedding_model_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    doctor(tmp_path, as_json=True)

    assert found(capsys)["state"] == "ok"


def test_a_system_without_onnxruntime_is_told_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    doctor(tmp_path, as_json=True)

    finding = found(capsys)
    assert finding["state"] == "note"
    assert finding["message"] == "search goes by words alone, as there is no onnxruntime on this system"


def test_weights_that_are_not_the_known_ones_are_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "model-int8.onnx"
    other.write_bytes(b"other weights")
    monkeypatch.setattr(conduet_minilm, "MODEL", other)

    with pytest.raises(SystemExit):
        doctor(tmp_path, as_json=True)

    assert found(capsys)["state"] == "wrong"


async def test_a_provider_s_embedding_model_is_asked_for_a_vector(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDUET_EMBEDDING_MODEL", "openai:some-embedding")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    async with embedding_server() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        with suppress(SystemExit):
            await asyncio.to_thread(doctor, tmp_path, as_json=True)
        assert found(capsys) == {
            "name": "embedding model",
            "state": "ok",
            "message": f"openai:some-embedding answers, with vectors of {DIM} numbers",
        }
        server.status = 503
        with pytest.raises(SystemExit):
            await asyncio.to_thread(doctor, tmp_path, as_json=True)
        told = found(capsys)
    assert told["state"] == "wrong"
    assert told["message"].endswith("Until it answers, search goes by words alone.")


def test_an_embedding_model_that_is_not_there_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDUET_EMBEDDING_MODEL", "cohere:embed")
    with pytest.raises(SystemExit):
        doctor(tmp_path, as_json=True)
    assert found(capsys)["message"].startswith("CONDUET_EMBEDDING_MODEL: no provider 'cohere'")


def test_doctor_says_where_spans_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    doctor(tmp_path, as_json=True)
    told = {"name": "spans", "state": "ok", "message": "told to http://127.0.0.1:4318/v1/traces"}
    assert found(capsys, "spans") == told

    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    with pytest.raises(SystemExit):
        doctor(tmp_path, as_json=True)
    assert found(capsys, "spans")["state"] == "wrong"
