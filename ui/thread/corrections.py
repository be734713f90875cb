"""The pickers and the menu with which labels of messages are corrected."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from agent_assist.domain.taxonomy import load_taxonomy
from agent_assist.domain.tickets import Role
from agent_assist.domain.understanding import OUT_OF_SCOPE, SENTIMENTS, URGENCIES, Entity
from ui.i18n import I18n
from ui.text_keys import Key
from ui.thread.bubble_view import BubbleView
from ui.thread.presenter import ThreadPresenter
from ui.widgets.picker import Choice, Picker, PickerTexts


class Corrections:
    """Corrects what `presenter` shows in `bubbles`; pickers float over the window of `host`, near a bubble."""

    def __init__(
        self, host: QWidget, presenter: ThreadPresenter, bubbles: Mapping[int, BubbleView], i18n: I18n
    ) -> None:
        self._host, self._presenter, self._bubbles, self._i18n = host, presenter, bubbles, i18n
        self.picker: Picker | None = None

    def dismiss(self) -> None:
        """Close the picker that is open, if any, with nothing chosen."""
        if self.picker is not None:
            self.picker.dismiss()

    def intents(self, index: int) -> None:
        """Pick the intents of a message."""
        taxonomy = load_taxonomy()
        labels = [*taxonomy.intents.values(), taxonomy.out_of_scope]
        now = self._presenter.intents_of(index)
        labels.sort(key=lambda label: label.id not in now)
        choices = [
            Choice(label.id, self._i18n.intent(label.id), f"{label.en} {label.zh} {label.id}") for label in labels
        ]
        picker = self._open(index, choices, self._i18n(Key.PICKER_TITLE), several=True)
        picker.picked.connect(lambda intents: self._presenter.correct_intents(index, _known(intents)))

    def sentiment(self, index: int) -> None:
        """Pick the sentiment of a message: a digit does it."""
        read = self._presenter.understanding(index)
        choices = [Choice(name, self._i18n.sentiment(name), name) for name in SENTIMENTS]
        picker = self._open(index, choices, self._i18n(Key.PICKER_SENTIMENT_TITLE), numbered=True)
        picker.point_at(read.sentiment.label if read else "")
        picker.picked.connect(lambda chosen: self._presenter.correct_sentiment(index, chosen[0]))

    def urgency(self, index: int) -> None:
        """Pick the urgency of a message: a digit does it."""
        read = self._presenter.understanding(index)
        choices = [Choice(name, self._i18n.urgency(name), name) for name in URGENCIES]
        picker = self._open(index, choices, self._i18n(Key.PICKER_URGENCY_TITLE), numbered=True)
        picker.point_at(read.urgency.label if read else "")
        picker.picked.connect(lambda chosen: self._presenter.correct_urgency(index, chosen[0]))

    def entity(self, index: int, start: int, end: int) -> None:
        """Pick what characters `start` to `end` of a message are."""
        text = self._bubbles[index].bubble.message.text[start:end]
        choices = [
            Choice(label.id, self._i18n.entity(label.id), f"{label.en} {label.zh}")
            for label in load_taxonomy().entities.values()
        ]
        picker = self._open(index, choices, self._i18n(Key.PICKER_ENTITY_TITLE, text=text[:40]))
        picker.picked.connect(lambda chosen: self._presenter.mark_entity(index, start, end, chosen[0]))

    def menu(self, index: int, entity: Entity | None, at: QPoint, *, translate: Callable[[int], None]) -> None:
        """The context menu of a message; `popup` does not block."""
        bubble = self._bubbles[index]
        menu = QMenu(self._host)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        selected = bubble.text.selection()
        copy = menu.addAction(self._i18n(Key.THREAD_COPY), bubble.text.copy)
        copy.setEnabled(selected is not None)
        if bubble.bubble.message.role is Role.CUSTOMER:
            if entity is not None:
                name = f"{self._i18n.entity(entity.type)}: {entity.text}"
                remove = menu.addAction(self._i18n(Key.THREAD_ENTITY_REMOVE, name=name))
                remove.triggered.connect(lambda _checked=False: self._presenter.remove_entity(index, entity))
            if selected is not None:
                self._add_types(menu.addMenu(self._i18n(Key.THREAD_ENTITY_MENU)), index, selected)
        menu.addAction(self._i18n(Key.ACTION_TRANSLATE_MESSAGE), lambda: translate(index))
        menu.popup(at)

    def _add_types(self, menu: QMenu, index: int, selected: tuple[int, int]) -> None:
        for entity in load_taxonomy().entities.values():
            action = menu.addAction(self._i18n.entity(entity.id))
            action.triggered.connect(
                lambda _checked=False, kind=entity.id: self._presenter.mark_entity(index, *selected, kind)
            )

    def _open(
        self, index: int, choices: Sequence[Choice], title: str, *, several: bool = False, numbered: bool = False
    ) -> Picker:
        self.dismiss()
        texts = PickerTexts(
            title=title,
            search=self._i18n(Key.PICKER_DIGIT if numbered else Key.PICKER_SEARCH if several else Key.PICKER_FIND),
            hint=self._i18n(Key.PICKER_HINT),
            apply=self._i18n(Key.PICKER_APPLY),
            cancel=self._i18n(Key.PICKER_CANCEL),
        )
        window = self._host.window()
        picker = Picker(window, choices, texts, several=several, numbered=numbered)
        picker.destroyed.connect(self._gone)
        self.picker = picker
        anchor: QWidget = self._bubbles.get(index) or self._host
        picker.open_at(anchor.mapTo(window, QPoint(24, anchor.height() - 24)))
        return picker

    def _gone(self) -> None:
        self.picker = None


def _known(intents: list[str]) -> list[str]:
    """Out of scope stands alone."""
    return [] if OUT_OF_SCOPE in intents else intents
