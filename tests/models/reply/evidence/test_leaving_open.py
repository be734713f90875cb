"""Replies to what the notes do not answer: left open, never answered all the same."""

import pytest

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, GroundingPassage, Turn
from models.reply.evidence.leaving_open import answers_after_all, leaves_open, open_reply

NOTES = {
    "zh": "TPU软料每卷0.3kg起卖，睡袋可以单买，1140.50元一包。",
    "en": "Synthetic caps are heat-safe up to 45 degrees. Roasted on Tuesdays, shipped the next day.",
}


def asked(text: str, language: str) -> Draft:
    passage = GroundingPassage(doc_id="d", title="Notes", text=NOTES[language])
    return Draft(id="1", language=language, thread=[Turn(role=Role.CUSTOMER, text=text)], passages=[passage])


@pytest.mark.parametrize(
    ("question", "reply", "language"),
    [
        ("睡袋弄丢了要赔多少", "您好，睡袋可以单买，1140.50元一包。", "zh"),
        ("睡袋弄丢了要赔吗", "您好，睡袋可以单买。", "zh"),
        ("does it come in petite", "Hello! No, synthetic heat-safe up to 45.", "en"),
        ("how many days are the beans fresh", "Hello! Roasted on Tuesdays, shipped the next day.", "en"),
    ],
)
def test_a_reply_that_tells_something_was_not_left_open(question: str, reply: str, language: str) -> None:
    assert answers_after_all(reply, asked(question, language))


@pytest.mark.parametrize(
    ("question", "reply", "language"),
    [
        ("睡袋弄丢了要赔多少", "您好，睡袋弄丢的赔偿没有写明，我帮您核实一下。", "zh"),
        ("睡袋弄丢了要赔多少", "您好，请问您是哪一笔订单呢？", "zh"),
        ("how fresh are they", "Hello! How long they stay fresh isn't stated; I'll check and get back to you.", "en"),
        ("how fresh are they", "Which beans do you mean?", "en"),
        ("谢谢啦", "不客气，祝您生活愉快！", "zh"),
        ("thanks a lot", "You're welcome, have a nice day!", "en"),
    ],
)
def test_a_question_back_a_promise_to_check_and_a_kind_word_stay(question: str, reply: str, language: str) -> None:
    assert not answers_after_all(reply, asked(question, language))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_said_instead_leaves_it_open_and_states_nothing(language: str) -> None:
    draft = asked("?", language)
    assert leaves_open(open_reply(draft))
    assert not answers_after_all(open_reply(draft), draft)
