"""Instagram: recorded deliveries, and texts counted in bytes."""

from typing import Any

from tests.channels.test_whatsapp import text
from tests.channels.vectors import check, configured, vectors


@vectors("instagram")
def test_a_recorded_delivery_is_what_it_is(vector: dict[str, Any]) -> None:
    check(configured("instagram"), vector)


def test_a_text_is_split_at_a_thousand_bytes_on_a_letter() -> None:
    words = "Größe 🌿 und Maß. " * 100
    texts = [str(message.content["text"]) for message in configured("instagram").write([text(words)])]
    assert max(len(each.encode()) for each in texts) <= 1000
    assert " ".join(texts) == words.strip()
