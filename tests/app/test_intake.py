"""How much each address takes."""

import pytest

from conduet.app.intake import DOCUMENT, FOREIGN, JSON, UPLOAD, Intake, intake_of


@pytest.mark.parametrize(
    ("method", "path", "intake"),
    [
        ("POST", "/api/v1/projects", DOCUMENT),
        ("PATCH", "/api/v1/projects/{projectId}", DOCUMENT),
        ("POST", "/api/v1/projects/{projectId}/persist", DOCUMENT),
        ("POST", "/api/v1/projects/import", DOCUMENT),
        ("POST", "/api/v1/knowledge-base/upload", UPLOAD),
        ("POST", "/api/v1/projects/{projectId}/knowledge-base/upload", UPLOAD),
        ("POST", "/api/v1/channels/{deploymentId}/webhook", FOREIGN),
        ("POST", "/api/v1/sign-in", JSON),
        ("PUT", "/api/v1/projects", JSON),
        ("POST", "/api/v1/projects/{projectId}", JSON),
        ("POST", "/api/v1/projects/{projectId}/publish", JSON),
        ("POST", "/api/v1/conversations/{userId}/interact", JSON),
    ],
)
def test_each_address_has_its_bounds(method: str, path: str, intake: Intake) -> None:
    assert intake_of(method, path) is intake


def test_the_bounds_are_the_contracts() -> None:
    assert [JSON.limit, DOCUMENT.limit] == [1_048_576, 20_971_520]
    assert 52_428_800 < UPLOAD.limit < 53_000_000
