"""Every error that the window can show is told in both languages: the code that raises them is walked for it."""

import re

import pytest

from agent_assist.domain.language import Language
from agent_assist.errors import InputError
from tests.helpers.error_sentences import PLACE, sentences
from tests.ui.conftest import Desk
from ui.error_words import error_table, in_words
from ui.i18n import I18n

SAID = sorted({said: where for where, said in sentences()}.items())
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What is only a verb in English ("rewrite", "sum up") is not said again in Chinese.
WITHOUT_PLACES = {"This model is too small to {} such a text."}


def test_the_walk_finds_the_errors_of_every_room() -> None:
    rooms = {where.split("/")[1] for where, _ in sentences()}
    assert rooms >= {"engine", "intake", "knowledge", "learning", "services", "settings", "storage"}
    assert rooms >= {"reply", "reranker"}
    assert len(SAID) > 200


@pytest.mark.parametrize(("said", "where"), SAID, ids=[said[:60] for said, _ in SAID])
def test_every_error_has_chinese_words(said: str, where: str) -> None:
    values = [f"v{number}" for number in range(said.count(PLACE))]
    parts = said.split(PLACE)
    english = parts[0] + "".join(value + part for value, part in zip(values, parts[1:], strict=True))
    told = in_words(I18n(Language.ZH), english)
    assert CHINESE.search(told), f"{where}: {english!r} has no Chinese words in resources/i18n/errors.zh.json"
    if said not in WITHOUT_PLACES:
        assert [value for value in values if value not in told] == []
    assert in_words(I18n(Language.EN), english) == english


@pytest.mark.parametrize("english", error_table())
def test_every_sentence_is_found_and_fills_its_places_in_order(english: str) -> None:
    """No other sentence of the table takes its place."""
    chinese = error_table()[english]
    values = [f"v{number}" for number in range(english.count(PLACE))]
    parts = english.split(PLACE)
    said = parts[0] + "".join(value + part for value, part in zip(values, parts[1:], strict=True))
    assert in_words(I18n(Language.ZH), said) == chinese.format(*values)


def test_an_error_within_an_error_is_told_too() -> None:
    said = (
        "big.gguf does not fit: it needs about 7.4 GB of memory and 2.0 GB are free. Close other programs, or take a "
        "smaller model or one with fewer bits a weight."
    )
    told = in_words(I18n(Language.ZH), said)
    assert told.startswith("big.gguf 放不下：约需 7.4 GB 内存")
    assert not re.search(r"[a-z]{4,} [a-z]{4,}", told)


def test_what_is_not_known_stays_as_it_is() -> None:
    assert in_words(I18n(Language.ZH), "Gremlins!") == "Gremlins!"


def test_the_notice_speaks_the_windows_language(desk: Desk) -> None:
    desk.act(lambda: desk.program.choose("ui.language", "zh"))
    desk.program.report(InputError("There is no ticket T1 in this profile."))
    assert desk.window.notice.text == "本档案中没有工单 T1。"
