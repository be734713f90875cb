"""Replies to several questions at once: each has its answer, and what nobody knows is said to be open."""

import pytest
from msgspec import structs

from agent_assist.domain.facts import find_facts
from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, Turn
from models.reply.evidence.parts import Part
from models.reply.evidence.parts import amended as amended_to
from models.reply.evidence.quoting import Answer

SKIS = Answer("双板每天342元，", "双板每天342元，头盔免费。", 0.9)
HELMET = Answer("头盔免费。", "双板每天342元，头盔免费。", 0.8)
BULB = Answer("Change the UVB tube every 4 months.", "Change the UVB tube every 4 months.", 0.9)
PRICE, FREE = Part("双板一天啥价？", (SKIS,), 0.9), Part("头盔另外掏钱吗？", (HELMET,), 0.8)
WAX, BULBS = Part("你们帮打蜡吗？", (), 0.05), Part("how often do I swap the UVB", (BULB,), 0.9)


def asked(language: str = "zh", hint: str = "") -> Draft:
    thread = [Turn(role=Role.CUSTOMER, text="双板一天啥价？头盔另外掏钱吗？")]
    return Draft(id="1", language=language, thread=thread, passages=[], hint=hint)


def amended(text: str, draft: Draft, parts: list[Part], *, answerable: float) -> str | None:
    mended = amended_to(text, draft, parts, answerable=answerable)
    return mended.text if mended is not None else None


def test_a_reply_to_both_stays() -> None:
    assert amended("您好，双板每天342元，头盔免费。", asked(), [PRICE, FREE], answerable=0.9) is None


def test_a_reply_that_lacks_an_answer_gives_way_to_the_likeliest_of_each() -> None:
    near = Part("双板一天啥价？", (Answer("雪服每天88元。", "雪服每天88元。", 0.7), SKIS), 0.9)
    text = amended("您好，双板每天342元。", asked(), [near, FREE], answerable=0.9)
    assert text == "您好，双板每天342元，头盔免费。"
    sorry = amended("很抱歉让您久等了。头盔免费。", asked(), [FREE, near], answerable=0.9)
    assert sorry is not None
    assert sorry.startswith("很抱歉让您久等了。")
    assert "88" not in sorry


def test_what_nothing_answers_is_said_to_be_open_without_a_figure() -> None:
    text = amended("您好，双板每天342元。", asked(), [PRICE, WAX], answerable=0.9)
    assert text == "您好，双板每天342元。关于您问的“你们帮打蜡吗”，资料里没有写明，我帮您核实后回复您。"
    assert len(find_facts(text)) == 1
    english = amended(
        "Hello! Change the UVB tube every 4 months.", asked("en"),
        [BULBS, Part("and do you sell geckos?", (), 0.1)], answerable=0.9,
    )  # fmt: skip
    assert english is not None
    assert english.startswith("Hello! Change the UVB tube every 4 months. As for “and do you sell geckos”, ")


@pytest.mark.parametrize(
    "open_said", ["打蜡这边没有写，我帮您核实。", "能不能打蜡资料里没有提到。", "打蜡我帮您确认一下。"]
)
def test_what_the_reply_itself_leaves_open_is_not_said_twice(open_said: str) -> None:
    assert amended(f"您好，双板每天342元。{open_said}", asked(), [PRICE, WAX], answerable=0.9) is None


def test_a_reply_with_a_figure_from_elsewhere_gives_way_to_the_answers() -> None:
    text = amended("您好，双板每天88元，打蜡30元。", asked(), [PRICE, WAX], answerable=0.9)
    assert text == "您好，双板每天342元。关于您问的“你们帮打蜡吗”，资料里没有写明，我帮您核实后回复您。"
    both = amended("您好，双板每天88元。", asked(), [FREE, PRICE, PRICE], answerable=0.9)
    assert both is not None
    assert both.count("342元") == both.count("头盔免费") == 1


def test_only_what_is_wholly_the_sources_is_called_a_quote() -> None:
    added = amended_to("您好，双板每天342元。", asked(), [PRICE, WAX], answerable=0.9)
    replaced = amended_to("您好，双板每天88元。", asked(), [PRICE, FREE], answerable=0.9)
    alone = amended_to("您好，双板每天88元。", asked(), [PRICE], answerable=0.9)
    assert [one.quoted for one in (added, replaced, alone) if one is not None] == [False, True, True]


def test_a_long_question_is_not_named() -> None:
    text = amended("您好，双板每天342元。", asked(), [PRICE, Part("打" * 40 + "蜡吗", (), 0.1)], answerable=0.9)
    assert text is not None
    assert "打打" not in text
    assert text.endswith("您问的另一个问题，资料里没有写明，我帮您核实后回复您。")


def test_replies_that_ask_back_or_follow_a_wish_stay() -> None:
    assert amended("您好，我帮您核实。", asked(), [PRICE, FREE], answerable=0.1) is None
    assert amended("您好，双板每天342元。", asked(hint="别提头盔"), [PRICE, FREE], answerable=0.9) is None
    assert amended("您好，这个我不清楚。", asked(), [WAX, WAX], answerable=0.9) is None
    assert amended("您好。", asked(), [], answerable=0.9) is None


def test_one_question_is_held_against_its_likeliest_answer() -> None:
    assert amended("您好，双板每天88元。", asked(), [PRICE], answerable=0.9) == "您好，双板每天342元。"
    unsure = structs.replace(asked(), hint="")
    assert (
        amended(
            "您好，双板每天88元。",
            unsure,
            [Part("?", (Answer("双板每天342元，", "双板每天342元，", 0.4),), 0.4)],
            answerable=0.9,
        )
        is None
    )
