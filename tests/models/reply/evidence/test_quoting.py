"""Drafts that do not say what the source says, and the source's words in their place."""

import pytest
from msgspec import structs

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Draft, Turn
from models.reply.evidence.quoting import Answer, corrected, misread, quote, values

SPRING = Answer("弹簧床垫试睡14晚，", "弹簧床垫试睡14晚，棕榈床垫不支持试睡。", 0.9)
COFFEE = Answer("每公斤12元；", "云南豆：0.8公斤起批，每公斤12元；", 0.8)
PLANTS = Answer("水草不赔。", "水草不赔。", 0.8)
RESEND = Answer(
    "a link that has expired is sent again once.",
    "Links: valid for 4 hours, a link that has expired is sent again once.",
    0.9,
)


def asked(text: str, language: str = "zh") -> Draft:
    return Draft(id="1", language=language, thread=[Turn(role=Role.CUSTOMER, text=text)], passages=[])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("您好，弹簧床垫可以试睡14晚。", SPRING),
        ("您好，弹簧床垫可以试睡十四天哦。", Answer("弹簧床垫试睡14天，", "弹簧床垫试睡14天，", 0.9)),
        ("您好，水草是不赔的。", PLANTS),
        ("Hello! Yes, a link that has expired can be sent again once.", RESEND),
    ],
)
def test_a_draft_that_says_it_in_other_words_is_left_alone(text: str, answer: Answer) -> None:
    assert not misread(text, asked("？"), [answer])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("您好，弹簧床垫质保2年。", SPRING),  # nothing of it
        ("您好，弹簧床垫试睡14晚，不满意扣30元。", SPRING),  # and something else besides
        ("您好，请在签收后18小时内联系。", PLANTS),
        ("Hello! Please pay for the next item.", RESEND),
    ],
)
def test_a_draft_that_says_something_else_was_misread(text: str, answer: Answer) -> None:
    assert misread(text, asked("？"), [answer])


def test_what_the_customer_named_may_be_repeated() -> None:
    assert misread("您好，订单7781的弹簧床垫试睡14晚。", asked("能试睡吗"), [SPRING])
    assert not misread("您好，订单7781的弹簧床垫试睡14晚。", asked("订单7781能试睡吗"), [SPRING])


def test_only_the_likeliest_has_to_be_said_and_all_may() -> None:
    answers = [SPRING, Answer("质保2年，", "质保2年，", 0.7)]
    assert not misread("弹簧床垫试睡14晚。", asked("？"), answers)
    assert not misread("弹簧床垫试睡14晚，质保2年。", asked("？"), answers)
    assert misread("弹簧床垫质保2年。", asked("？"), answers)


def test_without_an_answer_nothing_was_misread() -> None:
    assert not misread("您好，资料里没有写。", asked("？"), [])


def test_a_quote_says_what_the_clause_is_said_of() -> None:
    assert quote("", [COFFEE], language="zh") == "您好，云南豆：每公斤12元。"
    row = "Model: ZK593 folding; Height: any; Weight: 30 kg"
    assert (
        quote("", [Answer("Weight: 30 kg", row, 0.5)], language="en") == "Hello! Model: ZK593 folding, Weight: 30 kg."
    )


@pytest.mark.parametrize(
    ("clause", "unit", "said"),
    [
        ("运费13元由买家承担。", "签收后9天内，运费13元由买家承担。", "您好，签收后9天内，运费13元由买家承担。"),
        ("运费13元由买家承担。", "可以退货，运费13元由买家承担。", "您好，运费13元由买家承担。"),
        (
            "we pay half.",
            "Used items: if it was opened, we pay half.",
            "Hello! Used items: if it was opened, we pay half.",
        ),
        ("we pay half.", "Keep the box, we pay half.", "Hello! We pay half."),
    ],
)
def test_a_condition_is_not_left_out(clause: str, unit: str, said: str) -> None:
    assert quote("", [Answer(clause, unit, 0.9)], language="zh" if "您" in said else "en") == said


def test_two_clauses_of_one_unit_are_said_under_one_lead() -> None:
    unit = "云南豆：0.8公斤起批，当天发货，每公斤12元；"
    apart = [Answer("0.8公斤起批，", unit, 0.7), Answer("每公斤12元；", unit, 0.8)]
    assert quote("", apart, language="zh") == "您好，云南豆：0.8公斤起批；每公斤12元。"


