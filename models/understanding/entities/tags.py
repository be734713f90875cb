"""Entity spans as tags of units, in tracks: types that lie inside one another are tagged side by side.

A track is a set of types that never overlap; each unit has one BIO tag a track. Flat data need one track, the starter
corpus two: products in one, the colours and brands inside them in the other.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.understanding.markup import Span

Tracks = tuple[tuple[str, ...], ...]
OUTSIDE = 0


def tracks_of(types: Sequence[str], examples: Iterable[Sequence[Span]]) -> Tracks:
    """The fewest tracks, greedily, so that types seen to overlap are in different ones; the order of types decides."""
    known = set(types)
    apart: dict[str, set[str]] = {name: set() for name in types}
    for spans in examples:
        for index, one in enumerate(spans):
            for other in spans[index + 1 :]:
                overlap = one.start < other.end and other.start < one.end
                if overlap and one.type != other.type and {one.type, other.type} <= known:
                    apart[one.type].add(other.type)
                    apart[other.type].add(one.type)
    tracks: list[list[str]] = []
    for name in types:
        home = next((track for track in tracks if not apart[name].intersection(track)), None)
        if home is None:
            tracks.append([name])
        else:
            home.append(name)
    return tuple(tuple(track) for track in tracks)


def tag_count(track: Sequence[str]) -> int:
    """Outside, and begin and inside of each type."""
    return 1 + 2 * len(track)


def tag_units(spans: Sequence[Span], places: Sequence[tuple[int, int]], tracks: Tracks) -> NDArray[np.int64]:
    """[units, tracks] tags: 0 outside, 1 + 2k begin and 2 + 2k inside of the track's type k.

    A unit belongs to the span that covers more than half of it; of two spans of one type the outer one counts.
    """
    tags = np.zeros((len(places), len(tracks)), np.int64)
    for span in sorted(spans, key=lambda one: one.start - one.end):
        column = next((index for index, track in enumerate(tracks) if span.type in track), None)
        if column is None:
            continue
        covered = [at for at, place in enumerate(places) if _covers(span, place)]
        if covered and not tags[covered, column].any():
            begin = 1 + 2 * tracks[column].index(span.type)
            tags[covered, column] = begin + 1
            tags[covered[0], column] = begin
    return tags


def _covers(span: Span, place: tuple[int, int]) -> bool:
    start, end = place
    return 2 * (min(end, span.end) - max(start, span.start)) > end - start


def best_path(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """The best allowed sequence of tags for one track's log scores [units, tags].

    Nearly always each unit's best tag is already allowed after the one before, and nothing else is to be done.
    """
    path: NDArray[np.int64] = scores.argmax(axis=1).astype(np.int64)
    return path if _allowed(path) else _viterbi(scores)


def _allowed(path: NDArray[np.int64]) -> bool:
    inside = np.flatnonzero((path > 0) & (path % 2 == 0))
    if not inside.size:
        return True
    if inside[0] == 0:
        return False
    before = path[inside - 1]
    return bool(((before == path[inside]) | (before == path[inside] - 1)).all())


def _viterbi(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    count, tags = scores.shape
    never = np.float32(-1e9)
    numbers = np.arange(tags)
    inside = (numbers > 0) & (numbers % 2 == 0)
    follows = (numbers[:, None] == numbers[None]) | (numbers[:, None] == numbers[None] - 1)
    transitions = np.where(inside[None] & ~follows, never, np.float32(0))
    best = np.where(inside, never, scores[0])
    back = np.zeros((count, tags), np.int64)
    for index in range(1, count):
        options = best[:, None] + transitions
        back[index] = options.argmax(axis=0)
        best = options.max(axis=0) + scores[index]
    path = np.zeros(count, np.int64)
    path[-1] = int(best.argmax())
    for index in range(count - 1, 0, -1):
        path[index - 1] = back[index, path[index]]
    return path


def segments(path: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """(type number, first unit, last unit) of each entity on an allowed path."""
    found: list[tuple[int, int, int]] = []
    for index in np.flatnonzero(path).tolist():
        kind, inside = divmod(int(path[index]) - 1, 2)
        if inside and found:
            found[-1] = (kind, found[-1][1], index)
        else:
            found.append((kind, index, index))
    return found
