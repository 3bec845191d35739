"""The rows of the knowledge base, which stand twice in the contract."""

from collections.abc import Sequence
from typing import Final

from tests.contract.row import Row
from tests.contract.shapes import DOCUMENT, FILE, NO_PAGE, NO_SEARCH, NO_TEXT, PASSAGE, PROCESSING

_KB: Final = "tests/knowledge/test_knowledge_base.py::"
_SEARCH: Final = "tests/knowledge/test_search.py::"


def knowledge(group: str, numbers: Sequence[int], base: str) -> tuple[Row, ...]:
    """Its rows below `base`; the management API has five of the six in the contract's order."""
    rows = (
        *_listed(group, numbers[:3], f"{base}/knowledge-base"),
        *_done(group, numbers[3:], f"{base}/knowledge-base"),
    )
    return tuple(row for row in rows if row.number)


def _listed(group: str, numbers: Sequence[int], base: str) -> tuple[Row, ...]:
    listing, getting, adding = numbers
    return (
        Row(
            group,
            listing,
            "GET",
            base,
            200,
            (_KB + "test_a_text_is_taken_read_and_found", _KB + "test_another_project_sees_none_of_it"),
            shape={"documents": [DOCUMENT], "total": 1},
        ),
        Row(
            group,
            getting,
            "GET",
            f"{base}/{{docId}}",
            200,
            (_KB + "test_a_text_is_taken_read_and_found", _KB + "test_a_broken_file_fails_with_a_sentence"),
            shape=DOCUMENT,
        ),
        Row(
            group,
            adding,
            "POST",
            base,
            201,
            (_KB + "test_a_text_is_taken_read_and_found", _KB + "test_what_cannot_be_taken_is_refused"),
            body={"name": "Hours", "type": "text", "content": "Open from nine to six."},
            shape={"id": "", "name": "Hours", "type": "text", "status": PROCESSING},
            wrong=NO_TEXT,
        ),
    )


def _done(group: str, numbers: Sequence[int], base: str) -> tuple[Row, ...]:
    uploading, searching, removing = numbers
    return (
        Row(
            group,
            uploading,
            "POST",
            f"{base}/upload",
            201,
            (_KB + "test_a_file_goes_in_under_management_too", _KB + "test_an_address_inside_is_not_read"),
            file=FILE,
            shape={"id": "", "name": "", "type": "", "status": PROCESSING},
            wrong=NO_PAGE,
        ),
        Row(
            group,
            searching,
            "POST",
            f"{base}/search",
            200,
            (
                _SEARCH + "test_a_question_in_other_words_finds_its_document",
                _KB + "test_a_text_is_taken_read_and_found",
            ),
            body={"query": "How long may I keep the bike before I return it?", "topK": 3},
            shape=[PASSAGE],
            wrong=NO_SEARCH,
        ),
        Row(
            group,
            removing,
            "DELETE",
            f"{base}/{{docId}}",
            204,
            (_KB + "test_a_document_can_be_deleted_while_it_is_read",),
        ),
    )
