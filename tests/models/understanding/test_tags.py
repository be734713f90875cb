"""From spans to tags of units and back."""

import numpy as np
import pytest

from models.encoder.tokens import Encoded
from models.understanding.entities.clues import CLUE_ROWS, CLUES, UNREAD, WORDLESS, clues_of
from models.understanding.entities.lexicon import readings_of
from models.understanding.entities.tags import best_path, segments, tag_count, tag_units, tracks_of
from models.understanding.entities.units import cut, unit_vectors, units_of
from models.understanding.markup import Span

TRACKS = (("product",), ("brand", "color"))


def scores_for(*tags: int, track: tuple[str, ...] = ("brand", "color")) -> np.ndarray:  # type: ignore[type-arg]
    table = np.zeros((len(tags), tag_count(track)), np.float32)
    table[np.arange(len(tags)), tags] = 1.0
    return table


def encoded(*offsets: tuple[int, int]) -> Encoded:
    """Pieces at these places, between <s> with its prefix and </s>."""
    return Encoded(ids=(0, 5, *range(9, 9 + len(offsets)), 2), offsets=((0, 0), (0, 0), *offsets, (0, 0)))


def test_types_that_lie_in_one_another_are_in_different_tracks() -> None:
    nested = [Span("product", 0, 9), Span("color", 0, 2), Span("brand", 2, 5)]
    flat = [Span("brand", 0, 2), Span("color", 4, 6)]
    assert tracks_of(("product", "brand", "color"), [nested, flat]) == TRACKS
    assert tracks_of(("brand", "color"), [flat]) == (("brand", "color"),)


def test_spans_survive_as_tags_with_their_nesting() -> None:
    text = "买的米色Lumio保温杯500ml"
    spans = [Span("product", 2, 12), Span("color", 2, 4), Span("brand", 4, 9)]
    units = units_of(text, encoded((0, 4), (4, 9), (9, 17)))
    tags = tag_units(spans, units.spans, TRACKS)
    found = {
        (TRACKS[column][kind], units.spans[first][0], units.spans[last][1])
        for column in range(2)
        for kind, first, last in segments(tags[:, column])
    }
    assert found == {(one.type, one.start, one.end) for one in spans}


def test_units_are_runs_of_letters_or_digits_and_single_characters() -> None:
    text = "订单 GF2611号!"
    units = units_of(text, encoded((0, 2), (2, 9), (9, 11)))
    assert [text[start:end] for start, end in units.spans] == ["订", "单", "GF", "2611", "号", "!"]
    assert units.clues.max() < CLUE_ROWS
    assert units.place[:, 0].tolist() == [1, 0, 0, 0, 1, 0]


def test_a_unit_takes_the_mean_of_the_pieces_it_touches_and_none_is_made_up_where_the_trunk_saw_nothing() -> None:
    units = units_of("abcd 那 efgh", encoded((0, 2), (2, 4), (5, 6)))
    assert list(units.spans) == [(0, 4), (5, 6)]
    tokens = np.arange(6, dtype=np.float32)[:, None] * np.ones((1, 3), np.float32)
    assert unit_vectors(units, tokens).tolist() == [[2.5] * 3, [4.0] * 3]


def test_the_outer_of_two_spans_of_one_type_counts() -> None:
    tags = tag_units([Span("brand", 2, 3), Span("brand", 0, 4)], [(0, 1), (1, 2), (2, 3), (3, 4)], (("brand",),))
    assert tags[:, 0].tolist() == [1, 2, 2, 2]


@pytest.mark.parametrize("tags", [(0, 1, 2, 2, 3, 4), (1, 1, 0, 3, 3), ()])
def test_an_allowed_path_is_kept(tags: tuple[int, ...]) -> None:
    assert best_path(scores_for(*tags)).tolist() == list(tags)


@pytest.mark.parametrize("tags", [(2, 0), (0, 4), (1, 4), (3, 2), (2, 2, 2)])
def test_an_inside_tag_without_its_beginning_is_not_taken(tags: tuple[int, ...]) -> None:
    path = best_path(scores_for(*tags)).tolist()
    for before, now in zip([0, *path], path, strict=False):
        assert now == 0 or now % 2 == 1 or before in (now, now - 1)


def test_a_unit_knows_the_word_it_is_part_of() -> None:
    text = "红色连衣裙"
    clues = clues_of(text, [(at, at + 1) for at in range(5)])
    assert clues.shape == (5, CLUES)
    assert len({*clues[:2, WORDLESS].tolist()}) == len({*clues[2:, WORDLESS].tolist()}) == 1
    assert clues[0, WORDLESS] != clues[2, WORDLESS]
    place = UNREAD - 1
    assert clues[0, place] == clues[2, place] != clues[1, place] == clues[4, place]
    assert len(set(clues[:, WORDLESS + 1].tolist())) == 5
    assert clues_of("", []).shape == (0, CLUES)


@pytest.mark.parametrize("text", ["红色连衣裙,xl码", "iPhone 15 保护壳", "\ud800红色"])
def test_a_head_that_knows_fewer_clues_sees_the_same_ones(text: str) -> None:
    places = cut(text)
    whole = clues_of(text, places)
    for count in (WORDLESS, UNREAD):
        assert clues_of(text, places, count).tolist() == whole[:, :count].tolist()
    assert whole[:, :UNREAD].max() < CLUE_ROWS // 2 <= whole[:, UNREAD:].min()


def test_units_have_the_clues_that_are_asked_for() -> None:
    seen = encoded((0, 2), (2, 5))
    assert units_of("红色连衣裙", seen, clues=WORDLESS).clues.shape == (5, WORDLESS)
    assert units_of("红色连衣裙", seen).clues.shape == (5, CLUES)


def test_a_unit_knows_all_words_that_begin_and_end_at_it() -> None:
    text = "中华人民共和国"
    readings = readings_of(text)
    assert {2, 4, 7} <= readings.starts[0]  # 中华, 中华人民, the whole
    assert {3, 7} <= readings.ends[7]  # 共和国, the whole
    assert readings.across[0] == 0 < readings.across[1]
    assert {word.text for word in readings.words} == {text}
    assert readings.word(-1) is None is readings.word(len(text))


def test_a_dictionary_reads_any_string() -> None:
    assert readings_of("").words == []
    odd = readings_of("a\ud800b 红")
    assert len(odd.words) == 5
    assert [word.begin for word in odd.words] == sorted(word.begin for word in odd.words)
    assert not any(readings_of("two mugs").starts)  # of a text without a Chinese character only the words are told
