"""The next step beside the reply: asking for photos, a refund form, or none."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt

from agent_assist.domain.feedback import FeedbackKind
from agent_assist.domain.next_action import ActionKind, NextAction
from tests.helpers.modifiers import ALT, CTRL
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble, drafted

REFUND = "TK-1009"


def with_next(action: NextAction) -> ServicesDouble:
    services = ServicesDouble()
    services.suggestions.kinds[REFUND] = replace(drafted(services.shelf.tickets[REFUND]), next_action=action)
    return services


def test_the_next_step_is_written_by_its_key_and_never_over_a_text(open_desk: Callable[..., Desk]) -> None:
    asks = NextAction(kind=ActionKind.ASK_PHOTOS, reason="photos_needed", text="Could you send us photos?")
    desk = open_desk(with_next(asks))
    desk.open(REFUND)
    composer, bar = desk.session.view.composer, desk.session.view.composer.card.next
    assert bar.said.text().startswith("Next: Ask for photos (something is wrong")
    desk.press(desk.window, Qt.Key.Key_N, ALT)
    assert composer.editor.toPlainText() == "Could you send us photos?"
    desk.act(lambda: composer.editor.setPlainText("my own"))
    desk.press(desk.window, Qt.Key.Key_N, ALT)
    assert composer.editor.toPlainText() == "my own"
    assert desk.services.shelf.log == []


def test_a_refund_form_is_looked_at_before_it_is_kept(open_desk: Callable[..., Desk]) -> None:
    form = NextAction(
        kind=ActionKind.REFUND_FORM, reason="wants_money_back", fields=(("order_number", "GF1"), ("amount", "9.00 CNY"))
    )
    desk = open_desk(with_next(form))
    desk.open(REFUND)
    bar = desk.session.view.composer.card.next
    desk.press(desk.window, Qt.Key.Key_N, ALT)
    assert bar.form.isVisible()
    assert "nothing is sent anywhere" in bar.form.text()
    assert "Order: GF1" in bar.form.text()
    desk.act(bar.cancel.click)
    assert not bar.form.isVisible()
    assert desk.services.shelf.log == []
    for _ in range(2):
        desk.press(desk.window, Qt.Key.Key_N, ALT)
    [event] = desk.services.shelf.log
    assert (event.kind, event.action) == (FeedbackKind.NOTED, ActionKind.REFUND_FORM)
    assert bar.said.text() == "Open a refund form: kept as an internal note"
    assert not bar.do.isVisible()
    desk.press(desk.window, Qt.Key.Key_Z, CTRL)
    assert bar.do.isVisible()


def test_where_a_reply_is_enough_there_is_no_next_step(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(with_next(NextAction(kind=ActionKind.NOTHING, reason="nothing_needed")))
    desk.open(REFUND)
    assert not desk.session.view.composer.card.next.isVisible()
