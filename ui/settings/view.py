"""The settings screen's widgets: a section a card, a setting a row."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from agent_assist.settings import SECTIONS, AnySetting, Applies
from ui.actions import Actions
from ui.i18n import I18n, Texts
from ui.look import Look
from ui.settings.inputs import SettingInput
from ui.settings.presenter import KEYS, SettingsPresenter
from ui.text_keys import Key
from ui.widgets.basics import button, label
from ui.widgets.inputs import LineInput
from ui.widgets.loading_bar import LoadingBar
from ui.widgets.screen_head import ScreenHead
from ui.widgets.scroll_column import ScrollColumn

INPUT_WIDTH, TEXT_HEIGHT = 250, 110
SEARCH_WIDTH, CARD_WIDTH = 300, 960
# Rows that are there when the screen opens: more than any screen shows at once.
FIRST_ROWS = 8


class SettingRow(QFrame):
    """Title and help at the left, the value at the right, below what is wrong with it."""

    def __init__(self, setting: AnySetting, presenter: SettingsPresenter, look: Look, i18n: I18n) -> None:
        super().__init__()
        self.setting, self._presenter, self._look, self._i18n = setting, presenter, look, i18n
        self._title, self._help, self._limits = label("strong", wrap=True), label("muted", wrap=True), label("faint")
        self._problem = label("bad", wrap=True)
        self.input = SettingInput(setting, i18n)
        self.input.typed.connect(lambda text: presenter.check(setting.name, text))
        self.input.finished.connect(self._finished)
        self.reset = button("quiet", self._reset)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the values stay below one another
        self.reset.setSizePolicy(policy)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for part in (self._title, self._help, self._limits):
            texts.addWidget(part)
        texts.addStretch()
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 8, 0, 8)
        self._layout.setHorizontalSpacing(16)
        self._layout.setColumnStretch(0, 1)
        self._layout.addLayout(texts, 0, 0)
        self._layout.addWidget(self.input, 0, 1, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(self.reset, 0, 2, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(self._problem, 1, 0, 1, 3)
        self.resize_to_look()

    def resize_to_look(self) -> None:
        """Sizes for the text size in force."""
        px = self._look.scale.px
        self.input.setFixedWidth(px(INPUT_WIDTH))
        if len(str(self.setting.default)) > 60:
            self.input.widget.setFixedHeight(px(TEXT_HEIGHT))
        self.reset.setFixedWidth(px(34))
        self.reset.setIcon(self._look.icon("undo"))

    def retranslate(self) -> None:
        """All texts in the current language."""
        language, setting = self._i18n.language, self.setting
        self._title.setText(setting.title(language))
        later = setting.applies is Applies.WITH_ENGINE
        help_text = setting.help(language)
        self._help.setText(f"{help_text}\n{self._i18n(Key.SETTINGS_WITH_ENGINE)}" if later else help_text)
        number = isinstance(setting.default, int | float) and not isinstance(setting.default, bool)
        default = setting.write(setting.default)
        if number and setting.minimum is not None and setting.maximum is not None:
            low, high = f"{setting.minimum:g}", f"{setting.maximum:g}"
            self._limits.setText(self._i18n(Key.SETTINGS_LIMITS, low=low, high=high, default=default))
        self._limits.setVisible(number)
        self.reset.setToolTip(self._i18n(Key.SETTINGS_RESET, title=setting.title(language)))
        self.reset.setAccessibleName(self.reset.toolTip())
        self.input.retranslate()

    def render_row(self) -> None:
        """Show the value as it is now."""
        row = self._presenter.row(self.setting.name)
        problem = self._presenter.problems.get(self.setting.name, "")
        self.input.show_value(row.text)
        self.input.mark(bool(problem))
        self.reset.setVisible(not row.default or bool(problem))
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _finished(self, text: str) -> None:
        self._presenter.write(self.setting.name, text)
        if not self._presenter.problems.get(self.setting.name):
            self.input.forget_typed()

    def _reset(self) -> None:
        self.input.forget_typed()
        self._presenter.reset(self.setting.name)


class KeysRow(SettingRow):
    """The keys have a list of their own."""

    def __init__(
        self, setting: AnySetting, presenter: SettingsPresenter, look: Look, i18n: I18n, actions: Actions
    ) -> None:
        super().__init__(setting, presenter, look, i18n)
        self.open: QPushButton = button("", lambda: actions.trigger("shortcuts"))
        self.input.hide()
        self._layout.addWidget(self.open, 0, 1, Qt.AlignmentFlag.AlignTop)

    def retranslate(self) -> None:
        """The button's text too."""
        super().retranslate()
        self.open.setText(self._i18n(Key.KEYS_CHANGE))

    def render_row(self) -> None:
        """Keys are reset in their list, one by one or all."""
        super().render_row()
        self.reset.setVisible(False)


