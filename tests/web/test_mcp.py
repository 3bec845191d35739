"""The tools of an MCP server: read, allowed, pinned, and held to what they were."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.kit.mcp.asking import tool
from tests.web.bicycles import Bicycles
from tests.web.screens import check_themes
from tests.web.workshop import FLOW, Workshop, call

PRICE = tool("price", "Tells what a bicycle costs.") | {
    "inputSchema": {
        "type": "object",
        "properties": {
            "model": {"type": "string", "description": "Its name."},
            "days": {"type": "integer"},
        },
        "required": ["model"],
    }
}


@pytest.fixture
def work(page: Page, bicycles_tool: dict[str, Any]) -> Workshop:
    """A project with a tool of the shop's server, open in its editor."""
    work = Workshop.make(page, workflows=[FLOW], tools=[bicycles_tool])
    page.goto(f"/p/{work.id}/build/tools?item=shop")
    return work


@pytest.fixture
def bicycles_tool(bikes: Bicycles) -> dict[str, Any]:
    bikes.tools[:] = [PRICE, tool("rent", "Rents one out."), tool("sell", "Sells one.")]
    return {"id": "shop", "name": "shop", "description": "The shop.", "type": "mcp", "config": {"url": bikes.url}}


def region(page: Page) -> Locator:
    return page.get_by_role("region", name="Tools of the server")


def config(work: Workshop) -> dict[str, Any]:
    expect(work.page.get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible()
    return call(work.page, "GET", work.path)["tools"][0]["config"]


def test_tools_are_read_allowed_and_pinned_and_a_change_is_told_in_words(
    page: Page, work: Workshop, bikes: Bicycles
) -> None:
    tools = region(page)
    row = tools.get_by_role("listitem", name="price", exact=True)
    expect(row).to_contain_text("Tells what a bicycle costs.")
    expect(row).to_contain_text("modelstring, needed: Its name.")
    expect(row).to_contain_text("Not pinned")
    tools.get_by_role("listitem", name="sell", exact=True).scroll_into_view_if_needed()
    check_themes(page, "mcp-offers")
    tools.get_by_role("switch", name="Allow sell").click()
    expect(tools.get_by_role("combobox", name="Which may be used")).to_have_text("Only those that are allowed here")
    assert config(work)["tools"] == ["price", "rent"]
    tools.get_by_role("button", name="Pin 2 tools").click()
    expect(row).to_contain_text("Pinned")
    kept = config(work)
    assert [*kept["pins"]] == ["price", "rent"]
    # A later colleague sees the same.
    page.reload()
    expect(row.get_by_text("Pinned", exact=True)).to_be_visible()
    changed = {"type": "object", "properties": {"model": {"type": "string"}, "shop": {"type": "string"}}}
    bikes.tools[0] = tool("price", "Tells what a bicycle costs now.") | {"inputSchema": changed}
    bikes.tools[1:2] = []
    tools.get_by_role("button", name="Ask the server again").click()
    expect(row).to_contain_text("Changed since it was pinned")
    expect(row.locator("ins")).to_have_text(["costs now."])
    expect(row.get_by_role("listitem")).to_have_text(
        [
            "It takes no days any more.",
            "model is not needed any more.",
            "model is not told of any more; it was as “Its name.”.",
            "It takes shop now (string).",
        ]
    )
    gone = tools.get_by_role("listitem", name="rent", exact=True)
    expect(gone).to_contain_text("Not there any more")
    gone.scroll_into_view_if_needed()
    check_themes(page, "mcp-changed")
    page.set_viewport_size({"width": 390, "height": 844})
    gone.scroll_into_view_if_needed()
    check_themes(page, "mcp-changed-narrow")
    gone.get_by_role("button", name="Remove rent").click()
    expect(gone).to_have_count(0)
    # By keys alone.
    row.get_by_role("button", name="Pin as it is now").focus()
    page.keyboard.press("Enter")
    expect(row.get_by_text("Pinned", exact=True)).to_be_visible()
    expect(tools.get_by_role("switch", name="Allow price")).to_be_disabled()
    now = config(work)
    assert now["tools"] == ["price"]
    assert now["pins"]["price"] != kept["pins"]["price"]
    assert [*now["pins"]] == ["price"]
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Undo").first.click()
    expect(row).to_contain_text("Changed since it was pinned")


def test_a_server_that_cannot_be_asked_says_why_where_it_is(page: Page, work: Workshop, bikes: Bicycles) -> None:
    tools = region(page)
    expect(tools.get_by_role("listitem", name="price", exact=True)).to_be_visible()
    url = page.get_by_label("URL")
    for address, told in (
        ("http://127.0.0.1:9/mcp", "not allowed"),
        (f"http://{bikes.place}/nowhere", "answered with an error"),
    ):
        url.fill(address)
        expect(tools.get_by_role("status")).to_have_text("The server has not been asked at this address yet.")
        tools.get_by_role("button", name="Ask the server").click()
        alert = tools.get_by_role("alert")
        expect(alert).to_contain_text("The server's tools could not be listed.")
        expect(alert).to_contain_text(told)
    check_themes(page, "mcp-failed")
    bikes.tools[:] = []
    url.fill(bikes.url)
    tools.get_by_role("button", name="Ask the server").click()
    expect(tools.get_by_role("status")).to_have_text("The server has no tools.")
    url.fill("")
    expect(tools.get_by_role("status")).to_have_text("Its tools are listed here once it has an address.")
    check_themes(page, "mcp-empty")
