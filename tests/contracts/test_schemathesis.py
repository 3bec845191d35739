"""Requests made from the OpenAPI document: no answer is a 500, and none that the document does not tell of."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import Failure, FailureGroup, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from conduet.app import create_app
from conduet.kit.db import open_database
from conduet.migrations import migrate
from conduet.settings import Settings
from tests.app.serving import serving
from tests.conftest import new_token

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@dataclass(frozen=True, slots=True)
class Served:
    """A server, and what opens it."""

    url: str
    token: str
    key: str
    project: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """A real server with one project."""
    config = Settings(data=tmp_path_factory.mktemp("served"))
    migrate(config.database)
    database = open_database(config.database, run_dir=config.run_dir)
    token = new_token(database)
    database.close_now()
    with serving(create_app(config)) as port:
        url = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {token}"}) as owner:
            project = owner.post("/projects", json={"name": "Served"}).raise_for_status().json()["id"]
            made = owner.post(f"/projects/{project}/api-keys", json={"name": "Served"}).raise_for_status().json()
        yield Served(url, token, made["key"], project)


EXAMPLES = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[*HealthCheck],
)


@pytest.mark.slow
def test_no_answer_surprises(served: Served) -> None:
    document = schemathesis.openapi.from_url(f"{served.url}/openapi.json")
    surprises: list[str] = []
    for operation in document.get_all_operations():
        found = operation.ok()

        @EXAMPLES
        @given(case=found.as_strategy())
        def check(case: schemathesis.Case) -> None:
            ask(case, served)

        try:
            check()
        except* (FailureGroup, Failure) as failures:
            surprises.append(f"{found.label}: {failures.exceptions}")
    assert surprises == []


def ask(case: schemathesis.Case, served: Served) -> None:
    security = case.operation.definition.raw.get("security", [{}])[0]
    secret = {"developerToken": served.token, "projectKey": served.key}.get(next(iter(security), ""))
    # Half of the requests are about the project that is there, which is never removed.
    number = case.path_parameters.get("projectId")
    removes = case.method == "DELETE" and case.path.endswith("{projectId}")
    if number is not None and len(str(number)) % 2 and not removes:
        case.path_parameters["projectId"] = served.project
    case.call_and_validate(
        base_url=served.url, headers={"Authorization": f"Bearer {secret}"} if secret else {}, checks=CHECKS
    )
