"""Texts as customers also type them: in another case, with slips of the keyboard, without punctuation.

A slip is a list of edits; spans are carried along, and no edit crosses a span's border.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent_assist.domain.language import is_han
from models.training.config import Slip
from models.understanding.markup import Span

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PUNCTUATION = re.compile(r"[，。！？；：、…～,.!?;:~]+")
_WORD = re.compile(r"[^\W\d_]+")
# Characters that are typed for each other, since they share their pinyin or nearly so.
_HOMOPHONES = (
    "的得地", "在再", "做作", "他她它", "那哪", "吗嘛", "已以", "帐账", "付副负", "订定", "座坐", "像象", "只支址",
    "有又", "式试事是", "货获", "腿退", "换唤", "受收", "单担", "快块", "递第", "元员", "价加", "券卷", "码马", "号好",
    "客刻", "服福", "质制", "量亮", "保报", "修休", "查察", "到道", "发罚", "物务", "流留", "联连", "系洗", "题提",
    "时十", "间件", "期其", "请清", "问文", "谢些", "名明", "改该", "错措", "色涩", "运云", "费非",
)  # fmt: skip
_MOST_EDITS = 2
_FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` become `text`."""

    start: int
    end: int
    text: str


Maker = Callable[[str, random.Random], Sequence[Edit]]


def misspell(
    text: str, spans: Sequence[Span], slips: Sequence[Slip], chance: random.Random
) -> tuple[str, tuple[Span, ...]]:
    """The text with one of the slips, and its spans where they are now; as it was where the slip finds no place."""
    edits = _MAKERS[chance.choice(slips)](text, chance)
    return apply_edits(text, spans, edits)


def apply_edits(text: str, spans: Sequence[Span], edits: Sequence[Edit]) -> tuple[str, tuple[Span, ...]]:
    """Edits that overlap none before them and keep every span whole and unempty are made; the others are left."""
    made: list[Edit] = []
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        apart = not made or edit.start >= made[-1].end
        if apart and all(_keeps(span, edit) for span in spans):
            made.append(edit)
    parts, at = [], 0
    for edit in made:
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    changed = "".join([*parts, text[at:]])
    moved = tuple(Span(one.type, _moved(one.start, made), _moved(one.end, made)) for one in spans)
    if not changed.strip() or any(one.start >= one.end for one in moved):
        return text, tuple(spans)
    return changed, moved


def _keeps(span: Span, edit: Edit) -> bool:
    """Whether an edit lies outside a span, or inside it without taking its first or last character away."""
    if edit.end <= span.start or edit.start >= span.end:
        return True
    inside = span.start <= edit.start and edit.end <= span.end
    shrinks = not edit.text and (edit.start == span.start or edit.end == span.end)
    return inside and not shrinks


def _moved(place: int, made: Sequence[Edit]) -> int:
    return place + sum(len(one.text) - (one.end - one.start) for one in made if one.end <= place)


def _case(text: str, chance: random.Random) -> Iterator[Edit]:
    change = chance.choice((str.lower, str.upper, str.title))
    for match in _WORD.finditer(text):
        if len(new := change(match[0])) == len(match[0]) and new != match[0]:
            yield Edit(match.start(), match.end(), new)


def _keyboard(text: str, chance: random.Random) -> Iterator[Edit]:
    """A neighbouring key, a key twice, or a key not hit."""
    for place in _some([i for i, char in enumerate(text) if char.lower() in _NEAR], chance):
        char = text[place]
        near = chance.choice(_NEAR[char.lower()])
        yield Edit(place, place + 1, chance.choice((near.upper() if char.isupper() else near, char * 2, "")))


def _swap(text: str, chance: random.Random) -> Iterator[Edit]:
    """Two neighbouring characters of a word in the wrong order."""
    places = [i for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha() and text[i] != text[i + 1]]
    for place in _some(places, chance):
        yield Edit(place, place + 2, text[place + 1] + text[place])


def _punctuation(text: str, chance: random.Random) -> Iterator[Edit]:
    """None at the end, spaces inside; a point inside a number stays."""
    for match in _PUNCTUATION.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if not (before.isdigit() and after.isdigit()):
            ends = not after.strip() or not before.strip()
            yield Edit(match.start(), match.end(), "" if ends else " ")


def _words(text: str, chance: random.Random) -> Iterator[Edit]:
    """A word, or of Chinese a character, less; not of texts of a few words."""
    units = [match.span() for match in _WORD.finditer(text) if not is_han(match[0][0])]
    units += [(i, i + 1) for i, char in enumerate(text) if is_han(char)]
    if len(units) >= _FEWEST_WORDS:
        start, end = chance.choice(units)
        yield Edit(start, end + 1 if text[end : end + 1] == " " else end, "")


def _homophones(text: str, chance: random.Random) -> Iterator[Edit]:
    for place in _some([i for i, char in enumerate(text) if char in _SOUNDS], chance):
        yield Edit(place, place + 1, chance.choice(_SOUNDS[text[place]]))


def _some(places: Sequence[int], chance: random.Random) -> list[int]:
    """One or two of the places."""
    return chance.sample(places, min(len(places), chance.randint(1, _MOST_EDITS)))


def _neighbours() -> dict[str, str]:
    near: dict[str, str] = {}
    for row, keys in enumerate(_ROWS):
        for column, key in enumerate(keys):
            beside = keys[max(0, column - 1) : column] + keys[column + 1 : column + 2]
            above = _ROWS[row - 1][column : column + 2] if row else ""
            below = _ROWS[row + 1][max(0, column - 1) : column + 1] if row + 1 < len(_ROWS) else ""
            near[key] = beside + above + below
    return near


_NEAR = _neighbours()
_SOUNDS = {char: group.replace(char, "") for group in _HOMOPHONES for char in group}
_MAKERS: Mapping[Slip, Maker] = {
    "case": lambda text, chance: list(_case(text, chance)),
    "keyboard": lambda text, chance: list(_keyboard(text, chance)),
    "swap": lambda text, chance: list(_swap(text, chance)),
    "punctuation": lambda text, chance: list(_punctuation(text, chance)),
    "words": lambda text, chance: list(_words(text, chance)),
    "homophones": lambda text, chance: list(_homophones(text, chance)),
}
