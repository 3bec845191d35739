"""How much each address takes."""

import pytest

from conduet.app.intake import DOCUMENT, FOREIGN, JSON, UPLOAD, Intake, intake_of


@pytest.mark.parametrize(
    ("method", "path", "intake"),
    [
        ("POST", "/api/v1/projects", DOCUMENT),
        ("POST", "/v1/projects", DOCUMENT),
        ("PATCH", "/v1/projects/proj_1", DOCUMENT),
        ("POST", "/api/v1/projects/proj_1/persist", DOCUMENT),
        ("POST", "/api/v1/projects/import", DOCUMENT),
        ("POST", "/api/v1/knowledge-base/upload", UPLOAD),
        ("POST", "/v1/projects/proj_1/knowledge-base/upload", UPLOAD),
        ("POST", "/api/v1/channels/dep_1/webhook", FOREIGN),
        ("POST", "/sign-in", FOREIGN),
        ("PUT", "/api/v1/projects", JSON),
        ("POST", "/api/v1/projects/proj_1", JSON),
        ("POST", "/api/v1/projects/proj_1/publish", JSON),
        ("POST", "/api/v1/conversations/a/interact", JSON),
        ("POST", "/v2/projects", FOREIGN),
    ],
)
def test_each_address_has_its_bounds(method: str, path: str, intake: Intake) -> None:
    assert intake_of(method, path) is intake


def test_the_bounds_are_the_contracts() -> None:
    assert [JSON.limit, DOCUMENT.limit] == [1_048_576, 20_971_520]
    assert 52_428_800 < UPLOAD.limit < 53_000_000
