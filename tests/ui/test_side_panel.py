"""The panel beside the conversation: the customer's other tickets and orders, solved ones, and where it goes."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from agent_assist.domain.customers import CustomerHistory
from tests.helpers.modifiers import CTRL
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble
from tests.ui.doubles.samples import sample_orders
from tests.ui.seen import REFUND, bubble, focused, texts, with_history
from ui.side.presenter import Section
from ui.side.rows import OtherTicketRow, SolvedRow


def test_the_customers_other_ticket_opens_on_enter_and_back_comes_back(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    with_history(services)
    desk = open_desk(services)
    desk.open(REFUND)
    side = desk.session.view.side
    [row] = [one for one in side.findChildren(OtherTicketRow) if one.isVisible()]
    row.setFocus()
    desk.press(row, Qt.Key.Key_Return)
    assert desk.session.desk.inbox.selected_id == "TK-2"
    assert side.back.isVisible()
    desk.press(desk.window, Qt.Key.Key_BracketLeft, CTRL)
    assert desk.session.desk.inbox.selected_id == REFUND
    assert not side.back.isVisible()


def test_the_customers_other_orders_open_their_card(desk: Desk) -> None:
    orders = list(sample_orders().values())

    async def history(_ticket_id: str, *, order_number: str | None = None, limit: int = 20) -> CustomerHistory:
        return CustomerHistory(orders=tuple(orders[:3]))

    desk.services.customers.history = history  # type: ignore[method-assign]
    desk.open(REFUND)
    own = desk.session.desk.card.order
    assert own is not None
    other = next(one for one in orders[:3] if one.order_number != own.order_number)
    side = desk.session.view.side
    [link] = [
        one
        for one in side.sections[Section.CUSTOMER].body.findChildren(QPushButton)
        if one.text() == other.order_number and not one.isHidden()
    ]
    link.setFocus()
    desk.press(link, Qt.Key.Key_Space)
    assert desk.session.desk.card.looked_up == other
    assert other.order_number in texts(side.sections[Section.ORDER])


def test_a_solved_tickets_reply_goes_into_the_empty_editor(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    with_history(services)
    desk = open_desk(services)
    desk.open(REFUND)
    side, editor = desk.session.view.side, desk.session.view.composer.editor

    def rows() -> list[SolvedRow]:
        return [one for one in side.sections[Section.SIMILAR].body.findChildren(SolvedRow) if not one.isHidden()]

    rows()[0].setFocus()
    desk.press(rows()[0], Qt.Key.Key_Return)
    assert "Refunds take 3 business days." in rows()[0].accessibleDescription()
    assert rows()[0].hasFocus()
    desk.act(rows()[0].used.emit)
    assert editor.toPlainText() == "Refunds take 3 business days."
    desk.act(rows()[0].used.emit)
    assert editor.toPlainText() == "Refunds take 3 business days."
    desk.act(rows()[0].copied.emit)
    assert QApplication.clipboard().text() == "Refunds take 3 business days."


def test_the_panel_is_entered_left_hidden_and_shown_by_its_key(desk: Desk) -> None:
    desk.open(REFUND)
    view = desk.session.view
    view.composer.focus_editor()
    desk.press(desk.window, Qt.Key.Key_F8)
    assert view.side.holds_focus()
    desk.press(focused(), Qt.Key.Key_Space)
    assert Section.ORDER in desk.session.desk.side.folded
    assert not view.side.sections[Section.ORDER].body.isVisible()
    desk.press(desk.window, Qt.Key.Key_F8)
    assert view.composer.editor.hasFocus()
    desk.act(view.side.hide_button.click)
    assert not view.side.isVisible()
    desk.press(desk.window, Qt.Key.Key_F8)
    assert view.side.isVisible()


@pytest.mark.parametrize(("size", "scale"), [((1280, 800), "1.5"), ((960, 600), "1.25")])
def test_where_three_panes_do_not_fit_the_panel_floats(
    open_desk: Callable[..., Desk], size: tuple[int, int], scale: str
) -> None:
    services = ServicesDouble()
    services.settings.values["ui.font_scale"] = scale
    with_history(services)
    desk = open_desk(services, size=size)
    desk.open(REFUND)
    view = desk.session.view
    assert desk.window.width() == size[0]
    assert view.place.floating
    assert not view.side.isVisible()
    desk.act(lambda: bubble(desk).text.entity_clicked.emit(bubble(desk).text.links()[0]))
    assert view.side.isVisible()
    assert view.rect().contains(view.side.geometry())
    desk.press(desk.window, Qt.Key.Key_F8)
    desk.press(focused(), Qt.Key.Key_Escape)
    assert not view.side.isVisible()
    desk.act(lambda: desk.window.resize(2400, 1000))
    assert not view.place.floating
    assert view.side.isVisible()
