"""Slips change texts a little and carry the spans along."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.config import TrainConfig
from models.training.dataset.augment import Edit, apply_edits, misspell
from models.understanding.markup import Span

SLIPS = TrainConfig().slips
_TEXTS = st.text(st.sampled_from("abcXYZ 019,.!?退货在那的。，"), min_size=1, max_size=40).filter(str.strip)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    text = draw(_TEXTS)
    borders = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = zip(borders[0::2], borders[1::2], strict=False)
    return text, tuple(Span("x", start, end) for start, end in pairs)


@given(marked(), st.sampled_from(SLIPS), st.integers(0, 1000))
def test_spans_stay_inside_and_what_is_around_them_stays_around_them(
    row: tuple[str, tuple[Span, ...]], slip: str, seed: int
) -> None:
    text, spans = row
    changed, moved = misspell(text, spans, [slip], random.Random(seed))
    assert changed.strip()
    assert len(moved) == len(spans)
    at = 0
    for span in moved:
        assert at <= span.start < span.end <= len(changed)
        at = span.end
    if slip in {"words", "punctuation"} and all(not char.isspace() for char in text):
        # Nothing is put in: what is outside the spans is what was outside, perhaps less of it.
        assert len(changed) <= len(text)


@given(marked(), st.sampled_from(SLIPS), st.integers(0, 1000))
def test_a_slip_depends_on_its_seed_alone(row: tuple[str, tuple[Span, ...]], slip: str, seed: int) -> None:
    first, second = (misspell(*row, [slip], random.Random(seed)) for _ in range(2))
    assert first == second


def test_edits_move_the_spans_behind_them() -> None:
    text, spans = apply_edits("my red lamp", [Span("colour", 3, 6), Span("product", 7, 11)], [Edit(0, 3, "")])
    assert text == "red lamp"
    assert [text[span.start : span.end] for span in spans] == ["red", "lamp"]


def test_edits_across_a_border_or_that_empty_a_span_are_left_out() -> None:
    spans = (Span("colour", 3, 6),)
    for edit in (Edit(2, 4, ""), Edit(3, 6, ""), Edit(5, 8, "zz"), Edit(3, 4, "")):
        assert apply_edits("my red lamp", spans, [edit]) == ("my red lamp", spans)
    text, moved = apply_edits("my red lamp", spans, [Edit(4, 5, "ee")])
    assert text[moved[0].start : moved[0].end] == "reed"


@pytest.mark.parametrize(
    ("slip", "text", "allowed"),
    [
        ("case", "Where is it", {"where is it", "WHERE IS IT", "Where Is It"}),
        ("punctuation", "Really? 3.5 kg, no.", {"Really 3.5 kg no"}),
        ("homophones", "在", {"再"}),
        ("swap", "ab", {"ba"}),
    ],
)
def test_each_slip_does_what_it_says(slip: str, text: str, allowed: set[str]) -> None:
    found = {misspell(text, (), [slip], random.Random(seed))[0] for seed in range(30)}
    assert found == allowed


def test_a_keyboard_slip_hits_a_neighbour_twice_or_not_at_all() -> None:
    found = {misspell("zb", (), ["keyboard"], random.Random(seed))[0] for seed in range(300)}
    assert {"zbb", "zzb", "z", "b", "xb", "zv", "zn"} <= found
    assert "pb" not in found


def test_a_word_less_of_a_text_of_some_words() -> None:
    found = {misspell("one two three four", (), ["words"], random.Random(seed))[0] for seed in range(50)}
    assert found == {"two three four", "one three four", "one two four", "one two three "}
    assert misspell("one two", (), ["words"], random.Random(0))[0] == "one two"
