"""Chunking loses nothing, repeats nothing but a sentence after a cut, and keeps its bounds."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from conduet.kit.loading.section import Section
from conduet.knowledge.chunking import FEWEST, MOST, OVERLAP, chunks, words

TEXT = st.lists(
    st.one_of(
        st.text(alphabet="abc dé.?!\n", min_size=1, max_size=40),
        st.sampled_from(
            ["سياسة الإرجاع. ", "自転車を三十日以内に返品できます。", "x" * 900, "word " * 120, "One. Two! "]
        ),
    ),
    max_size=30,
).map("".join)
SECTIONS = st.lists(
    st.builds(
        Section,
        TEXT,
        st.sampled_from([(), ("A",), ("A", "B"), ("C",)]),
        st.sampled_from([None, 1, 2]),
        st.sampled_from(["text", "list", "table", "code"]),
    ),
    max_size=12,
)


def letters(text: str) -> str:
    return "".join(text.split())


def is_within(small: str, large: str) -> bool:
    """Whether the letters of `small` come in `large`, in their order."""
    rest = iter(large)
    return all(letter in rest for letter in small)


@given(SECTIONS)
def test_no_letter_is_lost_and_little_is_said_twice(sections: list[Section]) -> None:
    told = list(chunks(sections))
    for heading in {section.heading for section in sections}:
        given_letters = letters("".join(section.text for section in sections if section.heading == heading))
        found = letters("".join(chunk.content for chunk in told if chunk.headings == heading))
        assert is_within(given_letters, found)
        count = sum(chunk.headings == heading for chunk in told)
        assert len(found) <= len(given_letters) + count * OVERLAP * 3 * 8


@given(SECTIONS)
def test_chunks_have_words_but_not_too_many_and_are_the_same_every_time(sections: list[Section]) -> None:
    told = list(chunks(sections))
    assert all(1 <= words(chunk.content) <= MOST for chunk in told)
    assert told == list(chunks(iter(sections)))
    assert all(chunk.content == chunk.content.strip() for chunk in told)


def sentence(number: int) -> str:
    return f"This is sentence number {number} of a long text about bicycles."


def test_a_long_paragraph_is_cut_between_sentences_and_the_last_is_said_again() -> None:
    told = [chunk.content for chunk in chunks([Section(" ".join(map(sentence, range(60))))])]
    assert all(FEWEST <= words(content) <= MOST for content in told)
    for before, after in pairwise(told):
        assert before.endswith("bicycles.")
        assert after.startswith(before[before.rindex("This is") :])


def test_chunks_do_not_cross_headings_and_tell_where_they_begin() -> None:
    sections = [
        Section("Thirty days.", ("Returns",), 1),
        Section("By post.", ("Returns",), 2),
        Section("Two years.", ("Warranty",), 2),
    ]
    assert [(chunk.content, chunk.headings, chunk.page) for chunk in chunks(sections)] == [
        ("Thirty days.\n\nBy post.", ("Returns",), 1),
        ("Two years.", ("Warranty",), 2),
    ]


def test_rows_stay_whole_and_are_never_repeated() -> None:
    rows = [Section(f"Model: City {n}; Price: {n} euros; Color: red", kind="table") for n in range(100)]
    told = [chunk.content.split("\n") for chunk in chunks(rows)]
    assert [row for group in told for row in group] == [row.text for row in rows]
    assert len(told) > 3
