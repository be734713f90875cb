"""A rewrite held against its original."""

import pytest

from agent_assist.domain.language import Language
from agent_assist.suggestion.likeness import near_equal
from agent_assist.suggestion.rewriting import drift, is_in, paragraphs, repeats_itself, says_something


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("签收后7天内可退，运费13元。", "You can return it within 7 days of delivery; shipping is 13 yuan."),
        ("您的订单 GF2611020017 已于11月3日发出。", "Your order GF2611020017 was shipped on November 3."),
        ("满99元包邮。", "Free shipping on orders over 99 yuan."),
        ("退款需3-5个工作日。", "Refunds take 3-5 business days."),
        ("Please write to help@shop.com.", "请发邮件到 help@shop.com。"),
        ("It takes two days.", "需要两天。"),
        ("一周内回复您。", "We reply within a week."),
    ],
)
def test_translations_that_keep_all_figures_do_not_drift(one: str, other: str) -> None:
    assert not drift(one, other)
    assert not drift(other, one)


@pytest.mark.parametrize(
    ("one", "other", "lost", "added"),
    [
        ("运费13元。", "Shipping is 31 yuan.", ("13元",), ("31 yuan",)),
        ("7天内可退。", "You can return it.", ("7天",), ()),
        ("单号 SF1029384756。", "单号 SF1029384765。", ("SF1029384756",), ("SF1029384765",)),
        ("see https://a.com/b", "see below", ("https://a.com/b",), ()),
        ("打8折", "80 元", ("8折",), ("80 元",)),
    ],
)
def test_what_changed_is_named(one: str, other: str, lost: tuple[str, ...], added: tuple[str, ...]) -> None:
    changed = drift(one, other)
    assert (changed.lost, changed.added) == (lost, added)
    assert changed


def test_language_is_judged_with_names_allowed() -> None:
    assert is_in("Your 小米 fan is on its way to the address that you gave us.", Language.EN)
    assert not is_in("Your 订单 has been 发货 already", Language.EN)
    assert is_in("您的 AirPods Pro 已发货。", Language.ZH)
    assert not is_in("It was shipped.", Language.ZH)


def test_repetition_is_seen_unless_the_original_has_it() -> None:
    assert repeats_itself("请稍等一下。请稍等一下。", "请等一下。")
    assert not repeats_itself("Thank you. Thank you.", "Thank you. Thank you.")
    assert not repeats_itself("您好。您好。", "您好。")  # too short to tell


def test_paragraphs_join_to_the_text() -> None:
    text = "a\n\n  b \nc\n"
    pieces = list(paragraphs(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, worth in pieces if worth] == ["a", "b", "c"]
    assert says_something("We ship it.")
    assert says_something("这个商品明天就会发货")
    assert not says_something("Best regards,")
    assert not says_something("此致敬礼")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("您好，3天内发货。", "您好！3 天内发货", True),
        ("Hello! It ships in 3 days.", "Hello, it ships in 3 days", True),
        ("您好，3天内发货。", "亲，您的包裹预计三天之内就会寄出，请放心。", False),
        ("Return shipping is $5.", "You pay $5 when you send it back to us.", False),
    ],
)
def test_near_equal_drafts(one: str, other: str, same: bool) -> None:
    assert near_equal(one, other) is same
