"""Which text of a thread is read, and when the turn before it counts."""

from agent_assist.domain.tickets import Role
from agent_assist.engine.protocol import Turn
from models.understanding.threads import newest_customer_text, with_context


def thread(*turns: tuple[Role, str]) -> list[Turn]:
    return [Turn(role=role, text=text) for role, text in turns]


C, A = Role.CUSTOMER, Role.AGENT


def test_the_newest_customer_message_is_read() -> None:
    assert newest_customer_text(thread((C, "一"), (A, "二"), (C, "三"), (A, "四"))) == ("三", 2)
    assert newest_customer_text(thread((A, "只有客服"))) == ("只有客服", 0)
    assert newest_customer_text([]) == ("", -1)


def test_a_short_message_gets_the_customers_turn_before_it() -> None:
    joint = with_context(thread((C, "黑色外套有货吗"), (A, "有的"), (C, "那白色呢")))
    assert joint is not None
    assert joint.startswith("黑色外套有货吗")
    assert joint.endswith("那白色呢")
    assert "有的" not in joint


def test_a_long_or_first_message_stands_alone() -> None:
    assert with_context(thread((C, "那白色呢"))) is None
    assert with_context(thread((A, "您好"), (C, "那白色呢"))) is None
    assert with_context(thread((C, "在吗"), (C, "我上周五下的订单到现在物流一直没有更新，帮我查一下到哪里了"))) is None
