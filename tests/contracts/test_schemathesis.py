"""Requests made from the OpenAPI document: no answer is a 500, and none that the document does not tell of."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false
# Schemathesis leaves the type of its cases open.
import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from conduet.app.create import create_app
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
    # Hypothesis looks into it as soon as its import has begun, which the server does in a thread of its own.
    import_module("numpy")
    config = Settings(data=tmp_path_factory.mktemp("served"))
    migrate(config.database)
    database = open_database(config.database, run_dir=config.run_dir)
    token = new_token(database)
    database.close_now()
    with serving(create_app(config)) as port:
        url = f"http://127.0.0.1:{port}"
        with httpx2.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=60) as owner:
            project = owner.post("/projects", json={"name": "Served"}).raise_for_status().json()["id"]
            made = owner.post(f"/projects/{project}/api-keys", json={"name": "Served"}).raise_for_status().json()
        yield Served(url, token, made["key"], project)


EXAMPLES = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@pytest.mark.thorough
# Schemathesis draws some of its values by itself; its examples are the same each time all the same.
@pytest.mark.filterwarnings("ignore:Do not use the .random. module:hypothesis.errors.HypothesisDeprecationWarning")
@pytest.mark.parametrize("mode", [*schemathesis.GenerationMode])
def test_no_answer_surprises(served: Served, mode: schemathesis.GenerationMode) -> None:
    document: Any = schemathesis.openapi.from_url(f"{served.url}/openapi.json")  # its types are unknown
    surprises: list[str] = []
    for found in document.get_all_operations():
        operation = found.ok()
        if operation.path.endswith("/events"):
            continue  # Its answer has no end.
        try:
            EXAMPLES(given(case=operation.as_strategy(generation_mode=mode))(asking(served)))()
        except Unsatisfiable:
            continue  # Nothing about this endpoint can be sent wrongly.
        except (FailureGroup, Failure) as failed:
            surprises.append(f"{operation.label}: {getattr(failed, 'exceptions', failed)}")
    assert surprises == [], "\n".join(surprises)


def asking(served: Served) -> Callable[[Any], None]:
    """What is done with each case: it is sent by who may, and its answer held against the document."""

    def ask(case: Any) -> None:
        security = case.operation.definition.raw.get("security", [{}])[0]
        secret = {"developerToken": served.token, "projectKey": served.key}.get(next(iter(security), ""))
        # Half of the requests are about the project that is there, which is never removed.
        number = case.path_parameters.get("projectId")
        removes = case.method == "DELETE" and case.path.endswith("{projectId}")
        if number is not None and len(str(number)) % 2 and not removes:
            case.path_parameters["projectId"] = served.project
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        # It reads a stream's schema as one of its events, which is so from OpenAPI 3.2 on only.
        left_out = [response_schema_conformance] if case.path.endswith("/stream") else []
        case.call_and_validate(
            base_url=served.url, headers=headers, checks=[check for check in CHECKS if check not in left_out]
        )

    return ask
