"""Right drafts over fact_guard_drafts.jsonl and the same drafts with one fact made wrong or invented.

A page is an invented shop's passages with drafts that answer from them, by hand; its slots get other values in each
drawing, written otherwise in the draft than in the passage. Pages are divided once for all: one half to tune on, the
other only to report.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.fact_guard_promises import EN, ZH
from tests.benchmarks.fact_guard_values import DRAWN, Value

PAGES = Path(__file__).with_name("fact_guard_drafts.jsonl")
SLOT = re.compile(r"\{(date_)?([a-z]+)(\d*)\}")
KINDS = (
    "amount",
    "date",
    "duration",
    "percentage",
    "number",
    "identifier",
    "product",
    "promise",
    "neighbour",
    "negation",
)
# Products of the shop that no page is about; half of the planted products are such names, half invented models.
RANGE = (("星澜投影仪", "Starlan projector"), ("云栖枕", "Cloudrest pillow"), ("森屿背包", "Senyu rucksack"))
_FLIPS = {
    "zh": (
        ("不支持", "支持"),
        ("不可以", "可以"),
        ("是不能", "是能"),
        ("不能", "能"),
        ("不参加", "参加"),
        ("不参与", "参与"),
        ("无法", "可以"),
        ("不退", "可以退"),
        ("不提供", "提供"),
        ("不收", "收"),
        ("不在", "在"),
        ("不属于", "属于"),
        ("不带", "带"),
        ("不需要", "需要"),
        ("不予", "可以"),
        ("不含", "含"),
        ("可以", "不可以"),
        ("支持", "不支持"),
        ("包换", "不包换"),
        ("参与", "不参与"),
        ("免费", "不免费"),
        ("包邮", "不包邮"),
        ("需要", "不需要"),
        ("会发", "不会发"),
        ("会退", "不会退"),
    ),
    "en": (
        ("cannot", "can"),
        ("can't", "can"),
        (" are not ", " are "),
        (" is not ", " is "),
        (" do not ", " "),
        (" does not ", " "),
        ("not possible", "possible"),
        ("not covered", "covered"),
        (" can be ", " cannot be "),
        (" are covered", " are not covered"),
        (" is covered", " is not covered"),
        (" is included", " is not included"),
        ("You can ", "You cannot "),
        ("you can ", "you cannot "),
        ("We can ", "We cannot "),
        (" are free", " are not free"),
        (" is free", " is not free"),
        (" are accepted", " are not accepted"),
        ("is washable", "is not washable"),
        ("are washable", "are not washable"),
        ("are welcome", "are not welcome"),
        ("are possible", "are not possible"),
        ("are guaranteed", "are not guaranteed"),
        (" has ", " does not have "),
    ),
}


@dataclass(frozen=True)
class Case:
    """A draft with its evidence. `kind` is "" for a right draft, else what was planted at `start` to `end`."""

    page: str
    language: str
    passages: tuple[tuple[str, str], ...]
    order: tuple[str, ...]
    thread: tuple[str, ...]
    draft: str
    kind: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class _Drawn:
    """A case before planting: what its slots stand for, and where they are in the draft."""

    case: Case
    values: Mapping[str, Value]
    places: tuple[tuple[int, int, str], ...]


def cases(seed: int = 1, *, rights: int = 500, planted: int = 500) -> tuple[list[Case], list[Case]]:
    """Right and planted drafts, from all pages alike and of all kinds alike."""
    dice = random.Random(seed)
    drawn = [one for _ in range(6) for one in _drawings(dice)]
    right = [one.case for one in drawn[:rights]]
    share = planted // len(KINDS)
    made: list[Case] = []
    for kind in KINDS:
        order = dice.sample(drawn, len(drawn))
        found = (case for one in order if (case := _PLANTERS[kind](dice, one)) is not None)
        made += [case for case, _ in zip(found, range(share), strict=False)]
    return right, made


def is_held_back(case: Case) -> bool:
    """Whether the case's page belongs to the half that is looked at only in the end."""
    return _held_back(case.page)


def _held_back(page: str) -> bool:
    return sum(map(ord, page)) % 2 == 1


def _drawings(dice: random.Random) -> Iterator[_Drawn]:
    for line in PAGES.read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        for ask, draft in page["drafts"]:
            values = _values(dice, page)
            yield _fill(dice, page, values, ask, draft)


def _values(dice: random.Random, page: Mapping[str, object]) -> dict[str, Value]:
    """No two slots of a page mean the same."""
    found: dict[str, Value] = {}
    keys: set[str] = set()
    for match in SLOT.finditer(json.dumps(page, ensure_ascii=False)):
        name = match[2] + match[3]
        while name not in found:
            value = DRAWN[match[2]](dice, str(page["language"]))
            bare = re.sub(r"[^0-9.]", "", value.key) if value.kind != "product" else value.key
            if not {value.key, bare} & keys:
                found[name] = value
                keys |= {value.key, bare}
    return found