class SettingsView(QWidget):
    """Shows a `SettingsPresenter`. `load_asked` wants the models loaded anew."""

    closed = Signal()
    load_asked = Signal()

    def __init__(self, presenter: SettingsPresenter, look: Look, i18n: I18n, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("canvas")
        self._presenter, self._look, self._i18n = presenter, look, i18n
        self._texts = Texts(i18n)
        self.search = LineInput()
        self._texts.bind(self.search.setPlaceholderText, Key.SETTINGS_SEARCH)
        self._texts.bind(self.search.setAccessibleName, Key.SETTINGS_SEARCH)
        self.search.textChanged.connect(self._search)
        head = ScreenHead(look, i18n, title=Key.SETTINGS_TITLE, hint=Key.SETTINGS_HINT, back=self.closed.emit)
        head.add(self.search)
        self.nothing = label("muted", wrap=True)
        self._texts.bind(self.nothing.setText, Key.SETTINGS_NOTHING)
        self._actions = actions
        self._rows: dict[str, SettingRow] = {}
        self._cards: list[tuple[str, QFrame, Callable[[str], object]]] = []
        self._waiting = deque((section, [row.setting for row in rows]) for section, rows in presenter.sections())
        area = ScrollColumn(margins=(24, 20, 24, 24), spacing=16)
        self._column = area.column
        self._column.addWidget(self.nothing)
        self._column.addStretch()
        self._later = QTimer(self, interval=0)
        self._later.timeout.connect(self._make_next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._bar = LoadingBar(i18n, self.load_asked.emit)
        self.load = self._bar.load
        for part in (head, self._bar, area):
            layout.addWidget(part, 1 if part is area else 0)
        presenter.changes.subscribe(self.render_settings)
        i18n.changes.subscribe(self._retranslate)
        look.changed.connect(self._resize)
        while self._waiting and len(self._rows) < FIRST_ROWS:
            self._make_card(*self._waiting.popleft())
        self._resize()
        self.render_settings()
        self._later.start()

    @property
    def rows(self) -> dict[str, SettingRow]:
        """Every setting's row by its name; those that were not reached yet are made now."""
        while self._waiting:
            self._make_next()
        return self._rows

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def show_only(self, name: str) -> None:
        """Show one setting, and put the keyboard onto its value."""
        self.search.setText(self.rows[name].setting.title(self._i18n.language))
        self.rows[name].input.setFocus()

    def render_settings(self) -> None:
        """Show what was found, with the present values."""
        shown = self._presenter.shown()
        for name, row in self._rows.items():
            row.render_row()
            row.setVisible(name in shown)
        for section, card, _ in self._cards:
            card.setVisible(any(name.startswith(section + ".") for name in shown))
        self.nothing.setVisible(not shown)
        self._bar.setVisible(self._presenter.needs_loading)

    def _search(self, typed: str) -> None:
        """Among all settings, on the screen yet or not."""
        self.rows  # noqa: B018  # made by being asked for
        self._presenter.search(typed)

    def _make_next(self) -> None:
        """One card a turn of the event loop: all of them at once would keep whoever opens the screen waiting."""
        if not self._waiting:
            self._later.stop()
            return
        self._make_card(*self._waiting.popleft())
        self.render_settings()

    def _make_card(self, section: str, settings: list[AnySetting]) -> None:
        card, title = QFrame(), label("heading")
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 14, 14, 10)
        column.setSpacing(2)
        column.addWidget(title)
        for setting in settings:
            args = (setting, self._presenter, self._look, self._i18n)
            row = KeysRow(*args, self._actions) if setting.name == KEYS else SettingRow(*args)
            row.retranslate()
            self._rows[setting.name] = row
            column.addWidget(row)
        card.setMaximumWidth(self._look.scale.px(CARD_WIDTH))
        self._cards.append((section, card, title.setText))
        self._set_titles()
        self._column.insertWidget(self._column.count() - 1, card)  # above the stretch

    def _set_titles(self) -> None:
        for section, _, set_title in self._cards:
            english, chinese = SECTIONS[section]
            set_title(chinese if self._i18n.language == "zh" else english)

    def _retranslate(self) -> None:
        self._set_titles()
        for row in self._rows.values():
            row.retranslate()
        self.render_settings()

    def _resize(self) -> None:
        self.search.setFixedWidth(self._look.scale.px(SEARCH_WIDTH))
        for _, card, _ in self._cards:
            card.setMaximumWidth(self._look.scale.px(CARD_WIDTH))
        for row in self._rows.values():
            row.resize_to_look()
