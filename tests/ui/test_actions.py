"""The one table: every action has keys and a visible place; palette, F1 and changed keys, with real key events."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from agent_assist.domain.language import Language
from tests.helpers.modifiers import ALT, CTRL
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble
from tests.ui.leftovers import said_in_another
from tests.ui.test_layout import faults, without_names
from ui.actions import ACTIONS, MENUS, menu_keys
from ui.i18n import I18n
from ui.keymap.keymap import Keymap
from ui.keymap.names import normal
from ui.keymap.spec import SCREENS, ActionSpec, list_id, share_a_screen
from ui.keys.view import KeysDialog
from ui.palette.view import LINE_ROLE, PaletteView

REFUND = "TK-1009"


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.id)
def test_every_action_has_keys_and_a_menu(spec: ActionSpec) -> None:
    assert spec.keys, f"{spec.id} has no key"
    assert spec.menu in MENUS, f"{spec.id} is in no menu"


def test_keys_are_spelled_as_qt_spells_them() -> None:
    for spec in ACTIONS:
        for key in spec.keys + spec.list_keys + spec.local_keys:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText) == key


def test_no_two_actions_of_a_screen_share_a_key_and_none_opens_a_menu() -> None:
    taken = [(normal(key), spec) for spec in ACTIONS for key in spec.keys]
    for place, (key, spec) in enumerate(taken):
        for other_key, other in taken[place + 1 :]:
            assert key != other_key or spec is other or not share_a_screen(spec, other), (key, spec.id, other.id)
    in_lists = [(normal(key), spec) for spec in ACTIONS for key in spec.list_keys]
    for place, (key, spec) in enumerate(in_lists):
        for other_key, other in taken + in_lists[place + 1 :]:
            assert key != other_key or spec is other or not share_a_screen(spec, other), (key, spec.id, other.id)
    for language in Language:
        assert not set(menu_keys(I18n(language))) & {key for key, _ in taken}


def test_every_action_is_in_a_visible_menu_with_its_key_and_a_handler(desk: Desk) -> None:
    bar = desk.window.menuBar()
    shown = {id(action) for menu in bar.findChildren(QMenu) for action in menu.actions() if action.isVisible()}
    table = desk.window.table
    for spec in ACTIONS:
        action = table[spec.id]
        assert id(action) in shown, spec.id
        assert [one.toString() for one in action.shortcuts()] == [QKeySequence(key).toString() for key in spec.keys]
        assert spec.id in table._handlers, f"{spec.id} does nothing"


@pytest.mark.parametrize("language", list(Language))
def test_menus_speak_one_language(open_desk: Callable[..., Desk], language: Language) -> None:
    services = ServicesDouble()
    services.settings.values["ui.language"] = language.value
    desk = open_desk(services)
    menus = desk.window.menuBar().findChildren(QMenu)
    texts = [menu.title() for menu in menus] + [one.text() for menu in menus for one in menu.actions()]
    assert [text for text in texts if text and said_in_another(text.replace("&", ""), language.value)] == []


# the palette


def palette(desk: Desk) -> PaletteView:
    return desk.session.rooms.palette_view


def lines(desk: Desk) -> list[str]:
    model = palette(desk).list.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_the_palette_lists_every_action_with_its_keys(desk: Desk) -> None:
    desk.press(desk.window, Qt.Key.Key_K, CTRL)
    assert palette(desk).isVisible()
    listed = lines(desk)
    for spec in ACTIONS:
        words = desk.window.table.title(spec.id)
        keys = desk.window.table.keys(spec.id)
        assert any(line.startswith(words) and keys in line for line in listed), spec.id


def test_ctrl_k_opens_the_palette_out_of_the_middle_of_a_text_and_esc_goes_back(desk: Desk) -> None:
    desk.open(REFUND)
    editor = desk.session.view.composer.editor
    editor.setFocus()
    desk.write("half a line and its end")
    cursor = editor.textCursor()
    cursor.setPosition(4)
    editor.setTextCursor(cursor)
    desk.press(editor, Qt.Key.Key_K, CTRL)
    assert palette(desk).isVisible()
    assert palette(desk).search.hasFocus()
    assert editor.toPlainText() == "half a line and its end"
    desk.press(palette(desk).search, Qt.Key.Key_Escape)
    assert not palette(desk).isVisible()
    assert editor.hasFocus()


def test_an_action_is_done_by_its_name_in_the_other_language(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.settings.values["ui.language"] = "zh"
    desk = open_desk(services)
    desk.press(desk.window, Qt.Key.Key_K, CTRL)
    search = palette(desk).search
    desk.act(lambda: QTest.keyClicks(search, "dark"))
    desk.press(search, Qt.Key.Key_Return)
    assert services.settings.values["ui.theme"] == "dark"
    assert not palette(desk).isVisible()


def test_a_setting_is_reached_by_its_name(desk: Desk) -> None:
    desk.press(desk.window, Qt.Key.Key_K, CTRL)
    search = palette(desk).search
    desk.act(lambda: QTest.keyClicks(search, "forbidden"))
    assert lines(desk)[0].startswith("Setting: Forbidden words")
    desk.press(search, Qt.Key.Key_Return)
    view = desk.session.rooms.settings_view
    assert [name for name, row in view.rows.items() if row.isVisible()] == ["shop.forbidden_words"]
    assert view.rows["shop.forbidden_words"].input.widget.hasFocus()


def test_a_ticket_is_opened_by_its_number(desk: Desk) -> None:
    desk.press(desk.window, Qt.Key.Key_K, CTRL)
    search = palette(desk).search
    desk.act(lambda: QTest.keyClicks(search, "tk-1009"))
    assert REFUND in lines(desk)[0]
    desk.press(search, Qt.Key.Key_Return)
    assert desk.session.desk.inbox.selected_id == REFUND


def test_the_arrows_go_round_and_nothing_found_says_so(desk: Desk) -> None:
    desk.press(desk.window, Qt.Key.Key_K, CTRL)
    view = palette(desk)
    desk.press(view.search, Qt.Key.Key_Up)
    assert view.list.currentIndex().row() == view.list.model().rowCount() - 1
    desk.press(view.search, Qt.Key.Key_Down)
    assert view.list.currentIndex().row() == 0
    desk.act(lambda: QTest.keyClicks(view.search, "zzzzzz"))
    assert not view.list.isVisible()
    assert view.nothing.isVisible()
    desk.press(view.search, Qt.Key.Key_Return)
    assert view.isVisible()


def test_an_action_of_another_screen_goes_there_and_acts_only_in_sight(desk: Desk) -> None:
    desk.open(REFUND)
    desk.act(desk.session.show_knowledge)
    desk.press(desk.window, Qt.Key.Key_K, CTRL)
    search = palette(desk).search
    desk.act(lambda: QTest.keyClicks(search, "send the suggestion"))
    line = palette(desk).list.currentIndex().data(LINE_ROLE)
    assert not line.command.here
    desk.press(search, Qt.Key.Key_Return)
    assert desk.window.pages.currentWidget() is desk.session.view
    assert desk.services.shelf.log == []
    assert "Alt+A" in desk.window.toast.text


def test_the_palette_stays_shut_while_an_input_method_composes(desk: Desk) -> None:
    desk.open(REFUND)
    editor = desk.session.view.composer.editor
    editor.setFocus()
    desk.act(lambda: QApplication.sendEvent(editor, QInputMethodEvent("nihao", [])))
    desk.press(editor, Qt.Key.Key_K, CTRL)
    assert not palette(desk).isVisible()


# the list of keys


def keys_dialog(desk: Desk) -> KeysDialog:
    desk.press(desk.window, Qt.Key.Key_F1)
    dialog = next(one for one in desk.window.findChildren(QDialog) if isinstance(one, KeysDialog) and one.isVisible())
    return dialog


def test_f1_lists_the_keys_in_force_and_a_key_is_changed_by_pressing_another(desk: Desk) -> None:
    desk.open(REFUND)
    dialog = keys_dialog(desk)
    assert dialog.table.rowCount() == len(ACTIONS) + sum(bool(spec.list_keys) for spec in ACTIONS)
    desk.act(lambda: QTest.keyClicks(dialog.search, "as it is"))
    desk.press(dialog.search, Qt.Key.Key_Return)
    assert dialog.catcher.hasFocus()
    desk.press(dialog.catcher, Qt.Key.Key_Return, CTRL)  # has another action
    assert "Send reply" in dialog.catcher.text.text()
    assert desk.services.shelf.log == []
    desk.press(dialog.catcher, Qt.Key.Key_A)
    assert "typing" in dialog.catcher.text.text()
    desk.press(dialog.catcher, Qt.Key.Key_F9)
    assert not dialog.catcher.isVisible()
    assert desk.services.settings.values["ui.keys"] == "accept=F9"
    assert "F9" in dialog.table.item(dialog.table.currentRow(), 2).text()
    desk.act(dialog.accept)
    desk.act(desk.window.activateWindow)  # a window manager does it
    assert "F9" in desk.session.view.composer.card.accept.toolTip()
    desk.press(desk.window, Qt.Key.Key_A, ALT)
    assert desk.services.shelf.log == []
    desk.press(desk.window, Qt.Key.Key_F9)
    assert len(desk.services.shelf.log) == 1


def test_escape_leaves_the_keys_and_reset_brings_them_back(desk: Desk) -> None:
    dialog = keys_dialog(desk)
    desk.act(lambda: dialog.choose("palette"))
    desk.act(dialog.change.click)
    desk.press(dialog.catcher, Qt.Key.Key_Escape)
    assert not dialog.catcher.isVisible()
    assert dialog.isVisible()
    desk.act(dialog.clear.click)
    assert desk.window.table["palette"].shortcuts() == []
    desk.press(desk.window, Qt.Key.Key_K, CTRL)
    assert not palette(desk).isVisible()
    desk.act(dialog.reset.click)
    assert desk.window.table["palette"].shortcut().toString() == "Ctrl+K"
    assert desk.services.settings.values["ui.keys"] == ""


def test_a_letter_of_the_list_is_changed_and_acts_there_alone(desk: Desk) -> None:
    desk.open(REFUND)
    dialog = keys_dialog(desk)
    desk.act(lambda: dialog.choose(list_id("assign_me")))
    assert "Ticket list" in dialog.table.item(dialog.table.currentRow(), 1).text()
    desk.act(dialog.change.click)
    desk.press(dialog.catcher, Qt.Key.Key_Down)  # moves in the list
    assert "letter" in dialog.catcher.text.text()
    desk.press(dialog.catcher, Qt.Key.Key_G)  # has another action there
    assert "All tickets of this customer" in dialog.catcher.text.text()
    desk.press(dialog.catcher, Qt.Key.Key_Q)
    assert desk.services.settings.values["ui.keys"] == "assign_me@list=Q"
    desk.act(dialog.accept)
    desk.act(desk.window.activateWindow)
    tickets, editor = desk.session.view.inbox.list, desk.session.view.composer.editor
    assert "Ctrl+Shift+M" in desk.window.table.tooltip("assign_me")
    editor.setFocus()
    desk.press(editor, Qt.Key.Key_Q)
    assert editor.toPlainText() == "q"
    tickets.setFocus()
    desk.press(tickets, Qt.Key.Key_M)
    assert desk.services.shelf.tickets[REFUND].assignee == ""
    desk.press(tickets, Qt.Key.Key_Q)
    assert desk.services.shelf.tickets[REFUND].assignee == "me"


def test_articles_have_their_own_letters(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.settings.values["ui.keys"] = "next_article@list=N assign_me@list=N"
    desk = open_desk(services)
    desk.act(desk.session.show_knowledge)
    table = desk.session.knowledge.view.catalogue.table
    table.setFocus()
    assert table.currentIndex().row() == 0
    desk.press(table, Qt.Key.Key_J)
    assert table.currentIndex().row() == 0
    desk.press(table, Qt.Key.Key_N)
    assert table.currentIndex().row() == 1
    desk.press(table, Qt.Key.Key_PageUp, ALT)
    assert table.currentIndex().row() == 0


def test_kept_keys_act_at_the_next_start(open_desk: Callable[..., Desk]) -> None:
    services = ServicesDouble()
    services.settings.values["ui.keys"] = "palette=F11"
    desk = open_desk(services)
    desk.press(desk.window, Qt.Key.Key_F11)
    assert palette(desk).isVisible()


def test_text_grows_and_shrinks_by_keys(desk: Desk) -> None:
    desk.press(desk.window, Qt.Key.Key_Equal, CTRL)
    assert desk.services.settings.values["ui.font_scale"] == "1.1"
    desk.press(desk.window, Qt.Key.Key_Minus, CTRL)
    desk.press(desk.window, Qt.Key.Key_Minus, CTRL)
    assert desk.services.settings.values["ui.font_scale"] == "0.9"
    desk.press(desk.window, Qt.Key.Key_0, CTRL)
    assert desk.services.settings.values["ui.font_scale"] == "1"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("size", "scale"), [((1440, 900), "1"), ((960, 600), "1"), ((1440, 900), "2")])
def test_palette_and_keys_are_whole(
    open_desk: Callable[..., Desk], language: str, size: tuple[int, int], scale: str
) -> None:
    services = ServicesDouble()
    services.settings.values |= {"ui.language": language, "ui.font_scale": scale}
    desk = open_desk(services, size=size)
    desk.act(palette(desk).open)
    found = [*faults(palette(desk)), *without_names(palette(desk))]
    assert desk.window.centre.rect().contains(palette(desk).geometry())
    desk.act(palette(desk).dismiss)
    dialog = desk.session.rooms.show_keys()
    desk.settle()
    desk.act(lambda: dialog.choose("send"))
    desk.act(dialog.change.click)
    desk.press(dialog.catcher, Qt.Key.Key_K, CTRL)
    found += [*faults(dialog), *without_names(dialog)]
    assert found == []


def test_the_table_and_a_keymap_of_it_agree() -> None:
    keymap = Keymap(ACTIONS)
    assert {spec.id: keymap.keys(spec.id) for spec in ACTIONS} == {spec.id: spec.keys for spec in ACTIONS}
    assert set(MENUS) >= set(SCREENS)


def test_no_widget_is_left_over(desk: Desk) -> None:
    before = len(desk.window.findChildren(QWidget))
    for _ in range(3):
        dialog = desk.session.rooms.show_keys()
        desk.act(dialog.accept)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(desk.window.findChildren(QWidget)) == before
