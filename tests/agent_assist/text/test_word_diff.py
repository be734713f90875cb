"""Differences between texts, word by word."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from agent_assist.domain.article_versions import DiffKind
from agent_assist.text.word_diff import line_diff, word_diff

TEXTS = st.text(alphabet=st.sampled_from("退款三七天ab 7.\n"), max_size=60)


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind.value, piece.text) for piece in word_diff(before, after)]


@given(TEXTS, TEXTS)
def test_both_texts_are_in_the_pieces(before: str, after: str) -> None:
    found = word_diff(before, after)
    assert "".join(piece.text for piece in found if piece.kind is not DiffKind.ADDED) == before
    assert "".join(piece.text for piece in found if piece.kind is not DiffKind.REMOVED) == after
    assert all(piece.text for piece in found)
    assert all(one.kind is not other.kind for one, other in itertools.pairwise(found))


def test_chinese_is_compared_by_characters_and_english_by_words() -> None:
    assert pieces("七天内可退货", "十五天内可退货") == [("removed", "七"), ("added", "十五"), ("kept", "天内可退货")]
    assert pieces("It's 15 days", "It's 14.5 days") == [
        ("kept", "It's "),
        ("removed", "15"),
        ("added", "14.5"),
        ("kept", " days"),
    ]


def test_unchanged_lines_are_kept_whole_and_long_ones_do_not_stall() -> None:
    assert pieces("one\ntwo\n", "one\nthree\n") == [
        ("kept", "one\n"),
        ("removed", "two"),
        ("added", "three"),
        ("kept", "\n"),
    ]
    long = "字" * 100_000
    assert pieces(long, long + "!")[0] == ("removed", long)
    assert pieces("", "new") == [("added", "new")]


def test_unified_text_names_both_sides() -> None:
    assert line_diff("a\nb", "a\nc", names=("1", "2")).splitlines() == [
        "--- 1",
        "+++ 2",
        "@@ -1,2 +1,2 @@",
        " a",
        "-b",
        "+c",
    ]
    assert line_diff("a", "a", names=("1", "2")) == ""
