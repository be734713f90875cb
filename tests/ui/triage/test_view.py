"""The inbox by keys and buttons, in the real window over doubles."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from agent_assist.domain.tickets import Queue, TicketState
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble
from ui.actions import ACTIONS
from ui.inbox.model import ROW_ROLE
from ui.text_keys import Key
from ui.triage.pickers import PersonPicker, SnoozePicker

SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def first(desk: Desk) -> str:
    """Choose the first line of the list, with the keyboard on it."""
    view = desk.session.view.inbox.list
    view.setFocus()
    desk.act(lambda: desk.session.desk.inbox.select_index(0))
    chosen = desk.session.desk.inbox.selected_id
    assert chosen is not None
    return chosen


def test_letters_take_snooze_and_finish(desk: Desk) -> None:
    view, shelf = desk.session.view.inbox.list, desk.services.shelf
    name = first(desk)
    desk.press(view, Qt.Key.Key_M)
    assert shelf.tickets[name].assignee == "me"
    assert desk.window.toast.text == "The ticket is yours"
    desk.press(view, Qt.Key.Key_E)
    assert shelf.tickets[name].state is TicketState.DONE
    second = desk.session.desk.inbox.selected_id
    assert second not in (None, name)
    desk.press(desk.window, Qt.Key.Key_Z, CTRL)
    desk.press(desk.window, Qt.Key.Key_Z, CTRL)
    assert (shelf.tickets[name].state, shelf.tickets[name].assignee) == (TicketState.WAITING, "")
    assert desk.window.toast.text == "Taken back for 1 ticket"


def test_a_ticket_is_given_by_typing_a_name(desk: Desk) -> None:
    name = first(desk)
    desk.press(desk.session.view.inbox.list, Qt.Key.Key_P)
    [picker] = desk.window.findChildren(PersonPicker)
    picker.search.setText("王")
    desk.press(picker.search, Qt.Key.Key_Return)
    assert desk.services.shelf.tickets[name].assignee == "王芳"
    desk.press(desk.session.view.inbox.list, Qt.Key.Key_P)
    [picker] = [one for one in desk.window.findChildren(PersonPicker) if one.isVisible()]
    picker.search.setText("nobody")
    desk.press(picker.search, Qt.Key.Key_Return)
    assert desk.services.shelf.tickets[name].assignee == ""


@pytest.mark.parametrize("typed", ["2h", "两小时后", ""])
def test_a_ticket_is_snoozed_until_a_chosen_or_a_typed_time(desk: Desk, typed: str) -> None:
    name = first(desk)
    desk.press(desk.session.view.inbox.list, Qt.Key.Key_B)
    [picker] = desk.window.findChildren(SnoozePicker)
    picker.search.setText(typed)
    desk.press(picker.search, Qt.Key.Key_Return)
    until = desk.services.shelf.tickets[name].snoozed_until
    assert until is not None
    assert until - desk.services.shelf.now == (
        desk.services.triage.snooze_choices()[1 if typed else 0].until - desk.services.shelf.now
    )
    assert desk.session.desk.inbox.counts[Queue.SNOOZED] == 1


def test_what_is_no_time_offers_nothing(desk: Desk) -> None:
    name = first(desk)
    desk.press(desk.session.view.inbox.list, Qt.Key.Key_B)
    [picker] = desk.window.findChildren(SnoozePicker)
    picker.search.setText("whenever")
    desk.press(picker.search, Qt.Key.Key_Return)
    assert desk.services.shelf.tickets[name].snoozed_until is None


def test_marked_tickets_are_done_together_and_undone_together(desk: Desk) -> None:
    view, inbox = desk.session.view.inbox, desk.session.desk.inbox
    first(desk)
    before = inbox.total
    desk.press(view.list, Qt.Key.Key_X)
    desk.press(view.list, Qt.Key.Key_Down, SHIFT)
    desk.press(view.list, Qt.Key.Key_J, SHIFT)
    assert view.bar.count.text() == "3 selected"
    desk.act(view.bar.buttons["done"].click)
    assert inbox.total == before - 3
    assert desk.window.toast.text == "3 tickets are done"
    assert not view.bar.marked.isVisible()
    desk.act(desk.window.toast._undo.click)
    assert inbox.total == before


def test_the_mouse_marks_in_the_gutter_and_up_to_a_line(desk: Desk) -> None:
    view, inbox = desk.session.view.inbox, desk.session.desk.inbox
    first(desk)
    chosen = inbox.selected_id

    def click(line: int, x: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        place = QPoint(x, view.list.visualRect(view.list.model().index(line, 0)).center().y())
        desk.act(lambda: QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, modifiers, place))

    click(1, 8)
    assert (len(inbox.marks), inbox.selected_id) == (1, chosen)
    click(3, 120, SHIFT)
    assert len(inbox.marks) == 3
    click(2, 120, CTRL)
    assert len(inbox.marks) == 2
    desk.press(view.list, Qt.Key.Key_Escape)
    assert not inbox.marks
    click(2, 120)
    assert inbox.selected_index == 2


def test_the_whole_list_is_marked_by_key_and_by_button(desk: Desk) -> None:
    view, inbox = desk.session.view.inbox, desk.session.desk.inbox
    first(desk)
    desk.press(view.list, Qt.Key.Key_A, CTRL)
    assert len(inbox.marks) == inbox.total
    desk.act(view.bar.none.click)
    desk.press(view.list, Qt.Key.Key_X)
    desk.act(view.bar.all.click)
    assert len(inbox.marks) == inbox.total


def test_queues_have_keys_tiles_and_counts(desk: Desk) -> None:
    tiles = desk.session.view.inbox.filters.queues.tiles
    inbox = desk.session.desk.inbox
    assert tiles[Queue.WAITING].isChecked()
    assert tiles[Queue.WAITING].count == str(inbox.total)
    for number, queue in enumerate(Queue, start=1):
        desk.press(desk.window, Qt.Key(Qt.Key.Key_0 + number), ALT)
        assert inbox.query.queue is queue
        assert [one for one, tile in tiles.items() if tile.isChecked()] == [queue]
    desk.act(tiles[Queue.MINE].click)
    desk.act(tiles[Queue.MINE].click)
    assert tiles[Queue.MINE].isChecked()
    assert desk.session.view.inbox.empty.isVisible()


def test_a_customers_tickets_by_key_badge_and_back(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    shelf = services.shelf
    for name in list(shelf.tickets)[:3]:
        shelf.tickets[name] = replace(shelf.tickets[name], customer="Ann", state=TicketState.WAITING)
    desk = open_desk(services)
    view, inbox = desk.session.view.inbox, desk.session.desk.inbox
    desk.act(lambda: inbox.set_text("Ann"))
    first(desk)
    desk.press(view.list, Qt.Key.Key_G)
    assert (inbox.total, inbox.query.customer) == (3, "Ann")
    assert view.filters.customer.isVisible()
    desk.press(view.list, Qt.Key.Key_Escape)
    assert (inbox.query.customer, inbox.query.text) == ("", "Ann")
    index = view.list.model().index(0, 0)
    assert index.data(ROW_ROLE).open_tickets == 3
    place = view._delegate.badge_rect(view.list.visualRect(index), index.data(ROW_ROLE)).center()
    desk.act(lambda: QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=place))
    assert inbox.query.customer == "Ann"
    desk.act(view.bar.buttons["customer_tickets"].click)
    assert inbox.query.customer == ""


def test_a_screen_reader_hears_clock_and_marks(desk: Desk) -> None:
    view = desk.session.view.inbox
    first(desk)
    index = view.list.model().index(0, 0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "overdue" in spoken
    desk.press(view.list, Qt.Key.Key_X)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("selected")
    assert "Due" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_every_act_of_the_inbox_has_a_key_and_a_button(desk: Desk) -> None:
    view = desk.session.view.inbox
    with_buttons = {
        *view.bar.buttons,
        "mark_all",
        "group_customers",
        *(f"queue_{queue}" for queue in view.filters.queues.tiles),
    }
    inbox = [spec for spec in ACTIONS if spec.menu is Key.MENU_INBOX]
    assert all(spec.keys for spec in inbox)
    # Marking is the tick box of a line; the chosen one's, or the next one's too.
    assert {spec.id for spec in inbox} - with_buttons == {"mark", "mark_next", "mark_previous"}


def test_the_chosen_line_is_seen_to_be_chosen(desk: Desk) -> None:
    view = desk.session.view.inbox.list
    desk.act(lambda: view.setCurrentIndex(view.model().index(0, 0)))
    view.selectionModel().clearSelection()
    desk.act(lambda: desk.session.desk.inbox.select_index(0))
    desk.act(desk.session.desk.inbox.refresh)
    assert [index.row() for index in view.selectionModel().selectedIndexes()] == [0]


def of_one_customer(count: int = 3) -> ServicesDouble:
    """Three of the waiting tickets are one customer's."""
    services = ServicesDouble()
    waiting = [one for one in services.shelf.tickets.values() if one.state is TicketState.WAITING]
    for one in waiting[:count]:
        services.shelf.tickets[one.id] = replace(one, customer="Dana")
    return services


