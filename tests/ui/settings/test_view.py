"""The settings screen with real keys: found, changed, refused, reset; whole in both languages."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox

from agent_assist.settings import SETTINGS
from tests.helpers.modifiers import CTRL
from tests.ui.conftest import Desk
from tests.ui.doubles import ServicesDouble
from tests.ui.leftovers import foreign
from tests.ui.test_layout import faults, without_names
from ui.settings.view import SettingsView
from ui.widgets.inputs import LineInput


def settings(desk: Desk) -> SettingsView:
    desk.press(desk.window, Qt.Key.Key_Comma, CTRL)
    view = desk.session.rooms.settings_view
    assert view.isVisible()
    return view


def test_a_setting_is_found_and_changed_by_keyboard(desk: Desk) -> None:
    view = settings(desk)
    assert view.search.hasFocus()
    desk.act(lambda: QTest.keyClicks(view.search, "passages per"))
    shown = [name for name, row in view.rows.items() if row.isVisible()]
    assert shown == ["suggestion.max_passages"]
    line = view.rows["suggestion.max_passages"].input.widget
    assert isinstance(line, LineInput)
    line.setFocus()
    line.selectAll()
    desk.act(lambda: QTest.keyClicks(line, "77"))
    row = view.rows["suggestion.max_passages"]
    assert row._problem.text() == "This takes a whole number from 1 to 10."
    desk.press(line, Qt.Key.Key_Return)
    assert "suggestion.max_passages" not in desk.services.settings.values
    line.selectAll()
    desk.act(lambda: QTest.keyClicks(line, "7"))
    desk.press(line, Qt.Key.Key_Return)
    assert desk.services.settings.values["suggestion.max_passages"] == "7"
    assert not row._problem.isVisible()
    assert row.reset.isVisible()
    desk.act(row.reset.click)
    assert line.text() == "4"
    assert not row.reset.isVisible()


def test_choices_and_ticks_are_kept_and_the_theme_changes_at_once(desk: Desk) -> None:
    view = settings(desk)
    combo, box = view.rows["ui.theme"].input.widget, view.rows["suggestion.prefetch"].input.widget
    assert isinstance(combo, QComboBox)
    assert isinstance(box, QCheckBox)
    combo.setFocus()
    desk.press(combo, Qt.Key.Key_Down)
    assert desk.services.settings.values["ui.theme"] == "dark"
    assert desk.program.look.palette.dark
    box.setFocus()
    desk.press(box, Qt.Key.Key_Space)
    assert desk.services.settings.values["suggestion.prefetch"] == "false"


def test_a_long_text_is_kept_in_one_line_when_it_is_left(desk: Desk) -> None:
    view = settings(desk)
    words = view.rows["shop.forbidden_words"].input.widget
    words.setFocus()
    desk.press(words, Qt.Key.Key_A, CTRL)
    desk.act(lambda: QTest.keyClicks(words, "cheapest, best"))
    desk.act(view.search.setFocus)
    assert desk.services.settings.values["shop.forbidden_words"] == "cheapest, best"


def test_the_language_changes_under_the_screen(desk: Desk) -> None:
    view = settings(desk)
    desk.act(lambda: desk.program.choose("ui.language", "zh"))
    assert view.rows["ui.theme"]._title.text() == "主题"
    combo = view.rows["ui.theme"].input.widget
    assert isinstance(combo, QComboBox)
    assert combo.currentText() == "浅色"


def test_models_are_loaded_anew_from_the_settings(desk: Desk) -> None:
    view = settings(desk)
    assert not view.load.isVisible()
    combo = view.rows["engine.device"].input.widget
    combo.setFocus()
    desk.press(combo, Qt.Key.Key_Down)
    assert view.load.isVisible()
    desk.act(view.load.click)
    assert desk.services.models.loads == 1
    assert not view.load.isVisible()


def test_what_the_disk_refuses_is_told_and_the_old_value_is_shown(desk: Desk) -> None:
    view = settings(desk)
    desk.services.settings.refusal = "settings.toml cannot be written. Nothing was changed."
    line = view.rows["agent.name"].input.widget
    line.setFocus()
    desk.act(lambda: QTest.keyClicks(line, "Han"))
    desk.press(line, Qt.Key.Key_Return)
    assert desk.window.notice.text.startswith("settings.toml")


def test_the_keys_are_opened_from_here(desk: Desk) -> None:
    from ui.keys.view import KeysDialog

    view = settings(desk)
    desk.act(view.rows["ui.keys"].open.click)  # type: ignore[attr-defined]
    assert any(dialog.isVisible() for dialog in desk.window.findChildren(KeysDialog))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("size", "scale"), [((1440, 900), "1"), ((960, 600), "1"), ((1440, 900), "2")])
def test_the_screen_is_whole(open_desk: Callable[..., Desk], language: str, size: tuple[int, int], scale: str) -> None:
    services = ServicesDouble()
    services.settings.values |= {"ui.language": language, "ui.font_scale": scale}
    desk = open_desk(services, size=size)
    view = settings(desk)
    for name in ("suggestion.max_passages", "service.opens"):
        desk.session.rooms.settings.write(name, "wrong")
    desk.session.rooms.settings.write("engine.device", "cpu")
    desk.settle()
    assert [*faults(view), *without_names(view), *foreign(view, language)] == []
    desk.act(lambda: view.search.setText("zzzz"))
    assert view.nothing.isVisible()
    assert set(view.rows) == set(SETTINGS)
