"""The choices of whom to give tickets to and until when to snooze them, searched as you type."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem
from PySide6.QtWidgets import QWidget

from agent_assist.domain.snoozing import SnoozePreset
from ui.i18n import I18n
from ui.text_keys import Key
from ui.triage.presenter import TriagePresenter
from ui.widgets.picker import ID_ROLE, WORDS_ROLE, Choice, Picker, PickerTexts
from ui.words import moment

PRESET_KEYS = {
    SnoozePreset.HALF_HOUR: Key.SNOOZE_HALF_HOUR,
    SnoozePreset.TWO_HOURS: Key.SNOOZE_TWO_HOURS,
    SnoozePreset.EVENING: Key.SNOOZE_EVENING,
    SnoozePreset.TOMORROW: Key.SNOOZE_TOMORROW,
    SnoozePreset.MONDAY: Key.SNOOZE_MONDAY,
    SnoozePreset.WEEK: Key.SNOOZE_WEEK,
}
NOBODY = "\0nobody"
_TYPED = "\0typed"


class PersonPicker(Picker):
    """Emits `chosen` with a name, or "" for nobody."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, presenter: TriagePresenter, i18n: I18n, *, tickets: int) -> None:
        me = presenter.me
        choices = [
            Choice(name, i18n(Key.TRIAGE_ME, name=name) if name == me else name, name) for name in presenter.people
        ]
        choices.append(Choice(NOBODY, i18n(Key.TRIAGE_NOBODY)))
        super().__init__(parent, choices, _texts(i18n, i18n(Key.TRIAGE_ASSIGN_TITLE, n=tickets)), several=False)
        self.picked.connect(lambda ids: self.chosen.emit("" if ids[0] == NOBODY else ids[0]))


class SnoozePicker(Picker):
    """Emits `chosen` with a time. What is typed is a time too where it can be read as one: "2h", "fri 9:00", 明天."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, presenter: TriagePresenter, i18n: I18n, *, tickets: int) -> None:
        self._triage, self._i18n = presenter, i18n
        self._untils: dict[str, datetime] = {one.preset.value: one.until for one in presenter.choices}
        now = datetime.now(UTC)
        choices = [
            Choice(one.preset, f"{i18n(PRESET_KEYS[one.preset])}  ·  {moment(i18n, one.until, now)}", one.preset)
            for one in presenter.choices
        ]
        super().__init__(parent, choices, _texts(i18n, i18n(Key.TRIAGE_SNOOZE_TITLE, n=tickets)), several=False)
        self.search.setPlaceholderText(i18n(Key.TRIAGE_SNOOZE_SEARCH))
        self.picked.connect(lambda ids: self.chosen.emit(self._untils[ids[0]]))

    def _filter(self, text: str) -> None:
        self._offer_typed(text)
        super()._filter(text)

    def _offer_typed(self, text: str) -> None:
        """The time that was typed is the first line, found by exactly these words."""
        first = self._model.item(0)
        if first is not None and first.data(ID_ROLE) == _TYPED:
            self._model.removeRow(0)
        until = self._triage.parse_until(text) if text.strip() else None
        if until is None:
            return
        self._untils[_TYPED] = until
        line = QStandardItem(moment(self._i18n, until, datetime.now(UTC)))
        line.setData(_TYPED, ID_ROLE)
        line.setData(text, WORDS_ROLE)
        line.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self._model.insertRow(0, line)


def _texts(i18n: I18n, title: str) -> PickerTexts:
    return PickerTexts(
        title=title,
        search=i18n(Key.PICKER_SEARCH),
        hint="",
        apply=i18n(Key.PICKER_APPLY),
        cancel=i18n(Key.PICKER_CANCEL),
    )
