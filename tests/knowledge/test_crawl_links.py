"""What a crawler reads of a page, whatever it holds."""

import pytest

from conduet.knowledge.crawl_links import said

LINK = '<a href="/hours">Hours</a>'


@pytest.mark.parametrize("broken", ["<![>", "<![ if x>", "<!DOCTYPE [<!x>", "<![CDATA[ x ]]>", "<!-- x -->", "<?x>"])
def test_what_is_no_declaration_hides_no_link(broken: str) -> None:
    assert said(broken + LINK, "https://example.com/").links == ["https://example.com/hours"]
