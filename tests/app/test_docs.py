"""The description of the API, and the page that shows it."""

import re

import httpx2


async def test_the_page_loads_nothing_from_other_hosts(client: httpx2.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert "/docs/swagger-ui-bundle.js" in links
    for link in links:
        assert link.startswith("/")
        assert (await client.get(link)).status_code == 200


async def test_its_files_are_typed_and_may_be_kept(client: httpx2.AsyncClient) -> None:
    script = await client.get("/docs/swagger-ui-bundle.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "max-age" in script.headers["Cache-Control"]
    assert len(script.content) > 1_000_000


async def test_no_other_file_is_served(client: httpx2.AsyncClient) -> None:
    for name in ("__init__.py", "docs.html", "..%2Fdocs.py", "%2e%2e/docs.py", "../docs.py", "a/b"):
        assert (await client.get(f"/docs/{name}")).status_code == 404


async def test_the_schema_tells_limits_frameworks_and_steps_without_a_key(client: httpx2.AsyncClient) -> None:
    answer = (await client.get("/api/v1/schema")).json()
    assert answer["limits"]["jsonBytes"] == 1024 * 1024
    assert answer["limits"]["projectDocumentLevels"] == 200
    assert answer["frameworks"] == ["agentic", "conversation-flow", "outbound"]
    message = next(step for step in answer["steps"] if step["type"] == "message")
    assert message["configSchema"]["properties"]["text"]
    assert message["ports"]["fixed"] == ["next"]
    assert message["description"]


async def test_the_schema_tells_tools_and_connectors(client: httpx2.AsyncClient) -> None:
    answer = (await client.get("/api/v1/schema")).json()
    mcp = next(tool for tool in answer["tools"] if tool["type"] == "mcp")
    assert mcp["configSchema"]["properties"]["url"]["control"] == "text"
    slack = next(connector for connector in answer["connectors"] if connector["type"] == "slack")
    assert slack["credentialsSchema"]["properties"]["token"]["control"] == "secret"
    (post,) = slack["actions"]
    assert post["name"] == "post-message"
    assert post["inputsSchema"]["required"] == ["channel", "text"]