def test_a_customers_row_is_opened_and_closed_by_keys_and_mouse(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(of_one_customer())
    inbox, view = desk.session.desk.inbox, desk.session.view.inbox
    whole = inbox.total
    first(desk)
    desk.press(view.list, Qt.Key.Key_G, SHIFT)
    assert (inbox.total, view.filters.group.isChecked()) == (whole - 2, True)
    place = next(at for at in range(inbox.total) if (row := inbox.peek(at)) is not None and row.customer == "Dana")
    desk.act(lambda: inbox.select_index(place))
    assert "3" in str(view.list.model().index(place, 0).data())
    desk.press(view.list, Qt.Key.Key_Right)
    assert (inbox.query.customer, inbox.total, view.filters.group.isVisible()) == ("Dana", 3, False)
    desk.press(view.list, Qt.Key.Key_Left)
    assert inbox.total == whole - 2
    desk.act(lambda: inbox.select_index(place))
    delegate, index = view.list.itemDelegate(), view.list.model().index(place, 0)
    badge = delegate.badge_rect(view.list.visualRect(index), index.data(ROW_ROLE))
    desk.act(lambda: QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=badge.center()))
    assert inbox.query.customer == "Dana"
    desk.press(view.list, Qt.Key.Key_Escape)
    desk.act(view.filters.group.click)
    assert (inbox.total, view.filters.group.isChecked()) == (whole, False)


def test_grouping_is_remembered(open_desk: Callable[..., Desk]) -> None:
    services = of_one_customer()
    desk = open_desk(services)
    whole = desk.session.desk.inbox.total
    desk.press(desk.window, Qt.Key.Key_G, ALT | SHIFT)
    assert desk.window.memory.value("inbox/grouped") == "1"
    again = open_desk(services)
    assert (again.session.desk.inbox.total, again.session.desk.inbox.query.grouped) == (whole - 2, True)
