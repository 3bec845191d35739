"""Traces as they are on the wire."""

import pytest

from conduet.engine.trace import MEDIA, Button, Buttons, Debug, End, Error, Image, Resolution, Text, Trace, Typing


@pytest.mark.parametrize(
    ("trace", "kind", "payload"),
    [
        (Text("Hi"), "text", {"message": "Hi"}),
        (Buttons((Button("a", "A", "1"),)), "buttons", {"buttons": [{"id": "a", "label": "A", "value": "1"}]}),
        (Image("u", alt="x", mime_type="image/png"), "image", {"url": "u", "alt": "x", "mimeType": "image/png"}),
        (Typing(1.5), "typing", {"seconds": 1.5}),
        (Debug("info", "x"), "debug", {"level": "info", "message": "x"}),
        (Error("CODE", "x"), "error", {"code": "CODE", "message": "x"}),
        (Resolution("x"), "resolution", {"reason": "x"}),
        (End(), "end", {}),
    ],
)
def test_a_trace_has_its_type_and_its_payload(trace: Trace, kind: str, payload: dict[str, object]) -> None:
    assert (trace.type, trace.payload()) == (kind, payload)


def test_each_kind_of_media_is_a_type() -> None:
    assert {name: kind("u").type for name, kind in MEDIA.items()} == {
        name: name for name in ("image", "video", "audio", "file")
    }