def _fill(dice: random.Random, page: Mapping[str, object], values: Mapping[str, Value], ask: str, draft: str) -> _Drawn:
    def write(text: str) -> str:
        return SLOT.sub(lambda match: values[match[2] + match[3]].write(dice), text)

    places: list[tuple[int, int, str]] = []
    written, place = "", 0
    for match in SLOT.finditer(draft):
        name = match[2] + match[3]
        written += draft[place : match.start()]
        text = values[name].write(dice)
        places.append((len(written), len(written) + len(text), name))
        written, place = written + text, match.end()
    written += draft[place:]
    passages = tuple((title, _as_passage(text, values)) for title, text in page["passages"])  # type: ignore[attr-defined]
    case = Case(
        page=str(page["id"]),
        language=str(page["language"]),
        passages=passages,
        order=tuple(_as_passage(line, values) for line in page["order"]),  # type: ignore[attr-defined]
        thread=(*(write(turn) for turn in page["thread"]), f"C: {write(ask)}"),  # type: ignore[attr-defined]
        draft=written,
    )
    return _Drawn(case, values, tuple(places))


def _as_passage(text: str, values: Mapping[str, Value]) -> str:
    return SLOT.sub(lambda match: values[match[2] + match[3]].forms[0], text)


def _changed(one: _Drawn, start: int, end: int, text: str, kind: str) -> Case:
    case = one.case
    draft = case.draft[:start] + text + case.draft[end:]
    return Case(case.page, case.language, case.passages, case.order, case.thread, draft, kind, start, start + len(text))


def _altered(kind: str) -> Callable[[random.Random, _Drawn], Case | None]:
    """Another value of the same type that is nowhere on the page."""

    def plant(dice: random.Random, one: _Drawn) -> Case | None:
        fitting = [place for place in one.places if one.values[place[2]].kind == kind]
        if not fitting:
            return None
        start, end, name = dice.choice(fitting)
        used = {key for value in one.values.values() for key in (value.key, re.sub(r"[^0-9.]", "", value.key))}
        held = " ".join(text for _, text in one.case.passages) + " ".join(one.case.thread)
        for _ in range(50):
            value = DRAWN[re.sub(r"\d", "", name)](dice, one.case.language)
            text = value.write(dice)
            bare = re.sub(r"[^0-9.]", "", value.key)
            if value.key not in used and (not bare or bare not in used) and text not in held:
                return _changed(one, start, end, text, kind)
        return None

    return plant


def _product(dice: random.Random, one: _Drawn) -> Case | None:
    language = one.case.language
    index = 0 if language == "zh" else 1
    models = [place for place in one.places if one.values[place[2]].kind == "product"]
    named = dice.choice(RANGE)[index] if dice.random() < 0.5 else DRAWN["model"](dice, language).forms[0]
    if models:
        start, end, _ = dice.choice(models)
        return _changed(one, start, end, named, "product")
    tail = f"{named}也是一样的。" if language == "zh" else f" The same goes for the {named}."
    place = len(one.case.draft)
    return _changed(one, place, place, tail, "product")


def _promise(dice: random.Random, one: _Drawn) -> Case | None:
    listed = ZH if one.case.language == "zh" else EN
    half = len(listed) // 2
    promises = listed[half:] if is_held_back(one.case) else listed[:half]
    text = dice.choice(promises)
    place = len(one.case.draft)
    return _changed(one, place, place, text if one.case.language == "zh" else " " + text, "promise")


def _neighbour(dice: random.Random, one: _Drawn) -> Case | None:
    """The value of another slot of the type that the passage gives and the draft does not speak of."""
    told = {name for _, _, name in one.places}
    options = []
    for start, end, name in one.places:
        kind = re.sub(r"\d", "", name)
        others = [other for other in one.values if re.sub(r"\d", "", other) == kind and other not in told]
        options += [(start, end, other) for other in others if one.values[other].kind != "product"]
    if not options:
        return None
    start, end, other = dice.choice(options)
    return _changed(one, start, end, one.values[other].write(dice), "neighbour")


def _negation(_dice: random.Random, one: _Drawn) -> Case | None:
    draft = one.case.draft
    for old, new in _FLIPS[one.case.language]:
        start = draft.find(old, 4)
        if (
            start >= 0
            and draft[start - 1] not in "不无"
            and draft[start + len(old) : start + len(old) + 1] not in "的。，"
        ):
            return _changed(one, start, start + len(old), new, "negation")
    return None


_PLANTERS: Mapping[str, Callable[[random.Random, _Drawn], Case | None]] = {
    **{kind: _altered(kind) for kind in ("amount", "date", "duration", "percentage", "number", "identifier")},
    "product": _product,
    "promise": _promise,
    "neighbour": _neighbour,
    "negation": _negation,
}