def test_clauses_that_follow_one_another_stand_as_they_do_in_the_source() -> None:
    more = Answer("0.8公斤起批，", COFFEE.unit, 0.7)
    assert quote("", [more, COFFEE], language="zh") == "您好，云南豆：0.8公斤起批，每公斤12元。"
    unit = "For orders in mainland China, shoes can be exchanged once."
    both = [Answer("For orders in mainland China,", unit, 0.6), Answer("shoes can be exchanged once.", unit, 0.9)]
    assert quote("", both, language="en") == "Hello! For orders in mainland China, shoes can be exchanged once."
    assert quote("", [SPRING, SPRING], language="zh") == "您好，弹簧床垫试睡14晚。"


def test_an_apology_that_says_nothing_else_is_kept() -> None:
    assert (
        quote("很抱歉让您睡得不舒服。质保2年。", [SPRING], language="zh") == "很抱歉让您睡得不舒服。弹簧床垫试睡14晚。"
    )
    assert quote("很抱歉，质保2年。", [SPRING], language="zh") == "您好，弹簧床垫试睡14晚。"
    sorry = "I'm sorry for the trouble. It costs $4."
    assert quote(sorry, [RESEND], language="en").startswith("I'm sorry for the trouble. Links: a link that")


def test_a_language_without_words_of_its_own_is_greeted_in_english() -> None:
    assert quote("", [RESEND], language="fr").startswith("Hello! Links: a link")


def test_values_are_compared_however_they_are_written() -> None:
    [seven], [week] = values("7天内"), values("within one week")
    assert seven & week
    assert values("no figures here") == []


def test_only_a_plain_answer_is_corrected() -> None:
    wrong, draft = "您好，弹簧床垫质保2年。", asked("？")
    assert corrected(wrong, draft, [SPRING], answerable=0.9) == "您好，弹簧床垫试睡14晚。"
    assert corrected(wrong, draft, [SPRING], answerable=None) == "您好，弹簧床垫试睡14晚。"
    assert corrected("您好，弹簧床垫试睡14晚。", draft, [SPRING], answerable=0.9) is None
    assert corrected(wrong, draft, [SPRING], answerable=draft.hedge_below - 0.01) is None
    assert corrected(wrong, structs.replace(draft, hint="说质保2年"), [SPRING], answerable=0.9) is None
    unsure = Answer(SPRING.clause, SPRING.unit, 0.5)
    assert corrected(wrong, draft, [unsure], answerable=0.9) is None


@pytest.mark.parametrize(
    ("clause", "unit", "said"),
    [
        (
            "If the parcel is lost,",
            "If the parcel is lost, you choose between a new one and a refund of US$1,299, within 3 days.",
            "Hello! If the parcel is lost, you choose between a new one and a refund of US$1,299.",
        ),
        (
            "如果超过5天没有更新，",
            "如果超过5天没有更新，我们向快递查询。",
            "您好，如果超过5天没有更新，我们向快递查询。",
        ),
        ("签收后 7 天内，", "签收后 7 天内，都可以退货。", "您好，签收后 7 天内，都可以退货。"),
        ("Express takes 3 days,", "Express takes 3 days, standard 7.", "Hello! Express takes 3 days."),
    ],
)
def test_a_condition_is_not_quoted_without_what_follows_from_it(clause: str, unit: str, said: str) -> None:
    language = "zh" if said.startswith("您") else "en"
    assert quote("", [Answer(clause, unit, 0.9)], language=language) == said


def test_what_follows_is_said_once_where_it_answers_too() -> None:
    unit = "If the parcel is lost, you get a new one."
    answers = [Answer("If the parcel is lost,", unit, 0.7), Answer("you get a new one.", unit, 0.9)]
    assert quote("", answers, language="en") == "Hello! If the parcel is lost, you get a new one."


def test_sentences_stay_sentences() -> None:
    answers = [Answer("Returns take 7 days.", "Returns take 7 days.", 0.9), Answer("It is free.", "It is free.", 0.8)]
    assert quote("", answers, language="en") == "Hello! Returns take 7 days. It is free."
    assert quote("", [SPRING, COFFEE], language="zh").count("；") == 1


def test_a_list_number_or_a_lone_mark_is_no_answer_and_a_value_is_one() -> None:
    numbers = [Answer("2", "2", 0.9), Answer("3", "3", 0.9)]
    assert corrected("请发照片。", asked("怎么处理"), numbers, answerable=0.9) is None
    assert Answer("$389.", "$389.", 0.9).tells


def test_a_clause_begins_a_sentence_without_its_joint_and_with_its_brackets_closed() -> None:
    joined = Answer("and it can be redirected once.", "It left, and it can be redirected once.", 0.9)
    assert quote("", [joined], language="en") == "Hello! It can be redirected once."
    opened = Answer("the duvet (US$149", "the duvet (US$149; washable)", 0.9)
    assert quote("", [opened], language="en") == "Hello! The duvet (US$149)."
