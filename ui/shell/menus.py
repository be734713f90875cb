"""The menu bar, made from the action table, with the choices of language, theme and text size."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from ui.actions import ACTIONS, MENUS, Actions
from ui.i18n import I18n
from ui.look import Look
from ui.text_keys import Key

LANGUAGES = (("zh", Key.LANGUAGE_ZH), ("en", Key.LANGUAGE_EN))
THEMES = (
    ("system", Key.THEME_SYSTEM),
    ("light", Key.THEME_LIGHT),
    ("dark", Key.THEME_DARK),
    ("contrast_light", Key.THEME_CONTRAST_LIGHT),
    ("contrast_dark", Key.THEME_CONTRAST_DARK),
)
TEXT_SIZES = (("1", Key.TEXT_SIZE_NORMAL), ("1.25", Key.TEXT_SIZE_LARGE), ("1.5", Key.TEXT_SIZE_LARGEST))
Choose = Callable[[str, str], None]


class Menus:
    """Builds the menus and sets their texts anew when the language changes.

    `choose(setting, value)` is called with a setting's name and the value picked from a submenu.
    """

    def __init__(self, window: QMainWindow, actions: Actions, look: Look, i18n: I18n, choose: Choose) -> None:
        self._window, self._actions, self._look, self._i18n = window, actions, look, i18n
        self._choose = choose
        self._menus: dict[Key, QMenu] = {key: window.menuBar().addMenu("") for key in MENUS}
        self._retext: list[Callable[[], None]] = []
        self._groups: dict[str, QActionGroup] = {}
        for spec in ACTIONS:
            if spec.menu is not None:
                menu = self._menus[spec.menu]
                if spec.separated:
                    menu.addSeparator()
                menu.addAction(actions[spec.id])
        self._menus[Key.MENU_VIEW].addSeparator()
        self._add_choice("ui.language", Key.MENU_LANGUAGE, LANGUAGES)
        self._add_choice("ui.theme", Key.MENU_THEME, THEMES)
        self._add_choice("ui.font_scale", Key.MENU_TEXT_SIZE, TEXT_SIZES)
        i18n.changes.subscribe(self.retranslate)
        look.changed.connect(self._paint)
        self.retranslate()
        self._paint()

    def tick(self, setting: str, value: str) -> None:
        """Show which choice is in force."""
        for action in self._groups[setting].actions():
            action.setChecked(action.data() == value)

    def retranslate(self) -> None:
        """Set all texts in the current language."""
        for key, menu in self._menus.items():
            menu.setTitle(self._i18n(key))
        for update in self._retext:
            update()
        self._actions.retranslate()

    def _add_choice(self, setting: str, title: Key, choices: Sequence[tuple[str, Key]]) -> None:
        menu = self._menus[Key.MENU_VIEW].addMenu("")
        group = QActionGroup(menu)
        self._retext.append(lambda: menu.setTitle(self._i18n(title)))
        for value, key in choices:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setData(value)
            group.addAction(action)
            self._retext.append(partial(self._set_text, action, key))
            action.triggered.connect(lambda _checked=False, value=value: self._choose(setting, value))
        self._groups[setting] = group

    def _set_text(self, action: QAction, key: Key) -> None:
        action.setText(self._i18n(key))

    def _paint(self) -> None:
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.id].setIcon(self._look.icon(spec.icon))
