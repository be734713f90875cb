"""Which language a text and a thread are in."""

import pytest

from agent_assist.domain.language import Language, detect_language, language_of_thread


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("iPhone 怎么退", Language.ZH),
        ("please cancel 订单", Language.ZH),
        ("could you please cancel my 订单 today", Language.EN),
        ("在吗", Language.ZH),
        ("hi", Language.EN),
        ("", Language.EN),
    ],
)
def test_the_script_that_carries_the_text(text: str, language: Language) -> None:
    assert detect_language(text) is language


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["我的快递到哪了", "GF2611200110"], Language.ZH),
        (["我的快递到哪了", "ok"], Language.ZH),
        (["where is my parcel", "GF2611200110"], Language.EN),
        (["where is my parcel", "到底在哪"], Language.ZH),
        (["我的快递到哪了", "can you answer in English please"], Language.EN),
        (["GF2611200110"], Language.EN),
        ([], Language.EN),
    ],
)
def test_a_message_without_words_leaves_the_language_as_it_was(texts: list[str], language: Language) -> None:
    assert language_of_thread(texts) is language
