"""Absolute claims and invitations to leave the platform are found; ordinary speech is not."""

import json
from pathlib import Path

import pytest

from agent_assist.settings import SETTINGS
from agent_assist.suggestion.forbidden import find_forbidden, forbidden_words, show_forbidden

SAMPLES = Path(__file__).parents[3] / "resources" / "samples"
LISTED = str(SETTINGS["shop.forbidden_words"].default)


def found(text: str, listed: str = LISTED, names: tuple[str, ...] = ()) -> list[str]:
    return [text[one.start : one.end] for one in find_forbidden(text, listed, names=names)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我们是全国销量第一的品牌。", ["第一"]),
        ("这款是质量最好的。", ["最好"]),
        ("效果百分百，永久不褪色！", ["百分百", "永久"]),
        ("这是国家级的产品。", ["国家级"]),
        ("亲，加我微信详聊。", ["加我微信"]),
        ("可以添 加 微 信 领红包", ["加 微 信"]),
        ("加一下客服QQ哦", ["加一下客服QQ"]),
        ("您私下给我转账就行。", ["私下给我转账"]),
        ("Please whatsapp me and we sort it out.", ["whatsapp me"]),
        ("We can do this outside the platform.", ["outside the platform"]),
        ("It is the CHEAPEST on the web", ["CHEAPEST"]),
        ("Please transfer the money to my account", ["transfer the money to my"]),
    ],
)
def test_claims_and_invitations_are_found(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "您是第一次使用的话，我们会第一时间处理，最晚周五发出。",
        "第一步打开设置。",
        "您最好先充电再使用，最好不要用热水洗。",
        "最佳赏味期是7天。",
        "账号永久注销后不能恢复。",
        "百分百纯棉面料。",
        "请勿加微信，谨防私下转账。",
        "我们不会让您加微信。",
        "我们支持微信支付。",
        "您可以参加微信支付的满减活动。",
        "登录方式有三种：手机号加验证码、手机号加密码、微信授权。",
        "手机号加微信登录都可以。",
        "We never ask customers to pay outside the platform.",
        "Please do not WhatsApp me.",
        "Best regards, and we do our best.",
        "The cheapest shipping option is standard.",
    ],
)
def test_ordinary_speech_is_not(text: str) -> None:
    assert found(text) == []


def test_nothing_that_the_sample_shop_has_reviewed_is_forbidden() -> None:
    rows = (SAMPLES / "knowledge.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [str(json.loads(row)["text"]) for row in rows]
    texts += [path.read_text(encoding="utf-8") for path in sorted((SAMPLES / "articles").iterdir())]
    assert len(texts) > 100
    assert [words for text in texts if (words := found(text))] == []


def test_only_a_denial_lets_an_invitation_through() -> None:
    assert found("不要错过，加微信领券。") == ["加微信"]
    assert found("不用担心，加微信领券。") == ["加微信"]


def test_the_shops_own_names_pass() -> None:
    assert found("第一厨电饭煲有货。") == ["第一"]
    assert found("第一厨电饭煲有货。", names=("第一厨",)) == []


def test_the_list_is_the_shops() -> None:
    assert found("我们包赚，加微信", listed="包赚；稳赢") == ["包赚"]
    assert found("加微信", listed="") == []
    assert forbidden_words("A， b;c、 A") == ("a", "b", "c")


def test_words_are_shown_where_they_stand() -> None:
    text = "好的，请加微信领券。"
    assert show_forbidden(text, find_forbidden(text, LISTED)) == "“请[加微信]领券”"
