"""From tag scores to spans."""

import numpy as np
import pytest

from models.understanding.decode import allowed_transitions, segments, tag_names, trim, viterbi

TYPES = ("product", "color")


def scores_for(*tags: str) -> np.ndarray:  # type: ignore[type-arg]
    names = tag_names(TYPES)
    table = np.zeros((len(tags), len(names)), np.float32)
    for row, tag in enumerate(tags):
        table[row, names.index(tag)] = 1.0
    return table


def test_a_legal_sequence_is_kept() -> None:
    path = viterbi(scores_for("O", "B-color", "B-product", "I-product", "O"), allowed_transitions(TYPES))
    assert segments(path) == [(1, 1, 1), (0, 2, 3)]


def test_an_inside_tag_without_its_beginning_is_not_taken() -> None:
    transitions = allowed_transitions(TYPES)
    names = tag_names(TYPES)
    for tags in (("I-product", "O"), ("B-color", "I-product"), ("O", "I-color")):
        path = [names[tag] for tag in viterbi(scores_for(*tags), transitions)]
        assert all(
            before in {f"B-{now[2:]}", now} for before, now in zip(["O", *path], path, strict=False) if now[:2] == "I-"
        )


def test_no_tokens_give_no_path() -> None:
    assert viterbi(np.zeros((0, 5), np.float32), allowed_transitions(TYPES)).tolist() == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("的路由器", "路由器"),
        ("粉色的", "粉色"),
        (" UK 9.", "UK 9"),
        ("外套（黑）", "外套（黑）"),
        ("黑）", "黑"),
        ("，。", ""),
    ],
)
def test_trim(text: str, kept: str) -> None:
    start, end = trim(text, 0, len(text))
    assert text[start:end] == kept
