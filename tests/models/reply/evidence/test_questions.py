"""Messages cut into the questions that they ask, as customers write them."""

import pytest

from models.reply.evidence.questions import MOST_QUESTIONS, questions_in


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("双板一天啥价？头盔还要另外掏钱吗？", ["双板一天啥价？", "头盔还要另外掏钱吗？"]),
        ("水温多少 另外开封了能放几天", ["水温多少", "开封了能放几天"]),
        ("几点截单 到杭州要几天", ["几点截单", "到杭州要几天"]),
        ("给装吗顺便旧的你们拉走不", ["给装吗", "旧的你们拉走不"]),
        ("线路老化能换吗几天能来装", ["线路老化能换吗", "几天能来装"]),
        ("怀孕了，能用吗，开了之后多久要用完", ["怀孕了，能用吗，", "开了之后多久要用完"]),
        (
            "How often do I swap the UVB, and what's shipping for a gecko?",
            ["How often do I swap the UVB,", "what's shipping for a gecko?"],
        ),
        ("price of the A-148 and what do I add for the cutter", ["price of the A-148", "what do I add for the cutter"]),
        (
            "zip is stuck, price for fixing? also can i drop it off",
            ["zip is stuck, price for fixing?", "can i drop it off"],
        ),
        (
            "medium: can i sit on it and how long does it stay cold",
            ["medium: can i sit on it", "how long does it stay cold"],
        ),
    ],
)
def test_two_questions_are_told_apart(message: str, questions: list[str]) -> None:
    assert questions_in(message) == questions


@pytest.mark.parametrize(
    "message",
    [
        "家里有电梯，你们来人把垫子拉走收多少",
        "我昨天下的单，到现在没动静，什么时候发货？",
        "在吗？退货运费谁出",
        "这款能不能放洗碗机，可以吗？",
        "你好，请问一下，保修几年",
        "Hi there, are you there? My parcel says delivered but I have nothing. Where is it?",
        "Black and white prints, how much are they?",
        "and where does it go, China??",
        "头盔？",
        "谢谢",
    ],
)
def test_one_question_stays_whole(message: str) -> None:
    assert questions_in(message) == [message]


def test_nothing_of_a_message_is_lost_and_there_is_an_end_of_questions() -> None:
    message = "几点开门？多少钱？能退吗？保修几年？谁出运费？我在杭州。"
    found = questions_in(message)
    assert len(found) == MOST_QUESTIONS
    assert "".join(found) == message
    assert questions_in("  ") == []
