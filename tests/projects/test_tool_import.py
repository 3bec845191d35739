"""An OpenAPI document becomes tools: what is made of it, what is left out, and that it calls what it describes."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from conduet.settings import Settings
from tests.conftest import Owned, new_client
from tests.conversations.far_away import far_away, reaching
from tests.conversations.talking import Talker, save
from tests.engine.talk import step, workflow

DOCUMENTS = Path("tests/projects/fixtures/openapi")
TINY: dict[str, Any] = {"openapi": "3.1.0", "servers": [{"url": "https://api.example"}]}


def path(project: Owned) -> str:
    return f"/api/v1/projects/{project.id}/tools/import"


async def take(
    owner: httpx2.AsyncClient, project: Owned, document: str | dict[str, Any], **query: Any
) -> dict[str, Any]:
    """The answer to an import of one of the documents, or of another."""
    is_file = isinstance(document, str)
    body = (DOCUMENTS / document).read_bytes() if is_file else json.dumps(document).encode()
    kind = "application/yaml" if is_file and document.endswith("yaml") else "application/json"
    answer = await owner.post(path(project), content=body, params=query, headers={"Content-Type": kind})
    assert answer.status_code == 201, answer.text
    return answer.json()


def tools_of(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {tool["name"]: tool for tool in told["tools"]}


def left_out(told: dict[str, Any]) -> dict[str, str]:
    return {entry["operation"]: entry["reason"] for entry in told["report"]["leftOut"]}


async def test_a_shop_becomes_tools_with_their_inputs(owner: httpx2.AsyncClient, project: Owned) -> None:
    told = await take(owner, project, "shop.json")
    tools = tools_of(told)
    assert [*tools] == ["listOrders", "createOrder", "GET_orders_order-id"]
    listed = tools["listOrders"]
    assert listed["description"] == "List orders\n\nNewest first."
    assert listed["config"] == {
        "method": "GET",
        "url": "https://eu.shop.example/v2/orders?{{args.query | urlencode}}",
        "headers": {"Accept": "application/json", "X-Api-Key": "{{secrets.BIKE_SHOP_API_KEY}}"},
    }
    query = listed["parameters"]["properties"]["query"]
    assert query["properties"] == {
        "filter[status]": {"type": "array", "items": {"type": "string", "enum": ["open", "sent"]}},
        "limit": {"type": "integer", "maximum": 100, "default": 20, "exclusiveMinimum": 0},
    }
    assert "required" not in listed["parameters"]
    read = tools["GET_orders_order-id"]
    assert read["config"]["url"] == "https://eu.shop.example/v2/orders/{{args.order_id | urlencode}}"
    assert read["config"]["headers"] == {"Accept": "application/json"}
    assert read["parameters"]["required"] == ["order_id"]
    assert read["parameters"]["properties"]["order_id"] == {"type": "string", "description": "The order's number."}


async def test_a_body_stands_alone_without_what_is_only_answered(owner: httpx2.AsyncClient, project: Owned) -> None:
    told = await take(owner, project, "shop.json")
    made = tools_of(told)["createOrder"]
    assert (made["config"]["body"], made["config"]["bodyType"]) == ("{{args.body}}", "json")
    body = made["parameters"]["properties"]["body"]
    assert (body["required"], body["properties"]["note"]) == (["items"], {"type": ["string", "null"]})
    item = body["properties"]["items"]["items"]
    assert item == {
        "type": "object",
        "properties": {"sku": {"type": "string"}, "parts": {"type": "array", "items": {}}},
    }
    [entry] = [entry for entry in told["report"]["made"] if entry["name"] == "createOrder"]
    assert entry["notes"] == ["A part of its input is recursive, or too large: there anything is taken."]


async def test_the_report_counts_every_operation_and_says_why_one_is_left_out(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    told = await take(owner, project, "shop.json")
    assert told["report"]["source"] == {"format": "openapi", "version": "3.0.3", "title": "Bike shop"}
    assert told["report"]["counts"] == {"operations": 6, "made": 3, "leftOut": 3}
    assert left_out(told) == {
        "DELETE /orders/{order-id}": "It is deprecated.",
        "PUT /orders/{order-id}/photo": "Its body is multipart/form-data, which no tool can send.",
        "GET /me": "It needs the cookie session.",
    }
    [entry] = [entry for entry in told["report"]["made"] if entry["name"] == "listOrders"]
    assert entry["notes"] == ["The header X-Trace is left out."]
    assert told["report"]["secrets"] == ["BIKE_SHOP_API_KEY"]


async def test_yaml_is_read_as_it_is_meant_and_nothing_elsewhere_is_fetched(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    told = await take(owner, project, "issues.yaml")
    tools = tools_of(told)
    assert [*tools] == ["issues_list-for-repo", "issues_create"]
    listed = tools["issues_list-for-repo"]
    assert listed["config"]["url"].startswith(
        "https://issues.example/api/v3/repos/{{args.owner | urlencode}}/{{args.repo"
    )
    query = listed["parameters"]["properties"]["query"]
    assert query["required"] == ["state"]
    assert query["properties"]["state"]["enum"] == ["open", "closed", "on", "off"]
    assert query["properties"]["since"]["default"] == "2026-01-01"
    assert query["properties"]["page"] == {"type": ["integer", "null"], "minimum": 1}
    made = tools["issues_create"]
    assert made["config"]["headers"]["X-Api-Version"] == "{{args.X_Api_Version}}"
    assert made["config"]["headers"]["Authorization"] == "Bearer {{secrets.ISSUES_OAUTH}}"
    assert "common.yaml" in left_out(told)["GET /repos/{owner}/labels"]


async def test_forms_and_other_ways_to_prove_who_calls(owner: httpx2.AsyncClient, project: Owned) -> None:
    told = await take(owner, project, "payments.yaml")
    tools = tools_of(told)
    charge = tools["POST_charges"]
    assert (charge["config"]["url"], charge["config"]["bodyType"]) == ("https://pay.example/charges", "form")
    assert charge["config"]["headers"]["Authorization"] == "Basic {{secrets.PAYMENTS_API_BASIC}}"
    assert tools["rates"]["config"]["query"] == {"api_key": "{{secrets.PAYMENTS_API_KEY}}"}
    assert "no tool can follow" in left_out(told)["GET /statement"]
    assert told["report"]["secrets"] == ["PAYMENTS_API_BASIC", "PAYMENTS_API_KEY"]


async def test_the_draft_has_them_and_a_second_import_adds_none(owner: httpx2.AsyncClient, project: Owned) -> None:
    told = await take(owner, project, "payments.yaml")
    document = (await owner.get(f"/api/v1/projects/{project.id}")).json()
    assert document["tools"] == told["tools"]
    assert [each["name"] for each in document["secrets"]] == told["report"]["secrets"]
    problems = (await owner.get(f"/api/v1/projects/{project.id}/problems")).json()
    assert not [problem for problem in problems if problem["severity"] == "error"]
    again = await take(owner, project, "payments.yaml")
    assert again["tools"] == []
    assert left_out(again)["GET /rates"] == "A tool of the project calls it already."
    after = (await owner.get(f"/api/v1/projects/{project.id}")).json()
    assert after["revision"] == document["revision"]


async def test_some_are_chosen_and_names_are_never_twice(owner: httpx2.AsyncClient, project: Owned) -> None:
    assert [*tools_of(await take(owner, project, "shop.json", operation=["createOrder"]))] == ["createOrder"]
    chosen = await take(owner, project, "shop.json", tag="orders", server="http://other.example")
    assert [*tools_of(chosen)] == ["listOrders", "createOrder_2", "GET_orders_order-id"]
    warned = await take(owner, project, "shop.json", operation="GET /orders", server="http://third.example")
    assert "has a secret BIKE_SHOP_API_KEY already" in warned["report"]["warnings"][0]


async def test_a_file_of_a_form_is_taken_too(owner: httpx2.AsyncClient, project: Owned) -> None:
    file = (DOCUMENTS / "payments.yaml").read_bytes()
    answer = await owner.post(path(project), files={"file": ("payments.yaml", file)})
    assert (answer.status_code, answer.json()["report"]["counts"]["made"]) == (201, 2)


async def test_a_tool_calls_what_its_operation_describes(
    owner: httpx2.AsyncClient, project: Owned, settings: Settings
) -> None:
    async with far_away() as far:
        told = await take(owner, project, "shop.json", server=far.url, tag="orders")
        tools = tools_of(told)
        inputs = {"query": {"filter[status]": ["open", "sent"], "limit": 5}}
        flow = workflow(
            "main",
            step("list", "tool", toolId=tools["listOrders"]["id"], inputs=inputs),
            step("make", "tool", toolId=tools["createOrder"]["id"], inputs={"body": {"items": [{"sku": "a&b"}]}}),
            step("read", "tool", toolId=tools["GET_orders_order-id"]["id"], inputs={"order_id": "7/8"}),
            wires="start > list, list > make, list.error > make, make > read, make.error > read",
        )
        await save(owner, project, flow, secrets=[{"name": "BIKE_SHOP_API_KEY", "value": "k-123456"}])
        async with reaching(settings, far.place) as app, new_client(app, key=project.key) as client:
            await Talker(client).launch()
        asked = [(request.method, request.raw_path, request.headers.get("X-Api-Key")) for request in far.asked]
        assert asked == [
            ("GET", "/orders?filter%5Bstatus%5D=open&filter%5Bstatus%5D=sent&limit=5", "k-123456"),
            ("POST", "/orders", "k-123456"),
            ("GET", "/orders/7%2F8", None),
        ]
        assert json.loads(far.bodies[1]) == {"items": [{"sku": "a&b"}]}


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b'{"swagger": "2.0", "paths": {}}', 400, "version 2.0 of Swagger"),
        (b'{"paths": {}}', 400, "OpenAPI 3"),
        (b"[]", 400, "object"),
        (b"{", 400, "JSON"),
        (b"a: [1", 400, "neither JSON nor YAML in line 2"),
        (b"openapi: 3.1.0\nx: .nan\n", 400, "number"),
        (b"openapi: 3.1.0\nx: !!python/object/apply:os.system [ls]\n", 400, "neither JSON nor YAML"),
        (b"openapi: 3.1.0\nx: !!set {a, b}\n", 400, "has not"),
        (b"openapi: 3.1.0\n? [a, b]\n: c\n", 400, "YAML"),
        (b"openapi: 3.1.0\npaths: {/a: {get: {}}}\n", 400, "?server="),
        (b"x: " + b"[" * 300 + b"]" * 300, 413, "nested"),
        (b"openapi: 3.1.0\nx: &x [*x]\n", 413, "nested"),
        (b" " * (5 * 1024 * 1024 + 1), 413, "5 MB"),
    ],
)
async def test_what_is_no_such_document_is_refused_in_words(
    owner: httpx2.AsyncClient, project: Owned, body: bytes, status: int, told: str
) -> None:
    answer = await owner.post(path(project), content=body, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == status, answer.text
    assert told in answer.json()["error"]


async def test_aliases_that_multiply_are_refused(owner: httpx2.AsyncClient, project: Owned) -> None:
    lines = ["openapi: 3.1.0", "a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    answer = await owner.post(path(project), content="\n".join(lines).encode())
    assert (answer.status_code, answer.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


async def test_nothing_in_a_document_reaches_the_projects_other_secrets(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    """A path, an address or a name is no template of the document's author."""
    evil = "{secrets.STRIPE}"
    named = {"name": evil, "in": "path", "required": True, "schema": {"type": "string"}}
    paths = {
        "/{" + evil + "}": {"get": {"operationId": "a"}},
        "/x/{" + evil + "}": {"get": {"operationId": "b", "parameters": [named]}},
        "/y": {"get": {"operationId": "c", "servers": [{"url": "https://evil.example/{" + evil + "}"}]}},
    }
    told = await take(owner, project, {**TINY, "paths": paths})
    assert "secrets" not in json.dumps([tool["config"] for tool in told["tools"]])
    assert {*left_out(told)} == {"GET /{" + evil + "}", "GET /x/{" + evil + "}"}
    answer = await owner.post(path(project), json={**TINY, "paths": {}}, params={"server": "https://{{secrets.X}}/"})
    assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, "query.server")


async def test_a_large_api_is_cut_at_what_can_be_used(owner: httpx2.AsyncClient, project: Owned) -> None:
    paths = {f"/p{n}": {"get": {"summary": "Read."}} for n in range(205)}
    told = await take(owner, project, {**TINY, "paths": paths})
    assert told["report"]["counts"] == {"operations": 205, "made": 200, "leftOut": 5}
    assert "at most 200" in left_out(told)["GET /p204"]
