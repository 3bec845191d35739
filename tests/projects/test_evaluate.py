"""What a template or an expression comes to, asked of the API as the dashboard's previews do."""

from typing import Any

import httpx2
import pytest

from tests.conftest import Owned

VARIABLES = {"name": "Ana", "order": {"lines": [{"count": 2}]}, "sys": {"now": "2026-11-28T22:30:00Z"}}


async def evaluated(owner: httpx2.AsyncClient, project: Owned, **asked: Any) -> httpx2.Response:
    body = {"kind": "template", "variables": VARIABLES, **asked}
    return await owner.post(f"/api/v1/projects/{project.id}/evaluate", json=body)


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ({"source": "Hello {{ name | upper }}, {{order.lines[0].count + 1}} of them"}, "Hello ANA, 3 of them"),
        ({"source": "{{ order.lines }}"}, [{"count": 2}]),
        ({"source": "{{ sys.now | date('%d. %H:%M') }}", "timeZone": "Europe/Berlin"}, "28. 23:30"),
        ({"source": "plain {% text %}"}, "plain {% text %}"),
        ({"kind": "expression", "source": "order.lines[0].count > 1 and name == 'Ana'"}, True),
    ],
)
async def test_it_comes_to_what_a_turn_would_make_of_it(
    owner: httpx2.AsyncClient, project: Owned, asked: dict[str, Any], value: object
) -> None:
    answer = await evaluated(owner, project, **asked)
    assert answer.json() == {"value": value, "missing": [], "problems": []}, answer.text


async def test_what_leads_nowhere_and_what_cannot_be_computed_is_told(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    template = (await evaluated(owner, project, source="{{nobody.name}} {{ 1 + }}")).json()
    assert template["value"] == " {{ 1 + }}"
    assert template["missing"] == ["nobody.name"]
    assert "1 +" in template["problems"][0]
    expression = (await evaluated(owner, project, kind="expression", source="name - 1")).json()
    assert expression["value"] is None
    assert expression["problems"]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"source": 3}, "source"),
        ({"source": "x" * 65_537}, "source"),
        ({"source": "x", "kind": "poem"}, "kind"),
        ({"source": "x", "timeZone": "Mars/Base"}, "timeZone"),
        ({"source": "x", "variables": []}, "variables"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_its_path(
    owner: httpx2.AsyncClient, project: Owned, asked: dict[str, Any], path: str
) -> None:
    answer = await evaluated(owner, project, **asked)
    assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, path), answer.text


async def test_only_who_may_edit_the_project_asks(client: httpx2.AsyncClient, project: Owned) -> None:
    assert (await evaluated(client, project, source="x")).status_code == 401
