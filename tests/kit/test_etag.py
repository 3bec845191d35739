import pytest

from conduet.errors import BadRequest, PreconditionFailed
from conduet.kit.etag import check_if_match, etag


@pytest.mark.parametrize("header", [None, "*", " * ", '"7"', '"6", "7"', 'W/"7","7"'])
def test_a_header_that_names_the_revision_or_nothing_lets_a_change_pass(header: str | None):
    check_if_match(header, 7)


@pytest.mark.parametrize("header", ['"6"', 'W/"7"', '"77"', '"6","8"', '""'])
def test_a_header_that_names_others_is_a_412_with_the_present_tag(header: str):
    with pytest.raises(PreconditionFailed) as refused:
        check_if_match(header, 7)
    assert refused.value.headers == {"ETag": etag(7)}


@pytest.mark.parametrize("header", ["7", "", '"7', '"6" "7"', "*, *"])
def test_a_malformed_header_is_a_400_by_name(header: str):
    with pytest.raises(BadRequest) as refused:
        check_if_match(header, 7)
    assert refused.value.details[0].path == "header.If-Match"
