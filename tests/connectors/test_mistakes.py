"""Every mistake in what a connector is given is told by its path while the tool is drawn, whatever the connector."""

from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel, ValidationError

from tests.conftest import Owned
from tests.connectors.cases import CASES
from tests.connectors.playing import CONNECTORS, action_of

ACTIONS = [(provider, action.name) for provider, connector in CONNECTORS.items() for action in connector.actions]
WRONG: tuple[Any, ...] = ("", "?", -1, {"a": {"b": 1}}, ["x", {"a": 1}])
"""Values of which every field refuses one."""

every_action = pytest.mark.parametrize(("provider", "action"), ACTIONS, ids="/".join)


async def problems(owner: httpx2.AsyncClient, project: Owned, **config: Any) -> list[tuple[str, str, str]]:
    """The code, the path below the configuration, and the severity of each problem of an `integration` with that."""
    tool = {"id": "t", "name": "t", "description": "x", "type": "integration", "config": config}
    changed = {"tools": [tool], "secrets": [{"name": "KEY", "value": "s3cr3t"}]}
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json=changed)
    assert saved.status_code == 200, saved.text
    assert all(each["message"] and each["fix"] for each in saved.json()["problems"])
    base = "tools[0].config."
    return [
        (each["code"], each["path"].removeprefix(base), each["severity"])
        for each in saved.json()["problems"]
        if each["path"].startswith(base)
    ]


def fields(model: type[BaseModel]) -> Mapping[str, bool]:
    """The names of its fields, each with whether it has to be there."""
    return {str(field.alias): field.is_required() for field in model.model_fields.values()}


def refused(model: type[BaseModel], name: str) -> Any:
    """A value that the field of that name does not take."""
    for value in WRONG:
        try:
            model.model_validate({name: value})
        except ValidationError as error:
            if value != "" and any(each["loc"][:1] == (name,) for each in error.errors()):
                return value
    return None


@every_action
async def test_what_is_missing_is_told_by_its_path(
    owner: httpx2.AsyncClient, project: Owned, provider: str, action: str
) -> None:
    told = await problems(owner, project, provider=provider, action=action)
    models = {"credentials": CONNECTORS[provider].credentials, "inputs": action_of(CONNECTORS[provider], action)}
    needed = {(f"{where}.{name}") for where, model in models.items() for name, must in fields(model).items() if must}
    assert {(code, path, severity) for code, path, severity in told} == {("REQUIRED", path, "error") for path in needed}


@every_action
async def test_what_is_wrong_or_not_known_is_told_by_its_path(
    owner: httpx2.AsyncClient, project: Owned, provider: str, action: str
) -> None:
    models = {"credentials": CONNECTORS[provider].credentials, "inputs": action_of(CONNECTORS[provider], action)}
    given = {where: {name: refused(model, name) for name in fields(model)} for where, model in models.items()}
    wrong = {
        where: {name: value for name, value in named.items() if value is not None} for where, named in given.items()
    }
    assert wrong["credentials"]
    told = await problems(
        owner,
        project,
        provider=provider,
        action=action,
        **{where: {**named, "odd": 1} for where, named in wrong.items()},
    )
    for where, named in wrong.items():
        assert ("UNKNOWN_FIELD", f"{where}.odd", "error") in told
        for name in named:
            at = f"{where}.{name}"
            assert [path for code, path, _ in told if code == "WRONG_INPUT" and path.startswith(at)], (at, told)


@pytest.mark.parametrize("provider", CONNECTORS)
async def test_a_secret_in_plain_sight_is_told_by_its_path(
    owner: httpx2.AsyncClient, project: Owned, provider: str
) -> None:
    connector = CONNECTORS[provider]
    secret = [
        str(field.alias)
        for field in connector.credentials.model_fields.values()
        if field.json_schema_extra == {"control": "secret"}
    ]
    assert secret
    action = connector.actions[0].name
    case = CASES.get((provider, action))
    plain = dict(case.credentials) if case else {"host": "mail.example", "sender": "a@b.example", "password": "x"}
    hidden = {**plain, **dict.fromkeys(secret, "{{secrets.KEY}}")}
    for credentials, codes in ((plain, [("EXPOSED_SECRET", f"credentials.{secret[0]}", "error")]), (hidden, [])):
        told = await problems(owner, project, provider=provider, action=action, credentials=credentials)
        assert [each for each in told if each[1].startswith("credentials")] == codes
