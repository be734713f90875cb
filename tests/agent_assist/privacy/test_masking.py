"""Personal data leaves texts before they are learned from; what is needed to learn stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.domain.patterns import find_entities
from agent_assist.domain.understanding import Entity
from agent_assist.privacy.masking import Masker
from agent_assist.privacy.personal_data import Secret, secrets_of


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13800138000", "电话[PHONE_1]"),
        ("Call +1 415-555-2671 now", "Call [PHONE_1] now"),
        ("１３８００１３８０００", "[PHONE_1]"),
        ("mail a.b+c@mail.example.com.", "mail [EMAIL_1]."),
        ("邮箱a@b.com谢谢", "邮箱[EMAIL_1]谢谢"),
        ("用户@例子.公司", "[EMAIL_1]"),
        ("a@b.com@例子", "[EMAIL_1][EMAIL_2]"),
        ("身份证11010519491231002X", "身份证[ID_1]"),
        ("身份证110105194912310021", "身份证[ID_1]"),  # mistyped
        ("card 4111 1111 1111 1111", "card [CARD_1]"),
        ("IBAN GB29 NWBK 6016 1331 9268 19", "IBAN [CARD_1]"),
        ("GB29 NWBK 6016 1331 9268 18 is mistyped", "GB29 NWBK [NUMBER_1] is mistyped"),
        ("call 345-899-3560x4587", "call [NUMBER_1]"),
        ("0571-88886666转802", "[PHONE_1]"),
        ("订单GF2611020017", "订单[ORDER_1]"),
        ("单号 SF1234567890123", "单号 [TRACKING_1]"),
        ("打我12345678901", "打我[NUMBER_1]"),
        ("我叫王小明，急", "我叫[PERSON_1]，急"),
        ("张先生您好", "[PERSON_1]先生您好"),
        ("My name is Anna Lee.", "My name is [PERSON_1]."),
        ("Hi there", "Hi there"),
        ("改到浙江省杭州市西湖区文三路100号3栋201室", "改到[ADDRESS_1]"),
        ("收货人：陈小红 13800138000 广东省深圳市南山区科技园", "收货人：[PERSON_1] [PHONE_1] [ADDRESS_1]"),
        ("13800138000李雷北京市朝阳区建国路", "[PHONE_1][PERSON_1][ADDRESS_1]"),
        ("訾小北13800138000江苏省苏州市吴中区木渎镇", "[PERSON_1][PHONE_1][ADDRESS_1]"),
        ("13800138000，訾小北 江苏省苏州市吴中区木渎镇", "[PHONE_1]，[PERSON_1] [ADDRESS_1]"),
        ("收货地址江苏省苏州市吴中区木渎镇", "收货地址[ADDRESS_1]"),
        ("13800138000，谢谢", "[PHONE_1]，谢谢"),
        ("北京能送吗", "北京能送吗"),
        ("Thanks\nTom Hanks", "Thanks\n[PERSON_1]"),
        ("ship to 5 Elm Ave, Suite 3\nSpringfield, IL 62701", "ship to [ADDRESS_1]"),
        ("to 12 Baker Street, Apt 4B please", "to [ADDRESS_1] please"),
        ("to 4700 W Guadalupe St, Apt 118 please", "to [ADDRESS_1] please"),
        ("2026-11-03 12:30 买了2件，1299.00元", "2026-11-03 12:30 买了2件，1299.00元"),
        ("", ""),
    ],
)
def test_what_is_masked_and_what_is_not(text: str, masked: str) -> None:
    assert Masker().text(text) == masked


def test_one_number_is_one_placeholder_however_it_is_written() -> None:
    masker = Masker()
    assert masker.text("13800138000 或 13912345678") == "[PHONE_1] 或 [PHONE_2]"
    assert masker.text("+86 138 0013 8000") == "[PHONE_1]"
    assert Masker().text("13912345678") == "[PHONE_1]"


def test_known_names_go_wherever_they_stand() -> None:
    masker = Masker([*secrets_of("James O'Neill"), *secrets_of("李雷"), Secret("ADDRESS", "和平里")])
    assert masker.text("James, 李雷住和平里") == "[PERSON_1], [PERSON_2]住[ADDRESS_1]"
    assert masker.text("Jameson stays") == "Jameson stays"
    assert secrets_of("李") == []


def test_entities_known_for_a_text_go_too() -> None:
    entity = Entity(type="person", start=2, end=3, text="雷")
    other = Entity(type="product", start=0, end=2, text="风扇")
    assert Masker().text("风扇雷", entities=[entity, other]) == "风扇[PERSON_1]"


def test_overlapping_findings_leave_nothing() -> None:
    address = Entity(type="address", start=0, end=16, text="文三路1号13800138000")
    assert Masker().text("文三路1号13800138000", entities=[address]) == "[ADDRESS_1][PHONE_1]"


def test_places_are_carried_over() -> None:
    text = "我叫王小明，13800138000，买的风扇坏了"
    masked = Masker().mask(text)
    start = text.index("风扇")
    new_start, new_end = masked.rebase(start, start + 2)
    assert masked.text[new_start:new_end] == "风扇"
    phone = text.index("138")
    assert masked.text[slice(*masked.rebase(phone, phone + 11))] == "[PHONE_1]"
    assert masked.text[slice(*masked.rebase(phone + 3, phone + 5))] == "[PHONE_1]"
    assert masked.rebase(0, len(text)) == (0, len(masked.text))


@pytest.mark.parametrize("part", ["退货", "一", "a", "1.", "a@", "1 Aaa Bbb ", "+1 ", "\n- Abc Def"])
def test_long_texts_take_time_in_proportion(part: str) -> None:
    """A slow pattern would take minutes here and hit the run's time limit."""
    assert len(Masker().text(part * (20_000 // len(part)) + "@"))


_words = st.text(alphabet=st.sampled_from("我的电话是退货 ,.，。:：()-a Zé\n订单风扇元年月7"), max_size=12)
_mobiles = st.from_regex(r"(\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}", fullmatch=True)
_mails = st.emails()
_personal = st.lists(st.tuples(_words, st.one_of(_mobiles, _mails), _words), min_size=1, max_size=4)


@given(_personal)
def test_no_phone_and_no_address_of_mail_survives(parts: list[tuple[str, str, str]]) -> None:
    text = " ".join(before + secret + after for before, secret, after in parts)
    masked = Masker().text(text)
    assert "@" not in masked
    assert not re.search(r"[0-9]{5}", re.sub(r"\[[A-Z]+_[0-9]+\]", "", masked))
    assert not [found for found in find_entities(masked) if found.type in {"phone", "email"}]


@given(st.lists(st.sampled_from(["风扇", "13800138000", "a@b.com ", "我叫王小明，", " ", "2件"]), max_size=8))
def test_an_unmasked_span_stays_the_same_text(parts: list[str]) -> None:
    text = "".join(parts)
    masked = Masker().mask(text)
    for match in re.finditer("风扇", text):
        start, end = masked.rebase(*match.span())
        assert masked.text[start:end] == "风扇"
