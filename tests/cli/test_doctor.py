"""What `conduet doctor` says of the embedding model, where it runs and where it cannot."""

import json
import sys
from pathlib import Path

import pytest

import conduet_minilm
from conduet.cli.doctor import doctor


def found(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    findings = json.loads(capsys.readouterr().out)
    return next(finding for finding in findings if finding["name"] == "embedding model")


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
